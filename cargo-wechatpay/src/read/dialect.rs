//! Operations, paths and notifications as our dialect writes them.

use wechatpay_catalogue::description::json::Json;

use crate::generate::document_name;
use crate::read::operation::{Body, Content, Event, Operation, Parameter, Response, Upload};

/// A path document: the operations of one path.
pub(crate) fn path_item(operations: &[Operation]) -> Json {
    operations
        .iter()
        .map(|operation| {
            let method = operation.method.as_str().to_ascii_lowercase();
            (method, operation_json(operation))
        })
        .collect()
}

fn operation_json(operation: &Operation) -> Json {
    let mut members = Members::default();
    members.add("operationId", operation_id(operation.method.as_str(), &operation.path));
    members.some("summary", operation.title.as_deref());
    members.list("tags", &operation.tags);
    members.list("x-roles", &operation.roles);
    members.some("x-updated", operation.updated.as_deref());
    members.some("x-idempotent", operation.idempotent.as_deref());
    if operation.deprecated {
        members.add("deprecated", true);
    }
    documentation(&mut members, &operation.documentation);
    if !operation.parameters.is_empty() {
        let parameters: Json = operation.parameters.iter().map(parameter).collect();
        members.add("parameters", parameters);
    }
    if let Some(body) = &operation.body {
        members.add("requestBody", request_body(body));
    }
    let responses: Json = operation
        .responses
        .iter()
        .map(|found| (found.status.to_string(), response(found)))
        .collect();
    members.add("responses", responses);
    members.into()
}

/// The first link, and the others behind it.
fn documentation(members: &mut Members, links: &[String]) {
    if let Some((first, others)) = links.split_first() {
        let url: Json = [("url", first.as_str().into())].into_iter().collect();
        members.add("externalDocs", url);
        members.list("x-documentation", others);
    }
}

/// Method and path in snake case. A trailing slash counts as a segment `empty`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_ascii_lowercase();
    for segment in path.split('/').skip(1) {
        id.push('_');
        if segment.is_empty() {
            id.push_str("empty");
        }
        id.push_str(&snake(segment.trim_start_matches('{').trim_end_matches('}')));
    }
    id
}

fn snake(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect()
}

fn parameter(parameter: &Parameter) -> Json {
    let mut members = Members::default();
    members.add("name", parameter.name.as_str());
    members.add("in", parameter.place);
    if parameter.required {
        members.add("required", true);
    }
    // What the header holds is the library's business.
    let schema = if parameter.name.eq_ignore_ascii_case("Wechatpay-Serial") {
        [("type", "string".into())].into_iter().collect()
    } else {
        parameter.schema.to_json()
    };
    members.add("schema", schema);
    members.into()
}

fn request_body(body: &Body) -> Json {
    let media = match body {
        Body::Json(schema) => ("application/json", object("schema", schema.to_json())),
        Body::Upload(parts) => ("multipart/form-data", upload(parts)),
    };
    let mut members = Members::default();
    members.add("required", true);
    members.add("content", object(media.0, media.1));
    members.into()
}

fn upload(upload: &Upload) -> Json {
    let mut rules = Members::default();
    let member = |name: &Option<String>| name.as_deref().map_or(Json::Null, Json::from);
    rules.add("file", upload.file.as_str());
    rules.add("filename", member(&upload.filename));
    rules.add("digest", member(&upload.digest));
    rules.add("algorithm", upload.algorithm);
    let mut file = Members::default();
    file.add("type", "string");
    file.add("contentMediaType", "application/octet-stream");
    let mut parts = vec![("meta".to_owned(), upload.meta.to_json())];
    parts.extend(upload.form.iter().map(|(name, part)| (name.clone(), part.to_json())));
    parts.push((upload.file.clone(), file.into()));
    // The JSON and the file of an upload are required. The other parts may be optional.
    let optional = |name: &str| {
        upload.form.iter().any(|(part, _)| part == name) && !upload.required.iter().any(|required| required == name)
    };
    let required: Vec<String> = parts
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| !optional(name))
        .collect();
    let mut schema = Members::default();
    schema.add("type", "object");
    schema.list("required", &required);
    schema.add("properties", Json::Object(parts));
    let mut media = Members::default();
    media.add("x-digest", Json::from(rules));
    media.add("schema", Json::from(schema));
    media.add(
        "encoding",
        object("meta", object("contentType", "application/json".into())),
    );
    media.into()
}

fn response(response: &Response) -> Json {
    let mut members = Members::default();
    members.add("description", "成功");
    match &response.content {
        Content::Empty => {}
        Content::Json(schema) => {
            members.add(
                "content",
                object("application/json", object("schema", schema.to_json())),
            );
        }
        Content::Download(media_type) => {
            members.add("x-unsigned", true);
            members.add("content", object(media_type, Json::Object(Vec::new())));
        }
    }
    members.into()
}

/// The root document: the one of our own description, with the title, version, paths and notifications of another.
pub(crate) fn root(
    ours: &Json,
    title: Option<String>,
    version: Option<String>,
    paths: &[String],
    events: &[Event],
) -> Json {
    let paths = references(paths.iter().map(String::as_str));
    let events: Json = events
        .iter()
        .map(|event| (event.event_type.as_str(), webhook(event)))
        .collect();
    let mut members = Vec::new();
    for (word, value) in ours.members() {
        match word.as_str() {
            "info" => {
                let replaced = value.members().iter().map(|(word, value)| {
                    let new = match word.as_str() {
                        "title" => title.as_deref(),
                        "version" => version.as_deref(),
                        _ => None,
                    };
                    (word.clone(), new.map_or_else(|| value.clone(), Json::from))
                });
                members.push((word.clone(), replaced.collect()));
            }
            "webhooks" | "paths" => {}
            _ => members.push((word.clone(), value.clone())),
        }
    }
    // Behind what is short, and before the components, which are long.
    let index = members
        .iter()
        .position(|(word, _)| word == "components")
        .unwrap_or(members.len());
    members.splice(
        index..index,
        [("paths".to_owned(), paths), ("webhooks".to_owned(), events)],
    );
    Json::Object(members)
}

fn webhook(event: &Event) -> Json {
    let mut post = Members::default();
    post.add("operationId", format!("notify_{}", snake(&event.event_type)));
    post.some("summary", event.title.as_deref());
    documentation(&mut post, &event.documentation);
    post.add(
        "requestBody",
        object("$ref", "#/components/requestBodies/Notification".into()),
    );
    post.add("responses", object("200", object("description", "成功".into())));
    object("post", post.into())
}

/// The member `paths` of a root document.
pub(crate) fn references<'a>(paths: impl Iterator<Item = &'a str>) -> Json {
    paths
        .map(|path| (path, object("$ref", reference(path).into())))
        .collect()
}

/// The URL of a path's document: a file's name whose braces are written as URLs write them.
fn reference(path: &str) -> String {
    let mut url = String::new();
    for c in document_name(path).chars() {
        if c.is_ascii_alphanumeric() || "/-._~".contains(c) {
            url.push(c);
        } else {
            let mut bytes = [0; 4];
            url.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    url
}

fn object(name: &str, value: Json) -> Json {
    Json::Object(vec![(name.to_owned(), value)])
}

/// The members of an object, in the order in which they are added.
#[derive(Default)]
struct Members(Vec<(String, Json)>);

impl Members {
    fn add(&mut self, name: &str, value: impl Into<Json>) {
        self.0.push((name.to_owned(), value.into()));
    }

    fn some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn list(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            let values: Json = values.iter().map(|value| Json::from(value.as_str())).collect();
            self.add(name, values);
        }
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}
