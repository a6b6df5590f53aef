//! Every fault of the gateway, observed by a client.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use http::Method;
use serde_json::json;
use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};
use support::{Request, Response, nonce, platform_key};
use wechatpay_core::PublicKey;
use wechatpay_gateway::{Fault, Framing, Gateway, PlatformMode};

const ORDER: &str = "/v3/pay/transactions/jsapi";

fn gateway() -> Gateway {
    let gateway = Gateway::start().unwrap();
    gateway.on_order(
        Method::POST,
        ORDER,
        "out_trade_no",
        |request| json!({ "prepay_id": format!("wx-{}", request.json()["out_trade_no"].as_str().unwrap()) }),
    );
    gateway
}

fn order(gateway: &Gateway, number: &str) -> Request {
    Request::post(
        gateway,
        ORDER,
        json!({ "out_trade_no": number, "amount": 1 }).to_string(),
    )
}

async fn with(gateway: &Gateway, fault: Fault) -> Response {
    gateway.misbehave(fault);
    order(gateway, &nonce()).send().await
}

/// The bytes of a request as they go over the wire.
fn raw(request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\nhost: gateway\r\n", request.method, request.target).into_bytes();
    for (name, value) in &request.signed_headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(format!("content-length: {}\r\n\r\n", request.body.len()).as_bytes());
    head.extend(&request.body);
    head
}

/// Sends a request and reads until the gateway closes the connection or `limit` bytes were read.
fn exchange(gateway: &Gateway, request: &Request, limit: usize) -> Result<Vec<u8>, (ErrorKind, Vec<u8>)> {
    let mut stream = TcpStream::connect(gateway.host().address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(&raw(request)).unwrap();
    let mut bytes = Vec::new();
    let mut block = [0; 64 * 1024];
    while bytes.len() < limit {
        match stream.read(&mut block) {
            Ok(0) => break,
            Ok(count) => bytes.extend(&block[..count]),
            Err(error) => return Err((error.kind(), bytes)),
        }
    }
    Ok(bytes)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_fault_applies_to_one_request() {
    let gateway = gateway();
    gateway.misbehave_at(ORDER, Fault::Html { status: 502 });
    assert_eq!(gateway.pending_faults(), 1);
    assert_eq!(Request::get(&gateway, "/v3/other").send().await.status, 404);
    let page = order(&gateway, "1").send().await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (502, "text/html; charset=utf-8")
    );
    assert_eq!(page.serial(), "");
    assert_eq!(order(&gateway, "1").send().await.status, 200);
    assert_eq!(
        gateway.requests_to(ORDER)[0].fault(),
        Some(&Fault::Html { status: 502 })
    );
    gateway.misbehave(Fault::Unsigned).behave();
    assert!(order(&gateway, "2").send().await.is_genuine(&gateway));
}

#[tokio::test]
async fn commit_then_fail_leaves_the_order_in_the_ledger() {
    let gateway = gateway();
    gateway.misbehave(Fault::CommitThenFail { status: 500 });
    let failed = order(&gateway, "1").send().await;
    assert_eq!((failed.status, failed.code().as_str()), (500, "SYSTEM_ERROR"));
    assert!(failed.is_genuine(&gateway));
    assert_eq!(gateway.ledger().count("1"), 1);
    assert_eq!(order(&gateway, "1").send().await.json()["prepay_id"], "wx-1");
    assert_eq!(gateway.ledger().find("1").unwrap().requests, 2);
}

#[tokio::test]
async fn fail_then_commit_executes_after_the_response() {
    let gateway = gateway();
    gateway.misbehave(Fault::FailThenCommit {
        status: 503,
        after: Duration::from_millis(200),
    });
    assert_eq!(order(&gateway, "1").send().await.status, 503);
    assert_eq!(gateway.ledger().count("1"), 0);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(gateway.ledger().count("1"), 1);
}

#[tokio::test]
async fn a_delay_comes_before_or_after_the_commit() {
    let delay = Duration::from_millis(300);
    for (fault, committed) in [(Fault::DelayBefore(delay), 0), (Fault::DelayAfter(delay), 1)] {
        let gateway = gateway();
        gateway.misbehave(fault);
        let begin = Instant::now();
        let request = order(&gateway, "1");
        let (response, count) = tokio::join!(request.send(), async {
            tokio::time::sleep(delay / 2).await;
            gateway.ledger().count("1")
        });
        assert_eq!((response.status, count), (200, committed));
        assert!(begin.elapsed() >= delay);
    }
}

#[test]
fn a_client_that_gives_up_does_not_prevent_the_commit() {
    let gateway = gateway();
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(200)));
    let mut stream = TcpStream::connect(gateway.host().address()).unwrap();
    stream.write_all(&raw(&order(&gateway, "1"))).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(stream);
    assert_eq!(gateway.ledger().count("1"), 0);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(gateway.ledger().count("1"), 1);
}

