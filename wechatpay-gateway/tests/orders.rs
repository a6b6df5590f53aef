//! Orders with state: placed, paid, closed, asked for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use serde_json::{Value, json};
use shop::{APPID, JSAPI, NATIVE, OPENID, SUB_MCHID, Shop, no};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};
use wechatpay_core::{
    Method,
    notification::{
        Expected,
        payload::{TradeState, TradeType, Transaction},
    },
    system::{OperatingSystem, System},
};
use wechatpay_gateway::{
    Changed, Gateway, StateError,
    model::{Cause, OrderKind},
};

fn transaction(response: Value) -> Transaction {
    serde_json::from_value(response).unwrap()
}

/// A clock that the test moves.
#[derive(Debug, Clone, Default)]
struct Ahead(Arc<AtomicU64>);

impl System for Ahead {
    fn now(&self) -> SystemTime {
        SystemTime::now() + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        OperatingSystem.random(bytes)
    }
}

#[tokio::test]
async fn an_order_is_placed_paid_and_queried_by_both_numbers() {
    let shop = Shop::open();
    let placed = shop.place("ORDER-0001", 1230).await;
    let prepay_id = placed["prepay_id"].as_str().unwrap();
    assert!(prepay_id.starts_with("wx") && prepay_id.len() == 36, "{prepay_id}");

    let waiting = transaction(shop.query("ORDER-0001").await.unwrap());
    assert_eq!(
        (waiting.trade_state.clone(), waiting.transaction_id.clone()),
        (TradeState::NotPay, None)
    );

    let order = shop.gateway.pay("ORDER-0001").unwrap();
    let transaction_id = order.transaction_id.unwrap();
    assert_eq!(transaction_id.len(), 28);
    let by_number = shop.query("ORDER-0001").await.unwrap();
    let path = format!("/v3/pay/transactions/id/{transaction_id}");
    let mchid = json!({ "mchid": shop.gateway.mchid() });
    assert_eq!(shop.get(&path, &mchid).await.unwrap(), by_number);

    let paid = transaction(by_number);
    paid.compare(&Expected {
        mchid: shop.gateway.mchid(),
        appid: APPID,
        out_trade_no: "ORDER-0001",
        total: 1230,
        currency: "CNY",
    })
    .unwrap();
    assert!(paid.is_paid());
    assert_eq!(paid.trade_type, Some(TradeType::Jsapi));
    assert_eq!(paid.attach.as_deref(), Some("table 7"));
    assert_eq!(paid.payer.and_then(|payer| payer.openid).as_deref(), Some(OPENID));
    assert!(paid.success_time.is_some_and(|time| time.ends_with("+08:00")));
    assert_eq!(shop.gateway.ledger().count("ORDER-0001"), 1);
}

#[tokio::test]
async fn each_kind_of_order_gives_what_its_payment_is_opened_with() {
    let shop = Shop::open();
    let with_ip = |number: &str| {
        let mut order = shop.order(number, 1);
        order["scene_info"] = json!({ "payer_client_ip": "127.0.0.1", "h5_info": { "type": "Wap" } });
        order
    };
    let native = shop.post(NATIVE, &shop.order("ORDER-NATIVE", 1)).await.unwrap();
    assert!(
        native["code_url"]
            .as_str()
            .unwrap()
            .starts_with("weixin://wxpay/bizpayurl?pr=")
    );
    let app = shop
        .post("/v3/pay/transactions/app", &shop.order("ORDER-APP", 1))
        .await
        .unwrap();
    assert!(app["prepay_id"].as_str().unwrap().starts_with("wx"));
    let h5 = shop
        .post("/v3/pay/transactions/h5", &with_ip("ORDER-H5"))
        .await
        .unwrap();
    assert!(h5["h5_url"].as_str().unwrap().starts_with("https://wx.tenpay.com/"));
    let kinds: Vec<_> = shop.gateway.orders().iter().map(|order| order.kind).collect();
    assert_eq!(kinds, [OrderKind::Native, OrderKind::App, OrderKind::H5]);
}

