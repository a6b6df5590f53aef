//! Watching: one event for each attempt and one for each call, for metrics and alerts.
//!
//! Give an [`Observer`] to [`ClientBuilder::observer`](crate::ClientBuilder::observer). It is called in the task that makes the
//! call, so it has to be quick: count, and return. Without an observer nothing is measured.
//!
//! The names of the facts are those of the log events (guide, chapter 5), after the OpenTelemetry conventions for HTTP:
//! [`CallEvent::method`] is `http.request.method`, [`CallEvent::template`] is `url.template`, [`CallEvent::host`] is
//! `server.address`, [`CallEvent::status`] is `http.response.status_code`, [`CallEvent::error_type`] is `error.type`. All of
//! these have few different values, so they can be labels of a metric. The example `metrics` exports them for Prometheus.
//!
//! ```
//! use serde_json::json;
//! use std::sync::{Arc, Mutex};
//! use wechatpay_core::{Method, RetryPolicy, observe::{AttemptEvent, CallEvent, Observer, RetryCause}};
//! use wechatpay_gateway::{Fault, Gateway};
//!
//! #[derive(Default)]
//! struct Lines(Mutex<Vec<String>>);
//!
//! impl Observer for Lines {
//!     fn attempt(&self, event: &AttemptEvent<'_>) {
//!         let status = event.status.map(|status| status.as_u16());
//!         self.0.lock().unwrap().push(format!("{} {} {status:?} {:?}", event.attempt, event.host, event.retry));
//!     }
//!
//!     fn call(&self, event: &CallEvent<'_>) {
//!         let line = format!("{} {} {:?} {:?}", event.method, event.template, event.outcome(), event.code());
//!         self.0.lock().unwrap().push(line);
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::start()?;
//! gateway.on(Method::GET, "/v3/pay/transactions/id/{transaction_id}", |_| json!({ "trade_state": "SUCCESS" }));
//! gateway.misbehave(Fault::CommitThenFail { status: 500 });
//! let lines = Arc::new(Lines::default());
//! let client = gateway.client_builder().observer(Arc::clone(&lines)).build()?;
//!
//! client.request(Method::GET, "/v3/pay/transactions/id/{transaction_id}").path("transaction_id", &"42").send().await?;
//! assert_eq!(*lines.0.lock().unwrap(), [
//!     "1 127.0.0.1 Some(500) Some(ServerError)",
//!     "2 127.0.0.1 Some(200) None",
//!     "GET /v3/pay/transactions/id/{transaction_id} None None",
//! ]);
//! # Ok(()) }
//! ```

use crate::error::{Error, Outcome};
pub use crate::retry::Cause as RetryCause;
use http::{Method, StatusCode};
use std::{sync::Arc, time::Duration};

/// Is told of each attempt and of each call of a client, and of its clones.
///
/// Both methods do nothing unless they are implemented. See the [module](self) for an example.
pub trait Observer: Send + Sync {
    /// An attempt is over: one request, with its response or without.
    fn attempt(&self, event: &AttemptEvent<'_>) {
        let _ = event;
    }

    /// A call is over, with all its attempts and the waits between them. A call that was dropped has no event.
    fn call(&self, event: &CallEvent<'_>) {
        let _ = event;
    }
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        O::attempt(self, event);
    }

    fn call(&self, event: &CallEvent<'_>) {
        O::call(self, event);
    }
}

/// One attempt that is over.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    /// The HTTP method.
    pub method: &'a Method,
    /// The path template, without the values in it: `/v3/pay/transactions/out-trade-no/{out_trade_no}`.
    pub template: &'a str,
    /// The merchant number (商户号), or the brand's id.
    pub mchid: &'a str,
    /// The host, without the port.
    pub host: &'a str,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The status, if there was a response.
    pub status: Option<StatusCode>,
    /// What the failure of this attempt alone proves; nothing after a success.
    pub outcome: Option<Outcome>,
    /// Why it failed; nothing after a success.
    pub error: Option<&'a Error>,
    /// Why another attempt follows, if one does.
    pub retry: Option<RetryCause>,
    /// From signing to the last byte of the response, or to the first of a download.
    pub elapsed: Duration,
    /// Bytes of the body that were handed to the transport. 0 when nothing was sent.
    pub bytes_sent: u64,
    /// Bytes of the body that came back and were read. 0 for a download, which is read later.
    pub bytes_received: u64,
}

impl AttemptEvent<'_> {
    /// The error code of the response: `NOT_ENOUGH`.
    ///
    /// ```
    /// use wechatpay_core::observe::AttemptEvent;
    ///
    /// fn is_throttled(event: &AttemptEvent<'_>) -> bool {
    ///     event.status.is_some_and(|status| status == 429) || event.code() == Some("RATELIMIT_EXCEEDED")
    /// }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error.and_then(Error::code)
    }
}

/// One call that is over.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallEvent<'a> {
    /// The HTTP method.
    pub method: &'a Method,
    /// The path template, without the values in it.
    pub template: &'a str,
    /// The merchant number (商户号), or the brand's id.
    pub mchid: &'a str,
    /// The host of the last attempt, without the port; nothing when there was no attempt.
    pub host: Option<&'a str>,
    /// The status of the last attempt, if there was a response.
    pub status: Option<StatusCode>,
    /// Why it failed; nothing after a success.
    pub error: Option<&'a Error>,
    /// How many attempts there were. 0 when the request was refused locally.
    pub attempts: u32,
    /// With all attempts and the waits between them.
    pub elapsed: Duration,
    /// Bytes of all bodies that were handed to the transport.
    pub bytes_sent: u64,
    /// Bytes of all bodies that came back and were read. 0 for a download, which is read later.
    pub bytes_received: u64,
}

impl CallEvent<'_> {
    /// What the error proves; nothing after a success.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.error.map(Error::outcome)
    }

    /// The error code of the response: `NOT_ENOUGH`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error.and_then(Error::code)
    }

    /// What OpenTelemetry calls `error.type`: the kind of the error, in one word. Nothing after a success.
    ///
    /// ```
    /// use std::sync::mpsc::{Sender, channel};
    /// use wechatpay_core::{Method, observe::{CallEvent, Observer}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// struct Alert(Sender<String>);
    ///
    /// impl Observer for Alert {
    ///     fn call(&self, event: &CallEvent<'_>) {
    ///         if let Some(kind) = event.error_type() {
    ///             let _ = self.0.send(format!("{kind} on {:?} after {} attempts", event.host, event.attempts));
    ///         }
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (sender, alerts) = channel();
    /// let client = Gateway::start()?.client_builder().observer(Alert(sender)).build()?;
    /// assert!(client.request(Method::GET, "no path").send().await.is_err());
    /// assert_eq!(alerts.recv()?, "Request on None after 0 attempts");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn error_type(&self) -> Option<&'static str> {
        self.error.map(|error| error.kind().name())
    }
}
