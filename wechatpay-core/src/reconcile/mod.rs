//! Reconciling (对账): the day's trade bill (交易账单) against the shop's own payments and refunds.
//!
//! Both sides come as streams, and each entry is dropped as soon as its counterpart has come. So memory holds what has no
//! counterpart yet: little when both streams are in about the same order, such as by time of payment, and one short entry for
//! each number when they are in opposite order. Neither side has to be sorted, and the database is read once.
//!
//! ```
//! use wechatpay_core::bill::BillReader;
//! use wechatpay_core::reconcile::{Difference, Join, Kind, Own, Standing};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let text = "交易时间,商户号,特约商户号,商户订单号,交易状态,商户退款单号,退款状态,订单金额,申请退款金额\n\
//!     `2026-11-20 09:00:00,`1900000001,`0,`A-1,`SUCCESS,`0,`,`12.30,`0.00\n\
//!     `2026-11-20 09:01:00,`1900000001,`0,`A-2,`SUCCESS,`0,`,`5.00,`0.00\n\
//!     `2026-11-20 09:02:00,`1900000001,`0,`A-1,`REFUND,`R-1,`SUCCESS,`12.30,`0.30\n";
//! let mut bill = BillReader::from_async_read(text.as_bytes());
//!
//! // What the shop has for that day, in Beijing's time, from a query that is ordered by the time of payment.
//! let own = [Own::payment("A-1", 1230), Own::refund("R-1", 50), Own::payment("A-3", 100)];
//! let report = Join::of(&mut bill, own).await?;
//!
//! assert_eq!((report.bill_rows(), report.own_entries(), report.agreed()), (3, 3, 1));
//! let found: Vec<_> = report.findings().iter().map(|finding| (finding.kind, finding.number.as_str())).collect();
//! assert_eq!(found, [(Kind::Payment, "A-2"), (Kind::Payment, "A-3"), (Kind::Refund, "R-1")]);
//! assert_eq!(report.findings()[2].difference, Difference::OtherAmount { here: 50, there: 30 });
//! assert!(report.to_string().contains("payment A-2 (line 3): the bill has it with 5.00 yuan, the shop does not"));
//! assert!(report.chinese().to_string().contains("支付 A-2（第 3 行）：账单有 5.00 元，商户没有"));
//! # Ok(()) }
//! ```
//!
//! # What is compared
//!
//! | In the bill | Kind | Number | Amount | State |
//! |---|---|---|---|---|
//! | 交易状态 `SUCCESS` | [`Kind::Payment`] | 商户订单号 | 订单金额 | paid |
//! | 交易状态 `REFUND` | [`Kind::Refund`] | 商户退款单号 | 申请退款金额, or 退款金额 in older bills | 退款状态 |
//! | 交易状态 `REVOKED` | [`Kind::Revocation`] | 商户订单号 | 订单金额 | revoked |
//!
//! In the bill of a service provider (服务商) a number is unique for each 特约商户号 only, so it belongs to the key; give it with
//! [`Own::sub_mchid`]. Take the bill of the kind [`All`](crate::bill::TradeBillKind::All), which has payments and refunds.
//!
//! The shop may hand in entries that are still open, or that came to nothing: they agree with a bill that does not have them. A
//! refund that the bill calls `PROCESSING` agrees with every state of the shop, because the bill is older.

mod entry;
mod join;
mod report;

pub use entry::{Kind, Own, Standing};
pub use join::{Join, ReconcileError};
pub use report::{Difference, Finding, Report};
