//! Ready payloads of the everyday notifications.
//!
//! # Money
//! Amounts are whole fen (分), hundredths of a yuan, as `i64`.
//!
//! # Times
//! Times are the service's own text, RFC 3339 with an offset (`2018-06-08T10:34:56+08:00`, in some products with
//! milliseconds). Any date library reads it: `time::OffsetDateTime::parse(text, &Rfc3339)`,
//! `chrono::DateTime::parse_from_rfc3339(text)`, `text.parse::<jiff::Timestamp>()`.
//!
//! # Values that come later
//! The service adds values to its enumerations without notice. So the enums here are open: the variant `Unlisted` keeps
//! the text of a value that is not listed. [`open_enum!`](crate::open_enum!) declares your own.
//!
//! ```
//! use wechatpay_core::notification::payload::TradeState;
//!
//! let later: TradeState = serde_json::from_str(r#""HELD""#)?;
//! assert_eq!(later, TradeState::Unlisted("HELD".into()));
//! assert_eq!((later.as_str(), serde_json::to_string(&later)?.as_str()), ("HELD", r#""HELD""#));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Fields that come later
//! Unknown fields are ignored, and fields that are not on every such notification are `Option`. A product with further
//! fields (parking, insurance) is read by a struct of your own, which may flatten one of these:
//!
//! ```
//! use serde::Deserialize;
//! use wechatpay_core::notification::payload::Transaction;
//!
//! #[derive(Deserialize)]
//! struct ParkingTransaction {
//!     #[serde(flatten)]
//!     transaction: Transaction,
//!     trade_scene: String,
//! }
//! ```

mod combined;
mod complaint;
mod contract;
mod lenient;
mod profit_sharing;
mod refund;
mod transaction;
mod transfer_bill;

pub use combined::{CombinedTransaction, SubOrder, SubOrderAmount};
pub use complaint::{Complaint, ComplaintAction};
pub use contract::{Contract, ContractAmount, ContractState, ContractTermination, DeductSchedule};
pub use profit_sharing::{ProfitSharing, ProfitSharingReceiver, ReceiverType};
pub use refund::{Refund, RefundAmount, RefundStatus};
pub use transaction::{
    Payer, Promotion, PromotionGoods, PromotionScope, PromotionType, SceneInfo, TradeState, TradeType, Transaction,
    TransactionAmount,
};
pub use transfer_bill::{TransferBill, TransferBillState};
