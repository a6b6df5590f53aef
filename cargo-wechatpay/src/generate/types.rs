//! The types of one module: which there are, what they are called, and which of them are the same.

use super::name::{self, Names};
use std::collections::HashMap;
use wechatpay_catalogue::description::{
    Algorithm, Body, Content, EnumValue, Kind, Method, Operation, Parameter, Place, Property, Schema,
};

/// A type in generated code.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    String,
    Integer,
    Unsigned,
    Float,
    Boolean,
    /// Any JSON.
    Value,
    /// `Sensitive<String>`
    Secret,
    Upload,
    /// A type of this module, by its place in [`Module::definitions`].
    Named(usize),
    List(Box<Type>),
}

/// What a module declares besides its operations: a struct or an enum.
#[derive(Debug)]
pub(crate) struct Definition<'a> {
    pub(crate) name: String,
    pub(crate) title: Option<&'a str>,
    pub(crate) shape: Shape<'a>,
    pub(crate) sent: bool,
    pub(crate) received: bool,
    /// For the type of a whole response: the operation that has it first.
    pub(crate) response_of: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Shape<'a> {
    Struct(Vec<Field<'a>>),
    Enum(Vec<Variant<'a>>),
}

/// A field of a struct or of an operation.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// The identifier, not yet raw.
    pub(crate) name: String,
    pub(crate) wire: &'a str,
    pub(crate) place: FieldPlace,
    pub(crate) kind: Type,
    pub(crate) required: bool,
    pub(crate) schema: Option<&'a Schema>,
}

/// Where a field of an operation goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FieldPlace {
    Payload,
    Path,
    /// The query of a method that has a body.
    Query,
    Header,
    Form,
    File,
    WholeBody,
}

#[derive(Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) name: String,
    pub(crate) text: &'a str,
    pub(crate) title: Option<&'a str>,
}

/// A declared operation.
#[derive(Debug)]
pub(crate) struct Declared<'a> {
    pub(crate) name: String,
    pub(crate) operation: &'a Operation,
    pub(crate) fields: Vec<Field<'a>>,
    /// The names of the fields that are encrypted by `encrypt(..)`.
    pub(crate) encrypted: Vec<String>,
    pub(crate) response: ResponseType,
    pub(crate) paging: Option<Paging>,
    /// The types that this operation is the first to use, in the order of use.
    pub(crate) definitions: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ResponseType {
    /// `()`
    Empty,
    Download,
    /// Any JSON, the default.
    Value,
    Typed(Type),
}

/// How a list is read page by page.
#[derive(Debug)]
pub(crate) struct Paging {
    /// The field of the response that holds the items, and whether it is always there.
    pub(crate) items: String,
    pub(crate) always: bool,
    pub(crate) item: Type,
    /// The field of the response that holds the number of all items, and whether it is always there.
    pub(crate) total: Option<(String, bool)>,
    pub(crate) by_page: bool,
}

/// All that one module declares.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    pub(crate) operations: Vec<Declared<'a>>,
    pub(crate) definitions: Vec<Definition<'a>>,
    names: Names,
    shapes: HashMap<String, usize>,
}

/// Which way a type goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Sent,
    Received,
}

/// Headers that the client sets itself.
const OWN_HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
    "wechatpay-serial",
];

