//! Failures between client and service.

use serde_json::json;
use std::{
    io,
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};
use tokio::net::{TcpSocket, TcpStream};
use wechatpay_core::{
    Client, ClientBuilder, Download, Error, ErrorKind, Method, Outcome, RetryPolicy, StatusCode,
    crypto::aws_lc_rs::AwsLcRs, transport::HttpTransport, wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Framing, Gateway, GatewayResponse};
use wechatpay_tests::{
    Flaw, MockResult, MockTransport, OutOfStepProxy, Platform, RawServer, RecordingTransport, Step, TlsServer,
    full_text, quick,
};

const ORDERS: &str = "/v3/pay/transactions/jsapi";
const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi")]
struct Order {
    out_trade_no: String,
}

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", idempotent)]
struct IdempotentOrder {
    out_trade_no: String,
    memo: Option<String>,
}

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
struct Query {
    out_trade_no: String,
}

fn order() -> Order {
    Order {
        out_trade_no: "A-1".into(),
    }
}

fn idempotent() -> IdempotentOrder {
    IdempotentOrder {
        out_trade_no: "A-1".into(),
        memo: None,
    }
}

fn query() -> Query {
    Query {
        out_trade_no: "A-1".into(),
    }
}

fn gateway() -> Gateway {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on_order(Method::POST, ORDERS, "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
    gateway.on(
        Method::GET,
        QUERY,
        |request| json!({ "out_trade_no": request.path("out_trade_no") }),
    );
    gateway
}

fn builder(gateway: &Gateway) -> ClientBuilder {
    gateway.client_builder().retry(quick())
}

fn client(gateway: &Gateway) -> Client {
    builder(gateway).build().unwrap()
}

/// An address without a listener.
fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[track_caller]
fn assert_error(error: &Error, outcome: Outcome, kind: ErrorKind, attempts: u32) {
    assert_eq!(
        (error.outcome(), error.kind(), error.attempts()),
        (outcome, kind, attempts),
        "{error}"
    );
}

// ---- C1, C2 ----

#[tokio::test]
async fn c1_a_refused_connection_is_not_sent_and_any_request_may_be_retried() {
    let gateway = gateway();
    let client = builder(&gateway).base_url(closed_address()).build().unwrap();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::NotSent,
        ErrorKind::Connect,
        3,
    );
    let client = builder(&gateway)
        .base_url(closed_address())
        .backup_url(gateway.url())
        .build()
        .unwrap();
    let response = client.call(&order()).await.unwrap();
    assert_eq!((response.attempts(), gateway.ledger().len()), (2, 1));
}

#[tokio::test]
async fn c1_a_name_that_does_not_resolve_is_not_sent() {
    let client = builder(&gateway())
        .base_url("https://wechatpay.invalid")
        .build()
        .unwrap();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::NotSent,
        ErrorKind::Connect,
        3,
    );
}

/// A listener with a full queue accepts no further connection.
#[tokio::test]
async fn c1_a_connection_that_is_never_made_is_not_sent() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        queue.push(stream);
    }
    let transport = HttpTransport::builder()
        .connect_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let client = builder(&gateway())
        .transport(transport)
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();
    let begun = Instant::now();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::NotSent,
        ErrorKind::Connect,
        3,
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

fn trusting(gateway: &Gateway, server: &TlsServer) -> ClientBuilder {
    let transport = HttpTransport::builder()
        .root_certificate(server.root())
        .build()
        .unwrap();
    builder(gateway).transport(transport).base_url(server.url())
}

#[tokio::test]
async fn c2_a_server_with_a_valid_certificate_is_accepted() {
    let gateway = gateway();
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    order()
        .send(&trusting(&gateway, &server).build().unwrap())
        .await
        .unwrap();
    assert_eq!(gateway.ledger().len(), 1);
}

#[tokio::test]
async fn c2_self_signed_wrong_name_expired_and_unknown_authority_are_refused() {
    for flaw in [Flaw::SelfSigned, Flaw::WrongName, Flaw::Expired] {
        let gateway = gateway();
        let server = TlsServer::start(gateway.host().address(), flaw).await;
        let error = order()
            .send(&trusting(&gateway, &server).build().unwrap())
            .await
            .unwrap_err();
        assert_error(&error, Outcome::NotSent, ErrorKind::Connect, 3);
        assert_eq!((gateway.received(), server.passed()), (0, 0), "{flaw:?}");
    }
    // The only problem is an unknown authority.
    let gateway = gateway();
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let client = builder(&gateway).base_url(server.url()).build().unwrap();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::NotSent,
        ErrorKind::Connect,
        3,
    );
    assert_eq!(gateway.received(), 0);
    // TLS to the backup host is equally strict.
    let backup = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let client = trusting(&gateway, &backup)
        .base_url(server.url())
        .backup_url(backup.url())
        .build()
        .unwrap();
    assert_eq!(client.call(&order()).await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn c2_tls_1_1_is_refused_and_plain_http_is_never_sent() {
    // A server with TLS 1.1 only: it responds to every message with a ServerHello of that version.
    let server = RawServer::start(|mut connection| async move {
        use tokio::io::AsyncReadExt as _;
        let mut seen = vec![0; 4096];
        let read = connection.stream().read(&mut seen).await?;
        assert_eq!(seen[0], 0x16, "not a TLS handshake");
        assert!(read > 0 && !seen.windows(4).any(|four| four == b"HTTP" || four == b"POST"));
        let mut hello = vec![0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        hello.extend([7; 32]);
        hello.extend([0, 0, 0x2F, 0]);
        connection.write(hello).await?;
        // The next bytes are an alert, not a request.
        let mut rest = Vec::new();
        connection.stream().read_to_end(&mut rest).await?;
        assert_eq!(rest.first(), Some(&0x15));
        Ok(())
    })
    .await;
    let url = server.url().replace("http://127.0.0.1", "https://localhost");
    let client = builder(&gateway()).base_url(url).build().unwrap();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::NotSent,
        ErrorKind::Connect,
        3,
    );
    assert!(server.connections() >= 3);
}

// ---- C3 to C6 ----

#[tokio::test]
async fn c3_a_reset_after_the_request_is_unknown_on_a_new_and_on_a_pooled_connection() {
    for pooled in [false, true] {
        for committed in [false, true] {
            let gateway = gateway();
            let client = client(&gateway);
            if pooled {
                query().send(&client).await.unwrap();
            }
            let before = gateway.received();
            gateway.misbehave(Fault::Reset { committed });
            assert_error(
                &order().send(&client).await.unwrap_err(),
                Outcome::Unknown,
                ErrorKind::Interrupted,
                1,
            );
            assert_eq!(gateway.received(), before + 1, "it is not retried");
            assert_eq!(gateway.ledger().len(), usize::from(committed));
            if pooled {
                query().send(&client).await.unwrap();
            }
            gateway.misbehave(Fault::Reset { committed });
            assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 2);
            gateway.misbehave(Fault::Reset { committed });
            assert_eq!(client.call(&query()).await.unwrap().attempts(), 2);
            assert_eq!(gateway.ledger().len(), 1);
        }
    }
}

