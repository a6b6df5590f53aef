//! Orders (下单): written first, sent by a worker, settled by a notification or a query.

use crate::{
    Result, clock,
    database::{Database, note},
    number,
    shop::Shop,
    tasks::{self, Kind, Task},
};
use sqlx::{Any, FromRow, Row as _, Transaction as DatabaseTransaction, any::AnyRow};
use std::time::Duration;
use tracing::{info, warn};
use wechatpay_catalogue::pay::transactions::{native, out_trade_no::close};
use wechatpay_core::{
    notification::{
        Expected,
        payload::{TradeState, Transaction},
    },
    settle::{Settle, Settled},
    wechatpay_endpoint,
};

/// What the shop sells: key, name, 名称, price in fen. The browser sends the key alone, so no customer names a price.
pub const ITEMS: [(&str, &str, &str, i64); 3] = [
    ("tea", "Longjing tea", "龙井茶", 2800),
    ("cup", "Celadon cup", "青瓷杯", 8800),
    ("card", "Postcard", "明信片", 100),
];

/// 商户订单号查询. The catalogue has it too; this declaration gives the response the type that a notification has, so one
/// function takes both.
#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
#[derive(Debug)]
struct QueryOrder {
    out_trade_no: String,
    mchid: String,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Order {
    /// 商户订单号.
    pub out_trade_no: String,
    /// The key of the item.
    pub item: String,
    /// In fen.
    pub total: i64,
    /// In fen, with the refunds that are under way.
    pub refunded: i64,
    /// `OPEN`, a final `trade_state` of the service, or `NOTHING`: it was proved that no order exists.
    pub state: String,
    /// What the QR code contains.
    pub code_url: Option<String>,
    /// 微信支付订单号.
    pub transaction_id: Option<String>,
    /// Who paid.
    pub openid: Option<String>,
}

impl FromRow<'_, AnyRow> for Order {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            out_trade_no: row.try_get("out_trade_no")?,
            item: row.try_get("item")?,
            total: row.try_get("total")?,
            refunded: row.try_get("refunded")?,
            state: row.try_get("state")?,
            code_url: row.try_get("code_url")?,
            transaction_id: row.try_get("transaction_id")?,
            openid: row.try_get("openid")?,
        })
    }
}

const FIND: &str = "SELECT out_trade_no, item, total, refunded, state, code_url, transaction_id, openid FROM orders \
     WHERE out_trade_no = $1";

/// Writes an order down and returns its number. Nothing is sent here: a worker of any process does that, because the row is
/// due at once. If this process dies after the commit, nothing is lost; if it dies before, nothing was sent.
///
/// `checkout` is made with the page that has the button, so a second click finds the first order.
///
/// # Errors
///
/// The item is unknown, or the database fails.
pub async fn place(database: &Database, checkout: &str, item: &str) -> Result<String> {
    let known = ITEMS.iter().find(|(key, ..)| *key == item);
    let (_, _, _, total) = known.ok_or("there is no such item")?;
    let number = number::new('S')?;
    let mut transaction = database.begin().await?;
    let inserted = sqlx::query(
        "INSERT INTO orders (out_trade_no, checkout, item, total, state, created) VALUES ($1, $2, $3, $4, 'OPEN', $5) \
         ON CONFLICT (checkout) DO NOTHING",
    )
    .bind(&number)
    .bind(checkout)
    .bind(item)
    .bind(*total)
    .bind(clock::now())
    .execute(&mut *transaction)
    .await?;
    if inserted.rows_affected() == 0 {
        let first = sqlx::query_scalar("SELECT out_trade_no FROM orders WHERE checkout = $1").bind(checkout);
        return Ok(first.fetch_one(&mut *transaction).await?);
    }
    tasks::add(&mut transaction, Kind::Order, &number).await?;
    transaction.commit().await?;
    Ok(number)
}

/// The order with this number.
///
/// # Errors
///
/// If no order has this number, or if the database fails.
pub async fn find(database: &Database, out_trade_no: &str) -> Result<Order> {
    let order = sqlx::query_as(FIND)
        .bind(out_trade_no)
        .fetch_optional(database.pool())
        .await?;
    order.ok_or_else(|| format!("there is no order {out_trade_no}").into())
}