impl<'a> Module<'a> {
    /// The module of these operations, in this order.
    pub(crate) fn new(operations: &[&'a Operation]) -> Self {
        let mut module = Self::empty();
        let names: Vec<_> = type_names(operations)
            .into_iter()
            .map(|name| module.names.take([name]))
            .collect();
        // Responses first, so that an item of a list that equals the response of another operation has its name.
        let responses: Vec<_> = operations
            .iter()
            .zip(&names)
            .map(|(operation, name)| module.reserve_response(operation, format!("{name}Response")))
            .collect();
        for ((operation, name), response) in operations.iter().zip(names).zip(responses) {
            let declared = module.declare(operation, name, response);
            module.operations.push(declared);
        }
        module
    }

    fn empty() -> Self {
        Self {
            operations: Vec::new(),
            definitions: Vec::new(),
            names: Names::of_types(),
            shapes: HashMap::new(),
        }
    }

    /// The declaration of one operation under a name of the caller's.
    pub(crate) fn of_one(operation: &'a Operation, name: String, taken: &[&str]) -> Self {
        let mut module = Self::empty();
        for name in taken {
            module.names.take([(*name).to_owned()]);
        }
        let name = module.names.take([name]);
        let response = module.reserve_response(operation, format!("{name}Response"));
        let declared = module.declare(operation, name, response);
        module.operations.push(declared);
        module
    }

    /// Gives the response of an operation its name, unless one of the same shape has one. Its fields follow later.
    fn reserve_response(&mut self, operation: &'a Operation, name: String) -> Option<(&'a Schema, usize, bool)> {
        let mut schema = operation.response_schema()?;
        while let (Kind::Array, Some(items)) = (schema.kind, &schema.items) {
            schema = items;
        }
        if schema.kind != Kind::Object || schema.properties.is_empty() {
            return None;
        }
        let key = key(schema, Side::Received);
        if let Some(&index) = self.shapes.get(&key) {
            return Some((schema, index, false));
        }
        let name = self.names.take([name]);
        let index = self.define(name, schema.title.as_deref(), Shape::Struct(Vec::new()), key);
        Some((schema, index, true))
    }

    fn define(&mut self, name: String, title: Option<&'a str>, shape: Shape<'a>, key: String) -> usize {
        let index = self.definitions.len();
        self.definitions.push(Definition {
            name,
            title,
            shape,
            sent: false,
            received: false,
            response_of: None,
        });
        self.shapes.insert(key, index);
        index
    }

    fn declare(
        &mut self,
        operation: &'a Operation,
        name: String,
        response: Option<(&'a Schema, usize, bool)>,
    ) -> Declared<'a> {
        let mut used = Vec::new();
        let mut fields = Vec::new();
        let mut names = Names::of_fields();
        let owners = [name.clone()];
        let mut encrypted = Vec::new();
        let placeholders: Vec<&str> = operation
            .parameters_in(Place::Path)
            .map(|parameter| parameter.name.as_str())
            .collect();
        let with_body = operation.method != Method::Get;

        for Parameter {
            place,
            name: wire,
            required,
            schema,
            ..
        } in &operation.parameters
        {
            if *place == Place::Header && OWN_HEADERS.contains(&wire.to_ascii_lowercase().as_str()) {
                continue;
            }
            let place = match place {
                Place::Path => FieldPlace::Path,
                Place::Query if with_body => FieldPlace::Query,
                Place::Query => FieldPlace::Payload,
                Place::Header => FieldPlace::Header,
            };
            let secret = is_secret(schema) && matches!(place, FieldPlace::Query | FieldPlace::Payload);
            let outside = matches!(place, FieldPlace::Path | FieldPlace::Header);
            let kind = (secret || outside).then(|| plain(schema)).flatten();
            let secret = secret && kind.is_some();
            let kind = kind.unwrap_or_else(|| self.type_of(schema, wire, &owners, Side::Sent, &mut used));
            let base = name::snake(wire);
            let name = match place {
                FieldPlace::Path => names.take([base]),
                _ if placeholders.contains(&wire.as_str()) => names.take([name::joined(&base, "in_query")]),
                _ => names.take([base.clone(), name::joined(&base, "in_query")]),
            };
            if secret {
                encrypted.push(name.clone());
            }
            fields.push(Field {
                name,
                wire,
                place,
                kind,
                required: *required,
                schema: Some(schema),
            });
        }

        let mut payload = |module: &mut Self, property: &'a Property, place: FieldPlace| {
            let Property {
                name: wire,
                required,
                schema,
                ..
            } = property;
            let secret = is_secret(schema) && place == FieldPlace::Payload;
            let kind = secret.then(|| plain(schema)).flatten();
            let secret = kind.is_some();
            let kind = kind.unwrap_or_else(|| module.type_of(schema, wire, &owners, Side::Sent, &mut used));
            let base = name::snake(wire);
            let name = match placeholders.contains(&wire.as_str()) {
                true => names.take([name::joined(&base, "in_body")]),
                false => names.take([base.clone(), name::joined(&base, "in_body")]),
            };
            if secret {
                encrypted.push(name.clone());
            }
            fields.push(Field {
                name,
                wire,
                place,
                kind,
                required: *required,
                schema: Some(schema),
            });
        };
        match &operation.body {
            Some(Body::Json(schema)) if schema.kind == Kind::Object && !schema.properties.is_empty() => {
                for property in &schema.properties {
                    payload(self, property, FieldPlace::Payload);
                }
            }
            Some(Body::Json(schema)) => {
                let kind = self.type_of(schema, "body", &owners, Side::Sent, &mut used);
                let name = names.take(["body".to_owned()]);
                let place = FieldPlace::WholeBody;
                fields.push(Field {
                    name,
                    wire: "body",
                    place,
                    kind,
                    required: true,
                    schema: Some(schema),
                });
            }
            Some(Body::Upload(upload)) => {
                let own = [&upload.filename, &upload.digest];
                for property in &upload.meta.properties {
                    if !own.contains(&&Some(property.name.clone())) {
                        payload(self, property, FieldPlace::Payload);
                    }
                }
                for property in &upload.form {
                    payload(self, property, FieldPlace::Form);
                }
                let name = names.take([name::snake(&upload.file)]);
                let place = FieldPlace::File;
                fields.push(Field {
                    name,
                    wire: &upload.file,
                    place,
                    kind: Type::Upload,
                    required: true,
                    schema: None,
                });
            }
            None => {}
        }

        let response = self.response_type(operation, response, &name, &mut used);
        let paging = self.paging(operation, &fields, &response);
        Declared {
            name,
            operation,
            fields,
            encrypted,
            response,
            paging,
            definitions: used,
        }
    }

