//! What every web framework's extractor must do, tried over a socket.

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

/// The order numbers that a handler was given.
pub(crate) type Handled = Arc<Mutex<Vec<String>>>;

/// The receiver that the application under test has.
pub(crate) fn receiver(gateway: &Gateway) -> NotificationReceiver {
    let client = gateway.client().unwrap();
    client.notifications().time_limit(Duration::from_millis(500))
}

/// A web application: `/paid` takes a `Transaction`, notes its number and accepts it; `/later` takes one and fails.
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

    pub(crate) async fn a_good_notification_reaches_the_handler(&self) {
        let notification = self.gateway.notification("TRANSACTION.SUCCESS", self.payload());
        let reply = notification.send(&self.url("/paid")).await.unwrap();
        assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
        assert_eq!(self.handled(), ["A1"]);
        let reply = notification.send(&self.url("/later")).await.unwrap();
        assert_failure(&reply, 503, "the database is down");
        assert_eq!(self.handled(), ["A1"]);
    }

    pub(crate) async fn what_is_refused_is_answered_and_does_not_reach_the_handler(&self) {
        let url = self.url("/paid");
        let notification = || self.gateway.notification("TRANSACTION.SUCCESS", self.payload());
        for fault in [Fault::WrongKey, Fault::missing(["Wechatpay-Signature"])] {
            let reply = notification().fault(fault).send(&url).await.unwrap();
            assert_failure(&reply, 401, "the signature is refused");
        }
        let edited = notification().edit(|value| value["resource"]["nonce"] = "short".into());
        let reply = edited.send(&url).await.unwrap();
        assert_failure(&reply, 500, "the notification cannot be handled at the moment");
        let other = self
            .gateway
            .notification("TRANSACTION.SUCCESS", json!({"mchid": "1", "out_trade_no": "A1"}));
        assert_failure(&other.send(&url).await.unwrap(), 403, "another merchant's notification");
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    pub(crate) async fn f9_a_body_of_100_mb_is_stopped_at_the_cap(&self) {
        // Neither form says its end within what is sent, so an answer means that reading has stopped.
        let declared = "Content-Length: 104857600\r\n\r\n".to_owned();
        let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", 100 << 20);
        for rest in [declared, chunked] {
            let mut stream = self.begin(&rest).await;
            let piece = vec![b'x'; 64 << 10];
            let mut sent = 0;
            // The server may have closed already, after which a write fails.
            while sent < 2 << 20 && stream.write_all(&piece).await.is_ok() {
                sent += piece.len();
            }
            assert_answered(&mut stream, 413).await;
        }
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    pub(crate) async fn f9_a_slow_body_is_given_up_in_time(&self) {
        let begun = Instant::now();
        let mut silent = self.begin("Content-Length: 100\r\n\r\n{").await;
        assert_answered(&mut silent, 408).await;
        let mut trickling = self.begin("Content-Length: 100000\r\n\r\n").await;
        let trickle = async {
            while trickling.write_all(b"x").await.is_ok() && begun.elapsed() < Duration::from_secs(2) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(800), trickle).await;
        assert_answered(&mut trickling, 408).await;
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        assert_eq!(self.handled(), Vec::<String>::new());
    }

    async fn begin(&self, rest: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!("POST /paid HTTP/1.1\r\nHost: {}\r\n{rest}", self.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

async fn assert_answered(stream: &mut TcpStream, status: u16) {
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    let read = async {
        while !String::from_utf8_lossy(&answer).contains(r#""code":"FAIL""#) {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(length) => answer.extend_from_slice(&piece[..length]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(3), read).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.contains("application/json"), "{answer}");
}

fn assert_failure(reply: &NotificationResponse, status: u16, message: &str) {
    assert_eq!(reply.status.as_u16(), status);
    assert_eq!(reply.headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body, json!({"code": "FAIL", "message": message}));
}
