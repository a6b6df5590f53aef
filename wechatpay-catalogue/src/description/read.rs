//! Reads the operations of one path document.

use super::error::DescriptionError;
use super::json::Json;
use super::operation::{Algorithm, Body, Content, Method, Operation, Parameter, Place, Response, Upload};
use super::schema::{EnumValue, Kind, Property, Schema};

/// The position of the reader: the document's name and the JSON pointer of the value.
#[derive(Clone, Copy)]
struct At<'a> {
    document: &'a str,
    parent: Option<&'a At<'a>>,
    key: &'a str,
}

type Read<T> = Result<T, DescriptionError>;

impl<'a> At<'a> {
    fn document(document: &'a str) -> Self {
        At {
            document,
            parent: None,
            key: "",
        }
    }

    fn under<'b>(&'b self, key: &'b str) -> At<'b> {
        At {
            document: self.document,
            parent: Some(self),
            key,
        }
    }

    fn pointer(&self) -> String {
        self.parent
            .map(|parent| parent.pointer() + "/" + &self.key.replace('~', "~0").replace('/', "~1"))
            .unwrap_or_default()
    }

    fn wrong<T>(&self, reason: impl Into<String>) -> Read<T> {
        Err(DescriptionError::new(self.document, &self.pointer(), reason))
    }
}

/// The operations of a path document, each with the parameters of the whole path before its parameters.
pub(super) fn split(path: &str, item: &Json) -> Read<Vec<(Method, Json)>> {
    let at = At::document(path);
    let Json::Object(members) = item else {
        return at.wrong("a path document must be an object with a member for each method");
    };
    let shared = item.get("parameters").map(Json::items).unwrap_or_default();
    let mut operations = Vec::new();
    for method in Method::ALL {
        let found = members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(method.as_str()));
        if let Some((_, operation)) = found {
            operations.push((method, with_parameters(operation, shared)));
        }
    }
    Ok(operations)
}

fn with_parameters(operation: &Json, shared: &[Json]) -> Json {
    if shared.is_empty() {
        return operation.clone();
    }
    let own = operation.get("parameters").map(Json::items).unwrap_or_default();
    let all = shared.iter().chain(own).cloned().collect();
    let others = operation
        .members()
        .iter()
        .filter(|(key, _)| key != "parameters")
        .cloned();
    others.chain([("parameters".to_owned(), all)]).collect()
}

/// One operation, as the member of its method.
pub(super) fn operation(path: &str, method: Method, json: &Json) -> Read<Operation> {
    let document = At::document(path);
    let key = method.as_str().to_ascii_lowercase();
    let at = &document.under(&key);
    if !matches!(json, Json::Object(_)) {
        return at.wrong("an operation must be an object");
    }
    let main = json
        .get("externalDocs")
        .and_then(|docs| docs.get("url"))
        .and_then(Json::as_str);
    let mut documentation: Vec<String> = main.map(str::to_owned).into_iter().collect();
    for link in texts(at, json, "x-documentation")? {
        if !documentation.contains(&link) {
            documentation.push(link);
        }
    }
    let mut parameters = Vec::new();
    let mut announces_key = false;
    for parameter in json.get("parameters").map(Json::items).unwrap_or_default() {
        match read_parameter(&at.under("parameters"), parameter)? {
            Parameter {
                place: Place::Header,
                name,
                required,
                ..
            } if name.eq_ignore_ascii_case("Wechatpay-Serial") => {
                announces_key = required;
            }
            parameter => parameters.push(parameter),
        }
    }
    let body = json
        .get("requestBody")
        .map(|body| read_body(&at.under("requestBody"), body))
        .transpose()?
        .flatten();
    let mut responses = Vec::new();
    for (status, response) in json.get("responses").map(Json::members).unwrap_or_default() {
        // Other statuses are errors, and errors have one shape for the whole API.
        if let Some(code) = status.parse().ok().filter(|code| (200..300).contains(code)) {
            let at = at.under("responses");
            responses.push(Response {
                status: code,
                content: read_content(&at.under(status), response)?,
            });
        }
    }
    let id = text(at, json, "operationId")?.unwrap_or_else(|| id_of(method, path));
    Ok(Operation {
        id,
        method,
        path: path.to_owned(),
        title: text(at, json, "summary")?,
        tags: texts(at, json, "tags")?,
        roles: texts(at, json, "x-roles")?,
        updated: text(at, json, "x-updated")?,
        deprecated: flag(at, json, "deprecated")?,
        documentation,
        idempotent: text(at, json, "x-idempotent")?,
        announces_key,
        parameters,
        body,
        responses,
    })
}

