//! A user's complaint.

use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// Something happened to a complaint (投诉通知). What it is about has to be asked for by its number.
///
/// ```
/// use wechatpay_core::notification::payload::{Complaint, ComplaintAction};
///
/// let text = r#"{"complaint_id":"200201820200101080076610000","action_type":"CREATE_COMPLAINT"}"#;
/// let complaint: Complaint = serde_json::from_str(text)?;
/// assert_eq!(complaint.action_type, ComplaintAction::CreateComplaint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Complaint {
    /// The complaint's number (投诉单号).
    pub complaint_id: String,
    /// What happened (动作类型).
    pub action_type: ComplaintAction,
}

open_enum! {
    /// What happened to a complaint (动作类型).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::ComplaintAction;
    ///
    /// let action: ComplaintAction = serde_json::from_str(r#""USER_RESPONSE""#)?;
    /// let answer_is_due = match action {
    ///     ComplaintAction::CreateComplaint | ComplaintAction::ContinueComplaint | ComplaintAction::UserResponse => true,
    ///     _ => false,
    /// };
    /// assert!(answer_is_due);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum ComplaintAction {
        /// The user complained (用户提交投诉).
        CreateComplaint = "CREATE_COMPLAINT",
        /// The user complained again (用户继续投诉).
        ContinueComplaint = "CONTINUE_COMPLAINT",
        /// The user left a message (用户新留言).
        UserResponse = "USER_RESPONSE",
        /// WeChat Pay left a message (平台新留言).
        ResponseByPlatform = "RESPONSE_BY_PLATFORM",
        /// The shop refunded (商户发起全额退款).
        SellerRefund = "SELLER_REFUND",
        /// The shop left a message (商户新回复).
        MerchantResponse = "MERCHANT_RESPONSE",
        /// The shop says it is settled (商户反馈处理完成).
        MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
    }
}
