//! Several orders paid at once.

use super::{Payer, Promotion, SceneInfo, TradeState, TradeType, lenient};
use serde::{Deserialize, Serialize};

/// A combined payment (合单支付通知): one payment for the orders of several merchants.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{Expected, payload::CombinedTransaction};
///
/// let combined: CombinedTransaction = serde_json::from_value(json!({
///     "combine_appid": "wxd678efh567hg6787",
///     "combine_mchid": "1900000001",
///     "combine_out_trade_no": "C-1",
///     "sub_orders": [{
///         "mchid": "1900000001",
///         "sub_mchid": "1900000109",
///         "out_trade_no": "A-1",
///         "trade_state": "SUCCESS",
///         "amount": { "total_amount": 1230, "currency": "CNY" },
///     }],
/// }))?;
/// assert!(combined.is_paid());
/// assert_eq!(combined.sub_order("A-1").and_then(|order| order.sub_mchid.as_deref()), Some("1900000109"));
///
/// let order = Expected {
///     mchid: "1900000109",
///     appid: "wxd678efh567hg6787",
///     out_trade_no: "A-1",
///     total: 1230,
///     currency: "CNY",
/// };
/// combined.compare("C-1", &[order])?;
/// assert!(combined.compare("C-1", &[]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CombinedTransaction {
    /// The app of the one who combines (合单发起方的应用ID).
    pub combine_appid: Option<String>,
    /// The one who combines (合单发起方商户号).
    pub combine_mchid: Option<String>,
    /// The shop's number of the whole (合单商户订单号).
    pub combine_out_trade_no: String,
    /// Where it was paid (场景信息).
    pub scene_info: Option<SceneInfo>,
    /// The orders (子单信息).
    #[serde(default, deserialize_with = "lenient::list")]
    pub sub_orders: Vec<SubOrder>,
    /// Who paid (支付者).
    pub combine_payer_info: Option<Payer>,
}

impl CombinedTransaction {
    /// The order with this number (子单商户订单号).
    #[must_use]
    pub fn sub_order(&self, out_trade_no: &str) -> Option<&SubOrder> {
        self.sub_orders.iter().find(|order| order.out_trade_no == out_trade_no)
    }

    /// Whether every order is paid. `false` without orders.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        let paid = |order: &SubOrder| order.trade_state == TradeState::Success;
        !self.sub_orders.is_empty() && self.sub_orders.iter().all(paid)
    }
}

/// One of the orders of a combined payment (子单信息).
///
/// ```
/// use wechatpay_core::notification::payload::{SubOrder, TradeState};
///
/// let order: SubOrder = serde_json::from_str(r#"{"out_trade_no":"A-1","trade_state":"NOTPAY"}"#)?;
/// assert_eq!(order.trade_state, TradeState::NotPay);
/// assert_eq!(order.transaction_id, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubOrder {
    /// The merchant of the order (子单商户号).
    pub mchid: Option<String>,
    /// The sub-merchant, who is paid (二级商户号).
    pub sub_mchid: Option<String>,
    /// The sub-merchant's app (子商户应用ID).
    pub sub_appid: Option<String>,
    /// The user under that app (子商户用户标识).
    pub sub_openid: Option<String>,
    /// The shop's order number (子单商户订单号).
    pub out_trade_no: String,
    /// WeChat Pay's order number (微信支付订单号).
    pub transaction_id: Option<String>,
    /// How it was paid (交易类型).
    pub trade_type: Option<TradeType>,
    /// Where the order stands (交易状态).
    pub trade_state: TradeState,
    /// The kind of bank account that it was paid from (付款银行).
    pub bank_type: Option<String>,
    /// What the shop attached to the order (附加数据).
    pub attach: Option<String>,
    /// When it was paid (支付完成时间), RFC 3339.
    pub success_time: Option<String>,
    /// The amounts (订单金额).
    pub amount: Option<SubOrderAmount>,
    /// The discounts that were used (优惠功能).
    #[serde(default, deserialize_with = "lenient::list")]
    pub promotion_detail: Vec<Promotion>,
}

/// The amounts of one order, in fen (分).
///
/// ```
/// use wechatpay_core::notification::payload::SubOrderAmount;
///
/// let amount: SubOrderAmount = serde_json::from_str(r#"{"total_amount":1230,"payer_amount":1000,"currency":"CNY"}"#)?;
/// assert_eq!((amount.total_amount, amount.payer_amount), (Some(1230), Some(1000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubOrderAmount {
    /// The order's total (标价金额).
    pub total_amount: Option<i64>,
    /// What the user paid, after discounts (现金支付金额).
    pub payer_amount: Option<i64>,
    /// The total's currency (标价币种), `CNY`.
    pub currency: Option<String>,
    /// The currency the user paid in (现金支付币种).
    pub payer_currency: Option<String>,
    /// The rate of exchange of the settlement, times 10⁸ (结算汇率).
    pub settlement_rate: Option<i64>,
}
