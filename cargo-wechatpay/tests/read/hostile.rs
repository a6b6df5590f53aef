//! Descriptions that are broken or mean harm. Each one ends in a fault with its file and place.

use std::fmt::Write;

use super::{documents, fault, folder, notes, shown, write};
use cargo_wechatpay::read;

/// A path item whose response has this schema, on line 1 from column 35 on.
fn response(schema: &str) -> String {
    format!("get: {{responses: {{'200': {{schema: {schema}}}}}}}\n")
}

#[test]
fn h1_a_reference_to_nothing_names_its_place_and_target() {
    for (reference, expected) in [
        (
            "#Gone",
            "v3/a.yaml:1:42: `$ref` points to `Gone` in `v3/a.yaml`, which does not exist",
        ),
        (
            "#/x/y",
            "v3/a.yaml:1:42: `$ref` points to `/x/y` in `v3/a.yaml`, which does not exist",
        ),
        ("gone.yaml#X", "v3/a.yaml:1:42: the file `v3/gone.yaml` does not exist"),
        ("../v3", "v3/a.yaml:1:42: `v3` is not a file"),
    ] {
        assert_eq!(
            fault(&[("v3/a.yaml", &response(&format!("{{$ref: '{reference}'}}")))]),
            expected
        );
    }
}

#[test]
fn h1_references_in_a_circle_end() {
    let text = response("{$ref: '#A'}") + "A: {$ref: '#B'}\nB: {$ref: '#A'}\n";
    assert_eq!(
        fault(&[("v3/a.yaml", &text)]),
        "v3/a.yaml:2:4: the schema is made of itself: its `$ref` or `allOf` lead back to it"
    );
    let text = response("{$ref: '#A'}") + "A: {allOf: [{type: object}, {$ref: '#A'}]}\n";
    assert_eq!(
        fault(&[("v3/a.yaml", &text)]),
        "v3/a.yaml:2:4: the schema is made of itself: its `$ref` or `allOf` lead back to it"
    );
    let text = "get: {parameters: [{$ref: '#P'}], responses: {'204': {}}}\nP: {$ref: '#P'}\n";
    assert_eq!(
        fault(&[("v3/a.yaml", text)]),
        "v3/a.yaml:1:20: the reference never reaches a value: it leads to 32 further references, probably in a circle"
    );
    let root = "openapi: 3.0.0\npaths: {/v3/a: {$ref: a.yaml}}\n";
    let message = fault(&[("openapi.yaml", root), ("a.yaml", "$ref: a.yaml\n")]);
    assert!(
        message.starts_with("openapi.yaml:2:16: the reference never reaches a value"),
        "{message}"
    );
}

#[test]
fn h1_nothing_outside_of_the_folder_is_read() {
    let outer = folder(&[
        (
            "secret.yaml",
            "Secret: {type: object, properties: {key: {type: string}}}\n",
        ),
        ("inner/v3/a.yaml", &response("{$ref: '../../secret.yaml#Secret'}")),
    ]);
    assert_eq!(
        shown(read::read(&outer.path().join("inner"))),
        "v3/a.yaml:1:42: `$ref` points to `../../secret.yaml`, outside of the folder that was given. \
         Give the folder that holds all files"
    );
    for reference in [
        "/etc/passwd",
        "%2e%2e/%2e%2e/secret.yaml",
        "file:///etc/passwd",
        "https://a.example/b.yaml",
    ] {
        write(
            outer.path(),
            "inner/v3/a.yaml",
            &response(&format!("{{$ref: '{reference}'}}")),
        );
        let message = shown(read::read(&outer.path().join("inner")));
        assert!(
            message.contains("outside of the folder") || message.contains("Nothing is downloaded"),
            "{message}"
        );
    }
}

#[cfg(unix)]
#[test]
fn h1_a_link_out_of_the_folder_is_not_followed() {
    use std::os::unix::fs::symlink;

    let outer = folder(&[
        ("secret.yaml", "Secret: {type: object}\n"),
        ("inner/v3/a.yaml", &response("{$ref: 'link.yaml#Secret'}")),
        ("elsewhere/b.yaml", &response("{type: object}")),
    ]);
    let inner = outer.path().join("inner");
    symlink(outer.path().join("secret.yaml"), inner.join("v3/link.yaml")).unwrap();
    assert_eq!(
        shown(read::read(&inner)),
        "v3/link.yaml: `v3/link.yaml` is a link to a file outside of the description's folder, which is not read"
    );
    // Neither is a linked folder, and one that holds itself has no end.
    std::fs::remove_file(inner.join("v3/link.yaml")).unwrap();
    write(outer.path(), "inner/v3/a.yaml", &response("{type: object}"));
    symlink(outer.path().join("elsewhere"), inner.join("v3/elsewhere")).unwrap();
    symlink(&inner, inner.join("v3/again")).unwrap();
    assert_eq!(read::read(&inner).unwrap().paths.len(), 1);
    // A path through a linked folder leads outside, too.
    write(outer.path(), "inner/v3/a.yaml", &response("{$ref: 'elsewhere/b.yaml'}"));
    let message = shown(read::read(&inner));
    assert!(message.contains("outside of the description's folder"), "{message}");
}

