//! Notifications of the simulated state: on schedule, capped, and never to the gateway itself.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use shop::{
    APPID, Shop,
    server::{Server, eventually, status},
};
use std::{
    collections::HashMap,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};
use wechatpay_core::notification::{Expected, payload::Transaction};
use wechatpay_gateway::{
    Gateway,
    model::{Delivery, DeliveryState, Manner, Subject},
};

/// A shop at a gateway whose schedule is over after a tenth of a second.
fn hasty() -> Shop {
    Shop::with(Gateway::builder().compress_time(1_000_000))
}

fn only(shop: &Shop) -> Delivery {
    let mut deliveries = shop.gateway.deliveries();
    assert_eq!(deliveries.len(), 1);
    deliveries.remove(0)
}

async fn over(shop: &Shop) -> Delivery {
    eventually(|| only(shop).state != DeliveryState::Waiting).await;
    only(shop)
}

#[tokio::test]
async fn a_payment_is_notified_and_the_shop_can_read_it() {
    let (shop, server) = (Shop::open(), Server::taking());
    shop.sell_to("ORDER-0001", 1230, &server.url).await;
    let posted = server.wait_for(1).await.remove(0);
    let receiver = shop.client.notifications();
    let received = receiver
        .receive::<Transaction>(&posted.headers, &posted.body)
        .await
        .unwrap();
    let expected = Expected {
        mchid: shop.gateway.mchid(),
        appid: APPID,
        out_trade_no: "ORDER-0001",
        total: 1230,
        currency: "CNY",
    };
    received.payload.compare(&expected).unwrap();
    assert!(received.payload.is_paid());
    let delivery = over(&shop).await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Delivered, 1));
    assert_eq!(delivery.attempts[0].status, Some(204));
    assert_eq!(
        (delivery.about.kind, delivery.about.number.as_str()),
        (Subject::Order, "ORDER-0001")
    );
    assert_eq!(received.id, delivery.id);
}

#[tokio::test]
async fn g6_an_address_that_answers_500_is_tried_on_schedule_and_given_up() {
    let shop = hasty();
    let server = Server::start(|_| "HTTP/1.1 500 No\r\ncontent-length: 15\r\n\r\n{\"code\":\"FAIL\"}".to_owned());
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    let delivery = over(&shop).await;
    assert_eq!(
        (delivery.state, delivery.next_attempt_at),
        (DeliveryState::GivenUp, None)
    );
    assert_eq!((delivery.attempts.len(), server.posted().len()), (16, 16));
    let attempt = &delivery.attempts[0];
    assert_eq!(
        (attempt.status, attempt.response_body.as_deref()),
        (Some(500), Some("{\"code\":\"FAIL\"}"))
    );
    assert!(attempt.error.as_ref().unwrap().contains("200 or 204"));
    // The same notification each time, signed anew.
    let posted = server.posted();
    let id = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap()["id"].clone();
    assert!(posted.iter().all(|it| id(&it.body) == delivery.id.as_str()));
    assert_ne!(
        posted[0].headers["wechatpay-nonce"],
        posted[1].headers["wechatpay-nonce"]
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.posted().len(), 16);
}

#[tokio::test]
async fn g6_the_schedule_ends_with_the_first_200() {
    let shop = hasty();
    let server = Server::start(|number| status(if number < 3 { 503 } else { 200 }));
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    let delivery = over(&shop).await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Delivered, 4));
}

#[tokio::test]
async fn g6_a_redirect_is_not_followed() {
    let shop = hasty();
    let elsewhere = Server::taking();
    let target = elsewhere.url.clone();
    let server = Server::start(move |_| {
        format!("HTTP/1.1 307 Elsewhere\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    });
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    let delivery = over(&shop).await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::GivenUp, 16));
    assert!(delivery.attempts[0].error.as_ref().unwrap().contains("redirects"));
    assert!(elsewhere.posted().is_empty());
}

#[tokio::test]
async fn g6_an_address_that_can_never_be_used_is_given_up_at_once() {
    let shop = hasty();
    let itself = shop.gateway.url();
    let port = shop.gateway.host().address().port();
    let backup = shop.gateway.add_host().unwrap();
    let urls = [
        "ftp://127.0.0.1/notify".to_owned(),
        "file:///etc/hosts".to_owned(),
        "notify".to_owned(),
        "http://".to_owned(),
        format!("{itself}/v3/notify"),
        format!("http://localhost:{port}/"),
        format!("http://0.0.0.0:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://user@127.0.0.1:{port}/"),
        format!("{}/", backup.url()),
    ];
    for (index, url) in urls.iter().enumerate() {
        shop.sell_to(&format!("ORDER-{index:04}"), 1, url).await;
    }
    eventually(|| {
        shop.gateway
            .deliveries()
            .iter()
            .all(|it| it.state == DeliveryState::GivenUp)
    })
    .await;
    for delivery in shop.gateway.deliveries() {
        assert_eq!(
            (delivery.attempts.len(), delivery.attempts[0].status),
            (1, None),
            "{}",
            delivery.url
        );
        assert!(delivery.attempts[0].error.is_some());
    }
    // Nothing of it reached the gateway: it received the orders alone.
    assert_eq!(shop.gateway.received(), urls.len() as u64);
}

#[tokio::test]
async fn g6_an_address_that_hangs_is_left_after_five_seconds() {
    let shop = Shop::open();
    let server = Server::start(|_| {
        thread::sleep(Duration::from_secs(8));
        status(200)
    });
    let began = Instant::now();
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    eventually(|| !only(&shop).attempts.is_empty()).await;
    let (delivery, elapsed) = (only(&shop), began.elapsed());
    assert!((5..7).contains(&elapsed.as_secs()), "{elapsed:?}");
    assert_eq!(
        (delivery.state, delivery.attempts[0].status),
        (DeliveryState::Waiting, None)
    );
    assert!(delivery.attempts[0].error.as_ref().unwrap().contains("5 seconds"));
    // The next attempt is due 15 seconds later.
    let attempt = &delivery.attempts[0];
    let pause = delivery.next_attempt_at.unwrap() - attempt.at - i64::try_from(attempt.elapsed_ms).unwrap();
    assert_eq!(pause, 15_000);
}

#[tokio::test]
async fn g6_an_address_that_nobody_listens_at_is_tried_on_schedule() {
    let shop = hasty();
    shop.sell_to("ORDER-0001", 1, "http://127.0.0.1:1/notify").await;
    let delivery = over(&shop).await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::GivenUp, 16));
    assert!(
        delivery
            .attempts
            .iter()
            .all(|attempt| attempt.status.is_none() && attempt.error.is_some())
    );
}

