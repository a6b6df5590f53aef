//! One operation of any description.

use wechatpay_catalogue::description::Method;

use crate::read::{
    fault::Fault,
    label::{label, links, one_line},
    schema::{Kind, Reader, Schema, Side},
    spot::Spot,
};

/// Settings of a document for all its operations.
#[derive(Clone, Default)]
pub(crate) struct Defaults {
    /// The media types of responses, by Swagger 2.0.
    pub(crate) produces: Vec<String>,
    /// The hosts of the document.
    pub(crate) hosts: Vec<String>,
}

/// What an operation of a description turned out to be.
pub(crate) enum Found {
    Operation(Box<Operation>),
    /// A notification that the service sends: the list of its types.
    Notifications(Vec<Event>),
    /// Not an operation of API v3.
    Foreign,
}

/// A type of notification.
pub(crate) struct Event {
    pub(crate) event_type: String,
    pub(crate) title: Option<String>,
    pub(crate) documentation: Vec<String>,
}

/// An operation, ready to be written.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) title: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) updated: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) documentation: Vec<String>,
    pub(crate) idempotent: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<Response>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

pub(crate) enum Body {
    Json(Schema),
    Upload(Upload),
}

pub(crate) struct Upload {
    pub(crate) meta: Schema,
    pub(crate) file: String,
    pub(crate) form: Vec<(String, Schema)>,
    pub(crate) required: Vec<String>,
    pub(crate) filename: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) algorithm: &'static str,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Empty,
    Json(Box<Schema>),
    Download(String),
}

const JSON: &str = "application/json";

/// The media type of a file without a described type.
const BYTES: &str = "application/octet-stream";

/// The hosts of API v3.
const HOSTS: [&str; 4] = [
    "api.mch.weixin.qq.com",
    "api2.mch.weixin.qq.com",
    "apihk.mch.weixin.qq.com",
    "apius.mch.weixin.qq.com",
];

/// Headers that the client sends. OpenAPI says that their descriptions are ignored.
const OWN_HEADERS: [&str; 6] = [
    "accept",
    "authorization",
    "content-type",
    "user-agent",
    "content-length",
    "host",
];

/// A parameter before it is sorted into query, body or parts.
struct Raw {
    name: String,
    place: String,
    required: bool,
    spot: Spot,
}

/// Reads the operation of `method` in a path item.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    defaults: &Defaults,
    path: &str,
    method: Method,
    item: &Spot,
    spot: &Spot,
) -> Result<Found, Fault> {
    reader.start_operation();
    if let Some(reason) = foreign(defaults, item, spot)? {
        reader.note(spot.place(), format!("{method} {path} is left out: {reason}"));
        return Ok(Found::Foreign);
    }
    let raw = raw_parameters(reader, item, spot)?;
    if raw
        .iter()
        .any(|raw| raw.place == "header" && raw.name.eq_ignore_ascii_case("Wechatpay-Signature"))
    {
        return Ok(Found::Notifications(notifications(reader, &raw, spot)?));
    }
    let mut operation = Operation {
        method,
        path: path.to_owned(),
        title: title(spot)?,
        tags: first_words(spot, &["tags", "tag"])?,
        roles: first_words(spot, &["x-roles", "x-role"])?,
        updated: updated(reader, spot)?,
        deprecated: spot.flag("deprecated")?,
        documentation: documentation(spot)?,
        idempotent: spot.text_of("x-idempotent")?,
        parameters: Vec::new(),
        body: None,
        responses: Vec::new(),
    };
    parameters(reader, &mut operation, &raw, spot)?;
    operation.body = match spot.get("requestBody") {
        Some(body) => request_body(reader, &body)?,
        None => swagger_body(reader, &raw, spot)?,
    };
    operation.responses = responses(reader, defaults, method, spot)?;
    compare_key_header(reader, &operation, spot);
    Ok(Found::Operation(Box::new(operation)))
}