    fn response_type(
        &mut self,
        operation: &'a Operation,
        reserved: Option<(&'a Schema, usize, bool)>,
        name: &str,
        used: &mut Vec<usize>,
    ) -> ResponseType {
        let Some(response) = operation.response() else {
            return ResponseType::Value;
        };
        let schema = match &response.content {
            Content::Empty => return ResponseType::Empty,
            Content::Download(_) => return ResponseType::Download,
            Content::Json(schema) => schema,
        };
        let Some((object, index, first)) = reserved else {
            let kind = self.type_of(schema, "response", &[name.to_owned()], Side::Received, used);
            return if kind == Type::Value {
                ResponseType::Value
            } else {
                ResponseType::Typed(kind)
            };
        };
        if first {
            used.push(index);
            let owner = self
                .definitions
                .get(index)
                .map(|definition| definition.name.clone())
                .unwrap_or_default();
            let fields = self.fields_of(object, &[owner], Side::Received, used);
            if let Some(definition) = self.definitions.get_mut(index) {
                definition.shape = Shape::Struct(fields);
                definition.response_of = Some(name.to_owned());
            }
        }
        self.mark(&Type::Named(index), Side::Received);
        let mut kind = Type::Named(index);
        let mut outer: &Schema = schema;
        while let (Kind::Array, Some(items)) = (outer.kind, &outer.items) {
            kind = Type::List(Box::new(kind));
            outer = items;
        }
        ResponseType::Typed(kind)
    }

    fn type_of(
        &mut self,
        schema: &'a Schema,
        wire: &str,
        owners: &[String],
        side: Side,
        used: &mut Vec<usize>,
    ) -> Type {
        self.titled_type_of(schema, schema.title.as_deref(), wire, owners, side, used)
    }

    /// The type of a schema, which is described by `title` if it needs a definition.
    fn titled_type_of(
        &mut self,
        schema: &'a Schema,
        title: Option<&'a str>,
        wire: &str,
        owners: &[String],
        side: Side,
        used: &mut Vec<usize>,
    ) -> Type {
        match schema.kind {
            Kind::String if schema.sensitive => Type::Secret,
            Kind::String if schema.values.is_empty() || schema.json.is_some() => Type::String,
            Kind::String => {
                let key = key(schema, side);
                let index = match self.shapes.get(&key) {
                    Some(&index) => index,
                    None => {
                        let name = self.names.take(candidates(wire, owners));
                        let index = self.define(name, title, Shape::Enum(variants(&schema.values)), key);
                        used.push(index);
                        index
                    }
                };
                Type::Named(index)
            }
            Kind::Integer | Kind::Number if !schema.is_whole() => Type::Float,
            Kind::Integer | Kind::Number if matches!(schema.format.as_deref(), Some("uint64" | "uint32")) => {
                Type::Unsigned
            }
            Kind::Integer | Kind::Number => Type::Integer,
            Kind::Boolean => Type::Boolean,
            Kind::Any => Type::Value,
            Kind::Array => {
                let item = match &schema.items {
                    Some(items) => {
                        // The items of a list often have no title of their own: 分账接收方列表.
                        let of_list = title.map(|title| title.strip_suffix("列表").unwrap_or(title));
                        let title = items.title.as_deref().or(of_list);
                        self.titled_type_of(items, title, &name::singular(wire), owners, side, used)
                    }
                    None => Type::Value,
                };
                Type::List(Box::new(item))
            }
            Kind::Object if schema.properties.is_empty() => Type::Value,
            Kind::Object => {
                let key = key(schema, side);
                let index = match self.shapes.get(&key) {
                    Some(&index) => index,
                    None => {
                        let name = self.names.take(candidates(wire, owners));
                        let index = self.define(name, title, Shape::Struct(Vec::new()), key);
                        used.push(index);
                        let owners: Vec<_> = [name::pascal(wire)].into_iter().chain(owners.iter().cloned()).collect();
                        let fields = self.fields_of(schema, &owners, side, used);
                        if let Some(definition) = self.definitions.get_mut(index) {
                            definition.shape = Shape::Struct(fields);
                        }
                        index
                    }
                };
                self.mark(&Type::Named(index), side);
                Type::Named(index)
            }
        }
    }

    fn fields_of(
        &mut self,
        schema: &'a Schema,
        owners: &[String],
        side: Side,
        used: &mut Vec<usize>,
    ) -> Vec<Field<'a>> {
        let mut names = Names::of_fields();
        let field = |property: &'a Property| Field {
            name: names.take([name::snake(&property.name)]),
            wire: &property.name,
            place: FieldPlace::Payload,
            kind: self.type_of(&property.schema, &property.name, owners, side, used),
            required: is_required(property, side),
            schema: Some(&property.schema),
        };
        schema.properties.iter().map(field).collect()
    }

    /// Notes that a type and all that it holds is sent or received.
    fn mark(&mut self, kind: &Type, side: Side) {
        let index = match kind {
            Type::List(item) => return self.mark(&item.as_ref().clone(), side),
            Type::Named(index) => *index,
            _ => return,
        };
        let Some(definition) = self.definitions.get_mut(index) else {
            return;
        };
        let known = match side {
            Side::Sent => &mut definition.sent,
            Side::Received => &mut definition.received,
        };
        if std::mem::replace(known, true) {
            return;
        }
        let inner: Vec<Type> = match &definition.shape {
            Shape::Struct(fields) => fields.iter().map(|field| field.kind.clone()).collect(),
            Shape::Enum(_) => Vec::new(),
        };
        for kind in inner {
            self.mark(&kind, side);
        }
    }

    fn paging(&self, operation: &Operation, fields: &[Field<'_>], response: &ResponseType) -> Option<Paging> {
        let whole = |wire| {
            let mut found = fields
                .iter()
                .filter(|field| field.wire == wire && field.place == FieldPlace::Payload);
            found
                .next()
                .filter(|field| matches!(field.kind, Type::Integer | Type::Unsigned))
        };
        let (offset, _) = (whole("offset")?, whole("limit")?);
        if operation.method != Method::Get {
            return None;
        }
        let ResponseType::Typed(Type::Named(index)) = response else {
            return None;
        };
        let Shape::Struct(fields) = &self.definitions.get(*index)?.shape else {
            return None;
        };
        let mut lists = fields.iter().filter_map(|field| match &field.kind {
            Type::List(item) => Some((field, item.as_ref().clone())),
            _ => None,
        });
        let (Some((items, item)), None) = (lists.next(), lists.next()) else {
            return None;
        };
        let total = fields
            .iter()
            .find(|field| field.wire == "total_count" && field.kind == Type::Integer);
        let title = offset.schema.and_then(|schema| schema.title.as_deref());
        Some(Paging {
            items: items.name.clone(),
            always: items.required,
            item,
            total: total.map(|field| (field.name.clone(), field.required)),
            by_page: title.is_some_and(|title| title.contains("页码")),
        })
    }

    /// The Rust text of a type, without `Option`.
    pub(crate) fn type_text(&self, kind: &Type) -> String {
        match kind {
            Type::String => "String".into(),
            Type::Integer => "i64".into(),
            Type::Unsigned => "u64".into(),
            Type::Float => "f64".into(),
            Type::Boolean => "bool".into(),
            Type::Value => "serde_json::Value".into(),
            Type::Secret => "Sensitive<String>".into(),
            Type::Upload => "Upload".into(),
            Type::Named(index) => self
                .definitions
                .get(*index)
                .map(|definition| name::in_code(&definition.name))
                .unwrap_or_default(),
            Type::List(item) => format!("Vec<{}>", self.type_text(item)),
        }
    }
}

