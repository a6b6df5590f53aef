//! What the extractor of every web framework must do, tested over a socket.

use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use wechatpay_core::notification::NotificationReceiver;
use wechatpay_gateway::{Fault, Gateway, NotificationResponse};

/// The order numbers that the handler received.
pub(crate) type Handled = Arc<Mutex<Vec<String>>>;

/// The receiver of the application under test.
pub(crate) fn receiver(gateway: &Gateway) -> NotificationReceiver {
    let client = gateway.client().unwrap();
    client.notifications().time_limit(Duration::from_millis(500))
}

/// A web application. `/paid` accepts a `Transaction` and records its number. `/later` fails.
pub(crate) struct Application {
    pub(crate) gateway: Gateway,
    pub(crate) address: SocketAddr,
    pub(crate) handled: Handled,
}

impl Application {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn payload(&self) -> Value {
        json!({"mchid": self.gateway.mchid(), "out_trade_no": "A1", "trade_state": "SUCCESS"})
    }

    fn handled(&self) -> Vec<String> {
        std::mem::take(&mut self.handled.lock().unwrap())
    }

    pub(crate) async fn a_genuine_notification_reaches_the_handler(&self) {
        let notification = self.gateway.notification("TRANSACTION.SUCCESS", self.payload());
        let response = notification.send(&self.url("/paid")).await.unwrap();
        assert_eq!((response.status.as_u16(), response.body.len()), (204, 0));
        assert_eq!(self.handled(), ["A1"]);
        let response = notification.send(&self.url("/later")).await.unwrap();
        assert_failure(&response, 503, "the database is down");
        assert_eq!(self.handled(), ["A1"]);
    }

    pub(crate) async fn a_refused_notification_gets_a_failure_and_does_not_reach_the_handler(&self) {
        let url = self.url("/paid");
        let notification = || self.gateway.notification("TRANSACTION.SUCCESS", self.payload());
        for fault in [Fault::WrongKey, Fault::missing(["Wechatpay-Signature"])] {
            let response = notification().fault(fault).send(&url).await.unwrap();
            assert_failure(&response, 401, "the signature is refused");
        }
        let edited = notification().edit(|value| value["resource"]["nonce"] = "short".into());
        let response = edited.send(&url).await.unwrap();
        assert_failure(&response, 500, "the notification cannot be handled at the moment");
        let other = self
            .gateway
            .notification("TRANSACTION.SUCCESS", json!({"mchid": "1", "out_trade_no": "A1"}));
        assert_failure(&other.send(&url).await.unwrap(), 403, "another merchant's notification");
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    pub(crate) async fn f9_a_body_of_100_mb_is_stopped_at_the_limit(&self) {
        // Neither request announces its end, so a response means that the server stopped reading.
        let declared = "Content-Length: 104857600\r\n\r\n".to_owned();
        let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", 100 << 20);
        for rest in [declared, chunked] {
            let mut stream = self.start_request(&rest).await;
            let piece = vec![b'x'; 64 << 10];
            let mut sent = 0;
            // The server may have closed the connection, so a write may fail.
            while sent < 2 << 20 && stream.write_all(&piece).await.is_ok() {
                sent += piece.len();
            }
            assert_status(&mut stream, 413).await;
        }
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    pub(crate) async fn f9_a_slow_body_ends_at_the_timeout(&self) {
        let begun = Instant::now();
        let mut silent = self.start_request("Content-Length: 100\r\n\r\n{").await;
        assert_status(&mut silent, 408).await;
        let mut trickling = self.start_request("Content-Length: 100000\r\n\r\n").await;
        let trickle = async {
            while trickling.write_all(b"x").await.is_ok() && begun.elapsed() < Duration::from_secs(2) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(800), trickle).await;
        assert_status(&mut trickling, 408).await;
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    async fn start_request(&self, rest: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!("POST /paid HTTP/1.1\r\nHost: {}\r\n{rest}", self.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

async fn assert_status(stream: &mut TcpStream, status: u16) {
    let mut response = Vec::new();
    let mut piece = [0; 1024];
    let read = async {
        while !String::from_utf8_lossy(&response).contains(r#""code":"FAIL""#) {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(length) => response.extend_from_slice(&piece[..length]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(3), read).await.unwrap();
    let response = String::from_utf8_lossy(&response);
    assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
    assert!(response.contains("application/json"), "{response}");
}

fn assert_failure(response: &NotificationResponse, status: u16, message: &str) {
    assert_eq!(response.status.as_u16(), status);
    assert_eq!(response.headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body, json!({"code": "FAIL", "message": message}));
}
