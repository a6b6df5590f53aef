//! Combined orders, code payments and profit sharing with state.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use serde_json::{Value, json};
use shop::{APPID, OPENID, REFUNDS, Shop, no, server::Server};
use wechatpay_core::{
    Method,
    notification::{
        Expected,
        payload::{CombinedTransaction, TradeState},
    },
};

const COMBINED: &str = "/v3/combine-transactions";
const CODE: &str = "/v3/pay/transactions/codepay";

fn combination(shop: &Shop, notify_url: &str) -> Value {
    let part = |number: &str, total: i64| {
        json!({
            "mchid": shop.gateway.mchid(), "sub_mchid": shop::SUB_MCHID, "attach": "a", "description": "Coffee",
            "out_trade_no": number, "amount": { "total_amount": total, "currency": "CNY" },
        })
    };
    json!({
        "combine_appid": APPID, "combine_mchid": shop.gateway.mchid(), "combine_out_trade_no": "WHOLE-0001",
        "notify_url": notify_url, "combine_payer_info": { "openid": OPENID },
        "sub_orders": [part("PART-0001", 100), part("PART-0002", 230)],
    })
}

#[tokio::test]
async fn the_parts_of_a_combined_order_are_paid_together() {
    let (shop, server) = (Shop::open(), Server::taking());
    let body = combination(&shop, &server.url);
    let path = format!("{COMBINED}/jsapi");
    let placed = shop.post(&path, &body).await.unwrap();
    assert_eq!(shop.post(&path, &body).await.unwrap(), placed);
    let query = format!("{COMBINED}/out-trade-no/WHOLE-0001");
    assert_eq!(
        shop.get(&query, &json!({})).await.unwrap()["sub_orders"][1]["trade_state"],
        "NOTPAY"
    );

    shop.gateway.pay("PART-0002").unwrap();
    assert!(shop.gateway.pay("WHOLE-0001").is_err());
    let paid = shop.get(&query, &json!({})).await.unwrap();
    let posted = server.wait_for(1).await.remove(0);
    let receiver = shop.client.notifications();
    let received = receiver
        .receive::<CombinedTransaction>(&posted.headers, &posted.body)
        .await
        .unwrap()
        .payload;
    assert_eq!(received, serde_json::from_value(paid).unwrap());
    let expected = [("PART-0001", 100), ("PART-0002", 230)].map(|(out_trade_no, total)| Expected {
        mchid: shop::SUB_MCHID,
        appid: APPID,
        out_trade_no,
        total,
        currency: "CNY",
    });
    received.compare("WHOLE-0001", &expected).unwrap();
    assert!(received.is_paid());
    assert_eq!(shop.gateway.deliveries().len(), 1);
    // A part is refunded as a separate order.
    let mut refund = shop.refund_body("PART-0002", "R-1", 230, 230);
    refund["sub_mchid"] = json!(shop::SUB_MCHID);
    shop.post(REFUNDS, &refund).await.unwrap();
    assert_eq!(
        shop.gateway.order("PART-0001").unwrap().trade_state,
        TradeState::Success
    );
}

#[tokio::test]
async fn g7_a_combined_order_is_placed_once_and_its_numbers_are_taken() {
    let shop = Shop::open();
    shop.place("PART-0002", 1).await;
    let path = format!("{COMBINED}/jsapi");
    let body = combination(&shop, "https://127.0.0.1:1/notify");
    assert_eq!(shop.post(&path, &body).await, no(403, "OUT_TRADE_NO_USED"));
    assert_eq!(shop.gateway.orders().len(), 1);

    let shop = Shop::open();
    shop.post(&path, &body).await.unwrap();
    let mut other = body.clone();
    other["sub_orders"][0]["amount"]["total_amount"] = json!(101);
    assert_eq!(shop.post(&path, &other).await, no(400, "INVALID_REQUEST"));
    assert_eq!(
        shop.post(shop::JSAPI, &shop.order("PART-0001", 100)).await,
        no(403, "OUT_TRADE_NO_USED")
    );
    let mut twice = body.clone();
    twice["combine_out_trade_no"] = json!("WHOLE-0002");
    twice["sub_orders"][1]["out_trade_no"] = json!("PART-0001");
    assert_eq!(shop.post(&path, &twice).await, no(400, "PARAM_ERROR"));
}

#[tokio::test]
async fn a_combined_order_is_closed() {
    let shop = Shop::open();
    shop.post(
        &format!("{COMBINED}/native"),
        &combination(&shop, "https://127.0.0.1:1/notify"),
    )
    .await
    .unwrap();
    let parts = ["PART-0001", "PART-0002"]
        .map(|number| json!({ "mchid": shop.gateway.mchid(), "sub_mchid": shop::SUB_MCHID, "out_trade_no": number }));
    let close = json!({ "combine_appid": APPID, "sub_orders": parts });
    let path = format!("{COMBINED}/out-trade-no/WHOLE-0001/close");
    shop.send(&path, &close).await.unwrap();
    assert!(shop.gateway.pay("WHOLE-0001").is_err());
    assert_eq!(shop.send(&path, &close).await, no(400, "ORDER_CLOSED"));
    let unknown = format!("{COMBINED}/out-trade-no/WHOLE-0002/close");
    assert_eq!(shop.send(&unknown, &close).await, no(404, "ORDER_NOT_EXIST"));
}