#[tokio::test]
async fn g7_the_same_number_with_the_same_parameters_gives_the_same_order() {
    let shop = Shop::open();
    let first = shop.place("ORDER-0001", 100).await;
    assert_eq!(shop.place("ORDER-0001", 100).await, first);
    assert_eq!(shop.gateway.orders().len(), 1);
    let row = shop.gateway.ledger().find("ORDER-0001").unwrap();
    assert_eq!((row.requests, row.conflicts), (2, 0));
}

#[tokio::test]
async fn g7_the_same_number_with_other_parameters_is_refused() {
    let shop = Shop::open();
    shop.place("ORDER-0001", 100).await;
    let other_total = shop.post(JSAPI, &shop.order("ORDER-0001", 200)).await;
    assert_eq!(other_total, no(400, "INVALID_REQUEST"));
    let other_kind = shop.post(NATIVE, &shop.order("ORDER-0001", 100)).await;
    assert_eq!(other_kind, no(400, "INVALID_REQUEST"));
    assert_eq!(shop.gateway.order("ORDER-0001").unwrap().total, 100);
    let row = shop.gateway.ledger().find("ORDER-0001").unwrap();
    assert_eq!((row.requests, row.conflicts), (1, 2));
}

#[tokio::test]
async fn g7_a_paid_order_is_neither_closed_nor_placed_nor_paid_again() {
    let shop = Shop::open();
    shop.sell("ORDER-0001", 100).await;
    assert_eq!(shop.close("ORDER-0001").await, no(400, "ORDERPAID"));
    assert_eq!(
        shop.post(JSAPI, &shop.order("ORDER-0001", 100)).await,
        no(400, "ORDERPAID")
    );
    let again = shop.gateway.pay("ORDER-0001");
    assert!(matches!(again, Err(StateError::WrongState { state, .. }) if state == "SUCCESS"));
    assert_eq!(shop.gateway.deliveries().len(), 1);
}

#[tokio::test]
async fn g7_a_closed_order_is_neither_paid_nor_closed_nor_placed_again() {
    let shop = Shop::open();
    shop.place("ORDER-0001", 100).await;
    shop.close("ORDER-0001").await.unwrap();
    assert_eq!(
        transaction(shop.query("ORDER-0001").await.unwrap()).trade_state,
        TradeState::Closed
    );
    assert_eq!(shop.close("ORDER-0001").await, no(400, "ORDER_CLOSED"));
    assert_eq!(
        shop.post(JSAPI, &shop.order("ORDER-0001", 100)).await,
        no(400, "ORDER_CLOSED")
    );
    assert!(matches!(
        shop.gateway.pay("ORDER-0001"),
        Err(StateError::WrongState { .. })
    ));
    assert!(shop.gateway.deliveries().is_empty());
}

#[tokio::test]
async fn an_unknown_order_does_not_exist() {
    let shop = Shop::open();
    assert_eq!(shop.query("ORDER-0001").await, no(404, "ORDER_NOT_EXIST"));
    assert_eq!(shop.close("ORDER-0001").await, no(404, "ORDER_NOT_EXIST"));
    let by_id = shop
        .get(
            "/v3/pay/transactions/id/4200",
            &json!({ "mchid": shop.gateway.mchid() }),
        )
        .await;
    assert_eq!(by_id, no(404, "ORDER_NOT_EXIST"));
    let error = shop.gateway.order("ORDER-0001").unwrap_err();
    assert_eq!(error.to_string(), "there is no order `ORDER-0001`");
}

