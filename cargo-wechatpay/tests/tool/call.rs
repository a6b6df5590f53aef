//! `call`, against a gateway on this machine.

use crate::run::{Ran, Tool};
use serde_json::json;
use std::path::Path;
use wechatpay_core::Method;
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};

fn tool(gateway: &Gateway, arguments: &[&str]) -> Tool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    Tool::new(folder, &[&["call"], arguments].concat())
        .env("WECHATPAY_MCHID", gateway.mchid())
        .env("WECHATPAY_SERIAL_NO", gateway.serial_no())
        .env("WECHATPAY_PRIVATE_KEY", gateway.merchant_private_key_pem())
        .env("WECHATPAY_PUBLIC_KEY_ID", gateway.public_key_id())
        .env("WECHATPAY_PUBLIC_KEY", gateway.public_key_pem())
        .env("WECHATPAY_BASE_URL", gateway.url())
}

fn call(gateway: &Gateway, arguments: &[&str]) -> Ran {
    tool(gateway, arguments).run()
}

const TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills";

fn transfer() -> serde_json::Value {
    json!({
        "appid": "wxf636efh567hg4356", "out_bill_no": "T-1", "openid": "o-MYE42l80oelYMDE34nYD456Xoy",
        "user_name": "张三", "transfer_amount": 400000, "transfer_remark": "2020年4月报销", "transfer_scene_id": "1000",
        "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "注册会员有礼" }],
    })
}

#[test]
fn a_query_prints_the_verified_response() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |request| {
        json!({ "out_trade_no": request.path("out_trade_no"), "mchid": request.query("mchid"), "trade_state": "NOTPAY" })
    });
    for line in [
        &[
            "GET",
            "/v3/pay/transactions/out-trade-no/A%201",
            "--query",
            "mchid=1900000109",
        ][..],
        &["GET /v3/pay/transactions/out-trade-no/A%201?mchid=1900000109"],
    ] {
        let ran = call(&gateway, line);
        assert_eq!(ran.status, 0, "{ran:?}");
        let response: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            response,
            json!({ "out_trade_no": "A 1", "mchid": "1900000109", "trade_state": "NOTPAY" })
        );
        assert!(ran.notes.contains("200, signature verified, Request-ID "), "{ran:?}");
    }
}

#[test]
fn a_request_that_does_not_fit_is_refused_before_it_is_sent() {
    let gateway = Gateway::start().unwrap();
    let mut body = transfer();
    body["transfer_amount"] = json!(1.5);
    body["transfer_remrk"] = body["transfer_remark"].take();
    body.as_object_mut().unwrap().remove("transfer_remark");
    let ran = call(&gateway, &["POST", TRANSFER, "--yes", "--body", &body.to_string()]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""), "{ran:?}");
    for problem in [
        "`transfer_amount` must be of the type integer",
        "there is no field `transfer_remrk`; did you mean `transfer_remark`?",
        "`transfer_remark` (转账备注) is required",
        "nothing was sent",
    ] {
        assert!(ran.notes.contains(problem), "{problem} {ran:?}");
    }
    let ran = call(&gateway, &["GET", "/v3/pay/transactions/out-trade-no/A-1"]);
    assert!(
        ran.notes.contains("`mchid`") && ran.notes.contains("is required"),
        "{ran:?}"
    );
    let ran = call(
        &gateway,
        &[
            "GET",
            "/v3/pay/transactions/out-trade-no/{out_trade_no}",
            "--query",
            "mchid=1",
        ],
    );
    assert_eq!(ran.status, 2);
    assert!(
        ran.notes
            .contains("write the path with your values instead of {out_trade_no}"),
        "{ran:?}"
    );
    assert_eq!(gateway.received(), 0);
    assert!(!ran.notes.contains("张三"));
}

#[test]
fn sensitive_fields_are_given_in_plaintext_and_encrypted_on_the_way() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, TRANSFER, |request| {
        assert_eq!(request.plaintext("user_name"), Some("张三"));
        json!({ "out_bill_no": request.json()["out_bill_no"], "transfer_bill_no": "1", "create_time": "", "state": "ACCEPTED" })
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body.json");
    std::fs::write(&file, transfer().to_string()).unwrap();
    let from_file = format!("@{}", file.display());
    for ran in [
        call(
            &gateway,
            &[
                "https://pay.weixin.qq.com/doc/v3/merchant/4012716434",
                "--yes",
                "--body",
                &transfer().to_string(),
            ],
        ),
        call(&gateway, &["POST", TRANSFER, "--yes", "--body", &from_file]),
        tool(&gateway, &["POST", TRANSFER, "--yes", "--body", "-"]).run_with(&transfer().to_string()),
    ] {
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.out.contains("\"state\": \"ACCEPTED\""), "{ran:?}");
        // What was sent is shown, but no secret in it.
        assert!(
            ran.notes.contains("\"user_name\": \"[encrypted]\"") && !ran.notes.contains("张三"),
            "{ran:?}"
        );
    }
    assert_eq!(gateway.received(), 3);
}

#[test]
fn sensitive_fields_of_a_response_are_decrypted_on_demand() {
    let gateway = Gateway::start().unwrap();
    let ciphertext = gateway.encrypt("13900000000");
    let shown = ciphertext.clone();
    gateway.on(
        Method::GET,
        "/v3/merchant-service/complaints-v2/{complaint_id}",
        move |_| json!({ "complaint_id": "1", "payer_phone": ciphertext }),
    );
    let line = ["GET", "/v3/merchant-service/complaints-v2/1"];
    let ran = call(&gateway, &line);
    assert!(ran.out.contains(&shown) && !ran.out.contains("13900000000"), "{ran:?}");
    let ran = call(&gateway, &[&line[..], &["--decrypt"]].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("\"payer_phone\": \"13900000000\""), "{ran:?}");
}

