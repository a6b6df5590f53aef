//! A payment.

use super::lenient;
use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// A payment transaction (支付通知), of a merchant itself or of a service provider (服务商) for its sub-merchant. The
/// response to a query of the order has the same form.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{Expected, payload::{Transaction, TradeType}};
///
/// let transaction: Transaction = serde_json::from_value(json!({
///     "appid": "wxd678efh567hg6787",
///     "mchid": "1900000001",
///     "out_trade_no": "A-1",
///     "transaction_id": "1217752501201407033233368018",
///     "trade_type": "JSAPI",
///     "trade_state": "SUCCESS",
///     "success_time": "2018-06-08T10:34:56+08:00",
///     "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
///     "amount": { "total": 1230, "payer_total": 1230, "currency": "CNY", "payer_currency": "CNY" },
/// }))?;
/// transaction.compare(&Expected {
///     mchid: "1900000001",
///     appid: "wxd678efh567hg6787",
///     out_trade_no: "A-1",
///     total: 1230,
///     currency: "CNY",
/// })?;
/// assert!(transaction.is_paid());
/// assert_eq!(transaction.trade_type, Some(TradeType::Jsapi));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    /// The app that was paid in (应用ID, 公众账号ID).
    pub appid: Option<String>,
    /// The merchant number (商户号).
    pub mchid: Option<String>,
    /// The service provider's app (服务商应用ID).
    pub sp_appid: Option<String>,
    /// The service provider (服务商户号).
    pub sp_mchid: Option<String>,
    /// The sub-merchant's app (子商户应用ID).
    pub sub_appid: Option<String>,
    /// The sub-merchant, who is paid (子商户号).
    pub sub_mchid: Option<String>,
    /// The shop's order number (商户订单号).
    pub out_trade_no: String,
    /// WeChat Pay's order number (微信支付订单号). An order that was not paid has none.
    pub transaction_id: Option<String>,
    /// How it was paid (交易类型).
    pub trade_type: Option<TradeType>,
    /// Where the order stands (交易状态).
    pub trade_state: TradeState,
    /// The same in words (交易状态描述).
    pub trade_state_desc: Option<String>,
    /// The kind of bank account that it was paid from (付款银行).
    pub bank_type: Option<String>,
    /// What the shop attached to the order (附加数据).
    pub attach: Option<String>,
    /// When it was paid (支付完成时间), RFC 3339.
    pub success_time: Option<String>,
    /// Who paid (支付者).
    pub payer: Option<Payer>,
    /// The amounts (订单金额).
    pub amount: Option<TransactionAmount>,
    /// Where it was paid (场景信息).
    pub scene_info: Option<SceneInfo>,
    /// The discounts that were used (优惠功能).
    #[serde(default, deserialize_with = "lenient::list")]
    pub promotion_detail: Vec<Promotion>,
}

impl Transaction {
    /// Whether the order is paid: its state is [`TradeState::Success`].
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.trade_state == TradeState::Success
    }
}

open_enum! {
    /// Where an order stands (交易状态).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::TradeState;
    ///
    /// let state: TradeState = serde_json::from_str(r#""USERPAYING""#)?;
    /// let what_to_do = match state {
    ///     TradeState::Success => "deliver",
    ///     TradeState::NotPay | TradeState::UserPaying | TradeState::Accept => "wait and ask again",
    ///     _ => "do not deliver",
    /// };
    /// assert_eq!(what_to_do, "wait and ask again");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum TradeState {
        /// Paid (支付成功).
        Success = "SUCCESS",
        /// Paid, and refunded or about to be (转入退款).
        Refund = "REFUND",
        /// Not paid (未支付).
        NotPay = "NOTPAY",
        /// Closed (已关闭).
        Closed = "CLOSED",
        /// Revoked, of a payment code (已撤销, 付款码支付).
        Revoked = "REVOKED",
        /// The user is paying, of a payment code (用户支付中).
        UserPaying = "USERPAYING",
        /// The payment failed (支付失败).
        PayError = "PAYERROR",
        /// Accepted, the deduction is to come (已接收，等待扣款).
        Accept = "ACCEPT",
    }
}

open_enum! {
    /// How an order was paid (交易类型).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::TradeType;
    ///
    /// assert_eq!(serde_json::from_str::<TradeType>(r#""MICROPAY""#)?, TradeType::MicroPay);
    /// assert_eq!(serde_json::from_str::<TradeType>(r#""PALMPAY""#)?, TradeType::Unlisted("PALMPAY".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum TradeType {
        /// In an official account or a mini program (公众号支付, 小程序支付).
        Jsapi = "JSAPI",
        /// By scanning the shop's code (扫码支付).
        Native = "NATIVE",
        /// In an app (App支付).
        App = "APP",
        /// By the user's payment code (付款码支付).
        MicroPay = "MICROPAY",
        /// On a mobile page (H5支付).
        Mweb = "MWEB",
        /// By face (刷脸支付).
        FacePay = "FACEPAY",
        /// Deducted by contract (委托代扣).
        Pap = "PAP",
    }
}

