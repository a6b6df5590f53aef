//! A notification compared with what the shop itself knows.

use super::payload::{CombinedTransaction, Refund, SubOrder, Transaction, TransferBill};
use std::{borrow::Cow, fmt};

/// What the shop knows about an order before a notification comes. Every member is needed, so none can be forgotten.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{Differences, Expected, payload::Transaction};
///
/// /// The order as the shop's database has it.
/// struct Order { number: String, total: i64 }
///
/// fn check(order: &Order, transaction: &Transaction) -> Result<(), Differences> {
///     transaction.compare(&Expected {
///         mchid: "1900000001",
///         appid: "wxd678efh567hg6787",
///         out_trade_no: &order.number,
///         total: order.total,
///         currency: "CNY",
///     })
/// }
///
/// let order = Order { number: "A-1".into(), total: 1230 };
/// // The payload of a notification.
/// let transaction: Transaction = serde_json::from_value(json!({
///     "mchid": "1900000001",
///     "appid": "wxd678efh567hg6787",
///     "out_trade_no": "A-1",
///     "trade_state": "SUCCESS",
///     "amount": { "total": 1, "currency": "CNY" },
/// }))?;
/// assert!(check(&order, &transaction).unwrap_err().to_string().contains("amount.total"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The merchant (商户号) that is paid: `mchid`, or `sub_mchid` when a service provider (服务商) acts for it.
    pub mchid: &'a str,
    /// The app (应用ID) that was paid in: `appid`, or either of `sp_appid` and `sub_appid`.
    pub appid: &'a str,
    /// The shop's order number (商户订单号).
    pub out_trade_no: &'a str,
    /// The order's total in fen (分), before discounts.
    pub total: i64,
    /// The currency, for example `CNY`.
    pub currency: &'a str,
}

/// What the shop knows about a refund.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedRefund, payload::Refund};
///
/// let refund: Refund = serde_json::from_value(json!({
///     "mchid": "1900000001",
///     "out_trade_no": "A-1",
///     "out_refund_no": "R-1",
///     "refund_status": "SUCCESS",
///     "amount": { "total": 1230, "refund": 30 },
/// }))?;
/// let expected = ExpectedRefund {
///     mchid: "1900000001",
///     out_trade_no: "A-1",
///     out_refund_no: "R-1",
///     total: 1230,
///     refund: 30,
/// };
/// refund.compare(&expected)?;
/// assert!(refund.compare(&ExpectedRefund { refund: 31, ..expected }).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedRefund<'a> {
    /// The merchant (商户号) that refunds: `mchid`, or `sub_mchid` when a service provider acts for it.
    pub mchid: &'a str,
    /// The shop's order number (商户订单号).
    pub out_trade_no: &'a str,
    /// The shop's refund number (商户退款单号).
    pub out_refund_no: &'a str,
    /// The order's total in fen (分).
    pub total: i64,
    /// What is refunded, in fen (分).
    pub refund: i64,
}

/// What the shop knows about a transfer.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedTransfer, payload::TransferBill};
///
/// let bill: TransferBill = serde_json::from_value(json!({
///     "mch_id": "1900000001",
///     "out_bill_no": "T-1",
///     "state": "SUCCESS",
///     "transfer_amount": 500,
/// }))?;
/// let expected = ExpectedTransfer { mchid: "1900000001", out_bill_no: "T-1", transfer_amount: 500 };
/// bill.compare(&expected)?;
/// assert!(bill.compare(&ExpectedTransfer { transfer_amount: 501, ..expected }).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedTransfer<'a> {
    /// The merchant (商户号) that pays.
    pub mchid: &'a str,
    /// The shop's transfer number (商户单号).
    pub out_bill_no: &'a str,
    /// The amount in fen (分).
    pub transfer_amount: i64,
}

