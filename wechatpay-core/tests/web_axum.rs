//! The extractor in an axum application.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod web;

use axum::{
    Router,
    extract::{FromRef, FromRequest, State},
    routing::post,
};
use bytes::Bytes;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use web::{Application, Handled};
use wechatpay_core::{
    Client, PrivateKey, StatusCode,
    client::Clients,
    notification::{
        Acknowledgement, NotificationError, NotificationReceiver, WechatpayNotification, payload::Transaction,
    },
    transport::{Transport, TransportError, TransportRequest, TransportResponse},
};
use wechatpay_gateway::{Fault, Gateway, PlatformMode};

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
    // It ends with the runtime of the test.
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
async fn a_genuine_notification_reaches_the_handler() {
    application().await.a_genuine_notification_reaches_the_handler().await;
}

#[tokio::test]
async fn a_refused_notification_gets_a_failure_and_does_not_reach_the_handler() {
    let application = application().await;
    application
        .a_refused_notification_gets_a_failure_and_does_not_reach_the_handler()
        .await;
}

#[tokio::test]
async fn f9_a_body_of_100_mb_is_stopped_at_the_limit() {
    application().await.f9_a_body_of_100_mb_is_stopped_at_the_limit().await;
}

#[tokio::test]
async fn f9_a_slow_body_ends_at_the_timeout() {
    application().await.f9_a_slow_body_ends_at_the_timeout().await;
}

#[tokio::test]
async fn u4_the_state_can_be_the_clients_of_several_merchants() {
    async fn paid(notification: WechatpayNotification<Value>) -> (StatusCode, String) {
        (StatusCode::OK, notification.mchid.clone())
    }
    let gateways = ["1900000101", "1900000102"].map(|mchid| Gateway::builder().mchid(mchid).start().unwrap());
    let clients: Clients = gateways.iter().map(|gateway| gateway.client().unwrap()).collect();
    let routes = Router::new().route("/paid", post(paid)).with_state(clients);
    let url = format!("http://{}/paid", serve(routes).await);
    for gateway in &gateways {
        let paid = gateway.notification("X", json!({ "mchid": gateway.mchid() }));
        assert_eq!(&paid.send(&url).await.unwrap().body[..], gateway.mchid().as_bytes());
    }
}

#[tokio::test]
async fn u7_a_handler_can_receive_the_refusal() {
    async fn paid(notification: Result<WechatpayNotification<Value>, NotificationError>) -> Acknowledgement {
        match notification {
            Ok(_) => Acknowledgement::accepted(),
            Err(error) => Acknowledgement::failed_with(StatusCode::IM_A_TEAPOT, &error.status().to_string()),
        }
    }
    let gateway = Gateway::start().unwrap();
    let routes = Router::new()
        .route("/paid", post(paid))
        .with_state(gateway.client().unwrap());
    let url = format!("http://{}/paid", serve(routes).await);
    let notification = gateway.notification("X", json!({ "mchid": gateway.mchid() }));
    assert_eq!(notification.send(&url).await.unwrap().status, 204);
    let response = notification.fault(Fault::WrongKey).send(&url).await.unwrap();
    assert_eq!(response.status, 418);
    assert!(str::from_utf8(&response.body).unwrap().contains("401 Unauthorized"));
}

/// A slow body.
struct Slow(Pin<Box<tokio::time::Sleep>>, Option<Bytes>);

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        std::task::ready!(self.0.as_mut().poll(context));
        Poll::Ready(self.1.take().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }
}

/// A service that never returns certificates.
struct Silent;

impl Transport for Silent {
    fn send(
        &self,
        _: TransportRequest<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn s18_a_slow_body_and_a_slow_key_download_end_within_the_services_five_seconds() {
    let gateway = Gateway::start().unwrap();
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .base_url(gateway.url())
        .api_v3_key(gateway.api_v3_key())
        .platform_certificates()
        .transport(Silent)
        .build()
        .unwrap();
    let certificates = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let posted = certificates.notification("X", json!({})).sign().unwrap();
    let body = Slow(
        Box::pin(tokio::time::sleep(Duration::from_millis(2900))),
        Some(Bytes::copy_from_slice(posted.body())),
    );
    let mut request = axum::extract::Request::new(axum::body::Body::new(body));
    *request.headers_mut() = posted.headers().clone();
    let begun = tokio::time::Instant::now();
    let error = WechatpayNotification::<Value>::from_request(request, &client)
        .await
        .unwrap_err();
    assert!(matches!(error, NotificationError::Unverified { .. }), "{error}");
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_millis(2900) && took < Duration::from_millis(3100),
        "{took:?}"
    );
}

#[tokio::test]
async fn the_state_can_be_a_client() {
    async fn paid(_: State<Client>, _: WechatpayNotification<Value>) -> Acknowledgement {
        Acknowledgement::success()
    }
    let gateway = Gateway::start().unwrap();
    let routes = Router::new()
        .route("/paid", post(paid))
        .with_state(gateway.client().unwrap());
    let url = format!("http://{}/paid", serve(routes).await);
    let response = gateway
        .notification("X", serde_json::json!({}))
        .send(&url)
        .await
        .unwrap();
    assert_eq!(response.status.as_u16(), 200);
    assert_eq!(&response.body[..], r#"{"code":"SUCCESS","message":"成功"}"#.as_bytes());
}
