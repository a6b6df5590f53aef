//! A request to any operation of the description, from its examples, and each of its fields to change.

use crate::signing::{RawCall, SigningClient};
use serde_json::Value;
use std::fmt::Write as _;
use wechatpay_catalogue::description::{Algorithm, Body, Kind, Operation, Place, Schema};
use wechatpay_core::endpoint::DigestAlgorithm;

/// The longest text that can be encrypted, in bytes.
const LONGEST_SECRET: usize = 214;

/// A request before it is encrypted and signed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it calls.
    pub operation: &'static Operation,
    /// Placeholders with their values.
    pub path: Vec<(String, String)>,
    /// Pairs of the query.
    pub query: Vec<(String, String)>,
    /// Headers that the operation asks for.
    pub headers: Vec<(String, String)>,
    /// The body, or the part `meta`, in plaintext; `null` without a body.
    pub json: Value,
    /// The file and the text parts of an upload.
    pub parts: Vec<(String, Vec<u8>)>,
    /// Places of sensitive values that are sent as plaintext all the same.
    pub unencrypted: Vec<Target>,
}

/// Where a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A placeholder.
    Path(String),
    /// A parameter of the query.
    Query(String),
    /// A header.
    Header(String),
    /// A JSON pointer into the body.
    Body(String),
    /// A part of an upload beside `meta`.
    Part(String),
}

/// A field of a request.
#[derive(Clone, Debug)]
pub struct DraftField {
    /// Where it is.
    pub target: Target,
    /// Whether it must be there.
    pub required: bool,
    /// What it may be.
    pub schema: &'static Schema,
}

impl Target {
    /// `location` and `field` of an error that names it.
    pub fn named(&self) -> (&'static str, String) {
        match self {
            Self::Path(name) => ("uri_template", format!("/{name}")),
            Self::Query(name) => ("query", format!("/{name}")),
            Self::Header(name) => ("header", format!("/{name}")),
            Self::Body(pointer) => ("body", pointer.clone()),
            Self::Part(name) => ("body", format!("/{name}")),
        }
    }
}

