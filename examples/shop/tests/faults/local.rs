//! The shop inside the test, against a gateway without faults.

use std::{net::SocketAddr, time::Duration};
use wechatpay_core::settle::Polling;
use wechatpay_gateway::Gateway;
use wechatpay_shop::{config::Settings, database::Database, shop::Shop, worker};

pub(crate) fn gateway() -> Gateway {
    Gateway::builder().simulate().compress_time(100).start().unwrap()
}

/// A file in a folder, for several connections.
pub(crate) fn sqlite(folder: &tempfile::TempDir) -> String {
    let file = folder.path().join("shop.db").display().to_string();
    // A URL has no backslashes.
    format!("sqlite:{}?mode=rwc", file.replace('\\', "/"))
}

pub(crate) fn settings(url: &str) -> Settings {
    Settings {
        database_url: url.to_owned(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        // Nobody listens there: what the test does not deliver itself is lost.
        notify_url: Some("http://127.0.0.1:1/notify".to_owned()),
        appid: "wxd678efh567hg6787".to_owned(),
        lease: Duration::from_secs(3),
        polling: Polling::every(Duration::from_millis(100)),
        idle: Duration::from_millis(50),
        pay_within: Duration::from_secs(1800),
    }
}

pub(crate) async fn shop(gateway: &Gateway, url: &str) -> Shop {
    let settings = settings(url);
    let database = Database::open(url).await.unwrap();
    Shop::new(database, gateway.client().unwrap(), &settings, settings.listen)
}

pub(crate) async fn count(shop: &Shop, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(shop.database.pool()).await.unwrap()
}

/// Works until `sql` counts to `wanted`.
pub(crate) async fn work_until(shop: &Shop, sql: &'static str, wanted: i64) {
    for _ in 0..600 {
        if worker::turn(shop).await.is_ok() && count(shop, sql).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{sql} is {} and should be {wanted}", count(shop, sql).await);
}
