//! Brings a newer description into an older one.

use std::{collections::BTreeMap, io, path::Path};

use wechatpay_catalogue::description::json::Json;

use crate::{
    changelog::{self, Changelog, Named},
    read::Documents,
    write,
};

/// What an import does. Nothing is written until [`Import::write`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    /// The older description with the facts of the newer one.
    pub documents: Documents,
    /// What changes.
    pub changelog: Changelog,
    /// Operations that the newer description does not have. They are kept: a description that leaves one out does not
    /// prove that the service withdrew it.
    pub kept: Vec<Named>,
    /// Fields that are encrypted in the older description and not in the newer one, as `POST /v3/.. body name`. They
    /// stay encrypted, because a secret in plaintext is worse than a request that is refused. Change them by hand.
    pub secrets: Vec<String>,
}

impl Import {
    /// Compares `newer` with `ours`, and merges them.
    ///
    /// The newer facts win. These of our own stay where the newer description has none: the official names of
    /// operations, fields and values, examples, links, and by which field a retry is recognised. So do encrypted
    /// fields, and the operations and types of notifications that the newer description does not have.
    #[must_use]
    pub fn of(ours: &Documents, newer: &Documents) -> Self {
        let mut documents = ours.clone();
        let mut paths: BTreeMap<String, Json> = std::mem::take(&mut documents.paths).into_iter().collect();
        let mut secrets = Vec::new();
        for (path, item) in &newer.paths {
            let merged = match paths.remove(path) {
                None => item.clone(),
                Some(old) => merged_path(path, &old, item, &mut secrets),
            };
            paths.insert(path.clone(), merged);
        }
        documents.paths = paths.into_iter().collect();
        documents.root = merged_root(&ours.root, &newer.root, &documents.paths);
        documents.notes.clone_from(&newer.notes);
        let kept = Changelog::between(ours, newer).removed;
        let changelog = Changelog::between(ours, &documents);
        Self {
            documents,
            changelog,
            kept,
            secrets,
        }
    }

    /// Writes what changed into the folder of the older description. An interruption leaves each file either old or new,
    /// never in between.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let files = self.documents.files().map(|(name, document)| (name, document.pretty()));
        write::files(folder, files)
    }
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn merged_path(path: &str, old: &Json, new: &Json, secrets: &mut Vec<String>) -> Json {
    let mut members = Vec::new();
    for method in METHODS {
        let merged = match (old.get(method), new.get(method)) {
            (Some(old), Some(new)) => {
                merged_operation(&format!("{} {path}", method.to_ascii_uppercase()), old, new, secrets)
            }
            (Some(only), None) | (None, Some(only)) => only.clone(),
            (None, None) => continue,
        };
        members.push((method.to_owned(), merged));
    }
    Json::Object(members)
}

fn merged_operation(name: &str, old: &Json, new: &Json, secrets: &mut Vec<String>) -> Json {
    let mut merged = new.clone();
    for word in ["summary", "tags", "x-roles", "x-updated", "x-idempotent"] {
        keep(&mut merged, old, word);
    }
    if new.get("externalDocs").is_none() {
        keep(&mut merged, old, "externalDocs");
        keep(&mut merged, old, "x-documentation");
    }
    let mut each = |place: &str, old: &Json, new: &mut Json| keep_schema(&format!("{name} {place}"), old, new, secrets);
    if let Some(Json::Array(parameters)) = member(&mut merged, "parameters") {
        for parameter in parameters {
            let same =
                |known: &&Json| known.get("name") == parameter.get("name") && known.get("in") == parameter.get("in");
            let before = old
                .get("parameters")
                .map(Json::items)
                .unwrap_or_default()
                .iter()
                .find(same);
            let place = parameter
                .get("name")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned();
            if let (Some(before), Some(schema)) =
                (before.and_then(|old| old.get("schema")), member(parameter, "schema"))
            {
                each(&place, before, schema);
            }
        }
    }
    let mut each_content = |place: &str, old: Option<&Json>, new: Option<&mut Json>| {
        if let (Some(old), Some(Json::Object(contents))) = (old, new) {
            for (media_type, media) in contents {
                let before = old.get(media_type).and_then(|media| media.get("schema"));
                if let (Some(before), Some(schema)) = (before, member(media, "schema")) {
                    each(place, before, schema);
                }
            }
        }
    };
    let content = |body: &Json| body.get("content").cloned();
    let before = old.get("requestBody").and_then(content);
    let body = member(&mut merged, "requestBody").and_then(|body| member(body, "content"));
    each_content("body", before.as_ref(), body);
    if let Some(Json::Object(responses)) = member(&mut merged, "responses") {
        for (status, response) in responses {
            let before = old
                .get("responses")
                .and_then(|responses| responses.get(status))
                .and_then(content);
            each_content(
                &format!("response {status}"),
                before.as_ref(),
                member(response, "content"),
            );
        }
    }
    // Where nothing changed, the file does not change either: not even the order in it.
    if changelog::changes(old, &merged).is_empty() {
        old.clone()
    } else {
        ordered(merged)
    }
}

