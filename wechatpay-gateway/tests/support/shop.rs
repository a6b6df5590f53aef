//! A shop that receives notifications.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test may panic, and says what it has skipped"
)]

use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{convert::Infallible, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    time::timeout,
};
use wechatpay_core::notification::NotificationReceiver;

/// A server that verifies what it gets: 204 for what is genuine, 500 for anything else.
pub(crate) struct Shop {
    url: String,
    received: Mutex<mpsc::UnboundedReceiver<Result<Value, String>>>,
}

impl Shop {
    pub(crate) fn open(receiver: NotificationReceiver) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let listener = TcpListener::from_std(listener).unwrap();
        let (sender, received) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (receiver, sender) = (receiver.clone(), sender.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| async {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.unwrap().to_bytes();
                        let payload = received_by(&receiver, &head.headers, &body).await;
                        let status = if payload.is_ok() {
                            StatusCode::NO_CONTENT
                        } else {
                            StatusCode::INTERNAL_SERVER_ERROR
                        };
                        let _ = sender.send(payload);
                        let mut response = Response::new(Full::new(Bytes::new()));
                        *response.status_mut() = status;
                        Ok::<_, Infallible>(response)
                    });
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Self {
            url,
            received: Mutex::new(received),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The next notification: its payload, or why it was refused.
    pub(crate) async fn next(&self) -> Result<Value, String> {
        let mut received = self.received.lock().await;
        timeout(Duration::from_secs(10), received.recv())
            .await
            .unwrap()
            .unwrap()
    }
}

async fn received_by(receiver: &NotificationReceiver, headers: &HeaderMap, body: &Bytes) -> Result<Value, String> {
    let received = receiver.receive::<Value>(headers, body).await;
    received
        .map(|notification| notification.payload)
        .map_err(|error| error.to_string())
}
