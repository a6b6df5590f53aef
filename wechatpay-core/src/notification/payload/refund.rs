//! A refund.

use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// The result of a refund (退款结果通知).
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedRefund, payload::{Refund, RefundStatus}};
///
/// let refund: Refund = serde_json::from_value(json!({
///     "mchid": "1900000001",
///     "out_trade_no": "A-1",
///     "out_refund_no": "R-1",
///     "refund_status": "SUCCESS",
///     "amount": { "total": 1230, "refund": 30, "payer_total": 1230, "payer_refund": 30 },
/// }))?;
/// refund.compare(&ExpectedRefund {
///     mchid: "1900000001",
///     out_trade_no: "A-1",
///     out_refund_no: "R-1",
///     total: 1230,
///     refund: 30,
/// })?;
/// assert_eq!(refund.refund_status, RefundStatus::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    /// The merchant number (商户号).
    pub mchid: Option<String>,
    /// The service provider (服务商户号).
    pub sp_mchid: Option<String>,
    /// The sub-merchant, who refunds (子商户号).
    pub sub_mchid: Option<String>,
    /// The shop's order number (商户订单号).
    pub out_trade_no: String,
    /// WeChat Pay's order number (微信支付订单号).
    pub transaction_id: Option<String>,
    /// The shop's refund number (商户退款单号).
    pub out_refund_no: String,
    /// WeChat Pay's refund number (微信支付退款单号).
    pub refund_id: Option<String>,
    /// How it ended (退款状态).
    pub refund_status: RefundStatus,
    /// When the money was back (退款成功时间), RFC 3339.
    pub success_time: Option<String>,
    /// Where the money went (退款入账账户), in words.
    pub user_received_account: Option<String>,
    /// The amounts (金额信息).
    pub amount: RefundAmount,
}

open_enum! {
    /// How a refund ended (退款状态).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::RefundStatus;
    ///
    /// let status: RefundStatus = serde_json::from_str(r#""ABNORMAL""#)?;
    /// let what_to_do = match status {
    ///     RefundStatus::Success => "tell the user",
    ///     RefundStatus::Abnormal => "refund in another way, on the merchant platform",
    ///     _ => "look at the order",
    /// };
    /// assert!(what_to_do.contains("merchant platform"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum RefundStatus {
        /// The money is back (退款成功).
        Success = "SUCCESS",
        /// Closed (退款关闭).
        Closed = "CLOSED",
        /// On its way (退款处理中).
        Processing = "PROCESSING",
        /// The bank account cannot take it; the merchant platform offers other ways (退款异常).
        Abnormal = "ABNORMAL",
    }
}

/// The amounts of a refund, in fen (分).
///
/// ```
/// use wechatpay_core::notification::payload::RefundAmount;
///
/// let text = r#"{"total":1230,"refund":30,"payer_total":1000,"payer_refund":25}"#;
/// let amount: RefundAmount = serde_json::from_str(text)?;
/// assert_eq!((amount.refund, amount.payer_refund), (30, Some(25)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefundAmount {
    /// The order's total (订单金额).
    pub total: i64,
    /// What is refunded (退款金额).
    pub refund: i64,
    /// What the user had paid (用户支付金额).
    pub payer_total: Option<i64>,
    /// What the user gets back, without coupons (用户退款金额).
    pub payer_refund: Option<i64>,
}
