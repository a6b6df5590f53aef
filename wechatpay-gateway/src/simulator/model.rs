//! What the simulator knows: orders, refunds, transfers, profit sharing, and the notifications about them.
//!
//! Amounts are whole fen (分). Times are milliseconds since 1970-01-01T00:00:00Z. States have the official words: in
//! JSON `trade_state` is `"SUCCESS"`, as the service writes it.
//!
//! ```
//! use serde_json::json;
//! use wechatpay_core::{Method, notification::payload::{TradeState, TradeType}};
//! use wechatpay_gateway::{Gateway, model::{Cause, Change, Order, OrderKind}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::builder().simulate().start()?;
//! let client = gateway.client()?;
//! let order = json!({
//!     "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "Coffee",
//!     "out_trade_no": "ORDER-0001", "notify_url": "https://shop.example/notify", "amount": { "total": 100 },
//! });
//! client.request(Method::POST, "/v3/pay/transactions/native").json(&order).send().await?;
//!
//! let order: Order = gateway.pay("ORDER-0001")?;
//! assert_eq!((order.kind, &order.trade_type, order.total), (OrderKind::Native, &TradeType::Native, 100));
//! let payment: &Change = &order.history[1];
//! assert_eq!((payment.state.as_str(), payment.cause), ("SUCCESS", Cause::Payer));
//! assert_eq!(serde_json::to_value(&order)?["trade_state"], "SUCCESS");
//! # Ok(()) }
//! ```
//!
//! A refund, a transfer and a profit sharing look like this:
//!
//! ```
//! use wechatpay_core::notification::payload::{RefundStatus, TransferBillState};
//! use wechatpay_gateway::model::{
//!     Refund, ReturnResult, Sharing, SharingReceiver, SharingResult, SharingReturn, SharingState, Transfer,
//! };
//!
//! fn is_over(refund: &Refund, transfer: &Transfer, sharing: &Sharing) -> bool {
//!     let shared = |receiver: &SharingReceiver| receiver.result == SharingResult::Success;
//!     let returned = |back: &SharingReturn| back.result == ReturnResult::Success;
//!     refund.status == RefundStatus::Success
//!         && transfer.state == TransferBillState::Success
//!         && sharing.state == SharingState::Finished
//!         && sharing.receivers.iter().all(shared)
//!         && sharing.returns.iter().all(returned)
//! }
//! ```
//!
//! And a notification:
//!
//! ```
//! use wechatpay_gateway::model::{About, Attempt, Delivery, DeliveryState, Manner, Subject};
//!
//! fn line(delivery: &Delivery) -> String {
//!     let About { kind, number, .. } = &delivery.about;
//!     let kind = match kind {
//!         Subject::Order => "order",
//!         Subject::Refund => "refund",
//!         _ => "something else",
//!     };
//!     let failed = |attempt: &&Attempt| attempt.manner == Manner::Genuine && attempt.error.is_some();
//!     let failures = delivery.attempts.iter().filter(failed).count();
//!     let done = delivery.state == DeliveryState::Delivered;
//!     format!("{} about {kind} {number}: {failures} failures, delivered: {done}", delivery.event_type)
//! }
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechatpay_core::notification::payload::{RefundStatus, TradeState, TradeType, TransferBillState};

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// Which operation placed it.
    pub kind: OrderKind,
    /// The merchant (商户号), or the service provider (服务商商户号).
    pub mchid: String,
    /// The sub-merchant (子商户号) of a service provider.
    pub sub_mchid: Option<String>,
    /// The app (应用ID): `appid`, or `sp_appid` of a service provider.
    pub appid: String,
    /// The sub-merchant's app (子商户应用ID).
    pub sub_appid: Option<String>,
    /// The shop's order number (商户订单号).
    pub out_trade_no: String,
    /// The number of the whole, when the order is a part of a combined one (合单商户订单号).
    pub combine_out_trade_no: Option<String>,
    /// WeChat Pay's order number (微信支付订单号), once it is paid.
    pub transaction_id: Option<String>,
    /// How it is paid (交易类型).
    pub trade_type: TradeType,
    /// What is bought (商品描述).
    pub description: String,
    /// What the shop attached to it (附加数据).
    pub attach: Option<String>,
    /// Where the notification goes (通知地址).
    pub notify_url: Option<String>,
    /// The total in fen (总金额).
    pub total: i64,
    /// The currency, `CNY`.
    pub currency: String,
    /// The payer's openid: under the app, or under the service provider's app.
    pub payer: Option<String>,
    /// The payer's openid under the sub-merchant's app.
    pub sub_payer: Option<String>,
    /// The shop's device (商户端设备号).
    pub device_id: Option<String>,
    /// Whether the money waits for profit sharing (是否指定分账).
    pub profit_sharing: bool,
    /// The prepay id (预支付交易会话标识) of a JSAPI or app order.
    pub prepay_id: Option<String>,
    /// What the QR code of a native order says (二维码链接).
    pub code_url: Option<String>,
    /// Where an H5 order is paid (支付跳转链接).
    pub h5_url: Option<String>,
    /// Where it stands (交易状态).
    pub trade_state: TradeState,
    /// The kind of bank account that it was paid from (付款银行).
    pub bank_type: Option<String>,
    /// When it was placed.
    pub created_at: i64,
    /// When it can no longer be paid (交易结束时间).
    pub expires_at: Option<i64>,
    /// When it was paid.
    pub paid_at: Option<i64>,
    /// Its states, the oldest first; the last 50 of them.
    pub history: Vec<Change>,
}