fn code_order(shop: &Shop, number: &str, total: i64, code: &str) -> Value {
    json!({
        "appid": APPID, "mchid": shop.gateway.mchid(), "description": "Coffee", "out_trade_no": number,
        "payer": { "auth_code": code }, "amount": { "total": total },
        "scene_info": { "store_info": { "id": "0001" } },
    })
}

const AUTH_CODE: &str = "130061098828009406";

#[tokio::test]
async fn a_code_payment_moves_the_money_at_once() {
    let shop = Shop::open();
    let body = code_order(&shop, "ORDER-0001", 100, AUTH_CODE);
    let paid = shop.post(CODE, &body).await.unwrap();
    assert_eq!(
        (paid["trade_state"].as_str(), paid["trade_type"].as_str()),
        (Some("SUCCESS"), Some("MICROPAY"))
    );
    assert_eq!(shop.post(CODE, &body).await.unwrap(), paid);
    assert!(shop.gateway.deliveries().is_empty());
    let wrong = code_order(&shop, "ORDER-0002", 100, "990061098828009406");
    assert_eq!(shop.post(CODE, &wrong).await, no(400, "AUTH_CODE_INVALID"));
    assert_eq!(shop.close("ORDER-0001").await, no(400, "INVALID_REQUEST"));
}

#[tokio::test]
async fn a_large_code_payment_waits_for_the_password() {
    let shop = Shop::open();
    let body = code_order(&shop, "ORDER-0001", 100_001, AUTH_CODE);
    for _ in 0..2 {
        assert_eq!(shop.post(CODE, &body).await, no(202, "USERPAYING"));
    }
    assert_eq!(shop.query("ORDER-0001").await.unwrap()["trade_state"], "USERPAYING");
    shop.gateway.pay("ORDER-0001").unwrap();
    assert_eq!(shop.post(CODE, &body).await.unwrap()["trade_state"], "SUCCESS");
    assert_eq!(shop.gateway.orders().len(), 1);

    shop.post(CODE, &code_order(&shop, "ORDER-0002", 100_001, AUTH_CODE))
        .await
        .unwrap_err();
    shop.gateway.fail_payment("ORDER-0002").unwrap();
    let failed = shop
        .post(CODE, &code_order(&shop, "ORDER-0002", 100_001, AUTH_CODE))
        .await;
    assert_eq!(failed, no(403, "TRADE_ERROR"));
}

#[tokio::test]
async fn a_code_payment_is_reversed_and_not_refunded_then() {
    let shop = Shop::open();
    shop.post(CODE, &code_order(&shop, "ORDER-0001", 100, AUTH_CODE))
        .await
        .unwrap();
    let path = "/v3/pay/transactions/out-trade-no/ORDER-0001/reverse";
    let body = json!({ "appid": APPID, "mchid": shop.gateway.mchid() });
    for _ in 0..2 {
        assert_eq!(shop.post(path, &body).await.unwrap()["out_trade_no"], "ORDER-0001");
    }
    assert_eq!(shop.query("ORDER-0001").await.unwrap()["trade_state"], "REVOKED");
    assert_eq!(
        shop.refund("ORDER-0001", "R-1", 100, 100).await,
        no(400, "INVALID_REQUEST")
    );
    shop.sell("ORDER-0002", 1).await;
    let path = "/v3/pay/transactions/out-trade-no/ORDER-0002/reverse";
    assert_eq!(shop.post(path, &body).await, no(400, "INVALID_REQUEST"));
}

const RECEIVERS: &str = "/v3/profitsharing/receivers";
const SHARING: &str = "/v3/profitsharing/orders";
const RETURNS: &str = "/v3/profitsharing/return-orders";

async fn sell_for_sharing(shop: &Shop, number: &str, total: i64) -> String {
    let mut order = shop.order(number, total);
    order["settle_info"] = json!({ "profit_sharing": true });
    shop.post(shop::JSAPI, &order).await.unwrap();
    shop.gateway.pay(number).unwrap().transaction_id.unwrap()
}

fn sharing(transaction_id: &str, number: &str, amount: i64, unfreeze: bool) -> Value {
    json!({
        "appid": APPID, "transaction_id": transaction_id, "out_order_no": number, "unfreeze_unsplit": unfreeze,
        "receivers": [{ "type": "MERCHANT_ID", "account": "86693852", "amount": amount, "description": "commission" }],
    })
}

