//! What differs between two descriptions, and how a newer one is brought into an older one.

use std::{fs, path::Path};

use cargo_wechatpay::{
    changelog::{Change, Changelog},
    import::Import,
    read::{self, Documents},
    write,
};

use super::{OURS, at, documents};

fn one(operation: &str) -> Documents {
    documents(&[(
        "openapi.json",
        &format!(r#"{{"openapi":"3.1.0","paths":{{"/v3/a":{{"post":{operation}}}}}}}"#),
    )])
}

fn with_body(schema: &str) -> Documents {
    one(&format!(
        r#"{{"requestBody":{{"content":{{"application/json":{{"schema":{schema}}}}}}},"responses":{{"204":{{}}}}}}"#
    ))
}

fn between(old: &Documents, new: &Documents) -> Vec<String> {
    let log = Changelog::between(old, new);
    log.changed
        .iter()
        .flat_map(|changed| &changed.changes)
        .map(Change::to_string)
        .collect()
}

#[test]
fn a_description_does_not_differ_from_itself() {
    let ours = read::read(Path::new(OURS)).unwrap();
    let log = Changelog::between(&ours, &ours);
    assert!(log.is_empty());
    assert_eq!(log.to_string(), "");
}

#[test]
fn the_order_of_fields_and_values_is_no_change() {
    let old =
        with_body(r#"{"type":"object","properties":{"a":{"type":"string","enum":["X","Y"]},"b":{"type":"string"}}}"#);
    let new =
        with_body(r#"{"properties":{"b":{"type":"string"},"a":{"enum":["Y","X"],"type":"string"}},"type":"object"}"#);
    assert_eq!(between(&old, &new), [""; 0]);
}

#[test]
fn each_change_of_a_field_is_one_line_with_its_place() {
    let old = with_body(
        r#"{"type":"object","required":["a"],"properties":{
            "a":{"type":"string","maxLength":32},
            "gone":{"type":"object","properties":{"below":{"type":"string"}}},
            "list":{"type":"array","items":{"type":"object","properties":{"kind":{"type":"string","enum":["X","Y"]}}}},
            "secret":{"type":"string"}}}"#,
    );
    let new = with_body(
        r#"{"type":"object","required":["fresh"],"properties":{
            "a":{"type":"integer","maxLength":64},
            "list":{"type":"array","items":{"type":"object","properties":{"kind":{"type":"string","enum":["Y","Z"]}}}},
            "secret":{"type":"string","x-sensitive":true},
            "fresh":{"type":"object","properties":{"below":{"type":"string"}}}}}"#,
    );
    assert_eq!(
        between(&old, &new),
        [
            r#"~ body a: type "string" → "integer""#,
            "~ body a: maxLength 32 → 64",
            "~ body a: no required (was true)",
            r#"~ body list[].kind: enum +"Z" -"X""#,
            "~ body secret: x-sensitive true",
            "+ body fresh (required)",
            "- body gone",
        ]
    );
}

