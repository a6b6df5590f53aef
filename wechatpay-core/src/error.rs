//! Errors with their outcome, in English and in Chinese.

mod detail;
mod kind;
mod message;
mod outcome;

pub use kind::ErrorKind;
pub use message::Message;
pub use outcome::Outcome;

use crate::{
    error::detail::Detail,
    request::{
        decode::{json::JsonError, verified_body::VerifiedBody},
        prepare::PrepareError,
    },
    support::{
        language::{In, Language, Speak, Text, say, text},
        one_line::OneLine,
    },
};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

/// An operation failed.
///
/// It carries what support asks for (status, code, message, detail, Request-ID, the path template) and what a program
/// decides by: the [`outcome`](Self::outcome). It never shows a plaintext, a key, an Authorization header, or a URL
/// with its parameters.
///
/// `Display` is one line in English with everything that is needed to find the cause; [`chinese`](Self::chinese) is the
/// same line in Chinese. Both name all causes, so [`source`](std::error::Error::source) is empty and a printed error
/// chain contains each message once. The wrapped error itself is the [`cause`](Self::cause).
///
/// ```
/// use wechatpay_core::{Error, Outcome};
///
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::Local => "fix the request",
///         Outcome::NotSent => "retry",
///         Outcome::Unknown => "query the order, then retry with the same number",
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
///     let detail = json!({ "field": "/amount/total", "value": "0", "issue": "too small" });
///     GatewayResponse::json(400, &json!({ "code": "PARAM_ERROR", "message": "参数错误", "detail": detail }))
/// });
/// let error = gateway.client()?.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// assert_eq!((error.kind(), error.attempts()), (ErrorKind::Service, 1));
/// // The error is from WeChat Pay, with its code and message.
/// assert!(error.is_authenticated());
/// assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
/// assert_eq!((error.code(), error.message()), (Some("PARAM_ERROR"), Some("参数错误")));
/// assert_eq!(error.detail().map(|detail| &detail["issue"]), Some(&json!("too small")));
/// assert!(error.request_id().is_some());
/// assert_eq!(error.operation(), Some((&Method::POST, "/v3/pay/transactions/jsapi")));
/// assert_eq!((error.field(), error.host()), (None, Some("127.0.0.1")));
/// assert!(error.hint().is_some());
/// // One line for the log: field and issue are shown, the value is not.
/// assert!(error.to_string().contains("参数错误 [/amount/total: too small]"));
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) outcome: Option<Outcome>,
    pub(crate) kind: Option<ErrorKind>,
    /// What happened, as a sentence without a full stop.
    pub(crate) reason: Text,
    pub(crate) operation: Option<(Method, Cow<'static, str>)>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) detail: Option<serde_json::Value>,
    pub(crate) request_id: Option<String>,
    pub(crate) authenticated: bool,
    pub(crate) field: Option<String>,
    pub(crate) hint: Option<Message>,
    pub(crate) attempts: u32,
    pub(crate) retry_after: Option<Duration>,
    /// The host of the last attempt.
    pub(crate) host: Option<String>,
    /// Its message is a part of the reason.
    pub(crate) cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// Every host that an attempt went to, in order.
    pub(crate) hosts_tried: Vec<String>,
    /// The body of an authentic response. Neither `Display` nor `Debug` shows it.
    pub(crate) body: Option<VerifiedBody>,
}

impl Error {
    pub(crate) fn new(outcome: Outcome, kind: ErrorKind, reason: impl Into<Text>) -> Self {
        Self(Box::new(Inner {
            outcome: Some(outcome),
            kind: Some(kind),
            reason: reason.into(),
            ..Inner::default()
        }))
    }

