//! Requests, downloads and reads bills.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use serde_json::json;
use sha1::{Digest as _, Sha1};
use std::{
    io::Write as _,
    pin::Pin,
    sync::{Arc, Mutex},
};
use wechatpay_core::{
    Client, ErrorKind, Method, Outcome, PrivateKey,
    bill::{
        AskFundFlowBill, AskProfitSharingBill, AskTradeBill, BillError, BillLink, BillReader, BlockingBillReader,
        FundFlowBillRow, FundFlowBillSummary, TradeBillRow, TradeBillSummary,
    },
    transport::{Transport, TransportError, TransportRequest, TransportResponse},
};
use wechatpay_gateway::{Gateway, GatewayResponse};

const TRADE_BILL: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n\
`2026-11-20 13:29:35,`wx2421b1c4370ec43b,`1900000001,`0,`,`4200000925202101284997714292,`A1,`o1,`JSAPI,`SUCCESS,`OTHERS,`CNY,`12.34,`0.00,`0,`0,`0.00,`0.00,`,`,`茶, \"红\",`附加,`0.07404,`0.60%,`12.34,`0.00,`\r\n\
`2026-11-20 14:00:00,`wx2421b1c4370ec43b,`1900000001,`0,`,`4200000925202101284997714292,`A1,`o1,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50000000382019052709732678859,`R1,`2.00,`0.00,`ORIGINAL,`SUCCESS,`茶,`附加,`-0.01200,`0.60%,`0.00,`2.00,`备注\r\n\
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
`2,`12.34,`2.00,`0.00,`0.06204,`12.34,`2.00\r\n";

