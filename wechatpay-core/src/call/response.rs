//! The whole response: the decoded value and what came around it.

use crate::{
    error::Error,
    request::decode::{FromResponse, RawResponse, request_id},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::{fmt, ops::Deref};

/// A decoded response together with its status, headers and raw body. Dereferences to the value.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::Method;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/pay/transactions/id/4200000001", |_| json!({ "trade_state": "SUCCESS" }));
///
/// let response = gateway.client()?.request(Method::GET, "/v3/pay/transactions/id/4200000001").send().await?;
/// // The response is used as if it were the value.
/// assert_eq!(response["trade_state"], "SUCCESS");
/// assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
/// assert!(response.request_id().is_some());
/// assert!(response.headers().contains_key("Wechatpay-Signature"));
/// assert_eq!(response.body(), r#"{"trade_state":"SUCCESS"}"#);
/// let value = response.into_inner();
/// assert_eq!(value["trade_state"], "SUCCESS");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
}

/// Shows the `Debug` of the value, and of the raw body only the length. The raw body may contain secrets that the value
/// hides, such as the token in the `download_url` of a bill.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.status.as_u16())
            .field("request_id", &self.request_id())
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl<T> Response<T> {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as received.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The `Request-ID`: the first thing that WeChat Pay's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The body as received, before sensitive fields were decrypted. Empty for a [`Download`](crate::Download).
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The decoded value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: FromResponse> Response<T> {
    pub(super) fn decode(received: &mut RawResponse) -> Result<Self, Error> {
        let value = T::decode(received)?;
        let (headers, body) = (std::mem::take(&mut received.headers), received.body.clone());
        Ok(Self {
            value,
            status: received.status,
            headers,
            body,
            attempts: received.attempts,
        })
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
