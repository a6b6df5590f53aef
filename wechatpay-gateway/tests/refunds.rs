//! Refunds with state: of a part, several, abnormal ones, and sums that never exceed what was paid.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use serde_json::{Value, json};
use shop::{REFUNDS, SUB_MCHID, Shop, no, server::Server};
use wechatpay_core::{
    Method,
    notification::{
        ExpectedRefund,
        payload::{Refund, RefundStatus},
    },
};
use wechatpay_gateway::StateError;

#[tokio::test]
async fn a_refund_is_made_in_parts_and_queried() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 1000).await;
    let first = shop.refund("ORDER-0001", "R-1", 300, 1000).await.unwrap();
    assert_eq!(
        (first["status"].as_str(), first["amount"]["refund"].as_i64()),
        (Some("PROCESSING"), Some(300))
    );
    assert_eq!(first["refund_id"].as_str().unwrap().len(), 29);
    assert_eq!(shop.query("ORDER-0001").await.unwrap()["trade_state"], "REFUND");
    shop.refund("ORDER-0001", "R-2", 700, 1000).await.unwrap();
    shop.gateway.finish_refund("R-1").unwrap();
    let done = shop.get(&format!("{REFUNDS}/R-1"), &json!({})).await.unwrap();
    assert_eq!(
        (done["status"].as_str(), &done["refund_id"]),
        (Some("SUCCESS"), &first["refund_id"])
    );
    assert!(done["success_time"].is_string());
    assert_eq!(
        shop.get(&format!("{REFUNDS}/R-3"), &json!({})).await,
        no(404, "RESOURCE_NOT_EXISTS")
    );
    assert_eq!(shop.gateway.ledger().rows().len(), 3);
}

#[tokio::test]
async fn g7_a_refund_of_more_than_was_paid_is_refused() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 1000).await;
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 1001, 1000).await,
        no(400, "PARAM_ERROR")
    );
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 500, 2000).await,
        no(400, "INVALID_REQUEST")
    );
    shop.refund("ORDER-0001", "R-1", 600, 1000).await.unwrap();
    assert_eq!(
        shop.refund("ORDER-0001", "R-2", 401, 1000).await,
        no(400, "INVALID_REQUEST")
    );
    shop.refund("ORDER-0001", "R-2", 400, 1000).await.unwrap();
    assert_eq!(
        shop.refund("ORDER-0001", "R-3", 1, 1000).await,
        no(400, "INVALID_REQUEST")
    );
    let sum: i64 = shop.gateway.refunds().iter().map(|refund| refund.refund).sum();
    assert_eq!(sum, 1000);
}

#[tokio::test]
async fn g7_two_refunds_that_race_for_the_last_fen_never_exceed_the_sum() {
    let shop = Shop::open();
    let backup = shop.gateway.add_host().unwrap();
    let other = shop.gateway.client_builder().base_url(backup.url()).build().unwrap();
    for round in 0..10 {
        let order = format!("ORDER-{round:04}");
        shop.sell(&order, 100).await;
        let refund = async |client: &wechatpay_core::Client, number: String| {
            let body = shop.refund_body(&order, &number, 60, 100);
            client
                .request(Method::POST, REFUNDS)
                .json(&body)
                .response::<Value>()
                .send()
                .await
                .is_ok()
        };
        let (first, second) = tokio::join!(
            refund(&shop.client, format!("A-{round}")),
            refund(&other, format!("B-{round}"))
        );
        assert!(first ^ second, "exactly one of them is made");
    }
    assert_eq!(shop.gateway.refunds().len(), 10);
}

#[tokio::test]
async fn g7_the_same_refund_number_refunds_once() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 1000).await;
    let first = shop.refund("ORDER-0001", "R-1", 300, 1000).await.unwrap();
    assert_eq!(shop.refund("ORDER-0001", "R-1", 300, 1000).await.unwrap(), first);
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 301, 1000).await,
        no(400, "INVALID_REQUEST")
    );
    shop.gateway.finish_refund("R-1").unwrap();
    let later = shop.refund("ORDER-0001", "R-1", 300, 1000).await.unwrap();
    assert_eq!(
        (later["status"].as_str(), &later["refund_id"]),
        (Some("SUCCESS"), &first["refund_id"])
    );
    assert_eq!(shop.gateway.refunds().len(), 1);
    let row = shop.gateway.ledger().find("R-1").unwrap();
    assert_eq!((row.requests, row.conflicts), (3, 1));
}

#[tokio::test]
async fn g7_an_order_has_fifty_refunds_at_most() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 1000).await;
    for number in 0..50 {
        shop.refund("ORDER-0001", &format!("R-{number}"), 1, 1000)
            .await
            .unwrap();
    }
    assert_eq!(
        shop.refund("ORDER-0001", "R-50", 1, 1000).await,
        no(400, "INVALID_REQUEST")
    );
    assert_eq!(shop.gateway.refunds().len(), 50);
}

