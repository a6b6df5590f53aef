//! Errors that say what they prove.

use crate::{
    request::{
        decode::{json::JsonError, verified_body::VerifiedBody},
        prepare::PrepareError,
    },
    support::one_line::OneLine,
};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, fmt};

/// What an error proves about the operation. Money moves, so this is the first thing to ask of one.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, Outcome};
/// use wechatpay_gateway::{Fault, Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| GatewayResponse::error(403, "NOT_ENOUGH", "余额不足"));
/// let client = gateway.client()?;
/// let refund = json!({ "out_refund_no": "R-1" });
/// let ask = || client.request(Method::POST, "/v3/refund/domestic/refunds").json(&refund).send();
///
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::Rejected);
/// // The refund may have been made before the connection broke.
/// gateway.misbehave(Fault::Reset { committed: true });
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::Unknown);
/// gateway.host().go_down();
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::NotSent);
/// let wrong = client.request(Method::POST, "no path").send().await.unwrap_err();
/// assert_eq!(wrong.outcome(), Outcome::Local);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Refused before anything was sent: a bad field, a bad path, a missing key. Nothing happened.
    Local,
    /// Proved not to have reached the server: DNS, connect, TLS. Nothing happened.
    NotSent,
    /// May have been executed. Query by the business number (商户单号) before trying again, and try again only with
    /// the same number and the same parameters.
    Unknown,
    /// The server said no, and the answer was authentic. Nothing happened.
    Rejected,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "not sent",
            Self::NotSent => "did not reach the server",
            Self::Unknown => "outcome unknown",
            Self::Rejected => "rejected",
        })
    }
}

/// What went wrong, in one word.
///
/// ```
/// use wechatpay_core::{ErrorKind, Method};
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| ()).misbehave(Fault::WrongKey);
/// let refund = gateway.client()?.request(Method::POST, "/v3/refund/domestic/refunds").send().await;
/// let reaction = match refund.unwrap_err().kind() {
///     ErrorKind::Unverified => "somebody else answers",
///     ErrorKind::Service => "the service says no",
///     _ => "look at the log",
/// };
/// assert_eq!(reaction, "somebody else answers");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's configuration.
    Configuration,
    /// A value of the request.
    Request,
    /// No key for what was to be done.
    Key,
    /// The signer failed.
    Signing,
    /// The clock or the random source failed.
    System,
    /// No connection: DNS, refused, TLS.
    Connect,
    /// The connection broke after the request had begun to leave.
    Interrupted,
    /// The time for the attempt or for the call was up.
    Timeout,
    /// The answer is larger than allowed.
    TooLarge,
    /// The answer's signature is missing or wrong: it did not come from WeChat Pay as it stands.
    Unverified,
    /// The answer is authentic but cannot be decoded into the response type.
    Undecodable,
    /// The answer is authentic but speaks of another order than the request.
    Mismatched,
    /// The server accepted the request and has no result yet (status 202).
    NotFinal,
    /// The server answered with an error.
    Service,
}