#[cfg(unix)]
#[test]
fn h1_a_pipe_is_not_waited_for() {
    let folder = folder(&[("v3/a.yaml", &response("{$ref: pipe.yaml}"))]);
    let pipe = folder.path().join("v3/pipe.yaml");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(pipe)
            .status()
            .unwrap()
            .success()
    );
    let message = shown(read::read(folder.path()));
    assert!(message.ends_with("`v3/pipe.yaml` is not a file"), "{message}");
}

#[test]
fn h1_a_file_of_100_mb_is_refused_before_it_is_read() {
    let folder = folder(&[("v3/a.yaml", "")]);
    let file = std::fs::File::create(folder.path().join("v3/a.yaml")).unwrap();
    // A hole: nothing is written.
    file.set_len(100 * 1024 * 1024).unwrap();
    assert_eq!(
        shown(read::read(folder.path())),
        "v3/a.yaml: the file `v3/a.yaml` is longer than 32 MiB"
    );
}

#[test]
fn h1_deep_nesting_ends_in_yaml_in_json_in_schemas_and_through_aliases() {
    let brackets = "[".repeat(100_000);
    let message = fault(&[("v3/a.json", &brackets)]);
    assert!(message.starts_with("v3/a.json:1:1"), "{message}");
    let mut indented = String::new();
    for level in 0..1000 {
        writeln!(indented, "{}a:", " ".repeat(level)).unwrap();
    }
    assert!(fault(&[("v3/a.yaml", &indented)]).starts_with("v3/a.yaml:1"));
    let mut aliases = "a0: &a0 {type: object}\n".to_owned();
    for level in 1..100_000 {
        writeln!(aliases, "a{level}: &a{level} {{type: array, items: *a{}}}", level - 1).unwrap();
    }
    let message = fault(&[("v3/a.yaml", &aliases)]);
    assert_eq!(
        message,
        "v3/a.yaml:127:34: the values are nested deeper than 128 levels"
    );
    let mut references = response("{$ref: '#A0'}");
    for level in 0..1000 {
        writeln!(
            references,
            "A{level}: {{type: array, items: {{$ref: '#A{}'}}}}",
            level + 1
        )
        .unwrap();
    }
    let message = fault(&[("v3/a.yaml", &references)]);
    assert!(
        message.ends_with("schemas are nested deeper than 64 levels"),
        "{message}"
    );
}

#[test]
fn h1_what_multiplies_itself_ends_by_aliases_and_by_references() {
    let mut aliases = response("*a20").replace("get", "x-last: &unused 1\nget");
    let mut definitions = "a0: &a0 {type: string}\n".to_owned();
    for level in 1..=20 {
        let fields: Vec<_> = (0..10).map(|field| format!("f{field}: *a{}", level - 1)).collect();
        writeln!(
            definitions,
            "a{level}: &a{level} {{type: object, properties: {{{}}}}}",
            fields.join(", ")
        )
        .unwrap();
    }
    aliases.insert_str(0, &definitions);
    let message = fault(&[("v3/a.yaml", &aliases)]);
    assert!(
        message.ends_with("the operation has more than 20000 fields when its schemas are written out"),
        "{message}"
    );

    let mut references = response("{$ref: '#A0'}");
    for level in 0..20 {
        let fields: Vec<_> = (0..10)
            .map(|field| format!("f{field}: {{$ref: '#A{}'}}", level + 1))
            .collect();
        writeln!(
            references,
            "A{level}: {{type: object, properties: {{{}}}}}",
            fields.join(", ")
        )
        .unwrap();
    }
    references.push_str("A20: {type: string}\n");
    let message = fault(&[("v3/a.yaml", &references)]);
    assert!(
        message.ends_with("the operation has more than 20000 fields when its schemas are written out"),
        "{message}"
    );

    let mut widened = response("{type: object}");
    for level in 0..40 {
        writeln!(widened, "B{level}: {{$ref: '#B{}'}}", level + 1).unwrap();
    }
    assert_eq!(notes(&documents(&[("v3/a.yaml", &widened)])), [""; 0]);
}

#[test]
fn h1_a_key_that_occurs_twice_is_named_with_both_lines_in_yaml_and_json() {
    assert_eq!(
        fault(&[("v3/a.yaml", "get:\n  summary: a\n  summary: b\n")]),
        "v3/a.yaml:3:3: the key `summary` occurs twice; the first one is on line 2"
    );
    assert_eq!(
        fault(&[("v3/a.json", "{\"a\": 1,\n\t\"a\": 2}")]),
        "v3/a.json:2:2: the key `a` occurs twice; the first one is on line 1"
    );
}

