//! The rows of the two everyday bills, as structs.

use super::{fen, optional_fen};
use serde::Deserialize;

/// A row of a trade bill (交易账单), of any kind. Amounts are in fen (分), times are Beijing's.
///
/// ```
/// use wechatpay_core::bill::{BlockingBillReader, TradeBillRow};
///
/// let text = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易类型,交易状态,货币种类,订单金额\n\
///     `2026-11-20 13:29:35,`wxd678efh567hg6787,`1900000001,`4200000001,`A1,`JSAPI,`SUCCESS,`CNY,`12.30\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
/// while let Some(row) = bill.next_as::<TradeBillRow>()? {
///     assert_eq!((row.out_trade_no.as_str(), row.trade_state.as_str(), row.total), ("A1", "SUCCESS", 1230));
///     // A column that this bill does not have.
///     assert_eq!(row.refund, None);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeBillRow {
    /// When it was paid or refunded (交易时间), `2026-11-20 13:29:35`.
    #[serde(rename = "交易时间")]
    pub trade_time: String,
    /// The app (公众账号ID).
    #[serde(rename = "公众账号ID")]
    pub appid: String,
    /// The merchant (商户号).
    #[serde(rename = "商户号")]
    pub mchid: String,
    /// The sub-merchant (特约商户号). `0` without a sub-merchant.
    #[serde(rename = "特约商户号", default)]
    pub sub_mchid: Option<String>,
    /// The shop's device (设备号).
    #[serde(rename = "设备号", default)]
    pub device_id: Option<String>,
    /// WeChat Pay's order number (微信订单号).
    #[serde(rename = "微信订单号")]
    pub transaction_id: String,
    /// The shop's order number (商户订单号).
    #[serde(rename = "商户订单号")]
    pub out_trade_no: String,
    /// The user (用户标识).
    #[serde(rename = "用户标识", default)]
    pub openid: Option<String>,
    /// How it was paid (交易类型): `JSAPI`, `NATIVE`, `APP`, ..
    #[serde(rename = "交易类型")]
    pub trade_type: String,
    /// What the row is about (交易状态): `SUCCESS` paid, `REFUND` refunded, `REVOKED` revoked.
    #[serde(rename = "交易状态")]
    pub trade_state: String,
    /// The kind of bank account (付款银行).
    #[serde(rename = "付款银行", default)]
    pub bank_type: Option<String>,
    /// The currency (货币种类), `CNY`.
    #[serde(rename = "货币种类")]
    pub currency: String,
    /// What is settled: the total without discounts that were not paid for (应结订单金额).
    #[serde(rename = "应结订单金额", default, deserialize_with = "optional_fen")]
    pub settlement_total: Option<i64>,
    /// The coupons (代金券金额).
    #[serde(rename = "代金券金额", default, deserialize_with = "optional_fen")]
    pub coupon: Option<i64>,
    /// When the refund was asked for (退款申请时间).
    #[serde(rename = "退款申请时间", default)]
    pub refund_create_time: Option<String>,
    /// When the refund was done (退款成功时间).
    #[serde(rename = "退款成功时间", default)]
    pub refund_success_time: Option<String>,
    /// WeChat Pay's refund number (微信退款单号); `0` on a payment.
    #[serde(rename = "微信退款单号", default)]
    pub refund_id: Option<String>,
    /// The shop's refund number (商户退款单号); `0` on a payment.
    #[serde(rename = "商户退款单号", default)]
    pub out_refund_no: Option<String>,
    /// What was refunded (退款金额).
    #[serde(rename = "退款金额", default, deserialize_with = "optional_fen")]
    pub refund: Option<i64>,
    /// What was refunded of coupons that were paid for (充值券退款金额).
    #[serde(rename = "充值券退款金额", default, deserialize_with = "optional_fen")]
    pub coupon_refund: Option<i64>,
    /// Where the refund goes (退款类型): `ORIGINAL`, `BALANCE`.
    #[serde(rename = "退款类型", default)]
    pub refund_type: Option<String>,
    /// Where the refund stands (退款状态): `SUCCESS`, `PROCESSING`, `FAIL`, `CHANGE`.
    #[serde(rename = "退款状态", default)]
    pub refund_state: Option<String>,
    /// What was sold (商品名称).
    #[serde(rename = "商品名称", default)]
    pub description: Option<String>,
    /// What the shop attached (商户数据包).
    #[serde(rename = "商户数据包", default)]
    pub attach: Option<String>,
    /// The fee in yuan (手续费), as text: it has five decimals, so it can be a fraction of a fen.
    #[serde(rename = "手续费", default)]
    pub fee: Option<String>,
    /// The fee's rate (费率), `0.60%`.
    #[serde(rename = "费率", default)]
    pub rate: Option<String>,
    /// The order's total (订单金额).
    #[serde(rename = "订单金额", deserialize_with = "fen")]
    pub total: i64,
    /// What was asked to be refunded (申请退款金额).
    #[serde(rename = "申请退款金额", default, deserialize_with = "optional_fen")]
    pub requested_refund: Option<i64>,
    /// A remark on the rate (费率备注).
    #[serde(rename = "费率备注", default)]
    pub rate_remark: Option<String>,
}

