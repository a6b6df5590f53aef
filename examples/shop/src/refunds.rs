//! Refunds (退款): reserved on the order, then settled as an order is.

use crate::{
    Result, clock,
    database::{Database, note},
    number,
    shop::Shop,
    tasks::{self, Kind, Task},
};
use sqlx::{Any, Transaction};
use std::time::Duration;
use tracing::warn;
use wechatpay_catalogue::refund::domestic::refunds;
use wechatpay_core::{
    notification::{ExpectedRefund, payload},
    settle::{Settle, Settled, State},
};

/// Writes a refund down and returns its number.
///
/// One statement checks the order and reserves the amount. Two processes that refund the same order at once wait for each
/// other there, so the sum never exceeds what was paid. `request` is the key of one click.
///
/// # Errors
///
/// The order is not paid, or less is left of it, or the database fails.
pub async fn request(database: &Database, request: &str, out_trade_no: &str, refund: i64) -> Result<String> {
    if refund <= 0 {
        return Err("a refund is more than 0 fen".into());
    }
    let number = number::new('R')?;
    let now = clock::now();
    let mut transaction = database.begin().await?;
    let total = sqlx::query_scalar("SELECT total FROM orders WHERE out_trade_no = $1").bind(out_trade_no);
    let total: Option<i64> = total.fetch_optional(&mut *transaction).await?;
    let total = total.ok_or_else(|| format!("there is no order {out_trade_no}"))?;
    let inserted = sqlx::query(
        "INSERT INTO refunds (out_refund_no, request, out_trade_no, refund, total, state, day, created) \
         VALUES ($1, $2, $3, $4, $5, 'OPEN', $6, $7) ON CONFLICT (request) DO NOTHING",
    )
    .bind(&number)
    .bind(request)
    .bind(out_trade_no)
    .bind(refund)
    .bind(total)
    .bind(clock::beijing_day(now))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    if inserted.rows_affected() == 0 {
        let first = sqlx::query_scalar("SELECT out_refund_no FROM refunds WHERE request = $1").bind(request);
        return Ok(first.fetch_one(&mut *transaction).await?);
    }
    let reserved = sqlx::query(
        "UPDATE orders SET refunded = refunded + $1 \
         WHERE out_trade_no = $2 AND state = 'SUCCESS' AND refunded + $1 <= total",
    )
    .bind(refund)
    .bind(out_trade_no)
    .execute(&mut *transaction)
    .await?;
    if reserved.rows_affected() == 0 {
        return Err(format!("{out_trade_no} is not paid, or less than {refund} fen is left of it").into());
    }
    tasks::add(&mut transaction, Kind::Refund, &number).await?;
    transaction.commit().await?;
    Ok(number)
}

/// Brings a refund one step further.
///
/// # Errors
///
/// The database fails. The row stays open.
pub async fn settle(shop: &Shop, task: &Task) -> Result {
    let row =
        sqlx::query_as("SELECT out_trade_no, refund, total FROM refunds WHERE out_refund_no = $1").bind(&task.number);
    let row: Option<(String, i64, i64)> = row.fetch_optional(shop.database.pool()).await?;
    let (out_trade_no, refund, total) = row.ok_or_else(|| format!("there is no refund {}", task.number))?;
    let create = refunds::Post {
        out_trade_no: Some(out_trade_no),
        out_refund_no: task.number.clone(),
        notify_url: Some(shop.notify_url.clone()),
        amount: refunds::Amount {
            refund,
            total,
            currency: "CNY".to_owned(),
            ..refunds::Amount::default()
        },
        ..refunds::Post::default()
    };
    let query = refunds::GetByOutRefundNo {
        out_refund_no: task.number.clone(),
        ..Default::default()
    };
    let settle = Settle::by(&shop.client, &create, &query, |found| State::of_refund(&found.status))
        .resume(task.stage)
        .record(|stage| tasks::record(&shop.database, task, stage))
        .polling(shop.settings.polling.clone())
        .deadline(Duration::ZERO);
    let (state, cause) = match settle.await {
        Settled::Done(found) => {
            let there = found.amount.as_ref().and_then(|amount| amount.refund);
            if there.is_some_and(|there| there != refund) {
                return Err(format!("{} should be {refund} fen, and is {there:?}", task.number).into());
            }
            (found.status, "query")
        }
        Settled::NothingHappened(error) if tasks::may_be_tried_again(&error) => {
            warn!(number = task.number, "not sent, and tried again: {error}");
            return tasks::later(&shop.database, task, shop.settings.idle).await;
        }
        Settled::NothingHappened(error) => {
            warn!(out_refund_no = task.number, "nothing was refunded: {error}");
            ("NOTHING".to_owned(), "refusal")
        }
        Settled::Open(open) => return tasks::later(&shop.database, task, open.look_again).await,
    };
    let mut transaction = shop.database.begin().await?;
    if tasks::finish(&mut transaction, task).await? {
        move_to(&mut transaction, &task.number, &state, cause).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Writes what a notification says about a refund. Returns whether that was new.
///
/// # Errors
///
/// It is not what was asked for, or the database fails.
pub async fn change(transaction: &mut Transaction<'static, Any>, shop: &Shop, found: &payload::Refund) -> Result<bool> {
    let row = sqlx::query_as("SELECT out_trade_no, refund, total FROM refunds WHERE out_refund_no = $1");
    let row: Option<(String, i64, i64)> = row
        .bind(&found.out_refund_no)
        .fetch_optional(&mut **transaction)
        .await?;
    let (out_trade_no, refund, total) = row.ok_or_else(|| format!("there is no refund {}", found.out_refund_no))?;
    found.compare(&ExpectedRefund {
        mchid: shop.client.mchid(),
        out_trade_no: &out_trade_no,
        out_refund_no: &found.out_refund_no,
        total,
        refund,
    })?;
    move_to(
        transaction,
        &found.out_refund_no,
        found.refund_status.as_str(),
        "notification",
    )
    .await
}

/// An abnormal refund (退款异常) waits for a person: 发起异常退款 ends it, and a later notification says so.
async fn move_to(transaction: &mut Transaction<'static, Any>, number: &str, state: &str, cause: &str) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE refunds SET state = $1 WHERE out_refund_no = $2 AND state IN ('OPEN', 'ABNORMAL') AND state <> $1",
    )
    .bind(state)
    .bind(number)
    .execute(&mut **transaction)
    .await?;
    if updated.rows_affected() == 0 {
        return Ok(false);
    }
    if matches!(state, "CLOSED" | "NOTHING") {
        // No money goes back, so the amount can be refunded again.
        sqlx::query(
            "UPDATE orders SET refunded = refunded - (SELECT refund FROM refunds WHERE out_refund_no = $1) \
             WHERE out_trade_no = (SELECT out_trade_no FROM refunds WHERE out_refund_no = $1)",
        )
        .bind(number)
        .execute(&mut **transaction)
        .await?;
    }
    note(transaction, number, state, cause).await?;
    Ok(true)
}
