//! `search`, `show`, `explain`, `openapi`, `generate`, `import`, `changelog`, `completions`, and the help.

use crate::run::{Tool, package, run};
use serde_json::Value;
use std::path::Path;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_search_finds_operations_by_title_path_and_family() {
    for (words, path) in [
        (&["退款"][..], "/v3/refund/domestic/refunds"),
        (&["refund", "domestic"], "/v3/refund/domestic/refunds"),
        (
            &["/v3/fund-app/mch-transfer"],
            "/v3/fund-app/mch-transfer/transfer-bills",
        ),
        (&["分账", "--family", "profitsharing"], "/v3/profitsharing/orders"),
    ] {
        let ran = run(here(), &[&["search"], words].concat());
        assert_eq!(ran.status, 0, "{words:?} {ran:?}");
        let line = ran.out.lines().find(|line| line.split('\t').nth(1) == Some(path));
        let columns: Vec<&str> = line
            .unwrap_or_else(|| panic!("{words:?} {}", ran.out))
            .split('\t')
            .collect();
        assert_eq!(columns.len(), 7, "{columns:?}");
    }
    let secrets = run(here(), &["search", "/v3/fund-app/mch-transfer/transfer-bills"]);
    assert!(
        secrets.out.lines().next().unwrap().contains("\tencrypted\t"),
        "{}",
        secrets.out
    );
}