/// Keeps in `new` what a person may have added to `old`, in a schema and below it.
fn keep_schema(place: &str, old: &Json, new: &mut Json, secrets: &mut Vec<String>) {
    let secret = |schema: &Json| schema.get("x-sensitive").and_then(Json::as_bool) == Some(true);
    if secret(old) && !secret(new) && new.get("type").and_then(Json::as_str) == Some("string") {
        secrets.push(place.to_owned());
        keep(new, old, "x-sensitive");
    }
    keep(new, old, "title");
    // The example of an encrypted field is ciphertext.
    if new.get("type") == old.get("type") && !secret(new) {
        keep(new, old, "examples");
    }
    if new.get("enum").is_some() {
        let titles = |schema: &Json| {
            schema
                .get("x-enum-titles")
                .map(Json::members)
                .unwrap_or_default()
                .to_vec()
        };
        let (ours, theirs) = (titles(old), titles(new));
        let merged: Vec<_> = new
            .get("enum")
            .map(Json::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|value| {
                let key = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let title = theirs.iter().chain(&ours).find(|(known, _)| *known == key)?.1.clone();
                Some((key, title))
            })
            .collect();
        if !merged.is_empty() {
            set(new, "x-enum-titles", Json::Object(merged));
        }
    }
    if let Some(Json::Object(fields)) = member(new, "properties") {
        for (name, field) in fields {
            if let Some(before) = old.get("properties").and_then(|fields| fields.get(name)) {
                keep_schema(&format!("{place}.{name}"), before, field, secrets);
            }
        }
    }
    for (word, mark) in [("items", "[]"), ("contentSchema", "")] {
        if let (Some(before), Some(inner)) = (old.get(word), member(new, word)) {
            keep_schema(&format!("{place}{mark}"), before, inner, secrets);
        }
    }
    let inner = std::mem::replace(new, Json::Null);
    *new = ordered(inner);
}

/// The words of operations and schemas in the order in which they are written.
const ORDER: [&str; 31] = [
    "operationId",
    "summary",
    "tags",
    "x-roles",
    "x-updated",
    "x-idempotent",
    "type",
    "title",
    "format",
    "contentMediaType",
    "contentSchema",
    "x-sensitive",
    "deprecated",
    "externalDocs",
    "x-documentation",
    "enum",
    "x-enum-titles",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "examples",
    "required",
    "properties",
    "items",
    "parameters",
    "requestBody",
    "responses",
];

fn ordered(json: Json) -> Json {
    match json {
        Json::Object(mut members) => {
            members.sort_by_key(|(word, _)| ORDER.iter().position(|known| known == word).unwrap_or(ORDER.len()));
            Json::Object(members)
        }
        other => other,
    }
}

fn merged_root(ours: &Json, newer: &Json, paths: &[(String, Json)]) -> Json {
    let mut events = ours.get("webhooks").map(Json::members).unwrap_or_default().to_vec();
    for (event, item) in newer.get("webhooks").map(Json::members).unwrap_or_default() {
        match events.iter_mut().find(|(known, _)| known == event) {
            None => events.push((event.clone(), item.clone())),
            Some((_, known)) => {
                if let (Some(Json::Object(post)), Some(new)) = (member(known, "post"), item.get("post")) {
                    for (word, value) in post.iter_mut() {
                        if let Some(new) = new.get(word) {
                            *value = new.clone();
                        }
                    }
                    let known = post.clone();
                    let more = new
                        .members()
                        .iter()
                        .filter(|(word, _)| !known.iter().any(|(known, _)| known == word));
                    post.extend(more.cloned());
                    post.sort_by_key(|(word, _)| ORDER.iter().position(|known| known == word).unwrap_or(ORDER.len()));
                }
            }
        }
    }
    let mut root = ours.clone();
    set(&mut root, "webhooks", Json::Object(events));
    let references = paths.iter().map(|(path, _)| path.as_str());
    set(&mut root, "paths", crate::read::references(references));
    // The version of the description is the date of the last change that it knows.
    let dates = paths
        .iter()
        .flat_map(|(_, item)| item.members())
        .filter_map(|(_, operation)| operation.get("x-updated")?.as_str());
    if let (Some(newest), Some(info)) = (dates.max(), member(&mut root, "info")) {
        set(info, "version", newest.into());
    }
    root
}

/// Copies a word of `old` that `new` does not have.
fn keep(new: &mut Json, old: &Json, word: &str) {
    if let (None, Some(value)) = (new.get(word), old.get(word)) {
        set(new, word, value.clone());
    }
}

fn set(json: &mut Json, word: &str, value: Json) {
    if let Some(known) = member(json, word) {
        *known = value;
    } else if let Json::Object(members) = json {
        members.push((word.to_owned(), value));
    }
}

fn member<'a>(json: &'a mut Json, word: &str) -> Option<&'a mut Json> {
    match json {
        Json::Object(members) => members
            .iter_mut()
            .find(|(known, _)| known == word)
            .map(|(_, value)| value),
        _ => None,
    }
}
