//! What reading a large bill costs: time, and memory that does not grow.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin bill_rows -- [rows]
//! ```
//!
//! A trade bill of a million rows (or as many as asked for) is made while it is read, so nothing but the reader needs
//! memory. Each row is decoded into its struct. On Linux the peak of resident memory is printed after a tenth and at the
//! end: the two must be about the same, and the program fails if they are not.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tokio::io::{AsyncRead, ReadBuf};
use wechatpay_core::bill::{BillReader, TradeBillRow, TradeBillSummary};

const COLUMNS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";
const SUMMARY: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n";

/// More than this between the peaks is growth.
const ALLOWED_KIB: u64 = 1024;

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
            early = peak_kib();
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
    if let (Some(early), Some(late)) = (early, peak_kib()) {
        println!("peak of memory: {early} KiB after a tenth, {late} KiB at the end");
        if late > early + ALLOWED_KIB {
            return Err("memory grows with the bill".into());
        }
    }
    Ok(())
}

/// The peak resident memory, if the system reports it.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// A bill that is generated while it is read.
struct Bill {
    rows: u64,
    next: u64,
    total: u64,
    text: String,
    taken: usize,
}

impl Bill {
    fn new(rows: u64) -> Self {
        Self {
            rows,
            next: 0,
            total: 0,
            text: format!("\u{feff}{COLUMNS}"),
            taken: 0,
        }
    }

    /// Writes the next line; nothing after the last.
    fn write_line(&mut self) {
        let (row, yuan) = (self.next, |fen: u64| format!("{}.{:02}", fen / 100, fen % 100));
        self.text.clear();
        self.taken = 0;
        self.next += 1;
        if row < self.rows {
            let fen = row % 100_000;
            self.total += fen;
            let total = yuan(fen);
            let _ = write!(
                self.text,
                "`2026-11-20 13:29:35,`wx2421b1c4370ec43b,`1900000001,`0,`,`42000009252021012{row:011},`A{row},\
                 `oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`{total},`0.00,`0,`0,`0.00,`0.00,`,`,`茶叶 100g,\
                 `附加数据,`0.00000,`0.60%,`{total},`0.00,`\r\n"
            );
        } else if row == self.rows {
            let total = yuan(self.total);
            let _ = write!(
                self.text,
                "{SUMMARY}`{row},`{total},`0.00,`0.00,`0.00000,`{total},`0.00\r\n"
            );
        }
    }
}

impl AsyncRead for Bill {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        loop {
            let rest = self.text.as_bytes().get(self.taken..).unwrap_or_default();
            let length = rest.len().min(buffer.remaining());
            buffer.put_slice(rest.get(..length).unwrap_or_default());
            self.taken += length;
            if buffer.remaining() == 0 || self.next > self.rows {
                return Poll::Ready(Ok(()));
            }
            self.write_line();
        }
    }
}