/// An operation failed.
///
/// It carries what support asks for (status, code, message, detail, Request-ID, the path template) and what a program
/// decides by: the [`outcome`](Self::outcome). It never carries a plaintext, a key, an Authorization header, or a URL
/// with its parameters.
///
/// ```
/// use wechatpay_core::{Error, Outcome};
///
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::Local => "mend the request",
///         Outcome::NotSent => "try again",
///         Outcome::Unknown => "query the order, then try again with the same number",
///         Outcome::Rejected => "tell the user",
///     }
/// }
/// ```
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{ErrorKind, Method};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/pay/transactions/jsapi", |_| {
///     let detail = json!({ "field": "/amount/total", "issue": "too small" });
///     GatewayResponse::json(400, &json!({ "code": "PARAM_ERROR", "message": "参数错误", "detail": detail }))
/// });
/// let error = gateway.client()?.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// assert_eq!((error.kind(), error.attempts()), (ErrorKind::Service, 1));
/// // It is WeChat Pay that says so, and this is what it says.
/// assert!(error.is_authenticated());
/// assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
/// assert_eq!((error.code(), error.message()), (Some("PARAM_ERROR"), Some("参数错误")));
/// assert_eq!(error.detail().map(|detail| &detail["issue"]), Some(&json!("too small")));
/// assert!(error.request_id().is_some());
/// assert_eq!(error.operation(), Some((&Method::POST, "/v3/pay/transactions/jsapi")));
/// assert_eq!((error.field(), error.hint()), (None, None));
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) outcome: Option<Outcome>,
    pub(crate) kind: Option<ErrorKind>,
    /// What happened, as a sentence without a full stop.
    pub(crate) reason: Cow<'static, str>,
    pub(crate) operation: Option<(Method, Cow<'static, str>)>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) detail: Option<serde_json::Value>,
    pub(crate) request_id: Option<String>,
    pub(crate) authenticated: bool,
    pub(crate) field: Option<String>,
    pub(crate) hint: Option<&'static str>,
    pub(crate) attempts: u32,
    /// Every host that an attempt went to, in order.
    pub(crate) hosts_tried: Vec<String>,
    /// The body of an authentic response. Neither `Display` nor `Debug` shows it.
    pub(crate) body: Option<VerifiedBody>,
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(outcome: Outcome, kind: ErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            outcome: Some(outcome),
            kind: Some(kind),
            reason: reason.into(),
            ..Inner::default()
        }))
    }

    pub(crate) fn local(kind: ErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Local, kind, reason)
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(&mut self.0);
        self
    }

    /// What the error proves about the operation.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        // Nothing is safer to assume than that something may have happened.
        self.0.outcome.unwrap_or(Outcome::Unknown)
    }

    /// What went wrong, in one word.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Interrupted)
    }

    /// The HTTP status, when there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's error code (错误码), `PARAM_ERROR` say.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's own description of the error.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The service's further details; their shape differs from operation to operation.
    #[must_use]
    pub fn detail(&self) -> Option<&serde_json::Value> {
        self.0.detail.as_ref()
    }

    /// The `Request-ID` of the answer: the first thing that WeChat Pay's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the answer was signed by WeChat Pay and the signature verified. An error of which this is `false` may
    /// come from any machine on the way.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.0.authenticated
    }

    /// Method and path template of the operation: `POST` and `/v3/pay/transactions/jsapi`.
    #[must_use]
    pub fn operation(&self) -> Option<(&Method, &str)> {
        self.0.operation.as_ref().map(|(method, path)| (method, &**path))
    }

    /// The field that the error is about, as a path such as `receivers[2].name`: of the request when it was refused
    /// locally, of the answer when that could not be decoded.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What usually causes this, where there is a usual cause.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.0.hint
    }

    /// How many times the request was sent, or tried to be sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The body of the response, byte for byte, if WeChat Pay signed it: of an error, of a 202, of a response that is
    /// about another order or that does not fit the response type. `None` when there was no response, no body, or no
    /// valid signature.
    ///
    /// It may hold personal data. `Display` and `Debug` of the error never show it.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let body = json!({ "code": "PARAM_ERROR", "message": "参数错误", "trace_id": "t-1" });
    /// gateway.on(Method::GET, "/v3/certificates", move |_| GatewayResponse::json(400, &body));
    /// let error = gateway.client()?.request(Method::GET, "/v3/certificates").send().await.unwrap_err();
    /// let body = error.verified_body().expect("the gateway signs its errors");
    /// assert!(body.ends_with(br#""trace_id":"t-1"}"#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn verified_body(&self) -> Option<&Bytes> {
        self.0.body.as_ref().map(VerifiedBody::bytes)
    }

    /// Decodes the [verified body](Self::verified_body): as a `serde_json::Value`, or as a type of your own.
    /// [`Sensitive`](crate::Sensitive) values in it are decrypted.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use serde_json::{Value, json};
    /// use wechatpay_core::{ErrorKind, Method, RetryPolicy};
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #[derive(Deserialize)]
    /// struct Order {
    ///     trade_state: String,
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// // 付款码支付: the payer is typing the password.
    /// gateway.on(Method::POST, "/v3/pay/transactions/codepay", |_| {
    ///     GatewayResponse::json(202, &json!({ "trade_state": "USERPAYING" }))
    /// });
    /// let client = gateway.client_builder().retry(RetryPolicy::never()).build()?;
    /// let error = client.request(Method::POST, "/v3/pay/transactions/codepay").send().await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotFinal);
    /// assert_eq!(error.decode_body::<Order>()?.trade_state, "USERPAYING");
    /// assert_eq!(error.decode_body::<Value>()?["trade_state"], "USERPAYING");
    /// assert!(!format!("{error} {error:?}").contains("USERPAYING"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Undecodable`] when there is no verified body, or when it does not fit the type. It names the field,
    /// and never its value.
    pub fn decode_body<T: DeserializeOwned>(&self) -> Result<T, Self> {
        let undecodable = |reason: String, field: Option<String>| {
            Self::new(self.outcome(), ErrorKind::Undecodable, reason).with(|inner| {
                inner.operation.clone_from(&self.0.operation);
                inner.status = self.0.status;
                inner.request_id.clone_from(&self.0.request_id);
                inner.authenticated = self.0.authenticated;
                inner.attempts = self.0.attempts;
                inner.field = field;
            })
        };
        let Some(body) = &self.0.body else {
            return Err(undecodable("there is no verified body to decode".to_owned(), None));
        };
        body.decode().map_err(|JsonError { path, reason }| {
            let place = if path.is_empty() {
                String::new()
            } else {
                format!(" at `{path}`")
            };
            let field = Some(path).filter(|path| !path.is_empty());
            undecodable(format!("the body cannot be decoded{place}: {reason}"), field)
        })
    }
}