/// Why an operation is not of API v3.
fn foreign(defaults: &Defaults, item: &Spot, spot: &Spot) -> Result<Option<String>, Fault> {
    for word in ["consumes", "produces"] {
        let types = spot.words(word)?;
        if types.iter().any(|media_type| media_type.contains("xml")) {
            return Ok(Some("it speaks XML, as API v2 does".to_owned()));
        }
    }
    for spot in [spot, item] {
        for host in hosts(spot)? {
            if !HOSTS.contains(&host.as_str()) && !defaults.hosts.contains(&host) {
                return Ok(Some(format!("its host is `{host}`")));
            }
        }
    }
    Ok(None)
}

/// The hosts that a document, path item or operation names.
pub(crate) fn hosts(spot: &Spot) -> Result<Vec<String>, Fault> {
    let mut hosts = Vec::new();
    for word in ["host", "x-base-uri", "x-host"] {
        hosts.extend(spot.text_of(word)?.as_deref().map(host_of));
    }
    if let Some(servers) = spot.get("servers") {
        for server in servers.items("`servers`")? {
            let url = servers.beside(&server.node).text_of("url")?.unwrap_or_default();
            hosts.push(host_of(&url));
        }
    }
    hosts.retain(|host| !host.is_empty());
    Ok(hosts)
}

/// The host in a URL. Empty for a URL without a host.
fn host_of(url: &str) -> String {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest,
        None if url.starts_with('/') => "",
        None => url,
    };
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    host.trim().to_ascii_lowercase()
}

pub(crate) fn title(spot: &Spot) -> Result<Option<String>, Fault> {
    let summary = spot.text_of("summary")?.map(|text| one_line(&text));
    Ok(match summary.filter(|summary| !summary.is_empty()) {
        Some(summary) => Some(summary),
        None => spot.text_of("description")?.as_deref().and_then(label),
    })
}

/// The words under the first key that has some. Later keys are misspellings or older names.
fn first_words(spot: &Spot, keys: &[&str]) -> Result<Vec<String>, Fault> {
    for key in keys {
        let mut words = spot.words(key)?;
        words.retain(|word| !word.is_empty());
        if !words.is_empty() {
            return Ok(words);
        }
    }
    Ok(Vec::new())
}

/// The date of the last change as `2025-02-19`.
fn updated(reader: &mut Reader<'_>, spot: &Spot) -> Result<Option<String>, Fault> {
    let words = first_words(spot, &["x-updated", "x-last-updated-at", "x-version"])?;
    let Some(text) = words.last() else {
        return Ok(None);
    };
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day]
            if year.len() == 4 && month.len() <= 2 && day.len() <= 2 && parts.iter().all(|part| digits(part)) =>
        {
            Ok(Some(format!("{year}-{month:0>2}-{day:0>2}")))
        }
        _ => {
            reader.note(
                spot.place(),
                format!("`{text}` is no date of the form 2025-02-19 and is left out"),
            );
            Ok(None)
        }
    }
}

/// The links to the official pages.
pub(crate) fn documentation(spot: &Spot) -> Result<Vec<String>, Fault> {
    let mut all = Vec::new();
    if let Some(docs) = spot.get("externalDocs") {
        all.extend(docs.text_of("url")?);
    }
    all.extend(spot.words("x-documentation")?);
    all.extend(links(&spot.text_of("description")?.unwrap_or_default()));
    let mut seen = std::collections::HashSet::new();
    all.retain(|link| seen.insert(link.clone()));
    Ok(all)
}

/// The parameters of the path item and of the operation. The operation's own ones win.
fn raw_parameters(reader: &mut Reader<'_>, item: &Spot, spot: &Spot) -> Result<Vec<Raw>, Fault> {
    let mut raws: Vec<Raw> = Vec::new();
    for (owner, own) in [(item, false), (spot, true)] {
        let Some(list) = owner.get("parameters") else {
            continue;
        };
        let mut fresh: Vec<Raw> = Vec::new();
        for element in list.items("`parameters`")? {
            let spot = list.beside(&element.node).follow(reader.folder)?;
            let missing = |word: &str| spot.fault(format!("the parameter has no `{word}`"));
            let raw = Raw {
                name: spot.text_of("name")?.ok_or_else(|| missing("name"))?,
                place: spot.text_of("in")?.ok_or_else(|| missing("in"))?,
                required: spot.flag("required")?,
                spot: spot.clone(),
            };
            let same = |known: &Raw| known.name == raw.name && known.place == raw.place;
            if fresh.iter().any(same) {
                reader.note(
                    spot.place(),
                    format!(
                        "the parameter `{}` in `{}` occurs twice; the first one is taken",
                        raw.name, raw.place
                    ),
                );
                continue;
            }
            if own {
                raws.retain(|known| !same(known));
            }
            fresh.push(raw);
        }
        raws.append(&mut fresh);
    }
    Ok(raws)
}

