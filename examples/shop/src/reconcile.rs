//! Reconciling (对账): the day's bill against the shop's own rows.

use crate::{Result, shop::Shop};
use wechatpay_core::{
    bill::{AskTradeBill, BillReader},
    reconcile::{Join, Own, Report, Standing},
};

/// Compares a day, such as `2026-11-20` in Beijing. The bill of a day is there after ten o'clock on the next.
///
/// The bill is a stream. The rows of this shop fit into memory; with millions of them, read pages and give each entry to
/// `Join::own`, in the order of the time of payment.
///
/// # Errors
///
/// The bill cannot be read, or the database fails.
pub async fn day(shop: &Shop, day: &str) -> Result<Report> {
    let own = own(shop, day).await?;
    let link = match AskTradeBill::on(day).send(&shop.client).await {
        Ok(link) => link,
        // Nothing happened on that day, says the service; then the shop has nothing either.
        Err(error) if error.code() == Some("NO_STATEMENT_EXIST") => {
            let mut join = Join::new();
            own.into_iter().for_each(|entry| join.own(entry));
            return Ok(join.finish());
        }
        Err(error) => return Err(error.into()),
    };
    let mut bill = BillReader::new(shop.client.download_bill(&link).await?);
    Ok(Join::of(&mut bill, own).await?)
}

/// What the shop has for that day: payments by the day of payment, refunds by the day on which they were asked for.
async fn own(shop: &Shop, day: &str) -> Result<Vec<Own>> {
    let payments: Vec<(String, i64)> =
        sqlx::query_as("SELECT out_trade_no, total FROM orders WHERE state = 'SUCCESS' AND day = $1")
            .bind(day)
            .fetch_all(shop.database.pool())
            .await?;
    let refunds: Vec<(String, i64, String)> =
        sqlx::query_as("SELECT out_refund_no, refund, state FROM refunds WHERE day = $1")
            .bind(day)
            .fetch_all(shop.database.pool())
            .await?;
    let payments = payments.into_iter().map(|(number, total)| Own::payment(number, total));
    let refunds = refunds.into_iter().map(|(number, refund, state)| {
        let standing = match state.as_str() {
            "SUCCESS" => Standing::Done,
            "OPEN" => Standing::Open,
            _ => Standing::Nothing,
        };
        Own::refund(number, refund).standing(standing)
    });
    Ok(payments.chain(refunds).collect())
}
