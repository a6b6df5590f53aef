//! The client that `Gateway::client` returns, used against the gateway.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use http::Method;
use serde_json::{Value, json};
use wechatpay_core::{
    blocking,
    crypto::{aws_lc_rs::AwsLcRs, rsa::Rsa},
};
use wechatpay_gateway::Gateway;

const ORDER: &str = "/v3/pay/transactions/jsapi";

fn gateway() -> Gateway {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::POST,
        ORDER,
        |request| json!({ "prepay_id": request.json()["out_trade_no"] }),
    );
    gateway
}

#[tokio::test]
async fn the_configured_client_is_accepted() {
    let gateway = gateway();
    let client = gateway.client().unwrap();
    let body = json!({ "out_trade_no": "A-1", "name": client.encrypt("张三").unwrap() });
    let response: Value = client
        .request(Method::POST, ORDER)
        .json(&body)
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(response["prepay_id"], "A-1");
    assert_eq!(gateway.last_request().unwrap().plaintext("name"), Some("张三"));
}

#[tokio::test]
async fn each_backend_verifies_and_decrypts_what_the_other_made() {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(Method::POST, ORDER, |request| json!({ "name": request.json()["name"] }));
    let client = gateway.client_builder_with(&Rsa).build().unwrap();
    let body = json!({ "name": client.encrypt("张三").unwrap() });
    let response: Value = client
        .request(Method::POST, ORDER)
        .json(&body)
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(response["name"], "张三");
}

#[test]
fn a_blocking_client_is_accepted() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    let body = json!({ "out_trade_no": "A-2" });
    let call = client.request(Method::POST, ORDER).json(&body);
    let response: Value = call.send().unwrap().into_inner();
    assert_eq!(response["prepay_id"], "A-2");
}