/// Path, query and header parameters.
fn parameters(reader: &mut Reader<'_>, operation: &mut Operation, raws: &[Raw], spot: &Spot) -> Result<(), Fault> {
    let placeholders: Vec<&str> = operation
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .collect();
    for raw in raws {
        let place = match raw.place.as_str() {
            "path" => "path",
            "query" => "query",
            "header" => "header",
            "body" | "formData" => continue,
            "cookie" => {
                reader.note(raw.spot.place(), "the API has no cookies; the parameter is left out");
                continue;
            }
            other => {
                return Err(raw.spot.fault(format!(
                    "`in` must be path, query, header, body or formData, but is `{other}`"
                )));
            }
        };
        if place == "path" && !placeholders.contains(&raw.name.as_str()) {
            reader.note(
                raw.spot.place(),
                format!("the path has no `{{{}}}`; the parameter is left out", raw.name),
            );
            continue;
        }
        let lower = raw.name.to_ascii_lowercase();
        if place == "header" && OWN_HEADERS.contains(&lower.as_str()) {
            continue;
        }
        operation.parameters.push(Parameter {
            name: raw.name.clone(),
            place,
            // The header is sent whenever it is needed. That it is listed is the fact.
            required: raw.required || place == "path" || lower == "wechatpay-serial",
            schema: parameter_schema(reader, &raw.spot)?,
        });
    }
    for name in placeholders {
        let known = |parameter: &Parameter| parameter.place == "path" && parameter.name == name;
        if !operation.parameters.iter().any(known) {
            reader.note(
                spot.place(),
                format!("`{{{name}}}` of the path is no parameter; it is taken as text"),
            );
            let mut schema = Schema::any(spot.place());
            schema.kind = Some(Kind::String);
            let parameter = Parameter {
                name: name.to_owned(),
                place: "path",
                required: true,
                schema,
            };
            operation.parameters.push(parameter);
        }
    }
    // In the order of the path.
    let order = |parameter: &Parameter| match parameter.place {
        "path" => 0,
        "query" => 1,
        _ => 2,
    };
    operation.parameters.sort_by_key(order);
    Ok(())
}

/// The schema of a parameter: the parameter itself in Swagger 2.0, its `schema` or `content` in OpenAPI 3.
fn parameter_schema(reader: &mut Reader<'_>, spot: &Spot) -> Result<Schema, Fault> {
    let mut schema = if spot.get("type").is_some() {
        reader.schema(spot, Side::Request)?
    } else if let Some(inner) = spot.get("schema") {
        reader.schema(&inner, Side::Request)?
    } else if let Some(content) = spot.get("content") {
        let mut schema = Schema::any(spot.place());
        let media = media(&content)?.and_then(|(_, media)| media.get("schema"));
        let json = match media {
            Some(inner) => reader.schema(&inner, Side::Request)?,
            None => Schema::any(spot.place()),
        };
        schema.json = Some(Box::new(json));
        schema
    } else {
        reader.schema(spot, Side::Request)?
    };
    if schema.title.is_none() {
        schema.title = spot.text_of("description")?.as_deref().and_then(label);
    }
    if schema.kind.is_none() {
        schema.kind = Some(Kind::String);
    }
    if schema.example.is_none() {
        schema.take_example(spot);
    }
    Ok(schema)
}