/// Which operation placed an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum OrderKind {
    /// In an official account or a mini program (JSAPI支付, 小程序支付).
    Jsapi,
    /// In an app (APP支付).
    App,
    /// By scanning the shop's code (Native支付).
    Native,
    /// On a mobile page (H5支付).
    H5,
    /// By the payer's payment code (付款码支付).
    CodePay,
    /// As a part of a combined order (合单支付).
    Combine,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    /// The merchant (商户号), or the service provider.
    pub mchid: String,
    /// The sub-merchant (子商户号) of a service provider.
    pub sub_mchid: Option<String>,
    /// The shop's refund number (商户退款单号).
    pub out_refund_no: String,
    /// WeChat Pay's refund number (微信支付退款单号).
    pub refund_id: String,
    /// The shop's order number (商户订单号).
    pub out_trade_no: String,
    /// WeChat Pay's order number (微信支付订单号).
    pub transaction_id: String,
    /// Why (退款原因).
    pub reason: Option<String>,
    /// The refund in fen (退款金额).
    pub refund: i64,
    /// The order's total in fen (原订单金额).
    pub total: i64,
    /// Where it stands (退款状态).
    pub status: RefundStatus,
    /// Where the money goes (退款渠道): `ORIGINAL`, `OTHER_BANKCARD`.
    pub channel: String,
    /// The same in words (退款入账账户).
    pub user_received_account: String,
    /// Which of the merchant's accounts pays (资金账户).
    pub funds_account: String,
    /// Where the notification goes (退款结果回调地址). The order's own address is not used for refunds.
    pub notify_url: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// When it was over.
    pub finished_at: Option<i64>,
    /// Its states, the oldest first; the last 50 of them.
    pub history: Vec<Change>,
}

/// A transfer to a user (商家转账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transfer {
    /// The merchant (商户号).
    pub mchid: String,
    /// The shop's transfer number (商户单号).
    pub out_bill_no: String,
    /// WeChat Pay's transfer number (微信转账单号).
    pub transfer_bill_no: String,
    /// The app (应用ID).
    pub appid: String,
    /// The user (收款用户OpenID).
    pub openid: String,
    /// The user's name (收款用户姓名), when the request had it.
    pub user_name: Option<String>,
    /// The amount in fen (转账金额).
    pub amount: i64,
    /// What the user reads (转账备注).
    pub remark: String,
    /// Where it stands (单据状态).
    pub state: TransferBillState,
    /// Why it failed (失败原因).
    pub fail_reason: Option<String>,
    /// What the confirmation page is opened with (跳转领取页面的package信息), while the user has to confirm.
    pub package_info: Option<String>,
    /// Where the notification goes (通知地址).
    pub notify_url: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// When its state changed last.
    pub updated_at: i64,
    /// When it was over.
    pub finished_at: Option<i64>,
    /// Its states, the oldest first; the last 50 of them.
    pub history: Vec<Change>,
}

