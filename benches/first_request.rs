//! The first request of a fresh process: keys are read, TLS is set up, a connection is made. The library against the
//! same written by hand.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin first_request -- [rounds]
//! ```

use cpu_time::ProcessTime;
use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};
use tokio::runtime;
use wechatpay_benches::{
    client_process::run,
    gateway_process::{self, Access, GatewayProcess},
    operation,
    reference::Reference,
    slices::median,
};

const SIDES: [&str; 2] = ["library", "by-hand"];

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let begun = Instant::now();
    if gateway_process::be_the_gateway()? {
        return Ok(());
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [side, access] = arguments.as_slice() {
        let access = serde_json::from_str(access)?;
        let exchange = if side == SIDES[0] {
            library(&access)
        } else {
            by_hand(&access)
        }?;
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let cpu = ProcessTime::now().as_duration();
        println!("{} {} {}", millis(cpu), millis(begun.elapsed()), millis(exchange));
        return Ok(());
    }
    let rounds = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(40);
    let gateway = GatewayProcess::start()?;
    let access = serde_json::to_string(&gateway.access)?;
    let mut cpu = [Vec::new(), Vec::new()];
    let mut wall = cpu.clone();
    let mut exchange = cpu.clone();
    for round in 0..rounds {
        for turn in 0..2 {
            let side = (round + turn) % 2;
            if let [spent, passed, after] = run(&[SIDES[side], &access])?.as_slice() {
                cpu[side].push(*spent);
                wall[side].push(*passed);
                exchange[side].push(*after);
            }
        }
    }
    println!("{rounds} fresh processes each, in turns; medians.\n");
    println!("| | library | by hand | difference |");
    println!("|---|---|---|---|");
    for (what, [ours, theirs]) in [
        ("CPU until the first response", cpu),
        ("CPU of the first exchange, once the client is built", exchange),
        ("time until the first response", wall),
    ] {
        let [ours, theirs] = [ours, theirs].map(|times| median(times.into_iter()));
        println!("| {what} | {ours:.2} ms | {theirs:.2} ms | {:+.2} ms |", ours - theirs);
    }
    Ok(())
}

/// Gives the CPU time of the exchange alone.
fn library(access: &Access) -> Result<Duration, Box<dyn Error + Send + Sync>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = access.client()?;
    let begun = ProcessTime::now();
    runtime.block_on(operation::request().send(&client))?;
    Ok(begun.elapsed())
}

fn by_hand(access: &Access) -> Result<Duration, Box<dyn Error + Send + Sync>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = Reference::new(access)?;
    let begun = ProcessTime::now();
    runtime.block_on(client.send(&operation::request()))?;
    Ok(begun.elapsed())
}
