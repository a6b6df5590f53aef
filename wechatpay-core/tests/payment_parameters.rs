//! Payment parameters (调起支付参数) for the front end.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{Client, ErrorKind, Outcome, PrivateKey, PublicKey, system::System};

const NONCE: &str = "000102030405060708090a0b0c0d0e0f";

#[derive(Debug)]
struct Known {
    now: u64,
    random: bool,
}

impl System for Known {
    fn now(&self) -> SystemTime {
        match self.now {
            0 => UNIX_EPOCH - Duration::from_secs(1),
            seconds => UNIX_EPOCH + Duration::from_secs(seconds),
        }
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        // Building a client needs fewer bytes.
        if !self.random && bytes.len() == 16 {
            return Err(io::Error::other("no randomness"));
        }
        (0..).zip(bytes).for_each(|(index, byte)| *byte = index);
        Ok(())
    }
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn client(now: u64, random: bool) -> Client {
    let wechatpay = PrivateKey::from_pem(file("second_pkcs8.pem")).unwrap();
    Client::builder()
        .merchant(
            "1900000001",
            "5157F09EFDC096DE",
            PrivateKey::from_pem(file("pkcs8.pem")).unwrap(),
        )
        .wechatpay_public_key(
            "PUB_KEY_ID_1",
            PublicKey::from_der(&wechatpay.public_key_der()).unwrap(),
        )
        .system(Known { now, random })
        .build()
        .unwrap()
}

/// Whether `signature` is the merchant's signature over these lines, each followed by a line feed.
fn signs(signature: &str, lines: &[&str]) -> bool {
    let message = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let signature = STANDARD.decode(signature).unwrap();
    let key = PublicKey::from_pem(file("spki.pem")).unwrap();
    key.verify(message.as_bytes(), &signature)
}

#[tokio::test]
async fn the_parameters_of_a_page_have_the_exact_names_and_a_signature_over_four_lines() {
    let parameters = client(1_414_561_699, true)
        .jsapi_payment_parameters("wx8888888888888888", "wx201410272009395522657a690389285100")
        .await
        .unwrap();
    let json = serde_json::to_value(&parameters).unwrap();
    assert_eq!(
        json,
        json!({
            "appId": "wx8888888888888888",
            "timeStamp": "1414561699",
            "nonceStr": NONCE,
            "package": "prepay_id=wx201410272009395522657a690389285100",
            "signType": "RSA",
            "paySign": parameters.pay_sign,
        })
    );
    let package = "prepay_id=wx201410272009395522657a690389285100";
    assert!(signs(
        &parameters.pay_sign,
        &["wx8888888888888888", "1414561699", NONCE, package]
    ));
    assert!(!signs(
        &parameters.pay_sign,
        &["wx8888888888888888", "1414561699", NONCE, &package[10..]]
    ));
}

#[tokio::test]
async fn the_parameters_of_an_app_have_the_exact_names_and_sign_the_bare_prepay_id() {
    let parameters = client(1_412_000_000, true)
        .app_payment_parameters("wx8888888888888888", "WX1217752501201407033233368018")
        .await
        .unwrap();
    let json: Value = serde_json::to_value(&parameters).unwrap();
    assert_eq!(
        json,
        json!({
            "appid": "wx8888888888888888",
            "partnerid": "1900000001",
            "prepayid": "WX1217752501201407033233368018",
            "package": "Sign=WXPay",
            "noncestr": NONCE,
            "timestamp": "1412000000",
            "sign": parameters.sign,
        })
    );
    let lines = [
        "wx8888888888888888",
        "1412000000",
        NONCE,
        "WX1217752501201407033233368018",
    ];
    assert!(signs(&parameters.sign, &lines));
}

#[tokio::test]
async fn the_general_signature_covers_the_returned_values() {
    let signed = client(1_412_000_000, true).sign_payment("wx1", "x=1").await.unwrap();
    assert!(signs(
        &signed.signature,
        &["wx1", &signed.timestamp, &signed.nonce_str, "x=1"]
    ));
}

#[tokio::test]
async fn a_value_that_would_sign_another_message_is_refused() {
    let client = client(1_412_000_000, true);
    for (appid, prepay_id) in [
        ("", "wx1"),
        ("wx1", ""),
        ("wx1\n", "wx1"),
        ("wx1", "wx1\nx"),
        ("wx1", " wx1"),
    ] {
        for error in [
            client.jsapi_payment_parameters(appid, prepay_id).await.unwrap_err(),
            client.app_payment_parameters(appid, prepay_id).await.unwrap_err(),
            client.sign_payment(appid, prepay_id).await.unwrap_err(),
        ] {
            assert_eq!((error.outcome(), error.kind()), (Outcome::Local, ErrorKind::Request));
            assert!(error.field().is_some());
        }
    }
}

#[tokio::test]
async fn e7_without_randomness_or_with_an_impossible_clock_nothing_is_signed() {
    for client in [client(1_412_000_000, false), client(0, true)] {
        let error = client.jsapi_payment_parameters("wx1", "wx2").await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Local, ErrorKind::System));
    }
}
