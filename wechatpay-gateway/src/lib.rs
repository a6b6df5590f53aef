//! WeChat Pay API v3 (微信支付 APIv3) on your own machine, for tests: a server in the same process, with real HTTP on a
//! loopback port. Add it to `[dev-dependencies]`.
//!
//! The gateway checks requests as the real service does. It verifies the signature over the raw bytes, refuses stale
//! timestamps and reused nonces with the errors of the service, decrypts sensitive fields (敏感信息) with the key that
//! `Wechatpay-Serial` names, and signs its responses. The test registers a handler for each path. Afterwards it can
//! inspect every request that the gateway received.
//!
//! ```
//! use serde_json::{Value, json};
//! use wechatpay_core::Method;
//! use wechatpay_gateway::Gateway;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::start()?;
//! gateway.on(Method::POST, "/v3/pay/transactions/jsapi", |request| {
//!     assert_eq!(request.json()["amount"]["total"], 100);
//!     json!({ "prepay_id": "wx201410272009395522657a690389285100" })
//! });
//!
//! let client = gateway.client()?;
//! let order = json!({ "out_trade_no": "A-1", "amount": { "total": 100 } });
//! let response: Value = client.request(Method::POST, "/v3/pay/transactions/jsapi").json(&order).send().await?.into_inner();
//! assert_eq!(response["prepay_id"], "wx201410272009395522657a690389285100");
//! assert_eq!(gateway.requests().len(), 1);
//! # Ok(()) }
//! ```
//!
//! Unauthenticated requests get unsigned responses: every 401 is unsigned, as from the real service.
//!
//! To test how a program handles failures, make the gateway [misbehave](Gateway::misbehave), on the level of the
//! protocol or of the socket. Its [ledger](Gateway::ledger) lists the orders that were executed. It also [sends
//! notifications](Gateway::notification), genuine and forged. The module [`generate`] generates keys and certificates.
//!
//! The gateway uses the crypto backend `rsa` and clients use `aws-lc-rs` by default, so each backend checks the other.
//! If the client is built with `rsa` alone, both sides use the same backend.
//!
//! # Limits
//!
//! The gateway is a server for tests. Its keys are published in this crate. It listens on the loopback interface only.
//! Handlers run in its single thread, so a handler that blocks delays every other request.

mod builder;
mod changes;
mod client;
#[cfg(feature = "program")]
mod console;
#[cfg(feature = "program")]
mod control;
mod described;
mod fault;
mod gateway;
pub mod generate;
mod keys;
mod ledger;
mod lock;
mod notification;
mod random;
mod request;
mod response;
mod server;
mod service;
mod simulator;

pub use builder::GatewayBuilder;
pub use changes::{Changed, Changes};
pub use fault::{Fault, flood::Framing};
pub use gateway::Gateway;
pub use keys::PlatformMode;
pub use ledger::{Ledger, LedgerRow};
pub use notification::{Notification, SignedNotification, response::NotificationResponse};
pub use request::{ReceivedRequest, multipart::Part, refusal::Refusal};
pub use response::GatewayResponse;
pub use server::host::GatewayHost;
pub use simulator::{error::StateError, model};

// The programs of the two READMEs run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.zh-CN.md")]
struct Readme;