/// `post_v3_pay_transactions_jsapi`: method and path in snake case. A trailing slash counts as a segment `empty`.
pub(super) fn id_of(method: Method, path: &str) -> String {
    let mut id = method.as_str().to_ascii_lowercase();
    for segment in path.split('/').skip(1) {
        id.push('_');
        match segment {
            "" => id.push_str("empty"),
            _ => id.extend(segment.chars().filter(|c| !matches!(c, '{' | '}')).map(|c| {
                if c.is_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })),
        }
    }
    id
}

fn read_parameter(at: &At<'_>, json: &Json) -> Read<Parameter> {
    let Some(name) = text(at, json, "name")? else {
        return at.wrong("a parameter has no `name`");
    };
    let at = at.under(&name);
    let place = match json.get("in").and_then(Json::as_str) {
        Some("path") => Place::Path,
        Some("query") => Place::Query,
        Some("header") => Place::Header,
        _ => return at.wrong("`in` must be \"path\", \"query\" or \"header\""),
    };
    let schema = match json.get("schema") {
        Some(schema) => read_schema(&at.under("schema"), schema)?,
        None => Schema::default(),
    };
    let required = flag(&at, json, "required")? || place == Place::Path;
    Ok(Parameter {
        place,
        name: name.clone(),
        required,
        schema,
    })
}

fn read_body(at: &At<'_>, json: &Json) -> Read<Option<Body>> {
    let Some((media_type, content)) = json.get("content").and_then(|content| content.members().first()) else {
        return Ok(None);
    };
    let inner = at.under("content");
    let inner = inner.under(media_type);
    let schema = content.get("schema");
    if media_type.starts_with("multipart/") {
        let Some(schema) = schema else {
            return inner.wrong("an upload has no `schema`");
        };
        let upload = read_upload(&inner, schema, content.get("x-digest"))?;
        return Ok(Some(Body::Upload(Box::new(upload))));
    }
    let schema = schema
        .map(|schema| read_schema(&inner.under("schema"), schema))
        .transpose()?
        .unwrap_or_default();
    Ok(Some(Body::Json(Box::new(schema))))
}

fn read_upload(at: &At<'_>, json: &Json, rules: Option<&Json>) -> Read<Upload> {
    let parts = read_schema(&at.under("schema"), json)?;
    let at = at.under("x-digest");
    let file = match rules.and_then(|rules| rules.get("file")).and_then(Json::as_str) {
        Some(name) => name.to_owned(),
        None => "file".to_owned(),
    };
    let rule = |key: &str, default: &str| match rules {
        None => Some(default.to_owned()),
        Some(rules) => rules.get(key).and_then(Json::as_str).map(str::to_owned),
    };
    let algorithm = match rules.and_then(|rules| rules.get("algorithm")).and_then(Json::as_str) {
        None | Some("SHA-256") => Algorithm::Sha256,
        Some("SM3") => Algorithm::Sm3,
        Some(other) => return at.wrong(format!("the algorithm {other:?} is neither \"SHA-256\" nor \"SM3\"")),
    };
    let (filename, digest) = (rule("filename", "filename"), rule("digest", "sha256"));
    let mut meta = Schema {
        kind: Kind::Object,
        ..Schema::default()
    };
    let mut form = Vec::new();
    for part in parts.properties {
        match part.name.as_str() {
            "meta" => meta = part.schema,
            name if name == file => {}
            _ => form.push(part),
        }
    }
    Ok(Upload {
        meta,
        file,
        filename,
        digest,
        algorithm,
        form,
    })
}

fn read_content(at: &At<'_>, json: &Json) -> Read<Content> {
    let Some((media_type, content)) = json.get("content").and_then(|content| content.members().first()) else {
        return Ok(Content::Empty);
    };
    if media_type != "application/json" || flag(at, json, "x-unsigned")? {
        return Ok(Content::Download(media_type.clone()));
    }
    let at = at.under("content");
    let schema = match content.get("schema") {
        Some(schema) => read_schema(&at.under(media_type).under("schema"), schema)?,
        None => Schema::default(),
    };
    Ok(Content::Json(Box::new(schema)))
}

