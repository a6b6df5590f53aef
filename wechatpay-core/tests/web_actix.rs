//! The extractor in an actix-web application.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod web;

use actix_web::{App, HttpServer, dev::ServerHandle, rt, web as actix};
use std::{net::SocketAddr, sync::mpsc, thread};
use web::{Application, Handled};
use wechatpay_core::{
    StatusCode,
    client::Clients,
    notification::{Acknowledgement, WechatpayNotification, payload::Transaction},
};
use wechatpay_gateway::Gateway;

async fn paid(handled: actix::Data<Handled>, notification: WechatpayNotification<Transaction>) -> Acknowledgement {
    let number = notification.payload.out_trade_no.clone();
    handled.lock().unwrap().push(number);
    Acknowledgement::accepted()
}

async fn later(
    handled: actix::Data<Handled>,
    WechatpayNotification(notification): WechatpayNotification<Transaction>,
) -> Acknowledgement {
    handled.lock().unwrap().push(notification.payload.out_trade_no);
    Acknowledgement::failed_with(StatusCode::SERVICE_UNAVAILABLE, "the database is down")
}

/// Runs an application in a separate thread until it is dropped.
struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    fn start(configure: impl Fn(&mut actix::ServiceConfig) + Clone + Send + 'static) -> Self {
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(move || App::new().configure(configure.clone()))
                    .workers(1)
                    .disable_signals()
                    .bind(("127.0.0.1", 0))
                    .unwrap();
                let address = server.addrs()[0];
                let server = server.run();
                tell.send((address, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (address, handle) = told.recv().unwrap();
        Self {
            address,
            handle,
            thread: Some(thread),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The stop command is sent immediately. The future only waits for the end.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn application() -> (Application, Running) {
    let gateway = Gateway::start().unwrap();
    let handled = Handled::default();
    let receiver = web::receiver(&gateway);
    let shared = handled.clone();
    let running = Running::start(move |config| {
        config
            .app_data(actix::Data::new(receiver.clone()))
            .app_data(actix::Data::new(shared.clone()))
            .route("/paid", actix::post().to(paid))
            .route("/later", actix::post().to(later));
    });
    let address = running.address;
    (
        Application {
            gateway,
            address,
            handled,
        },
        running,
    )
}

#[tokio::test]
async fn a_genuine_notification_reaches_the_handler() {
    let (application, _running) = application();
    application.a_genuine_notification_reaches_the_handler().await;
}

#[tokio::test]
async fn a_refused_notification_gets_a_failure_and_does_not_reach_the_handler() {
    let (application, _running) = application();
    application
        .a_refused_notification_gets_a_failure_and_does_not_reach_the_handler()
        .await;
}

#[tokio::test]
async fn f9_a_body_of_100_mb_is_stopped_at_the_limit() {
    let (application, _running) = application();
    application.f9_a_body_of_100_mb_is_stopped_at_the_limit().await;
}

#[tokio::test]
async fn f9_a_slow_body_ends_at_the_timeout() {
    let (application, _running) = application();
    application.f9_a_slow_body_ends_at_the_timeout().await;
}

#[tokio::test]
async fn u4_the_app_data_can_be_the_clients_of_several_merchants() {
    async fn paid(notification: WechatpayNotification<serde_json::Value>) -> String {
        notification.mchid.clone()
    }
    let gateways = ["1900000101", "1900000102"].map(|mchid| Gateway::builder().mchid(mchid).start().unwrap());
    let clients: Clients = gateways.iter().map(|gateway| gateway.client().unwrap()).collect();
    let running = Running::start(move |config| {
        config
            .app_data(actix::Data::new(clients.clone()))
            .route("/paid", actix::post().to(paid));
    });
    let url = format!("http://{}/paid", running.address);
    for gateway in &gateways {
        let paid = gateway.notification("X", serde_json::json!({ "mchid": gateway.mchid() }));
        assert_eq!(&paid.send(&url).await.unwrap().body[..], gateway.mchid().as_bytes());
    }
}

#[tokio::test]
async fn the_app_data_can_be_a_client_and_without_one_the_response_is_a_failure() {
    async fn paid(_: WechatpayNotification<serde_json::Value>) -> Acknowledgement {
        Acknowledgement::success()
    }
    let gateway = Gateway::start().unwrap();
    let notification = gateway.notification("X", serde_json::json!({}));
    let client = gateway.client().unwrap();
    let running = Running::start(move |config| {
        config
            .app_data(actix::Data::new(client.clone()))
            .route("/paid", actix::post().to(paid));
    });
    let response = notification
        .send(&format!("http://{}/paid", running.address))
        .await
        .unwrap();
    assert_eq!(response.status.as_u16(), 200);
    let without = Running::start(|config| {
        config.route("/paid", actix::post().to(paid));
    });
    let response = notification
        .send(&format!("http://{}/paid", without.address))
        .await
        .unwrap();
    assert_eq!(response.status.as_u16(), 500);
}
