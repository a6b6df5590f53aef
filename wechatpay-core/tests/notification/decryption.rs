//! Decryption of notifications: with which key, and for which merchant.

use crate::sender::*;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    Client, PublicKey, Sensitive,
    crypto::Suite,
    notification::{Notification, NotificationError, payload::Transaction},
};

async fn receive(client: &Client, resource: &Value) -> Result<Notification<Value>, NotificationError> {
    let body = body("TRANSACTION.SUCCESS", resource);
    client.notifications().receive(&signed(&body), &body).await
}

#[tokio::test]
async fn f5_another_api_v3_key_gives_always_the_same_error() {
    let error = receive(&client(), &encrypted(OTHER_API_V3_KEY, "", b"{}"))
        .await
        .unwrap_err();
    assert_eq!(error, NotificationError::Undecryptable);
    assert_eq!(error.status().as_u16(), 500);
    assert!(!format!("{error} {error:?}").contains(API_V3_KEY));
    let without = keyless().build().unwrap();
    let error = receive(&without, &resource(&transaction())).await.unwrap_err();
    assert_eq!(error, NotificationError::NoApiV3Key);
    assert!(error.to_string().contains("api_v3_key("));
}

#[tokio::test]
async fn f5_while_the_api_v3_key_is_changed_both_keys_decrypt() {
    let counting = Counting::new();
    let client = keyless()
        .api_v3_key(API_V3_KEY)
        .also_api_v3_key(OTHER_API_V3_KEY)
        .crypto_backend(counting)
        .build()
        .unwrap();
    for (key, tries) in [(API_V3_KEY, 1), (OTHER_API_V3_KEY, 3)] {
        let resource = encrypted(key, "transaction", transaction().to_string().as_bytes());
        assert_eq!(
            receive(&client, &resource).await.unwrap().payload["out_trade_no"],
            "A20240001"
        );
        assert_eq!(counting.decrypted(), tries);
    }
    let neither = encrypted("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", b"{}");
    assert_eq!(
        receive(&client, &neither).await.unwrap_err(),
        NotificationError::Undecryptable
    );
    let error = keyless().also_api_v3_key("too short").build().unwrap_err();
    assert!(error.to_string().contains("9 bytes"), "{error}");
}

#[tokio::test]
async fn f6_a_nonce_or_ciphertext_of_the_wrong_length_is_refused() {
    let with = |name: &str, value: &str| {
        let mut resource = resource(&transaction());
        resource[name] = value.into();
        resource
    };
    let short = |length: usize| STANDARD.encode(vec![0; length]);
    for resource in [
        with("nonce", ""),
        with("nonce", "01234567890"),
        with("nonce", "0123456789012"),
        with("nonce", &"0".repeat(100_000)),
        with("nonce", "支付支付"),
        with("ciphertext", ""),
        with("ciphertext", &short(1)),
        with("ciphertext", &short(15)),
        with("ciphertext", &short(16)),
        with("ciphertext", "not base64!"),
        with("ciphertext", "_-_-"),
        with("associated_data", "another"),
    ] {
        assert_eq!(
            receive(&client(), &resource).await.unwrap_err(),
            NotificationError::Undecryptable
        );
    }
}

#[tokio::test]
async fn f6_any_flipped_bit_of_the_tag_is_refused() {
    let resource = resource(&transaction());
    let ciphertext = STANDARD.decode(resource["ciphertext"].as_str().unwrap()).unwrap();
    let client = client();
    for bit in 0..128 {
        let mut changed = ciphertext.clone();
        let at = changed.len() - 1 - bit / 8;
        changed[at] ^= 1 << (bit % 8);
        let mut resource = resource.clone();
        resource["ciphertext"] = STANDARD.encode(changed).into();
        let error = receive(&client, &resource).await.unwrap_err();
        assert_eq!(error, NotificationError::Undecryptable, "bit {bit}");
    }
}

#[tokio::test]
async fn f6_another_algorithm_is_refused_before_decryption() {
    let (client, counting) = counted();
    let other = match suite() {
        Suite::Rsa => "AEAD_SM4_GCM",
        Suite::Shangmi => "SM4_GCM",
    };
    for algorithm in ["", other, "aead_aes_256_gcm", "AEAD_AES_256_GCM\n\u{1b}[31m"] {
        let mut resource = resource(&transaction());
        resource["algorithm"] = algorithm.into();
        let error = receive(&client, &resource).await.unwrap_err();
        assert!(matches!(&error, NotificationError::OtherAlgorithm { algorithm: named, .. } if named == algorithm));
        assert!(!error.to_string().contains(['\n', '\u{1b}']));
    }
    assert_eq!(counting.decrypted(), 0);
}

