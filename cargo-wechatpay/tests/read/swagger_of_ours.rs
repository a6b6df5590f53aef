//! Our own description, written as the public tree writes: Swagger 2.0 in many YAML files. Reading it gives ours again.

use std::{fmt::Write as _, path::Path};

use cargo_wechatpay::read::{self, Documents};
use tempfile::TempDir;
use wechatpay_catalogue::description::json::Json;

use super::{OURS, write};

#[test]
fn every_operation_survives_being_written_as_swagger_2_with_and_without_its_root_document() {
    let ours = read::read(Path::new(OURS)).unwrap();
    let folder = tree(&ours);
    let theirs = read::read(folder.path()).unwrap();
    same(&ours, &theirs);
    assert_eq!(ours.root, theirs.root);
    std::fs::remove_file(folder.path().join("swagger.yaml")).unwrap();
    same(&ours, &read::read(folder.path()).unwrap());
}

#[track_caller]
fn same(ours: &Documents, theirs: &Documents) {
    assert_eq!(ours.paths.len(), theirs.paths.len());
    for (ours, theirs) in ours.paths.iter().zip(&theirs.paths) {
        assert_eq!(ours.0, theirs.0);
        for (ours, theirs) in ours.1.pretty().lines().zip(theirs.1.pretty().lines()) {
            assert_eq!(ours, theirs);
        }
        assert_eq!(ours.1, theirs.1);
    }
}

/// Writes the tree.
fn tree(ours: &Documents) -> TempDir {
    let folder = TempDir::new().unwrap();
    let info = ours.root.get("info").unwrap();
    let mut root = format!("swagger: '2.0'\ninfo: {info}\nproduces: [application/json]\npaths:\n");
    for (path, item) in &ours.paths {
        let file = match path.strip_suffix('/') {
            Some(_) => format!("{}{{empty}}", &path[1..]),
            None => path[1..].to_owned(),
        };
        writeln!(root, "  {path}:\n    $ref: './{file}.yaml'").unwrap();
        let up = "../".repeat(file.matches('/').count());
        let mut text = String::new();
        let mut definitions = String::new();
        for (method, operation) in item.members() {
            let id = operation.get("operationId").unwrap().as_str().unwrap();
            let reference = format!("{up}definitions/{id}.yaml");
            writeln!(text, "{method}:").unwrap();
            text.push_str(&facts(operation));
            text.push_str(&parameters(operation, &reference, &up, &mut definitions));
            text.push_str(&responses(operation, method));
            write(
                folder.path(),
                &format!("definitions/{id}.yaml"),
                &std::mem::take(&mut definitions),
            );
        }
        for (method, operation) in item.members() {
            if let Some(schema) = response_schema(operation) {
                writeln!(text, "\n{method}Response:\n{}", indented(&yaml(schema), 2)).unwrap();
            }
        }
        write(folder.path(), &format!("{file}.yaml"), &text);
    }
    root.push_str("  /v3/webhooks:\n    $ref: v3/webhooks.yaml\n");
    write(folder.path(), "swagger.yaml", &root);
    write(folder.path(), "v3/webhooks.yaml", &webhooks(ours));
    let serial = "SERIAL:\n  in: header\n  name: Wechatpay-Serial\n  required: true\n";
    write(folder.path(), "definitions/Parameters.yaml", serial);
    folder
}

fn links(operation: &Json) -> Vec<String> {
    let main = operation.get("externalDocs").and_then(|docs| docs.get("url"));
    let others = operation.get("x-documentation").map(Json::items).unwrap_or_default();
    main.into_iter()
        .chain(others)
        .map(|link| link.as_str().unwrap().to_owned())
        .collect()
}

