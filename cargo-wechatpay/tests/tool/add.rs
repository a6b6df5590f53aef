//! `add`: what it writes, and what it leaves alone.

use crate::run::{Ran, package, run};
use std::path::Path;

/// Each `add` of this list, one after the other into one file, wrote the module `added`.
const ADDED: [&[&str]; 15] = [
    &[
        "POST /v3/pay/transactions/jsapi",
        "--fields",
        "attach,detail.goods_detail,payer.identity",
        "--name",
        "PlaceOrder",
    ],
    &[
        "GET /v3/pay/transactions/out-trade-no/{out_trade_no}",
        "--name",
        "QueryOrder",
    ],
    &[
        "POST /v3/pay/transactions/out-trade-no/A-1/close",
        "--name",
        "CloseOrder",
    ],
    &[
        "POST /v3/refund/domestic/refunds",
        "--fields",
        "all",
        "--name",
        "Refund",
    ],
    &[
        "https://pay.weixin.qq.com/doc/v3/merchant/4012716434",
        "--fields",
        "notify_url,user_name",
        "--name",
        "Transfer",
    ],
    &["POST /v3/merchant/media/upload", "--name", "UploadImage"],
    &[
        "POST /v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        "--name",
        "UploadFapiao",
    ],
    &["GET /v3/billdownload/file", "--name", "DownloadBill"],
    &["POST /v3/applyment4sub/applyment/", "--name", "Apply"],
    &[
        "POST /v3/profitsharing/receivers/add",
        "--fields",
        "name",
        "--name",
        "AddReceiver",
    ],
    &[
        "POST /v3/profitsharing/orders",
        "--fields",
        "receivers.*",
        "--name",
        "Share",
    ],
    &["GET /v3/marketing/favor/stocks", "--name", "ListStocks"],
    &["POST /v3/marketing/partnerships/build", "--name", "BuildPartnership"],
    &[
        "POST /v3/brand/partner/card-member/user-cards/{user_card_code}/confirm",
        "--name",
        "ConfirmCard",
    ],
    &["GET /v3/certificates"],
];

fn add(folder: &Path, arguments: &[&str]) -> Ran {
    run(folder, &[&["add"], arguments].concat())
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The module `added` is compiled with these tests, so what `add` writes compiles.
#[test]
fn what_is_written_is_what_compiles() {
    let folder = package(&[("src/lib.rs", "mod added;\n")]);
    for arguments in ADDED {
        let ran = add(folder.path(), &[arguments, &["--to", "src/added.rs"]].concat());
        assert_eq!(ran.status, 0, "{arguments:?} {ran:?}");
    }
    let written = read(folder.path(), "src/added.rs");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tool/added.rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&golden, &written).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    assert!(
        written == expected,
        "`add` does not write tests/tool/added.rs; set UPDATE_EXPECT to update it"
    );
    // The written code matches the description.
    let check = run(folder.path(), &["check", "--strict"]);
    assert_eq!(check.status, 0, "{check:?}");
}