#[tokio::test]
async fn c4_a_connection_closed_during_the_request_is_unknown() {
    let gateway = gateway();
    let client = client(&gateway);
    let long = IdempotentOrder {
        out_trade_no: "A-1".into(),
        memo: Some("x".repeat(4_000_000)),
    };
    gateway.misbehave(Fault::ResetInRequest);
    let call = client.request(Method::POST, ORDERS).json(&long).send().await;
    assert_error(&call.unwrap_err(), Outcome::Unknown, ErrorKind::Interrupted, 1);
    assert!(gateway.ledger().is_empty());
    gateway.misbehave(Fault::ResetInRequest);
    assert_eq!(client.call(&long).await.unwrap().attempts(), 2);
    assert_eq!(gateway.ledger().len(), 1);
    // A server that closes the connection normally after the first hundred bytes.
    let server = RawServer::start(|mut connection| async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        connection.stream().read_exact(&mut [0; 100]).await?;
        connection.stream().shutdown().await
    })
    .await;
    let client = builder(&gateway).base_url(server.url()).build().unwrap();
    let call = client.request(Method::POST, ORDERS).json(&long).send().await;
    assert_error(&call.unwrap_err(), Outcome::Unknown, ErrorKind::Interrupted, 1);
}

/// Ten thousand requests to a server that closes each connection after its response, without `Connection: close`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c5_closing_after_each_response_loses_and_duplicates_no_order() {
    let gateway = gateway();
    gateway.chaos(5, 100, [Fault::CloseAfterResponse]);
    let client = builder(&gateway).retry(quick().budget_burst(10_000)).build().unwrap();
    let tasks: Vec<_> = (0..10)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut sent = Vec::new();
                for number in 0..1000 {
                    let out_trade_no = format!("{task}-{number}");
                    let result = if number % 2 == 0 {
                        Order {
                            out_trade_no: out_trade_no.clone(),
                        }
                        .send(&client)
                        .await
                    } else {
                        IdempotentOrder {
                            out_trade_no: out_trade_no.clone(),
                            memo: None,
                        }
                        .send(&client)
                        .await
                    };
                    sent.push((out_trade_no, result.map_err(|error| error.outcome())));
                }
                sent
            })
        })
        .collect();
    let mut succeeded = 0;
    for task in tasks {
        for (number, result) in task.await.unwrap() {
            // Whatever the client reports: an order exists at most once, and it exists after a success.
            let rows = gateway.ledger().count(&number);
            let possible = match result {
                Ok(_) => rows == 1,
                Err(Outcome::Unknown) => rows <= 1,
                // A busy machine may take longer to connect than the client waits.
                Err(Outcome::NotSent) => rows == 0,
                Err(Outcome::Local | Outcome::Rejected) => false,
            };
            assert!(possible, "{number}: {rows} rows after {result:?}");
            succeeded += usize::from(result.is_ok());
        }
    }
    // How many depends on the machine.
    assert!(succeeded > 5_000, "{succeeded}");
}

#[tokio::test]
async fn c6_a_response_truncated_at_any_position_is_refused() {
    let gateway = gateway();
    let client = client(&gateway);
    let mut cuts = 0;
    for after in 0.. {
        let order = Order {
            out_trade_no: format!("A-{after}"),
        };
        gateway.misbehave(Fault::CloseMidway { after });
        match order.send(&client).await {
            Ok(_) => break,
            Err(error) => assert_error(&error, Outcome::Unknown, ErrorKind::Interrupted, 1),
        }
        cuts += 1;
        assert_eq!(gateway.ledger().len(), cuts);
    }
    assert!(cuts > 500, "{cuts}");
}

// ---- C7 to C9 ----

/// The peak memory of this process, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| {
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    })
}