/// One field of a notification that differs from the expected value.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedTransfer, payload::TransferBill};
///
/// let bill: TransferBill =
///     serde_json::from_value(json!({ "out_bill_no": "T-1", "state": "SUCCESS", "transfer_amount": 5 }))?;
/// let expected = ExpectedTransfer { mchid: "1900000001", out_bill_no: "T-1", transfer_amount: 500 };
/// let differences = bill.compare(&expected).unwrap_err();
/// let amount = differences.iter().find(|difference| difference.field == "transfer_amount").unwrap();
/// assert_eq!((amount.expected.as_str(), amount.received.as_deref()), ("500", Some("5")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The field, for example `amount.total`.
    pub field: Cow<'static, str>,
    /// What the shop expects.
    pub expected: String,
    /// The value in the notification. `None` if it is absent.
    pub received: Option<String>,
}

/// All fields of a notification that differ from the expected values. Do not deliver, and let a person check it.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedTransfer, payload::TransferBill};
///
/// let bill: TransferBill = serde_json::from_value(json!({
///     "mch_id": "1900000001",
///     "out_bill_no": "T-1",
///     "state": "SUCCESS",
///     "transfer_amount": 5,
/// }))?;
/// let expected = ExpectedTransfer { mchid: "1900000001", out_bill_no: "T-1", transfer_amount: 500 };
/// let differences = bill.compare(&expected).unwrap_err();
/// assert_eq!(differences.iter().count(), 1);
/// // One line for the log.
/// assert!(differences.to_string().contains("transfer_amount"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differences(Vec<Difference>);