/// A profit sharing (分账), or the release of what is left (解冻剩余资金).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sharing {
    /// The merchant (商户号), or the service provider.
    pub mchid: String,
    /// The sub-merchant (子商户号) of a service provider.
    pub sub_mchid: Option<String>,
    /// The shop's number (商户分账单号).
    pub out_order_no: String,
    /// WeChat Pay's number (微信分账单号).
    pub order_id: String,
    /// WeChat Pay's number of the shared order (微信订单号).
    pub transaction_id: String,
    /// Where it stands (分账单状态).
    pub state: SharingState,
    /// Who gets what (分账接收方列表).
    pub receivers: Vec<SharingReceiver>,
    /// Whether what is left goes to the merchant (是否解冻剩余未分资金).
    pub unfreeze_unsplit: bool,
    /// What receivers gave back (分账回退).
    pub returns: Vec<SharingReturn>,
    /// When it was asked for.
    pub created_at: i64,
    /// Its states, the oldest first; the last 50 of them.
    pub history: Vec<Change>,
}

/// Where a profit sharing stands (分账单状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SharingState {
    /// Being executed (处理中).
    Processing,
    /// Executed (分账完成).
    Finished,
}

/// Who gets a part of a shared order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SharingReceiver {
    /// What kind of account (分账接收方类型): `MERCHANT_ID`, `PERSONAL_OPENID`, `PERSONAL_SUB_OPENID`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The account (分账接收方账号).
    pub account: String,
    /// The part in fen (分账金额).
    pub amount: i64,
    /// What for (分账描述).
    pub description: String,
    /// What became of it (分账结果).
    pub result: SharingResult,
    /// WeChat Pay's number of this part (分账明细单号).
    pub detail_id: String,
}

/// What became of a receiver's part (分账结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SharingResult {
    /// Waiting (待分账).
    Pending,
    /// The receiver has it (分账成功).
    Success,
    /// It stays with the merchant (已关闭).
    Closed,
}

/// What a receiver gave back (分账回退).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SharingReturn {
    /// The shop's number (商户回退单号).
    pub out_return_no: String,
    /// WeChat Pay's number (微信回退单号).
    pub return_id: String,
    /// Who gives back (回退商户号).
    pub return_mchid: String,
    /// The amount in fen (回退金额).
    pub amount: i64,
    /// What for (回退描述).
    pub description: String,
    /// What became of it (回退结果).
    pub result: ReturnResult,
    /// When it was asked for.
    pub created_at: i64,
}

/// What became of a return (回退结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ReturnResult {
    /// Being executed (处理中).
    Processing,
    /// The merchant has the money back (已成功).
    Success,
    /// It failed (已失败).
    Failed,
}

/// A state that something reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// When.
    pub at: i64,
    /// The official word for the state.
    pub state: String,
    /// Who did it.
    pub cause: Cause,
}

/// Who changed a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Cause {
    /// The merchant, by a request.
    Merchant,
    /// The payer, or the user who gets a transfer.
    Payer,
    /// Whoever sits at the console, or a test.
    Console,
    /// The time that passed.
    Clock,
}

