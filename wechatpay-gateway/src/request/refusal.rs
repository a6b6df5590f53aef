//! Refusals of requests, with the errors of the real service.

use std::fmt;

use http::StatusCode;
use serde_json::{Value, json};

use crate::response::GatewayResponse;

/// Why the gateway refused a request without calling a handler.
///
/// ```
/// use wechatpay_core::Method;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.client()?.request(Method::GET, "/v3/unknown").send().await.unwrap_err();
/// let request = gateway.last_request().expect("a request was sent");
/// let refusal = request.refusal().expect("no handler is registered for this path");
/// assert_eq!((refusal.status().as_u16(), refusal.code()), (404, "RESOURCE_NOT_EXISTS"));
/// assert!(refusal.message().contains("the gateway has no handler for GET /v3/unknown"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    detail: Option<Value>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            detail: None,
        }
    }

    /// 401: the request is not authenticated.
    pub(crate) fn sign_error(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message)
    }

    /// 400: the request is invalid.
    pub(crate) fn param_error(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", message)
    }

    /// 404: the operation or the resource does not exist.
    pub(crate) fn not_exists(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", message)
    }

    pub(crate) fn detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// The HTTP status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The error code (错误码) of the response, such as `SIGN_ERROR`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code
    }

    /// The message of the response, in Chinese as from the service.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the member `detail` of the response says, such as the field that is wrong.
    pub(crate) fn details(&self) -> Option<&Value> {
        self.detail.as_ref()
    }

    /// The response. Unauthenticated requests get unsigned responses.
    pub(crate) fn response(&self) -> GatewayResponse {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(detail), Some(body)) = (&self.detail, body.as_object_mut()) {
            body.insert("detail".to_owned(), detail.clone());
        }
        let response = GatewayResponse::json(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.unsigned()
        } else {
            response
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.message)
    }
}
