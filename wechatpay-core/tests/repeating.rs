//! Repeats, seen from both ends of the wire.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use http::Method;
use serde_json::{Value, json};
use std::{net::TcpListener, time::Duration};
use wechatpay_core::{Client, Error, Outcome, RetryPolicy};
use wechatpay_gateway::{Fault, Gateway};

const ORDERS: &str = "/v3/pay/transactions/jsapi";

fn gateway() -> Gateway {
    let gateway = Gateway::start().unwrap();
    gateway.on_order(Method::POST, ORDERS, "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
    gateway
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::from_millis(10), Duration::from_millis(20))
}

async fn order(client: &Client, idempotent: bool) -> Result<u32, Error> {
    let body = json!({ "out_trade_no": "A-1" });
    let call = client.request(Method::POST, ORDERS).json(&body);
    let call = if idempotent { call.idempotent() } else { call };
    let reply = call.response::<Value>().send().await?;
    assert_eq!(reply.get("prepay_id"), Some(&json!("wx1")));
    Ok(reply.attempts())
}

#[tokio::test]
async fn c1_any_request_goes_to_the_backup_host_when_the_main_one_cannot_be_reached() {
    let gateway = gateway();
    let client = gateway
        .client_builder()
        .base_url(nobody())
        .backup_url(gateway.url())
        .retry(quick())
        .build()
        .unwrap();
    assert_eq!(order(&client, false).await.unwrap(), 2);
    // Everyone stays there.
    assert_eq!(order(&client, false).await.unwrap(), 1);
    assert_eq!(gateway.ledger().count("A-1"), 1);
}

#[tokio::test]
async fn c3_only_an_idempotent_request_is_repeated_after_a_reset_and_the_ledger_has_one_order() {
    for committed in [false, true] {
        let gateway = gateway();
        let client = gateway.client_builder().retry(quick()).build().unwrap();
        gateway.misbehave(Fault::Reset { committed });
        assert_eq!(order(&client, true).await.unwrap(), 2);
        assert_eq!(gateway.ledger().count("A-1"), 1);

        gateway.misbehave(Fault::Reset { committed });
        let error = order(&client, false).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
        assert_eq!(gateway.requests_to(ORDERS).len(), 3);
    }
}

#[tokio::test]
async fn c20_a_repeat_that_is_not_sent_is_repeated_too_and_the_doubt_of_the_first_attempt_stays() {
    let gateway = gateway();
    let client = || {
        gateway
            .client_builder()
            .backup_url(nobody())
            .retry(quick())
            .build()
            .unwrap()
    };
    // Main: committed and reset. Backup: nobody there. Main again: the same order.
    gateway.misbehave(Fault::Reset { committed: true });
    assert_eq!(order(&client(), true).await.unwrap(), 3);
    assert_eq!(gateway.ledger().count("A-1"), 1);
    assert_eq!(gateway.requests_to(ORDERS).len(), 2);

    gateway.misbehave(Fault::Reset { committed: true });
    gateway.misbehave(Fault::Reset { committed: true });
    let error = order(&client(), true).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 3));
}
