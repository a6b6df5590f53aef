//! `check`: its findings in hand-written code, and the code that it accepts.

use crate::run::{Ran, package, run};
use serde_json::Value;
use std::path::Path;

/// Findings as `kind line`.
fn findings(ran: &Ran) -> Vec<String> {
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| format!("{} {}", finding["kind"].as_str().unwrap(), finding["line"]))
        .collect()
}

fn notes(ran: &Ran) -> Vec<String> {
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let notes = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "note");
    notes
        .map(|note| format!("{} {}", note["line"], note["message"].as_str().unwrap()))
        .collect()
}

fn check(text: &str) -> Ran {
    let folder = package(&[("src/lib.rs", text)]);
    run(folder.path(), &["check", "--format", "json"])
}

const FINE: &str = r#"
use serde::{Deserialize, Serialize};
use wechatpay_core::{Sensitive, wechatpay_endpoint};

#[wechatpay_endpoint(POST, "/v3/profitsharing/orders", idempotent, response = Sharing)]
#[derive(Clone)]
pub struct Share<'a> {
    pub appid: &'a str,
    pub transaction_id: String,
    pub out_order_no: String,
    pub receivers: Vec<Receiver>,
    pub unfreeze_unsplit: bool,
}

#[derive(Clone, Serialize)]
pub struct Receiver {
    #[serde(rename = "type")]
    pub kind: Kind,
    pub account: String,
    pub amount: u32,
    pub description: String,
    pub name: Option<Sensitive<String>>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    MerchantId,
    PersonalOpenid,
}

#[derive(Deserialize)]
pub struct Sharing {
    pub order_id: String,
    pub state: String,
}
"#;

#[test]
fn a_correct_declaration_has_no_findings() {
    let ran = check(FINE);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(findings(&ran).is_empty(), "{ran:?}");
    assert!(notes(&ran).is_empty(), "{ran:?}");
}

/// Changes the correct declaration and gives the findings.
fn changed(old: &str, new: &str) -> (i32, Vec<String>, String) {
    assert_eq!(FINE.matches(old).count(), 1, "{old}");
    let ran = check(&FINE.replace(old, new));
    (ran.status, findings(&ran), ran.out)
}

