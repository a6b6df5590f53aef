//! The same calls without async (feature `blocking`).
//!
//! Everything that the async client offers is here under the same name, and returns its result at once:
//!
//! ```
//! use serde_json::json;
//! use std::time::Duration;
//! use wechatpay_core::{Download, Method, bill::AskTradeBill, blocking::Client};
//! use wechatpay_gateway::{Gateway, GatewayResponse};
//!
//! let gateway = Gateway::start()?;
//! gateway
//!     .on(Method::GET, "/v3/bill/tradebill", |_| json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" }))
//!     .on(Method::GET, "/v3/billdownload/file", |_| GatewayResponse::bytes("text/plain", "bill"));
//!
//! let client = Client::new(gateway.client()?)?;
//! assert_eq!((client.mchid(), client.serial_no()), (gateway.mchid(), gateway.serial_no()));
//! assert_eq!(client.as_async().mchid(), gateway.mchid());
//!
//! // A declared operation: by its own `send`, or by `call` with options and the whole response.
//! let ask = AskTradeBill::on("2026-11-20");
//! assert_eq!(ask.send(&client)?.hash_type, "SHA1");
//! let response = client.call(&ask).deadline(Duration::from_secs(5)).send()?;
//! assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
//!
//! // An operation by its path. A download is a stream: `wait` drives its async methods.
//! let download = client.request(Method::GET, "/v3/billdownload/file").response::<Download>().send()?.into_inner();
//! assert_eq!(client.wait(download.bytes())?, "bill");
//!
//! // A notification, verified and then decrypted.
//! let posted = gateway.notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" })).sign()?;
//! let verified = client.notifications().verify(posted.headers(), posted.body())?;
//! assert_eq!(verified.decrypt::<serde_json::Value>()?.payload["out_trade_no"], "A-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where it may be called
//!
//! On any thread that may block: `main` of a synchronous program, a thread pool, and inside
//! `tokio::task::spawn_blocking`. On a thread that runs async tasks a call is an error, because it would stop the other
//! tasks of that thread: use the async client there.

mod client;
mod notification;
mod runtime;

pub use client::Client;
pub use notification::NotificationReceiver;