const FUND_FLOW_BILL: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号\n\
`2026-11-20 04:21:23,`50000305742018020103387128253,`1900009231201802015884652186,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货,`REF1\n\
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n\
`20.0,`17.0,`0.35,`3.0,`0.18\n";

fn sha1(content: &str) -> String {
    Sha1::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn link(hash_value: &str, download_url: &str) -> BillLink {
    let link = json!({"hash_type": "SHA1", "hash_value": hash_value, "download_url": download_url});
    serde_json::from_value(link).unwrap()
}

/// A gateway with this bill.
fn gateway(content: &'static str, file: impl Fn() -> GatewayResponse + Send + Sync + 'static) -> Gateway {
    let gateway = Gateway::start().unwrap();
    let url = format!("{}/v3/billdownload/file?token=a%2Bb%3D-_", gateway.url());
    let response = json!({"hash_type": "SHA1", "hash_value": sha1(content), "download_url": url});
    for path in ["/v3/bill/tradebill", "/v3/bill/fundflowbill", "/v3/profitsharing/bills"] {
        let response = response.clone();
        gateway.on(Method::GET, path, move |_| response.clone());
    }
    gateway.on(Method::GET, "/v3/billdownload/file", move |_| file());
    gateway
}

#[tokio::test]
async fn a_trade_bill_is_requested_downloaded_verified_and_read() {
    let gateway = gateway(TRADE_BILL, || GatewayResponse::bytes("text/plain", TRADE_BILL));
    let client = gateway.client().unwrap();
    let link = AskTradeBill::on("2026-11-20").send(&client).await.unwrap();
    assert_eq!(gateway.last_request().unwrap().query("bill_date"), Some("2026-11-20"));
    let mut bill = BillReader::new(client.download_bill(&link).await.unwrap());
    let asked = gateway.last_request().unwrap();
    assert_eq!(asked.target(), "/v3/billdownload/file?token=a%2Bb%3D-_");
    assert!(asked.refusal().is_none());

    let paid: TradeBillRow = bill.next_as().await.unwrap().unwrap();
    assert_eq!(
        (paid.total, paid.settlement_total, paid.refund),
        (1234, Some(1234), Some(0))
    );
    assert_eq!(paid.description.as_deref(), Some("茶, \"红\""));
    assert_eq!((paid.device_id, paid.rate_remark), (None, None));
    assert_eq!(paid.fee.as_deref(), Some("0.07404"));
    let row = bill.next_row().await.unwrap().unwrap();
    assert_eq!(
        (row.line(), row.get("商户退款单号"), row.get("没有")),
        (3, Some("R1"), None)
    );
    assert_eq!(row.fen("退款金额").unwrap(), 200);
    assert_eq!(
        row.decode::<TradeBillRow>().unwrap().out_refund_no.as_deref(),
        Some("R1")
    );
    assert!(bill.summary().is_none());
    assert!(bill.next_row().await.unwrap().is_none());
    assert_eq!(bill.columns()[0], "交易时间");
    let summary: TradeBillSummary = bill.summary().unwrap().decode().unwrap();
    assert_eq!(
        (summary.count, summary.total, summary.requested_refund),
        (2, Some(1234), Some(200))
    );
}

#[tokio::test]
async fn fund_flow_and_profit_sharing_bills_are_requested_and_read() {
    let gateway = gateway(FUND_FLOW_BILL, || GatewayResponse::bytes("text/plain", FUND_FLOW_BILL));
    let client = gateway.client().unwrap();
    let link = AskFundFlowBill::on("2026-11-20").send(&client).await.unwrap();
    assert_eq!(
        gateway.last_request().unwrap().target(),
        "/v3/bill/fundflowbill?bill_date=2026-11-20&tar_type=GZIP"
    );
    let mut bill = BillReader::new(client.download_bill(&link).await.unwrap());
    let row: FundFlowBillRow = bill.next_as().await.unwrap().unwrap();
    assert_eq!((row.amount, row.balance, row.direction.as_str()), (2, 17, "支出"));
    assert!(bill.next_row().await.unwrap().is_none());
    let summary: FundFlowBillSummary = bill.summary().unwrap().decode().unwrap();
    assert_eq!(
        (summary.income, summary.expense, summary.count.as_str()),
        (35, 18, "20.0")
    );
    let asked = AskProfitSharingBill {
        sub_mchid: Some("1900000109".into()),
        tar_type: None,
        ..AskProfitSharingBill::on("2026-11-20")
    };
    assert_eq!(asked.send(&client).await.unwrap(), link);
    let target = "/v3/profitsharing/bills?bill_date=2026-11-20&sub_mchid=1900000109";
    assert_eq!(gateway.last_request().unwrap().target(), target);
}

#[tokio::test]
async fn a_compressed_bill_is_decompressed_with_and_without_the_header() {
    let plain = || GatewayResponse::bytes("application/octet-stream", gzip(TRADE_BILL));
    let encoded = move || plain().header("Content-Encoding", "gzip");
    for gateway in [gateway(TRADE_BILL, plain), gateway(TRADE_BILL, encoded)] {
        let client = gateway.client().unwrap();
        let link = AskTradeBill::on("2026-11-20").send(&client).await.unwrap();
        let content = client.download_bill(&link).await.unwrap().bytes().await.unwrap();
        assert_eq!(content, TRADE_BILL);
    }
}

#[tokio::test]
async fn a_bill_with_a_wrong_digest_ends_with_an_error() {
    let cut = TRADE_BILL.len() - 20;
    let changed = || GatewayResponse::bytes("text/plain", TRADE_BILL.replace("12.34", "12.35"));
    let short = move || GatewayResponse::bytes("text/plain", TRADE_BILL[..cut].to_owned());
    for gateway in [gateway(TRADE_BILL, changed), gateway(TRADE_BILL, short)] {
        let client = gateway.client().unwrap();
        let link = AskTradeBill::on("2026-11-20").send(&client).await.unwrap();
        let mut bill = BillReader::new(client.download_bill(&link).await.unwrap());
        let error = loop {
            match bill.next_row().await {
                Ok(row) => assert!(row.is_some(), "the digest was not checked"),
                Err(error) => break error,
            }
        };
        match error {
            BillError::Download(error) => assert_eq!(error.kind(), ErrorKind::Mismatched),
            other => assert!(matches!(other, BillError::Malformed { .. }), "{other}"),
        }
    }
}

#[tokio::test]
async fn the_progress_counts_compressed_bytes() {
    for (file, length) in [
        (TRADE_BILL.as_bytes().to_vec(), TRADE_BILL.len()),
        (gzip(TRADE_BILL), gzip(TRADE_BILL).len()),
    ] {
        let gateway = gateway(TRADE_BILL, move || GatewayResponse::bytes("text/plain", file.clone()));
        let client = gateway.client().unwrap();
        let link = AskTradeBill::on("2026-11-20").send(&client).await.unwrap();
        let mut download = client.download_bill(&link).await.unwrap();
        assert_eq!(download.received(), 0);
        while download.chunk().await.unwrap().is_some() {}
        assert_eq!(download.received(), length as u64);
        assert_eq!(download.content_length(), Some(length as u64));
    }
}

#[tokio::test]
async fn an_error_of_the_download_does_not_show_the_token() {
    let gateway = gateway(TRADE_BILL, || GatewayResponse::error(400, "PARAM_ERROR", "expired"));
    let client = gateway.client().unwrap();
    let link = AskTradeBill::on("2026-11-20").send(&client).await.unwrap();
    let error = client.download_bill(&link).await.unwrap_err();
    assert_eq!(error.code(), Some("PARAM_ERROR"));
    assert_eq!(error.operation().unwrap().1, "/v3/billdownload/file");
    assert!(!format!("{error} {error:?} {link:?}").contains("token"));
}

/// Records the requests without sending them.
#[derive(Clone, Default)]
struct Recording(Arc<Mutex<Vec<String>>>);

impl Transport for Recording {
    fn send(
        &self,
        request: TransportRequest<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + '_>> {
        assert!(request.headers.contains_key("authorization"));
        self.0
            .lock()
            .unwrap()
            .push(format!("{}{}", request.origin, request.target));
        Box::pin(async { Err(TransportError::interrupted("no network")) })
    }
}

fn recorded() -> (Client, Recording) {
    let pem = std::fs::read(format!("{}/tests/keys/pkcs8.pem", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let recording = Recording::default();
    let client = Client::builder()
        .merchant("1900000001", "5157F09EFDC096DE", PrivateKey::from_pem(pem).unwrap())
        .platform_certificates()
        .api_v3_key("0123456789abcdef0123456789abcdef")
        .transport(recording.clone())
        .build()
        .unwrap();
    (client, recording)
}

#[tokio::test]
async fn a18_the_authorization_goes_only_to_the_hosts_of_the_client() {
    let (client, recording) = recorded();
    for url in [
        "",
        "/v3/billdownload/file?token=canary",
        "http://api.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "https://api.mch.weixin.qq.com.evil.example/v3/billdownload/file?token=canary",
        "https://api.mch.weixin.qq.com@evil.example/v3/billdownload/file?token=canary",
        "https://api.mch.weixin.qq.com\\@evil.example/?token=canary",
        "https://api.mch.weixin.qq.com/v3/../billdownload/file?token=canary",
        " https://api.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "https://user@api.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "https://:secret@api.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "https://api.mch.weixin.qq.com:444/v3/billdownload/file?token=canary",
        "https://apihk.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "https://127.0.0.1/v3/billdownload/file?token=canary",
        "http://127.0.0.1:80/v3/billdownload/file?token=canary",
        "http://169.254.169.254/latest/meta-data?token=canary",
        "https://[fe80::1]/v3/billdownload/file?token=canary",
        "https://[::ffff:169.254.169.254]/?token=canary",
        "file:///etc/passwd?token=canary",
        "ftp://api.mch.weixin.qq.com/v3/billdownload/file?token=canary",
        "data:text/plain,token=canary",
    ] {
        let error = client.download_bill(&link("00", url)).await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Local, ErrorKind::Request),
            "{url}"
        );
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert_eq!(*recording.0.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a18_the_authorization_goes_to_the_main_and_the_backup_host() {
    for host in ["api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"] {
        let (client, recording) = recorded();
        let url = format!("https://{host}/v3/billdownload/file?token=a%2Bb%3D&x={{y}}#fragment");
        let error = client.download_bill(&link("00", &url)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(!format!("{error} {error:?}").contains("token"), "{error:?}");
        let sent = recording.0.lock().unwrap();
        let target = "api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Bb%3D&x={y}";
        assert_eq!(sent[0], format!("https://{target}"));
    }
}

#[tokio::test]
async fn a_digest_that_cannot_be_checked_is_refused_before_anything_is_sent() {
    let (client, recording) = recorded();
    let link: BillLink = serde_json::from_value(json!({
        "hash_type": "SM3", "hash_value": "00", "download_url": "https://api.mch.weixin.qq.com/x",
    }))
    .unwrap();
    let error = client.download_bill(&link).await.unwrap_err();
    assert!(error.to_string().contains("SM3"));
    assert!(recording.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_bill_is_read_from_a_file_a_stream_and_without_async() {
    let path = std::env::temp_dir().join(format!("wechatpay-bill-{}.csv", std::process::id()));
    std::fs::write(&path, TRADE_BILL).unwrap();
    let mut from_file = BillReader::open(&path).await.unwrap();
    let mut from_stream = BillReader::from_async_read(TRADE_BILL.as_bytes());
    let mut blocking = BlockingBillReader::new(std::fs::File::open(&path).unwrap());
    let mut rows = 0;
    while let Some(row) = blocking.next_as::<TradeBillRow>().unwrap() {
        assert_eq!(from_file.next_as::<TradeBillRow>().await.unwrap().as_ref(), Some(&row));
        assert_eq!(
            from_stream.next_as::<TradeBillRow>().await.unwrap().as_ref(),
            Some(&row)
        );
        rows += 1;
    }
    assert_eq!(rows, 2);
    assert!(from_file.next_row().await.unwrap().is_none() && from_stream.next_row().await.unwrap().is_none());
    assert_eq!(blocking.summary().unwrap().fen("订单总金额").unwrap(), 1234);
    assert_eq!(blocking.columns().len(), 27);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_custom_struct_gets_the_columns_that_it_names() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum State {
        Success,
        #[serde(untagged)]
        Other(String),
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Number(String);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Mine<'a> {
        #[serde(rename = "号")]
        number: Number,
        #[serde(rename = "名")]
        name: &'a str,
        #[serde(rename = "状态")]
        state: State,
        #[serde(rename = "笔数")]
        count: Option<u8>,
        #[serde(rename = "退款", deserialize_with = "wechatpay_core::bill::fen")]
        refund: i64,
        #[serde(rename = "没有", default)]
        absent: Option<bool>,
    }
    let text = "号,别的,名,状态,笔数,退款\n`1,`x,`茶,`SUCCESS,`,`0.10\n`2,`x,`水,`LATER,`7,`-1.00\n`3,`x,`水,`S,`300,`1\n`4,`x,`水,`S,`,`1.001\n";
    let mut bill = BlockingBillReader::new(text.as_bytes());
    let mine = |number: &str, name, state, count, refund| Mine {
        number: Number(number.into()),
        name,
        state,
        count,
        refund,
        absent: None,
    };
    let row = bill.next_row().unwrap().unwrap();
    assert_eq!(
        row.decode::<Mine<'_>>().unwrap(),
        mine("1", "茶", State::Success, None, 10)
    );
    let row = bill.next_row().unwrap().unwrap();
    assert_eq!(
        row.decode::<Mine<'_>>().unwrap(),
        mine("2", "水", State::Other("LATER".into()), Some(7), -100)
    );
    for (line, column) in [(4, "笔数"), (5, "退款")] {
        let row = bill.next_row().unwrap().unwrap();
        let error = row.decode::<Mine<'_>>().unwrap_err();
        assert!(matches!(&error, BillError::Cell { line: l, column: c, .. } if (*l, c.as_str()) == (line, column)));
        let text = error.to_string();
        assert!(!text.contains("300") && !text.contains("1.001"), "{text}");
    }
    #[derive(Debug, Deserialize)]
    struct Missing {
        #[serde(rename = "订单金额")]
        _total: String,
    }
    let mut bill = BlockingBillReader::new("号\n`1\n".as_bytes());
    let error = bill.next_as::<Missing>().unwrap_err();
    assert!(error.to_string().contains("订单金额"), "{error}");
}