#[test]
fn parameters_responses_and_uploads_have_their_places() {
    let upload = |part: &str, file: &str| {
        format!(
            r#"{{"summary":"上传","parameters":[{{"name":"q","in":"query","schema":{{"type":"string"}}}}],
                "requestBody":{{"content":{{"multipart/form-data":{{"schema":{{"properties":{{
                "meta":{{"type":"object","properties":{{"sha256":{{"type":"string"}}}}}},
                "{part}":{{"type":"string"}},"{file}":{{"type":"string","format":"binary"}}}}}}}}}}}},
                "responses":{{"200":{{"content":{{"{file}/x":{{}}}}}}}}}}"#
        )
    };
    let old = one(&upload("a", "photo"));
    let new = one(&upload("b", "image").replace(r#""q""#, r#""limit""#));
    assert_eq!(
        between(&old, &new),
        [
            "+ query limit",
            r#"~ upload: file "photo" → "image""#,
            "+ form b",
            r#"~ response 200: media type "photo/x" → "image/x""#,
            "- query q",
            "- form a",
        ]
    );
}

#[test]
fn a_changelog_lists_operations_and_notifications_by_kind() {
    let path =
        |path: &str, title: &str| format!(r#""{path}":{{"get":{{"summary":"{title}","responses":{{"204":{{}}}}}}}}"#);
    let document = |paths: &[String], event: &str| {
        let paths = paths.join(",");
        documents(&[(
            "openapi.json",
            &format!(r#"{{"openapi":"3.1.0","paths":{{{paths}}},"webhooks":{{"{event}":{{"post":{{}}}}}}}}"#),
        )])
    };
    let old = document(&[path("/v3/a", "甲"), path("/v3/b", "乙")], "A.DONE");
    let new = document(&[path("/v3/b", "丙"), path("/v3/c", "丁")], "C.DONE");
    assert_eq!(
        Changelog::between(&old, &new).to_string(),
        "added 1 operation\n  GET /v3/c 丁\nchanged 1 operation\n  GET /v3/b 丙\n    ~ summary \"乙\" → \"丙\"\n\
         removed 1 operation\n  GET /v3/a 甲\nadded types of notifications: C.DONE\nremoved types of notifications: A.DONE\n"
    );
}

#[test]
fn importing_our_own_description_changes_no_file() {
    let ours = read::read(Path::new(OURS)).unwrap();
    let import = Import::of(&ours, &ours);
    assert!(import.changelog.is_empty() && import.kept.is_empty() && import.secrets.is_empty());
    for (name, document) in import.documents.files() {
        assert_eq!(
            document.pretty(),
            fs::read_to_string(Path::new(OURS).join(name)).unwrap()
        );
    }
}

#[test]
fn an_import_takes_newer_facts_and_keeps_what_only_a_person_knows() {
    let ours = one(
        r#"{"summary":"下单","x-idempotent":"no","x-roles":["商户"],"externalDocs":{"url":"https://old.example/"},
            "requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["no"],"properties":{
                "no":{"type":"string","title":"单号","maxLength":32,"examples":["1"]},
                "kind":{"type":"string","enum":["A","B"],"x-enum-titles":{"A":"甲","B":"乙"}},
                "name":{"type":"string","title":"姓名","x-sensitive":true},
                "gone":{"type":"string"}}}}}},
            "responses":{"204":{}}}"#,
    );
    let newer = one(r#"{"summary":"下单","x-updated":"2030-01-02",
            "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{
                "no":{"type":"string","maxLength":64},
                "kind":{"type":"string","enum":["B","C"],"x-enum-titles":{"C":"丙"}},
                "name":{"type":"string"},
                "fresh":{"type":"integer"}}}}}},
            "responses":{"204":{}}}"#);
    let import = Import::of(&ours, &newer);
    assert_eq!(
        at(&import.documents, "/v3/a", "post").to_string(),
        r#"{"operationId":"post_v3_a","summary":"下单","x-roles":["商户"],"x-updated":"2030-01-02","x-idempotent":"no","#.to_owned()
            + r#""externalDocs":{"url":"https://old.example/"},"requestBody":{"required":true,"content":{"application/json":{"schema":"#
            + r#"{"type":"object","properties":{"no":{"type":"string","title":"单号","maxLength":64,"examples":["1"]},"#
            + r#""kind":{"type":"string","enum":["B","C"],"x-enum-titles":{"B":"乙","C":"丙"}},"#
            + r#""name":{"type":"string","title":"姓名","x-sensitive":true},"fresh":{"type":"integer"}}}}}},"#
            + r#""responses":{"204":{"description":"成功"}}}"#
    );
    assert_eq!(import.secrets, ["POST /v3/a body.name"]);
    assert_eq!(
        import
            .documents
            .root
            .get("info")
            .and_then(|info| info.get("version")?.as_str()),
        Some("2030-01-02")
    );
    let changes: Vec<_> = import.changelog.changed[0]
        .changes
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        changes,
        [
            r#"~ x-updated "2030-01-02""#,
            "~ body no: maxLength 32 → 64",
            "~ body no: no required (was true)",
            r#"~ body kind: enum +"C" -"A""#,
            r#"~ body kind: x-enum-titles {"A":"甲","B":"乙"} → {"B":"乙","C":"丙"}"#,
            "+ body fresh",
            "- body gone",
        ]
    );
}