/// The name of each operation's struct: the method, and the last placeholder when the path ends in one. Operations that
/// would share a name get all placeholders.
pub(super) fn type_names(operations: &[&Operation]) -> Vec<String> {
    let by_last = |operation: &Operation| match operation.path.rsplit('/').next().and_then(placeholder) {
        Some(last) => format!("{}By{}", name::pascal(operation.method.as_str()), name::pascal(last)),
        None => name::pascal(operation.method.as_str()),
    };
    let by_all = |operation: &Operation| {
        let all: Vec<_> = operation
            .path
            .split('/')
            .filter_map(placeholder)
            .map(name::pascal)
            .collect();
        let method = name::pascal(operation.method.as_str());
        if all.is_empty() {
            method
        } else {
            format!("{method}By{}", all.join("And"))
        }
    };
    let short: Vec<String> = operations.iter().map(|operation| by_last(operation)).collect();
    operations
        .iter()
        .zip(&short)
        .map(
            |(operation, name)| match short.iter().filter(|other| *other == name).count() {
                1 => name.clone(),
                _ => by_all(operation),
            },
        )
        .collect()
}

/// The name in `{name}`.
pub(crate) fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The names that a nested type may have, the best first: the field's, then with its owners in front.
fn candidates(wire: &str, owners: &[String]) -> Vec<String> {
    let mut name = name::pascal(wire);
    let mut candidates = vec![name.clone()];
    for owner in owners {
        name = format!("{owner}{}", name.trim_start_matches('_'));
        candidates.push(name.clone());
    }
    candidates
}

