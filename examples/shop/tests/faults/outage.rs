//! I3: the database goes away in the middle of a transaction.

use crate::{local, postgres::Postgres};
use std::time::Duration;
use wechatpay_core::settle::Stage;
use wechatpay_gateway::Gateway;
use wechatpay_shop::{
    database::Database,
    orders,
    shop::Shop,
    tasks::{self, Kind},
    worker,
};

const OPEN_AND_UNSENT: &str = "SELECT COUNT(*) FROM tasks WHERE stage IS NULL";
const SENT: &str = "SELECT COUNT(*) FROM orders WHERE code_url IS NOT NULL";

#[tokio::test(flavor = "multi_thread")]
async fn i3_nothing_is_sent_while_its_row_cannot_be_written_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, url) = (local::gateway(), local::sqlite(&folder));
    let shop = local::shop(&gateway, &url).await;
    orders::place(&shop.database, "first", "tea").await.unwrap();
    let task = tasks::claim(&shop.database, 1, shop.settings.lease)
        .await
        .unwrap()
        .remove(0);

    // Another connection keeps the only right to write for longer than the shop waits.
    let other = Database::open(&url).await.unwrap();
    let blocking = other.begin().await.unwrap();
    assert!(orders::settle(&shop, &task).await.is_err());
    assert!(orders::place(&shop.database, "second", "tea").await.is_err());
    assert_eq!(gateway.received(), 0);
    drop(blocking);

    // The first order is taken up when its lease is over; the second was never written, so the customer clicks again.
    local::work_until(&shop, SENT, 1).await;
    orders::place(&shop.database, "second", "tea").await.unwrap();
    local::work_until(&shop, SENT, 2).await;
    assert_eq!(gateway.orders().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_an_order_whose_stage_could_not_be_written_stays_open_and_is_sent_later() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = local::gateway();
    let shop = local::shop(&gateway, &local::sqlite(&folder)).await;
    orders::place(&shop.database, "checkout", "tea").await.unwrap();
    // The database is away for this statement alone.
    sqlx::raw_sql("CREATE TRIGGER away BEFORE UPDATE OF stage ON tasks BEGIN SELECT RAISE(ABORT, 'away'); END")
        .execute(shop.database.pool())
        .await
        .unwrap();
    assert_eq!(worker::turn(&shop).await.unwrap(), 1);
    assert_eq!(local::count(&shop, OPEN_AND_UNSENT).await, 1);
    assert_eq!(gateway.received(), 0);
    sqlx::raw_sql("DROP TRIGGER away")
        .execute(shop.database.pool())
        .await
        .unwrap();
    local::work_until(&shop, SENT, 1).await;
}

/// A transaction that was begun and not committed leaves neither an order nor something to send.
async fn half_a_transaction_sends_nothing(gateway: &Gateway, shop: &Shop) {
    let mut transaction = shop.database.begin().await.unwrap();
    tasks::add(&mut transaction, Kind::Order, "S000000").await.unwrap();
    drop(transaction);
    let received = gateway.received();
    assert_eq!(worker::turn(shop).await.unwrap(), 0);
    assert_eq!(gateway.received(), received);
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_nothing_is_sent_that_is_not_written_first_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = local::gateway();
    let shop = local::shop(&gateway, &local::sqlite(&folder)).await;
    half_a_transaction_sends_nothing(&gateway, &shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lost_its_lease_neither_sends_nor_finishes() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = local::gateway();
    let shop = local::shop(&gateway, &local::sqlite(&folder)).await;
    let number = orders::place(&shop.database, "checkout", "tea").await.unwrap();
    let paused = tasks::claim(&shop.database, 1, Duration::ZERO).await.unwrap().remove(0);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let other = tasks::claim(&shop.database, 1, Duration::from_secs(60))
        .await
        .unwrap()
        .remove(0);
    assert_eq!((&paused.number, &other.number), (&number, &number));

    orders::settle(&shop, &paused).await.unwrap();
    assert_eq!(gateway.received(), 0);
    assert!(tasks::record(&shop.database, &paused, Stage::default()).await.is_err());
    let mut transaction = shop.database.begin().await.unwrap();
    assert!(!tasks::finish(&mut transaction, &paused).await.unwrap());
    drop(transaction);
    orders::settle(&shop, &other).await.unwrap();
    assert_eq!(gateway.orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_nothing_is_sent_that_is_not_written_first_on_postgresql() {
    let Some(mut postgres) = Postgres::start() else { return };
    let gateway = local::gateway();
    let shop = local::shop(&gateway, &postgres.url()).await;
    half_a_transaction_sends_nothing(&gateway, &shop).await;
    for checkout in 0..60 {
        orders::place(&shop.database, &checkout.to_string(), "tea")
            .await
            .unwrap();
    }
    let working = tokio::spawn({
        let shop = shop.clone();
        async move { worker::run(&shop).await }
    });
    let placing = tokio::spawn({
        let shop = shop.clone();
        async move {
            let mut placed = Vec::new();
            for checkout in 100.. {
                match orders::place(&shop.database, &checkout.to_string(), "tea").await {
                    Ok(number) => placed.push(number),
                    Err(_) => break,
                }
            }
            placed
        }
    });
    while gateway.received() < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    postgres.stop();
    let placed = placing.await.unwrap();
    // What was under way ends, and nothing follows.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let received = gateway.received();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(gateway.received(), received);
    working.abort();

    postgres.start_again();
    let all = local::count(&shop, "SELECT COUNT(*) FROM orders").await;
    for number in &placed {
        orders::find(&shop.database, number).await.unwrap();
    }
    let executed = gateway.ledger().rows();
    assert!(executed.len() >= 5, "{}", executed.len());
    for row in executed {
        let stage = sqlx::query_scalar("SELECT stage FROM tasks WHERE number = $1").bind(&row.number);
        let stage: Option<i64> = stage.fetch_one(shop.database.pool()).await.unwrap();
        assert!(stage.is_some(), "{} was sent, and its row does not say so", row.number);
    }
    local::work_until(&shop, OPEN_AND_UNSENT, 0).await;
    local::work_until(&shop, SENT, all).await;
    assert_eq!(gateway.orders().len(), usize::try_from(all).unwrap());
    assert!(gateway.ledger().rows().iter().all(|row| row.conflicts == 0));
}
