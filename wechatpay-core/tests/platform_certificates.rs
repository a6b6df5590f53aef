//! Platform certificates on their way from the service into a client, and what becomes of calls meanwhile.
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

/// A client that has no key of WeChat Pay to begin with.
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
async fn the_first_answer_is_checked_with_a_certificate_that_is_fetched_for_it() {
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
async fn b1_when_certificates_rotate_the_stored_answer_is_checked_again_and_nothing_is_sent_again() {
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
async fn b4_clients_that_encrypt_before_there_is_a_certificate_wait_for_it() {
    let gateway = gateway(PlatformMode::Certificates);
    let client = builder(&gateway).build().unwrap();
    assert_eq!(client.encrypt("张三").unwrap_err().kind(), ErrorKind::Key);
    client.refresh_certificates().await.unwrap();
    let body = json!({ "out_trade_no": "A-1", "name": client.encrypt("张三").unwrap() });
    client.request(Method::POST, ORDERS).json(&body).send().await.unwrap();
    assert_eq!(gateway.last_request().unwrap().plaintext("name"), Some("张三"));
}

#[tokio::test]
async fn b5_a_forged_list_is_not_believed_and_the_certificates_stay() {
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
async fn a_forged_first_list_leaves_the_outcome_unknown_and_the_order_is_not_sent_again() {
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
async fn a_download_that_meets_a_fault_is_repeated() {
    let gateway = gateway(PlatformMode::Certificates);
    gateway.misbehave_at(LIST, Fault::Reset { committed: false });
    let client = builder(&gateway).build().unwrap();
    order(&client, "A-1").await.unwrap();
    assert_eq!(downloads(&gateway), 2);
    assert_eq!(gateway.requests_to(ORDERS).len(), 1);
}

#[tokio::test]
async fn b2_a_merchant_between_the_two_kinds_is_understood_whichever_signs() {
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
async fn a_merchant_without_certificates_is_told_so() {
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
async fn keys_are_changed_while_a_client_is_at_work() {
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
async fn f5_the_api_v3_key_is_changed_while_a_client_is_at_work() {
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
async fn a_certificate_at_hand_makes_the_download_unnecessary() {
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
async fn certificates_are_kept_fresh_in_the_background_until_the_client_is_gone() {
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
async fn a_call_begins_the_next_download_when_it_is_time_and_does_not_wait_for_it() {
    let gateway = gateway(PlatformMode::Certificates);
    let refresh = CertificateRefresh::default()
        .interval(Duration::ZERO)
        .cooldown(Duration::from_secs(1));
    let client = builder(&gateway).certificate_refresh(refresh).build().unwrap();
    order(&client, "A1").await.unwrap();
    assert_eq!(downloads(&gateway), 1);
    sleep(Duration::from_millis(1_100)).await;
    gateway.misbehave_at(LIST, Fault::Silence { committed: false });
    let answered = tokio::time::timeout(Duration::from_secs(10), order(&client, "A2")).await;
    answered.unwrap().unwrap();
    let second = async {
        while downloads(&gateway) < 2 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), second).await.unwrap();
}
