//! Notifications (回调通知): from the bytes of a request to a typed, verified, decrypted event.
//!
//! WeChat Pay POSTs a notification to the `notify_url` of an order. Anybody can POST there, so the order of the steps is
//! what matters, and here it is a matter of types: [`NotificationReceiver::verify`] gives a [`VerifiedNotification`],
//! and only that can be [decrypted](VerifiedNotification::decrypt).
//!
//! ```
//! use wechatpay_core::{
//!     HeaderMap,
//!     notification::{Acknowledgement, Expected, NotificationReceiver, payload::Transaction},
//! };
//!
//! # struct Order { total: i64 }
//! # struct Database;
//! # impl Database {
//! #     async fn order(&self, out_trade_no: &str) -> Option<Order> { None }
//! #     async fn paid(&self, notification_id: &str, out_trade_no: &str) -> Result<(), ()> { Ok(()) }
//! # }
//! /// Headers and body as they came in. The web frameworks' own JSON extractors would change the bytes.
//! async fn notified(receiver: &NotificationReceiver, database: &Database, headers: &HeaderMap, body: &[u8]) -> Acknowledgement {
//!     let notification = match receiver.receive::<Transaction>(headers, body).await {
//!         Ok(notification) => notification,
//!         Err(error) => return error.acknowledgement(),
//!     };
//!     let transaction = &notification.payload;
//!     let Some(order) = database.order(&transaction.out_trade_no).await else {
//!         return Acknowledgement::failed("unknown order");
//!     };
//!     // An authentic notification can still be one for another order than the shop thinks.
//!     let expected = Expected {
//!         mchid: "1900000001",
//!         appid: "wxd678efh567hg6787",
//!         out_trade_no: &transaction.out_trade_no,
//!         total: order.total,
//!         currency: "CNY",
//!     };
//!     if let Err(differences) = transaction.compare(&expected) {
//!         eprintln!("{differences}");
//!         return Acknowledgement::failed("it does not fit the order");
//!     }
//!     // Some products tell of payments that failed, too.
//!     if !transaction.is_paid() {
//!         return Acknowledgement::accepted();
//!     }
//!     // One transaction writes the notification's id and the order's new state; an id that is there changes nothing.
//!     match database.paid(&notification.id, &transaction.out_trade_no).await {
//!         Ok(()) => Acknowledgement::accepted(),
//!         Err(()) => Acknowledgement::failed("try again"),
//!     }
//! }
//! ```
//!
//! # The same notification again
//! Repeats are certain: after an answer that was late or lost the same notification comes again, up to fifteen times in
//! a day, several at once and out of order. All of them have the same [`id`](Notification::id). Write it down in the
//! transaction that changes the order, under a unique key; when it is there already, change nothing and answer
//! [`Acknowledgement::accepted`]. Delivery on the other hand is not certain: an order that stays open is to be queried.
//!
//! # Several kinds at one address
//! [`Event`] is a payload too: an enum over the everyday kinds, with a variant that keeps whatever else comes.
//!
//! # Web frameworks
//! With the features `axum-08` and `actix-web-4` there are extractors that do all this, and answer what is refused.

mod acknowledgement;
#[cfg(feature = "actix-web-4")]
mod actix_web_4;
#[cfg(feature = "axum-08")]
mod axum_08;
mod cause;
mod compare;
mod envelope;
mod error;
mod event;
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
mod extractor;
mod merchant;
pub mod payload;
mod receiver;
mod verified;

pub use acknowledgement::Acknowledgement;
pub use compare::{Difference, Differences, Expected, ExpectedRefund, ExpectedTransfer};
pub use error::NotificationError;
pub use event::{Event, OtherEvent};
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
pub use extractor::WechatpayNotification;
pub use receiver::NotificationReceiver;
pub use verified::{Notification, Opened, Payload, VerifiedNotification};
