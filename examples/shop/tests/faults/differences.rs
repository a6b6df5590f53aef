//! I4: the day's bill against the shop's rows, with planted differences.

use crate::{local, postgres::Postgres};
use wechatpay_core::reconcile::{Difference, Kind, Standing};
use wechatpay_shop::{clock, orders, reconcile, refunds, shop::Shop, transfers};

const OPEN: &str = "SELECT COUNT(*) FROM tasks";

async fn plant(shop: &Shop, sql: &'static str, number: &str) {
    let planted = sqlx::query(sql)
        .bind(number)
        .execute(shop.database.pool())
        .await
        .unwrap();
    assert_eq!(planted.rows_affected(), 1, "{sql}");
}

async fn each_is_found(url: &str) {
    let gateway = local::gateway();
    let shop = local::shop(&gateway, url).await;
    let mut numbers = Vec::new();
    for checkout in 0..5 {
        numbers.push(
            orders::place(&shop.database, &checkout.to_string(), "cup")
                .await
                .unwrap(),
        );
    }
    local::work_until(&shop, "SELECT COUNT(*) FROM orders WHERE code_url IS NOT NULL", 5).await;
    for number in &numbers {
        gateway.pay(number).unwrap();
    }
    // Every notification is lost: the scheduled query finds the payments.
    local::work_until(&shop, OPEN, 0).await;
    assert_eq!(
        local::count(&shop, "SELECT COUNT(*) FROM history WHERE cause = 'query'").await,
        5
    );

    assert!(
        refunds::request(&shop.database, "too much", &numbers[0], 8801)
            .await
            .is_err()
    );
    let mut refunded = Vec::new();
    for number in &numbers[..3] {
        refunded.push(refunds::request(&shop.database, number, number, 800).await.unwrap());
    }
    assert!(
        refunds::request(&shop.database, "the rest and more", &numbers[0], 8001)
            .await
            .is_err()
    );
    let bill = transfers::reward(&shop.database, &numbers[0]).await.unwrap();
    assert_eq!(transfers::reward(&shop.database, &numbers[0]).await.unwrap(), bill);
    local::work_until(&shop, "SELECT COUNT(*) FROM tasks WHERE stage IS NULL", 0).await;
    for number in &refunded {
        gateway.finish_refund(number).unwrap();
    }
    gateway.confirm_transfer(&bill).unwrap();
    local::work_until(&shop, OPEN, 0).await;
    assert_eq!(
        local::count(
            &shop,
            "SELECT COUNT(*) FROM transfers WHERE state = 'SUCCESS' AND amount = 880"
        )
        .await,
        1
    );

    let day: String = sqlx::query_scalar("SELECT day FROM orders LIMIT 1")
        .fetch_one(shop.database.pool())
        .await
        .unwrap();
    if day != clock::beijing_day(clock::now()) {
        println!("SKIPPED: midnight in Beijing passed during the test");
        return;
    }
    let report = reconcile::day(&shop, &day).await.unwrap();
    assert!(report.findings().is_empty(), "{report}");
    assert_eq!((report.bill_rows(), report.own_entries()), (8, 8));

    plant(
        &shop,
        "UPDATE orders SET total = 8000 WHERE out_trade_no = $1",
        &numbers[0],
    )
    .await;
    plant(&shop, "DELETE FROM orders WHERE out_trade_no = $1", &numbers[1]).await;
    plant(
        &shop,
        "UPDATE orders SET out_trade_no = 'S-planted' WHERE out_trade_no = $1",
        &numbers[2],
    )
    .await;
    plant(
        &shop,
        "UPDATE refunds SET refund = 900 WHERE out_refund_no = $1",
        &refunded[0],
    )
    .await;
    plant(
        &shop,
        "UPDATE refunds SET state = 'CLOSED' WHERE out_refund_no = $1",
        &refunded[1],
    )
    .await;
    let report = reconcile::day(&shop, &day).await.unwrap();
    let mut found: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| (finding.kind, finding.number.clone(), finding.difference.clone()))
        .collect();
    let mut planted = vec![
        (
            Kind::Payment,
            numbers[0].clone(),
            Difference::OtherAmount {
                here: 8000,
                there: 8800,
            },
        ),
        (
            Kind::Payment,
            numbers[1].clone(),
            Difference::MissingHere { there: 8800 },
        ),
        (
            Kind::Payment,
            numbers[2].clone(),
            Difference::MissingHere { there: 8800 },
        ),
        (
            Kind::Payment,
            "S-planted".to_owned(),
            Difference::MissingThere { here: 8800 },
        ),
        (
            Kind::Refund,
            refunded[0].clone(),
            Difference::OtherAmount { here: 900, there: 800 },
        ),
        (
            Kind::Refund,
            refunded[1].clone(),
            Difference::OtherState {
                here: Standing::Nothing,
                there: "SUCCESS".to_owned(),
            },
        ),
    ];
    let key = |entry: &(Kind, String, Difference)| (entry.0, entry.1.clone());
    found.sort_by_key(key);
    planted.sort_by_key(key);
    assert_eq!(found, planted, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_each_planted_difference_is_found_and_nothing_else_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    each_is_found(&local::sqlite(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_each_planted_difference_is_found_and_nothing_else_on_postgresql() {
    if let Some(postgres) = Postgres::start() {
        each_is_found(&postgres.url()).await;
    }
}