#[test]
fn a_reset_happens_with_and_without_a_commit() {
    for committed in [true, false] {
        let gateway = gateway();
        gateway.misbehave(Fault::Reset { committed });
        let (kind, bytes) = exchange(&gateway, &order(&gateway, "1"), 10).unwrap_err();
        assert_eq!((kind, bytes.len()), (ErrorKind::ConnectionReset, 0));
        assert_eq!(gateway.ledger().count("1"), usize::from(committed));
    }
}

#[test]
fn a_reset_within_the_request_never_commits() {
    let gateway = gateway();
    gateway.misbehave(Fault::ResetInRequest);
    let request = order(&gateway, "1");
    let bytes = raw(&request);
    let mut stream = TcpStream::connect(gateway.host().address()).unwrap();
    stream.write_all(&bytes[..bytes.len() - 5]).unwrap();
    assert_eq!(
        stream.read(&mut [0; 10]).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert!(gateway.ledger().is_empty());
    assert!(gateway.last_request().unwrap().refusal().is_some());
}

#[test]
fn a_response_is_cut_at_every_position() {
    let gateway = gateway();
    gateway.misbehave(Fault::CloseMidway { after: usize::MAX });
    let whole = exchange(&gateway, &order(&gateway, "1"), usize::MAX).unwrap();
    assert!(text(&whole).ends_with(r#"{"prepay_id":"wx-1"}"#));
    for after in (0..whole.len()).step_by(97) {
        gateway.misbehave(Fault::CloseMidway { after });
        assert_eq!(
            exchange(&gateway, &order(&gateway, "1"), usize::MAX).unwrap().len(),
            after
        );
    }
    assert_eq!(gateway.ledger().len(), 1);
}

#[test]
fn a_connection_is_closed_after_the_response_without_connection_close() {
    let gateway = gateway();
    gateway.misbehave(Fault::CloseAfterResponse);
    let response = text(&exchange(&gateway, &order(&gateway, "1"), usize::MAX).unwrap());
    assert!(
        response.starts_with("HTTP/1.1 200 OK\r\n") && response.ends_with('}'),
        "{response}"
    );
    assert!(!response.to_lowercase().contains("connection: close"), "{response}");
}

#[test]
fn silence_lasts_as_long_as_the_client_stays() {
    for committed in [true, false] {
        let gateway = gateway();
        gateway.misbehave(Fault::Silence { committed });
        let mut stream = TcpStream::connect(gateway.host().address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        stream.write_all(&raw(&order(&gateway, "1"))).unwrap();
        let kind = stream.read(&mut [0; 10]).unwrap_err().kind();
        assert!(matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{kind}");
        assert_eq!(gateway.ledger().count("1"), usize::from(committed));
        let begin = Instant::now();
        drop(gateway);
        assert!(begin.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn headers_and_bodies_can_be_sent_byte_by_byte() {
    let gateway = gateway();
    let pause = Duration::from_millis(10);
    let begin = Instant::now();
    gateway.misbehave(Fault::SlowBody { pause });
    let response = text(&exchange(&gateway, &order(&gateway, "1"), usize::MAX).unwrap());
    assert!(response.ends_with(r#"{"prepay_id":"wx-1"}"#), "{response}");
    assert!(begin.elapsed() >= pause * 20);
    gateway.misbehave(Fault::SlowHeaders {
        pause: Duration::from_millis(100),
    });
    let begin = Instant::now();
    exchange(&gateway, &order(&gateway, "1"), 5).unwrap();
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

#[test]
fn headers_and_interim_responses_can_be_endless() {
    let gateway = gateway();
    gateway
        .misbehave(Fault::EndlessHeaders)
        .misbehave(Fault::EndlessInterim);
    let headers = text(&exchange(&gateway, &order(&gateway, "1"), 1 << 20).unwrap());
    assert!(headers.starts_with("HTTP/1.1 200 OK\r\nx-filler: ") && !headers.contains("\r\n\r\n"));
    let interim = text(&exchange(&gateway, &order(&gateway, "2"), 1 << 20).unwrap());
    assert!(interim.starts_with("HTTP/1.1 103 ") && !interim.contains(" 200 "));
}

#[tokio::test]
async fn a_flood_has_the_size_that_was_asked_for() {
    let gateway = gateway();
    let bytes = 3_000_001;
    for framing in [Framing::Declared, Framing::Chunked] {
        let response = with(&gateway, Fault::Flood { bytes, framing }).await;
        assert_eq!((response.status, response.body.len() as u64), (200, bytes));
        assert_eq!(
            response.headers.contains_key("content-length"),
            framing == Framing::Declared
        );
    }
    let framing = Framing::Gzip;
    let response = with(&gateway, Fault::Flood { bytes, framing }).await;
    assert_eq!(response.header("content-encoding"), "gzip");
    assert!(response.body.len() < 100_000);
    let mut inflated = Vec::new();
    let _ = flate2::read::GzDecoder::new(&response.body[..]).read_to_end(&mut inflated);
    assert!(inflated.len() as u64 >= bytes);
    gateway.misbehave(Fault::Flood {
        bytes: 1 << 60,
        framing: Framing::Declared,
    });
    assert!(exchange(&gateway, &order(&gateway, "1"), 1 << 20).unwrap().len() >= 1 << 20);
}

#[tokio::test]
async fn a_chunked_response_is_valid() {
    let gateway = gateway();
    let response = with(&gateway, Fault::Chunked).await;
    assert!(response.is_genuine(&gateway));
    assert_eq!(response.header("transfer-encoding"), "chunked");
}

#[tokio::test]
async fn signatures_can_be_wrong_in_every_way() {
    let gateway = gateway();
    let wrong = [
        Fault::WrongKey,
        Fault::SwappedKey,
        Fault::UnknownSerial,
        Fault::SignatureProbe,
        Fault::Unsigned,
        Fault::FlippedBit(13),
        Fault::PrettyPrinted,
        Fault::ByteOrderMark,
        Fault::Gzip,
        Fault::missing(["Wechatpay-Nonce"]),
        Fault::ReplaceHeader {
            name: "Wechatpay-Signature".to_owned(),
            value: "AAAA".to_owned(),
        },
    ];
    for fault in wrong {
        let shown = format!("{fault:?}");
        let response = with(&gateway, fault).await;
        assert_eq!(response.status, 200, "{shown}");
        assert!(!response.is_genuine(&gateway), "{shown}");
    }
    assert_eq!(gateway.ledger().len(), 11);
    for fault in [
        Fault::Stale { seconds: -301 },
        Fault::Timestamp("1e9".to_owned()),
        Fault::ChangedStatus(404),
    ] {
        let response = with(&gateway, fault.clone()).await;
        assert!(response.is_genuine(&gateway), "{fault:?}");
    }
}

#[tokio::test]
async fn each_wrong_signature_is_wrong_in_one_way_only() {
    let gateway = gateway();
    let id = gateway.public_key_id();
    assert_eq!(with(&gateway, Fault::WrongKey).await.serial(), id);
    let key = platform_key(&gateway, &id).unwrap();
    let unknown = with(&gateway, Fault::UnknownSerial).await;
    assert!(unknown.is_signed_by(&key) && unknown.serial() != id);
    let probe = with(&gateway, Fault::SignatureProbe).await;
    assert!(probe.header("wechatpay-signature").starts_with("WECHATPAY/SIGNTEST/"));
    let stale = with(&gateway, Fault::Stale { seconds: 3600 }).await;
    let timestamp: u64 = stale.header("wechatpay-timestamp").parse().unwrap();
    assert!(timestamp.abs_diff(support::now() + 3600) < 5);
    let bare = with(&gateway, Fault::Unsigned).await;
    assert_eq!(
        bare.headers
            .keys()
            .filter(|name| name.as_str().starts_with("wechatpay"))
            .count(),
        0
    );
    assert_eq!(with(&gateway, Fault::ChangedStatus(404)).await.status, 404);
    let gateway = Gateway::builder().mode(PlatformMode::Mixed).start().unwrap();
    gateway.on_order(Method::POST, ORDER, "out_trade_no", |_| ());
    let swapped = with(&gateway, Fault::SwappedKey).await;
    assert_ne!(swapped.serial(), gateway.public_key_id());
    let other = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    assert!(swapped.is_signed_by(&other) && !swapped.is_genuine(&gateway));
}

#[tokio::test]
async fn the_key_can_be_rotated_between_request_and_response() {
    let gateway = gateway();
    let old = gateway.public_key_id();
    let response = with(&gateway, Fault::Rotate).await;
    assert!(response.is_genuine(&gateway));
    assert_ne!(response.serial(), old);
    assert_eq!(with(&gateway, Fault::Chunked).await.serial(), response.serial());
}

#[tokio::test]
async fn a_header_comes_twice_in_the_order_that_was_asked_for() {
    let gateway = gateway();
    for wrong_first in [true, false] {
        let (name, value) = ("Wechatpay-Signature".to_owned(), "bad".to_owned());
        let response = with(
            &gateway,
            Fault::DuplicateHeader {
                name,
                value,
                wrong_first,
            },
        )
        .await;
        let values: Vec<_> = response.headers.get_all("wechatpay-signature").iter().collect();
        assert_eq!(values.len(), 2);
        assert_eq!(
            values.iter().position(|value| *value == "bad"),
            Some(usize::from(!wrong_first))
        );
    }
}

#[tokio::test]
async fn a_fault_can_replace_the_response_of_the_handler() {
    let gateway = gateway();
    let limited = with(
        &gateway,
        Fault::TooManyRequests {
            retry_after: Some("garbage".to_owned()),
        },
    )
    .await;
    assert_eq!((limited.status, limited.code().as_str()), (429, "FREQUENCY_LIMITED"));
    assert_eq!(limited.header("retry-after"), "garbage");
    let moved = with(
        &gateway,
        Fault::Redirect {
            status: 307,
            location: "http://127.0.0.1:1/".to_owned(),
        },
    )
    .await;
    assert_eq!((moved.status, moved.header("location")), (307, "http://127.0.0.1:1/"));
    assert!(gateway.ledger().is_empty());
    for committed in [false, true] {
        let body = json!({ "code": "X" });
        let own = with(
            &gateway,
            Fault::Status {
                status: 404,
                body,
                committed,
            },
        )
        .await;
        assert_eq!(
            (own.status, own.code().as_str(), own.is_genuine(&gateway)),
            (404, "X", true)
        );
        assert_eq!(gateway.ledger().len(), usize::from(committed));
    }
}

#[test]
fn an_early_response_is_sent_before_the_body_was_read() {
    let gateway = gateway();
    gateway.misbehave(Fault::EarlyResponse);
    let mut request = order(&gateway, "1");
    request.body = vec![b'x'; 10 << 20];
    let bytes = raw(&request);
    let mut stream = TcpStream::connect(gateway.host().address()).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    // The gateway does not read the ten megabytes.
    assert!(stream.write_all(&bytes).is_err());
    let mut response = [0; 12];
    stream.read_exact(&mut response).unwrap();
    assert_eq!(&response, b"HTTP/1.1 413");
    assert!(gateway.ledger().is_empty());
}

#[tokio::test]
async fn chaos_applies_faults_by_its_percentage() {
    let gateway = gateway();
    gateway.chaos(7, 50, [Fault::Unsigned, Fault::CommitThenFail { status: 500 }]);
    let mut struck = 0;
    for number in 0..60 {
        let response = order(&gateway, &number.to_string()).send().await;
        struck += usize::from(!(response.status == 200 && response.is_genuine(&gateway)));
    }
    assert!((15..45).contains(&struck), "{struck}");
    assert_eq!(gateway.ledger().len(), 60);
    gateway.chaos(7, 100, [Fault::Unsigned]);
    assert_eq!(order(&gateway, "x").send().await.serial(), "");
}