#[tokio::test]
async fn an_order_with_a_bad_value_is_a_param_error_that_names_the_field() {
    let shop = Shop::open();
    let cases = [
        ("out_trade_no", json!("SHORT")),
        ("out_trade_no", json!("has space in it")),
        ("out_trade_no", json!("A".repeat(33))),
        ("description", json!("")),
        ("payer", json!({ "openid": "" })),
        ("amount", json!({ "total": 0 })),
        ("amount", json!({ "total": -1 })),
        ("amount", json!({ "total": 1.5 })),
        ("amount", json!({ "total": 1, "currency": "USD" })),
        ("time_expire", json!("tomorrow")),
        ("time_expire", json!("2018-06-08T10:34:56+08:00")),
    ];
    for (field, value) in cases {
        let mut order = shop.order("ORDER-0001", 100);
        order[field] = value;
        let request = shop
            .client
            .request(Method::POST, JSAPI)
            .json(&order)
            .response::<Value>();
        let error = request.send().await.unwrap_err();
        assert_eq!(error.code(), Some("PARAM_ERROR"), "{order}");
        let detail = error.detail().map(|detail| detail.to_string()).unwrap_or_default();
        assert!(detail.contains(field), "{field}: {detail}");
    }
    let mut strange = shop.order("ORDER-0001", 100);
    strange["mchid"] = json!("1900000999");
    assert_eq!(shop.post(JSAPI, &strange).await, no(400, "INVALID_REQUEST"));
    assert!(shop.gateway.orders().is_empty() && shop.gateway.ledger().is_empty());
}

#[tokio::test]
async fn an_order_that_nobody_pays_in_time_is_closed() {
    let ahead = Ahead::default();
    let gateway = Gateway::builder()
        .simulate()
        .system(Arc::new(ahead.clone()))
        .start()
        .unwrap();
    let client = gateway.client_builder().system(ahead.clone()).build().unwrap();
    let shop = Shop { gateway, client };
    shop.place("ORDER-0001", 100).await;
    ahead.0.store(7199, Ordering::SeqCst);
    assert_eq!(
        shop.gateway.order("ORDER-0001").unwrap().trade_state,
        TradeState::NotPay
    );
    ahead.0.store(7201, Ordering::SeqCst);
    assert_eq!(shop.gateway.orders()[0].trade_state, TradeState::Closed);
    assert!(shop.gateway.pay("ORDER-0001").is_err());
    assert_eq!(shop.query("ORDER-0001").await.unwrap()["trade_state"], "CLOSED");
    let history = shop.gateway.order("ORDER-0001").unwrap().history;
    assert_eq!((history.len(), history[1].cause), (2, Cause::Clock));
}

#[tokio::test]
async fn a_failed_payment_can_be_made_again_and_one_who_leaves_changes_nothing() {
    let shop = Shop::open();
    shop.place("ORDER-0001", 100).await;
    assert_eq!(
        shop.gateway.leave_payment("ORDER-0001").unwrap().trade_state,
        TradeState::NotPay
    );
    assert_eq!(
        shop.gateway.fail_payment("ORDER-0001").unwrap().trade_state,
        TradeState::PayError
    );
    assert_eq!(shop.query("ORDER-0001").await.unwrap()["trade_state"], "PAYERROR");
    shop.gateway.pay("ORDER-0001").unwrap();
    let states: Vec<_> = shop
        .gateway
        .order("ORDER-0001")
        .unwrap()
        .history
        .into_iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, ["NOTPAY", "NOTPAY", "PAYERROR", "SUCCESS"]);
}