fn variants(values: &[EnumValue]) -> Vec<Variant<'_>> {
    let mut names = Names::of_variants();
    let mut variants: Vec<Variant<'_>> = Vec::new();
    for value in values {
        let Some(text) = value.value.as_str() else { continue };
        if variants.iter().any(|known| known.text == text) {
            continue;
        }
        let name = name::pascal(text);
        let name = names.take([name.clone(), format!("{name}_")]);
        variants.push(Variant {
            name,
            text,
            title: value.title.as_deref(),
        });
    }
    variants
}

/// Responses are lenient: a required field that is missing would turn a paid order into an unknown one. So only what a
/// caller cannot go on without stays required.
fn is_required(property: &Property, side: Side) -> bool {
    let words = name::words(&property.name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let indispensable = matches!(last, "id" | "no" | "state" | "status" | "url" | "ticket" | "token")
        || matches!(property.name.as_str(), "hash_type" | "hash_value");
    property.required && (side == Side::Sent || indispensable)
}

fn is_secret(schema: &Schema) -> bool {
    schema.sensitive || schema.items.as_deref().is_some_and(is_secret)
}

/// The type of a scalar, or of a list of them, that `encrypt(..)` or a place outside of the payload takes. `None` for
/// everything that has its own type.
fn plain(schema: &Schema) -> Option<Type> {
    match schema.kind {
        Kind::String if schema.sensitive || schema.values.is_empty() => Some(Type::String),
        Kind::Array => Some(Type::List(Box::new(plain(schema.items.as_deref()?)?))),
        _ => None,
    }
}

/// What makes two shapes equal: names, types and what is required, on the wire. Titles do not count.
fn key(schema: &Schema, side: Side) -> String {
    match schema.kind {
        Kind::Object if !schema.properties.is_empty() => {
            let members = schema.properties.iter().map(|property| {
                let mark = if is_required(property, side) { "!" } else { "?" };
                format!("{:?}{mark}{}", property.name, key(&property.schema, side))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Kind::Array => format!(
            "[{}]",
            schema
                .items
                .as_deref()
                .map(|items| key(items, side))
                .unwrap_or_default()
        ),
        Kind::String if schema.sensitive => "secret".to_owned(),
        Kind::String if !schema.values.is_empty() && schema.json.is_none() => {
            let values: Vec<_> = schema.values.iter().map(|value| value.value.to_string()).collect();
            format!("({})", values.join("|"))
        }
        Kind::Integer | Kind::Number => {
            format!(
                "number {} {}",
                schema.is_whole(),
                matches!(schema.format.as_deref(), Some("uint64" | "uint32"))
            )
        }
        other => other.as_str().to_owned(),
    }
}

/// The name of an upload's digest algorithm in the field attribute.
pub(crate) fn algorithm_text(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "SHA256",
        Algorithm::Sm3 => "SM3",
    }
}