#[test]
fn an_import_keeps_operations_that_the_newer_description_leaves_out_and_names_them() {
    let ours = one(r#"{"summary":"旧","responses":{"204":{}}}"#);
    let newer = documents(&[("v3/b.yaml", "get: {summary: 新, responses: {'204': {}}}")]);
    let import = Import::of(&ours, &newer);
    let paths: Vec<_> = import.documents.paths.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/v3/a", "/v3/b"]);
    assert_eq!(
        import.kept.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["POST /v3/a 旧"]
    );
    assert_eq!(import.changelog.to_string(), "added 1 operation\n  GET /v3/b 新\n");
    // What was written is what will be read.
    let folder = tempfile::tempdir().unwrap();
    import.write(folder.path()).unwrap();
    let again = read::read(folder.path()).unwrap();
    assert_eq!(
        (&again.root, &again.paths),
        (&import.documents.root, &import.documents.paths)
    );
}

#[test]
fn h5_a_file_that_cannot_be_written_leaves_all_old_files_whole() {
    let folder = super::folder(&[("a.json", "old a"), ("b.json", "old b")]);
    // In the place of a folder is a file, so `c/d.json` cannot be made, after `a.json` was prepared.
    fs::write(folder.path().join("c"), "").unwrap();
    let new = [("a.json", "new a"), ("c/d.json", "new d"), ("b.json", "new b")];
    let result = write::files(
        folder.path(),
        new.map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    assert!(result.is_err());
    assert_eq!(fs::read_to_string(folder.path().join("a.json")).unwrap(), "old a");
    assert_eq!(fs::read_to_string(folder.path().join("b.json")).unwrap(), "old b");
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a.json", "b.json", "c"], "nothing unfinished is left");
}

#[test]
fn h5_what_an_interruption_left_is_no_part_of_a_description_and_is_replaced() {
    let folder = super::folder(&[
        ("v3/a.yaml", "get: {responses: {'204': {}}}"),
        ("v3/.b.yaml.unfinished", "get: {resp"),
        ("v3/.b.yaml", "get: {resp"),
    ]);
    assert_eq!(read::read(folder.path()).unwrap().paths.len(), 1);
    write::files(folder.path(), [("v3/b.yaml".to_owned(), "whole".to_owned())]).unwrap();
    assert!(!folder.path().join("v3/.b.yaml.unfinished").exists());
    assert_eq!(fs::read_to_string(folder.path().join("v3/b.yaml")).unwrap(), "whole");
}

#[test]
fn h5_a_file_with_the_same_text_is_not_touched_and_a_name_outside_is_refused() {
    let folder = super::folder(&[("a.json", "same")]);
    let before = fs::metadata(folder.path().join("a.json")).unwrap().modified().unwrap();
    write::files(folder.path(), [("a.json".to_owned(), "same".to_owned())]).unwrap();
    assert_eq!(
        fs::metadata(folder.path().join("a.json")).unwrap().modified().unwrap(),
        before
    );
    for name in ["../x", "/x", "", "a/../../x"] {
        assert!(
            write::files(folder.path(), [(name.to_owned(), String::new())]).is_err(),
            "{name}"
        );
    }
}

#[test]
fn h5_a_read_only_file_is_not_replaced() {
    let folder = super::folder(&[("a.json", "old")]);
    let path = folder.path().join("a.json");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = write::file(&path, "new").unwrap_err().to_string();
    assert!(
        error.contains("a.json") && error.ends_with("the file is read-only"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}
