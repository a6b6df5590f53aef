//! Responses of handlers.

pub(crate) mod signed;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

/// The response of a handler.
///
/// A handler may return a [`serde_json::Value`] for a 200, `()` for a 204, or a `GatewayResponse`.
///
/// ```
/// use serde_json::json;
/// use wechatpay_gateway::GatewayResponse;
///
/// let success = GatewayResponse::json(200, &json!({ "prepay_id": "wx201410272009395522657a690389285100" }));
/// assert_eq!((success.status().as_u16(), success.body().first()), (200, Some(&b'{')));
/// let accepted = GatewayResponse::empty(202).header("Request-ID", "08F78BB8A5");
/// let failure = GatewayResponse::error(403, "NOT_ENOUGH", "余额不足");
/// let bill = GatewayResponse::bytes("text/plain", "交易时间,公众账号ID\n");
/// // The response of a proxy.
/// let proxy = GatewayResponse::error(502, "BAD_GATEWAY", "").unsigned();
/// ```
#[derive(Debug, Clone)]
pub struct GatewayResponse {
    pub(crate) status: StatusCode,
    /// Boxed to keep the `Result<_, GatewayResponse>` of a handler small.
    pub(crate) headers: Box<HeaderMap>,
    pub(crate) body: Bytes,
    pub(crate) generated: Option<Generator>,
    pub(crate) signed: bool,
}

impl GatewayResponse {
    /// A JSON response, signed. An invalid status becomes 500.
    #[must_use]
    pub fn json(status: impl TryInto<StatusCode>, body: &impl Serialize) -> Self {
        let response = match serde_json::to_vec(body) {
            Ok(body) => Self {
                body: body.into(),
                ..Self::empty(status)
            },
            Err(error) => Self::error(
                500,
                "SYSTEM_ERROR",
                &format!("the handler's response cannot be serialized as JSON: {error}"),
            ),
        };
        response.content_type("application/json; charset=utf-8")
    }

    /// An error response with a code (错误码) and a message, signed.
    #[must_use]
    pub fn error(status: impl TryInto<StatusCode>, code: &str, message: &str) -> Self {
        Self::json_text(status, json!({ "code": code, "message": message }).to_string())
    }

    /// A text that is JSON already; an empty one is no body.
    pub(crate) fn json_text(status: impl TryInto<StatusCode>, body: String) -> Self {
        if body.is_empty() {
            return Self::empty(status);
        }
        Self {
            body: body.into(),
            ..Self::empty(status)
        }
        .content_type("application/json; charset=utf-8")
    }

    /// A response without a body, such as 204, signed. An invalid status becomes 500.
    #[must_use]
    pub fn empty(status: impl TryInto<StatusCode>) -> Self {
        Self {
            status: status.try_into().unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: Box::default(),
            body: Bytes::new(),
            generated: None,
            signed: true,
        }
    }

    /// A download: the bytes without a signature.
    #[must_use]
    pub fn bytes(content_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self {
            body: bytes.into(),
            signed: false,
            ..Self::empty(200)
        }
        .content_type(content_type)
    }

    /// A large download, unsigned and without a length. The pieces are generated while they are sent, so the body is
    /// never in memory as a whole.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use wechatpay_gateway::GatewayResponse;
    ///
    /// let bill = GatewayResponse::generated("text/plain", || {
    ///     (0..1_000_000).map(|row| Bytes::from(format!("`{row},`0.01\n")))
    /// });
    /// ```
    #[must_use]
    pub fn generated<I>(content_type: &str, pieces: impl Fn() -> I + Send + Sync + 'static) -> Self
    where
        I: Iterator<Item = Bytes> + Send + 'static,
    {
        let generated = Generator(Arc::new(move || Box::new(pieces())));
        Self {
            generated: Some(generated),
            ..Self::bytes(content_type, Bytes::new())
        }
    }

    /// Sets a header of the response. An invalid name or value is ignored.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Omits the signature headers, as in a response of a proxy.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.signed = false;
        self
    }

    /// Signs a response that is unsigned by default.
    pub(crate) fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body, byte for byte. Empty for a [`generated`](Self::generated) one.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn content_type(self, content_type: &str) -> Self {
        self.header(header::CONTENT_TYPE.as_str(), content_type)
    }
}

/// Generates the pieces of a body. Every response calls it again.
#[derive(Clone)]
pub(crate) struct Generator(Arc<dyn Fn() -> Pieces + Send + Sync>);

/// The pieces of a generated body.
pub(crate) type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

impl Generator {
    pub(crate) fn pieces(&self) -> Pieces {
        (self.0)()
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generator")
    }
}

/// 200 with this JSON, signed.
impl From<Value> for GatewayResponse {
    fn from(body: Value) -> Self {
        Self::json(200, &body)
    }
}

/// 204 without a body, signed.
impl From<()> for GatewayResponse {
    fn from((): ()) -> Self {
        Self::empty(204)
    }
}

/// Both variants are responses.
impl<T: Into<Self>, E: Into<Self>> From<Result<T, E>> for GatewayResponse {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(response) => response.into(),
            Err(response) => response.into(),
        }
    }
}
