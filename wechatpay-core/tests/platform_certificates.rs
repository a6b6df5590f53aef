//! Downloads of platform certificates, and calls during a download.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use http::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};
use wechatpay_core::{
    Client, ClientBuilder, Error, ErrorKind, Outcome, PrivateKey, PublicKey,
    client::CertificateRefresh,
    crypto::Suite,
    keys::{ApiV3Key, Certificate},
};
use wechatpay_gateway::{Fault, Gateway, PlatformMode};

/// This file is also a module of the test `shangmi` of the crate with the tests from outside.
fn suite() -> Suite {
    if module_path!().starts_with("shangmi::") {
        Suite::Shangmi
    } else {
        Suite::Rsa
    }
}

const ORDERS: &str = "/v3/pay/transactions/jsapi";
const LIST: &str = "/v3/certificates";

fn gateway(mode: PlatformMode) -> Gateway {
    let gateway = Gateway::builder().suite(suite()).mode(mode).start().unwrap();
    gateway.on_order(
        Method::POST,
        ORDERS,
        "out_trade_no",
        |request| json!({ "prepay_id": request.json()["out_trade_no"] }),
    );
    gateway
}

/// A client without a key of WeChat Pay.
fn builder(gateway: &Gateway) -> ClientBuilder {
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .base_url(gateway.url())
        .api_v3_key(gateway.api_v3_key())
        .platform_certificates()
}

async fn order(client: &Client, out_trade_no: &str) -> Result<Value, Error> {
    let body = json!({ "out_trade_no": out_trade_no });
    Ok(client
        .request(Method::POST, ORDERS)
        .json(&body)
        .send()
        .await?
        .into_inner())
}

fn downloads(gateway: &Gateway) -> usize {
    gateway.requests_to(LIST).len()
}

#[tokio::test]
async fn the_first_response_is_verified_with_a_downloaded_certificate() {
    let gateway = gateway(PlatformMode::Certificates);
    let client = builder(&gateway).build().unwrap();
    for number in 0..3 {
        let number = format!("A-{number}");
        assert_eq!(order(&client, &number).await.unwrap()["prepay_id"], number.as_str());
    }
    assert_eq!(downloads(&gateway), 1);
    assert_eq!(gateway.ledger().len(), 3);
}

#[tokio::test]
async fn b1_after_a_rotation_the_response_is_verified_again_and_nothing_is_retried() {
    let gateway = gateway(PlatformMode::Certificates);
    let refresh = CertificateRefresh::default().cooldown(Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    order(&client, "A-1").await.unwrap();
    gateway.rotate().unwrap();
    sleep(Duration::from_millis(1100)).await;
    order(&client, "A-2").await.unwrap();
    assert_eq!(downloads(&gateway), 2);
    assert_eq!(gateway.requests_to(ORDERS).len(), 2);
}

#[tokio::test]
async fn b4_calls_that_wait_for_the_first_certificate_share_one_download() {
    let gateway = gateway(PlatformMode::Certificates);
    gateway.misbehave_at(LIST, Fault::DelayBefore(Duration::from_millis(300)));
    let client = builder(&gateway).build().unwrap();
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let client = client.clone();
        calls.spawn(async move { order(&client, &format!("A-{number}")).await });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(downloads(&gateway), 1);
    assert_eq!(gateway.ledger().len(), 100);
}

#[tokio::test]
async fn b4_an_encryption_waits_for_the_first_certificate() {
    let gateway = gateway(PlatformMode::Certificates);
    let client = builder(&gateway).build().unwrap();
    assert_eq!(client.encrypt("张三").unwrap_err().kind(), ErrorKind::Key);
    client.refresh_certificates().await.unwrap();
    let body = json!({ "out_trade_no": "A-1", "name": client.encrypt("张三").unwrap() });
    client.request(Method::POST, ORDERS).json(&body).send().await.unwrap();
    assert_eq!(gateway.last_request().unwrap().plaintext("name"), Some("张三"));
}

#[tokio::test]
async fn b5_a_forged_list_is_refused_and_the_certificates_stay() {
    let gateway = gateway(PlatformMode::Certificates);
    let refresh = CertificateRefresh::default().cooldown(Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    order(&client, "A-1").await.unwrap();
    sleep(Duration::from_millis(1100)).await;
    gateway.misbehave_at(LIST, Fault::WrongKey);
    let error = client.refresh_certificates().await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Local, ErrorKind::Key));
    order(&client, "A-2").await.unwrap();
}

#[tokio::test]
async fn after_a_forged_first_list_the_outcome_is_unknown_and_the_order_is_not_retried() {
    let gateway = gateway(PlatformMode::Certificates);
    gateway.misbehave_at(LIST, Fault::WrongKey);
    let client = builder(&gateway).build().unwrap();
    let error = order(&client, "A-1").await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.kind()),
        (Outcome::Unknown, ErrorKind::Unverified)
    );
    assert_eq!(gateway.requests_to(ORDERS).len(), 1);
}

#[tokio::test]
async fn a_failed_download_is_retried() {
    let gateway = gateway(PlatformMode::Certificates);
    gateway.misbehave_at(LIST, Fault::Reset { committed: false });
    let client = builder(&gateway).build().unwrap();
    order(&client, "A-1").await.unwrap();
    assert_eq!(downloads(&gateway), 2);
    assert_eq!(gateway.requests_to(ORDERS).len(), 1);
}