/// Who paid (支付者).
///
/// ```
/// use wechatpay_core::notification::payload::Payer;
///
/// let payer: Payer = serde_json::from_str(r#"{"sp_openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#)?;
/// assert_eq!(payer.openid.or(payer.sp_openid).as_deref(), Some("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Payer {
    /// The user under the app (用户标识).
    pub openid: Option<String>,
    /// The user under the service provider's app (用户服务标识).
    pub sp_openid: Option<String>,
    /// The user under the sub-merchant's app (用户子标识).
    pub sub_openid: Option<String>,
}

/// The amounts of a payment, in fen (分).
///
/// ```
/// use wechatpay_core::notification::payload::TransactionAmount;
///
/// let amount: TransactionAmount = serde_json::from_str(r#"{"total":1230,"payer_total":1000,"currency":"CNY"}"#)?;
/// let discount = amount.total.zip(amount.payer_total).map(|(total, payer_total)| total - payer_total);
/// assert_eq!(discount, Some(230));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TransactionAmount {
    /// The order's total (总金额).
    pub total: Option<i64>,
    /// What the user paid, after discounts (用户支付金额).
    pub payer_total: Option<i64>,
    /// The total's currency (货币类型), `CNY`.
    pub currency: Option<String>,
    /// The currency the user paid in (用户支付币种).
    pub payer_currency: Option<String>,
}

/// Where it was paid (场景信息).
///
/// ```
/// use wechatpay_core::notification::payload::SceneInfo;
///
/// let scene: SceneInfo = serde_json::from_str(r#"{"device_id":"013467007045764"}"#)?;
/// assert_eq!(scene.device_id.as_deref(), Some("013467007045764"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SceneInfo {
    /// The shop's device (商户端设备号).
    pub device_id: Option<String>,
}

/// A discount that was used (优惠功能).
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::payload::{Promotion, PromotionType};
///
/// let promotion: Promotion = serde_json::from_value(json!({
///     "coupon_id": "109519",
///     "scope": "SINGLE",
///     "type": "NOCASH",
///     "amount": 230,
///     "goods_detail": [{ "goods_id": "M1006", "quantity": 1, "unit_price": 1230, "discount_amount": 230 }],
/// }))?;
/// assert_eq!(promotion.kind, Some(PromotionType::NoCash));
/// assert_eq!(promotion.goods_detail[0].goods_id, "M1006");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Promotion {
    /// The coupon (券ID).
    pub coupon_id: Option<String>,
    /// Its name (优惠名称).
    pub name: Option<String>,
    /// What it is for (优惠范围).
    pub scope: Option<PromotionScope>,
    /// Who pays for it (优惠类型).
    #[serde(rename = "type")]
    pub kind: Option<PromotionType>,
    /// What it is worth, in fen (优惠券面额).
    pub amount: Option<i64>,
    /// The stock that it came from (活动ID).
    pub stock_id: Option<String>,
    /// What WeChat Pay contributed, in fen (微信出资).
    pub wechatpay_contribute: Option<i64>,
    /// What the merchant contributed, in fen (商户出资).
    pub merchant_contribute: Option<i64>,
    /// What others contributed, in fen (其他出资).
    pub other_contribute: Option<i64>,
    /// The currency (优惠币种).
    pub currency: Option<String>,
    /// The goods that it was for (单品列表).
    #[serde(default, deserialize_with = "lenient::list")]
    pub goods_detail: Vec<PromotionGoods>,
}

open_enum! {
    /// What a discount is for (优惠范围).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::PromotionScope;
    ///
    /// assert_eq!(serde_json::from_str::<PromotionScope>(r#""GLOBAL""#)?, PromotionScope::Global);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum PromotionScope {
        /// The whole order (全场代金券).
        Global = "GLOBAL",
        /// Single goods (单品优惠).
        Single = "SINGLE",
    }
}

open_enum! {
    /// Who pays for a discount (优惠类型).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::PromotionType;
    ///
    /// let kind: PromotionType = serde_json::from_str(r#""CASH""#)?;
    /// let is_settled_to_the_shop = kind == PromotionType::Cash;
    /// assert!(is_settled_to_the_shop);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum PromotionType {
        /// Paid for beforehand, so it is settled to the shop (充值型代金券).
        Cash = "CASH",
        /// Not paid for, so it lowers what is settled (免充值型代金券).
        NoCash = "NOCASH",
    }
}

/// Goods that a discount was for (单品列表).
///
/// ```
/// use wechatpay_core::notification::payload::PromotionGoods;
///
/// let goods: PromotionGoods = serde_json::from_str(r#"{"goods_id":"M1006","quantity":2,"unit_price":100}"#)?;
/// assert_eq!(goods.quantity.zip(goods.unit_price).map(|(quantity, price)| quantity * price), Some(200));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromotionGoods {
    /// The shop's code of them (商品编码).
    pub goods_id: String,
    /// How many (商品数量).
    pub quantity: Option<i64>,
    /// The price of one, in fen (商品单价).
    pub unit_price: Option<i64>,
    /// The discount on them, in fen (商品优惠金额).
    pub discount_amount: Option<i64>,
    /// A remark (商品备注).
    pub goods_remark: Option<String>,
}
