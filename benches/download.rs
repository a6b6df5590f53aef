//! A bill of 100 MiB, downloaded by the library, by the HTTP client below it alone, and by `curl`.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin download -- [rounds]
//! ```

use std::{env, error::Error, process::Command, time::Instant};
use tokio::runtime;
use wechatpay_benches::{
    client_process::{memory, run},
    gateway_process::{self, Access, GatewayProcess, LARGE, LARGE_PATH},
    slices::median,
};
use wechatpay_core::{Download, Method};

const ROLE: &str = "download";
const ROLE_BY_HAND: &str = "download-by-hand";

fn main() -> Result<(), Box<dyn Error>> {
    if gateway_process::be_the_gateway()? {
        return Ok(());
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, access] if role == ROLE => return download(&serde_json::from_str(access)?),
        [role, url] if role == ROLE_BY_HAND => return download_by_hand(url),
        _ => {}
    }
    let rounds = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(20);
    let gateway = GatewayProcess::start()?;
    let access = serde_json::to_string(&gateway.access)?;
    let url = format!("{}{LARGE_PATH}", gateway.access.url);
    let (mut ours, mut by_hand, mut theirs, mut growth) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // The first response includes building and signing.
    let is_there = curl(&url).is_some();
    for _ in 0..rounds {
        if let [seconds, grown] = run(&[ROLE, &access])?.as_slice() {
            ours.push(LARGE as f64 / seconds / 1e6);
            growth.push(*grown);
        }
        if let [seconds] = run(&[ROLE_BY_HAND, &url])?.as_slice() {
            by_hand.push(LARGE as f64 / seconds / 1e6);
        }
        theirs.extend(curl(&url).map(|seconds| LARGE as f64 / seconds / 1e6));
    }
    println!("{rounds} downloads each, in turns; medians.\n");
    println!("| | rate |");
    println!("|---|---|");
    let [ours, by_hand, theirs, growth] = [ours, by_hand, theirs, growth].map(|values| median(values.into_iter()));
    println!("| library | {ours:.0} MB/s |");
    println!("| reqwest by hand | {by_hand:.0} MB/s |");
    println!("| library against reqwest by hand | {:.0} % |", ours / by_hand * 100.0);
    if is_there {
        println!(
            "| curl | {theirs:.0} MB/s |\n| library against curl | {:.0} % |",
            ours / theirs * 100.0
        );
    } else {
        println!("| curl | SKIPPED: it is not installed |");
    }
    println!("\nFrom the first piece to the last, the library's memory grew by {growth:.0} KiB.");
    Ok(())
}

/// How many seconds `curl` takes.
fn curl(url: &str) -> Option<f64> {
    let output = Command::new("curl")
        .args([
            "--silent",
            "--noproxy",
            "*",
            "--output",
            "/dev/null",
            "--write-out",
            "%{time_total}",
            url,
        ])
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn download(access: &Access) -> Result<(), Box<dyn Error>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = access.client()?;
    runtime.block_on(async {
        let begun = Instant::now();
        let call = client.request(Method::GET, LARGE_PATH).response::<Download>();
        let mut download = call.send().await?.into_inner();
        let (mut length, mut at_first) = (0, f64::NAN);
        while let Some(chunk) = download.chunk().await? {
            if length == 0 {
                at_first = memory("VmHWM");
            }
            length += chunk.len();
        }
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(length, LARGE);
        println!("{seconds} {}", memory("VmHWM") - at_first);
        Ok(())
    })
}

/// The same bytes with reqwest alone: nothing is signed, nothing limited.
fn download_by_hand(url: &str) -> Result<(), Box<dyn Error>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = reqwest::Client::builder().no_proxy().http1_only().build()?;
    runtime.block_on(async {
        let begun = Instant::now();
        let mut response = client.get(url).send().await?;
        let mut length = 0;
        while let Some(chunk) = response.chunk().await? {
            length += chunk.len();
        }
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(length, LARGE);
        println!("{seconds}");
        Ok(())
    })
}