#[tokio::test]
async fn c7_a_response_of_one_gigabyte_is_stopped_at_the_limit() {
    let gateway = gateway();
    let client = client(&gateway);
    query().send(&client).await.unwrap();
    let before = peak();
    for framing in [Framing::Declared, Framing::Chunked] {
        gateway.misbehave(Fault::Flood {
            bytes: 1 << 30,
            framing,
        });
        assert_error(
            &order().send(&client).await.unwrap_err(),
            Outcome::Unknown,
            ErrorKind::TooLarge,
            1,
        );
        query().send(&client).await.unwrap();
    }
    // Compressed content that was not requested is not decompressed.
    gateway.misbehave(Fault::Flood {
        bytes: 1 << 30,
        framing: Framing::Gzip,
    });
    assert_eq!(order().send(&client).await.unwrap_err().outcome(), Outcome::Unknown);
    assert!(peak() - before < 64, "{} MiB more", peak() - before);
}

#[tokio::test]
async fn c7_a_download_that_inflates_to_one_gigabyte_is_stopped_at_the_limit() {
    #[wechatpay_endpoint(GET, "/v3/billdownload/file", response = Download)]
    struct Bill;
    let gateway = gateway();
    let client = client(&gateway);
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::bytes("text/plain", "x")
    });
    let before = peak();
    for framing in [Framing::Declared, Framing::Chunked, Framing::Gzip] {
        gateway.misbehave(Fault::Flood {
            bytes: 1 << 30,
            framing,
        });
        let mut download = Bill.send(&client).await.unwrap().max_bytes(20 << 20);
        let error = loop {
            match download.chunk().await {
                Ok(chunk) => assert!(chunk.unwrap().len() <= 16 << 20),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert_eq!(download.chunk().await.unwrap_err().kind(), ErrorKind::TooLarge);
    }
    assert!(peak() - before < 64, "{} MiB more", peak() - before);
}

/// A transport may return the content in larger pieces than this server: here in one piece.
#[tokio::test]
async fn c7_a_download_in_one_compressed_piece_is_inflated_in_small_steps() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..256 {
        encoder.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let zipped = encoder.finish().unwrap();
    let response = Platform::new().response(200, zipped).header("content-encoding", "gzip");
    let client = Platform::new()
        .builder(MockTransport::always(response))
        .build()
        .unwrap();
    let download = async || {
        client
            .request(Method::GET, "/v3/bill")
            .response::<Download>()
            .send()
            .await
            .unwrap()
            .into_inner()
    };
    let before = peak();
    let error = download()
        .await
        .max_bytes(1 << 20)
        .write_to(&mut tokio::io::sink())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(
        download().await.write_to(&mut tokio::io::sink()).await.unwrap(),
        256 << 20
    );
    assert!(peak() - before < 32, "{} MiB more", peak() - before);
}

#[tokio::test]
async fn c8_slow_bytes_and_silence_end_at_the_attempt_timeout() {
    let gateway = gateway();
    let limit = Duration::from_millis(400);
    let client = builder(&gateway).attempt_timeout(limit).build().unwrap();
    let pause = Duration::from_millis(50);
    for fault in [
        Fault::SlowHeaders { pause },
        Fault::SlowBody { pause },
        Fault::Silence { committed: true },
    ] {
        gateway.misbehave(fault.clone());
        let begun = Instant::now();
        assert_error(
            &order().send(&client).await.unwrap_err(),
            Outcome::Unknown,
            ErrorKind::Timeout,
            1,
        );
        let taken = begun.elapsed();
        // On a busy machine the timeout fires late. The next test checks the exact limit.
        assert!(taken >= limit && taken < limit * 10, "{fault:?}: {taken:?}");
    }
}

/// The exact limit, on a paused clock.
#[tokio::test(start_paused = true)]
async fn c8_the_attempt_timeout_is_exact() {
    let stage = MockTransport::always(MockResult::Never);
    let client = Platform::new()
        .builder(stage)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let begun = tokio::time::Instant::now();
    assert_error(
        &query().send(&client).await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::Timeout,
        1,
    );
    let taken = begun.elapsed();
    assert!(
        taken >= Duration::from_secs(15) && taken < Duration::from_millis(16_500),
        "{taken:?}"
    );
}

#[tokio::test]
async fn c9_endless_headers_and_interim_responses_are_stopped() {
    let gateway = gateway();
    let client = builder(&gateway)
        .attempt_timeout(Duration::from_millis(700))
        .build()
        .unwrap();
    for fault in [Fault::EndlessHeaders, Fault::EndlessInterim] {
        gateway.misbehave(fault.clone());
        let before = peak();
        let begun = Instant::now();
        let error = order().send(&client).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{fault:?}: {:?}",
            begun.elapsed()
        );
        assert!(peak() - before < 64, "{fault:?}: {} MiB more", peak() - before);
        query().send(&client).await.unwrap();
    }
}

// ---- C10 to C15 ----

#[tokio::test]
async fn c10_server_errors_are_unknown_and_retryable_ones_retried_up_to_three_attempts() {
    for status in [500, 501, 502, 503, 504] {
        for fault in [Fault::CommitThenFail { status }, Fault::Html { status }] {
            let gateway = gateway();
            let client = client(&gateway);
            let misbehave = || {
                for _ in 0..3 {
                    gateway.misbehave(fault.clone());
                }
            };
            misbehave();
            let error = order().send(&client).await.unwrap_err();
            assert_error(&error, Outcome::Unknown, ErrorKind::Service, 1);
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert!(error.to_string().contains("query before you retry"));
            gateway.behave();
            misbehave();
            assert_error(
                &idempotent().send(&client).await.unwrap_err(),
                Outcome::Unknown,
                ErrorKind::Service,
                3,
            );
            misbehave();
            assert_error(
                &query().send(&client).await.unwrap_err(),
                Outcome::Unknown,
                ErrorKind::Service,
                3,
            );
            assert!(gateway.ledger().len() <= 1);
            // Two failures, then a success.
            gateway.misbehave(fault.clone()).misbehave(fault.clone());
            assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 3);
        }
    }
}

