//! The extractor in an axum application.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod web;

use axum::{
    Router,
    extract::{FromRef, State},
    routing::post,
};
use web::{Application, Handled};
use wechatpay_core::{
    Client, StatusCode,
    notification::{Acknowledgement, NotificationReceiver, WechatpayNotification, payload::Transaction},
};
use wechatpay_gateway::Gateway;

#[derive(Clone)]
struct Shop {
    receiver: NotificationReceiver,
    handled: Handled,
}

impl FromRef<Shop> for NotificationReceiver {
    fn from_ref(shop: &Shop) -> Self {
        shop.receiver.clone()
    }
}

async fn paid(State(shop): State<Shop>, notification: WechatpayNotification<Transaction>) -> Acknowledgement {
    let number = notification.payload.out_trade_no.clone();
    shop.handled.lock().unwrap().push(number);
    Acknowledgement::accepted()
}

async fn later(
    State(shop): State<Shop>,
    WechatpayNotification(notification): WechatpayNotification<Transaction>,
) -> Acknowledgement {
    shop.handled.lock().unwrap().push(notification.payload.out_trade_no);
    Acknowledgement::failed_with(StatusCode::SERVICE_UNAVAILABLE, "the database is down")
}

async fn serve(routes: Router) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // It ends with the test's runtime.
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn application() -> Application {
    let gateway = Gateway::start().unwrap();
    let handled = Handled::default();
    let shop = Shop {
        receiver: web::receiver(&gateway),
        handled: handled.clone(),
    };
    let routes = Router::new()
        .route("/paid", post(paid))
        .route("/later", post(later))
        .with_state(shop);
    Application {
        gateway,
        address: serve(routes).await,
        handled,
    }
}

#[tokio::test]
async fn a_good_notification_reaches_the_handler() {
    application().await.a_good_notification_reaches_the_handler().await;
}

#[tokio::test]
async fn what_is_refused_is_answered_and_does_not_reach_the_handler() {
    let application = application().await;
    application
        .what_is_refused_is_answered_and_does_not_reach_the_handler()
        .await;
}

#[tokio::test]
async fn f9_a_body_of_100_mb_is_stopped_at_the_cap() {
    application().await.f9_a_body_of_100_mb_is_stopped_at_the_cap().await;
}

#[tokio::test]
async fn f9_a_slow_body_is_given_up_in_time() {
    application().await.f9_a_slow_body_is_given_up_in_time().await;
}

#[tokio::test]
async fn the_client_itself_can_be_the_state() {
    async fn paid(_: State<Client>, _: WechatpayNotification<serde_json::Value>) -> Acknowledgement {
        Acknowledgement::success()
    }
    let gateway = Gateway::start().unwrap();
    let routes = Router::new()
        .route("/paid", post(paid))
        .with_state(gateway.client().unwrap());
    let url = format!("http://{}/paid", serve(routes).await);
    let reply = gateway
        .notification("X", serde_json::json!({}))
        .send(&url)
        .await
        .unwrap();
    assert_eq!(reply.status.as_u16(), 200);
    assert_eq!(&reply.body[..], r#"{"code":"SUCCESS","message":"成功"}"#.as_bytes());
}