#[tokio::test]
async fn a_service_provider_places_and_queries_orders_of_its_sub_merchants() {
    let shop = Shop::open();
    let order = json!({
        "sp_appid": APPID, "sp_mchid": shop.gateway.mchid(), "sub_mchid": SUB_MCHID, "description": "Coffee",
        "out_trade_no": "ORDER-0001", "notify_url": "https://127.0.0.1:1/notify", "amount": { "total": 100 },
        "payer": { "sp_openid": OPENID },
    });
    shop.post("/v3/pay/partner/transactions/jsapi", &order).await.unwrap();
    shop.gateway.pay("ORDER-0001").unwrap();
    let path = "/v3/pay/partner/transactions/out-trade-no/ORDER-0001";
    let ask = |sub_mchid: &str| json!({ "sp_mchid": shop.gateway.mchid(), "sub_mchid": sub_mchid });
    let paid = transaction(shop.get(path, &ask(SUB_MCHID)).await.unwrap());
    let expected = Expected {
        mchid: SUB_MCHID,
        appid: APPID,
        out_trade_no: "ORDER-0001",
        total: 100,
        currency: "CNY",
    };
    paid.compare(&expected).unwrap();
    assert_eq!(paid.payer.and_then(|payer| payer.sp_openid).as_deref(), Some(OPENID));
    assert_eq!(shop.get(path, &ask("1900000110")).await, no(400, "INVALID_REQUEST"));
    // It is not an order of the service provider itself.
    assert_eq!(shop.query("ORDER-0001").await, no(404, "ORDER_NOT_EXIST"));
    let closed = shop.send(&format!("{path}/close"), &ask(SUB_MCHID)).await;
    assert_eq!(closed, no(400, "ORDERPAID"));
}

#[tokio::test]
async fn a_registered_handler_goes_before_the_simulator() {
    let shop = Shop::open();
    shop.gateway.on(Method::POST, JSAPI, |_| json!({ "prepay_id": "mine" }));
    assert_eq!(shop.place("ORDER-0001", 100).await["prepay_id"], "mine");
    assert!(shop.gateway.orders().is_empty());
    shop.post(NATIVE, &shop.order("ORDER-0002", 1)).await.unwrap();
    assert_eq!(shop.gateway.orders().len(), 1);
}

#[tokio::test]
async fn without_simulate_a_path_that_nobody_registered_does_not_exist() {
    let gateway = Gateway::start().unwrap();
    let shop = Shop {
        client: gateway.client().unwrap(),
        gateway,
    };
    assert_eq!(shop.query("ORDER-0001").await, no(404, "RESOURCE_NOT_EXISTS"));
    assert_eq!(shop.gateway.pay("ORDER-0001"), Err(StateError::NotSimulated));
    assert!(shop.gateway.orders().is_empty());
}

#[tokio::test]
async fn a_seed_gives_the_same_numbers_again() {
    let numbers = async || {
        let shop = Shop::with(Gateway::builder().seed(7));
        let prepay_id = shop.place("ORDER-0001", 100).await["prepay_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let transaction_id = shop.gateway.pay("ORDER-0001").unwrap().transaction_id.unwrap();
        // Without the time.
        (prepay_id[16..].to_owned(), transaction_id[12..].to_owned())
    };
    assert_eq!(numbers().await, numbers().await);
}

#[tokio::test]
async fn a_subscriber_hears_of_requests_and_of_changes() {
    let shop = Shop::open();
    let mut changes = shop.gateway.subscribe();
    shop.place("ORDER-0001", 100).await;
    shop.gateway.pay("ORDER-0001").unwrap();
    let id = shop.gateway.deliveries()[0].id.clone();
    let order = Changed::Order("ORDER-0001".to_owned());
    for expected in [Changed::Request(1), order.clone(), order, Changed::Delivery(id)] {
        assert_eq!(changes.next().await, Some(expected));
    }
}

#[tokio::test]
async fn two_tasks_with_one_number_get_one_order() {
    let shop = Shop::open();
    let backup = shop.gateway.add_host().unwrap();
    let other = shop.gateway.client_builder().base_url(backup.url()).build().unwrap();
    let body = shop.order("ORDER-0001", 100);
    let place = async |client: &wechatpay_core::Client| {
        let sent = client
            .request(Method::POST, JSAPI)
            .json(&body)
            .response::<Value>()
            .send()
            .await;
        sent.unwrap()["prepay_id"].clone()
    };
    let (first, second) = tokio::join!(place(&shop.client), place(&other));
    assert_eq!(first, second);
    assert_eq!((shop.gateway.orders().len(), shop.gateway.ledger().len()), (1, 1));
}