async fn unsplit(shop: &Shop, transaction_id: &str) -> i64 {
    let path = format!("/v3/profitsharing/transactions/{transaction_id}/amounts");
    shop.get(&path, &json!({})).await.unwrap()["unsplit_amount"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn an_order_is_shared_returned_and_released() {
    let shop = Shop::open();
    let transaction_id = sell_for_sharing(&shop, "ORDER-0001", 1000).await;
    let first = sharing(&transaction_id, "SHARING-1", 300, false);
    assert_eq!(shop.post(SHARING, &first).await, no(400, "RECEIVER_INVALID"));
    let receiver = json!({
        "appid": APPID, "type": "MERCHANT_ID", "account": "86693852", "relation_type": "PARTNER",
        "name": shop.client.encrypt("张三商店").unwrap(),
    });
    shop.post(&format!("{RECEIVERS}/add"), &receiver).await.unwrap();
    let shared = shop.post(SHARING, &first).await.unwrap();
    assert_eq!(
        (shared["state"].as_str(), shared["receivers"][0]["amount"].as_i64()),
        (Some("FINISHED"), Some(300))
    );
    assert_eq!(shop.post(SHARING, &first).await.unwrap(), shared);
    assert_eq!(unsplit(&shop, &transaction_id).await, 700);
    let asked = shop
        .get(
            &format!("{SHARING}/SHARING-1"),
            &json!({ "transaction_id": transaction_id }),
        )
        .await
        .unwrap();
    assert_eq!(asked, shared);

    let back = json!({
        "out_order_no": "SHARING-1", "out_return_no": "RETURN-1", "return_mchid": "86693852", "amount": 100,
        "description": "refund",
    });
    let returned = shop.post(RETURNS, &back).await.unwrap();
    assert_eq!(
        (returned["result"].as_str(), &returned["order_id"]),
        (Some("SUCCESS"), &shared["order_id"])
    );
    assert_eq!(shop.post(RETURNS, &back).await.unwrap(), returned);
    let asked = shop
        .get(&format!("{RETURNS}/RETURN-1"), &json!({ "out_order_no": "SHARING-1" }))
        .await
        .unwrap();
    assert_eq!(asked, returned);

    let release = json!({ "transaction_id": transaction_id, "out_order_no": "RELEASE-1", "description": "the rest" });
    let path = format!("{SHARING}/unfreeze");
    assert_eq!(shop.send_and_read(&path, &release).await["receivers"][0]["amount"], 700);
    assert_eq!(unsplit(&shop, &transaction_id).await, 0);
    assert_eq!(shop.gateway.sharings().len(), 2);
}

#[tokio::test]
async fn g7_no_more_is_shared_and_returned_than_there_is() {
    let shop = Shop::open();
    let transaction_id = sell_for_sharing(&shop, "ORDER-0001", 1000).await;
    let receiver = json!({ "appid": APPID, "type": "MERCHANT_ID", "account": "86693852", "relation_type": "PARTNER" });
    shop.post(&format!("{RECEIVERS}/add"), &receiver).await.unwrap();
    shop.refund("ORDER-0001", "R-1", 200, 1000).await.unwrap();
    let share = async |number: &str, amount| {
        shop.post(SHARING, &sharing(&transaction_id, number, amount, false))
            .await
    };
    assert_eq!(share("SHARING-1", 801).await, no(403, "NOT_ENOUGH"));
    share("SHARING-1", 500).await.unwrap();
    assert_eq!(share("SHARING-1", 501).await, no(400, "INVALID_REQUEST"));
    assert_eq!(share("SHARING-2", 301).await, no(403, "NOT_ENOUGH"));
    let give_back = async |number: &str, amount: i64| {
        let back = json!({
            "out_order_no": "SHARING-1", "out_return_no": number, "return_mchid": "86693852", "amount": amount,
            "description": "refund",
        });
        shop.post(RETURNS, &back).await
    };
    give_back("RETURN-1", 400).await.unwrap();
    assert_eq!(give_back("RETURN-2", 101).await, no(400, "INVALID_REQUEST"));
    give_back("RETURN-2", 100).await.unwrap();

    let delete = json!({ "appid": APPID, "type": "MERCHANT_ID", "account": "86693852" });
    shop.post(&format!("{RECEIVERS}/delete"), &delete).await.unwrap();
    assert_eq!(share("SHARING-3", 1).await, no(400, "RECEIVER_INVALID"));
    let plain = shop.place("ORDER-0002", 100).await;
    assert!(plain["prepay_id"].is_string());
    let transaction_id = shop.gateway.pay("ORDER-0002").unwrap().transaction_id.unwrap();
    let not_for_sharing = shop
        .post(SHARING, &sharing(&transaction_id, "SHARING-4", 1, true))
        .await;
    assert_eq!(not_for_sharing, no(400, "INVALID_REQUEST"));
    let unknown = shop.client.request(Method::GET, format!("{SHARING}/SHARING-9"));
    let unknown = unknown
        .query(&json!({ "transaction_id": transaction_id }))
        .response::<Value>()
        .send()
        .await;
    assert_eq!(unknown.unwrap_err().code(), Some("RESOURCE_NOT_EXISTS"));
}