#[test]
fn h1_a_type_that_means_nothing_is_named() {
    assert_eq!(
        fault(&[("v3/a.yaml", &response("{type: frob}"))]),
        "v3/a.yaml:1:42: the type `frob` is unknown; write string, integer, number, boolean, array or object"
    );
}

#[test]
fn h1_a_message_stays_on_one_line_and_commands_no_terminal() {
    let message = fault(&[("v3/a.yaml", &response(r#"{type: "a\e[2J\n\u202e"}"#))]);
    assert_eq!(
        message,
        "v3/a.yaml:1:42: the type `a [2J` is unknown; write string, integer, number, boolean, array or object"
    );
}

#[test]
fn h1_a_value_of_the_wrong_kind_is_named() {
    for (text, expected) in [
        (
            response("[a]"),
            "v3/a.yaml:1:35: a schema must be a mapping, but is a list",
        ),
        (
            response("{properties: [a]}"),
            "v3/a.yaml:1:48: `properties` must be a mapping, but is a list",
        ),
        (
            response("{deprecated: 7}"),
            "v3/a.yaml:1:48: `deprecated` must be true or false, but is a single value",
        ),
        (
            response("{maxLength: x}"),
            "v3/a.yaml:1:47: `maxLength` must be a number, but is `x`",
        ),
        (
            response("{enum: [[]]}"),
            "v3/a.yaml:1:43: a value of an enum must be text or a number",
        ),
        (
            response("{type: &a [*a]}"),
            "v3/a.yaml:1:46: this alias is inside the value that it names, so it has no end",
        ),
        (
            response("!include x"),
            "v3/a.yaml:1:35: the YAML tag `!include` is unknown; remove it",
        ),
        (
            "a: 1\n---\na: 2\n".to_owned(),
            "v3/a.yaml:2:1: the file holds a second document; split it into two files",
        ),
        (
            "[a]: 1\n".to_owned(),
            "v3/a.yaml:1:1: a key must be a single word, not a list or mapping",
        ),
        (String::new(), ".: the description has no operation of API v3"),
        (
            "get: {parameters: [{in: query}], responses: {}}".to_owned(),
            "v3/a.yaml:1:20: the parameter has no `name`",
        ),
        (
            "get: {parameters: [{in: sky, name: a}], responses: {}}".to_owned(),
            "v3/a.yaml:1:20: `in` must be path, query, header, body or formData, but is `sky`",
        ),
    ] {
        assert_eq!(fault(&[("v3/a.yaml", &text)]), expected);
    }
    let message = fault(&[("v3/a.yaml", "a: [1\nb: 2")]);
    assert!(
        message.starts_with("v3/a.yaml:2:") && message.contains("neither YAML nor JSON"),
        "{message}"
    );
}

#[test]
fn h1_bytes_that_are_no_text_are_named() {
    let folder = folder(&[]);
    std::fs::create_dir(folder.path().join("v3")).unwrap();
    std::fs::write(folder.path().join("v3/a.yaml"), b"a: \xff").unwrap();
    assert_eq!(
        shown(read::read(folder.path())),
        "v3/a.yaml: the file `v3/a.yaml` is not UTF-8, from byte 3"
    );
}

#[test]
fn h1_a_path_cannot_leave_the_folder_that_it_is_written_to() {
    for path in [
        "/v3/../../etc/x",
        "/v3/./x",
        "/v3//x",
        "/v3/{a}{b}",
        "/v3/a\\b",
        "/v3/{..}",
        "/v3/a\u{202e}b",
        "/",
    ] {
        let text = format!("openapi: 3.0.0\npaths:\n  {path:?}: {{get: {{responses: {{'204': {{}}}}}}}}\n");
        let message = fault(&[("openapi.json", &text.replace("\\u{202e}", "\u{202e}"))]);
        assert!(message.contains("cannot be one of the API"), "{path}: {message}");
    }
}

#[test]
fn h1_a_description_without_an_operation_is_a_fault() {
    assert_eq!(
        fault(&[("readme.txt", "")]),
        ".: the description has no operation of API v3"
    );
    assert_eq!(
        fault(&[(
            "openapi.yaml",
            "openapi: 3.0.0\npaths: {/v2/a: {get: {responses: {'204': {}}}}}\n"
        )]),
        ".: the description has no operation of API v3"
    );
    let folder = folder(&[]);
    let gone = folder.path().join("gone");
    assert!(shown(read::read(&gone)).starts_with(&format!("{}: cannot be opened: ", gone.display())));
    assert_eq!(
        fault(&[("openapi.yaml", "openapi: 3.0.0\n"), ("swagger.yaml", "swagger: 2.0\n")]),
        ".: the folder has several root documents (openapi.yaml, swagger.yaml); give one of them"
    );
}