    pub(crate) fn local(kind: ErrorKind, reason: impl Into<Text>) -> Self {
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

    /// The HTTP status, when there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's error code (错误码), for example `PARAM_ERROR`. The common ones are constants of
    /// [`error_codes`](crate::error_codes).
    ///
    /// ```
    /// use wechatpay_core::{Error, error_codes};
    ///
    /// fn out_of_money(error: &Error) -> bool {
    ///     matches!(error.code(), Some(error_codes::NOT_ENOUGH | error_codes::NOTENOUGH))
    /// }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's own description of the error.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The service's further details; their shape differs from operation to operation. `Display` and `Debug` show its
    /// `field`, `issue` and `location`; its `value` is what the request gave and belongs in no log.
    #[must_use]
    pub fn detail(&self) -> Option<&serde_json::Value> {
        self.0.detail.as_ref()
    }

    /// The `Request-ID` of the response: the first thing that WeChat Pay's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the response was signed by WeChat Pay and the signature verified. Where this is `false`, the error may
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
    /// locally, of the response when that could not be decoded.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What usually causes this and what to do about it, where there is a usual cause.
    #[must_use]
    pub fn hint(&self) -> Option<&Message> {
        self.0.hint.as_ref()
    }

    /// How long the server asks to wait before the next request, by its header `Retry-After`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::{Method, RetryPolicy};
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/v3/merchant/fund/balance/BASIC", |_| {
    ///     GatewayResponse::error(429, "FREQUENCY_LIMITED", "频率限制").header("Retry-After", "7")
    /// });
    /// let client = gateway.client_builder().retry(RetryPolicy::never()).build()?;
    /// let error = client.request(Method::GET, "/v3/merchant/fund/balance/BASIC").send().await.unwrap_err();
    /// assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The host that the last attempt went to, without a port.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// The error of the transport, the signer or the operating system behind this one, to look at by its type. Its
    /// message is already a part of this error's.
    ///
    /// ```
    /// use wechatpay_core::{Error, signer::SignError};
    ///
    /// fn signer_failed(error: &Error) -> bool {
    ///     error.cause().is_some_and(|cause| cause.is::<SignError>())
    /// }
    /// ```
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    /// The line that [`Display`](fmt::Display) writes, in Chinese.
    ///
    /// ```
    /// use wechatpay_core::Client;
    ///
    /// let error = Client::builder().build().unwrap_err();
    /// assert!(error.to_string().contains("call `merchant(mchid, serial_no, key)`"));
    /// assert!(error.chinese().to_string().contains("请调用 `merchant(mchid, serial_no, key)`"));
    /// ```
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }

    /// Adds the cause of this error. Its message and those of its causes continue the reason.
    pub(crate) fn because(self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let error = error.into();
        let why = full_text(&*error);
        self.with(|inner| {
            inner.reason = Text::new(
                format!("{}: {why}", inner.reason.get(Language::English)),
                format!("{}：{why}", inner.reason.get(Language::Chinese)),
            );
            inner.cause = Some(Arc::from(error));
        })
    }

    /// What happened, without the operation and what it proves.
    pub(crate) fn reason(&self, language: Language) -> &str {
        self.0.reason.get(language)
    }

    /// `detail`, as far as it may be shown.
    pub(crate) fn shown_detail(&self) -> Option<impl fmt::Display + '_> {
        self.0.detail.as_ref().map(Detail).filter(|detail| !detail.is_empty())
    }

    /// How many times the request was sent, or tried to be sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// As [`decode_body`](Self::decode_body) shows, the body of the response, byte for byte, if WeChat Pay signed it:
    /// of an error, of a 202, of a response that is about another order or that does not fit the response type. `None`
    /// when there was no response, no body, or no valid signature.
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
    /// assert!(error.verified_body().is_some_and(|body| !body.is_empty()));
    /// assert_eq!(error.decode_body::<Order>()?.trade_state, "USERPAYING");
    /// assert_eq!(error.decode_body::<Value>()?["trade_state"], "USERPAYING");
    /// assert!(error.verified_body().is_some());
    /// assert!(!format!("{error} {error:?}").contains("USERPAYING"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Undecodable`] when there is no verified body, or when it does not fit the type. It names the field,
    /// and never its value.
    pub fn decode_body<T: DeserializeOwned>(&self) -> Result<T, Self> {
        let undecodable = |reason: Text, field: Option<String>| {
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
            return Err(undecodable(
                Text::from(("there is no verified body to decode", "没有已验签的应答可供解析")),
                None,
            ));
        };
        body.decode().map_err(|JsonError { path, reason }| {
            let (reason, chinese) = (reason.get(Language::English), reason.get(Language::Chinese));
            let text = if path.is_empty() {
                text!("the body cannot be decoded: {reason}", "应答无法解析：{chinese}")
            } else {
                text!(
                    "the body cannot be decoded at `{path}`: {reason}",
                    "应答的 `{path}` 无法解析：{chinese}"
                )
            };
            undecodable(text, Some(path).filter(|path| !path.is_empty()))
        })
    }
}