#[tokio::test]
async fn c10_a_late_commit_after_an_error_creates_one_order() {
    let gateway = gateway();
    gateway.misbehave(Fault::FailThenCommit {
        status: 503,
        after: Duration::from_millis(50),
    });
    let client = client(&gateway);
    client.call(&idempotent()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(gateway.ledger().count("A-1"), 1);
}

#[tokio::test(start_paused = true)]
async fn c11_a_retry_after_429_waits_at_least_a_second_and_costs_more_tokens() {
    let platform = Platform::new();
    let refusal = platform.response(429, r#"{"code":"FREQUENCY_LIMITED","message":"slow down"}"#);
    let right = platform.response(200, "{}");
    let stage = MockTransport::new(move |attempt| if attempt == 0 { refusal.clone() } else { right.clone() });
    let client = platform.builder(stage.clone()).build().unwrap();
    let begun = tokio::time::Instant::now();
    assert_eq!(client.call(&query()).await.unwrap().attempts(), 2);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    // If the request must not be retried, the outcome stays unknown, although the refusal is signed.
    let refusal = platform.response(429, r#"{"code":"RATELIMIT_EXCEEDED","message":"slow down"}"#);
    let stage = MockTransport::always(refusal);
    let client = platform
        .builder(stage.clone())
        .retry(RetryPolicy::default().budget_burst(7))
        .build()
        .unwrap();
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::Service,
        1,
    );
    // Seven tokens pay for one retry after 429, which costs five, but not for a second one.
    assert_error(
        &query().send(&client).await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::Service,
        2,
    );
    assert_eq!(stage.attempts(), 3);
}

#[tokio::test]
async fn c12_a_202_is_not_final() {
    let gateway = gateway();
    let client = client(&gateway);
    let fault = || Fault::Status {
        status: 202,
        body: json!({ "state": "PROCESSING" }),
        committed: true,
    };
    gateway.misbehave(fault());
    assert_error(
        &order().send(&client).await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::NotFinal,
        1,
    );
    gateway.misbehave(fault()).misbehave(fault());
    let response = client.call(&idempotent()).await.unwrap();
    assert_eq!(
        (response.attempts(), response.status(), gateway.ledger().len()),
        (3, StatusCode::OK, 1)
    );
}

#[tokio::test]
async fn c13_a_redirect_is_never_followed() {
    let elsewhere = Gateway::start().unwrap();
    for status in [300, 301, 302, 303, 307, 308] {
        let gateway = gateway();
        let client = client(&gateway);
        for location in [
            format!("{}/v3/elsewhere", elsewhere.url()),
            format!("{}/v3/certificates", gateway.url()),
            ORDERS.to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let before = gateway.received();
            gateway.misbehave(Fault::Redirect {
                status,
                location: location.clone(),
            });
            assert_error(
                &order().send(&client).await.unwrap_err(),
                Outcome::Unknown,
                ErrorKind::Service,
                1,
            );
            gateway.misbehave(Fault::Redirect { status, location });
            assert_error(
                &query().send(&client).await.unwrap_err(),
                Outcome::Unknown,
                ErrorKind::Service,
                1,
            );
            assert_eq!(gateway.received(), before + 2);
        }
    }
    assert_eq!(elsewhere.received(), 0);
}

#[tokio::test(start_paused = true)]
async fn c14_retry_after_stays_within_backoff_and_deadline() {
    let platform = Platform::new();
    for (retry_after, least, most) in [
        ("0", 0, 5_000),
        ("2", 2_000, 5_000),
        ("1000000000", 5_000, 5_000),
        ("99999999999999999999999999", 0, 5_000),
        ("-5", 0, 5_000),
        ("soon", 0, 5_000),
        ("", 0, 5_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 5_000, 5_000),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 5_000),
    ] {
        let busy = platform.response(503, "").header("retry-after", retry_after);
        let right = platform.response(200, "{}");
        let stage = MockTransport::new(move |attempt| if attempt == 0 { busy.clone() } else { right.clone() });
        let client = platform.builder(stage).build().unwrap();
        let begun = tokio::time::Instant::now();
        client.call(&query()).await.unwrap();
        let waited = begun.elapsed();
        let within = Duration::from_millis(least)..=Duration::from_millis(most + 10);
        assert!(within.contains(&waited), "{retry_after}: {waited:?}");
    }
    // A deadline before the end of that wait ends the call immediately.
    let busy = platform.response(503, "").header("retry-after", "1000000000");
    let client = platform
        .builder(MockTransport::always(busy))
        .deadline(Duration::from_secs(2))
        .build()
        .unwrap();
    let begun = tokio::time::Instant::now();
    assert_error(
        &query().send(&client).await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::Service,
        1,
    );
    assert!(begun.elapsed() < Duration::from_millis(10));
}

#[tokio::test]
async fn c15_a_page_with_status_200_is_refused_with_a_short_excerpt() {
    let gateway = gateway();
    let client = client(&gateway);
    gateway.misbehave(Fault::Html { status: 200 });
    let error = order().send(&client).await.unwrap_err();
    assert_error(&error, Outcome::Unknown, ErrorKind::Unverified, 1);
    assert!(error.to_string().contains("<!DOCTYPE html>"), "{error}");
    assert!(error.hint().unwrap().english().contains("captive portal"));
    // The excerpt contains no line breaks or control characters.
    let hostile = "<html>\n\r\u{1b}[31m\0".to_owned() + &"x".repeat(100_000);
    gateway.on(Method::POST, ORDERS, move |_| {
        GatewayResponse::bytes("text/html", hostile.clone())
    });
    let error = order().send(&client).await.unwrap_err();
    let said = error.to_string();
    assert!(
        said.len() < 600 && !said.contains(['\n', '\r', '\u{1b}', '\0']),
        "{said}"
    );
    assert!(full_text(&error).len() < 10_000);
}

// ---- C16 to C18, C20 ----

/// Not a test by itself: `c16_proxy_variables_are_ignored_unless_asked_for` runs it in a process with other environment
/// variables.
#[tokio::test]
#[ignore = "run by c16 in a separate process"]
async fn c16_child() {
    let gateway = gateway();
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let asked = std::env::var("C16_ASKED").is_ok();
    let transport = || {
        let transport = HttpTransport::builder().root_certificate(server.root());
        if asked {
            transport.environment_proxy()
        } else {
            transport
        }
    };
    let client = |url: String| {
        builder(&gateway)
            .transport(transport().build().unwrap())
            .base_url(url)
            .build()
            .unwrap()
    };
    let result = order().send(&client(server.url())).await;
    assert_eq!((result.is_ok(), gateway.ledger().len()), (!asked, usize::from(!asked)));
    // Plain HTTP is never sent to a proxy, whatever the variables are.
    let result = order().send(&client(gateway.url())).await;
    assert_eq!(result.is_ok(), !asked);
    // If the connection fails, the error names the variable that was ignored.
    let unreachable = client(closed_address().replace("http:", "https:"));
    let text = order().send(&unreachable).await.unwrap_err().to_string();
    let excepted = std::env::var("NO_PROXY").is_ok();
    assert_eq!(
        text.contains("`HTTPS_PROXY` names a proxy"),
        !asked && !excepted,
        "{text}"
    );
    assert_eq!(text.contains("environment_proxy()"), !asked && !excepted, "{text}");
}

#[tokio::test]
async fn c16_proxy_variables_are_ignored_unless_asked_for() {
    let proxy = RawServer::start(|mut connection| async move {
        connection.request().await?;
        connection
            .write("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            .await
    })
    .await;
    let run = async |asked: bool, no_proxy: Option<&str>| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["c16_child", "--exact", "--ignored"]);
        for name in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            child.env(name, proxy.url());
        }
        for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
            child.env_remove(name);
        }
        if asked {
            child.env("C16_ASKED", "1");
        }
        if let Some(hosts) = no_proxy {
            child.env("NO_PROXY", hosts);
        }
        let output = tokio::task::spawn_blocking(move || child.output().unwrap())
            .await
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    };
    run(false, None).await;
    run(false, Some("127.0.0.1, localhost")).await;
    assert_eq!(proxy.connections(), 0);
    run(true, None).await;
    assert!(proxy.connections() > 0);
    assert!(
        proxy
            .requests()
            .iter()
            .all(|request| request.head().starts_with("CONNECT "))
    );
}