#[tokio::test]
async fn f7_absent_null_and_empty_associated_data_are_the_same() {
    let empty = encrypted(API_V3_KEY, "", transaction().to_string().as_bytes());
    let mut null = empty.clone();
    null["associated_data"] = Value::Null;
    let mut absent = empty.clone();
    absent.as_object_mut().unwrap().remove("associated_data");
    for resource in [empty, null, absent] {
        assert_eq!(receive(&client(), &resource).await.unwrap().payload["mchid"], MCHID);
    }
}

#[tokio::test]
async fn f8_a_notification_for_another_merchant_is_refused() {
    for payload in [
        json!({"mchid": "1900000002"}),
        json!({"sp_mchid": "1900000002", "sub_mchid": MCHID}),
        json!({"combine_mchid": "1900000002"}),
        json!({"mch_id": "1900000002"}),
    ] {
        let error = receive(&client(), &resource(&payload)).await.unwrap_err();
        assert!(matches!(&error, NotificationError::OtherMerchant { mchid, .. } if mchid == "1900000002"));
        assert_eq!(error.status().as_u16(), 403);
        let body = body("TRANSACTION.SUCCESS", &resource(&payload));
        let receiver = client().notifications().also_for("1900000002");
        assert!(receiver.receive::<Value>(&signed(&body), &body).await.is_ok());
    }
    // A notification of the service provider, and a share that it receives from another merchant's order.
    for payload in [
        json!({"sp_mchid": MCHID, "sub_mchid": "1900000002"}),
        json!({"mchid": "1900000002", "receiver": {"type": "MERCHANT_ID", "account": MCHID, "amount": 1}}),
    ] {
        assert!(receive(&client(), &resource(&payload)).await.is_ok());
    }
}

#[tokio::test]
async fn the_error_of_a_payload_that_cannot_be_decoded_does_not_show_it() {
    let mut payload = transaction();
    payload["amount"]["total"] = "canary".into();
    let body = body("TRANSACTION.SUCCESS", &resource(&payload));
    let verified = client().notifications().verify(&signed(&body), &body).await.unwrap();
    let error = verified.decrypt::<Transaction>().unwrap_err();
    match &error {
        NotificationError::Undecodable { field, reason, .. } => {
            assert_eq!((field.as_str(), reason.english()), ("amount.total", "expected i64"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(error.status().as_u16(), 500);
    // The verified notification can be decoded again with another type.
    assert_eq!(
        verified.decrypt::<Value>().unwrap().payload["amount"]["total"],
        "canary"
    );
    for plaintext in [&b"\xff"[..], b"", b"{", b"canary"] {
        let error = receive(&client(), &encrypted(API_V3_KEY, "", plaintext))
            .await
            .unwrap_err();
        assert!(matches!(error, NotificationError::Undecodable { .. }));
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[tokio::test]
async fn a_sensitive_field_of_a_payload_is_decrypted() {
    #[derive(Debug, serde::Deserialize)]
    struct Payload {
        user_name: Sensitive,
    }
    let ciphertext = STANDARD.encode(
        PublicKey::from_der(&merchant_key().public_key_der())
            .unwrap()
            .encrypt("张三".as_bytes())
            .unwrap(),
    );
    let body = body("X", &resource(&json!({"user_name": ciphertext})));
    let receiver = client().notifications();
    let notification = receiver.receive::<Payload>(&signed(&body), &body).await.unwrap();
    assert_eq!(notification.payload.user_name.expose(), "张三");
    assert!(!format!("{notification:?}").contains("张三"));
}

#[tokio::test]
async fn debug_shows_no_key_and_no_ciphertext() {
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let receiver = client().notifications();
    let verified = receiver.verify(&signed(&body), &body).await.unwrap();
    let printed = format!("{receiver:?} {verified:?} {:?}", keyless().also_api_v3_key(API_V3_KEY));
    assert!(printed.contains("EV-2018022511223320873"));
    assert!(
        !printed.contains(API_V3_KEY) && !printed.contains("ciphertext"),
        "{printed}"
    );
}
