//! Transfers (商家转账): a tenth of a paid order goes back to its payer, once.

use crate::{
    Result, clock,
    database::{Database, note},
    number, orders,
    shop::Shop,
    tasks::{self, Kind, Task},
};
use sqlx::{Any, Transaction};
use std::time::Duration;
use tracing::warn;
use wechatpay_catalogue::fund_app::mch_transfer::transfer_bills::{self, TransferSceneId, out_bill_no};
use wechatpay_core::{
    notification::{ExpectedTransfer, payload},
    settle::{Settle, Settled, State},
};

/// Writes the reward of an order down and returns its number. The order's number is its unique key, so there is one reward for
/// each order. The payer and the amount come from the row, not from the browser.
///
/// # Errors
///
/// The order is not paid, or the database fails.
pub async fn reward(database: &Database, out_trade_no: &str) -> Result<String> {
    let order = orders::find(database, out_trade_no).await?;
    let (Some(openid), "SUCCESS") = (order.openid, order.state.as_str()) else {
        return Err(format!("{out_trade_no} is not paid").into());
    };
    let number = number::new('T')?;
    let mut transaction = database.begin().await?;
    let inserted = sqlx::query(
        "INSERT INTO transfers (out_bill_no, out_trade_no, openid, amount, state, created) \
         VALUES ($1, $2, $3, $4, 'OPEN', $5) ON CONFLICT (out_trade_no) DO NOTHING",
    )
    .bind(&number)
    .bind(out_trade_no)
    .bind(openid)
    .bind((order.total / 10).max(10))
    .bind(clock::now())
    .execute(&mut *transaction)
    .await?;
    if inserted.rows_affected() == 0 {
        let first = sqlx::query_scalar("SELECT out_bill_no FROM transfers WHERE out_trade_no = $1").bind(out_trade_no);
        return Ok(first.fetch_one(&mut *transaction).await?);
    }
    tasks::add(&mut transaction, Kind::Transfer, &number).await?;
    transaction.commit().await?;
    Ok(number)
}

/// Brings a transfer one step further.
///
/// # Errors
///
/// The database fails. The row stays open.
pub async fn settle(shop: &Shop, task: &Task) -> Result {
    let row =
        sqlx::query_as("SELECT openid, amount, package_info FROM transfers WHERE out_bill_no = $1").bind(&task.number);
    let row: Option<(String, i64, Option<String>)> = row.fetch_optional(shop.database.pool()).await?;
    let (openid, amount, package_info) = row.ok_or_else(|| format!("there is no transfer {}", task.number))?;
    let information = |kind: &str, content: &str| transfer_bills::TransferSceneReportInfo {
        info_type: kind.to_owned(),
        info_content: content.to_owned(),
    };
    let create = transfer_bills::Post {
        appid: shop.settings.appid.clone(),
        out_bill_no: task.number.clone(),
        openid,
        transfer_amount: amount,
        transfer_remark: "回馈顾客".to_owned(),
        notify_url: Some(shop.notify_url.clone()),
        // 现金营销.
        transfer_scene_id: TransferSceneId::_1000,
        transfer_scene_report_infos: vec![
            information("活动名称", "回馈顾客"),
            information("奖励说明", "订单金额的十分之一"),
        ],
        ..transfer_bills::Post::default()
    };
    let query = out_bill_no::GetByOutBillNo {
        out_bill_no: task.number.clone(),
    };
    let settle = Settle::by(&shop.client, &create, &query, |bill| {
        State::of_transfer(bill.state.as_str())
    })
    .resume(task.stage)
    .record(|stage| tasks::record(&shop.database, task, stage))
    .polling(shop.settings.polling.clone())
    .deadline(Duration::ZERO);
    let (state, cause) = match settle.await {
        Settled::Done(bill) => (bill.state.as_str().to_owned(), "query"),
        Settled::NothingHappened(error) if tasks::may_be_tried_again(&error) => {
            warn!(number = task.number, "not sent, and tried again: {error}");
            return tasks::later(&shop.database, task, shop.settings.idle).await;
        }
        Settled::NothingHappened(error) => {
            warn!(out_bill_no = task.number, "nothing was transferred: {error}");
            ("NOTHING".to_owned(), "refusal")
        }
        Settled::Open(open) => {
            let created = match open.created {
                Some(created) => Some(created),
                // The response with the package was lost. The payer needs it to confirm; the same request again gives it.
                None if package_info.is_none() && open.found.is_some() => {
                    tasks::record(&shop.database, task, tasks::now()).await?;
                    shop.client
                        .call(&create)
                        .send()
                        .await
                        .ok()
                        .map(|response| response.into_inner())
                }
                None => None,
            };
            if let Some(package_info) = created.and_then(|created| created.package_info) {
                sqlx::query("UPDATE transfers SET package_info = $1 WHERE out_bill_no = $2")
                    .bind(package_info)
                    .bind(&task.number)
                    .execute(shop.database.pool())
                    .await?;
            }
            return tasks::later(&shop.database, task, open.look_again).await;
        }
    };
    let mut transaction = shop.database.begin().await?;
    if tasks::finish(&mut transaction, task).await? {
        move_to(&mut transaction, &task.number, &state, cause).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Writes what a notification says about a transfer. Returns whether that was new.
///
/// # Errors
///
/// It is not what was asked for, or the database fails.
pub async fn change(
    transaction: &mut Transaction<'static, Any>,
    shop: &Shop,
    found: &payload::TransferBill,
) -> Result<bool> {
    let amount = sqlx::query_scalar("SELECT amount FROM transfers WHERE out_bill_no = $1").bind(&found.out_bill_no);
    let amount: Option<i64> = amount.fetch_optional(&mut **transaction).await?;
    found.compare(&ExpectedTransfer {
        mchid: shop.client.mchid(),
        out_bill_no: &found.out_bill_no,
        transfer_amount: amount.ok_or_else(|| format!("there is no transfer {}", found.out_bill_no))?,
    })?;
    move_to(transaction, &found.out_bill_no, found.state.as_str(), "notification").await
}

async fn move_to(transaction: &mut Transaction<'static, Any>, number: &str, state: &str, cause: &str) -> Result<bool> {
    let updated = sqlx::query("UPDATE transfers SET state = $1 WHERE out_bill_no = $2 AND state = 'OPEN'")
        .bind(state)
        .bind(number)
        .execute(&mut **transaction)
        .await?;
    let changed = updated.rows_affected() == 1;
    if changed {
        note(transaction, number, state, cause).await?;
    }
    Ok(changed)
}