fn read_schema(at: &At<'_>, json: &Json) -> Read<Schema> {
    if !matches!(json, Json::Object(_)) {
        return at.wrong("a schema must be an object");
    }
    if json.get("$ref").is_some() || json.get("allOf").is_some() {
        return at.wrong("a schema must be written out, without `$ref` and `allOf`");
    }
    let kind = match json.get("type").map(Json::as_str) {
        None if json.get("properties").is_some() => Kind::Object,
        None => Kind::Any,
        Some(Some("string")) => Kind::String,
        Some(Some("integer")) => Kind::Integer,
        Some(Some("number")) => Kind::Number,
        Some(Some("boolean")) => Kind::Boolean,
        Some(Some("array")) => Kind::Array,
        Some(Some("object")) => Kind::Object,
        Some(_) => {
            return at
                .under("type")
                .wrong("must be one of string, integer, number, boolean, array and object");
        }
    };
    let required = texts(at, json, "required")?;
    let mut properties = Vec::new();
    for (name, schema) in json.get("properties").map(Json::members).unwrap_or_default() {
        let inner = at.under("properties");
        let schema = read_schema(&inner.under(name), schema)?;
        properties.push(Property {
            name: name.clone(),
            required: required.contains(name),
            schema,
        });
    }
    let titles = json.get("x-enum-titles");
    let values = json
        .get("enum")
        .map(Json::items)
        .unwrap_or_default()
        .iter()
        .map(|value| {
            let key = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let title = titles.and_then(|titles| titles.get(&key)).and_then(Json::as_str);
            EnumValue {
                value: value.to_value(),
                title: title.map(str::to_owned),
            }
        });
    let child = |key: &str| {
        json.get(key)
            .map(|schema| read_schema(&at.under(key), schema).map(Box::new))
            .transpose()
    };
    let holds_json = json.get("contentMediaType").and_then(Json::as_str) == Some("application/json");
    let inner = child("contentSchema")?;
    Ok(Schema {
        kind,
        title: text(at, json, "title")?,
        format: text(at, json, "format")?,
        example: json
            .get("examples")
            .and_then(|examples| examples.items().first())
            .map(Json::to_value),
        sensitive: flag(at, json, "x-sensitive")?,
        deprecated: flag(at, json, "deprecated")?,
        values: values.collect(),
        properties,
        items: child("items")?,
        json: if holds_json {
            Some(inner.unwrap_or_default())
        } else {
            None
        },
        min_length: count(at, json, "minLength")?,
        max_length: count(at, json, "maxLength")?,
        pattern: text(at, json, "pattern")?,
        minimum: number(at, json, "minimum")?,
        maximum: number(at, json, "maximum")?,
        min_items: count(at, json, "minItems")?,
        max_items: count(at, json, "maxItems")?,
    })
}

fn text(at: &At<'_>, json: &Json, key: &str) -> Read<Option<String>> {
    match json.get(key) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => at.under(key).wrong("must be a string"),
    }
}

fn texts(at: &At<'_>, json: &Json, key: &str) -> Read<Vec<String>> {
    match json.get(key) {
        None => Ok(Vec::new()),
        Some(Json::Array(items)) => items
            .iter()
            .map(|item| match item {
                Json::String(text) => Ok(text.clone()),
                _ => at.under(key).wrong("must be a list of strings"),
            })
            .collect(),
        Some(_) => at.under(key).wrong("must be a list of strings"),
    }
}

fn flag(at: &At<'_>, json: &Json, key: &str) -> Read<bool> {
    match json.get(key) {
        None => Ok(false),
        Some(Json::Bool(value)) => Ok(*value),
        Some(_) => at.under(key).wrong("must be true or false"),
    }
}

fn number(at: &At<'_>, json: &Json, key: &str) -> Read<Option<serde_json::Number>> {
    match json.get(key) {
        None => Ok(None),
        Some(Json::Number(number)) => Ok(Some(number.clone())),
        Some(_) => at.under(key).wrong("must be a number"),
    }
}

fn count(at: &At<'_>, json: &Json, key: &str) -> Read<Option<u64>> {
    match number(at, json, key)?.map(|number| number.as_u64()) {
        None => Ok(None),
        Some(Some(count)) => Ok(Some(count)),
        Some(None) => at.under(key).wrong("must be a count"),
    }
}