fn facts(operation: &Json) -> String {
    let mut out = String::new();
    let mut add = |word: &str, value: &dyn std::fmt::Display| writeln!(out, "  {word}: {value}").unwrap();
    for (word, theirs) in [
        ("tags", "tag"),
        ("x-roles", "x-role"),
        ("deprecated", "deprecated"),
        ("summary", "summary"),
        ("x-idempotent", "x-idempotent"),
    ] {
        if let Some(value) = operation.get(word) {
            add(theirs, value);
        }
    }
    if let Some(updated) = operation.get("x-updated") {
        add("x-last-updated-at", &updated.as_str().unwrap().replace('-', "."));
    }
    let links: Vec<_> = links(operation)
        .iter()
        .map(|link| format!("[官方文档]({link})"))
        .collect();
    add("description", &Json::from(format!("这里是说明。{}", links.join(" "))));
    out
}

fn parameters(operation: &Json, reference: &str, up: &str, definitions: &mut String) -> String {
    let mut out = String::new();
    for parameter in operation.get("parameters").map(Json::items).unwrap_or_default() {
        if parameter.get("name").unwrap().as_str() == Some("Wechatpay-Serial") {
            writeln!(out, "    - $ref: '{up}definitions/Parameters.yaml#SERIAL'").unwrap();
            continue;
        }
        let mut text = String::new();
        for word in ["name", "in", "required"] {
            if let Some(value) = parameter.get(word) {
                writeln!(text, "{word}: {value}").unwrap();
            }
        }
        text.push_str(&yaml(parameter.get("schema").unwrap()));
        writeln!(out, "    -\n{}", indented(&text, 6)).unwrap();
    }
    let content = operation.get("requestBody").and_then(|body| body.get("content"));
    if let Some(schema) = content
        .and_then(|content| content.get("application/json"))
        .and_then(|media| media.get("schema"))
    {
        // In two halves, so that they are merged again.
        let names = schema.get("properties").map(Json::members).unwrap_or_default();
        let (first, second) = names.split_at(names.len() / 2);
        let half = |properties: &[(String, Json)]| {
            let own: Vec<_> = schema
                .members()
                .iter()
                .map(|(word, value)| match word.as_str() {
                    "properties" => (word.clone(), Json::Object(properties.to_vec())),
                    _ => (word.clone(), value.clone()),
                })
                .collect();
            Json::Object(own)
        };
        if names.is_empty() {
            writeln!(definitions, "Body:\n{}", indented(&yaml(schema), 2)).unwrap();
        } else {
            writeln!(
                definitions,
                "Body:\n  allOf:\n    - $ref: '#First'\n    -\n{}",
                indented(&yaml(&half(second)), 6)
            )
            .unwrap();
            writeln!(definitions, "First:\n{}", indented(&yaml(&half(first)), 2)).unwrap();
        }
        writeln!(
            out,
            "    - in: body\n      name: _\n      required: true\n      schema: {{$ref: '{reference}#Body'}}"
        )
        .unwrap();
    }
    if let Some(media) = content.and_then(|content| content.get("multipart/form-data")) {
        let schema = media.get("schema").unwrap();
        let file = media.get("x-digest").unwrap().get("file").unwrap().as_str().unwrap();
        let required: Vec<_> = schema
            .get("required")
            .unwrap()
            .items()
            .iter()
            .filter_map(Json::as_str)
            .collect();
        for (name, part) in schema.get("properties").unwrap().members() {
            let text = match name.as_str() {
                "meta" => format!(
                    "type: string\nformat: jsonObjectLike\nschema:\n{}",
                    indented(&yaml(part), 2)
                ),
                name if name == file => "type: file\n".to_owned(),
                _ => yaml(part),
            };
            let required = required.contains(&name.as_str());
            writeln!(
                out,
                "    - in: formData\n      name: {name}\n      required: {required}\n{}",
                indented(&text, 6)
            )
            .unwrap();
        }
    }
    if out.is_empty() {
        out
    } else {
        format!("  parameters:\n{out}")
    }
}