/// Brings an order one step further: sends it, or queries it. The scheduled query is the same step, so it replaces a
/// notification that was lost.
///
/// # Errors
///
/// The database fails, or the payment is not what was ordered. The row stays open.
pub async fn settle(shop: &Shop, task: &Task) -> Result {
    let order = find(&shop.database, &task.number).await?;
    let mchid = shop.client.mchid().to_owned();
    let create = native::Post {
        appid: shop.settings.appid.clone(),
        mchid: mchid.clone(),
        description: order.item.clone(),
        out_trade_no: order.out_trade_no.clone(),
        notify_url: shop.notify_url.clone(),
        amount: native::Amount {
            total: order.total,
            currency: Some("CNY".to_owned()),
        },
        ..native::Post::default()
    };
    let query = QueryOrder {
        out_trade_no: order.out_trade_no.clone(),
        mchid: mchid.clone(),
    };
    if clock::now() - task.created > clock::milliseconds(shop.settings.pay_within) {
        // Whether it worked is what the query finds. A payer who was faster makes it fail, and is found too.
        let close = close::Post {
            out_trade_no: order.out_trade_no.clone(),
            mchid,
        };
        if let Err(error) = shop.client.call(&close).send().await {
            info!(out_trade_no = order.out_trade_no, "not closed: {error}");
        }
    }
    let settle = Settle::new(&shop.client, &create, &query)
        .resume(task.stage)
        .record(|stage| tasks::record(&shop.database, task, stage))
        .polling(shop.settings.polling.clone())
        // One look. The waiting is done by the row, which any process takes up.
        .deadline(Duration::ZERO);
    match settle.await {
        Settled::Done(found) => {
            let mut transaction = shop.database.begin().await?;
            if tasks::finish(&mut transaction, task).await? {
                change(&mut transaction, shop, &found, "query").await?;
                transaction.commit().await?;
            }
            Ok(())
        }
        Settled::NothingHappened(error) if tasks::may_be_tried_again(&error) => {
            warn!(number = task.number, "not sent, and tried again: {error}");
            tasks::later(&shop.database, task, shop.settings.idle).await
        }
        Settled::NothingHappened(error) => {
            warn!(out_trade_no = order.out_trade_no, "no order was placed: {error}");
            let mut transaction = shop.database.begin().await?;
            if tasks::finish(&mut transaction, task).await? {
                move_to(&mut transaction, &order.out_trade_no, "NOTHING", "refusal", None).await?;
                transaction.commit().await?;
            }
            Ok(())
        }
        Settled::Open(open) => {
            let code_url = match open.created {
                Some(created) => Some(created.code_url),
                // It was placed, and the response with the code was lost. The same request again gives it.
                None if order.code_url.is_none() && open.found.is_some() => {
                    tasks::record(&shop.database, task, tasks::now()).await?;
                    shop.client
                        .call(&create)
                        .send()
                        .await
                        .ok()
                        .map(|placed| placed.into_inner().code_url)
                }
                None => None,
            };
            if let Some(code_url) = code_url {
                sqlx::query("UPDATE orders SET code_url = $1 WHERE out_trade_no = $2")
                    .bind(code_url)
                    .bind(&order.out_trade_no)
                    .execute(shop.database.pool())
                    .await?;
            }
            tasks::later(&shop.database, task, open.look_again).await
        }
    }
}

/// Writes what a query or a notification says about an order. Returns whether that was new.
///
/// # Errors
///
/// It is not what was ordered, or the database fails.
pub async fn change(
    transaction: &mut DatabaseTransaction<'static, Any>,
    shop: &Shop,
    found: &Transaction,
    cause: &str,
) -> Result<bool> {
    let total = sqlx::query_scalar("SELECT total FROM orders WHERE out_trade_no = $1").bind(&found.out_trade_no);
    let total: Option<i64> = total.fetch_optional(&mut **transaction).await?;
    let total = total.ok_or_else(|| format!("there is no order {}", found.out_trade_no))?;
    let paid = matches!(found.trade_state, TradeState::Success | TradeState::Refund);
    if paid {
        // Authentic is not enough: the signature does not say which order, or how much, was meant.
        found.compare(&Expected {
            mchid: shop.client.mchid(),
            appid: &shop.settings.appid,
            out_trade_no: &found.out_trade_no,
            total,
            currency: "CNY",
        })?;
    }
    let state = if paid { "SUCCESS" } else { found.trade_state.as_str() };
    move_to(transaction, &found.out_trade_no, state, cause, Some(found)).await
}

/// The condition makes it idempotent by number and state, and keeps a late notification from taking a payment back.
async fn move_to(
    transaction: &mut DatabaseTransaction<'static, Any>,
    out_trade_no: &str,
    state: &str,
    cause: &str,
    found: Option<&Transaction>,
) -> Result<bool> {
    let payer = found.and_then(|found| found.payer.as_ref());
    let time = found.and_then(|found| found.success_time.as_deref());
    let updated = sqlx::query(
        "UPDATE orders SET state = $1, transaction_id = $2, openid = $3, day = $4 \
         WHERE out_trade_no = $5 AND state <> 'SUCCESS' AND state <> $1",
    )
    .bind(state)
    .bind(found.and_then(|found| found.transaction_id.clone()))
    .bind(payer.and_then(|payer| payer.openid.clone()))
    .bind(time.and_then(clock::day_of).map(str::to_owned))
    .bind(out_trade_no)
    .execute(&mut **transaction)
    .await?;
    let changed = updated.rows_affected() == 1;
    if changed {
        note(transaction, out_trade_no, state, cause).await?;
    }
    Ok(changed)
}