#[test]
fn a_search_without_matches_says_so_and_fails() {
    let ran = run(here(), &["search", "no", "such", "thing"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    assert!(ran.notes.contains("no operation matches `no such thing`"), "{ran:?}");
}

#[test]
fn a_search_as_json_is_a_list() {
    let ran = run(here(), &["search", "发起转账", "--format", "json"]);
    let list: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let transfer = list
        .iter()
        .find(|one| one["path"] == "/v3/fund-app/mch-transfer/transfer-bills")
        .unwrap();
    assert_eq!(
        (&transfer["method"], &transfer["secrets"]),
        (&"POST".into(), &true.into())
    );
}

#[test]
fn an_operation_is_shown_by_path_by_title_and_by_link() {
    for words in [
        &["POST", "/v3/fund-app/mch-transfer/transfer-bills"][..],
        &["https://pay.weixin.qq.com/doc/v3/merchant/4012716434"],
    ] {
        let ran = run(here(), &[&["show"], words].concat());
        assert_eq!(ran.status, 0, "{ran:?}");
        for line in [
            "user_name\tstring\t\tencrypted\t收款用户姓名\t\t",
            "transfer_scene_report_infos[].info_type\tstring\tyes\t\t信息类型\t\t活动名称",
            "state=SUCCESS\t\t\t\t转账成功",
            "catalogue: wechatpay_catalogue::fund_app::mch_transfer::transfer_bills::Post, feature `fund-app`",
            "read on: https://pay.weixin.qq.com/doc/v3/merchant/4012716434",
        ] {
            assert!(ran.out.lines().any(|known| known == line), "{line}\n{}", ran.out);
        }
        assert!(ran.out.contains("recognised by `out_bill_no`"), "{}", ran.out);
    }
}

#[test]
fn an_ambiguous_title_lists_the_candidates_and_fails() {
    let ran = run(here(), &["show", "Native下单"]);
    assert_eq!(ran.status, 1);
    assert!(ran.notes.contains("names several operations"), "{ran:?}");
    assert!(ran.notes.contains("POST /v3/pay/transactions/native"), "{ran:?}");
    assert!(
        ran.notes.contains("POST /v3/pay/partner/transactions/native"),
        "{ran:?}"
    );
}

#[test]
fn a_misspelt_path_names_the_near_one() {
    let ran = run(here(), &["show", "POST", "/v3/pay/transaction/jsapi"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.notes.contains("did you mean `/v3/pay/transactions/jsapi`?"),
        "{ran:?}"
    );
}

#[test]
fn a_download_and_an_empty_response_say_what_to_declare() {
    let file = run(here(), &["show", "GET", "/v3/billdownload/file"]);
    assert!(file.out.contains("declare `response = Download`"), "{}", file.out);
    let close = run(here(), &["show", "POST", "/v3/pay/transactions/out-trade-no/A-1/close"]);
    assert!(close.out.contains("declare `response = ()`"), "{}", close.out);
    let upload = run(here(), &["show", "POST", "/v3/merchant/media/upload"]);
    assert!(upload.out.contains("The file is the part `file`"), "{}", upload.out);
}

#[test]
fn a_code_is_explained_by_number_by_request_id_and_by_name() {
    for code in ["268498688", "08F78BAFB70610DE0218AAC4F5BA01-268498688"] {
        let ran = run(here(), &["explain", code]);
        assert_eq!(ran.status, 0);
        assert!(ran.out.contains("请求重入时，参数与首次请求时不一致"), "{ran:?}");
        assert!(
            ran.out.contains("This number was used before with other parameters."),
            "{ran:?}"
        );
    }
    assert!(run(here(), &["explain", "param_error"]).out.contains("`detail`"));
    assert!(run(here(), &["explain", "08F7-0"]).out.contains("ends in 0"));
}

#[test]
fn an_unknown_code_is_not_invented() {
    let ran = run(here(), &["explain", "999999999"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    assert!(ran.notes.contains("`999999999` is not a listed error code"), "{ran:?}");
    assert!(
        run(here(), &["explain", "PARM_ERROR"])
            .notes
            .contains("did you mean `PARAM_ERROR`?")
    );
}

#[test]
fn the_language_follows_the_locale_and_the_option() {
    let chinese = Tool::new(here(), &["explain", "PARAM_ERROR"])
        .env("LC_ALL", "zh_CN.UTF-8")
        .run();
    assert!(chinese.out.contains("类别：参数"), "{chinese:?}");
    let chosen = Tool::new(here(), &["explain", "PARAM_ERROR", "--lang", "en"])
        .env("LC_ALL", "zh_CN.UTF-8")
        .run();
    assert!(chosen.out.contains("about: parameter"), "{chosen:?}");
    let help = run(here(), &["--lang", "zh", "check", "--help"]);
    assert_eq!(help.status, 0);
    for text in ["用法：", "选项:", "把 Rust 源码中的声明与官方接口描述对照"] {
        assert!(help.out.contains(text), "{text}\n{}", help.out);
    }
    let wrong = run(here(), &["--lang=zh", "serch"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.notes.contains("没有命令 serch；是否想用 search？"), "{wrong:?}");
}

#[test]
fn a_wrong_command_line_ends_with_status_2() {
    for line in [
        &["search"][..],
        &["show"],
        &["nonsense"],
        &["check", "--format", "xml"],
        &["check", "no/such/folder"],
    ] {
        let ran = run(here(), line);
        assert_eq!(ran.status, 2, "{line:?} {ran:?}");
        assert!(ran.out.is_empty() && !ran.notes.is_empty(), "{line:?} {ran:?}");
    }
}

#[test]
fn the_program_runs_without_cargo_too() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-wechatpay"))
        .args(["explain", "NO_AUTH"])
        .output()
        .unwrap();
    assert!(output.status.success());
}

#[test]
fn colours_are_for_terminals_alone() {
    let plain = run(here(), &["search", "退款"]);
    assert!(!plain.out.contains('\u{1b}'));
    let forced = Tool::new(here(), &["search", "退款"]).env("CLICOLOR_FORCE", "1").run();
    assert_eq!(forced.status, 0);
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_failure() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-wechatpay"));
    let mut child = command
        .arg("openapi")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn the_whole_description_is_one_openapi_document() {
    let ran = run(here(), &["openapi"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let operations: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(operations, 1018);
    assert_eq!(
        document["paths"]["/v3/pay/transactions/jsapi"]["post"]["x-idempotent"],
        "out_trade_no"
    );
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(here(), &["completions", shell]);
        assert_eq!(ran.status, 0);
        assert!(
            ran.out.contains("cargo-wechatpay") && ran.out.contains("explain"),
            "{shell}"
        );
    }
}

const SWAGGER: &str = r#"
swagger: "2.0"
info: { title: own, version: "1" }
paths:
  /v3/shop/orders/{number}:
    post:
      summary: 下单
      parameters:
        - { in: path, name: number, type: string, required: true }
        - in: body
          name: _
          schema:
            type: object
            required: [total]
            properties:
              total: { type: integer }
              remark: { type: string }
      responses:
        "200":
          description: ok
          schema: { type: object, properties: { order_id: { type: string } }, required: [order_id] }
"#;

#[test]
fn a_crate_is_generated_from_a_description_and_compared_with_it() {
    let folder = package(&[
        ("own.yaml", SWAGGER),
        ("crate/Cargo.toml", "[package]\nname = \"own\"\n"),
        ("crate/src/lib.rs", "//! Own.\n"),
    ]);
    let ran = run(folder.path(), &["generate", "--from", "own.yaml", "--out", "crate"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let generated = std::fs::read_to_string(folder.path().join("crate/src/shop/orders.rs")).unwrap();
    assert!(generated.contains("POST, \"/v3/shop/orders/{number}\""), "{generated}");
    let again = run(
        folder.path(),
        &["generate", "--from", "own.yaml", "--out", "crate", "--check"],
    );
    assert_eq!(again.status, 0, "{again:?}");
    std::fs::write(folder.path().join("own.yaml"), SWAGGER.replace("remark", "memo")).unwrap();
    let changed = run(
        folder.path(),
        &["generate", "--from", "own.yaml", "--out", "crate", "--check"],
    );
    assert_eq!(changed.status, 1, "{changed:?}");
    assert!(changed.out.contains("orders.rs"), "{changed:?}");
    let after = std::fs::read_to_string(folder.path().join("crate/src/shop/orders.rs")).unwrap();
    assert_eq!(after, generated, "--check writes nothing");
}

#[test]
fn a_newer_description_is_imported_and_its_changes_are_listed() {
    let newer = SWAGGER.replace(
        "remark: { type: string }",
        "remark: { type: string }\n              attach: { type: string }",
    );
    let folder = package(&[("newer.yaml", &newer), ("older.yaml", SWAGGER)]);
    std::fs::create_dir(folder.path().join("openapi")).unwrap();
    let changes = run(folder.path(), &["changelog", "older.yaml", "newer.yaml"]);
    assert_eq!(changes.status, 0, "{changes:?}");
    assert!(
        changes.out.contains("/v3/shop/orders/{number}") && changes.out.contains("attach"),
        "{changes:?}"
    );
    let same = run(folder.path(), &["changelog", "older.yaml", "older.yaml"]);
    assert!(same.out.is_empty() && same.notes.contains("are equivalent"), "{same:?}");

    let root = r#"{ "openapi": "3.1.0", "info": { "title": "own", "version": "1" }, "paths": { "/v3/shop/other": { "get": { "responses": { "200": { "description": "ok" } } } } } }"#;
    std::fs::write(folder.path().join("openapi/openapi.json"), root).unwrap();
    let dry = run(folder.path(), &["import", "newer.yaml", "--dry-run"]);
    assert_eq!(dry.status, 0, "{dry:?}");
    assert!(!folder.path().join("openapi/v3/shop/orders/{number}.json").exists());
    let written = run(folder.path(), &["import", "newer.yaml"]);
    assert_eq!(written.status, 0, "{written:?}");
    assert!(
        folder.path().join("openapi/v3/shop/orders/{number}.json").exists(),
        "{written:?}"
    );
}

#[test]
fn a_description_that_cannot_be_read_is_named_with_its_place() {
    let folder = package(&[("broken.yaml", "swagger: \"2.0\"\npaths:\n  /v3/a: [\n")]);
    for line in [
        &["changelog", "broken.yaml"][..],
        &["add", "GET", "/v3/a", "--from", "broken.yaml", "--print"],
    ] {
        let ran = run(folder.path(), line);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.notes.contains("broken.yaml"), "{ran:?}");
    }
}