fn line_of(text: &str) -> usize {
    FINE.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn a_nested_secret_that_would_go_out_in_plaintext_is_found() {
    let (status, findings, out) = changed("Option<Sensitive<String>>", "Option<String>");
    assert_eq!(status, 1);
    assert_eq!(findings, [format!("plaintext-secret {}", line_of("pub name"))]);
    assert!(
        out.contains("`receivers[].name` is encrypted on the wire, but it would go out in plaintext"),
        "{out}"
    );
    assert!(out.contains("use `Sensitive<String>`"), "{out}");
}

#[test]
fn a_secret_at_the_top_is_found_unless_it_is_encrypted() {
    let declaration = |encrypt: &str, kind: &str| {
        format!(
            "use wechatpay_core::*;\n#[wechatpay_endpoint(POST, \"/v3/profitsharing/receivers/add\"{encrypt})]\n\
             struct Add {{ appid: String, r#type: String, account: String, relation_type: String, name: {kind} }}"
        )
    };
    for (encrypt, kind) in [
        (", encrypt(name)", "String"),
        (", encrypt(name)", "Option<&'static str>"),
        ("", "Sensitive"),
        ("", "Option<Sensitive<String>>"),
    ] {
        let ran = check(&declaration(encrypt, kind));
        assert!(findings(&ran).is_empty(), "{encrypt} {kind} {ran:?}");
    }
    let ran = check(&declaration("", "String"));
    assert_eq!(findings(&ran), ["plaintext-secret 3"], "{ran:?}");
    assert!(ran.out.contains("add it to `encrypt(..)`"), "{ran:?}");
    // What is encrypted needlessly arrives as ciphertext.
    let ran = check(&declaration(", encrypt(name, account)", "String"));
    assert_eq!(findings(&ran), ["needless-encryption 3"], "{ran:?}");
}

#[test]
fn a_field_that_does_not_exist_is_found_with_its_near_miss() {
    let (status, findings, out) = changed("pub out_order_no", "pub out_orderno");
    assert_eq!(status, 1);
    let line = line_of("pub out_order_no");
    let struct_line = line_of("pub struct Share");
    assert_eq!(
        findings,
        [format!("missing-field {struct_line}"), format!("unknown-field {line}")]
    );
    assert!(out.contains("did you mean `out_order_no`?"), "{out}");
    let (_, findings, out) = changed(
        "pub description: String",
        "pub description: String,\n    pub extra: String",
    );
    assert_eq!(findings, [format!("unknown-field {}", line_of("pub description") + 1)]);
    assert!(
        out.contains("`receivers.extra`") || out.contains("`receivers[].extra`"),
        "{out}"
    );
}

#[test]
fn a_missing_required_field_is_found_at_every_depth() {
    let (status, findings, out) = changed("    pub transaction_id: String,\n", "");
    assert_eq!(
        (status, findings),
        (1, vec![format!("missing-field {}", line_of("pub struct Share"))])
    );
    assert!(
        out.contains("`Share` lacks the required field `transaction_id`"),
        "{out}"
    );
    let (_, findings, out) = changed("    pub account: String,\n", "");
    assert_eq!(findings, [format!("missing-field {}", line_of("pub struct Receiver"))]);
    assert!(out.contains("receivers[].account"), "{out}");
}

#[test]
fn a_wrong_type_is_found() {
    for (old, new, words) in [
        ("pub amount: u32", "pub amount: f64", "its type is a float"),
        (
            "pub amount: u32",
            "pub amount: String",
            "is an integer, but its type is a string",
        ),
        (
            "pub transaction_id: String",
            "pub transaction_id: u64",
            "is a string, but its type is an integer",
        ),
        (
            "pub unfreeze_unsplit: bool",
            "pub unfreeze_unsplit: String",
            "is a boolean",
        ),
        (
            "pub receivers: Vec<Receiver>",
            "pub receivers: Receiver",
            "is a list, but its type is an object",
        ),
        (
            "pub receivers: Vec<Receiver>",
            "pub receivers: String",
            "is a list, but its type is a string",
        ),
    ] {
        let (status, findings, out) = changed(old, new);
        assert_eq!(status, 1, "{new}");
        assert_eq!(findings, [format!("wrong-type {}", line_of(old))], "{new} {out}");
        assert!(out.contains(words), "{new} {out}");
    }
}

#[test]
fn an_unknown_path_and_an_unknown_method_are_found() {
    let (status, findings, out) = changed("/v3/profitsharing/orders", "/v3/profitsharing/order");
    assert_eq!((status, findings.len()), (1, 1));
    assert!(out.contains("did you mean `/v3/profitsharing/orders`?"), "{out}");
    let (_, findings, out) = changed("POST, ", "PUT, ");
    assert_eq!(findings.len(), 1);
    assert!(
        out.contains("has no method `PUT`") && out.contains("it has POST"),
        "{out}"
    );
    let (status, _, out) = changed("/v3/profitsharing/orders", "/v3/quite/new");
    assert_eq!(status, 1);
    assert!(out.contains("`/v3/quite/new` is not described"), "{out}");
}

#[test]
fn the_word_idempotent_is_compared_with_what_is_known() {
    let (status, findings, out) = changed(" idempotent,", "");
    assert_eq!((status, findings.len()), (1, 1));
    assert!(
        findings[0].starts_with("missing-idempotent") && out.contains("`out_order_no`"),
        "{out}"
    );
}

#[test]
fn a_field_in_the_wrong_place_is_found() {
    let refund = "use wechatpay_core::*;\n#[wechatpay_endpoint(GET, \"/v3/refund/domestic/refunds/{number}\")]\n\
         struct Query { #[wechatpay(path = \"number\")] a: String, sub_mchid: Option<String> }";
    assert!(findings(&check(refund)).is_empty(), "a placeholder may have any name");
    let upload = "use wechatpay_core::*;\n#[wechatpay_endpoint(POST, \"/v3/merchant/media/upload\")]\n\
         struct Image { #[wechatpay(file = \"image\")] file: Upload }";
    let ran = check(upload);
    assert_eq!(findings(&ran), ["wrong-place 3"], "{ran:?}");
    assert!(ran.out.contains("the file is the part `file`, not `image`"), "{ran:?}");
    let no_upload = "use wechatpay_core::*;\n#[wechatpay_endpoint(POST, \"/v3/merchant/media/upload\")]\nstruct Image { name: String }";
    let ran = check(no_upload);
    assert_eq!(findings(&ran), ["missing-field 3", "unknown-field 3"], "{ran:?}");
    let query = changed("pub appid: &'a str", "#[wechatpay(query)]\n    pub appid: &'a str");
    assert_eq!(query.1.len(), 1, "{}", query.2);
    assert!(
        query.2.contains("`appid` belongs into the body, not into the query"),
        "{}",
        query.2
    );
}

#[test]
fn serdes_names_and_places_are_honoured() {
    for (old, new) in [
        (
            "pub appid: &'a str",
            "#[serde(rename = \"appid\")]\n    pub app: &'a str",
        ),
        (
            "pub description: String",
            "pub description: String,\n    #[serde(skip)]\n    pub internal: String",
        ),
        (
            "pub account: String",
            "#[serde(serialize_with = \"own\")]\n    pub account: u64",
        ),
        (
            "#[derive(Clone, Serialize)]\npub struct Receiver",
            "#[cfg_attr(all(), derive(Serialize))]\npub struct Receiver",
        ),
    ] {
        let (_, findings, out) = changed(old, new);
        assert!(findings.is_empty(), "{new} {out}");
    }
    let flattened = FINE.replace(
        "    pub account: String,\n",
        "    #[serde(flatten)]\n    pub who: Who,\n",
    ) + "\n#[derive(Clone, Serialize)]\n#[serde(rename_all = \"lowercase\")]\npub struct Who { pub account: String }\n";
    assert!(findings(&check(&flattened)).is_empty());
    let camel = changed(
        "#[derive(Clone, Serialize)]\npub struct Receiver",
        "#[derive(Clone, Serialize)]\n#[serde(rename_all = \"camelCase\")]\npub struct Receiver",
    );
    assert!(camel.1.is_empty(), "one word stays one word: {}", camel.2);
}

#[test]
fn types_are_followed_across_files_modules_imports_and_aliases() {
    let folder = package(&[
        (
            "src/main.rs",
            "mod model;\nmod pay {\n    pub mod share;\n}\nfn main() {}\n",
        ),
        (
            "src/model.rs",
            "pub mod parts;\npub use self::parts::Receiver as To;\npub type Receivers = Vec<To>;\n",
        ),
        (
            "src/model/parts.rs",
            "use serde::Serialize;\n#[derive(Serialize)]\npub struct Receiver { pub r#type: String, pub account: Account, pub amount: i64, pub description: String, pub name: Option<Name> }\n\
             #[derive(Serialize)]\npub struct Account(String);\npub type Name = String;\n",
        ),
        (
            "src/pay/share.rs",
            "use crate::model;\nuse wechatpay_core::wechatpay_endpoint as endpoint;\n\
             #[endpoint(POST, \"/v3/profitsharing/orders\", idempotent)]\n\
             pub struct Share { appid: String, transaction_id: String, out_order_no: String, receivers: model::Receivers, unfreeze_unsplit: bool }\n\
             // The same name in another module is another type.\n#[derive(serde::Serialize)]\npub struct Receiver { nothing: u8 }\n",
        ),
    ]);
    let ran = run(folder.path(), &["check", "--format", "json"]);
    let found = findings(&ran);
    assert_eq!(found, ["plaintext-secret 3"], "{ran:?}");
    assert!(ran.out.contains("parts.rs"), "{ran:?}");
}

#[test]
fn a_type_parameter_is_not_taken_for_a_type_of_its_name() {
    let text = "use wechatpay_core::*;\n#[derive(serde::Serialize)]\nstruct T { nothing: u8 }\n\
         #[wechatpay_endpoint(POST, \"/v3/profitsharing/receivers/add\")]\n\
         struct Add<T: serde::Serialize + Sync> { appid: String, r#type: String, account: String, relation_type: T, name: Option<Name<T>> }\n\
         type Name<N> = Wrapped<Sensitive, N>;\n#[derive(serde::Serialize)]\nstruct Wrapped<A, B>(A, #[serde(skip)] std::marker::PhantomData<B>);\n\
         #[derive(serde::Serialize)]\nstruct Page<I> { items: Vec<I> }\n";
    let ran = check(text);
    assert!(findings(&ran).is_empty(), "{ran:?}");
}

#[test]
fn declarations_in_functions_modules_and_behind_cfg_are_found() {
    let text = r#"
mod a { pub fn b() {
    use wechatpay_core::wechatpay_endpoint;
    #[derive(serde::Serialize)] struct Amount { total: f32 }
    #[cfg_attr(feature = "pay", wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", idempotent))]
    struct Refund { out_refund_no: String, transaction_id: String, amount: Amount }
} }
#[cfg(feature = "x")]
#[wechatpay_core::wechatpay_endpoint(GET, "/v3/certificate")]
struct Certificates;
"#;
    let ran = check(text);
    let found = findings(&ran);
    assert!(found.contains(&"wrong-type 4".to_owned()), "{ran:?}");
    assert!(found.contains(&"unknown-operation 9".to_owned()), "{ran:?}");
}

#[test]
fn a_response_is_compared_too() {
    let (status, findings, out) = changed("pub state: String", "pub state: i64");
    assert_eq!(
        (status, findings),
        (1, vec![format!("wrong-type {}", line_of("pub state"))]),
        "{out}"
    );
    let (status, findings, _) = changed("pub state: String", "pub state: String,\n    pub invented: String");
    assert_eq!(
        (status, findings),
        (0, vec![format!("unknown-field {}", line_of("pub state") + 1)]),
        "a warning"
    );
    let close = "use wechatpay_core::*;\n#[derive(serde::Deserialize)]\nstruct Closed { a: String }\n\
         #[wechatpay_endpoint(POST, \"/v3/pay/transactions/out-trade-no/{out_trade_no}/close\", response = Closed)]\n\
         struct Close { out_trade_no: String, mchid: String }";
    let ran = check(close);
    assert!(
        ran.out.contains("the response has no body") && ran.out.contains("response = ()"),
        "{ran:?}"
    );
    let bill = close
        .replace(
            "POST, \"/v3/pay/transactions/out-trade-no/{out_trade_no}/close\"",
            "GET, \"/v3/billdownload/file\"",
        )
        .replace("out_trade_no: String, mchid: String", "token: String");
    assert!(check(&bill).out.contains("response = Download"));
}

#[test]
fn a_comment_silences_one_kind_of_finding() {
    let text = FINE.replace(
        "pub amount: u32",
        "// The service takes both. wechatpay: allow(wrong-type)\n    pub amount: f64",
    );
    let ran = check(&text);
    assert_eq!((ran.status, findings(&ran).len()), (0, 0), "{ran:?}");
    let text = FINE.replace(
        "pub amount: u32",
        "// wechatpay: allow(unknown-field)\n    pub amount: f64",
    );
    assert_eq!(findings(&check(&text)).len(), 1);
    let text = FINE.replace(" idempotent,", "").replace(
        "#[wechatpay_endpoint(POST, \"/v3/prof",
        "// wechatpay: allow(missing-idempotent)\n#[wechatpay_endpoint(POST, \"/v3/prof",
    );
    assert!(findings(&check(&text)).is_empty());
}

#[test]
fn h4_code_that_does_not_compile_is_checked_as_far_as_it_can_be_read() {
    let text = format!(
        "{FINE}\nfn broken() {{ let x = ; }}\n#[wechatpay_core::wechatpay_endpoint(GET, \"/v3/nothing/like/it\")]\nstruct After;\n"
    );
    let ran = check(&text);
    let line = FINE.lines().count() + 2;
    assert_eq!(findings(&ran), [format!("unknown-operation {}", line + 1)], "{ran:?}");
    assert!(
        notes(&ran)
            .iter()
            .any(|note| note.starts_with(&format!("{line} ")) && note.contains("not Rust")),
        "{ran:?}"
    );
    let ran = check("struct A {\n#[wechatpay_endpoint(GET, \"/v3/certificate\")]\nstruct B;\n");
    assert_eq!(notes(&ran).len(), 1, "{ran:?}");
    let ran = check(
        "use wechatpay_core::wechatpay_endpoint;\n#[wechatpay_endpoint(GET)]\nstruct A;\n#[wechatpay_endpoint(GET, PATH)]\nstruct B;\n",
    );
    assert_eq!(notes(&ran).len(), 2, "{ran:?}");
}

#[test]
fn h4_macros_and_generated_code_are_read_or_named() {
    let text = r##"
macro_rules! operation { ($name:ident) => { #[wechatpay_core::wechatpay_endpoint(GET, "/v3/certificates")] struct $name; }; }
operation!(A);
include!(concat!(env!("OUT_DIR"), "/generated.rs"));
wrapper! { #[wechatpay_core::wechatpay_endpoint(GET, "/v3/certificate")] struct Certificates; }
other! { name => #[wechatpay_endpoint(GET, "/v3/x")] struct X }
"##;
    let ran = check(text);
    assert_eq!(findings(&ran), ["unknown-operation 5"], "{ran:?}");
    let notes = notes(&ran);
    for words in [
        "2 not checked: the declarations inside the macro `operation!`",
        "4 not checked: the code that `include!`",
        "6 not checked: the declarations inside the macro `other!`",
    ] {
        assert!(notes.iter().any(|note| note.starts_with(words)), "{words} {notes:?}");
    }
}

#[test]
fn a_secret_that_cannot_be_seen_is_named() {
    let (status, findings, out) = changed("pub receivers: Vec<Receiver>", "pub receivers: Vec<serde_json::Value>");
    assert_eq!((status, findings.len()), (0, 0), "{out}");
    assert!(out.contains("has values that are encrypted on the wire"), "{out}");
}

#[test]
fn test_code_may_invent_operations_unless_strict() {
    let text = "#[cfg(test)]\nmod tests {\n    #[wechatpay_core::wechatpay_endpoint(POST, \"/v3/made/up\", encrypt(a))]\n    struct A { a: String }\n}\n";
    let folder = package(&[("src/lib.rs", text), ("tests/shop.rs", text)]);
    let ran = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(
        (ran.status, findings(&ran).len(), notes(&ran).len()),
        (0, 0, 2),
        "{ran:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--strict"]).status, 1);
}

#[test]
fn the_text_names_file_line_column_and_what_to_do() {
    let folder = package(&[("src/lib.rs", &FINE.replace("Option<Sensitive<String>>", "String"))]);
    let ran = run(folder.path(), &["check"]);
    assert_eq!(ran.status, 1);
    let line = line_of("pub name");
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.contains(&format!(
            "lib.rs:{line}:15: error[plaintext-secret]: `receivers[].name`"
        )),
        "{ran:?}"
    );
    assert!(
        ran.out.contains("    POST /v3/profitsharing/orders 请求分账"),
        "{ran:?}"
    );
    assert!(ran.out.contains("    fix: use `Sensitive<String>`"), "{ran:?}");
    assert!(
        ran.notes
            .contains("1 declaration in 1 file: 1 error, 0 warnings, 0 notes"),
        "{ran:?}"
    );
    let chinese = run(folder.path(), &["check", "--lang", "zh"]);
    assert!(
        chinese
            .out
            .contains("错误[plaintext-secret]: receivers[].name 须加密传输，但目前会以明文发出"),
        "{chinese:?}"
    );
}

#[test]
fn without_a_cargo_project_paths_must_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.notes.contains("there is no Cargo.toml"), "{ran:?}");
    std::fs::write(
        folder.path().join("a.rs"),
        FINE.replace("pub amount: u32", "pub amount: f64"),
    )
    .unwrap();
    assert_eq!(run(folder.path(), &["check", "a.rs"]).status, 1);
}

/// The project's own declarations: what is found in them would be wrong.
#[test]
fn the_projects_own_code_has_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let ran = run(root, &["check", "--format", "json"]);
    assert_eq!(findings(&ran), Vec::<String>::new());
    assert_eq!(ran.status, 0);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(report["declarations"].as_u64().unwrap() > 200);
}
