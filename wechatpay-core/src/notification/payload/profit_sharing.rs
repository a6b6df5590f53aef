//! A share of an order's money.

use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// A share of an order was transferred or returned (分账动账通知). The receiver of the share is notified.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::payload::{ProfitSharing, ReceiverType};
///
/// let sharing: ProfitSharing = serde_json::from_value(json!({
///     "mchid": "1900000001",
///     "out_order_no": "P-1",
///     "receiver": { "type": "MERCHANT_ID", "account": "1900000109", "amount": 30, "description": "运费" },
/// }))?;
/// assert_eq!((sharing.receiver.kind, sharing.receiver.amount), (ReceiverType::MerchantId, 30));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfitSharing {
    /// The merchant whose money is shared (直连模式分账发起和出资商户), not the receiver.
    pub mchid: Option<String>,
    /// The service provider that shares (服务商模式分账发起商户).
    pub sp_mchid: Option<String>,
    /// The sub-merchant whose money is shared (服务商模式分账出资商户).
    pub sub_mchid: Option<String>,
    /// WeChat Pay's order number (微信订单号).
    pub transaction_id: Option<String>,
    /// WeChat Pay's number of the sharing or of its return (微信分账/回退单号).
    pub order_id: Option<String>,
    /// The shop's number of it (商户分账/回退单号).
    pub out_order_no: Option<String>,
    /// Who gets what (分账接收方).
    pub receiver: ProfitSharingReceiver,
    /// When it was done (成功时间), RFC 3339.
    pub success_time: Option<String>,
}

/// Who gets a share, and what (分账接收方).
///
/// ```
/// use wechatpay_core::notification::payload::ProfitSharingReceiver;
///
/// let text = r#"{"type":"PERSONAL_OPENID","account":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","amount":30}"#;
/// let receiver: ProfitSharingReceiver = serde_json::from_str(text)?;
/// assert_eq!((receiver.amount, receiver.description), (30, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfitSharingReceiver {
    /// What kind of account (分账接收方类型).
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant number or an openid, as the kind says (分账接收方账号).
    pub account: String,
    /// The share in fen (分账动账金额).
    pub amount: i64,
    /// What for (分账/回退描述).
    pub description: Option<String>,
}

open_enum! {
    /// What kind of account gets a share (分账接收方类型).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::ReceiverType;
    ///
    /// assert_eq!(serde_json::from_str::<ReceiverType>(r#""PERSONAL_OPENID""#)?, ReceiverType::PersonalOpenid);
    /// assert_eq!(serde_json::from_str::<ReceiverType>(r#""SHOP""#)?, ReceiverType::Unlisted("SHOP".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum ReceiverType {
        /// A merchant (商户号).
        MerchantId = "MERCHANT_ID",
        /// A person under the merchant's app (个人openid).
        PersonalOpenid = "PERSONAL_OPENID",
        /// A person under the sub-merchant's app (个人sub_openid).
        PersonalSubOpenid = "PERSONAL_SUB_OPENID",
    }
}
