//! A payment.

use super::lenient;
use serde::{Deserialize, Serialize};

/// A payment transaction (支付通知), of a merchant itself or of a service provider (服务商) for its sub-merchant. The
/// answer to a query of the order has the same form.
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

/// Where an order stands (交易状态).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum TradeState {
    /// Paid (支付成功).
    Success,
    /// Paid, and refunded or about to be (转入退款).
    Refund,
    /// Not paid (未支付).
    NotPay,
    /// Closed (已关闭).
    Closed,
    /// Revoked, of a payment code (已撤销, 付款码支付).
    Revoked,
    /// The user is paying, of a payment code (用户支付中).
    UserPaying,
    /// The payment failed (支付失败).
    PayError,
    /// Accepted, the deduction is to come (已接收，等待扣款).
    Accept,
    /// A value that came later.
    #[serde(untagged)]
    Other(String),
}

/// How an order was paid (交易类型).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum TradeType {
    /// In an official account or a mini program (公众号支付, 小程序支付).
    Jsapi,
    /// By scanning the shop's code (扫码支付).
    Native,
    /// In an app (App支付).
    App,
    /// By the user's payment code (付款码支付).
    MicroPay,
    /// On a mobile page (H5支付).
    Mweb,
    /// By face (刷脸支付).
    FacePay,
    /// Deducted by contract (委托代扣).
    Pap,
    /// A value that came later.
    #[serde(untagged)]
    Other(String),
}

/// Who paid (支付者).
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SceneInfo {
    /// The shop's device (商户端设备号).
    pub device_id: Option<String>,
}

/// A discount that was used (优惠功能).
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

/// What a discount is for (优惠范围).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum PromotionScope {
    /// The whole order (全场代金券).
    Global,
    /// Single goods (单品优惠).
    Single,
    /// A value that came later.
    #[serde(untagged)]
    Other(String),
}

/// Who pays for a discount (优惠类型).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum PromotionType {
    /// Paid for beforehand, so it is settled to the shop (充值型代金券).
    Cash,
    /// Not paid for, so it lowers what is settled (免充值型代金券).
    NoCash,
    /// A value that came later.
    #[serde(untagged)]
    Other(String),
}

/// Goods that a discount was for (单品列表).
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