#[tokio::test]
async fn g7_an_order_that_is_not_paid_is_not_refunded() {
    let shop = Shop::open();
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 1, 100).await,
        no(404, "RESOURCE_NOT_EXISTS")
    );
    shop.place("ORDER-0001", 100).await;
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 1, 100).await,
        no(400, "INVALID_REQUEST")
    );
    shop.close("ORDER-0001").await.unwrap();
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 1, 100).await,
        no(400, "INVALID_REQUEST")
    );
    assert!(shop.gateway.refunds().is_empty());
}

#[tokio::test]
async fn an_abnormal_refund_is_finished_another_way() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 100).await;
    let refund = shop.refund("ORDER-0001", "R-1", 100, 100).await.unwrap();
    let path = format!(
        "{REFUNDS}/{}/apply-abnormal-refund",
        refund["refund_id"].as_str().unwrap()
    );
    let apply = json!({ "out_refund_no": "R-1", "type": "MERCHANT_BANK_CARD" });
    assert_eq!(shop.post(&path, &apply).await, no(400, "INVALID_REQUEST"));
    shop.gateway.make_refund_abnormal("R-1").unwrap();
    assert!(matches!(
        shop.gateway.finish_refund("R-1"),
        Err(StateError::WrongState { .. })
    ));
    let to_user = json!({ "out_refund_no": "R-1", "type": "USER_BANK_CARD" });
    assert_eq!(shop.post(&path, &to_user).await, no(400, "PARAM_ERROR"));
    let applied = shop.post(&path, &apply).await.unwrap();
    assert_eq!(
        (applied["status"].as_str(), applied["channel"].as_str()),
        (Some("PROCESSING"), Some("OTHER_BANKCARD"))
    );
    shop.gateway.finish_refund("R-1").unwrap();
    let states: Vec<_> = shop
        .gateway
        .refund("R-1")
        .unwrap()
        .history
        .into_iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, ["PROCESSING", "ABNORMAL", "PROCESSING", "SUCCESS"]);
}

#[tokio::test]
async fn the_result_of_a_refund_is_notified() {
    let (shop, server) = (Shop::open(), Server::taking());
    shop.sell("ORDER-0001", 1230).await;
    let mut body = shop.refund_body("ORDER-0001", "R-1", 30, 1230);
    body["notify_url"] = json!(server.url);
    let transaction_id = shop.gateway.order("ORDER-0001").unwrap().transaction_id;
    body.as_object_mut().unwrap().remove("out_trade_no");
    body["transaction_id"] = json!(transaction_id);
    shop.post(REFUNDS, &body).await.unwrap();
    shop.gateway.finish_refund("R-1").unwrap();
    let posted = server.wait_for(1).await.remove(0);
    let receiver = shop.client.notifications();
    let received = receiver.receive::<Refund>(&posted.headers, &posted.body).await.unwrap();
    received
        .payload
        .compare(&ExpectedRefund {
            mchid: shop.gateway.mchid(),
            out_trade_no: "ORDER-0001",
            out_refund_no: "R-1",
            total: 1230,
            refund: 30,
        })
        .unwrap();
    assert_eq!(received.payload.refund_status, RefundStatus::Success);
    assert_eq!(received.payload.transaction_id, transaction_id);
}

#[tokio::test]
async fn a_service_provider_refunds_with_the_sub_merchant() {
    let shop = Shop::open();
    let order = json!({
        "sp_appid": shop::APPID, "sp_mchid": shop.gateway.mchid(), "sub_mchid": SUB_MCHID, "description": "Coffee",
        "out_trade_no": "ORDER-0001", "notify_url": "https://127.0.0.1:1/notify", "amount": { "total": 100 },
    });
    shop.post("/v3/pay/partner/transactions/native", &order).await.unwrap();
    shop.gateway.pay("ORDER-0001").unwrap();
    let mut refund = shop.refund_body("ORDER-0001", "R-1", 100, 100);
    assert_eq!(shop.post(REFUNDS, &refund).await, no(400, "PARAM_ERROR"));
    refund["sub_mchid"] = json!(SUB_MCHID);
    shop.post(REFUNDS, &refund).await.unwrap();
    let path = format!("{REFUNDS}/R-1");
    assert_eq!(shop.get(&path, &json!({})).await, no(404, "RESOURCE_NOT_EXISTS"));
    assert_eq!(
        shop.get(&path, &json!({ "sub_mchid": SUB_MCHID })).await.unwrap()["out_refund_no"],
        "R-1"
    );
}
