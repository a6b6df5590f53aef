//! A day's trade bill (交易账单): requested, downloaded with a progress bar, verified, and read row by row.
//!
//! The file gets its final name only if its digest matches the one in the signed response. Then it is read as typed
//! rows, in constant memory, and compared with the orders of the shop (对账).
//!
//! With the variables of `Client::from_env` set (`WECHATPAY_MCHID`, ..) and a day named, it fetches the real bill of
//! that day.
//!
//! ```text
//! cargo run --example bill_download [-- 2026-11-20]
//! ```

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use sha1::{Digest as _, Sha1};
use std::{
    collections::BTreeMap,
    error::Error,
    path::{Path, PathBuf},
};
use tokio::io::AsyncWriteExt as _;
use wechatpay_core::{
    Client, Method,
    bill::{AskTradeBill, BillReader, TradeBillRow, TradeBillSummary},
};
use wechatpay_gateway::{Gateway, GatewayResponse};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let day = std::env::args().nth(1);
    if std::env::var_os("WECHATPAY_MCHID").is_some() {
        let day = day.ok_or("which day? give it as 2026-11-20")?;
        let path = PathBuf::from(format!("tradebill-{day}.csv"));
        fetch(&Client::from_env()?, &day, &path).await?;
        return read(&path).await.map(drop);
    }

    let day = day.unwrap_or_else(|| "2026-11-20".into());
    let gateway = start_gateway()?;
    let path = std::env::temp_dir().join(format!("wechatpay-bill-{}.csv", std::process::id()));
    let sold = async {
        fetch(&gateway.client()?, &day, &path).await?;
        read(&path).await
    };
    let sold = sold.await;
    let _ = std::fs::remove_file(&path);
    reconcile(&sold?)
}

/// Downloads the bill of a day to a file, which appears when it is complete and its digest matches.
async fn fetch(client: &Client, day: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let link = AskTradeBill::on(day).send(client).await?;
    println!("The bill of {day} has the digest {}.", link.hash_value);

    let mut download = client.download_bill(&link).await?;
    let bar = match download.content_length() {
        Some(length) => ProgressBar::new(length),
        None => ProgressBar::no_length(),
    };
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")?;
    bar.set_style(style);

    let partial = path.with_extension("partial");
    let mut file = tokio::fs::File::create(&partial).await?;
    // After the last piece the digest is checked; a file that is not the promised one ends in an error here.
    while let Some(piece) = download.chunk().await? {
        file.write_all(&piece).await?;
        bar.set_position(download.received());
    }
    file.sync_all().await?;
    tokio::fs::rename(&partial, path).await?;
    bar.finish();
    println!("Downloaded {} bytes; the digest matches.", download.received());
    Ok(())
}

/// Reads the bill: what was paid by order number, and the refunds taken off.
async fn read(path: &Path) -> Result<BTreeMap<String, i64>, Box<dyn Error>> {
    let mut bill = BillReader::open(path).await?;
    let mut sold = BTreeMap::new();
    let mut rows = 0;
    while let Some(row) = bill.next_row().await? {
        let row: TradeBillRow = row.decode()?;
        rows += 1;
        *sold.entry(row.out_trade_no).or_default() += match row.trade_state.as_str() {
            "SUCCESS" => row.total,
            "REFUND" => -row.refund.unwrap_or_default(),
            _ => 0,
        };
    }
    let summary: TradeBillSummary = bill.summary().ok_or("the bill has no summary")?.decode()?;
    println!(
        "Read {rows} rows: paid {} fen, refunded {} fen, fees of {} yuan.",
        summary.total.unwrap_or_default(),
        summary.refund.unwrap_or_default(),
        summary.fee.as_deref().unwrap_or("?"),
    );
    if rows != summary.count {
        return Err(format!("the summary speaks of {} rows", summary.count).into());
    }
    Ok(sold)
}

/// Holds the bill against the shop's own books, in which one order is missing and one has another amount.
fn reconcile(sold: &BTreeMap<String, i64>) -> Result<(), Box<dyn Error>> {
    let mut books = sold.clone();
    books.remove("A00017");
    books.insert("A00042".into(), 1);
    let differences: Vec<_> = sold
        .iter()
        .filter(|(number, fen)| books.get(*number) != Some(*fen))
        .map(|(number, fen)| format!("{number}: {fen} fen here, {:?} in the books", books.get(number)))
        .collect();
    println!("To be looked at by a person:\n  {}", differences.join("\n  "));
    if differences.len() != 2 {
        return Err("the two differences should have been found".into());
    }
    Ok(())
}

/// How many orders the day had.
const ORDERS: usize = 10_000;

/// WeChat Pay in a box, with a bill.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    let bill = bill();
    let hash_value: String = Sha1::digest(&bill).iter().map(|byte| format!("{byte:02x}")).collect();
    let download_url = format!(
        "{}/v3/billdownload/file?token=6XIv5TUPto7pByrTQKhd6kwvyKLG2uY2wMMR8cNXqaA_Cv_isgaUtBzp4QtiozLO",
        gateway.url()
    );
    gateway.on(
        Method::GET,
        "/v3/bill/tradebill",
        move |_| json!({ "hash_type": "SHA1", "hash_value": hash_value, "download_url": download_url }),
    );
    gateway.on(Method::GET, "/v3/billdownload/file", move |request| {
        match request.query("token") {
            Some(_) => GatewayResponse::bytes("text/plain", bill.clone()),
            None => GatewayResponse::error(400, "PARAM_ERROR", "缺少token"),
        }
    });
    Ok(gateway)
}

/// The text of a bill: names, a line for each order with a backquote before each cell, and the summary.
fn bill() -> String {
    let yuan = |fen: usize| format!("{}.{:02}", fen / 100, fen % 100);
    let mut text = String::from(
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,\
         应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,\
         手续费,费率,订单金额,申请退款金额,费率备注\r\n",
    );
    let (mut paid, mut refunded) = (0, 0);
    for number in 0..ORDERS {
        let (total, refund) = (1000 + number % 900, if number % 100 == 7 { 500 } else { 0 });
        paid += total;
        let head = format!(
            "`2026-11-20 13:{:02}:{:02},`wxd678efh567hg6787,`1900000100,`0,`,`42000000{number:020},`A{number:05},\
             `oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI",
            number / 60 % 60,
            number % 60,
        );
        let total = yuan(total);
        text.push_str(&format!(
            "{head},`SUCCESS,`OTHERS,`CNY,`{total},`0.00,`0,`0,`0.00,`0.00,`,`,`咖啡, 大杯,`,`0.06000,`0.60%,\
             `{total},`0.00,`\r\n"
        ));
        if refund > 0 {
            refunded += refund;
            let refund = yuan(refund);
            text.push_str(&format!(
                "{head},`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50000000{number:020},`A{number:05}-R,`{refund},`0.00,\
                 `ORIGINAL,`SUCCESS,`咖啡, 大杯,`,`-0.03000,`0.60%,`0.00,`{refund},`\r\n"
            ));
        }
    }
    let (paid, refunded) = (yuan(paid), yuan(refunded));
    text.push_str(&format!(
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
         `{},`{paid},`{refunded},`0.00,`597.00000,`{paid},`{refunded}\r\n",
        ORDERS + ORDERS / 100,
    ));
    text
}
