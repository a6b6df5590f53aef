//! What reconciling a large bill costs: at most 3 seconds and 64 MB for a million rows.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin reconcile -- [rows]
//! ```
//!
//! The bill and the shop's entries are made while they are read. The shop's entries are in another order within each
//! thousand, as when payments are booked a little later than they happen. Each ten thousandth differs in one of three ways,
//! and the report must name exactly these. The worst order is measured too: the shop's entries backwards.

use std::{env, error::Error, time::Instant};
use wechatpay_benches::{
    bill::{Bill, fen_of},
    client_process::{memory, run},
};
use wechatpay_core::{
    bill::BillReader,
    reconcile::{Difference, Join, Own},
};

const MOST_SECONDS: f64 = 3.0;
const MOST_MB: f64 = 64.0;
/// Every so many rows one differs.
const PLANTED: u64 = 10_000;
/// So far an entry is from its place in the bill, at most.
const BLOCK: u64 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [order, rows] = arguments.as_slice() {
        let rows = rows.parse()?;
        return match order.as_str() {
            "backwards" => reconcile(rows, (0..rows).rev()),
            _ => reconcile(rows, (0..rows).map(|row| row / BLOCK * BLOCK + row * 7 % BLOCK)),
        };
    }
    let rows: u64 = arguments.first().map_or(Ok(1_000_000), |text| text.parse())?;
    println!("| order of the shop's entries | time | peak of memory |");
    println!("|---|---|---|");
    let mut within = true;
    for order in ["about that of the bill", "backwards"] {
        let numbers = run(&[order, &rows.to_string()])?;
        let [seconds, kib] = numbers.as_slice() else {
            return Err("two numbers are printed".into());
        };
        let mb = kib / 1024.0;
        println!("| {order} | {seconds:.2} s | {mb:.1} MB |");
        within &= *seconds <= MOST_SECONDS && (order == "backwards" || mb <= MOST_MB);
    }
    if !within {
        return Err(format!("more than {MOST_SECONDS} s or {MOST_MB} MB").into());
    }
    Ok(())
}

/// What the shop has of this row: nothing, another amount, or the same.
fn own(row: u64) -> Option<Own> {
    let amount = fen_of(row).try_into().ok()?;
    match row % (3 * PLANTED) {
        0 => None,
        PLANTED => Some(Own::payment(format!("B{row}"), amount)),
        rest if rest == 2 * PLANTED => Some(Own::payment(format!("A{row}"), amount + 1)),
        _ => Some(Own::payment(format!("A{row}"), amount)),
    }
}

fn reconcile(rows: u64, order: impl Iterator<Item = u64>) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let begun = Instant::now();
    let mut bill = BillReader::from_async_read(Bill::new(rows));
    let report = runtime.block_on(Join::of(&mut bill, order.filter_map(own)))?;
    let seconds = begun.elapsed().as_secs_f64();

    let count = |is: fn(&Difference) -> bool| {
        report
            .findings()
            .iter()
            .filter(|finding| is(&finding.difference))
            .count() as u64
    };
    let planted = |first: u64| (first..rows).step_by(3 * PLANTED as usize).count() as u64;
    let [missing, renamed, changed] = [0, PLANTED, 2 * PLANTED].map(planted);
    let found = [
        count(|difference| matches!(difference, Difference::MissingHere { .. })),
        count(|difference| matches!(difference, Difference::MissingThere { .. })),
        count(|difference| matches!(difference, Difference::OtherAmount { .. })),
    ];
    if found != [missing + renamed, renamed, changed] || report.findings().len() as u64 != found.iter().sum::<u64>() {
        return Err(format!("planted {missing}, {renamed}, {changed}; found {found:?}").into());
    }
    println!("{seconds} {}", memory("VmHWM"));
    Ok(())
}