#[tokio::test]
async fn b2_during_a_migration_both_kinds_of_keys_are_accepted() {
    let gateway = gateway(PlatformMode::Mixed);
    let public_key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let client = builder(&gateway)
        .wechatpay_public_key(gateway.public_key_id(), public_key)
        .build()
        .unwrap();
    // A response is signed with the key that the request announced. Notifications mix both kinds.
    order(&client, "A-1").await.unwrap();
    assert_eq!(downloads(&gateway), 0);
    let receiver = client.notifications();
    for _ in 0..20 {
        let posted = gateway.notification("TRANSACTION.SUCCESS", json!({})).sign().unwrap();
        receiver
            .receive::<Value>(posted.headers(), posted.body())
            .await
            .unwrap();
    }
    assert_eq!(downloads(&gateway), 1);
}

#[tokio::test]
async fn a8_with_a_public_key_alone_nothing_is_downloaded() {
    let gateway = gateway(PlatformMode::PublicKey);
    let client = gateway.client().unwrap();
    order(&client, "A-1").await.unwrap();
    gateway.misbehave(Fault::UnknownSerial);
    let error = order(&client, "A-2").await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.kind()),
        (Outcome::Unknown, ErrorKind::Unverified)
    );
    client.refresh_certificates().await.unwrap();
    client.keep_certificates_fresh().await;
    assert_eq!(downloads(&gateway), 0);
}

#[tokio::test]
async fn the_error_tells_a_merchant_without_certificates_to_use_the_public_key() {
    let gateway = gateway(PlatformMode::PublicKey);
    let client = builder(&gateway).build().unwrap();
    let error = client.refresh_certificates().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Local);
    assert!(
        error.hint().unwrap().english().contains("wechatpay_public_key"),
        "{error}"
    );
}

#[tokio::test]
async fn keys_can_be_changed_while_a_client_is_in_use() {
    let gateway = gateway(PlatformMode::PublicKey);
    let client = gateway.client().unwrap();
    order(&client, "A-1").await.unwrap();
    let old = gateway.public_key_id();
    gateway.rotate().unwrap();
    let new = gateway.public_key_id();
    assert_ne!(old, new);
    assert_eq!(order(&client, "A-2").await.unwrap_err().outcome(), Outcome::Unknown);
    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    client.add_wechatpay_public_key(&new, key.clone()).unwrap();
    assert!(client.remove_wechatpay_key(&old));
    order(&client, "A-3").await.unwrap();

    for id in [gateway.serial_no(), "", "a b"] {
        let error = client.add_wechatpay_public_key(id, key.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{id}");
    }
}

#[tokio::test]
async fn f5_the_api_v3_key_can_be_changed_while_a_client_is_in_use() {
    let gateway = gateway(PlatformMode::Certificates);
    let other = ApiV3Key::new([1; 32]).unwrap();
    let refresh = CertificateRefresh::default().backoff(Duration::from_secs(1), Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    client.replace_api_v3_keys([other.clone()]);
    assert!(client.refresh_certificates().await.is_err());
    client.replace_api_v3_keys([other, ApiV3Key::new(gateway.api_v3_key()).unwrap()]);
    sleep(Duration::from_millis(1100)).await;
    client.refresh_certificates().await.unwrap();
    order(&client, "A-1").await.unwrap();
}

#[tokio::test]
async fn with_a_given_certificate_nothing_is_downloaded() {
    let gateway = gateway(PlatformMode::Certificates);
    let client = builder(&gateway).build().unwrap();
    for pem in gateway.certificate_pems() {
        client
            .add_platform_certificate(Certificate::from_pem(pem).unwrap())
            .unwrap();
    }
    order(&client, "A-1").await.unwrap();
    assert_eq!(downloads(&gateway), 0);
}

#[tokio::test]
async fn certificates_are_refreshed_in_the_background_until_the_client_is_dropped() {
    let gateway = gateway(PlatformMode::Certificates);
    let refresh = CertificateRefresh::default()
        .interval(Duration::ZERO)
        .cooldown(Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    let refreshing = tokio::spawn(client.keep_certificates_fresh());
    while downloads(&gateway) < 3 {
        sleep(Duration::from_millis(20)).await;
    }
    assert!(!refreshing.is_finished());
    drop(client);
    tokio::time::timeout(Duration::from_secs(5), refreshing)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_call_starts_a_due_download_and_does_not_wait_for_it() {
    let gateway = gateway(PlatformMode::Certificates);
    let refresh = CertificateRefresh::default()
        .interval(Duration::ZERO)
        .cooldown(Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    order(&client, "A1").await.unwrap();
    assert_eq!(downloads(&gateway), 1);
    sleep(Duration::from_millis(1_100)).await;
    gateway.misbehave_at(LIST, Fault::Silence { committed: false });
    let result = tokio::time::timeout(Duration::from_secs(10), order(&client, "A2")).await;
    result.unwrap().unwrap();
    let second = async {
        while downloads(&gateway) < 2 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), second).await.unwrap();
}
