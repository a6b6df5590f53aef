//! What an observer is told of each attempt and each call.

use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use wechatpay_core::{
    ClientBuilder, ErrorKind, Method, Outcome, Upload,
    crypto::aws_lc_rs::AwsLcRs,
    observe::{AttemptEvent, CallEvent, Observer, RetryCause},
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, PlatformMode};
use wechatpay_tests::quick;

const ORDERS: &str = "/v3/pay/transactions/jsapi";
const QUERY: &str = "/v3/pay/transactions/id/{transaction_id}";

/// What was told, kept.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Attempt {
        attempt: u32,
        status: Option<u16>,
        outcome: Option<Outcome>,
        retry: Option<RetryCause>,
        bytes: (u64, u64),
    },
    Call {
        operation: String,
        host: Option<String>,
        status: Option<u16>,
        outcome: Option<Outcome>,
        error_type: Option<&'static str>,
        code: Option<String>,
        attempts: u32,
        bytes: (u64, u64),
    },
}

#[derive(Default)]
struct Log {
    told: Mutex<Vec<Told>>,
    elapsed: Mutex<Vec<Duration>>,
    merchants: Mutex<Vec<String>>,
}

impl Observer for Log {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        assert_eq!(
            (event.host, event.error.is_some()),
            ("127.0.0.1", event.outcome.is_some())
        );
        self.told.lock().unwrap().push(Told::Attempt {
            attempt: event.attempt,
            status: event.status.map(|status| status.as_u16()),
            outcome: event.outcome,
            retry: event.retry,
            bytes: (event.bytes_sent, event.bytes_received),
        });
        self.elapsed.lock().unwrap().push(event.elapsed);
    }

    fn call(&self, event: &CallEvent<'_>) {
        self.merchants.lock().unwrap().push(event.mchid.to_owned());
        self.told.lock().unwrap().push(Told::Call {
            operation: format!("{} {}", event.method, event.template),
            host: event.host.map(str::to_owned),
            status: event.status.map(|status| status.as_u16()),
            outcome: event.outcome(),
            error_type: event.error_type(),
            code: event.code().map(str::to_owned),
            attempts: event.attempts,
            bytes: (event.bytes_sent, event.bytes_received),
        });
        self.elapsed.lock().unwrap().push(event.elapsed);
    }
}

fn gateway() -> Gateway {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway.on(Method::POST, ORDERS, |_| json!({ "prepay_id": "wx1" })).on(
        Method::GET,
        QUERY,
        |_| json!({ "trade_state": "SUCCESS" }),
    );
    gateway
}

fn observed(gateway: &Gateway) -> (ClientBuilder, Arc<Log>) {
    let log = Arc::new(Log::default());
    let builder = gateway.client_builder().retry(quick()).observer(Arc::clone(&log));
    (builder, log)
}

