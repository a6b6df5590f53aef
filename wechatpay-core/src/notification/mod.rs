//! Notifications (回调通知): from the bytes of a request to a typed, verified, decrypted event.
//!
//! WeChat Pay sends a notification to the `notify_url` of an order. Anyone can send requests to that URL, so the order
//! of the steps matters, and the types enforce it: [`NotificationReceiver::verify`] returns a [`VerifiedNotification`],
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
//! /// Headers and body as they came in. The JSON extractors of web frameworks change the bytes.
//! async fn notified(receiver: &NotificationReceiver, database: &Database, headers: &HeaderMap, body: &[u8]) -> Acknowledgement {
//!     let notification = match receiver.receive::<Transaction>(headers, body).await {
//!         Ok(notification) => notification,
//!         Err(error) => return error.acknowledgement(),
//!     };
//!     let transaction = &notification.payload;
//!     let Some(order) = database.order(&transaction.out_trade_no).await else {
//!         return Acknowledgement::failed("unknown order");
//!     };
//!     // An authentic notification can be about another order than the shop expects.
//!     let expected = Expected {
//!         mchid: "1900000001",
//!         appid: "wxd678efh567hg6787",
//!         out_trade_no: &transaction.out_trade_no,
//!         total: order.total,
//!         currency: "CNY",
//!     };
//!     if let Err(differences) = transaction.compare(&expected) {
//!         eprintln!("{differences}");
//!         return Acknowledgement::failed("it differs from the order");
//!     }
//!     // Some products also notify of payments that failed.
//!     if !transaction.is_paid() {
//!         return Acknowledgement::accepted();
//!     }
//!     // One transaction writes the notification's id and the order's new state. A known id changes nothing.
//!     match database.paid(&notification.id, &transaction.out_trade_no).await {
//!         Ok(()) => Acknowledgement::accepted(),
//!         Err(()) => Acknowledgement::failed("try again"),
//!     }
//! }
//! ```
//!
//! # The same notification again
//! Expect the same notification more than once: after a response that was late or lost the service sends it again, up to
//! fifteen times in a day, several at once and out of order. The [`id`](Notification::id) stays the same. Write it in the
//! transaction that changes the order, under a unique key. When it is known already, change nothing and respond with
//! [`Acknowledgement::accepted`]. Delivery is not guaranteed: query an order that stays open.
//!
//! # Several kinds at one URL
//! [`Event`] is a payload too: an enum of the common kinds, with a variant that keeps other events.
//!
//! # Several merchants at one URL
//! [`Clients::notifications`](crate::client::Clients::notifications) receives for all of them.
//!
//! # Web frameworks
//! With the features `axum-08` and `actix-web-4` there are extractors that do all this, and respond to what they refuse.

mod acknowledgement;
#[cfg(feature = "actix-web-4")]
mod actix_web_4;
#[cfg(feature = "axum-08")]
mod axum_08;
mod cause;
mod ciphertext;
mod compare;
mod envelope;
mod error;
mod event;
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
mod extractor;
mod merchant;
mod owner;
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
pub use verified::{Decrypted, Notification, Payload, VerifiedNotification};
