//! What stays the same over all attempts of one call.

use crate::{
    context::Context,
    error::{Error, ErrorKind},
    request::{decode::ResponseForm, prepare::Fields},
    support::{language::text, one_line::OneLine},
};
use http::{HeaderMap, Method};
use std::{borrow::Cow, future::Future, sync::Arc, time::Duration};
use tokio::time::Instant;

/// What a call asks for, apart from the values of its request.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// The path template. Errors and logs show it; the path itself may hold secrets.
    pub(crate) template: Cow<'static, str>,
    /// The service recognises a retry by the business number.
    pub(crate) idempotent: bool,
    pub(crate) announce: Announce,
    pub(crate) form: ResponseForm,
    /// The names of the fields at the top of the response type, where it shows them.
    pub(crate) declared_fields: fn() -> &'static [&'static str],
}

/// When a request names the key that it was encrypted with, in `Wechatpay-Serial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announce {
    /// When a value was encrypted, and always in public-key mode.
    WhenUsed,
    /// Always: the caller may have encrypted a value before.
    Always,
}

impl Operation {
    /// Whether the same bytes may be sent again after a fault with an unknown outcome.
    pub(crate) fn is_retryable(&self) -> bool {
        self.idempotent || self.method == Method::GET
    }

    /// Refuses methods that the API does not have. HTTP sends another target for `CONNECT` than the one that is signed,
    /// and a response to `HEAD` has no body to verify.
    pub(crate) fn check_method(&self) -> Result<(), Error> {
        if [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&self.method) {
            return Ok(());
        }
        let method = OneLine(self.method.as_str());
        let reason = text!(
            "the API has no method {method}; write GET, POST, PUT, PATCH or DELETE",
            "API 没有 {method} 方法；请使用 GET、POST、PUT、PATCH 或 DELETE"
        );
        Err(Error::local(ErrorKind::Request, reason))
    }
}

/// Options of a single call.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) deadline: Option<Duration>,
    pub(crate) headers: HeaderMap,
}

/// The values of a request. Object-safe, so that everything behind it is compiled once for all operations.
pub(crate) trait Prepare: Sync {
    fn prepare(&self, fields: &mut Fields);
}

/// One call under way.
pub(crate) struct Execution<'a> {
    pub(crate) context: &'a Arc<Context>,
    pub(crate) operation: Operation,
    pub(crate) deadline: Instant,
    /// How long one attempt may take.
    pub(crate) attempt_timeout: Duration,
}

impl Execution<'_> {
    /// The time that is left before the deadline.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Waits for work that happens before the request is sent.
    pub(crate) async fn within_deadline<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        tokio::time::timeout_at(self.deadline, work).await.map_err(|_| {
            Error::local(
                ErrorKind::Timeout,
                (
                    "the deadline of the call was reached before the request was sent",
                    "调用的期限已到，请求尚未发出",
                ),
            )
        })
    }

    /// Waits until the rate of this operation allows another request, if it has one.
    pub(crate) async fn within_rate(&self) -> Result<(), Error> {
        let Some(limiter) = &self.context.limiter else {
            return Ok(());
        };
        let ready = limiter.ready(&self.operation.method, &self.operation.template);
        self.within_deadline(ready).await
    }

    /// After a 429 all tasks wait before they send this operation again, if it has a rate.
    pub(crate) fn throttled(&self, error: &Error) {
        if let Some(limiter) = &self.context.limiter
            && error.status() == Some(http::StatusCode::TOO_MANY_REQUESTS)
        {
            limiter.throttled(&self.operation.method, &self.operation.template, error.retry_after());
        }
    }

    /// Adds which operation an error is about.
    pub(crate) fn locate(&self, error: Error) -> Error {
        let operation = (self.operation.method.clone(), self.operation.template.clone());
        error.with(|inner| {
            inner.operation.get_or_insert(operation);
        })
    }
}