#[test]
fn a_new_file_is_created_and_the_missing_steps_are_named() {
    let folder = package(&[("src/main.rs", "fn main() {}\n")]);
    std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"shop\"\n").unwrap();
    let ran = add(folder.path(), &["POST", "/v3/fund-app/mch-transfer/transfer-bills"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let file = Path::new("src").join("fund_app.rs");
    assert!(
        ran.out
            .starts_with(&format!("created {}: PostMchTransferTransferBills", file.display())),
        "{ran:?}"
    );
    for step in [
        "left out (choose by --fields): user_name, notify_url",
        "add `mod fund_app;` to",
        "cargo add wechatpay-core",
        "cargo add serde --features derive",
    ] {
        assert!(ran.out.contains(step), "{step} {ran:?}");
    }
    assert!(read(folder.path(), "src/fund_app.rs").starts_with("use serde::{Deserialize, Serialize};\n"));
}

#[test]
fn what_the_description_does_not_know_is_said() {
    let folder = package(&[("src/lib.rs", "mod a;\n")]);
    let ran = add(
        folder.path(),
        &["POST", "/v3/profitsharing/receivers/add", "--to", "src/a.rs"],
    );
    assert!(
        ran.out.contains("not known: whether the service recognises a retry"),
        "{ran:?}"
    );
    let ran = add(folder.path(), &["POST", "/v3/profitsharing/orders", "--to", "src/a.rs"]);
    assert!(!ran.out.contains("not known"), "{ran:?}");
}

#[test]
fn h2_an_existing_name_is_left_alone() {
    let text = "//! Pay.\n\nuse std::fmt;\n\n/// Mine.\npub struct PlaceOrder;\n\npub struct Amount;\n";
    let folder = package(&[("src/pay.rs", text)]);
    let ran = add(
        folder.path(),
        &[
            "POST",
            "/v3/pay/transactions/jsapi",
            "--to",
            "src/pay.rs",
            "--name",
            "PlaceOrder",
        ],
    );
    assert_eq!(ran.status, 1);
    assert!(
        ran.notes.contains("declares `PlaceOrder` in line 6") && ran.notes.contains("Nothing was written"),
        "{ran:?}"
    );
    assert_eq!(read(folder.path(), "src/pay.rs"), text);
    // A nested type gets another name instead.
    let ran = add(
        folder.path(),
        &[
            "POST",
            "/v3/pay/transactions/jsapi",
            "--to",
            "src/pay.rs",
            "--name",
            "Order",
        ],
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    let written = read(folder.path(), "src/pay.rs");
    assert!(
        written.starts_with("//! Pay.\n\nuse std::fmt;\nuse serde::"),
        "{written}"
    );
    assert!(
        written.contains("/// Mine.\npub struct PlaceOrder;\n\npub struct Amount;\n"),
        "{written}"
    );
    assert!(written.contains("pub amount: OrderAmount,"), "{written}");
}

#[test]
fn h2_an_imported_name_is_left_alone() {
    let folder = package(&[("src/pay.rs", "use crate::model::{Amount, Order};\n")]);
    let ran = add(
        folder.path(),
        &[
            "POST",
            "/v3/pay/transactions/jsapi",
            "--to",
            "src/pay.rs",
            "--name",
            "Order",
        ],
    );
    assert_eq!(ran.status, 1);
    assert!(ran.notes.contains("imports `Order` in line 1"), "{ran:?}");
    let ran = add(
        folder.path(),
        &[
            "POST",
            "/v3/pay/transactions/jsapi",
            "--to",
            "src/pay.rs",
            "--name",
            "Place",
        ],
    );
    assert_eq!(ran.status, 0);
    assert!(read(folder.path(), "src/pay.rs").contains("pub amount: PlaceAmount,"));
}

#[test]
fn h2_a_file_with_syntax_errors_is_left_alone() {
    let text = "pub struct Half {\n    pub a:\n}\n";
    let folder = package(&[("src/pay.rs", text)]);
    let ran = add(folder.path(), &["GET", "/v3/certificates", "--to", "src/pay.rs"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.notes.contains("is not valid Rust (line 3") && ran.notes.contains("Nothing was written"),
        "{ran:?}"
    );
    assert_eq!(read(folder.path(), "src/pay.rs"), text);
}

#[test]
fn h2_a_read_only_file_is_left_alone() {
    let folder = package(&[("src/pay.rs", "// mine\n")]);
    let path = folder.path().join("src/pay.rs");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let ran = add(folder.path(), &["GET", "/v3/certificates", "--to", "src/pay.rs"]);
    assert_eq!(ran.status, 1);
    assert!(ran.notes.contains("is read-only"), "{ran:?}");
    assert_eq!(read(folder.path(), "src/pay.rs"), "// mine\n");
    assert_eq!(
        std::fs::read_dir(folder.path().join("src")).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn h2_without_a_cargo_package_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let ran = add(folder.path(), &["GET", "/v3/certificates"]);
    assert_eq!(ran.status, 2);
    assert!(ran.notes.contains("there is no Cargo package here"), "{ran:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let printed = add(
        folder.path(),
        &["GET", "/v3/certificates", "--print", "--name", "Certificates"],
    );
    assert_eq!(printed.status, 0);
    assert!(
        printed
            .out
            .contains("#[wechatpay_endpoint(GET, \"/v3/certificates\", response = CertificatesResponse)]"),
        "{printed:?}"
    );
}

#[test]
fn an_unknown_field_and_an_impossible_name_are_refused() {
    let folder = package(&[("src/lib.rs", "")]);
    let ran = add(
        folder.path(),
        &["POST", "/v3/pay/transactions/jsapi", "--fields", "atach"],
    );
    assert_eq!(ran.status, 2);
    assert!(
        ran.notes.contains("no field `atach`; did you mean `attach`?"),
        "{ran:?}"
    );
    let ran = add(
        folder.path(),
        &["POST", "/v3/pay/transactions/jsapi", "--name", "Place-Order"],
    );
    assert_eq!(ran.status, 2);
    assert!(ran.notes.contains("`Place-Order` is not a name"), "{ran:?}");
    assert_eq!(read(folder.path(), "src/lib.rs"), "");
}

#[test]
fn a_renamed_dependency_is_named_in_the_declaration() {
    let folder = package(&[("src/lib.rs", "")]);
    let manifest = "[package]\nname = \"shop\"\n[dependencies]\nserde = \"1\"\nwx-core = { package = \"wechatpay-core\", version = \"0.1\" }\n";
    std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let ran = add(folder.path(), &["GET", "/v3/certificates", "--to", "src/lib.rs"]);
    assert_eq!(ran.status, 0);
    assert!(!ran.out.contains("next:"), "{ran:?}");
    let written = read(folder.path(), "src/lib.rs");
    assert!(
        written.contains("use wx_core::") && written.contains("crate = ::wx_core"),
        "{written}"
    );
}

#[test]
fn an_operation_of_the_users_own_description_is_declared() {
    let own = r#"{ "openapi": "3.0.3", "info": { "title": "own", "version": "1" }, "paths": { "/v3/shop/orders/{number}": { "post": {
        "summary": "quote \" and */ and\nline", "parameters": [{ "name": "number", "in": "path", "required": true, "schema": { "type": "string" } }],
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "parts.yaml#/Order" } } } },
        "responses": { "200": { "description": "ok" } } } } } }"#;
    let parts = "Order:\n  allOf:\n    - type: object\n      required: [type]\n      properties:\n        type: { type: string }\n    - type: object\n      properties:\n        remark: { type: string }\n";
    let folder = package(&[("src/lib.rs", "mod shop;\n"), ("own.json", own), ("parts.yaml", parts)]);
    let ran = add(
        folder.path(),
        &[
            "POST",
            "/v3/shop/orders/1",
            "--from",
            "own.json",
            "--name",
            "OwnOrder",
            "--fields",
            "remark",
        ],
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    let written = read(folder.path(), "src/shop.rs");
    for line in [
        "pub struct OwnOrder {",
        "    pub number: String,",
        "    pub r#type: String,",
        "    pub remark: Option<String>,",
    ] {
        assert!(written.lines().any(|known| known == line), "{line}\n{written}");
    }
    assert!(written.contains("response = ()"), "{written}");
}