#[test]
fn nothing_but_a_query_is_sent_without_consent() {
    let gateway = Gateway::start().unwrap();
    let ran = call(&gateway, &["POST", TRANSFER, "--body", &transfer().to_string()]);
    assert_eq!(ran.status, 2);
    assert!(ran.notes.contains("pass --yes to send it. Nothing was sent"), "{ran:?}");
    assert_eq!(gateway.received(), 0);
}

#[test]
fn a_dry_run_prints_the_five_lines_and_the_headers_and_sends_nothing() {
    let gateway = Gateway::start().unwrap();
    let ran = call(
        &gateway,
        &["POST", TRANSFER, "--dry-run", "--body", &transfer().to_string()],
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(gateway.received(), 0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((lines[1], lines[2]), ("POST", TRANSFER));
    assert!(lines[3].parse::<u64>().is_ok() && lines[4].len() == 32, "{lines:?}");
    let body: serde_json::Value = serde_json::from_str(lines[5]).unwrap();
    assert_eq!(body["out_bill_no"], "T-1");
    assert_ne!(body["user_name"], "张三");
    for header in [
        "authorization: WECHATPAY2-SHA256-RSA2048 mchid=",
        &format!("wechatpay-serial: {}", gateway.public_key_id()),
    ] {
        assert!(ran.out.contains(header), "{header} {ran:?}");
    }
    let text = format!("{}{}", ran.out, ran.notes);
    assert!(!text.contains("张三") && !text.contains("PRIVATE KEY"), "{ran:?}");
    let key_line = gateway.merchant_private_key_pem().lines().nth(1).unwrap().to_owned();
    assert!(!text.contains(&key_line));
}

#[test]
fn an_upload_sends_its_file_and_a_dry_run_shows_its_meta() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/merchant/media/upload", |request| {
        assert_eq!(request.json()["filename"], "a.png");
        assert_eq!(request.part("file").map(|part| &part.bytes()[..]), Some(&b"image"[..]));
        json!({ "media_id": "M-1" })
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    std::fs::write(&file, "image").unwrap();
    let file = file.to_str().unwrap();
    let ran = call(
        &gateway,
        &["POST", "/v3/merchant/media/upload", "--yes", "--file", file],
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("\"media_id\": \"M-1\""), "{ran:?}");
    let dry = call(
        &gateway,
        &["POST", "/v3/merchant/media/upload", "--dry-run", "--file", file],
    );
    assert!(
        dry.out
            .lines()
            .nth(5)
            .unwrap()
            .starts_with("{\"filename\":\"a.png\",\"sha256\":\""),
        "{dry:?}"
    );
    let missing = call(&gateway, &["POST", "/v3/merchant/media/upload", "--yes"]);
    assert!(
        missing.notes.contains("the operation is an upload; give --file"),
        "{missing:?}"
    );
}

#[test]
fn a_download_is_written_as_it_is() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::bytes("text/plain", "交易时间,..\n")
    });
    let ran = call(&gateway, &["GET", "/v3/billdownload/file?token=t"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "交易时间,..\n"), "{ran:?}");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bill.csv");
    let ran = call(
        &gateway,
        &["GET", "/v3/billdownload/file?token=t", "--out", out.to_str().unwrap()],
    );
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{ran:?}");
    assert_eq!(std::fs::read_to_string(out).unwrap(), "交易时间,..\n");
}

#[test]
fn a_response_without_a_body_is_a_success() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::POST,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
        |_| (),
    );
    let ran = call(
        &gateway,
        &[
            "POST",
            "/v3/pay/transactions/out-trade-no/A-1/close",
            "--yes",
            "--body",
            "{\"mchid\":\"1900000109\"}",
        ],
    );
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{ran:?}");
    assert!(ran.notes.contains("204, signature verified"), "{ran:?}");
}

#[test]
fn an_error_says_what_it_proves_and_what_to_do() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, TRANSFER, |_| {
        GatewayResponse::error(403, "NOT_ENOUGH", "余额不足")
    });
    let line = ["POST", TRANSFER, "--yes", "--body", &transfer().to_string()];
    let ran = call(&gateway, &line);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    for words in [
        "NOT_ENOUGH",
        "The service rejected it: nothing happened.",
        "has too little money",
    ] {
        assert_eq!(ran.notes.matches(words).count(), 1, "{words} {ran:?}");
    }
    let chinese = call(&gateway, &[&line[..], &["--lang", "zh"]].concat());
    assert!(
        chinese.notes.contains("微信支付拒绝了请求：什么都没有发生") && chinese.notes.contains("出资账户余额不足"),
        "{chinese:?}"
    );
    gateway.misbehave(Fault::WrongKey);
    let unknown = call(&gateway, &line);
    assert!(
        unknown
            .notes
            .contains("The outcome is unknown: it may have been executed."),
        "{unknown:?}"
    );
}

#[test]
fn without_a_configuration_the_missing_variables_are_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ran = Tool::new(folder, &["call", "GET", "/v3/certificates"]).run();
    assert_eq!(ran.status, 1);
    assert!(
        ran.notes.contains("WECHATPAY_MCHID") && ran.notes.contains("WECHATPAY_PRIVATE_KEY"),
        "{ran:?}"
    );
}