/// The JSON member of `content`, or its first one.
fn media(content: &Spot) -> Result<Option<(String, Spot)>, Fault> {
    let entries = content.entries("`content`")?;
    let json = entries.iter().find(|entry| is_json(&entry.key));
    Ok(json
        .or(entries.first())
        .map(|entry| (entry.key.to_string(), content.beside(&entry.node))))
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == JSON || essence == "*/*" || essence.ends_with("+json")
}

/// The body of OpenAPI 3.
fn request_body(reader: &mut Reader<'_>, body: &Spot) -> Result<Option<Body>, Fault> {
    let body = body.follow(reader.folder)?;
    let Some(content) = body.get("content") else {
        return Ok(None);
    };
    let upload = content
        .entries("`content`")?
        .iter()
        .find(|entry| entry.key.starts_with("multipart/"));
    if let Some(entry) = upload {
        return open_api_upload(reader, &content.beside(&entry.node)).map(Some);
    }
    let Some((media_type, media)) = media(&content)? else {
        return Ok(None);
    };
    if !is_json(&media_type) {
        reader.note(
            media.place(),
            format!("the request body is `{media_type}`; it is sent as JSON"),
        );
    }
    let schema = match media.get("schema") {
        Some(schema) => reader.schema(&schema, Side::Request)?,
        None => Schema::any(media.place()),
    };
    Ok(Some(Body::Json(schema)))
}

fn open_api_upload(reader: &mut Reader<'_>, media: &Spot) -> Result<Body, Fault> {
    let schema = media
        .get("schema")
        .ok_or_else(|| media.fault("an upload needs a `schema` with its parts"))?;
    let schema = reader.schema(&schema, Side::Request)?;
    let rules = media.get("x-digest");
    let named = match &rules {
        Some(rules) => rules.text_of("file")?,
        None => None,
    };
    let is_file = |name: &str, part: &Schema| match &named {
        Some(file) => file == name,
        None => part.kind == Some(Kind::File) || part.format.as_deref() == Some("binary") || part.is_any(),
    };
    let mut parts = schema.properties;
    let file = parts
        .iter()
        .position(|(name, part)| name != "meta" && is_file(name, part))
        .or_else(|| parts.iter().position(|(name, _)| name == "file"))
        .map(|index| parts.remove(index).0)
        .ok_or_else(|| media.fault("an upload needs a part for the file: a string with the format `binary`"))?;
    let meta = parts
        .iter()
        .position(|(name, part)| name == "meta" || part.json.is_some() || part.kind == Some(Kind::Object))
        .map(|index| parts.remove(index).1)
        .ok_or_else(|| media.fault("an upload needs a part `meta` with JSON"))?;
    let meta = meta.json.clone().map_or(meta, |json| *json);
    let mut upload = upload(meta, file, parts, schema.required);
    if let Some(rules) = rules {
        // `null` means that the member does not exist.
        upload.filename = rules.text_of("filename")?;
        upload.digest = rules.text_of("digest")?;
        if let Some(algorithm) = rules.text_of("algorithm")? {
            upload.algorithm = match algorithm.as_str() {
                "SHA-256" | "SHA256" => "SHA-256",
                "SM3" => "SM3",
                other => {
                    return Err(rules.fault(format!("the algorithm `{other}` is neither `SHA-256` nor `SM3`")));
                }
            };
        }
    }
    Ok(Body::Upload(upload))
}

