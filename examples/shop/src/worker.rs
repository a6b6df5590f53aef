//! The worker: claims rows that are due and brings each one step further. It needs no notification: it queries what stays open.

use crate::{
    Result, orders, refunds,
    shop::Shop,
    tasks::{self, Kind},
    transfers,
};
use tokio::{task::JoinSet, time::sleep};
use tracing::warn;

/// So many rows are claimed at once.
const BATCH: i64 = 8;

/// Works until it is dropped. There may be a worker in each of many processes.
pub async fn run(shop: &Shop) {
    loop {
        match turn(shop).await {
            Ok(0) => sleep(shop.settings.idle).await,
            Ok(_) => {}
            Err(error) => {
                warn!("the worker cannot claim: {error}");
                sleep(shop.settings.idle).await;
            }
        }
    }
}

/// Claims rows and works on them. Returns how many there were.
///
/// # Errors
///
/// The database fails.
pub async fn turn(shop: &Shop) -> Result<usize> {
    let claimed = tasks::claim(&shop.database, BATCH, shop.settings.lease).await?;
    let count = claimed.len();
    let mut running = JoinSet::new();
    for task in claimed {
        let shop = shop.clone();
        running.spawn(async move {
            let settled = match task.kind {
                Kind::Order => orders::settle(&shop, &task).await,
                Kind::Refund => refunds::settle(&shop, &task).await,
                Kind::Transfer => transfers::settle(&shop, &task).await,
            };
            // The row is due again when the lease is over.
            if let Err(error) = settled {
                warn!(number = task.number, "not settled: {error}");
            }
        });
    }
    while running.join_next().await.is_some() {}
    Ok(count)
}