#[tokio::test]
async fn each_attempt_and_the_call_are_told_with_their_bytes() {
    let gateway = gateway();
    let (builder, log) = observed(&gateway);
    let client = builder.build().unwrap();
    gateway.misbehave(Fault::Status {
        status: 500,
        body: json!({ "code": "SYSTEM_ERROR", "message": "!" }),
        committed: false,
    });
    let order = json!({ "out_trade_no": "A-1" });
    let sent = serde_json::to_vec(&order).unwrap().len() as u64;
    client
        .request(Method::POST, ORDERS)
        .json(&order)
        .idempotent()
        .send()
        .await
        .unwrap();
    let [error, success] =
        [r#"{"code":"SYSTEM_ERROR","message":"!"}"#, r#"{"prepay_id":"wx1"}"#].map(|body| body.len() as u64);
    let attempt = |attempt, status, outcome, retry, received| Told::Attempt {
        attempt,
        status: Some(status),
        outcome,
        retry,
        bytes: (sent, received),
    };
    assert_eq!(
        *log.told.lock().unwrap(),
        [
            attempt(1, 500, Some(Outcome::Unknown), Some(RetryCause::ServerError), error),
            attempt(2, 200, None, None, success),
            Told::Call {
                operation: format!("POST {ORDERS}"),
                host: Some("127.0.0.1".into()),
                status: Some(200),
                outcome: None,
                error_type: None,
                code: None,
                attempts: 2,
                bytes: (2 * sent, error + success),
            },
        ]
    );
    assert_eq!(*log.merchants.lock().unwrap(), [gateway.mchid()]);
    let elapsed = log.elapsed.lock().unwrap();
    assert!(elapsed[2] >= elapsed[0] + elapsed[1], "{elapsed:?}");
}

#[tokio::test]
async fn a_failed_call_is_told_with_what_it_proves() {
    let gateway = gateway();
    let (builder, log) = observed(&gateway);
    let client = builder.build().unwrap();
    let last = || log.told.lock().unwrap().last().cloned();
    let call = |outcome, kind: ErrorKind, status, code: Option<&str>, attempts, bytes| Told::Call {
        operation: format!("POST {ORDERS}"),
        host: (attempts > 0).then(|| "127.0.0.1".to_owned()),
        status,
        outcome: Some(outcome),
        error_type: Some(kind.name()),
        code: code.map(str::to_owned),
        attempts,
        bytes,
    };
    gateway.on(Method::POST, ORDERS, |_| {
        GatewayResponse::error(403, "NOT_ENOUGH", "余额不足")
    });
    let order = || client.request(Method::POST, ORDERS);
    let received = r#"{"code":"NOT_ENOUGH","message":"余额不足"}"#.len() as u64;
    order().send().await.unwrap_err();
    assert_eq!(
        last(),
        Some(call(
            Outcome::Rejected,
            ErrorKind::Service,
            Some(403),
            Some("NOT_ENOUGH"),
            1,
            (0, received)
        ))
    );
    // Refused before it was sent.
    order().header("Host", "mine").send().await.unwrap_err();
    order().path("no_placeholder", &"1").send().await.unwrap_err();
    assert_eq!(
        last(),
        Some(call(Outcome::Local, ErrorKind::Request, None, None, 0, (0, 0)))
    );
    // Nothing left the machine, over a connection that had to be made.
    gateway.host().go_down();
    let (builder, log) = observed(&gateway);
    let client = builder.build().unwrap();
    let last = || log.told.lock().unwrap().last().cloned();
    client
        .request(Method::POST, ORDERS)
        .json(&json!({ "out_trade_no": "A-1" }))
        .send()
        .await
        .unwrap_err();
    let Some(Told::Call { outcome, bytes, .. }) = last() else {
        panic!()
    };
    assert_eq!((outcome, bytes), (Some(Outcome::NotSent), (0, 0)));
}

#[tokio::test]
async fn an_upload_is_told_with_all_its_bytes_and_a_certificate_download_is_told_too() {
    let gateway = Gateway::builder()
        .mode(PlatformMode::Certificates)
        .backend(&AwsLcRs)
        .start()
        .unwrap();
    gateway.on(Method::POST, "/v3/media", |_| json!({ "media_id": "1" }));
    let (builder, log) = observed(&gateway);
    let client = builder.build().unwrap();
    let file = Upload::new("a.png", vec![7; 100_000]);
    client
        .request(Method::POST, "/v3/media")
        .upload(&file)
        .send()
        .await
        .unwrap();
    let told = log.told.lock().unwrap();
    let calls: Vec<_> = told
        .iter()
        .filter_map(|told| match told {
            Told::Call { operation, bytes, .. } => Some((operation.as_str(), bytes.0)),
            Told::Attempt { .. } => None,
        })
        .collect();
    assert!(
        matches!(calls[..], [("GET /v3/certificates", 0), ("POST /v3/media", 100_001..)]),
        "{calls:?}"
    );
}

#[tokio::test]
async fn an_observer_sees_no_value_of_a_request() {
    struct Text(Mutex<String>);
    impl Observer for Text {
        fn attempt(&self, event: &AttemptEvent<'_>) {
            self.0.lock().unwrap().push_str(&format!("{event:?}"));
        }

        fn call(&self, event: &CallEvent<'_>) {
            self.0.lock().unwrap().push_str(&format!("{event:?}"));
        }
    }
    let gateway = gateway();
    let text = Arc::new(Text(Mutex::default()));
    let client = gateway.client_builder().observer(Arc::clone(&text)).build().unwrap();
    let query = json!({ "openid": "CANARY-QUERY" });
    let call = client
        .request(Method::GET, QUERY)
        .path("transaction_id", &"CANARY-PATH")
        .query(&query);
    call.response::<Value>().send().await.unwrap();
    gateway.misbehave(Fault::WrongKey);
    let call = client
        .request(Method::GET, QUERY)
        .path("transaction_id", &"CANARY-PATH")
        .query(&query);
    call.response::<Value>().send().await.unwrap_err();
    let text = text.0.lock().unwrap();
    assert!(text.contains(QUERY) && !text.contains("CANARY"), "{text}");
}

/// What the spans of attempts say, in the order in which it was said.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl tracing::field::Visit for Spans {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push(format!("{}={value:?}", field.name()));
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Spans {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        if attributes.metadata().name() == "wechatpay_attempt" {
            attributes.record(&mut self.clone());
        }
    }

    fn on_record(
        &self,
        _: &tracing::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        values.record(&mut self.clone());
    }
}

#[tokio::test]
async fn the_span_of_an_attempt_has_the_names_of_opentelemetry() {
    use tracing_subscriber::layer::SubscriberExt as _;
    let gateway = gateway();
    let client = gateway.client_builder().retry(quick()).build().unwrap();
    gateway.misbehave(Fault::CommitThenFail { status: 502 });
    let spans = Spans::default();
    let subscriber = tracing_subscriber::registry().with(spans.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let query = client.request(Method::GET, QUERY).path("transaction_id", &"1");
    query.send().await.unwrap();
    drop(guard);
    let said = spans.0.lock().unwrap().clone();
    let port = gateway.host().address().port();
    let attempt = |number: u32| {
        [
            "otel.kind=\"client\"".to_owned(),
            "server.address=\"127.0.0.1\"".to_owned(),
            format!("server.port={port}"),
            format!("http.request.resend_count={number}"),
        ]
    };
    let mut expected = attempt(0).to_vec();
    expected.extend([
        "http.response.status_code=502".to_owned(),
        "error.type=\"Service\"".to_owned(),
    ]);
    expected.extend(attempt(1));
    expected.push("http.response.status_code=200".to_owned());
    assert_eq!(said, expected);
}
