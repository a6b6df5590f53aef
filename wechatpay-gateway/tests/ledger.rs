//! The ledger: one order for each business number.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use http::Method;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use support::{Request, encrypt};
use wechatpay_gateway::{Gateway, GatewayResponse};

const TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills";

fn gateway() -> (Gateway, Arc<AtomicUsize>) {
    let gateway = Gateway::start().unwrap();
    let executions = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&executions);
    gateway.on_order(Method::POST, TRANSFER, "out_bill_no", move |request| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        match request.json()["transfer_amount"].as_u64() {
            Some(0) => GatewayResponse::error(400, "PARAM_ERROR", "金额错误"),
            _ => GatewayResponse::json(200, &json!({ "transfer_bill_no": format!("T{number}") })),
        }
    });
    (gateway, executions)
}

fn transfer(gateway: &Gateway, body: &Value) -> Request {
    Request::post(gateway, TRANSFER, body.to_string()).header("wechatpay-serial", &gateway.public_key_id())
}

#[tokio::test]
async fn a_retry_gets_the_first_response_and_executes_nothing() {
    let (gateway, executions) = gateway();
    let bill = || {
        let name = encrypt(&gateway, "张三");
        transfer(
            &gateway,
            &json!({ "out_bill_no": "B1", "user_name": name, "transfer_amount": 5 }),
        )
    };
    let first = bill().send().await.json();
    let second = bill().send().await.json();
    assert_eq!((first["transfer_bill_no"].as_str(), &first), (Some("T0"), &second));
    assert_eq!(executions.load(Ordering::SeqCst), 1);
    let rows = gateway.ledger().rows();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].field.as_str(), rows[0].number.as_str()), ("out_bill_no", "B1"));
    assert_eq!(rows[0].operation, format!("POST {TRANSFER}"));
    assert_eq!(rows[0].parameters["user_name"], "张三");
    assert_eq!((rows[0].requests, rows[0].conflicts), (2, 0));
}

#[tokio::test]
async fn the_same_number_with_other_parameters_is_refused() {
    let (gateway, executions) = gateway();
    transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 5 }))
        .send()
        .await;
    let other = transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 6 }))
        .send()
        .await;
    assert_eq!((other.status, other.code().as_str()), (400, "INVALID_REQUEST"));
    assert_eq!(executions.load(Ordering::SeqCst), 1);
    let row = gateway.ledger().find("B1").unwrap();
    assert_eq!(
        (row.conflicts, row.parameters["transfer_amount"].as_u64()),
        (1, Some(5))
    );
}

#[tokio::test]
async fn a_refused_order_is_not_in_the_ledger() {
    let (gateway, executions) = gateway();
    let refused = transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 0 }))
        .send()
        .await;
    assert_eq!(refused.status, 400);
    assert!(gateway.ledger().is_empty());
    let right = transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 1 }))
        .send()
        .await;
    assert_eq!((right.status, executions.load(Ordering::SeqCst)), (200, 2));
}

#[tokio::test]
async fn an_order_without_a_number_is_a_param_error() {
    let (gateway, _) = gateway();
    for body in [json!({}), json!({ "out_bill_no": "" }), json!({ "out_bill_no": 1 })] {
        assert_eq!(transfer(&gateway, &body).send().await.code(), "PARAM_ERROR");
    }
}

#[tokio::test]
async fn the_number_may_be_in_the_path() {
    let gateway = Gateway::start().unwrap();
    gateway.on_order(Method::POST, "/v3/orders/{out_order_no}/finish", "out_order_no", |_| ());
    for _ in 0..2 {
        assert_eq!(
            Request::post(&gateway, "/v3/orders/O%2F1/finish", "{}")
                .send()
                .await
                .status,
            204
        );
    }
    assert_eq!(gateway.ledger().find("O/1").unwrap().requests, 2);
}

#[tokio::test]
async fn a_handler_can_query_the_ledger() {
    let (gateway, _) = gateway();
    let ledger = gateway.ledger();
    gateway.on(
        Method::GET,
        &format!("{TRANSFER}/out-bill-no/{{out_bill_no}}"),
        move |request| match ledger.find(request.path("out_bill_no")) {
            Some(row) => row.response,
            None => GatewayResponse::error(404, "NOT_FOUND", "记录不存在"),
        },
    );
    let query = || Request::get(&gateway, &format!("{TRANSFER}/out-bill-no/B1"));
    assert_eq!(query().send().await.status, 404);
    transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 5 }))
        .send()
        .await;
    assert_eq!(query().send().await.json()["transfer_bill_no"], "T0");
}

#[tokio::test]
async fn concurrent_requests_to_two_hosts_create_one_order() {
    let (gateway, executions) = gateway();
    let backup = gateway.add_host().unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let mut request = transfer(&gateway, &json!({ "out_bill_no": "B1", "transfer_amount": 5 }));
        if number % 2 == 0 {
            request.url = backup.url();
        }
        tasks.spawn(async move { request.send().await.json()["transfer_bill_no"].clone() });
    }
    assert_eq!(tasks.join_all().await, vec![json!("T0"); 20]);
    assert_eq!(executions.load(Ordering::SeqCst), 1);
    assert_eq!(
        (gateway.ledger().len(), gateway.ledger().find("B1").unwrap().requests),
        (1, 20)
    );
}
