//! I1: three processes on one database, killed at random, with faults at the gateway.

use crate::{
    local,
    postgres::Postgres,
    processes::{Balancer, Processes, Timing},
};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use wechatpay_core::notification::payload::{RefundStatus, TradeState};
use wechatpay_gateway::{Fault, Gateway};
use wechatpay_shop::{clock, orders, reconcile, refunds, shop::Shop};

/// `SHOP_PAYMENTS` makes it a long run, with as many refunds.
fn payments() -> usize {
    std::env::var("SHOP_PAYMENTS").map_or(200, |text| text.parse().unwrap())
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::CommitThenFail { status: 500 },
        Fault::FailThenCommit {
            status: 502,
            after: Duration::from_millis(50),
        },
        Fault::Reset { committed: true },
        Fault::Reset { committed: false },
        Fault::CloseMidway { after: 20 },
        Fault::DelayAfter(Duration::from_millis(100)),
        Fault::Unsigned,
        Fault::WrongKey,
        Fault::FlippedBit(9),
        Fault::SignatureProbe,
        Fault::Html { status: 502 },
        Fault::TooManyRequests { retry_after: None },
    ]
}

async fn survive(url: &str) {
    let payments = payments();
    let gateway = Gateway::builder()
        .simulate()
        .compress_time(100)
        .keep_requests(100)
        .start()
        .unwrap();
    gateway.chaos(11, 30, faults());
    let shop = local::shop(&gateway, url).await;
    let balancer = Balancer::start(30).await;
    let timing = Timing {
        pay_within: 10_000,
        ..Timing::default()
    };
    let mut processes = Processes::start(&gateway, url, &format!("{}notify", balancer.url), 3, timing);
    balancer.set(processes.urls());
    let (began, day) = (Instant::now(), clock::beijing_day(clock::now()));

    let (mut placed, mut kills, mut left) = (0, 0_usize, BTreeSet::new());
    let mut last_kill = Instant::now();
    let limit = Duration::from_secs(150) + Duration::from_millis(60) * u32::try_from(payments).unwrap();
    loop {
        // Customers come, some of them do not pay, and each payment is refunded in part.
        for _ in 0..20.min(payments - placed) {
            let number = orders::place(&shop.database, &format!("checkout {placed}"), "cup")
                .await
                .unwrap();
            if placed % 20 == 19 {
                left.insert(number);
            }
            placed += 1;
        }
        for order in gateway.orders() {
            if order.trade_state == TradeState::NotPay && !left.contains(&order.out_trade_no) {
                // It may have been closed meanwhile.
                let _ = gateway.pay(&order.out_trade_no);
            }
        }
        for number in not_refunded(&shop).await {
            refunds::request(&shop.database, &format!("refund of {number}"), &number, 4400)
                .await
                .unwrap();
        }
        for refund in gateway.refunds() {
            if refund.status == RefundStatus::Processing {
                gateway.finish_refund(&refund.out_refund_no).unwrap();
            }
        }
        if last_kill.elapsed() > Duration::from_millis(700) {
            kills += 1;
            // Which one: spread by a multiplier, so that none is spared.
            processes.replace(kills.wrapping_mul(7) / 2);
            balancer.set(processes.urls());
            last_kill = Instant::now();
        }
        let open = local::count(&shop, "SELECT COUNT(*) FROM tasks").await;
        if open == 0 && placed == payments && not_refunded(&shop).await.is_empty() {
            break;
        }
        assert!(
            began.elapsed() < limit,
            "{open} of {payments} are still open after {kills} kills"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(processes);
    gateway.behave();
    println!(
        "{payments} payments, {kills} kills, {} requests, {:?}",
        gateway.received(),
        began.elapsed()
    );
    agree(&gateway, &shop, payments).await;
    if day == clock::beijing_day(clock::now()) {
        let report = reconcile::day(&shop, &day).await.unwrap();
        assert!(report.findings().is_empty(), "{report}");
    }
    assert!(kills > 2, "{kills}");
}

async fn not_refunded(shop: &Shop) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT out_trade_no FROM orders WHERE state = 'SUCCESS' \
         AND NOT EXISTS (SELECT 1 FROM refunds WHERE refunds.out_trade_no = orders.out_trade_no)",
    )
    .fetch_all(shop.database.pool())
    .await
    .unwrap()
}

/// Lost 0, doubled 0, wrong amount 0.
async fn agree(gateway: &Gateway, shop: &Shop, payments: usize) {
    let ledger = gateway.ledger();
    let orders: Vec<(String, i64, String)> = sqlx::query_as("SELECT out_trade_no, total, state FROM orders")
        .fetch_all(shop.database.pool())
        .await
        .unwrap();
    assert_eq!(orders.len(), payments);
    let mut paid = 0;
    for (number, total, state) in &orders {
        let there = gateway.order(number).unwrap();
        let expected = match there.trade_state {
            TradeState::Success | TradeState::Refund => "SUCCESS",
            TradeState::Closed => "CLOSED",
            other => panic!("{number} is {other:?}"),
        };
        assert_eq!((state.as_str(), *total), (expected, there.total), "{number}");
        let row = ledger.find(number).unwrap();
        assert_eq!(
            (ledger.count(number), row.conflicts, &row.parameters["amount"]["total"]),
            (1, 0, &(*total).into())
        );
        paid += usize::from(state == "SUCCESS");
    }
    assert!(paid > payments / 2, "only {paid} of {payments} were paid");
    let refunds: Vec<(String, i64, String)> = sqlx::query_as("SELECT out_refund_no, refund, state FROM refunds")
        .fetch_all(shop.database.pool())
        .await
        .unwrap();
    assert_eq!(refunds.len(), paid);
    for (number, refund, state) in &refunds {
        let there = gateway.refund(number).unwrap();
        assert_eq!(
            (state.as_str(), *refund, there.status),
            ("SUCCESS", there.refund, RefundStatus::Success),
            "{number}"
        );
        let row = ledger.find(number).unwrap();
        assert_eq!(
            (ledger.count(number), row.conflicts, &row.parameters["amount"]["refund"]),
            (1, 0, &(*refund).into())
        );
    }
    // The gateway has nothing that the shop did not write down.
    assert_eq!(
        (gateway.orders().len(), gateway.refunds().len()),
        (orders.len(), refunds.len())
    );
    let changes = local::count(shop, "SELECT COUNT(*) FROM history").await;
    assert_eq!(usize::try_from(changes).unwrap(), orders.len() + refunds.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_no_payment_is_lost_doubled_or_wrong_when_processes_are_killed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    survive(&local::sqlite(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_no_payment_is_lost_doubled_or_wrong_when_processes_are_killed_on_postgresql() {
    if let Some(postgres) = Postgres::start() {
        survive(&postgres.url()).await;
    }
}