/// The summary of a trade bill. Amounts are in fen (分).
///
/// ```
/// use wechatpay_core::bill::{BlockingBillReader, TradeBillSummary};
///
/// let text = "商户订单号\n`A1\n总交易单数,应结订单总金额,手续费总金额\n`1,`12.30,`0.07380\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
/// while bill.next_row()?.is_some() {}
/// let summary: TradeBillSummary = bill.summary().expect("this one has a summary").decode()?;
/// assert_eq!((summary.count, summary.settlement_total), (1, Some(1230)));
/// assert_eq!(summary.fee.as_deref(), Some("0.07380"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeBillSummary {
    /// How many rows (总交易单数).
    #[serde(rename = "总交易单数")]
    pub count: u64,
    /// What is settled (应结订单总金额).
    #[serde(rename = "应结订单总金额", default, deserialize_with = "optional_fen")]
    pub settlement_total: Option<i64>,
    /// What was refunded (退款总金额).
    #[serde(rename = "退款总金额", default, deserialize_with = "optional_fen")]
    pub refund: Option<i64>,
    /// What was refunded of coupons that were paid for (充值券退款总金额).
    #[serde(rename = "充值券退款总金额", default, deserialize_with = "optional_fen")]
    pub coupon_refund: Option<i64>,
    /// The fees in yuan (手续费总金额), as text: they have five decimals.
    #[serde(rename = "手续费总金额", default)]
    pub fee: Option<String>,
    /// The orders' totals (订单总金额).
    #[serde(rename = "订单总金额", default, deserialize_with = "optional_fen")]
    pub total: Option<i64>,
    /// What was asked to be refunded (申请退款总金额).
    #[serde(rename = "申请退款总金额", default, deserialize_with = "optional_fen")]
    pub requested_refund: Option<i64>,
}

/// A row of a fund flow bill (资金账单). Amounts are in fen (分), times are Beijing's.
///
/// ```
/// use wechatpay_core::bill::{BlockingBillReader, FundFlowBillRow};
///
/// let text = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元)\n\
///     `2026-11-20 13:29:35,`4200000001,`4200000001,`订单支付,`交易,`收入,`12.30,`100.00\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
/// while let Some(row) = bill.next_as::<FundFlowBillRow>()? {
///     assert_eq!((row.direction.as_str(), row.amount, row.balance), ("收入", 1230, 10_000));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FundFlowBillRow {
    /// When it was booked (记账时间), `2026-11-20 13:29:35`.
    #[serde(rename = "记账时间")]
    pub booked_at: String,
    /// WeChat Pay's number of what caused it (微信支付业务单号): an order, a refund.
    #[serde(rename = "微信支付业务单号")]
    pub business_no: String,
    /// The number of this movement (资金流水单号).
    #[serde(rename = "资金流水单号")]
    pub flow_no: String,
    /// What caused it (业务名称).
    #[serde(rename = "业务名称")]
    pub business_name: String,
    /// What it is (业务类型): 交易, 退款, 扣除交易手续费, ..
    #[serde(rename = "业务类型")]
    pub business_type: String,
    /// 收入 (in) or 支出 (out) (收支类型).
    #[serde(rename = "收支类型")]
    pub direction: String,
    /// How much (收支金额).
    #[serde(rename = "收支金额(元)", alias = "收支金额（元）", deserialize_with = "fen")]
    pub amount: i64,
    /// What the account has then (账户结余).
    #[serde(rename = "账户结余(元)", alias = "账户结余（元）", deserialize_with = "fen")]
    pub balance: i64,
    /// Who asked for it (资金变更提交申请人).
    #[serde(rename = "资金变更提交申请人", default)]
    pub applicant: Option<String>,
    /// A remark (备注).
    #[serde(rename = "备注", default)]
    pub remark: Option<String>,
    /// The shop's number of what caused it (业务凭证号).
    #[serde(rename = "业务凭证号", default)]
    pub voucher_no: Option<String>,
}

/// The summary of a fund flow bill. Amounts are in fen (分).
///
/// ```
/// use wechatpay_core::bill::{BlockingBillReader, FundFlowBillSummary};
///
/// let text = "资金流水单号\n`1\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`20.0,`17.0,`0.35,`3.0,`0.18\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
/// while bill.next_row()?.is_some() {}
/// let summary: FundFlowBillSummary = bill.summary().expect("this one has a summary").decode()?;
/// assert_eq!((summary.income, summary.expense), (35, 18));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FundFlowBillSummary {
    /// How many movements (资金流水总笔数), as text: in places it is written `20.0`.
    #[serde(rename = "资金流水总笔数")]
    pub count: String,
    /// How many in (收入笔数), as text.
    #[serde(rename = "收入笔数")]
    pub income_count: String,
    /// How much in (收入金额).
    #[serde(rename = "收入金额", deserialize_with = "fen")]
    pub income: i64,
    /// How many out (支出笔数), as text.
    #[serde(rename = "支出笔数")]
    pub expense_count: String,
    /// How much out (支出金额).
    #[serde(rename = "支出金额", deserialize_with = "fen")]
    pub expense: i64,
}
