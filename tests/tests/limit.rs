//! Rates of operations, over HTTP.

use serde_json::json;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use wechatpay_core::{ErrorKind, Method, Outcome, RetryPolicy, crypto::aws_lc_rs::AwsLcRs, limit::Rates};
use wechatpay_gateway::{Fault, Gateway};

const REFUNDS: &str = "/v3/refund/domestic/refunds";

fn gateway() -> Gateway {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(Method::POST, REFUNDS, |_| json!({ "status": "PROCESSING" }));
    gateway
}

#[tokio::test]
async fn all_tasks_of_a_client_and_its_clones_share_a_rate() {
    let gateway = gateway();
    let rates = Rates::new().per_second(Method::POST, REFUNDS, 100);
    let client = gateway.client_builder().rates(rates).build().unwrap();
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..31 {
        let client = client.clone();
        tasks.spawn(async move { client.request(Method::POST, REFUNDS).send().await.unwrap() });
    }
    tasks.join_all().await;
    assert!(begun.elapsed() >= Duration::from_millis(290), "{:?}", begun.elapsed());
    assert_eq!(gateway.received(), 31);
}

#[tokio::test]
async fn c11_after_a_429_every_task_waits_before_it_sends() {
    let gateway = gateway();
    let rates = Rates::new().per_second(Method::POST, REFUNDS, 1000);
    let builder = gateway.client_builder().rates(rates).retry(RetryPolicy::never());
    let client = builder.build().unwrap();
    gateway.misbehave(Fault::TooManyRequests { retry_after: None });
    let error = client.request(Method::POST, REFUNDS).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    let begun = Instant::now();
    client.clone().request(Method::POST, REFUNDS).send().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(950), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_call_whose_deadline_ends_in_the_queue_was_not_sent() {
    let gateway = gateway();
    let rates = Rates::new().per_minute(Method::POST, REFUNDS, 1);
    let client = gateway.client_builder().rates(rates).build().unwrap();
    client.request(Method::POST, REFUNDS).send().await.unwrap();
    let call = client
        .request(Method::POST, REFUNDS)
        .deadline(Duration::from_millis(50));
    let error = call.send().await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Local, ErrorKind::Timeout));
    assert_eq!(gateway.received(), 1);
}

#[test]
fn a_rate_of_nothing_is_refused_when_the_client_is_built() {
    let rates = Rates::new().per_second(Method::POST, REFUNDS, 0);
    let error = gateway().client_builder().rates(rates).build().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the rate of POST /v3/refund/domestic/refunds is 0"),
        "{error}"
    );
    assert!(
        error.chinese().to_string().contains("频率限制为 0"),
        "{}",
        error.chinese()
    );
}
