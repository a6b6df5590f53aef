//! Many requests at once, and many merchants in one process.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin scale
//! ```
//!
//! Each number comes from a process of its own, because memory that was once used does not come back.

use std::{env, error::Error, time::Instant};
use tokio::{runtime, task::JoinSet};
use wechatpay_benches::{
    client_process::{memory, run},
    counting::{self, Counting},
    gateway_process::{self, Access, GatewayProcess},
    operation,
    slices::slice,
};
use wechatpay_core::{crypto::default_backend, transport::HttpTransport};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Every request that is in flight is followed by others, so that the most memory is seen.
const TURNS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    if gateway_process::be_the_gateway()? {
        return Ok(());
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, access, number] = arguments.as_slice() {
        let (access, number) = (serde_json::from_str(access)?, number.parse()?);
        return match role.as_str() {
            "in-flight" => in_flight(&access, number),
            _ => clients(&access, number),
        };
    }
    let gateway = GatewayProcess::start()?;
    let access = serde_json::to_string(&gateway.access)?;

    println!("| in flight | most memory of the process | most heap in use | CPU a request | wall a request |");
    println!("|---|---|---|---|---|");
    for number in [1, 10, 64, 100, 1000] {
        let numbers = run(&["in-flight", &access, &number.to_string()])?;
        if let [memory, heap, cpu, wall] = numbers.as_slice() {
            println!(
                "| {number} | {:.1} MB | {heap:.0} KiB | {cpu:.0} µs | {wall:.0} µs |",
                memory / 1024.0
            );
        }
    }

    println!(
        "\n| clients with shared connections | memory for each | heap for each | time to build each | time to read its two keys |"
    );
    println!("|---|---|---|---|---|");
    for number in [1, 100, 10_000] {
        let numbers = run(&["clients", &access, &number.to_string()])?;
        if let [memory, heap, build, keys] = numbers.as_slice() {
            println!("| {number} | {memory:.1} KiB | {heap:.1} KiB | {build:.1} µs | {keys:.0} µs |");
        }
    }
    Ok(())
}

fn in_flight(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = access.client()?;
    let live = counting::reset_peak();
    let cost = slice(number * TURNS, || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..number {
                let client = client.clone();
                tasks.spawn(async move {
                    for _ in 0..TURNS {
                        operation::request().send(&client).await.expect("answers");
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.expect("ends");
            }
        });
    });
    let heap = counting::peak_growth(live) as f64 / 1024.0;
    println!("{} {heap} {} {}", memory("VmHWM"), cost.cpu, cost.wall);
    Ok(())
}

fn clients(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let transport = HttpTransport::new()?;
    let build = || access.client_builder(default_backend()).transport(transport.clone());
    // The first pays for what is set up once.
    let _first = build().build()?;
    let mut clients = Vec::with_capacity(number);
    let (resident, live) = (memory("VmRSS"), counting::reset_peak());
    let (mut keys_time, mut build_time) = (0.0, 0.0);
    for _ in 0..number {
        let begun = Instant::now();
        let builder = build();
        let read = Instant::now();
        clients.push(builder.build()?);
        keys_time += (read - begun).as_secs_f64() * 1e6;
        build_time += read.elapsed().as_secs_f64() * 1e6;
    }
    let resident = memory("VmRSS") - resident;
    let heap = counting::peak_growth(live) as f64 / 1024.0;
    let each = |total: f64| total / number as f64;
    println!(
        "{} {} {} {}",
        each(resident),
        each(heap),
        each(build_time),
        each(keys_time)
    );
    Ok(())
}