#[tokio::test]
async fn g6_an_endless_response_is_cut() {
    let shop = hasty();
    let server = Server::start(|_| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n{}",
            "x".repeat(3_000_000)
        )
    });
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    eventually(|| !only(&shop).attempts.is_empty()).await;
    let delivery = only(&shop);
    assert!(delivery.attempts[0].error.is_some() && delivery.attempts[0].response_body.is_none());
}

#[tokio::test]
async fn a_notification_is_sent_again_twice_late_and_forged() {
    let (shop, server) = (Shop::open(), Server::taking());
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    let id = over(&shop).await.id;
    let receiver = shop.client.notifications();
    let genuine = async |from: usize| {
        let mut verdicts = Vec::new();
        for posted in &server.posted()[from..] {
            verdicts.push(
                receiver
                    .receive::<Transaction>(&posted.headers, &posted.body)
                    .await
                    .is_ok(),
            );
        }
        verdicts
    };
    shop.gateway.deliver_again(&id).unwrap();
    server.wait_for(2).await;
    shop.gateway.deliver_twice(&id).unwrap();
    server.wait_for(4).await;
    assert_eq!(genuine(0).await, [true; 4]);
    shop.gateway.deliver_late(&id, Duration::from_secs(600)).unwrap();
    server.wait_for(5).await;
    shop.gateway.deliver_forged(&id).unwrap();
    server.wait_for(6).await;
    assert_eq!(genuine(4).await, [false; 2]);
    eventually(|| only(&shop).attempts.len() == 6).await;
    let delivery = only(&shop);
    let manners: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.manner).collect();
    assert_eq!(manners[4..], [Manner::Late, Manner::Forged]);
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert!(shop.gateway.deliver_again("unknown").is_err());
}

#[tokio::test]
async fn a_forged_notification_that_is_taken_does_not_count_as_delivered() {
    let shop = Shop::open();
    let server = Server::start(|number| status(if number == 0 { 500 } else { 200 }));
    shop.sell_to("ORDER-0001", 1, &server.url).await;
    eventually(|| only(&shop).attempts.len() == 1).await;
    let id = only(&shop).id;
    shop.gateway.deliver_forged(&id).unwrap();
    eventually(|| only(&shop).attempts.len() == 2).await;
    assert_eq!(only(&shop).state, DeliveryState::Waiting);
    shop.gateway.deliver_again(&id).unwrap();
    eventually(|| only(&shop).state == DeliveryState::Delivered).await;
    assert_eq!(only(&shop).next_attempt_at, None);
}

#[tokio::test]
async fn an_order_without_an_address_is_refused() {
    let shop = Shop::open();
    let mut order = shop.order("ORDER-0001", 1);
    order.as_object_mut().unwrap().remove("notify_url");
    let (status, code) = shop.post(shop::JSAPI, &order).await.unwrap_err();
    assert_eq!((status, code.as_str()), (400, "PARAM_ERROR"));
    assert!(shop.gateway.orders().is_empty());
}

#[tokio::test]
async fn an_order_without_an_address_is_not_notified() {
    // The description asks for an address.
    let shop = Shop::with(Gateway::builder().validate(false));
    let mut order = shop.order("ORDER-0001", 1);
    order.as_object_mut().unwrap().remove("notify_url");
    shop.post(shop::JSAPI, &order).await.unwrap();
    shop.gateway.pay("ORDER-0001").unwrap();
    assert!(shop.gateway.deliveries().is_empty());
}

/// The measure: 1,000 orders and a slow shop. None lost, none doubled, bounded tasks.
#[tokio::test]
async fn g6_a_thousand_notifications_to_a_slow_shop_are_neither_lost_nor_doubled() {
    let shop = Shop::open();
    let server = Server::start(|_| {
        thread::sleep(Duration::from_millis(100));
        status(204)
    });
    for number in 0..1000 {
        shop.post(
            shop::NATIVE,
            &shop.order_to(&format!("ORDER-{number:04}"), 1, &server.url),
        )
        .await
        .unwrap();
    }
    for number in 0..1000 {
        shop.gateway.pay(&format!("ORDER-{number:04}")).unwrap();
    }
    eventually(|| {
        shop.gateway
            .deliveries()
            .iter()
            .all(|it| it.state == DeliveryState::Delivered)
    })
    .await;
    let mut counts: HashMap<String, u32> = HashMap::new();
    for posted in server.posted() {
        let body: serde_json::Value = serde_json::from_slice(&posted.body).unwrap();
        *counts.entry(body["id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let deliveries = shop.gateway.deliveries();
    assert_eq!((deliveries.len(), counts.len()), (1000, 1000));
    assert!(deliveries.iter().all(|it| counts.get(&it.id) == Some(&1)));
    let most = server.most_at_once.load(Ordering::SeqCst);
    assert!(most <= 70, "{most} at once");
}