#[tokio::test]
async fn c17_an_early_413_is_read_while_the_body_is_sent() {
    let gateway = gateway();
    let client = builder(&gateway)
        .attempt_timeout(Duration::from_secs(50))
        .deadline(Duration::from_secs(60))
        .build()
        .unwrap();
    let long = Order {
        out_trade_no: "x".repeat(8 << 20),
    };
    gateway.misbehave(Fault::EarlyResponse);
    let error = long.send(&client).await.unwrap_err();
    // A client that waits until the whole body is sent would reach the timeout.
    assert_ne!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
    assert!(gateway.ledger().is_empty());
    query().send(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn c18_no_backoff_passes_the_deadline_and_the_last_error_is_kept() {
    let platform = Platform::new();
    for milliseconds in [1, 50, 150, 1000] {
        let busy = platform.response(503, r#"{"code":"SYSTEM_ERROR","message":"busy"}"#);
        let policy = RetryPolicy::default()
            .attempts(100)
            .backoff(Duration::from_millis(100), Duration::from_secs(60));
        let client = platform
            .builder(MockTransport::always(busy))
            .retry(policy)
            .build()
            .unwrap();
        let limit = Duration::from_millis(milliseconds);
        let begun = tokio::time::Instant::now();
        let error = client.call(&query()).deadline(limit).await.unwrap_err();
        assert!(begun.elapsed() <= limit, "{:?}", begun.elapsed());
        assert_eq!((error.code(), error.kind()), (Some("SYSTEM_ERROR"), ErrorKind::Service));
    }
    // Waiting for a response ends at the deadline.
    let client = platform
        .builder(MockTransport::always(MockResult::Never))
        .build()
        .unwrap();
    let begun = tokio::time::Instant::now();
    let error = client
        .call(&query())
        .deadline(Duration::from_secs(7))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::Unknown));
    assert!(begun.elapsed() <= Duration::from_millis(7_010), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn c20_calls_go_to_the_backup_host_and_back_and_create_one_order() {
    let gateway = gateway();
    let backup = gateway.add_host().unwrap();
    let transport = RecordingTransport::new();
    let policy = quick().backup_stay(Duration::from_millis(200));
    let client = builder(&gateway)
        .transport(transport)
        .backup_url(backup.url())
        .retry(policy)
        .build()
        .unwrap();
    client.call(&idempotent()).await.unwrap();
    gateway.host().go_down();
    assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 2);
    // The next calls go to the backup immediately.
    for _ in 0..5 {
        assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 1);
    }
    gateway.host().come_up().unwrap();
    tokio::time::sleep(Duration::from_millis(250)).await;
    client.call(&idempotent()).await.unwrap();
    backup.go_down();
    assert_eq!(
        client.call(&idempotent()).await.unwrap().attempts(),
        1,
        "the client is back on the main host"
    );
    let row = gateway.ledger().find("A-1").unwrap();
    assert_eq!((gateway.ledger().len(), row.conflicts), (1, 0));
    assert_eq!(row.requests, 9);
}

/// Bytes that are not HTTP: the client neither panics nor accepts them.
#[tokio::test]
async fn c4_bytes_that_are_not_http_are_refused() {
    for response in [
        &b"\0\0\0\0"[..],
        b"HTTP/2 200\r\n\r\n",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 999 x\r\n\r\n",
        b"HTTP/1.1 200\r\ncontent-length: -1\r\n\r\n",
    ] {
        let response = response.to_vec();
        let server = RawServer::start(move |mut connection| {
            let response = response.clone();
            async move {
                connection.request().await?;
                connection.write(&response).await?;
                Ok::<_, io::Error>(())
            }
        })
        .await;
        let client = builder(&gateway()).base_url(server.url()).build().unwrap();
        let error = order().send(&client).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
    }
}

#[tokio::test]
async fn c8_a_stalled_download_ends_at_its_timeout() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbeginning")
            .unwrap();
        // Until the client disconnects.
        while stream.read(&mut request).is_ok_and(|read| read > 0) {}
    });
    let gateway = gateway();
    let client = builder(&gateway)
        .base_url(url)
        .attempt_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let response = client
        .request(Method::GET, "/v3/billdownload/file")
        .response::<Download>()
        .send()
        .await
        .unwrap();
    let mut download = response.into_inner();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "beginning");
    assert_error(
        &download.chunk().await.unwrap_err(),
        Outcome::Unknown,
        ErrorKind::Timeout,
        0,
    );
    drop((download, client));
    // This runtime closes the connection, so it must not be blocked.
    tokio::task::spawn_blocking(move || server.join().unwrap())
        .await
        .unwrap();
}

