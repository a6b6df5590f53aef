//! I2: one notification, two processes.

use crate::{
    local,
    postgres::Postgres,
    processes::{Processes, Timing},
};
use tokio::task::JoinSet;
use wechatpay_shop::orders;

const SENT: &str = "SELECT COUNT(*) FROM orders WHERE code_url IS NOT NULL";

async fn one_change(url: &str) {
    let gateway = local::gateway();
    let shop = local::shop(&gateway, url).await;
    // Their workers look once when they start, and not again during the test.
    let idle = Timing {
        idle: 600_000,
        ..Timing::default()
    };
    let processes = Processes::start(&gateway, url, "http://127.0.0.1:1/notify", 2, idle);

    let number = orders::place(&shop.database, "checkout", "tea").await.unwrap();
    local::work_until(&shop, SENT, 1).await;
    gateway.pay(&number).unwrap();
    let delivery = gateway.deliveries().into_iter().next().unwrap();
    let genuine = gateway
        .notification(&delivery.event_type, delivery.resource.clone())
        .id(&delivery.id);

    let mut sending = JoinSet::new();
    for url in processes.urls().into_iter().cycle().take(12) {
        let signed = genuine.sign().unwrap();
        sending.spawn(async move { signed.send(&format!("{url}notify")).await.unwrap().status });
    }
    let statuses = sending.join_all().await;
    assert!(statuses.iter().all(|status| *status == 204), "{statuses:?}");
    let history = "SELECT COUNT(*) FROM history WHERE state = 'SUCCESS' AND cause = 'notification'";
    assert_eq!(local::count(&shop, history).await, 1);
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM history").await, 1);
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM notifications").await, 1);
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM tasks").await, 0);
    let order = orders::find(&shop.database, &number).await.unwrap();
    assert_eq!(
        (order.state.as_str(), order.transaction_id),
        ("SUCCESS", gateway.order(&number).unwrap().transaction_id)
    );

    // The same state under another id is accepted, and it is no change.
    let again = gateway
        .notification(&delivery.event_type, delivery.resource.clone())
        .id("another id");
    let url = processes.urls().remove(1);
    assert_eq!(again.send(&format!("{url}notify")).await.unwrap().status, 204);
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM history").await, 1);
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM notifications").await, 2);

    // Another amount, and another signature, change nothing.
    for (signed, status) in [
        (
            gateway
                .notification(&delivery.event_type, delivery.resource.clone())
                .fault(wechatpay_gateway::Fault::WrongKey),
            401,
        ),
        (
            gateway.notification(&delivery.event_type, {
                let mut other = delivery.resource;
                other["amount"]["total"] = 1.into();
                other
            }),
            500,
        ),
    ] {
        let url = processes.urls().remove(0);
        assert_eq!(signed.send(&format!("{url}notify")).await.unwrap().status, status);
    }
    assert_eq!(local::count(&shop, "SELECT COUNT(*) FROM notifications").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_the_same_notification_to_two_processes_is_one_state_change_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    one_change(&local::sqlite(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_the_same_notification_to_two_processes_is_one_state_change_on_postgresql() {
    if let Some(postgres) = Postgres::start() {
        one_change(&postgres.url()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_quick_clicks_make_one_order() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = local::gateway();
    let shop = local::shop(&gateway, &local::sqlite(&folder)).await;
    let mut clicks = JoinSet::new();
    for _ in 0..8 {
        let database = shop.database.clone();
        clicks.spawn(async move { orders::place(&database, "one checkout", "cup").await.unwrap() });
    }
    let mut numbers = clicks.join_all().await;
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    local::work_until(&shop, SENT, 1).await;
    assert_eq!(gateway.orders().len(), 1);
}
