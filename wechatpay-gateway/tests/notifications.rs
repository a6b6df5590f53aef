//! Notifications of the gateway, as a merchant's server receives them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread::{self, JoinHandle},
};
use support::{Response, now};
use wechatpay_core::{crypto::aws_lc_rs::AwsLcRs, keys::ApiV3Key};
use wechatpay_gateway::{Fault, Gateway, Notification, SignedNotification};

fn paid(gateway: &Gateway) -> Notification {
    gateway.notification(
        "TRANSACTION.SUCCESS",
        json!({ "out_trade_no": "A-1", "amount": { "total": 1 } }),
    )
}

fn read(signed: &SignedNotification) -> Response {
    Response {
        status: 200,
        headers: signed.headers().clone(),
        body: signed.body().to_vec(),
    }
}

fn decrypt(gateway_key: &str, notification: &Value) -> Option<Value> {
    let resource = &notification["resource"];
    let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
    let ciphertext = STANDARD.decode(text("ciphertext")).unwrap();
    let key = ApiV3Key::new(gateway_key).unwrap();
    let plaintext = key.decrypt(
        &AwsLcRs,
        text("nonce").as_bytes(),
        text("associated_data").as_bytes(),
        &ciphertext,
    );
    Some(serde_json::from_slice(&plaintext.ok()?).unwrap())
}

#[test]
fn a_notification_is_signed_and_encrypted() {
    let gateway = Gateway::start().unwrap();
    let signed = read(&paid(&gateway).summary("支付成功").sign().unwrap());
    assert!(signed.is_genuine(&gateway));
    let notification = signed.json();
    assert_eq!(notification["event_type"], "TRANSACTION.SUCCESS");
    assert_eq!(notification["resource_type"], "encrypt-resource");
    assert_eq!(notification["summary"], "支付成功");
    assert_eq!(notification["resource"]["original_type"], "transaction");
    assert_eq!(notification["resource"]["algorithm"], "AEAD_AES_256_GCM");
    assert_eq!(notification["id"].as_str().unwrap().len(), 36);
    let resource = decrypt(gateway.api_v3_key(), &notification).unwrap();
    assert_eq!(resource, json!({ "out_trade_no": "A-1", "amount": { "total": 1 } }));
}

#[test]
fn a_retry_has_the_same_id_and_a_new_signature() {
    let gateway = Gateway::start().unwrap();
    let notification = paid(&gateway);
    let (first, second) = (read(&notification.sign().unwrap()), read(&notification.sign().unwrap()));
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_ne!(
        first.header("wechatpay-signature"),
        second.header("wechatpay-signature")
    );
    assert!(second.is_genuine(&gateway));
    assert_ne!(read(&paid(&gateway).sign().unwrap()).json()["id"], first.json()["id"]);
    assert_eq!(read(&paid(&gateway).id("own").sign().unwrap()).json()["id"], "own");
}

#[test]
fn a_notification_can_have_every_fault_of_a_signature() {
    let gateway = Gateway::start().unwrap();
    for fault in [
        Fault::WrongKey,
        Fault::FlippedBit(80),
        Fault::SignatureProbe,
        Fault::UnknownSerial,
        Fault::Unsigned,
    ] {
        let shown = format!("{fault:?}");
        assert!(
            !read(&paid(&gateway).fault(fault).sign().unwrap()).is_genuine(&gateway),
            "{shown}"
        );
    }
    let stale = read(&paid(&gateway).fault(Fault::Stale { seconds: -400 }).sign().unwrap());
    assert!(stale.is_genuine(&gateway));
    assert!(stale.header("wechatpay-timestamp").parse::<u64>().unwrap() < now() - 390);
}

#[test]
fn key_and_associated_data_of_the_encryption_can_be_chosen() {
    let gateway = Gateway::start().unwrap();
    let other = "y".repeat(32);
    let encrypted = read(
        &paid(&gateway)
            .api_v3_key(other.as_str())
            .associated_data(None)
            .sign()
            .unwrap(),
    )
    .json();
    assert!(decrypt(gateway.api_v3_key(), &encrypted).is_none());
    assert!(decrypt(&other, &encrypted).is_some());
    assert!(encrypted["resource"].get("associated_data").is_none());
    let edited = paid(&gateway)
        .original_type("refund")
        .edit(|json| json["resource"]["nonce"] = json!("short"));
    let edited = read(&edited.sign().unwrap());
    assert!(edited.is_genuine(&gateway));
    assert_eq!(edited.json()["resource"]["nonce"], "short");
    assert_eq!(edited.json()["resource"]["original_type"], "refund");
}

/// A merchant's server for one notification. The thread returns what it read.
fn merchant(response: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify?a=b", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut read = Vec::new();
        let mut block = [0; 4096];
        while !read.ends_with(b"}") {
            let count = stream.read(&mut block).unwrap();
            assert!(count > 0);
            read.extend(&block[..count]);
        }
        stream.write_all(response.as_bytes()).unwrap();
        String::from_utf8(read).unwrap()
    });
    (url, server)
}

const FAIL: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 15\r\n\r\n{\"code\":\"FAIL\"}";

#[tokio::test]
async fn a_notification_is_posted_and_the_response_is_returned() {
    let gateway = Gateway::start().unwrap();
    let (url, server) = merchant(FAIL);
    let signed = paid(&gateway).sign().unwrap();
    let response = signed.send(&url).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), &response.body[..]),
        (500, &b"{\"code\":\"FAIL\"}"[..])
    );
    let read = server.join().unwrap();
    assert!(read.starts_with("POST /notify?a=b HTTP/1.1\r\n"), "{read}");
    assert!(read.to_lowercase().contains("\r\nwechatpay-signature: "), "{read}");
    assert!(read.ends_with(str::from_utf8(signed.body()).unwrap()), "{read}");
}

#[test]
fn a_notification_is_posted_without_async() {
    let gateway = Gateway::start().unwrap();
    let (url, server) = merchant("HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(paid(&gateway).send_blocking(&url).unwrap().status.as_u16(), 204);
    server.join().unwrap();
}

#[tokio::test]
async fn a_notification_can_be_posted_blocking_within_tokio() {
    let gateway = Gateway::start().unwrap();
    let (url, server) = merchant("HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(paid(&gateway).send_blocking(&url).unwrap().status.as_u16(), 204);
    server.join().unwrap();
}

#[tokio::test]
async fn notifications_are_sent_to_the_loopback_interface_only() {
    let gateway = Gateway::start().unwrap();
    for url in ["https://127.0.0.1:1/", "http://192.0.2.1/", "notify", "http://"] {
        let error = paid(&gateway).send(url).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{url}");
    }
    assert!(paid(&gateway).send("http://127.0.0.1:1/").await.is_err());
}