#[test]
fn the_error_of_an_unknown_enum_value_names_the_column_but_not_the_value() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum State {
        Success,
        Refund,
    }
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Mine {
        #[serde(rename = "状态")]
        state: State,
    }
    let mut bill = BlockingBillReader::new("状态\n`SUCCESS\n`REFUND\n`canary\n".as_bytes());
    assert!(bill.next_as::<Mine>().is_ok() && bill.next_as::<Mine>().is_ok());
    let error = bill.next_as::<Mine>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 4 of the bill: `状态`: expected one of SUCCESS, REFUND"
    );
}

/// A column without backquotes among several columns, and a text that contains the separator.
#[tokio::test]
async fn s4_a_row_whose_text_could_shift_the_amount_is_an_error() {
    let columns = "分账描述,分账金额,手续费,备注\n";
    let honest = "`茶,`5.00,0.03,`\n";
    let forged = "`x,`999.00,`5.00,0.03,`\n";
    for (rows, read) in [
        ([honest, forged].concat(), 1),
        ([forged, honest].concat(), 0),
        (forged.to_owned(), 0),
    ] {
        let text = format!("{columns}{rows}");
        let mut bill = BlockingBillReader::new(text.as_bytes());
        for _ in 0..read {
            assert_eq!(bill.next_row().unwrap().unwrap().fen("分账金额").unwrap(), 500);
        }
        let error = bill.next_row().err().unwrap().to_string();
        assert!(error.contains("can be read in more than one way"), "{error}");
        assert!(!error.contains("999"), "{error}");
    }
    // In a trade bill every cell begins with a backquote, so a comma in the first row is unambiguous.
    let text = TRADE_BILL.replacen("茶, \"红\"", "茶,1,000 克,2.00", 1);
    let mut bill = BlockingBillReader::new(text.as_bytes());
    let row = bill.next_row().unwrap().unwrap();
    assert_eq!(
        (row.get("商品名称"), row.fen("订单金额").unwrap()),
        (Some("茶,1,000 克,2.00"), 1234)
    );
}