// ---- S1: which connection carries a request ----

/// A proxy that falls out of step on the request for order `A-1`.
async fn out_of_step(gateway: &Gateway) -> OutOfStepProxy {
    OutOfStepProxy::start(gateway.host().address(), |request| {
        if String::from_utf8_lossy(request.body()).contains("A-1") {
            Step::FallOutOfStep
        } else {
            Step::Pass
        }
    })
    .await
}

/// The proxy sends an unsigned 504 for the first order and keeps the connection alive. The second order is executed. On
/// the same connection the client would read the late, genuine refusal of the first order.
#[tokio::test]
async fn s1_a_late_refusal_of_one_call_is_not_read_by_the_next() {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(Method::POST, ORDERS, |request| {
        match request.json()["out_trade_no"].as_str() {
            Some("A-1") => GatewayResponse::error(403, "NO_AUTH", "商户无权限"),
            _ => GatewayResponse::json(200, &json!({ "prepay_id": "wx2" })),
        }
    });
    let proxy = out_of_step(&gateway).await;
    let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
    let error = order().send(&client).await.unwrap_err();
    assert_error(&error, Outcome::Unknown, ErrorKind::Service, 1);
    let second = Order {
        out_trade_no: "A-2".into(),
    };
    assert_eq!(second.send(&client).await.unwrap()["prepay_id"], "wx2");
    assert_eq!((gateway.received(), proxy.connections()), (2, 2));
}

#[tokio::test]
async fn s1_a_late_success_of_one_call_is_not_read_by_the_next() {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(
        Method::POST,
        ORDERS,
        |request| json!({ "prepay_id": format!("wx for {}", request.json()["out_trade_no"]) }),
    );
    let proxy = out_of_step(&gateway).await;
    let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
    order().send(&client).await.unwrap_err();
    let second = Order {
        out_trade_no: "A-2".into(),
    };
    assert_eq!(second.send(&client).await.unwrap()["prepay_id"], "wx for \"A-2\"");
}

