//! Keys and their rotation, tested from outside. The unit tests of the key store cover its internals.

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use wechatpay_core::{
    Client, ClientBuilder, ErrorKind, HeaderMap, Method, Outcome, PrivateKey, PublicKey,
    client::CertificateRefresh,
    crypto::{Suite, aws_lc_rs::AwsLcRs},
    keys::Certificate,
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, PlatformMode};
use wechatpay_tests::quick;

/// This file is also a module of the test `shangmi`.
fn suite() -> Suite {
    wechatpay_tests::suite_of(module_path!())
}

const ORDERS: &str = "/v3/profitsharing/orders";

#[wechatpay_endpoint(POST, "/v3/profitsharing/orders", encrypt(name))]
struct Share {
    out_order_no: String,
    name: String,
}

fn share(number: usize) -> Share {
    Share {
        out_order_no: format!("P-{number}"),
        name: format!("张三{number}"),
    }
}

fn gateway(mode: PlatformMode) -> Gateway {
    let gateway = Gateway::builder()
        .suite(suite())
        .mode(mode)
        .backend(&AwsLcRs)
        .keep_requests(5000)
        .start()
        .unwrap();
    gateway.on_order(
        Method::POST,
        ORDERS,
        "out_order_no",
        |request| json!({ "out_order_no": request.json()["out_order_no"] }),
    );
    gateway
}

/// A client that may download again after one second, the shortest interval.
fn with_short_refresh_interval(gateway: &Gateway) -> ClientBuilder {
    let refresh = CertificateRefresh::default().cooldown(Duration::from_secs(1));
    gateway.client_builder().certificate_refresh(refresh).retry(quick())
}

#[tokio::test]
async fn b1_a_response_is_verified_after_a_rotation_between_request_and_response() {
    let gateway = gateway(PlatformMode::Certificates);
    let client = with_short_refresh_interval(&gateway).build().unwrap();
    client.refresh_certificates().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1050)).await;
    gateway.misbehave_at(ORDERS, Fault::Rotate);
    gateway.misbehave_at(ORDERS, Fault::DelayAfter(Duration::ZERO));
    for number in 0..2 {
        share(number).send(&client).await.unwrap();
    }
    assert_eq!(gateway.requests_to(ORDERS).len(), 2, "nothing was retried");
    assert_eq!(gateway.requests_to("/v3/certificates").len(), 2);
}

#[tokio::test]
async fn b2_responses_with_both_kinds_of_keys_are_verified() {
    let gateway = gateway(PlatformMode::Mixed);
    let client = with_short_refresh_interval(&gateway).build().unwrap();
    let receiver = client.notifications();
    let signed_by_public_key = |headers: &HeaderMap| {
        let serial = headers["wechatpay-serial"].to_str().unwrap();
        assert!(serial == gateway.public_key_id() || serial.len() == 40, "{serial}");
        serial.starts_with("PUB_KEY_ID_")
    };
    for number in 0..20 {
        let response = client.call(&share(number)).await.unwrap();
        signed_by_public_key(response.headers());
    }
    let mut of_notifications = BTreeSet::new();
    for _ in 0..20 {
        let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1" });
        let signed = gateway.notification("TRANSACTION.SUCCESS", resource).sign().unwrap();
        receiver
            .receive::<Value>(signed.headers(), signed.body())
            .await
            .unwrap();
        of_notifications.insert(signed_by_public_key(signed.headers()));
    }
    assert_eq!(of_notifications.len(), 2, "both kinds of keys signed");
    assert_eq!(gateway.ledger().len(), 20);
    assert!(gateway.requests_to("/v3/certificates").len() <= 1);
}

/// Many tasks encrypt while the platform rotates its keys. The gateway decrypts only with the key that the header
/// names, so every ciphertext belongs to its serial.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b7_every_ciphertext_belongs_to_its_serial_while_keys_rotate() {
    let gateway = Arc::new(gateway(PlatformMode::PublicKey));
    let client = gateway.client_builder().build().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let rotation = tokio::spawn({
        let (gateway, client, stop) = (Arc::clone(&gateway), client.clone(), Arc::clone(&stop));
        async move {
            let mut rotations = 0;
            while !stop.load(Relaxed) {
                let id = gateway.rotate().unwrap();
                let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
                client.replace_wechatpay_public_key(&id, key).unwrap();
                rotations += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            rotations
        }
    });
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                for number in 0..100 {
                    // A response may be signed with a key that the client does not have yet or no longer has.
                    if let Err(error) = share(task * 1000 + number).send(&client).await {
                        assert_eq!(
                            (error.kind(), error.outcome()),
                            (ErrorKind::Unverified, Outcome::Unknown)
                        );
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    stop.store(true, Relaxed);
    assert!(rotation.await.unwrap() > 2);
    let received = gateway.requests_to(ORDERS);
    assert_eq!((received.len(), gateway.ledger().len()), (800, 800));
    let mut serials: Vec<_> = received
        .iter()
        .map(|request| request.announced_serial().unwrap().to_owned())
        .collect();
    serials.sort();
    serials.dedup();
    assert!(serials.len() > 1, "the keys were not rotated meanwhile");
    for request in received {
        let number = request.json()["out_order_no"]
            .as_str()
            .unwrap()
            .trim_start_matches("P-")
            .to_owned();
        assert_eq!(request.plaintext("name"), Some(&*format!("张三{number}")));
    }
}

#[test]
fn b9_an_invalid_configuration_is_refused_when_the_client_is_built() {
    let gateway = gateway(PlatformMode::PublicKey);
    let key = || PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let public_key = || PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let refused = |builder: ClientBuilder| {
        let error = builder.build().unwrap_err();
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Local, ErrorKind::Configuration),
            "{error}"
        );
        error.to_string()
    };
    for length in [0, 1, 16, 31, 33, 64] {
        let error = refused(gateway.client_builder().api_v3_key("k".repeat(length)));
        assert!(error.contains("32"), "{error}");
        assert!(!error.contains("kk"), "{error}");
    }
    for id in [
        "",
        " ",
        "1900\"",
        "19,00",
        "1900\n",
        "1900\r\nX: y",
        "１９００",
        "19 00",
        "1900;",
        "\"",
        "a=b",
    ] {
        refused(gateway.client_builder().merchant(id, gateway.serial_no(), key()));
        refused(gateway.client_builder().merchant(gateway.mchid(), id, key()));
        let brand_key = PrivateKey::from_pem(gateway.brand_private_key_pem()).unwrap();
        refused(gateway.client_builder().brand(id, gateway.serial_no(), brand_key));
        refused(gateway.client_builder().wechatpay_public_key(id, public_key()));
    }
    // The merchant's certificate instead of the platform's, the usual mistake.
    let plain = || {
        Client::builder()
            .merchant(gateway.mchid(), gateway.serial_no(), key())
            .base_url(gateway.url())
    };
    refused(plain().wechatpay_public_key(gateway.serial_no(), public_key()));
    let own = wechatpay_gateway::generate::certificate_pem(
        gateway.merchant_private_key_pem(),
        gateway.merchant_private_key_pem(),
        gateway.serial_no(),
        0,
        4_000_000_000,
    );
    refused(plain().platform_certificate(Certificate::from_pem(own.unwrap()).unwrap()));
    // Without any key of WeChat Pay.
    refused(plain());
    refused(plain().platform_certificates());
    refused(Client::builder());
    gateway.client_builder().build().unwrap();
}