/// The body of Swagger 2.0: one parameter in `body`, or parts in `formData`.
fn swagger_body(reader: &mut Reader<'_>, raws: &[Raw], spot: &Spot) -> Result<Option<Body>, Fault> {
    let mut bodies = raws.iter().filter(|raw| raw.place == "body");
    if let Some(body) = bodies.next() {
        if let Some(second) = bodies.next() {
            return Err(second.spot.fault("an operation has one body, but this is a second one"));
        }
        let schema = match body.spot.get("schema") {
            Some(schema) => reader.schema(&schema, Side::Request)?,
            None => Schema::any(body.spot.place()),
        };
        return Ok(Some(Body::Json(schema)));
    }
    let mut parts = Vec::new();
    let mut required = Vec::new();
    for raw in raws.iter().filter(|raw| raw.place == "formData") {
        parts.push((raw.name.clone(), parameter_schema(reader, &raw.spot)?));
        if raw.required {
            required.push(raw.name.clone());
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let file = parts.iter().position(|(_, part)| part.kind == Some(Kind::File));
    let Some(file) = file.map(|index| parts.remove(index).0) else {
        reader.note(spot.place(), "the form has no file; its fields are sent as JSON");
        let mut schema = Schema::any(spot.place());
        schema.kind = Some(Kind::Object);
        schema.properties = parts;
        schema.required = required;
        return Ok(Some(Body::Json(schema)));
    };
    let meta = parts
        .iter()
        .position(|(name, part)| name == "meta" || part.json.is_some())
        .map(|index| parts.remove(index).1);
    let Some(meta) = meta else {
        return Err(spot.fault("an upload needs a part `meta` with JSON"));
    };
    let meta = meta.json.clone().map_or(meta, |json| *json);
    Ok(Some(Body::Upload(upload(meta, file, parts, required))))
}

/// An upload with the members of `meta` that name and digest the file, as far as their names tell.
fn upload(meta: Schema, file: String, form: Vec<(String, Schema)>, required: Vec<String>) -> Upload {
    let member = |exact: &[&str], part: &[&str], title: &str| {
        let by_name = exact
            .iter()
            .find(|name| meta.property(name).is_some())
            .map(|name| (*name).to_owned());
        by_name.or_else(|| {
            let fits = |(name, schema): &&(String, Schema)| {
                let name = name.to_ascii_lowercase();
                let described = schema.title.as_deref().unwrap_or_default();
                // `digest_algorithm` (also misspelled) is the algorithm, not the digest.
                let how = name.contains("alg") || name.contains("alo") || described.contains("算法");
                !how && (part.iter().any(|part| name.contains(part)) || described.contains(title))
            };
            meta.properties.iter().find(fits).map(|(name, _)| name.clone())
        })
    };
    let digest = member(
        &["sha256", "file_digest", "digest", "sm3"],
        &["sha256", "digest", "sm3", "checksum", "hash"],
        "摘要",
    );
    let filename = member(&["filename", "file_name"], &["filename", "file_name"], "文件名");
    let sm3 = meta.properties.iter().any(|(name, schema)| {
        let says = |text: &str| text.to_ascii_uppercase().contains("SM3");
        let example = schema
            .example
            .as_ref()
            .and_then(|example| example.as_str())
            .unwrap_or_default();
        let mut values = schema.values.iter().filter_map(|listed| listed.value.as_str());
        says(name) || says(example) || says(schema.title.as_deref().unwrap_or_default()) || values.any(says)
    });
    Upload {
        algorithm: if sm3 { "SM3" } else { "SHA-256" },
        meta,
        file,
        form,
        required,
        filename,
        digest,
    }
}

/// The successful responses, by status.
fn responses(
    reader: &mut Reader<'_>,
    defaults: &Defaults,
    method: Method,
    spot: &Spot,
) -> Result<Vec<Response>, Fault> {
    let mut found = Vec::new();
    let Some(responses) = spot.get("responses") else {
        reader.note(spot.place(), "the operation has no `responses`");
        return Ok(found);
    };
    for entry in responses.entries("`responses`")? {
        let key = entry.key.trim();
        let status = match key.parse::<u16>() {
            Ok(status) if (200..300).contains(&status) => status,
            _ if key.eq_ignore_ascii_case("2xx") => 200,
            // Errors have one shape for the whole API.
            _ => continue,
        };
        let response = responses.beside(&entry.node);
        let response = if entry.node.is_null() {
            response
        } else {
            response.follow(reader.folder)?
        };
        let content = content(reader, defaults, method, spot, status, &response)?;
        found.push(Response { status, content });
    }
    found.sort_by_key(|response| response.status);
    if found.is_empty() {
        reader.note(responses.place(), "no response has a status between 200 and 299");
    }
    Ok(found)
}

fn content(
    reader: &mut Reader<'_>,
    defaults: &Defaults,
    method: Method,
    operation: &Spot,
    status: u16,
    response: &Spot,
) -> Result<Content, Fault> {
    if let Some(content) = response.get("content") {
        let Some((media_type, media)) = media(&content)? else {
            return Ok(Content::Empty);
        };
        if !is_json(&media_type) || response.flag("x-unsigned")? {
            return Ok(Content::Download(media_type));
        }
        return Ok(Content::Json(Box::new(match media.get("schema") {
            Some(schema) => reader.schema(&schema, Side::Response)?,
            None => Schema::any(media.place()),
        })));
    }
    let own = operation.words("produces")?;
    let produces = if own.is_empty() { &defaults.produces } else { &own };
    let file = produces
        .first()
        .filter(|_| !produces.iter().any(|media_type| is_json(media_type)));
    let schema = match response.get("schema") {
        Some(schema) => Some(reader.schema(&schema, Side::Response)?).filter(|schema| !schema.is_any()),
        None => None,
    };
    Ok(match (file, schema) {
        (Some(media_type), _) => Content::Download(media_type.clone()),
        (None, Some(schema)) if schema.kind == Some(Kind::File) => Content::Download(BYTES.to_owned()),
        (None, Some(schema)) => Content::Json(Box::new(schema)),
        // What is fetched and is not JSON is a file.
        (None, None) if status == 200 && method == Method::Get => {
            reader.note(
                response.place(),
                "the response of this GET has no schema, so it is taken as the download of a file",
            );
            Content::Download(BYTES.to_owned())
        }
        (None, None) => Content::Empty,
    })
}

/// The header `Wechatpay-Serial` says which key encrypted the request. It and the encrypted fields must agree.
fn compare_key_header(reader: &mut Reader<'_>, operation: &Operation, spot: &Spot) {
    let header = operation
        .parameters
        .iter()
        .any(|parameter| parameter.name.eq_ignore_ascii_case("Wechatpay-Serial"));
    let body = match &operation.body {
        Some(Body::Json(schema)) => schema.has_secrets(),
        Some(Body::Upload(upload)) => {
            upload.meta.has_secrets() || upload.form.iter().any(|(_, part)| part.has_secrets())
        }
        None => false,
    };
    let secrets = body
        || operation
            .parameters
            .iter()
            .any(|parameter| parameter.schema.has_secrets());
    let message = match (header, secrets) {
        (true, false) => {
            "the header Wechatpay-Serial is listed, but no field of the request is encrypted. \
             Check which fields are; none is encrypted as it stands"
        }
        (false, true) => {
            "fields of the request are encrypted, but the header Wechatpay-Serial is not listed. \
             Check whether they are; they are encrypted as it stands"
        }
        _ => return,
    };
    reader.note(
        spot.place(),
        format!("{} {}: {message}", operation.method, operation.path),
    );
}

/// The types of notifications: the values of `event_type` in the body that the service sends.
fn notifications(reader: &mut Reader<'_>, raws: &[Raw], spot: &Spot) -> Result<Vec<Event>, Fault> {
    let schema = match raws.iter().find(|raw| raw.place == "body") {
        Some(raw) => raw.spot.get("schema"),
        None => match spot.get("requestBody") {
            Some(body) => {
                let content = body.follow(reader.folder)?.get("content");
                content
                    .map(|content| media(&content))
                    .transpose()?
                    .flatten()
                    .and_then(|(_, media)| media.get("schema"))
            }
            None => None,
        },
    };
    let Some(schema) = schema else {
        return Ok(Vec::new());
    };
    let schema = reader.schema(&schema, Side::Response)?;
    let Some(event_type) = schema.property("event_type") else {
        reader.note(spot.place(), "the notification has no `event_type`");
        return Ok(Vec::new());
    };
    Ok(event_type
        .values
        .iter()
        .filter_map(|listed| {
            let event_type = listed.value.as_str()?.to_owned();
            Some(Event {
                event_type,
                title: listed.title.clone(),
                documentation: listed.links.clone(),
            })
        })
        .collect())
}