/// A response is verified after its last byte. Until then no other call may use the connection.
#[tokio::test]
async fn s1_concurrent_calls_never_share_a_connection_that_fell_out_of_step() {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(
        Method::POST,
        ORDERS,
        |request| json!({ "prepay_id": format!("wx for {}", request.json()["out_trade_no"]) }),
    );
    let proxy = OutOfStepProxy::start(gateway.host().address(), |request| {
        if String::from_utf8_lossy(request.body()).contains("-7") {
            Step::FallOutOfStep
        } else {
            Step::Pass
        }
    })
    .await;
    let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..8 {
        let client = client.clone();
        callers.spawn(async move {
            for number in 0..30 {
                let order = Order {
                    out_trade_no: format!("{caller}-{}", number % 10),
                };
                match order.send(&client).await {
                    Ok(response) => {
                        assert_eq!(response["prepay_id"], format!("wx for \"{caller}-{}\"", number % 10));
                    }
                    Err(error) => assert_eq!((error.outcome(), number % 10), (Outcome::Unknown, 7), "{error}"),
                }
            }
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller.unwrap();
    }
}

#[tokio::test]
async fn s1_only_a_verified_exchange_keeps_its_connection() {
    let other = || GatewayResponse::json(200, &json!({ "out_trade_no": "B-9" }));
    let refusal = || GatewayResponse::error(403, "NO_AUTH", "商户无权限");
    // The fault of the first call, its response, and whether the next call reuses the connection.
    type Case = (&'static str, Option<Fault>, fn() -> GatewayResponse, bool);
    let cases: [Case; 8] = [
        ("verified", None, || ().into(), true),
        ("a signed refusal", None, refusal, true),
        ("unsigned", Some(Fault::Unsigned), || ().into(), false),
        ("signed by another key", Some(Fault::WrongKey), || ().into(), false),
        (
            "an unsigned page",
            Some(Fault::Html { status: 502 }),
            || ().into(),
            false,
        ),
        ("a signature probe", Some(Fault::SignatureProbe), || ().into(), false),
        ("of another order", None, other, false),
        (
            "not of the declared type",
            None,
            || GatewayResponse::json(200, &json!([1])),
            false,
        ),
    ];
    for (name, fault, response, kept) in cases {
        let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
        gateway.on(Method::POST, ORDERS, move |_| response());
        let proxy = OutOfStepProxy::start(gateway.host().address(), |_| Step::Pass).await;
        let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
        if let Some(fault) = fault {
            gateway.misbehave(fault);
        }
        let call = || {
            let order = json!({ "out_trade_no": "A-1" });
            let client = client.clone();
            async move {
                let call = client.request(Method::POST, ORDERS).json(&order);
                call.response::<Option<serde_json::Map<String, serde_json::Value>>>()
                    .send()
                    .await
                    .map(|_| ())
            }
        };
        let _ = call().await;
        let _ = call().await;
        assert_eq!(gateway.received(), 2, "{name}");
        assert_eq!(proxy.connections(), if kept { 1 } else { 2 }, "{name}");
    }
}

/// A download is not signed, so nothing proves that its bytes belong to its request.
#[tokio::test]
async fn s1_a_download_does_not_keep_its_connection() {
    let gateway = gateway();
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::bytes("text/csv", "bill")
    });
    let proxy = OutOfStepProxy::start(gateway.host().address(), |_| Step::Pass).await;
    let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
    let download = client
        .request(Method::GET, "/v3/billdownload/file")
        .response::<Download>()
        .send()
        .await;
    assert_eq!(download.unwrap().into_inner().bytes().await.unwrap(), "bill");
    query().send(&client).await.unwrap();
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn s1_unexpected_bytes_close_the_connection() {
    let platform = Platform::new();
    let signed = |id: &str| {
        let MockResult::Response { headers, body, .. } = platform.response(200, format!(r#"{{"prepay_id":"{id}"}}"#))
        else {
            unreachable!()
        };
        let mut text = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in &headers {
            text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        format!("{text}\r\n{}", String::from_utf8_lossy(&body))
    };
    // The first connection sends one response too many before the next request.
    let first = [signed("wx1"), signed("wx of closed_address")].concat();
    let second = signed("wx2");
    let connections = std::sync::atomic::AtomicUsize::new(0);
    let server = RawServer::start(move |mut connection| {
        let number = connections.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let response = if number == 0 { first.clone() } else { second.clone() };
        async move {
            while connection.request().await?.is_some() {
                connection.write(&response).await?;
            }
            Ok(())
        }
    })
    .await;
    let client = platform
        .builder(HttpTransport::new().unwrap())
        .base_url(server.url())
        .build()
        .unwrap();
    assert_eq!(order().send(&client).await.unwrap()["prepay_id"], "wx1");
    assert_eq!(order().send(&client).await.unwrap()["prepay_id"], "wx2");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn s1_a_call_that_timed_out_or_was_dropped_does_not_keep_its_connection() {
    let gateway = gateway();
    let proxy = OutOfStepProxy::start(gateway.host().address(), |_| Step::Pass).await;
    let client = builder(&gateway).base_url(proxy.url()).build().unwrap();
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(300)));
    let error = client
        .call(&order())
        .deadline(Duration::from_millis(100))
        .await
        .unwrap_err();
    assert_error(&error, Outcome::Unknown, ErrorKind::Timeout, 1);
    query().send(&client).await.unwrap();
    assert_eq!(proxy.connections(), 2);
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(300)));
    let second = order();
    let dropped = tokio::time::timeout(Duration::from_millis(100), second.send(&client));
    assert!(dropped.await.is_err());
    query().send(&client).await.unwrap();
    assert_eq!(proxy.connections(), 3);
}

// ---- S3: when the client changes hosts ----

#[tokio::test]
async fn s3_a_call_with_a_short_deadline_does_not_change_the_host_of_others() {
    let gateway = gateway();
    let backup = gateway.add_host().unwrap();
    gateway.host().go_down();
    let client = builder(&gateway).backup_url(backup.url()).build().unwrap();
    assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 2);
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(200)));
    let error = client
        .call(&order())
        .deadline(Duration::from_millis(5))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    // Other calls stay on the first host, which is up.
    assert_eq!(client.call(&idempotent()).await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn s3_a_full_attempt_timeout_changes_the_host_of_all_calls() {
    // The deadline of the second client is shorter than its attempt timeout, so no attempt can last longer than the
    // deadline.
    let limits = [(100, 30_000), (15_000, 100)];
    for (attempt, deadline) in limits {
        let gateway = gateway();
        let backup = gateway.add_host().unwrap();
        let client = builder(&gateway)
            .backup_url(backup.url())
            .attempt_timeout(Duration::from_millis(attempt))
            .deadline(Duration::from_millis(deadline))
            .build()
            .unwrap();
        gateway.misbehave(Fault::Silence { committed: false });
        let error = order().send(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        gateway.host().go_down();
        assert_eq!(client.call(&order()).await.unwrap().attempts(), 1);
    }
}

// ---- S6: proxies ----

/// A proxy that opens tunnels and records its requests.
async fn tunnel() -> RawServer {
    RawServer::start(|mut connection| async move {
        let Some(request) = connection.request().await? else {
            return Ok(());
        };
        let mut target = TcpStream::connect(request.target()).await?;
        connection.write("HTTP/1.1 200 OK\r\n\r\n").await?;
        tokio::io::copy_bidirectional(connection.stream(), &mut target).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn s6_plain_http_is_never_sent_to_a_proxy() {
    let gateway = gateway();
    let proxy = tunnel().await;
    let transport = HttpTransport::builder().proxy(proxy.url()).build().unwrap();
    let client = builder(&gateway).transport(transport).build().unwrap();
    let error = order().send(&client).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Connect));
    assert!(
        error.to_string().contains("plain HTTP is never sent to a proxy"),
        "{error}"
    );
    assert_eq!((proxy.connections(), gateway.received()), (0, 0));
}

#[tokio::test]
async fn s6_a_proxy_forwards_a_tunnel_and_sees_no_request() {
    let gateway = gateway();
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let proxy = tunnel().await;
    let url = proxy.url().replace("//", "//shop:pass%40word@");
    let transport = HttpTransport::builder()
        .root_certificate(server.root())
        .proxy(url)
        .build()
        .unwrap();
    let client = builder(&gateway)
        .transport(transport)
        .base_url(server.url())
        .build()
        .unwrap();
    order().send(&client).await.unwrap();
    query().send(&client).await.unwrap();
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "both calls use one tunnel");
    let target = server.url().replace("https://", "");
    assert!(
        requests[0]
            .head()
            .starts_with(&format!("CONNECT {target} HTTP/1.1\r\n"))
    );
    assert_eq!(
        requests[0].headers("proxy-authorization"),
        ["Basic c2hvcDpwYXNzQHdvcmQ="]
    );
    assert!(requests[0].headers("authorization").is_empty());

    for url in ["not a URL", "socks5://127.0.0.1:9", "ftp://127.0.0.1:9", ""] {
        let error = HttpTransport::builder().proxy(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
    }
}

// ---- U9: the texts of connection errors ----

#[tokio::test]
async fn u9_a_connection_error_names_every_host_that_was_tried() {
    let (main, backup) = (closed_address(), closed_address());
    let client = builder(&gateway()).base_url(&main).backup_url(&backup).build().unwrap();
    let text = order().send(&client).await.unwrap_err().to_string();
    let [main, backup] = [main, backup].map(|url| url.replace("http://", ""));
    assert!(text.contains(&format!("no connection to {main}: ")), "{text}");
    assert!(text.contains(&format!("hosts tried: {main}, {backup}")), "{text}");
    assert!(text.contains("hint: nothing listens at this address"), "{text}");
    let client = builder(&gateway()).base_url("https://api.invalid").build().unwrap();
    let text = order().send(&client).await.unwrap_err().to_string();
    assert!(text.contains("hint: this machine does not find the name"), "{text}");

    let gateway = gateway();
    let client = builder(&gateway)
        .attempt_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let host = gateway.host().address();
    gateway.misbehave(Fault::Silence { committed: false });
    let text = order().send(&client).await.unwrap_err().to_string();
    assert!(
        text.contains(&format!("no response from {host} within 50 ms")),
        "{text}"
    );
    let client = builder(&gateway).build().unwrap();
    gateway.misbehave(Fault::Reset { committed: false });
    let text = order().send(&client).await.unwrap_err().to_string();
    assert!(text.contains(&format!("the connection to {host} broke: ")), "{text}");
    assert!(!text.contains("hosts tried"), "{text}");
}

#[tokio::test]
async fn u9_the_hint_names_the_likely_cause_of_a_tls_failure() {
    let gateway = gateway();
    // TLS to a port for plain HTTP.
    let client = builder(&gateway)
        .base_url(gateway.url().replace("http:", "https:"))
        .build()
        .unwrap();
    let text = order().send(&client).await.unwrap_err().to_string();
    assert!(
        text.contains("does not speak TLS: the port is one for plain HTTP"),
        "{text}"
    );
    for (flaw, hint) in [
        (Flaw::WrongName, "check the base URL and the DNS of this machine"),
        (Flaw::Expired, "check this machine's clock"),
    ] {
        let server = TlsServer::start(gateway.host().address(), flaw).await;
        let text = order()
            .send(&trusting(&gateway, &server).build().unwrap())
            .await
            .unwrap_err()
            .to_string();
        assert!(text.contains(hint), "{flaw:?}: {text}");
    }
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let client = builder(&gateway).base_url(server.url()).build().unwrap();
    let text = order().send(&client).await.unwrap_err().to_string();
    assert!(text.contains("a proxy may inspect TLS"), "{text}");
}