fn response_schema(operation: &Json) -> Option<&Json> {
    let (_, response) = operation.get("responses")?.members().first()?;
    response.get("content")?.get("application/json")?.get("schema")
}

fn responses(operation: &Json, method: &str) -> String {
    let (status, response) = operation.get("responses").unwrap().members().first().unwrap();
    let download = response
        .get("x-unsigned")
        .and_then(|_| response.get("content")?.members().first());
    match (download, response_schema(operation)) {
        (Some((media_type, _)), _) => format!("  produces:\n    - {media_type}\n  responses:\n    {status}: {{}}\n"),
        (None, Some(_)) => format!("  responses:\n    '{status}':\n      schema:\n        $ref: '#{method}Response'\n"),
        (None, None) => format!("  responses:\n    {status}:\n"),
    }
}

/// A schema as YAML in the words of the public tree.
fn yaml(schema: &Json) -> String {
    let mut out = String::new();
    for (word, value) in schema.members() {
        let text = value.as_str().unwrap_or_default();
        match word.as_str() {
            "title" => writeln!(out, "description: {value}"),
            "examples" => writeln!(out, "example: {}", value.items()[0]),
            "x-sensitive" => writeln!(out, "format: base64"),
            "format" if text == "date-time" => writeln!(out, "format: rfc3339"),
            "contentMediaType" => {
                let array = schema
                    .get("contentSchema")
                    .and_then(|inner| inner.get("type"))
                    .and_then(Json::as_str);
                let kind = if array == Some("array") { "Array" } else { "Object" };
                writeln!(out, "format: json{kind}Like")
            }
            "contentSchema" => writeln!(out, "x-json:\n{}", indented(&yaml(value), 2)),
            "enum" => {
                out.push_str("enum:\n");
                for listed in value.items() {
                    let key = listed.as_str().map_or_else(|| listed.to_string(), str::to_owned);
                    let title = schema
                        .get("x-enum-titles")
                        .and_then(|titles| titles.get(&key)?.as_str());
                    let title = title.map(|title| format!("  #{title}")).unwrap_or_default();
                    writeln!(out, "  - {listed}{title}").unwrap();
                }
                Ok(())
            }
            "x-enum-titles" => Ok(()),
            "properties" => {
                out.push_str("properties:\n");
                for (name, field) in value.members() {
                    let field = yaml(field);
                    let field = if field.is_empty() {
                        "type: any\n".to_owned()
                    } else {
                        field
                    };
                    writeln!(out, "  {}:\n{}", Json::from(name.as_str()), indented(&field, 4)).unwrap();
                }
                Ok(())
            }
            "items" if value.members().is_empty() => writeln!(out, "items: {{}}"),
            "items" => writeln!(out, "items:\n{}", indented(&yaml(value), 2)),
            _ => writeln!(out, "{word}: {value}"),
        }
        .unwrap();
    }
    out
}

fn webhooks(ours: &Documents) -> String {
    let mut out = "post:\n  parameters:\n    - {in: header, name: Wechatpay-Signature, type: string}\n    - in: body\n      name: _\n      \
                   schema: {type: object, properties: {event_type: {$ref: '#Type'}}}\n  responses: {204: {}}\n\
                   Type:\n  type: string\n  enum:\n"
        .to_owned();
    for (event_type, item) in ours.root.get("webhooks").unwrap().members() {
        let post = item.get("post").unwrap();
        for link in links(post) {
            writeln!(out, "    # @see [文档]({link})").unwrap();
        }
        let title = post
            .get("summary")
            .map(|title| format!(" #{}", title.as_str().unwrap()))
            .unwrap_or_default();
        writeln!(out, "    - {event_type}{title}").unwrap();
    }
    out
}

fn indented(text: &str, by: usize) -> String {
    text.lines()
        .map(|line| format!("{}{line}\n", " ".repeat(by)))
        .collect::<String>()
        .trim_end()
        .to_owned()
}
