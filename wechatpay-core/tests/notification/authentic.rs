//! Authentication of notifications.

use crate::sender::*;
use serde_json::Value;
use wechatpay_core::{
    HeaderMap,
    notification::{NotificationError, payload::Transaction},
    signature::VerifyError,
};

/// Receives `body` and returns why it was refused. Nothing may be decrypted.
async fn refusal(headers: &HeaderMap, body: &[u8]) -> NotificationError {
    let (client, counting) = counted();
    let error = client
        .notifications()
        .receive::<Value>(headers, body)
        .await
        .unwrap_err();
    assert_eq!(counting.decrypted(), 0, "decryption ran");
    error
}

fn reason(error: &NotificationError) -> &VerifyError {
    match error {
        NotificationError::Unverified { error, .. } => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_genuine_notification_is_verified_decrypted_and_decoded() {
    let (client, counting) = counted();
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let verified = client.notifications().verify(&signed(&body), &body).await.unwrap();
    assert_eq!(verified.event_type(), "TRANSACTION.SUCCESS");
    assert_eq!(verified.original_type(), Some("transaction"));
    assert_eq!(counting.decrypted(), 0);
    let notification = verified.decrypt::<Transaction>().unwrap();
    assert_eq!(counting.decrypted(), 1);
    assert_eq!(notification.id, "EV-2018022511223320873");
    assert_eq!(notification.id, verified.id());
    assert_eq!(notification.summary.as_deref(), Some("支付成功"));
    assert_eq!(notification.payload.out_trade_no, "A20240001");
    assert!(notification.payload.is_paid());
}

#[tokio::test]
async fn f1_a_bad_signature_never_reaches_decryption() {
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let good = signed(&body);
    for name in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ] {
        let mut missing = good.clone();
        missing.remove(name);
        assert!(
            matches!(reason(&refusal(&missing, &body).await), VerifyError::Missing { .. }),
            "{name}"
        );
        let mut twice = good.clone();
        twice.append(name, good[name].clone());
        assert!(
            matches!(reason(&refusal(&twice, &body).await), VerifyError::Repeated { .. }),
            "{name}"
        );
    }
    let mut other_nonce = good.clone();
    other_nonce.insert("Wechatpay-Nonce", "another".parse().unwrap());
    assert_eq!(*reason(&refusal(&other_nonce, &body).await), VerifyError::Wrong);
    for signature in ["", "AAAA", "not base64 at all!", &"A".repeat(10_000)] {
        let error = refusal(&headers(NOW, PUBLIC_KEY_ID, signature), &body).await;
        assert_eq!(error.status().as_u16(), 401);
    }
    let (client, counting) = counted();
    let receiver = client.notifications();
    for at in 0..body.len() {
        let mut changed = body.clone();
        changed[at] ^= 1;
        let error = receiver.receive::<Value>(&good, &changed).await.unwrap_err();
        assert_eq!(*reason(&error), VerifyError::Wrong, "byte {at}");
    }
    assert_eq!(counting.decrypted(), 0);
}

#[tokio::test]
async fn f1_the_response_to_a_forgery_reveals_nothing() {
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let mut responses = Vec::new();
    for headers in [
        headers(NOW, PUBLIC_KEY_ID, "AAAA"),
        headers(NOW, "PUB_KEY_ID_UNKNOWN", "AAAA"),
        headers(NOW - 301, PUBLIC_KEY_ID, "AAAA"),
        HeaderMap::new(),
    ] {
        let response = refusal(&headers, &body).await.acknowledgement();
        assert!(!response.is_accepted());
        responses.push(response);
    }
    assert!(responses.windows(2).all(|two| two[0] == two[1]), "{responses:?}");
    assert_eq!(
        responses[0].body(),
        r#"{"code":"FAIL","message":"the signature is refused"}"#
    );
}

#[tokio::test]
async fn f2_a_changed_body_is_refused_and_the_error_names_the_usual_cause() {
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let good = signed(&body);
    let value: Value = serde_json::from_slice(&body).unwrap();
    let with = |before: &[u8], after: &[u8]| [before, &body, after].concat();
    let cases: [(&str, Vec<u8>); 8] = [
        (
            "parsed and serialized again",
            serde_json::to_vec_pretty(&value).unwrap(),
        ),
        (
            "parsed and serialized again",
            String::from_utf8(body.clone()).unwrap().replace('/', "\\/").into(),
        ),
        ("a line feed", with(b"", b"\n")),
        ("a line feed", with(b"", b"\r\n")),
        ("byte order mark", with("\u{feff}".as_bytes(), b"")),
        ("not UTF-8", with(b"", b"\xff")),
        ("is empty", Vec::new()),
        (
            "not the JSON that was sent",
            serde_json::to_vec(&Value::from(String::from_utf8(body.clone()).unwrap())).unwrap(),
        ),
    ];
    for (cause, changed) in cases {
        let error = refusal(&good, &changed).await;
        assert_eq!(*reason(&error), VerifyError::Wrong);
        assert!(error.to_string().contains(cause), "{error}");
        assert!(error.hint().unwrap().english().contains(cause));
    }
}

#[tokio::test]
async fn f4_a_notification_replayed_after_five_minutes_is_refused() {
    let (client, counting) = counted();
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let receiver = client.notifications();
    for (timestamp, accepted) in [
        (NOW - 300, true),
        (NOW + 300, true),
        (NOW - 301, false),
        (NOW + 301, false),
    ] {
        let result = receiver
            .verify(&signed_at(timestamp, PUBLIC_KEY_ID, &body), &body)
            .await;
        match result {
            Ok(_) => assert!(accepted, "{timestamp}"),
            Err(error) => {
                assert!(!accepted, "{timestamp}");
                assert!(matches!(reason(&error), VerifyError::Stale { seconds: 301, .. }));
                assert!(error.to_string().contains("clock"));
            }
        }
    }
    assert_eq!(counting.decrypted(), 0);
}

#[tokio::test]
async fn a11_a_signature_probe_with_any_serial_is_refused_and_nothing_is_decrypted() {
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    for serial in [
        PUBLIC_KEY_ID,
        "PUB_KEY_ID_0000000000000000000000000000",
        "5157F09EFDC096DE15EBE81A47057A72",
    ] {
        for rest in ["", "AAAA", "=not base64="] {
            let signature = format!("WECHATPAY/SIGNTEST/{rest}");
            let error = refusal(&headers(NOW, serial, &signature), &body).await;
            assert_eq!(*reason(&error), VerifyError::SignatureProbe);
            assert_eq!(error.status().as_u16(), 401);
        }
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused_without_parsing() {
    let error = refusal(&HeaderMap::new(), &vec![b' '; (1 << 20) + 1]).await;
    assert!(matches!(error, NotificationError::TooLarge { most: 1_048_576, .. }));
    assert_eq!(error.status().as_u16(), 413);
    let body = body("TRANSACTION.SUCCESS", &resource(&transaction()));
    let receiver = client().notifications();
    assert!(
        receiver
            .clone()
            .max_bytes(body.len())
            .verify(&signed(&body), &body)
            .await
            .is_ok()
    );
    assert!(
        receiver
            .max_bytes(body.len() - 1)
            .verify(&signed(&body), &body)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_authentic_body_that_is_not_a_notification_is_refused() {
    let encrypted = resource(&transaction());
    let whole = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&body("TRANSACTION.SUCCESS", &encrypted)).unwrap();
        change(&mut value);
        value.to_string().into_bytes()
    };
    let cases: [(&str, Vec<u8>); 8] = [
        ("", b"[]".to_vec()),
        ("", b"\xff".to_vec()),
        ("", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        ("id", whole(|value| value["id"] = "".into())),
        ("id", whole(|value| value["id"] = 1.into())),
        ("event_type", whole(|value| value["event_type"] = "".into())),
        ("resource", whole(|value| value["resource"] = Value::Null)),
        ("resource.nonce", whole(|value| value["resource"]["nonce"] = 1.into())),
    ];
    for (field, body) in cases {
        let error = refusal(&signed(&body), &body).await;
        match &error {
            NotificationError::Malformed { field: named, .. } if !field.is_empty() => assert_eq!(named, field),
            NotificationError::Malformed { .. } => {}
            other => panic!("{other}"),
        }
        assert_eq!(error.status().as_u16(), 400);
    }
}