impl From<PrepareError> for Error {
    fn from(error: PrepareError) -> Self {
        let field = Some(error.field().to_owned()).filter(|field| !field.is_empty());
        Self::local(ErrorKind::Request, error.to_string()).with(|inner| inner.field = field)
    }
}

/// One line: operation, what it proves, what happened, and what to do.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some((method, path)) = &inner.operation {
            write!(f, "{method} {}: ", OneLine(path))?;
        }
        // A configuration is never sent, so there it would say nothing.
        if inner.operation.is_some() {
            write!(f, "{}: ", self.outcome())?;
        }
        OneLine(&inner.reason).fmt(f)?;
        if let Some(status) = inner.status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = &inner.code {
                write!(f, ", {}", code.escape_debug())?;
            }
            f.write_str(")")?;
        }
        if let Some(message) = &inner.message {
            write!(f, ": {}", message.escape_debug())?;
        }
        if let Some(request_id) = &inner.request_id {
            write!(f, "; Request-ID {}", request_id.escape_debug())?;
        }
        // The reason names the last one.
        if inner.hosts_tried.len() > 1 {
            write!(f, "; hosts tried: {}", OneLine(&inner.hosts_tried.join(", ")))?;
        }
        if inner.status.is_some() && !inner.authenticated {
            f.write_str("; the answer is not authenticated")?;
        }
        if self.outcome() == Outcome::Unknown && inner.operation.as_ref().is_some_and(|(m, _)| *m != Method::GET) {
            f.write_str("; it may have been executed: query before trying again")?;
        }
        if let Some(hint) = inner.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

/// The fields that [`fmt::Display`] shows, by name.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut debug = f.debug_struct("Error");
        debug
            .field("outcome", &self.outcome())
            .field("kind", &self.kind())
            .field("reason", &inner.reason);
        if let Some((method, path)) = &inner.operation {
            debug.field("operation", &format_args!("{method} {}", OneLine(path)));
        }
        if let Some(status) = inner.status {
            debug
                .field("status", &status.as_u16())
                .field("authenticated", &inner.authenticated);
        }
        for (name, value) in [
            ("code", &inner.code),
            ("message", &inner.message),
            ("request_id", &inner.request_id),
            ("field", &inner.field),
        ] {
            if let Some(value) = value {
                debug.field(name, value);
            }
        }
        if let Some(detail) = &inner.detail {
            debug.field("detail", detail);
        }
        if let Some(hint) = inner.hint {
            debug.field("hint", &hint);
        }
        debug.field("attempts", &inner.attempts);
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
