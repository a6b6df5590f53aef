//! Retries, observed from both sides of the connection.
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

/// An address without a listener.
fn closed_address() -> String {
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
    let response = call.response::<Value>().send().await?;
    assert_eq!(response.get("prepay_id"), Some(&json!("wx1")));
    Ok(response.attempts())
}

#[tokio::test]
async fn c1_any_request_goes_to_the_backup_host_if_the_main_host_is_unreachable() {
    let gateway = gateway();
    let client = gateway
        .client_builder()
        .base_url(closed_address())
        .backup_url(gateway.url())
        .retry(quick())
        .build()
        .unwrap();
    assert_eq!(order(&client, false).await.unwrap(), 2);
    // Later calls stay on the backup host.
    assert_eq!(order(&client, false).await.unwrap(), 1);
    assert_eq!(gateway.ledger().count("A-1"), 1);
}

#[tokio::test]
async fn c3_only_an_idempotent_request_is_retried_after_a_reset_and_the_ledger_has_one_order() {
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
async fn c20_a_retry_that_was_not_sent_is_retried_and_the_first_attempt_stays_uncertain() {
    let gateway = gateway();
    let client = || {
        gateway
            .client_builder()
            .backup_url(closed_address())
            .retry(quick())
            .build()
            .unwrap()
    };
    // Main host: committed and reset. Backup host: connection refused. Main host again: the same order.
    gateway.misbehave(Fault::Reset { committed: true });
    assert_eq!(order(&client(), true).await.unwrap(), 3);
    assert_eq!(gateway.ledger().count("A-1"), 1);
    assert_eq!(gateway.requests_to(ORDERS).len(), 2);

    gateway.misbehave(Fault::Reset { committed: true });
    gateway.misbehave(Fault::Reset { committed: true });
    let error = order(&client(), true).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 3));
}
