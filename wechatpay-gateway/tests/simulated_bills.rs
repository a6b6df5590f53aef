//! The bills of a day, made from the state and read by the client's own parser.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use shop::{APPID, Shop};
use std::{
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};
use wechatpay_core::{
    bill::{
        AskFundFlowBill, AskTradeBill, BillReader, Compression, FundAccount, FundFlowBillRow, FundFlowBillSummary,
        TradeBillKind, TradeBillRow, TradeBillSummary,
    },
    system::{OperatingSystem, System},
};
use wechatpay_gateway::Gateway;

/// It is half past one in the afternoon in Beijing.
#[derive(Debug, Clone)]
struct Afternoon;

const DAY: &str = "2026-11-20";

impl System for Afternoon {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_152_600)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        OperatingSystem.random(bytes)
    }
}

async fn a_day() -> Shop {
    let gateway = Gateway::builder()
        .simulate()
        .system(Arc::new(Afternoon))
        .start()
        .unwrap();
    let client = gateway.client_builder().system(Afternoon).build().unwrap();
    let shop = Shop { gateway, client };
    shop.sell("ORDER-0001", 1230).await;
    let mut order = shop.order("ORDER-0002", 10_000);
    order["description"] = "two `cups`, one, plate\nand more".into();
    shop.post(shop::JSAPI, &order).await.unwrap();
    shop.gateway.pay("ORDER-0002").unwrap();
    shop.place("ORDER-0003", 1).await;
    shop.refund("ORDER-0002", "R-1", 2500, 10_000).await.unwrap();
    shop.gateway.finish_refund("R-1").unwrap();
    shop
}

async fn trade(shop: &Shop, ask: AskTradeBill) -> (Vec<TradeBillRow>, TradeBillSummary) {
    let link = ask.send(&shop.client).await.unwrap();
    let mut bill = BillReader::new(shop.client.download_bill(&link).await.unwrap());
    let mut rows = Vec::new();
    while let Some(row) = bill.next_as().await.unwrap() {
        rows.push(row);
    }
    (rows, bill.summary().unwrap().decode().unwrap())
}

#[tokio::test]
async fn the_trade_bill_of_a_day_has_its_payments_and_refunds() {
    let shop = a_day().await;
    let (rows, summary) = trade(&shop, AskTradeBill::on(DAY)).await;
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.out_trade_no.as_str(), row.trade_state.as_str(), row.total))
        .collect();
    assert_eq!(
        shown,
        [
            ("ORDER-0001", "SUCCESS", 1230),
            ("ORDER-0002", "SUCCESS", 10_000),
            ("ORDER-0002", "REFUND", 0)
        ]
    );
    let order = shop.gateway.order("ORDER-0001").unwrap();
    assert_eq!(Some(&rows[0].transaction_id), order.transaction_id.as_ref());
    assert_eq!(
        (rows[0].appid.as_str(), rows[0].mchid.as_str()),
        (APPID, shop.gateway.mchid())
    );
    assert_eq!(rows[0].trade_time, "2026-11-20 13:30:00");
    assert_eq!(rows[0].fee.as_deref(), Some("0.07380"));
    assert_eq!(rows[1].description.as_deref(), Some("two cups, one, plateand more"));
    assert_eq!(
        (rows[2].refund, rows[2].out_refund_no.as_deref()),
        (Some(2500), Some("R-1"))
    );
    assert_eq!(rows[2].refund_state.as_deref(), Some("SUCCESS"));
    assert_eq!(
        (summary.count, summary.total, summary.refund),
        (3, Some(11_230), Some(2500))
    );
}

#[tokio::test]
async fn a_trade_bill_can_have_the_payments_or_the_refunds_alone_and_be_compressed() {
    let shop = a_day().await;
    let mut ask = AskTradeBill::on(DAY);
    ask.bill_type = Some(TradeBillKind::Success);
    ask.tar_type = Some(Compression::Gzip);
    let (rows, summary) = trade(&shop, ask.clone()).await;
    assert_eq!((rows.len(), summary.count), (2, 2));
    assert_eq!(rows[0].out_refund_no, None);
    ask.bill_type = Some(TradeBillKind::Refund);
    let (rows, summary) = trade(&shop, ask).await;
    assert_eq!((rows.len(), summary.count, rows[0].refund), (1, 1, Some(2500)));
    assert_eq!(rows[0].refund_success_time.as_deref(), Some("2026-11-20 13:30:00"));
}

#[tokio::test]
async fn the_fund_flow_bill_of_a_day_adds_up() {
    let shop = a_day().await;
    let link = AskFundFlowBill::on(DAY).send(&shop.client).await.unwrap();
    let mut bill = BillReader::new(shop.client.download_bill(&link).await.unwrap());
    let mut balance = 0;
    let mut rows = 0;
    while let Some(row) = bill.next_as::<FundFlowBillRow>().await.unwrap() {
        balance += if row.direction == "收入" {
            row.amount
        } else {
            -row.amount
        };
        assert_eq!(row.balance, balance);
        rows += 1;
    }
    let summary: FundFlowBillSummary = bill.summary().unwrap().decode().unwrap();
    // Two payments, their fees of 0.6 %, one refund.
    assert_eq!((rows, summary.count.as_str()), (5, "5"));
    assert_eq!((summary.income, summary.expense), (11_230, 7 + 60 + 2500));
}

#[tokio::test]
async fn a_day_without_orders_has_no_bill() {
    let shop = a_day().await;
    let code = async |ask: AskTradeBill| ask.send(&shop.client).await.unwrap_err().code().map(str::to_owned);
    assert_eq!(
        code(AskTradeBill::on("2026-11-19")).await.as_deref(),
        Some("NO_STATEMENT_EXIST")
    );
    assert_eq!(
        code(AskTradeBill::on("2026-11-21")).await.as_deref(),
        Some("PARAM_ERROR")
    );
    assert_eq!(code(AskTradeBill::on("20261120")).await.as_deref(), Some("PARAM_ERROR"));
    let fees = AskFundFlowBill {
        account_type: Some(FundAccount::Fees),
        ..AskFundFlowBill::on(DAY)
    };
    let error = fees.send(&shop.client).await.unwrap_err();
    assert_eq!(error.code(), Some("NO_STATEMENT_EXIST"));
}

#[tokio::test]
async fn a_bill_stays_as_it_was_when_it_was_asked_for() {
    let shop = a_day().await;
    let link = AskTradeBill::on(DAY).send(&shop.client).await.unwrap();
    shop.sell("ORDER-0004", 1).await;
    let mut bill = BillReader::new(shop.client.download_bill(&link).await.unwrap());
    let mut rows = 0;
    while bill.next_row().await.unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 3);
    let (rows, _) = trade(&shop, AskTradeBill::on(DAY)).await;
    assert_eq!(rows.len(), 4);
}
