//! A contract to deduct.

use super::lenient;
use crate::open_enum::open_enum;
use serde::{Deserialize, Serialize};

/// A contract to deduct was signed or ended (委托代扣签约、解约通知).
///
/// ```
/// use wechatpay_core::notification::payload::{Contract, ContractState};
///
/// let text = r#"{"mchid":"1900000001","plan_id":12535,"contract_id":"123124412412423431","contract_state":"SIGNED"}"#;
/// let contract: Contract = serde_json::from_str(text)?;
/// assert_eq!(contract.contract_state, Some(ContractState::Signed));
/// // A number in this product, a text in others.
/// assert_eq!(contract.plan_id.as_deref(), Some("12535"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contract {
    /// The merchant number (商户号).
    pub mchid: Option<String>,
    /// The app (应用ID).
    pub appid: Option<String>,
    /// The service provider (服务商户号).
    pub sp_mchid: Option<String>,
    /// The service provider's app (服务商应用ID).
    pub sp_appid: Option<String>,
    /// The sub-merchant (子商户号).
    pub sub_mchid: Option<String>,
    /// The sub-merchant's app (子商户应用ID).
    pub sub_appid: Option<String>,
    /// The user under the app (用户标识).
    pub openid: Option<String>,
    /// The user under the service provider's app (用户服务标识).
    pub sp_openid: Option<String>,
    /// The user under the sub-merchant's app (用户子标识).
    pub sub_openid: Option<String>,
    /// The template that it follows (模板ID), a number to some products and a text to others.
    #[serde(default, deserialize_with = "lenient::id")]
    pub plan_id: Option<String>,
    /// The shop's number of the contract (商户签约协议号).
    pub out_contract_code: Option<String>,
    /// WeChat Pay's number of it (委托代扣协议ID).
    pub contract_id: Option<String>,
    /// Where it stands (协议状态). Without it the event's type says whether it was signed or ended.
    pub contract_state: Option<ContractState>,
    /// What the user sees as the account (用户账户展示名称).
    pub contract_display_account: Option<String>,
    /// The shop's name of the user (商户侧用户标识).
    pub out_user_code: Option<String>,
    /// When it was signed (签约时间), RFC 3339.
    pub contract_signed_time: Option<String>,
    /// When it runs out (协议到期时间), RFC 3339.
    pub contract_expired_time: Option<String>,
    /// When it was signed or ended (操作时间), RFC 3339, in products that send it so.
    pub operate_time: Option<String>,
    /// How it ended (解约信息).
    pub contract_terminate_info: Option<ContractTermination>,
    /// The next deduction (预约扣费信息).
    pub deduct_schedule: Option<DeductSchedule>,
}

open_enum! {
    /// Where a contract stands (协议状态).
    ///
    /// ```
    /// use wechatpay_core::notification::payload::ContractState;
    ///
    /// assert_eq!(serde_json::from_str::<ContractState>(r#""TERMINATED""#)?, ContractState::Terminated);
    /// assert_eq!(serde_json::from_str::<ContractState>(r#""PAUSED""#)?, ContractState::Unlisted("PAUSED".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    pub enum ContractState {
        /// Signed and in force (已签约).
        Signed = "SIGNED",
        /// Ended (已解约).
        Terminated = "TERMINATED",
    }
}

/// How a contract ended (解约信息).
///
/// ```
/// use wechatpay_core::notification::payload::ContractTermination;
///
/// let ended: ContractTermination = serde_json::from_str(r#"{"contract_termination_mode":"USER_TERMINATE"}"#)?;
/// assert_eq!(ended.contract_termination_mode.as_deref(), Some("USER_TERMINATE"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContractTermination {
    /// Who ended it (解约方式), for example `USER_TERMINATE`.
    pub contract_termination_mode: Option<String>,
    /// When (解约时间), RFC 3339.
    pub contract_terminated_time: Option<String>,
    /// Why (解约备注).
    pub contract_termination_remark: Option<String>,
}

/// The next deduction (预约扣费信息).
///
/// ```
/// use wechatpay_core::notification::payload::DeductSchedule;
///
/// let text = r#"{"schedule_state":"SCHEDULED","deduct_date":null,"scheduled_amount":{"total":1230}}"#;
/// let next: DeductSchedule = serde_json::from_str(text)?;
/// assert_eq!(next.scheduled_amount.map(|amount| amount.total), Some(1230));
/// assert_eq!(next.deduct_date, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeductSchedule {
    /// Where it stands (预约状态), for example `SCHEDULED`.
    pub schedule_state: Option<String>,
    /// The day it is planned for (预计扣费日期), `2019-11-22`.
    pub estimated_deduct_date: Option<String>,
    /// What is planned (预计扣费金额).
    pub estimated_deduct_amount: Option<ContractAmount>,
    /// What was announced (预约扣费金额).
    pub scheduled_amount: Option<ContractAmount>,
    /// The day it was done (实际扣费日期), `2019-11-22`.
    pub deduct_date: Option<String>,
    /// What was deducted (实际扣费金额).
    pub deduct_amount: Option<ContractAmount>,
}

/// An amount of a contract.
///
/// ```
/// use wechatpay_core::notification::payload::ContractAmount;
///
/// let amount: ContractAmount = serde_json::from_str(r#"{"total":1230,"currency":"CNY"}"#)?;
/// assert_eq!((amount.total, amount.currency.as_deref()), (1230, Some("CNY")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContractAmount {
    /// In fen (分).
    pub total: i64,
    /// The currency (货币类型), `CNY`.
    pub currency: Option<String>,
}
