//! Descriptions that were made to break generated code: it compiles, and shows what they hold harmlessly.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use cargo_wechatpay::generate::Source;
use std::path::{Path, PathBuf};
use std::process::Command;
use wechatpay_catalogue::description::json::Json;

const LABEL: &str = "a \"quote\", it's\nnew line */ fn main() {} \u{202e}reversed\u{2066} <b>[x]</b> `y` \\ #";

/// A description whose names are keywords, begin with digits, collide, have another meaning, or are not identifiers.
fn hostile() -> Source {
    let string = r#"{ "type": "string", "title": LABEL }"#;
    let names = [
        "type", "self", "Self", "crate", "super", "3d", "a-b", "a_b", "aB", "a.b", "", " ", "长期", "💰", "Option",
        "string", "async", "r#type", "x\"y", "é", "_", "__", "default", "from",
    ];
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let texts: Vec<String> = names.iter().map(|name| format!("{}: {string}", quoted(name))).collect();
    let objects = [
        "option",
        "vec",
        "Default",
        "string",
        "post",
        "PostResponse",
        "result",
        "from",
        "Unlisted",
    ];
    let nested: Vec<String> = objects
        .iter()
        .enumerate()
        .map(|(index, name)| {
            // Each has a different shape, so that each needs its own name.
            let inner = format!(r#"{{ "type": "object", "title": LABEL, "properties": {{ "x{index}": {string}, "Option": {{ "type": "object", "properties": {{ "y{index}": {string} }} }} }} }}"#);
            format!("{}: {inner}", quoted(&format!("{name}_object").replace("_object", if index % 2 == 0 { "" } else { "s" })))
        })
        .collect();
    let values = r#"{ "type": "string", "title": LABEL, "enum": ["SELF", "self", "Unlisted", "UNLISTED", "", " ", "1", "01", "a-b", "a_b", "A B", "\"", "\n", "长期", "💰", "\u202e"], "x-enum-titles": { "SELF": LABEL } }"#;
    let schema = format!(
        r#"{{ "type": "object", "required": ["type", "kind"], "properties": {{ {}, {}, "kind": {values}, "kinds": {{ "type": "array", "items": {values} }}, "list": {{ "type": "array", "items": {{ "type": "array", "items": {{ "type": "object", "properties": {{ "Vec": {string} }} }} }} }} }} }}"#,
        texts.join(", "),
        nested.join(", "),
    );
    let operation = |parameters: &str| {
        format!(
            r#"{{ "summary": LABEL, "tags": [LABEL], "x-roles": [LABEL], "deprecated": true, "parameters": [{parameters}],
            "requestBody": {{ "content": {{ "application/json": {{ "schema": {schema} }} }} }},
            "responses": {{ "200": {{ "content": {{ "application/json": {{ "schema": {schema} }} }} }} }} }}"#
        )
    };
    let path = |name: &str| {
        format!(
            r#"{{ "name": {}, "in": "path", "required": true, "schema": {{ "type": "string" }} }}"#,
            quoted(name)
        )
    };
    let list = r#"{ "get": { "deprecated": true, "parameters": [{ "name": "offset", "in": "query", "schema": { "type": "integer" } }, { "name": "limit", "in": "query", "schema": { "type": "integer" } }],
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": { "type": { "type": "array", "items": { "type": "object", "properties": { "a": {} } } } } } } } } } } }"#;
    let upload = r#"{ "post": { "requestBody": { "content": { "multipart/form-data": { "x-digest": { "file": "type", "filename": null, "digest": "self", "algorithm": "SM3" },
        "schema": { "type": "object", "properties": { "meta": { "type": "object", "properties": { "self": { "type": "string" }, "secret": { "type": "string", "x-sensitive": true } } }, "type": { "type": "string" }, "crate": { "type": "string" } } } } } },
        "responses": { "200": { "content": { "application/pdf": {} }, "x-unsigned": true } } } }"#;
    let documents = [
        (
            "/v3/type/self".to_owned(),
            format!(
                r#"{{ "post": {}, "get": {{ "responses": {{ "204": {{}} }} }} }}"#,
                operation("")
            ),
        ),
        (
            "/v3/crate/{type}".to_owned(),
            format!(r#"{{ "patch": {} }}"#, operation(&path("type"))),
        ),
        (
            "/v3/3d-secure/x/{a}/close".to_owned(),
            format!(r#"{{ "post": {} }}"#, operation(&path("a"))),
        ),
        (
            "/v3/3d-secure/x/{b}/close".to_owned(),
            format!(r#"{{ "post": {} }}"#, operation(&path("b"))),
        ),
        (
            "/v3/3d-secure/x/{b}/cl_ose".to_owned(),
            format!(r#"{{ "post": {} }}"#, operation(&path("b"))),
        ),
        (
            "/v3/3d-secure/x/{b}/cl-ose".to_owned(),
            format!(r#"{{ "post": {} }}"#, operation(&path("b"))),
        ),
        ("/v3/all/serde/std/core".to_owned(), list.to_owned()),
        ("/v3/description/con".to_owned(), upload.to_owned()),
        (
            "/{id}".to_owned(),
            format!(r#"{{ "delete": {} }}"#, operation(&path("id"))),
        ),
    ];
    let parse = |text: &str| Json::parse(&text.replace("LABEL", &quoted(LABEL))).unwrap();
    Source {
        root: parse(r#"{ "openapi": "3.1.0", "info": { "title": LABEL } }"#),
        documents: documents.map(|(path, text)| (path, parse(&text))).into(),
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Compiles the crate in `out` with all families, against this workspace's core. Warnings are errors.
fn compile(out: &Path) {
    let manifest = std::fs::read_to_string(out.join("Cargo.toml")).unwrap();
    let core = workspace().join("wechatpay-core");
    let patch = format!("\n[patch.crates-io]\nwechatpay-core = {{ path = {core:?} }}\n\n[workspace]\n");
    std::fs::write(out.join("Cargo.toml"), manifest + &patch).unwrap();
    std::fs::copy(workspace().join("Cargo.lock"), out.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--offline",
            "--lib",
            "--features",
            "all",
            "--",
            "-D",
            "warnings",
            "--emit",
            "metadata",
        ])
        .current_dir(out)
        .env("CARGO_TARGET_DIR", workspace().join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn h3_generated_code_compiles_whatever_names_and_labels_hold() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("3-hostile crate");
    hostile().generate(&out).unwrap().write(&out).unwrap();
    compile(&out);
}

#[test]
fn h3_no_label_leaves_its_comment_or_turns_the_text_around() {
    let out = tempfile::tempdir().unwrap();
    for (path, text) in hostile().generate(out.path()).unwrap().iter() {
        for c in ['\u{202e}', '\u{2066}'] {
            assert!(!text.contains(c), "{}", path.display());
        }
        for line in text.lines().filter(|line| line.contains("fn main")) {
            let line = line.trim_start();
            assert!(
                line.starts_with("//") || line.starts_with("#[doc(alias") || line.starts_with("alias ="),
                "{line}"
            );
        }
    }
}

#[test]
fn generating_again_changes_nothing_and_removes_what_is_gone() {
    let out = tempfile::tempdir().unwrap();
    let mut source = hostile();
    source.generate(out.path()).unwrap().write(out.path()).unwrap();
    let again = source.generate(out.path()).unwrap().write(out.path()).unwrap();
    assert_eq!((again.written.len(), again.removed.len()), (0, 0));

    let manifest = out.path().join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("[features]\n", "[features]\nmine = []\n")).unwrap();
    std::fs::write(out.path().join("src/mine.rs"), "// mine\n").unwrap();
    source.documents.retain(|(path, _)| !path.starts_with("/v3/all"));
    let changes = source.generate(out.path()).unwrap().write(out.path()).unwrap();
    assert!(
        changes.removed.contains(&PathBuf::from("src/all/serde_.rs")),
        "{changes:?}"
    );
    assert!(!out.path().join("src/all").exists());
    assert!(out.path().join("src/mine.rs").exists());
    let text = std::fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("mine = []") && !text.contains("family_all"), "{text}");
}

#[test]
fn a_file_that_a_person_wrote_is_not_replaced() {
    let out = tempfile::tempdir().unwrap();
    std::fs::create_dir(out.path().join("src")).unwrap();
    std::fs::write(out.path().join("src/crate_.rs"), "// mine\n").unwrap();
    let files = hostile().generate(out.path()).unwrap();
    let error = files.write(out.path()).unwrap_err().to_string();
    assert!(
        error.contains("crate_.rs") && error.contains("was not generated"),
        "{error}"
    );
    assert_eq!(
        std::fs::read_to_string(out.path().join("src/crate_.rs")).unwrap(),
        "// mine\n"
    );
    assert!(!out.path().join("src/type.rs").exists());
}
