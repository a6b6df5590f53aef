//! Runs the program `every_operation`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use serde_json::json;
use std::process::{Command, Output};
use wechatpay_core::Method;
use wechatpay_gateway::{Gateway, GatewayResponse};

/// Runs the program against `gateway`, configured by the environment.
fn run(gateway: &Gateway, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_every_operation"))
        .args(arguments)
        .env("WECHATPAY_BASE_URL", gateway.url())
        .env("WECHATPAY_MCHID", gateway.mchid())
        .env("WECHATPAY_SERIAL_NO", gateway.serial_no())
        .env("WECHATPAY_PRIVATE_KEY", gateway.merchant_private_key_pem())
        .env("WECHATPAY_PUBLIC_KEY_ID", gateway.public_key_id())
        .env("WECHATPAY_PUBLIC_KEY", gateway.public_key_pem())
        .env("WECHATPAY_API_V3_KEY", gateway.api_v3_key())
        .output()
        .unwrap()
}

#[test]
fn it_prints_a_line_for_each_operation_and_writes_the_responses() {
    let gateway = Gateway::start().unwrap();
    gateway
        .on(
            Method::POST,
            "/v3/pay/transactions/native",
            |_| json!({ "code_url": "weixin://wxpay/p4" }),
        )
        .on(Method::POST, "/v3/pay/transactions/h5", |_| {
            GatewayResponse::error(400, "PARAM_ERROR", "no\nsuch thing")
        });
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("responses");
    let ids = ["post_v3_pay_transactions_native", "post_v3_pay_transactions_h5"];
    let [native, h5] = ids;
    let output = run(&gateway, &["--dump", dump.to_str().unwrap(), native, h5]);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with(&format!("FAIL {h5} ")) && lines[0].contains("PARAM_ERROR"),
        "{text}"
    );
    assert_eq!(lines[1], format!("ok {native}"));
    assert_eq!(output.status.code(), Some(1));
    let shown = std::fs::read_to_string(dump.join(native)).unwrap();
    assert!(shown.contains("weixin://wxpay/p4"), "{shown}");
    assert!(!dump.join(h5).exists());

    let output = run(&gateway, &[native]);
    assert_eq!(
        (output.status.code(), output.stdout),
        (Some(0), format!("ok {native}\n").into_bytes())
    );
}

#[test]
fn an_unknown_id_is_an_error_and_nothing_is_sent() {
    let gateway = Gateway::start().unwrap();
    let output = run(&gateway, &["post_v3_pay_transactions_native", "post_v3_no_such"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("post_v3_no_such is not the id of an operation")
    );
    assert_eq!(gateway.received(), 0);
}

#[test]
fn it_sends_all_operations_when_no_id_is_given() {
    let gateway = Gateway::start().unwrap();
    let output = run(&gateway, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1018);
    assert!(
        text.lines().all(|line| line.starts_with("FAIL ")),
        "no handler is registered"
    );
    assert_eq!(output.status.code(), Some(1));
}
