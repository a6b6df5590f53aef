//! Forged and changed responses.

use super::support::{Piece, PiecewiseTransport};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use wechatpay_core::{
    Client, Error, ErrorKind, Method, Outcome, PrivateKey, RetryPolicy,
    bill::{AskTradeBill, BillLink},
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, PlatformMode};

#[tokio::test]
async fn a15_a_server_error_with_a_changed_status_is_not_a_refusal() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| {
        GatewayResponse::error(500, "SYSTEM_ERROR", "系统异常")
    });
    let client = gateway.client().unwrap();
    let refund = || async {
        let body = json!({"out_refund_no": "R1"});
        let call = client.request(Method::POST, "/v3/refund/domestic/refunds").json(&body);
        call.send().await.unwrap_err()
    };
    assert_eq!(refund().await.outcome(), Outcome::Unknown);
    gateway.misbehave(Fault::ChangedStatus(400));
    let error = refund().await;
    assert!(error.is_authenticated());
    assert_eq!(
        (error.status().unwrap().as_u16(), error.outcome()),
        (400, Outcome::Unknown)
    );
}

#[tokio::test]
async fn a19_an_error_instead_of_the_certificate_list_is_not_authentic() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let forged = br#"{"code":"NO_AUTH","message":"forged"}"#;
    let client = gateway
        .client_builder()
        .transport(PiecewiseTransport(vec![Piece::Bytes(forged)]))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.refresh_certificates().await.unwrap_err();
    let download = error.cause().unwrap().downcast_ref::<Error>().unwrap();
    assert!(!download.is_authenticated(), "{download}");
    assert_eq!(download.kind(), ErrorKind::Unverified);
}

#[tokio::test]
async fn an_unlimited_size_is_accepted() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({"x": 1}));
    let client = gateway
        .client_builder()
        .deadline(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .build()
        .unwrap();
    let response = client.request(Method::GET, "/v3/x").send().await.unwrap();
    assert_eq!(response["x"], 1);
    let call = client.request(Method::GET, "/v3/x").deadline(Duration::MAX);
    assert_eq!(call.send().await.unwrap()["x"], 1);
    let signed = gateway.notification("X", json!({})).sign().unwrap();
    let receiver = client.notifications().time_limit(Duration::MAX);
    receiver
        .receive::<Value>(signed.headers(), signed.body())
        .await
        .unwrap();
}

#[tokio::test]
async fn e9_the_debug_of_a_response_shows_only_the_debug_of_its_value() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::GET,
        "/v3/bill/tradebill",
        |_| json!({"hash_type": "SHA1", "hash_value": "00", "download_url": "https://x/?token=canary"}),
    );
    let client = gateway.client().unwrap();
    let ask = AskTradeBill::on("2026-11-20");
    let response = client.call(&ask).await.unwrap();
    let link: &BillLink = &response;
    assert!(link.download_url.contains("canary"));
    assert!(!format!("{response:?}{response:#?}").contains("canary"));
}

#[tokio::test]
async fn the_content_of_a_response_cannot_break_the_line_of_an_error() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({"kind\r\nforged": 1}));
    let client = gateway.client().unwrap();
    let call = client.request(Method::GET, "/v3/x");
    let error = call.response::<BTreeMap<String, bool>>().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(!error.to_string().contains(char::is_control), "{error}");

    #[derive(Debug, Deserialize)]
    enum Kind {}
    gateway.on(Method::GET, "/v3/x", |_| json!({"kind": "a\u{1b}[31m\nforged"}));
    let call = client.request(Method::GET, "/v3/x");
    let error = call.response::<BTreeMap<String, Kind>>().send().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Undecodable, Some("kind")));
    assert!(!error.to_string().contains(char::is_control), "{error}");
}

#[tokio::test]
async fn c12_a_202_for_a_download_is_not_a_file() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::json(202, &json!({"state": "PREPARING"})).unsigned()
    });
    let client = gateway.client_builder().retry(RetryPolicy::never()).build().unwrap();
    let url = format!("{}/v3/billdownload/file?token=t", gateway.url());
    let error = client.download(&url).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::NotFinal));
}

#[tokio::test]
async fn a14_the_response_for_another_combined_order_is_refused() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::GET,
        "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
        |_| json!({"combine_out_trade_no": "B"}),
    );
    let client = gateway.client().unwrap();
    let call = client.request(
        Method::GET,
        "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
    );
    let error = call.path("combine_out_trade_no", &"A").send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Mismatched, Some("combine_out_trade_no"))
    );
}

#[tokio::test]
async fn a19_a_certificate_inside_another_encrypted_text_is_refused() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let pem = gateway.certificate_pems().remove(0);
    let list = gateway.certificate_list().unwrap();
    let serial_no = list["data"][0]["serial_no"].as_str().unwrap();
    // A notification is encrypted with the same key, and contains texts from other parties.
    let notification = json!({"attach": pem, "out_trade_no": "A"}).to_string();
    let entry = gateway
        .certificate_entry(serial_no, &notification, 0, 1_900_000_000)
        .unwrap();
    gateway.on(Method::GET, "/v3/certificates", move |_| json!({"data": [entry]}));
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .base_url(gateway.url())
        .api_v3_key(gateway.api_v3_key())
        .platform_certificates()
        .build()
        .unwrap();
    let error = client.refresh_certificates().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Key);
}
