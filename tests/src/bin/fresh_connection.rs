//! Measures the cost of a new connection: the same query over TLS, on a kept connection and on a new one each time.
//!
//! ```text
//! cargo run --release -p wechatpay-tests --bin fresh_connection
//! ```
//!
//! Client, TLS server and gateway run on this machine, so the results contain no network latency. Over a network a new
//! connection takes two more round trips: one for TCP and one for TLS 1.3.

use serde_json::json;
use std::{
    error::Error,
    time::{Duration, Instant},
};
use wechatpay_core::{Client, Method, crypto::aws_lc_rs::AwsLcRs, transport::HttpTransport};
use wechatpay_gateway::Gateway;
use wechatpay_tests::{Flaw, TlsServer};

const CALLS: usize = 200;
const ROUNDS: usize = 5;
const PATH: &str = "/v3/pay/transactions/out-trade-no/A-1";

/// The median of a call's duration.
async fn median(client: &Client) -> Result<Duration, wechatpay_core::Error> {
    let mut durations = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        client.request(Method::GET, PATH).send().await?;
        durations.push(begun.elapsed());
    }
    durations.sort_unstable();
    Ok(durations[CALLS / 2])
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = Gateway::builder().backend(&AwsLcRs).start()?;
    gateway.on(
        Method::GET,
        PATH,
        |_| json!({ "out_trade_no": "A-1", "trade_state": "SUCCESS" }),
    );
    let server = TlsServer::start(gateway.host().address(), Flaw::None).await;
    let client = |idle_timeout| {
        let transport = HttpTransport::builder()
            .root_certificate(server.root())
            .idle_timeout(idle_timeout)
            .build()?;
        gateway
            .client_builder()
            .base_url(server.url())
            .transport(transport)
            .build()
    };
    let (kept, fresh) = (client(Duration::from_secs(5))?, client(Duration::ZERO)?);
    median(&kept).await?;
    median(&fresh).await?;
    println!("| | kept | new | difference |\n|---|---|---|---|");
    for round in 1..=ROUNDS {
        let (kept, fresh) = (median(&kept).await?, median(&fresh).await?);
        println!(
            "| round {round} | {kept:.0?} | {fresh:.0?} | {:.0?} |",
            fresh.saturating_sub(kept)
        );
    }
    Ok(())
}