/// A notification (通知) and the attempts to deliver it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// The notification's id, the same at each attempt.
    pub id: String,
    /// The type (通知类型), such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The summary (回调摘要).
    pub summary: String,
    /// The type of the content (原始回调类型), such as `transaction`.
    pub original_type: String,
    /// What it is about.
    pub about: About,
    /// Where it goes.
    pub url: String,
    /// The content, before encryption.
    pub resource: Value,
    /// When the event happened.
    pub created_at: i64,
    /// When the next attempt is due.
    pub next_attempt_at: Option<i64>,
    /// Whether it was delivered.
    pub state: DeliveryState,
    /// The attempts, the oldest first; the last 50 of them.
    pub attempts: Vec<Attempt>,
    /// How many of the attempts belong to the schedule.
    pub scheduled_attempts: u32,
}

/// Whether a notification was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// Not yet.
    Waiting,
    /// The shop's server responded with 200 or 204.
    Delivered,
    /// The schedule is over, or the address can never be used.
    GivenUp,
}

/// What a notification is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct About {
    /// What kind of thing.
    pub kind: Subject,
    /// The shop's number of it.
    pub number: String,
}

/// What kind of thing a notification or a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Subject {
    /// An order, by `out_trade_no`; a combined one by `combine_out_trade_no`.
    Order,
    /// A refund, by `out_refund_no`.
    Refund,
    /// A transfer, by `out_bill_no`.
    Transfer,
    /// A profit sharing, by `out_order_no`.
    Sharing,
}

/// How an attempt differs from a right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Manner {
    /// Signed by the platform, now.
    #[default]
    Genuine,
    /// Signed with a key that is not the platform's: the shop has to refuse it.
    Forged,
    /// Signed by the platform, some time ago: after more than 5 minutes the shop has to refuse it.
    Late,
}

/// An attempt to deliver a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it began.
    pub at: i64,
    /// What was sent. Only a genuine notification counts as delivered.
    pub manner: Manner,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// The status of the response.
    pub status: Option<u16>,
    /// Why there is no response, or why it does not count, in English and in Chinese.
    pub error: Option<String>,
    /// The beginning of the response's body, at most 2,000 characters.
    pub response_body: Option<String>,
}

/// How many changes and attempts are kept of one thing.
const KEPT: usize = 50;

/// Adds to a list that is kept short: the oldest go.
pub(crate) fn remember<T>(list: &mut Vec<T>, item: T) {
    if list.len() >= KEPT {
        list.drain(..=list.len() - KEPT);
    }
    list.push(item);
}

impl Change {
    pub(crate) fn new(at: i64, state: &impl Serialize, cause: Cause) -> Self {
        let word = serde_json::to_value(state).ok();
        let state = word.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { at, state, cause }
    }
}

impl Order {
    pub(crate) fn move_to(&mut self, state: TradeState, at: i64, cause: Cause) {
        remember(&mut self.history, Change::new(at, &state, cause));
        self.trade_state = state;
    }
}

impl Refund {
    pub(crate) fn move_to(&mut self, status: RefundStatus, at: i64, cause: Cause) {
        remember(&mut self.history, Change::new(at, &status, cause));
        self.status = status;
    }
}

impl Transfer {
    pub(crate) fn move_to(&mut self, state: TransferBillState, at: i64, cause: Cause) {
        remember(&mut self.history, Change::new(at, &state, cause));
        self.state = state;
        self.updated_at = at;
    }
}

impl Sharing {
    pub(crate) fn move_to(&mut self, state: SharingState, at: i64, cause: Cause) {
        remember(&mut self.history, Change::new(at, &state, cause));
        self.state = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_last_fifty_items() {
        let mut list = Vec::new();
        for item in 0..120 {
            remember(&mut list, item);
        }
        assert_eq!(list, (70..120).collect::<Vec<_>>());
    }

    #[test]
    fn states_have_the_official_words() {
        let words = [
            Change::new(0, &TradeState::NotPay, Cause::Merchant).state,
            Change::new(0, &TransferBillState::WaitUserConfirm, Cause::Merchant).state,
            Change::new(0, &SharingState::Finished, Cause::Merchant).state,
        ];
        assert_eq!(words, ["NOTPAY", "WAIT_USER_CONFIRM", "FINISHED"]);
    }
}