/// Whether the simulator keeps state for this operation. Then a valid request may be refused: the order of the example
/// does not exist, or its time is over.
pub fn has_state(operation: &Operation) -> bool {
    const PATHS: &[&str] = &[
        "/v3/pay/",
        "/v3/combine-transactions/",
        "/v3/refund/",
        "/v3/fund-app/mch-transfer/transfer-bills",
        "/v3/profitsharing/",
        "/v3/bill/",
        "/v3/billdownload/",
    ];
    PATHS.iter().any(|path| operation.path.starts_with(path))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The value of one parameter: of an array, one item.
fn parameter(schema: &Schema) -> String {
    match &schema.items {
        Some(items) => parameter(items),
        None => text(&schema.example_value()),
    }
}

impl Draft {
    /// A request with all that is described.
    pub fn new(operation: &'static Operation) -> Self {
        let place = |place| {
            let parameters = operation.parameters_in(place);
            parameters
                .map(|parameter_| (parameter_.name.clone(), parameter(&parameter_.schema)))
                .collect::<Vec<_>>()
        };
        let mut draft = Self {
            operation,
            path: place(Place::Path),
            query: place(Place::Query),
            headers: place(Place::Header),
            json: operation.payload().map(Schema::example_value).unwrap_or_default(),
            parts: Vec::new(),
            unencrypted: Vec::new(),
        };
        draft.headers.retain(|(name, _)| name != "Accept-Encoding");
        if let Some(Body::Upload(upload)) = &operation.body {
            let file = b"an example".to_vec();
            let algorithm = match upload.algorithm {
                Algorithm::Sha256 => DigestAlgorithm::Sha256,
                Algorithm::Sm3 => DigestAlgorithm::Sm3,
            };
            if let (Some(digest), Value::Object(meta)) = (&upload.digest, &mut draft.json) {
                meta.insert(digest.clone(), algorithm.hex(&file).into());
            }
            draft.parts.push((upload.file.clone(), file));
            for part in &upload.form {
                draft
                    .parts
                    .push((part.name.clone(), parameter(&part.schema).into_bytes()));
            }
        }
        draft
    }

    /// Every field, those in the one item of a list too.
    pub fn fields(&self) -> Vec<DraftField> {
        let mut fields = Vec::new();
        for parameter in &self.operation.parameters {
            let name = parameter.name.clone();
            let target = match parameter.place {
                Place::Path => Target::Path(name),
                Place::Query => Target::Query(name),
                Place::Header if name == "Accept-Encoding" => continue,
                Place::Header => Target::Header(name),
            };
            fields.push(DraftField {
                target,
                required: parameter.required,
                schema: &parameter.schema,
            });
        }
        if let Some(payload) = self.operation.payload() {
            members(payload, "", &mut fields);
        }
        if let Some(Body::Upload(upload)) = &self.operation.body {
            for part in &upload.form {
                fields.push(DraftField {
                    target: Target::Part(part.name.clone()),
                    required: part.required,
                    schema: &part.schema,
                });
            }
        }
        fields
    }

    /// Sets a field. A parameter takes the text of the value.
    pub fn set(&mut self, target: &Target, value: Value) {
        let replace = |pairs: &mut Vec<(String, String)>, name: &str| {
            for pair in pairs.iter_mut().filter(|pair| pair.0 == name) {
                pair.1 = text(&value);
            }
        };
        match target {
            Target::Path(name) => replace(&mut self.path, name),
            Target::Query(name) => replace(&mut self.query, name),
            Target::Header(name) => replace(&mut self.headers, name),
            Target::Body(pointer) => {
                if let Some(place) = self.json.pointer_mut(pointer) {
                    *place = value;
                }
            }
            Target::Part(name) => {
                for part in self.parts.iter_mut().filter(|part| part.0 == *name) {
                    part.1 = text(&value).into_bytes();
                }
            }
        }
    }

    /// Leaves a field out. A placeholder always has a value.
    pub fn remove(&mut self, target: &Target) {
        match target {
            Target::Path(_) => {}
            Target::Query(name) => self.query.retain(|pair| pair.0 != *name),
            Target::Header(name) => self.headers.retain(|pair| pair.0 != *name),
            Target::Part(name) => self.parts.retain(|part| part.0 != *name),
            Target::Body(pointer) => {
                let Some((parent, name)) = pointer.rsplit_once('/') else {
                    return;
                };
                if let Some(Value::Object(members)) = self.json.pointer_mut(parent) {
                    members.remove(name);
                }
            }
        }
    }

    /// The request with its secrets encrypted, but for those that are too long for it.
    pub fn call(&self, client: &SigningClient) -> RawCall {
        let mut call = RawCall {
            method: self.operation.method.to_string(),
            target: self.operation.path.clone(),
            ..RawCall::default()
        };
        for (name, value) in &self.path {
            call.target = call.target.replace(&format!("{{{name}}}"), &escaped(value));
        }
        let mut json = self.json.clone();
        let mut query = self.query.clone();
        for field in self.fields().iter().filter(|field| field.schema.sensitive) {
            if self.unencrypted.contains(&field.target) {
                continue;
            }
            match &field.target {
                Target::Query(name) => {
                    for pair in query
                        .iter_mut()
                        .filter(|pair| pair.0 == *name && (1..=LONGEST_SECRET).contains(&pair.1.len()))
                    {
                        pair.1 = client.encrypt(&pair.1);
                    }
                }
                Target::Body(pointer) => {
                    if let Some(Value::String(text)) = json.pointer_mut(pointer)
                        && (1..=LONGEST_SECRET).contains(&text.len())
                    {
                        *text = client.encrypt(text);
                    }
                }
                _ => {}
            }
        }
        for (index, (name, value)) in query.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            let _ = write!(call.target, "{separator}{}={}", escaped(name), escaped(value));
        }
        for (name, value) in &self.headers {
            // No HTTP client sends a control character in a header.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(call.headers, "{name}: {value}\r\n");
        }
        match &self.operation.body {
            None => {}
            Some(Body::Json(_)) => {
                call.content_type = "application/json".to_owned();
                call.body = json.to_string().into_bytes();
            }
            Some(Body::Upload(_)) => {
                let meta = json.to_string().into_bytes();
                call.content_type = "multipart/form-data; boundary=a-boundary".to_owned();
                let mut body = multipart("meta", "", "application/json", &meta);
                for (index, (name, bytes)) in self.parts.iter().enumerate() {
                    let file_name = if index == 0 { "; filename=\"a.jpg\"" } else { "" };
                    body.extend(multipart(name, file_name, "text/plain", bytes));
                }
                body.extend_from_slice(b"--a-boundary--\r\n");
                call.body = body;
                call.signed_body = Some(meta);
            }
        }
        call
    }
}

fn members(schema: &'static Schema, pointer: &str, fields: &mut Vec<DraftField>) {
    let mut add = |pointer: String, required, schema: &'static Schema| {
        fields.push(DraftField {
            target: Target::Body(pointer.clone()),
            required,
            schema,
        });
        members(schema, &pointer, fields);
    };
    for property in &schema.properties {
        add(
            format!("{pointer}/{}", property.name),
            property.required,
            &property.schema,
        );
    }
    if let Some(items) = &schema.items {
        let wanted = schema.min_items.unwrap_or(1).max(1);
        for index in 0..wanted {
            add(format!("{pointer}/{index}"), false, items);
        }
    }
}

fn multipart(name: &str, file_name: &str, content_type: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--a-boundary\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\nContent-Type: {content_type}\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// Percent-encoded, all but the unreserved characters (RFC 3986).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Whether a value with this schema can be of a wrong type where it stands.
pub fn wrong_type(field: &DraftField) -> Option<Value> {
    let in_body = matches!(field.target, Target::Body(_));
    match field.schema.kind {
        Kind::Any => None,
        Kind::String => in_body.then(|| 12_345.into()),
        Kind::Integer | Kind::Number | Kind::Boolean => Some("not a value".into()),
        Kind::Array | Kind::Object => in_body.then(|| "not a value".into()),
    }
}
