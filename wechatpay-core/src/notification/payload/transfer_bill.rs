//! A transfer to a user.

use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// A transfer to a user came to its end (商家转账单据终态通知).
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{ExpectedTransfer, payload::{TransferBill, TransferBillState}};
///
/// let bill: TransferBill = serde_json::from_value(json!({
///     "mch_id": "1900000001",
///     "out_bill_no": "T-1",
///     "transfer_bill_no": "1330000071100999991182020050700019480001",
///     "state": "FAIL",
///     "transfer_amount": 500,
///     "fail_reason": "PAYEE_ACCOUNT_ABNORMAL",
/// }))?;
/// bill.compare(&ExpectedTransfer { mchid: "1900000001", out_bill_no: "T-1", transfer_amount: 500 })?;
/// assert_eq!(bill.state, TransferBillState::Fail);
/// assert_eq!(bill.fail_reason.as_deref(), Some("PAYEE_ACCOUNT_ABNORMAL"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TransferBill {
    /// The merchant that pays (商户号). This product calls it `mch_id`, in places `mchid`.
    #[serde(alias = "mchid")]
    pub mch_id: Option<String>,
    /// The shop's number of the transfer (商户单号).
    pub out_bill_no: String,
    /// WeChat Pay's number of it (微信转账单号).
    pub transfer_bill_no: Option<String>,
    /// How it ended (单据状态).
    pub state: TransferBillState,
    /// The amount in fen (转账金额).
    pub transfer_amount: i64,
    /// The user (收款用户OpenID).
    pub openid: Option<String>,
    /// Why it failed (失败原因).
    pub fail_reason: Option<String>,
    /// When it was made (单据创建时间), RFC 3339.
    pub create_time: Option<String>,
    /// When its state changed last (最后一次状态变更时间), RFC 3339.
    pub update_time: Option<String>,
}

open_enum! {
    /// Where a transfer stands (单据状态). A notification comes for the three ends: `Success`, `Fail` and `Cancelled`.
    ///
    /// ```
    /// use wechatpay_core::notification::payload::TransferBillState;
    ///
    /// let state: TransferBillState = serde_json::from_str(r#""CANCELLED""#)?;
    /// let money_has_moved = state == TransferBillState::Success;
    /// assert!(!money_has_moved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum TransferBillState {
        /// Accepted (转账已受理).
        Accepted = "ACCEPTED",
        /// The account is being debited (转账锁定资金中).
        Processing = "PROCESSING",
        /// The user has to confirm (待收款用户确认).
        WaitUserConfirm = "WAIT_USER_CONFIRM",
        /// On its way (转账中). The service spells it with one R.
        Transferring = "TRANSFERING",
        /// The user has the money (转账成功).
        Success = "SUCCESS",
        /// It failed (转账失败).
        Fail = "FAIL",
        /// Being cancelled (商户撤销请求受理成功).
        Cancelling = "CANCELING",
        /// Cancelled (转账撤销完成).
        Cancelled = "CANCELLED",
    }
}
