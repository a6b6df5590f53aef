//! Metrics of every call, for Prometheus: how many, how long, how they ended, why they were retried.
//!
//! An `Observer` counts; the `metrics` crates keep the numbers and write them down as text. This program makes some calls,
//! looks at its own page and ends. With `--serve` it stays, and the page can be looked at with
//! `curl http://127.0.0.1:9464/metrics`.
//!
//! ```text
//! cargo run --example metrics
//! cargo run --example metrics -- --serve
//! ```

use axum::{Router, routing::get};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use std::error::Error;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use wechatpay_core::{
    Client, Method,
    observe::{AttemptEvent, CallEvent, Observer},
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};

const CALLS: &str = "wechatpay_calls_total";
const SECONDS: &str = "http_client_request_duration_seconds";
const RETRIES: &str = "wechatpay_retries_total";

/// Counts. The labels are the names of the OpenTelemetry conventions for HTTP, with `_` in the place of `.`: the path
/// template is one of few, while a path with an order number would be a new series for each order.
struct Metrics;

impl Observer for Metrics {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        let status = event
            .status
            .map_or_else(String::new, |status| status.as_u16().to_string());
        histogram!(
            SECONDS,
            "http_request_method" => event.method.to_string(),
            "url_template" => event.template.to_owned(),
            "server_address" => event.host.to_owned(),
            "http_response_status_code" => status,
        )
        .record(event.elapsed);
        if let Some(cause) = event.retry {
            counter!(RETRIES, "url_template" => event.template.to_owned(), "cause" => format!("{cause:?}"))
                .increment(1);
        }
    }

    fn call(&self, event: &CallEvent<'_>) {
        // Alert on `outcome="Unknown"`: money may have moved, and somebody has to look.
        let outcome = event
            .outcome()
            .map_or_else(|| "Success".to_owned(), |outcome| format!("{outcome:?}"));
        counter!(
            CALLS,
            "http_request_method" => event.method.to_string(),
            "url_template" => event.template.to_owned(),
            "outcome" => outcome,
            "error_type" => event.error_type().unwrap_or_default(),
            "code" => event.code().unwrap_or_default().to_owned(),
        )
        .increment(1);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&[0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0])?
        .install_recorder()?;
    describe_counter!(CALLS, "Calls of WeChat Pay, by how they ended");
    describe_counter!(RETRIES, "Attempts that another one followed, by cause");
    describe_histogram!(SECONDS, Unit::Seconds, "How long an attempt took");

    let serve = std::env::args().any(|argument| argument == "--serve");
    let listener = TcpListener::bind(if serve { "127.0.0.1:9464" } else { "127.0.0.1:0" }).await?;
    let address = listener.local_addr()?;
    let page = Router::new().route("/metrics", get(move || std::future::ready(recorder.render())));
    let server = tokio::spawn(async move { axum::serve(listener, page).await });

    let gateway = start_gateway()?;
    let client = gateway.client_builder().observer(Metrics).build()?;
    calls(&gateway, &client).await;

    if serve {
        println!("http://{address}/metrics");
        server.await??;
    }
    let page = read(address, "/metrics").await?;
    println!(
        "{}",
        page.lines()
            .filter(|line| !line.contains("_bucket"))
            .collect::<Vec<_>>()
            .join("\n")
    );
    for expected in [
        r#"outcome="Rejected",error_type="Service",code="NOT_ENOUGH"} 1"#,
        r#"cause="ServerError"} 1"#,
        r#"outcome="Success",error_type="",code=""} 3"#,
    ] {
        if !page.contains(expected) {
            return Err(format!("the page lacks {expected}").into());
        }
    }
    Ok(())
}

/// Three queries, one of them with a retry, and a refund that is refused.
async fn calls(gateway: &Gateway, client: &Client) {
    gateway.misbehave(Fault::CommitThenFail { status: 502 });
    for number in ["A-1", "A-2", "A-3"] {
        let query = client.request(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}");
        if let Err(error) = query.path("out_trade_no", &number).send().await {
            println!("{error}");
        }
    }
    if let Err(error) = client.request(Method::POST, "/v3/refund/domestic/refunds").send().await {
        println!("{error}\n");
    }
}

fn start_gateway() -> std::io::Result<Gateway> {
    let gateway = Gateway::start()?;
    gateway.on(
        Method::GET,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        |request| json!({ "out_trade_no": request.path("out_trade_no"), "trade_state": "SUCCESS" }),
    );
    gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| {
        GatewayResponse::error(403, "NOT_ENOUGH", "余额不足")
    });
    Ok(gateway)
}

/// What curl does.
async fn read(address: std::net::SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut page = String::new();
    stream.read_to_string(&mut page).await?;
    Ok(page)
}