/// The message of an error and those of its causes, each once, up to 200 characters: a part of it may come from
/// outside.
fn full_text(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !said.contains(&message) {
            said = format!("{said}: {message}");
        }
        cause = error.source();
    }
    said.chars().take(LONGEST_CAUSE).collect()
}

const LONGEST_CAUSE: usize = 200;

impl From<PrepareError> for Error {
    fn from(error: PrepareError) -> Self {
        let field = Some(error.field().to_owned()).filter(|field| !field.is_empty());
        Self::local(ErrorKind::Request, Text::of(&error)).with(|inner| inner.field = field)
    }
}

impl Speak for Error {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let inner = &self.0;
        let (colon, semicolon) = match language {
            Language::English => (": ", "; "),
            Language::Chinese => ("：", "；"),
        };
        // A configuration error is never about a request, so it has no outcome.
        if let Some((method, path)) = &inner.operation {
            let (path, outcome) = (OneLine(path), self.outcome());
            write!(f, "{method} {path}{colon}{}{colon}", In(language, &outcome))?;
        }
        write!(f, "{}", OneLine(inner.reason.get(language)))?;
        if let Some(status) = inner.status.map(|status| status.as_u16()) {
            match inner.code.as_deref().map(OneLine) {
                Some(code) => say!(f, language, " (status {status}, {code})", "（状态码 {status}，{code}）")?,
                None => say!(f, language, " (status {status})", "（状态码 {status}）")?,
            }
        }
        if let Some(message) = inner.message.as_deref().map(OneLine) {
            write!(f, "{colon}{message}")?;
        }
        if let Some(detail) = self.shown_detail() {
            write!(f, " [{detail}]")?;
        }
        if let Some(request_id) = inner.request_id.as_deref().map(OneLine) {
            write!(f, "{semicolon}Request-ID {request_id}")?;
        }
        // The reason names the last one.
        if inner.hosts_tried.len() > 1 {
            let hosts = inner.hosts_tried.join(", ");
            let hosts = OneLine(&hosts);
            say!(f, language, "; hosts tried: {hosts}", "；已尝试的域名：{hosts}")?;
        }
        if inner.status.is_some() && !inner.authenticated {
            say!(f, language, "; the response is not authenticated", "；应答未通过验签")?;
        }
        if self.outcome() == Outcome::Unknown && inner.operation.as_ref().is_some_and(|(m, _)| *m != Method::GET) {
            say!(
                f,
                language,
                "; it may have been executed: query before you retry",
                "；请求可能已经执行：重试之前先查询"
            )?;
        }
        if let Some(hint) = &inner.hint {
            let hint = In(language, hint).to_string();
            let hint = OneLine(&hint);
            say!(f, language, "; hint: {hint}", "；提示：{hint}")?;
        }
        Ok(())
    }
}

/// One line: operation, what it proves, what happened, and what to do.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
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
            .field("reason", &self.reason(Language::English));
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
            ("host", &inner.host),
        ] {
            if let Some(value) = value {
                debug.field(name, value);
            }
        }
        if let Some(detail) = &inner.detail {
            debug.field("detail", &Detail(detail));
        }
        if let Some(hint) = &inner.hint {
            debug.field("hint", &hint.english());
        }
        debug.field("attempts", &inner.attempts);
        if let Some(wait) = &inner.retry_after {
            debug.field("retry_after", wait);
        }
        if let Some(cause) = &inner.cause {
            debug.field("cause", cause);
        }
        debug.finish()
    }
}

/// Without a source: [`Display`](fmt::Display) names all causes.
impl std::error::Error for Error {}
