//! The library compared with the same exchange written by hand, over HTTP on the loopback interface.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin loopback -- [rounds]
//! ```
//!
//! The gateway runs in a separate process and returns one precomputed, signed response; the two clients run in
//! this process, in alternating slices, on one thread. Processor time, allocations and memory are this process's alone.

use std::{env, error::Error, future::Future, pin::pin, sync::Arc, task::Poll};
use tokio::{runtime, task::JoinSet};
use wechatpay_benches::{
    counting::{self, Counting},
    gateway_process::{self, GatewayProcess},
    null::{NoAnswer, poll_once},
    operation,
    reference::Reference,
    slices::{Comparison, Cost, in_turns, slice},
};
use wechatpay_core::crypto::default_backend;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Requests in a slice.
const SLICE: usize = 256;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    if gateway_process::be_the_gateway()? {
        return Ok(());
    }
    let rounds = env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(40)
        .max(2);
    let gateway = GatewayProcess::start()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = gateway.access.client()?;
    let reference = Arc::new(Reference::new(&gateway.access)?);

    println!("{rounds} slices of {SLICE} requests each, in turns; medians, for one request.\n");
    println!("| | library | by hand | ratio |");
    println!("|---|---|---|---|");

    let prepared = {
        let client = gateway
            .access
            .client_builder(default_backend())
            .transport(NoAnswer)
            .build()?;
        let (request, reference) = (operation::request(), &reference);
        let _context = runtime.enter();
        in_turns(
            rounds,
            || {
                slice(SLICE, || {
                    (0..SLICE).for_each(|_| assert!(is_sent(request.send(&client))))
                })
            },
            || {
                slice(SLICE, || {
                    (0..SLICE).for_each(|_| drop(reference.prepare(&request).expect("prepares")))
                })
            },
        )
    };
    print_cpu("prepare (encrypt two fields, serialise, sign)", &prepared);

    for in_flight in [1, 64] {
        let (mut our_peak, mut their_peak) = (0, 0);
        let exchanged = in_turns(
            rounds,
            || {
                let client = client.clone();
                exchange(&runtime, in_flight, &mut our_peak, move |request| {
                    let client = client.clone();
                    async move { drop(request.send(&client).await.expect("the gateway responds")) }
                })
            },
            || {
                let reference = Arc::clone(&reference);
                exchange(&runtime, in_flight, &mut their_peak, move |request| {
                    let reference = Arc::clone(&reference);
                    async move { drop(reference.send(&request).await.expect("the gateway responds")) }
                })
            },
        );
        print_cpu(&format!("round trip, {in_flight} in flight"), &exchanged);
        print_row("  requests a second", &exchanged, |cost| 1e6 / cost.wall, 0, "");
        print_row("  allocations", &exchanged, |cost| cost.allocations, 1, "");
        print_row("  bytes allocated", &exchanged, |cost| cost.bytes, 0, "");
        let [ours, theirs] = [our_peak, their_peak].map(|peak| peak as f64 / 1024.0);
        println!(
            "|   most heap in use by {in_flight} in flight | {ours:.0} KiB | {theirs:.0} KiB | {:.2} |",
            ours / theirs
        );
    }
    Ok(())
}

fn print_cpu(what: &str, comparison: &Comparison) {
    print_row(what, comparison, |cost| cost.cpu, 1, " µs CPU");
}

fn print_row(what: &str, comparison: &Comparison, of: impl Fn(&Cost) -> f64 + Copy, digits: usize, unit: &str) {
    let (ours, theirs) = comparison.medians(of);
    let ratio = comparison.ratio(of);
    println!("| {what} | {ours:.digits$}{unit} | {theirs:.digits$}{unit} | {ratio:.3} |");
}

/// Whether a call reaches its transport.
fn is_sent(call: impl Future) -> bool {
    matches!(poll_once(pin!(call)), Poll::Pending)
}

/// One slice: `in_flight` tasks that share its requests.
fn exchange<F: Future<Output = ()> + Send + 'static>(
    runtime: &runtime::Runtime,
    in_flight: usize,
    peak: &mut u64,
    send: impl Fn(operation::MiniProgramPreEntrustSign) -> F + Clone + Send + 'static,
) -> Cost {
    let live = counting::reset_peak();
    let cost = slice(SLICE, || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..in_flight {
                let send = send.clone();
                tasks.spawn(async move {
                    for _ in 0..SLICE / in_flight {
                        send(operation::request()).await;
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.expect("ends");
            }
        });
    });
    *peak = (*peak).max(counting::peak_growth(live));
    cost
}
