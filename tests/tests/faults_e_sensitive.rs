//! Sensitive values: encrypted, or not sent at all.

use serde::{Deserialize, Serialize};
use serde_json::json;
use wechatpay_core::{
    Client, ErrorKind, Method, Outcome, Sensitive,
    crypto::{Suite, aws_lc_rs::AwsLcRs},
    wechatpay_endpoint,
};
use wechatpay_gateway::Gateway;
use wechatpay_tests::{Log, full_text, quick};

/// This file is also a module of the test `shangmi`.
fn suite() -> Suite {
    wechatpay_tests::suite_of(module_path!())
}

fn gateway() -> Gateway {
    let gateway = Gateway::builder().suite(suite()).backend(&AwsLcRs).start().unwrap();
    gateway.on(Method::POST, "/v3/orders", |_| json!({}));
    gateway
}

fn client(gateway: &Gateway) -> Client {
    gateway.client_builder().retry(quick()).build().unwrap()
}

#[derive(Debug, Serialize)]
struct Receiver {
    name: Sensitive,
}

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
struct Order {
    name: String,
    receivers: Vec<Receiver>,
}

#[tokio::test]
async fn e8_a_sensitive_text_has_at_most_214_bytes_with_rsa_and_any_length_with_sm2() {
    let gateway = gateway();
    let client = client(&gateway);
    let name = Receiver {
        name: Sensitive::new("ok"),
    };
    for text in [
        String::new(),
        "x".into(),
        "x".repeat(213),
        "x".repeat(214),
        "字".repeat(71),
    ] {
        let order = Order {
            name: text.clone(),
            receivers: vec![Receiver {
                name: Sensitive::new(text.clone()),
            }],
        };
        order.send(&client).await.unwrap();
        let received = gateway.last_request().unwrap();
        assert_eq!(
            (received.field("name"), received.field("receivers[0].name")),
            (&json!(text), &json!(text))
        );
        assert_eq!(received.is_encrypted("name"), !text.is_empty());
    }
    let before = gateway.received();
    for text in ["x".repeat(215), "字".repeat(72), "x".repeat(100_000)] {
        if suite() == Suite::Shangmi {
            let order = Order {
                name: text.clone(),
                receivers: vec![],
            };
            order.send(&client).await.unwrap();
            assert_eq!(gateway.last_request().unwrap().plaintext("name"), Some(&*text));
            continue;
        }
        let error = Order {
            name: text.clone(),
            receivers: vec![],
        }
        .send(&client)
        .await
        .unwrap_err();
        assert_eq!((error.outcome(), error.field()), (Outcome::Local, Some("name")));
        assert!(!full_text(&error).contains(&text));
        let nested = Receiver {
            name: Sensitive::new(text),
        };
        let order = Order {
            name: "ok".into(),
            receivers: vec![
                Receiver {
                    name: name.name.clone(),
                },
                nested,
            ],
        };
        let error = order.send(&client).await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.field()),
            (Outcome::Local, Some("receivers[1].name"))
        );
    }
    let more = if suite() == Suite::Shangmi { 3 } else { 0 };
    assert_eq!(gateway.received(), before + more);
}

#[tokio::test]
async fn e9_sensitive_values_are_only_sent_encrypted() {
    const CANARY: &str = "canary-e9-赵钱孙李";
    let log = Log::start();
    let gateway = gateway();
    let client = client(&gateway);
    let order = Order {
        name: CANARY.into(),
        receivers: vec![Receiver {
            name: Sensitive::new(CANARY),
        }],
    };
    let mut said = format!("{order:?}{order:#?}");
    said += &full_text(&serde_json::to_string(&order).unwrap_err());
    said += &full_text(&serde_json::to_value(&order.receivers).unwrap_err());
    order.send(&client).await.unwrap();
    gateway.on(Method::POST, "/v3/orders", |_| json!({ "name": "not a ciphertext" }));
    #[derive(Debug, Deserialize)]
    struct OrderResponse {
        #[allow(dead_code, reason = "it cannot be decrypted")]
        name: Sensitive,
    }
    let undecryptable = client
        .request(Method::POST, "/v3/orders")
        .json(&order)
        .response::<OrderResponse>()
        .send()
        .await;
    said += &full_text(&undecryptable.unwrap_err());
    let logged = log.text();
    assert!(logged.contains("/v3/orders"), "the log lacks the calls: {logged}");
    assert!(said.contains("[redacted]") && said.contains("/v3/orders"));
    said += &logged;
    assert!(!said.contains(CANARY) && !said.contains("赵钱孙李") && !said.contains("canary-e9"));
}

#[tokio::test]
async fn e10_every_ciphertext_that_cannot_be_decrypted_gives_the_same_error() {
    #[derive(Debug, Deserialize)]
    struct OrderResponse {
        #[allow(dead_code, reason = "it cannot be decrypted")]
        name: Sensitive,
    }
    #[wechatpay_endpoint(POST, "/v3/orders", response = OrderResponse)]
    struct Ask {}
    let gateway = gateway();
    let client = client(&gateway);
    let genuine = gateway.encrypt("张三");
    let mut flipped = genuine.clone().into_bytes();
    flipped[10] = if flipped[10] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let mut errors = Vec::new();
    let wrong = [
        "!",
        "AAAA",
        &genuine[..genuine.len() / 8 * 4],
        &flipped,
        &format!("{genuine}AAAA"),
        "中文",
        &"A".repeat(344),
        " ",
    ];
    for ciphertext in wrong.map(str::to_owned) {
        gateway.on(Method::POST, "/v3/orders", move |_| json!({ "name": ciphertext }));
        let error = (Ask {}).send(&client).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Undecodable, Outcome::Unknown)
        );
        assert_eq!(error.field(), Some("name"));
        errors.push(error.to_string().split("; Request-ID").next().unwrap().to_owned());
    }
    errors.dedup();
    assert_eq!(errors.len(), 1, "the errors differ: {errors:?}");
}
