//! A client that is configured for the brand scheme.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use serde_json::{Value, json};
use wechatpay_core::{Method, notification::NotificationError};
use wechatpay_gateway::Gateway;

#[tokio::test]
async fn a_brand_signs_with_its_scheme_and_its_responses_are_verified() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::POST,
        "/brand/card-templates",
        |request| json!({"brand_id": request.json()["brand_id"], "card_id": "C1"}),
    );
    let client = gateway.brand_client_builder().build().unwrap();
    let body = json!({"brand_id": gateway.brand_id()});
    let response = client
        .request(Method::POST, "/brand/card-templates")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response["card_id"], "C1");
    let request = gateway.last_request().unwrap();
    let authorization = request.header("authorization").unwrap();
    let brand = format!("WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"{}\",", gateway.brand_id());
    assert!(authorization.starts_with(&brand), "{authorization}");
    assert!(authorization.contains(&format!("serial_no=\"{}\"", gateway.brand_serial_no())));
    assert!(!authorization.contains("mchid"));
}

#[tokio::test]
async fn a_merchants_client_is_refused_by_operations_of_brands() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/brand/card-templates", |_| json!({}));
    let client = gateway.client().unwrap();
    let error = client
        .request(Method::GET, "/brand/card-templates")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
}

#[tokio::test]
async fn a_brands_notifications_are_verified_and_those_of_another_brand_are_refused() {
    let gateway = Gateway::start().unwrap();
    let receiver = gateway.brand_client_builder().build().unwrap().notifications();
    let signed = gateway
        .notification("CARD.ACTIVATED", json!({"brand_id": gateway.brand_id()}))
        .sign()
        .unwrap();
    let notification = receiver
        .receive::<Value>(signed.headers(), signed.body())
        .await
        .unwrap();
    assert_eq!(notification.payload["brand_id"], gateway.brand_id());
    let other = gateway
        .notification("CARD.ACTIVATED", json!({"brand_id": "4"}))
        .sign()
        .unwrap();
    let error = receiver
        .receive::<Value>(other.headers(), other.body())
        .await
        .unwrap_err();
    assert!(matches!(error, NotificationError::OtherMerchant { mchid, .. } if mchid == "4"));
}
