//! Settling: from a request to what became of it, across faults, restarts and days.
//!
//! A create operation (申请退款, 发起转账, 下单) is over when the service says so in a final state. Until then there are
//! unknown outcomes, crashes, and states that take their time. [`Settle`] carries one business number (商户单号) through all
//! of that. It ends in exactly one of three ways:
//!
//! | Result | Meaning | What the program does |
//! |---|---|---|
//! | [`Settled::Done`] | the query found a final state | save the response |
//! | [`Settled::NothingHappened`] | proved: no request with this number was or will be executed | after `Rejected`, fix the request or close the row; after `Local` or `NotSent`, settle it again later |
//! | [`Settled::Open`] | everything else; [`Open::why`] says why | leave the row open, and settle it again later |
//!
//! ```
//! use serde::Deserialize;
//! use serde_json::json;
//! use wechatpay_core::{Method, notification::payload::RefundStatus, wechatpay_endpoint};
//! use wechatpay_core::settle::{Progress, Settle, Settled, State};
//! use wechatpay_gateway::{Fault, Gateway, GatewayResponse};
//!
//! #[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", response = Refund, idempotent)]
//! pub struct CreateRefund {
//!     pub out_trade_no: String,
//!     pub out_refund_no: String,
//! }
//!
//! #[wechatpay_endpoint(GET, "/v3/refund/domestic/refunds/{out_refund_no}", response = Refund)]
//! pub struct QueryRefund {
//!     pub out_refund_no: String,
//! }
//!
//! #[derive(Debug, Deserialize)]
//! pub struct Refund {
//!     pub status: RefundStatus,
//! }
//!
//! /// Which states are final.
//! impl Progress for Refund {
//!     fn state(&self) -> State {
//!         self.status.state()
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::start()?;
//! gateway.on_order(Method::POST, "/v3/refund/domestic/refunds", "out_refund_no", |_| json!({ "status": "PROCESSING" }));
//! let ledger = gateway.ledger();
//! gateway.on(Method::GET, "/v3/refund/domestic/refunds/{out_refund_no}", move |request| {
//!     match ledger.find(request.path("out_refund_no")) {
//!         Some(_) => GatewayResponse::json(200, &json!({ "status": "SUCCESS" })),
//!         None => GatewayResponse::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
//!     }
//! });
//! let client = gateway.client()?;
//!
//! // The refund is executed, and no attempt gets a response.
//! for _ in 0..3 {
//!     gateway.misbehave_at("/v3/refund/domestic/refunds", Fault::Reset { committed: true });
//! }
//! let create = CreateRefund { out_trade_no: "A-1".into(), out_refund_no: "R-1".into() };
//! let query = QueryRefund { out_refund_no: "R-1".into() };
//! match Settle::new(&client, &create, &query).await {
//!     Settled::Done(refund) => assert_eq!(refund.status, RefundStatus::Success),
//!     Settled::NothingHappened(error) => println!("close the row: {error}"),
//!     Settled::Open(open) => println!("look again in {:?}: {open}", open.look_again),
//! }
//! assert_eq!(gateway.ledger().count("R-1"), 1);
//! # Ok(()) }
//! ```
//!
//! # The rules
//!
//! - A new number is created first. After an unknown outcome, and after a restart ([`Settle::resume`]), it is queried first.
//! - It is created again only if an authentic response to the query proves that it does not exist, only with the same
//!   request, and only if the operation is declared `idempotent`.
//! - A refusal of a later request does not tell what happened to an earlier one. It settles the number only when the earlier
//!   request can no longer be executed; see [`Stage`].
//! - Between two queries of an open state [`Polling`] decides how long to wait. No wait ends after the
//!   [deadline](Settle::deadline).
//!
//! # Without async
//!
//! `blocking::Client::wait` waits for it: `client.wait(async { Ok::<_, Error>(settle.await) })`, with `client.as_async()` as the
//! client that settles.

mod machine;
mod outcome;
mod polling;
mod run;
mod stage;
mod state;

pub use outcome::{Open, Settled, Why};
pub use polling::Polling;
pub use run::Settle;
pub use stage::Stage;
pub use state::{Progress, State};