impl Differences {
    /// Them, one by one; at least one.
    pub fn iter(&self) -> impl Iterator<Item = &Difference> {
        self.0.iter()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` should be `{}`",
            self.field.escape_debug(),
            self.expected.escape_debug()
        )?;
        match &self.received {
            Some(received) => write!(f, " and is `{}`", received.escape_debug()),
            None => f.write_str(" and is absent"),
        }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the notification does not fit the order: ")?;
        for (index, difference) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            difference.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Differences {}

/// Differences as they are found.
#[derive(Default)]
struct Comparison {
    prefix: String,
    found: Vec<Difference>,
}

impl Comparison {
    /// `received` may be any of several candidates; one that fits is enough, and the first is what is reported.
    fn any(&mut self, field: &'static str, expected: &str, received: &[Option<&str>]) {
        if received.contains(&Some(expected)) {
            return;
        }
        let received = received.iter().find_map(|candidate| *candidate);
        let field = if self.prefix.is_empty() {
            Cow::Borrowed(field)
        } else {
            Cow::Owned(format!("{}{field}", self.prefix))
        };
        self.found.push(Difference {
            field,
            expected: expected.to_owned(),
            received: received.map(str::to_owned),
        });
    }

    fn text(&mut self, field: &'static str, expected: &str, received: Option<&str>) {
        self.any(field, expected, &[received]);
    }

    fn fen(&mut self, field: &'static str, expected: i64, received: Option<i64>) {
        let received = received.map(|fen| fen.to_string());
        self.any(field, &expected.to_string(), &[received.as_deref()]);
    }

    fn finish(self) -> Result<(), Differences> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(Differences(self.found))
        }
    }
}

/// Who is paid: the sub-merchant where there is one.
fn merchant<'a>(sub_mchid: &'a Option<String>, mchid: &'a Option<String>) -> (&'static str, Option<&'a str>) {
    match sub_mchid {
        Some(sub_mchid) => ("sub_mchid", Some(sub_mchid)),
        None => ("mchid", mchid.as_deref()),
    }
}

impl Transaction {
    /// Compares the transaction with what the shop knows about the order. [`is_paid`](Self::is_paid) tells whether it
    /// is paid.
    ///
    /// # Errors
    /// [`Differences`] names each member that differs; one that is absent differs too.
    pub fn compare(&self, expected: &Expected<'_>) -> Result<(), Differences> {
        let mut comparison = Comparison::default();
        let (field, mchid) = merchant(&self.sub_mchid, &self.mchid);
        comparison.text(field, expected.mchid, mchid);
        let appids = [&self.appid, &self.sub_appid, &self.sp_appid].map(Option::as_deref);
        comparison.any("appid", expected.appid, &appids);
        comparison.text("out_trade_no", expected.out_trade_no, Some(&self.out_trade_no));
        let amount = self.amount.as_ref();
        comparison.fen("amount.total", expected.total, amount.and_then(|amount| amount.total));
        let currency = amount.and_then(|amount| amount.currency.as_deref());
        comparison.text("amount.currency", expected.currency, currency);
        comparison.finish()
    }
}

impl CombinedTransaction {
    /// Compares the combined payment with what the shop knows: the number of the whole (合单商户订单号) and each of its
    /// orders, of which none may be missing and none too many.
    ///
    /// # Errors
    /// [`Differences`] names each member that differs, as `sub_orders[out_trade_no].amount.total_amount`.
    pub fn compare(&self, combine_out_trade_no: &str, orders: &[Expected<'_>]) -> Result<(), Differences> {
        let mut comparison = Comparison::default();
        let received = Some(self.combine_out_trade_no.as_str());
        comparison.text("combine_out_trade_no", combine_out_trade_no, received);
        for expected in orders {
            comparison.prefix = format!("sub_orders[{}].", expected.out_trade_no);
            match self.sub_order(expected.out_trade_no) {
                Some(order) => self.compare_order(order, expected, &mut comparison),
                None => comparison.text("out_trade_no", expected.out_trade_no, None),
            }
        }
        comparison.prefix = String::new();
        let unexpected = self.sub_orders.iter().find(|order| {
            !orders
                .iter()
                .any(|expected| expected.out_trade_no == order.out_trade_no)
        });
        if self.sub_orders.len() != orders.len() || unexpected.is_some() {
            let received = match unexpected {
                Some(order) => format!("{} orders, among them {}", self.sub_orders.len(), order.out_trade_no),
                None => format!("{} orders", self.sub_orders.len()),
            };
            comparison.text("sub_orders", &format!("{} orders", orders.len()), Some(&received));
        }
        comparison.finish()
    }

    fn compare_order(&self, order: &SubOrder, expected: &Expected<'_>, comparison: &mut Comparison) {
        let (field, mchid) = merchant(&order.sub_mchid, &order.mchid);
        comparison.text(field, expected.mchid, mchid);
        let appids = [self.combine_appid.as_deref(), order.sub_appid.as_deref()];
        comparison.any("appid", expected.appid, &appids);
        let amount = order.amount.as_ref();
        let total = amount.and_then(|amount| amount.total_amount);
        comparison.fen("amount.total_amount", expected.total, total);
        let currency = amount.and_then(|amount| amount.currency.as_deref());
        comparison.text("amount.currency", expected.currency, currency);
    }
}

impl Refund {
    /// Compares the refund with what the shop knows. [`refund_status`](Self::refund_status) tells whether it succeeded.
    ///
    /// # Errors
    /// [`Differences`] names each member that differs.
    pub fn compare(&self, expected: &ExpectedRefund<'_>) -> Result<(), Differences> {
        let mut comparison = Comparison::default();
        let (field, mchid) = merchant(&self.sub_mchid, &self.mchid);
        comparison.text(field, expected.mchid, mchid);
        comparison.text("out_trade_no", expected.out_trade_no, Some(&self.out_trade_no));
        comparison.text("out_refund_no", expected.out_refund_no, Some(&self.out_refund_no));
        comparison.fen("amount.total", expected.total, Some(self.amount.total));
        comparison.fen("amount.refund", expected.refund, Some(self.amount.refund));
        comparison.finish()
    }
}

impl TransferBill {
    /// Compares the transfer with what the shop knows. [`state`](Self::state) tells whether it succeeded.
    ///
    /// # Errors
    /// [`Differences`] names each member that differs.
    pub fn compare(&self, expected: &ExpectedTransfer<'_>) -> Result<(), Differences> {
        let mut comparison = Comparison::default();
        comparison.text("mch_id", expected.mchid, self.mch_id.as_deref());
        comparison.text("out_bill_no", expected.out_bill_no, Some(&self.out_bill_no));
        comparison.fen("transfer_amount", expected.transfer_amount, Some(self.transfer_amount));
        comparison.finish()
    }
}
