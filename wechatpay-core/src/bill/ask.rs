//! Asking for a bill.

use super::link::BillLink;
use crate::{call::Caller, endpoint::Endpoint, request::prepare::Fields};
use http::Method;
use serde::Serialize;

/// Asks for a trade bill (申请交易账单): the orders of a day, paid and refunded.
///
/// The bill of a day is available from 10 o'clock of the next day, for three months. A day without orders has no bill:
/// the service responds with the error `NO_STATEMENT_EXIST`.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::{AskTradeBill, TradeBillKind}};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/bill/tradebill", |request| {
///     assert_eq!(request.query("bill_date"), Some("2026-11-20"));
///     assert_eq!(request.query("bill_type"), Some("REFUND"));
///     json!({ "hash_type": "SHA1", "hash_value": "79bb0f45", "download_url": "https://api.mch.weixin.qq.com/v3/1" })
/// });
/// let client = gateway.client()?;
///
/// let mut ask = AskTradeBill::on("2026-11-20");
/// ask.bill_type = Some(TradeBillKind::Refund);
/// let link = ask.send(&client).await?;
/// assert_eq!(link.hash_value, "79bb0f45");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskTradeBill {
    /// The day in Beijing (账单日期), `2026-11-20`.
    pub bill_date: String,
    /// Of one sub-merchant only (子商户号).
    pub sub_mchid: Option<String>,
    /// Which orders (账单类型). Without a choice, all.
    pub bill_type: Option<TradeBillKind>,
    /// Whether the file is compressed (压缩类型).
    pub tar_type: Option<Compression>,
}

/// Asks for a fund flow bill (申请资金账单): the movements of an account on a day.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::{AskFundFlowBill, FundAccount}};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/bill/fundflowbill", |request| {
///     assert_eq!((request.query("account_type"), request.query("tar_type")), (Some("OPERATION"), Some("GZIP")));
///     json!({ "hash_type": "SHA1", "hash_value": "79bb0f45", "download_url": "https://api.mch.weixin.qq.com/v3/1" })
/// });
///
/// let ask = AskFundFlowBill { account_type: Some(FundAccount::Operation), ..AskFundFlowBill::on("2026-11-20") };
/// assert_eq!(ask.send(&gateway.client()?).await?.hash_value, "79bb0f45");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskFundFlowBill {
    /// The day in Beijing (账单日期), `2026-11-20`.
    pub bill_date: String,
    /// Which account (资金账户类型). Without a choice, the basic one.
    pub account_type: Option<FundAccount>,
    /// Whether the file is compressed (压缩类型).
    pub tar_type: Option<Compression>,
}

/// Asks for a profit sharing bill (申请分账账单): the shares of a day.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::AskProfitSharingBill};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/profitsharing/bills", |request| {
///     assert_eq!(request.query("sub_mchid"), Some("1900000109"));
///     json!({ "hash_type": "SHA1", "hash_value": "79bb0f45", "download_url": "https://api.mch.weixin.qq.com/v3/1" })
/// });
///
/// let mut ask = AskProfitSharingBill::on("2026-11-20");
/// ask.sub_mchid = Some("1900000109".into());
/// assert_eq!(ask.send(&gateway.client()?).await?.hash_value, "79bb0f45");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskProfitSharingBill {
    /// The day in Beijing (账单日期), `2026-11-20`.
    pub bill_date: String,
    /// Of one sub-merchant only (子商户号).
    pub sub_mchid: Option<String>,
    /// Whether the file is compressed (压缩类型).
    pub tar_type: Option<Compression>,
}

/// Which orders a trade bill has (账单类型).
///
/// ```
/// use wechatpay_core::bill::{AskTradeBill, TradeBillKind};
///
/// let ask = AskTradeBill { bill_type: Some(TradeBillKind::RechargeRefund), ..AskTradeBill::on("2026-11-20") };
/// assert_eq!(serde_json::to_value(&ask)?["bill_type"], "RECHARGE_REFUND");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum TradeBillKind {
    /// All (当日所有订单).
    All,
    /// The paid ones (当日成功支付的订单). It has no columns about refunds.
    Success,
    /// The refunded ones (当日退款订单).
    Refund,
    /// The refunds of coupons that were paid for beforehand (当日充值退款订单).
    RechargeRefund,
}

/// Which account a fund flow bill is about (资金账户类型).
///
/// ```
/// use wechatpay_core::bill::{AskFundFlowBill, FundAccount};
///
/// let ask = AskFundFlowBill { account_type: Some(FundAccount::Fees), ..AskFundFlowBill::on("2026-11-20") };
/// assert_eq!(serde_json::to_value(&ask)?["account_type"], "FEES");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum FundAccount {
    /// The basic account (基本账户).
    Basic,
    /// The operation account (运营账户).
    Operation,
    /// The fees account (手续费账户).
    Fees,
}

/// How a bill's file is compressed (压缩类型). The library undoes it.
///
/// ```
/// use wechatpay_core::bill::{AskTradeBill, Compression};
///
/// let mut ask = AskTradeBill::on("2026-11-20");
/// assert_eq!(ask.tar_type, Some(Compression::Gzip));
/// // The file comes as plain text then.
/// ask.tar_type = None;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Compression {
    /// gzip.
    Gzip,
}

macro_rules! ask {
    ($type:ident, $path:literal, { $($other:ident),* }) => {
        impl $type {
            /// The bill of a day in Beijing, such as `2026-11-20`, compressed with gzip. Other fields have the defaults
            /// of the service.
            pub fn on(bill_date: impl Into<String>) -> Self {
                Self {
                    bill_date: bill_date.into(),
                    tar_type: Some(Compression::Gzip),
                    $($other: None,)*
                }
            }

            /// Requests the link of the bill. Pass it to [`Client::download_bill`](crate::Client::download_bill).
            ///
            /// # Errors
            /// See [`Error`](crate::Error).
            pub fn send<'a, C: Caller>(&'a self, client: &'a C) -> C::Sent<'a, BillLink> {
                client.send(self)
            }
        }

        impl Endpoint for $type {
            type Response = BillLink;
            const METHOD: Method = Method::GET;
            const PATH: &'static str = $path;

            fn fields(&self, fields: &mut Fields) {
                fields.flatten(self);
            }
        }
    };
}

ask!(AskTradeBill, "/v3/bill/tradebill", { sub_mchid, bill_type });
ask!(AskFundFlowBill, "/v3/bill/fundflowbill", { account_type });
ask!(AskProfitSharingBill, "/v3/profitsharing/bills", { sub_mchid });
