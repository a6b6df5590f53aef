//! Notifications (回调通知): the id and the change of state in one transaction.

use crate::{Result, clock, orders, refunds, shop::Shop, tasks, transfers};
use axum::extract::State;
use tracing::{info, warn};
use wechatpay_core::{
    notification::{Acknowledgement, Event, Notification, WechatpayNotification},
    settle::{Progress, State as Standing},
};

/// The handler. The extractor verifies before this runs: a forged notification, and a signature probe, get a 4xx.
pub async fn notified(
    State(shop): State<Shop>,
    WechatpayNotification(notification): WechatpayNotification<Event>,
) -> Acknowledgement {
    match take(&shop, &notification).await {
        Ok(changed) => {
            info!(id = notification.id, changed, "notification");
            Acknowledgement::accepted()
        }
        // The service sends it again, and the scheduled query does not need it.
        Err(error) => {
            warn!(id = notification.id, "notification not taken: {error}");
            Acknowledgement::failed("try again")
        }
    }
}

/// Takes a verified notification. Returns whether it changed a state.
///
/// The unique id makes the copy, or the same notification in another process, wait for the first transaction and then do
/// nothing. If the process dies before the commit, neither the id nor the state is written, and the copy does both.
///
/// # Errors
///
/// It does not fit the row, or the database fails.
pub async fn take(shop: &Shop, notification: &Notification<Event>) -> Result<bool> {
    let (number, state, standing) = match &notification.payload {
        Event::Transaction(found) => (&found.out_trade_no, found.trade_state.as_str(), found.state()),
        Event::Refund(found) => (&found.out_refund_no, found.refund_status.as_str(), found.state()),
        Event::TransferBill(found) => (&found.out_bill_no, found.state.as_str(), found.state()),
        // Nothing that this shop uses.
        _ => return Ok(false),
    };
    if standing != Standing::Final {
        return Ok(false);
    }
    let mut transaction = shop.database.begin().await?;
    let inserted = sqlx::query(
        "INSERT INTO notifications (id, number, state, received) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&notification.id)
    .bind(number)
    .bind(state)
    .bind(clock::now())
    .execute(&mut *transaction)
    .await?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    tasks::settled(&mut transaction, number).await?;
    let changed = match &notification.payload {
        Event::Transaction(found) => orders::change(&mut transaction, shop, found, "notification").await?,
        Event::Refund(found) => refunds::change(&mut transaction, shop, found).await?,
        Event::TransferBill(found) => transfers::change(&mut transaction, shop, found).await?,
        _ => false,
    };
    transaction.commit().await?;
    Ok(changed)
}
