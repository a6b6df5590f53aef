//! What reading a large bill costs: time, and memory that does not grow.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin bill_rows -- [rows]
//! ```
//!
//! A trade bill of a million rows (or as many as asked for) is made while it is read, so nothing but the reader needs
//! memory. Each row is decoded into its struct. On Linux the peak of resident memory is printed after a tenth and at the
//! end: the two must be about the same, and the program fails if they are not.

use std::{env, error::Error, time::Instant};
use wechatpay_benches::{bill::Bill, client_process::memory};
use wechatpay_core::bill::{BillReader, TradeBillRow, TradeBillSummary};

/// More than this between the peaks is growth.
const ALLOWED_KIB: f64 = 1024.0;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u64 = env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(read(rows))
}

async fn read(rows: u64) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut bill = BillReader::from_async_read(Bill::new(rows));
    let (mut count, mut total, mut early) = (0, 0, None);
    while let Some(row) = bill.next_as::<TradeBillRow>().await? {
        count += 1;
        total += row.total;
        if count == rows / 10 {
            early = Some(memory("VmHWM"));
        }
    }
    let summary: TradeBillSummary = bill.summary().ok_or("the bill has no summary")?.decode()?;
    if (summary.count, summary.total) != (count, Some(total)) {
        return Err("the rows do not add up to the summary".into());
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{count} rows in {seconds:.2} s, {:.0} rows a second",
        count as f64 / seconds
    );
    if let (Some(early), late) = (early, memory("VmHWM")) {
        println!("peak of memory: {early:.0} KiB after a tenth, {late:.0} KiB at the end");
        if late > early + ALLOWED_KIB {
            return Err("memory grows with the bill".into());
        }
    }
    Ok(())
}
