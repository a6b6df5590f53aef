//! The response to a notification, for any web framework.

use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

/// The response to a notification (通知应答). It is due within 5 seconds.
///
/// A status of 200 or 204 is final. After any other status, or no response in time, the service sends the notification again:
/// after 15 s, 15 s, 30 s, 3 min, 10 min, 20 min, 30 min three times, 1 h, 3 h three times and 6 h twice.
///
/// With the features `axum-08` and `actix-web-4` it can be returned from a handler. For anything else there are
/// [`status`](Self::status), [`content_type`](Self::content_type) and [`body`](Self::body), or
/// `http::Response::from(acknowledgement)`.
///
/// ```
/// use http::StatusCode;
/// use wechatpay_core::notification::Acknowledgement;
///
/// let done = Acknowledgement::accepted();
/// assert_eq!((done.status().as_u16(), done.body(), done.content_type()), (204, "", None));
/// assert!(done.is_accepted());
/// assert_eq!(Acknowledgement::success().body(), r#"{"code":"SUCCESS","message":"成功"}"#);
///
/// let later = Acknowledgement::failed("the database is down");
/// assert_eq!((later.status().as_u16(), later.content_type()), (500, Some("application/json")));
/// assert_eq!(later.body(), r#"{"code":"FAIL","message":"the database is down"}"#);
/// let busy = Acknowledgement::failed_with(StatusCode::SERVICE_UNAVAILABLE, "busy");
/// assert!(!busy.is_accepted());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an acknowledgement does nothing until it is sent as the response"]
pub struct Acknowledgement {
    status: StatusCode,
    body: String,
}

/// The most characters of a message that the service takes.
const LONGEST_MESSAGE: usize = 256;

impl Acknowledgement {
    /// Handled; do not send it again. Status 204, no body.
    pub fn accepted() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: String::new(),
        }
    }

    /// Handled; do not send it again. Status 200 with `{"code":"SUCCESS","message":"成功"}`, which the documentation of
    /// some products asks for.
    pub fn success() -> Self {
        Self::new(StatusCode::OK, "SUCCESS", "成功")
    }

    /// Not handled; send it again. Status 500 with `{"code":"FAIL","message":".."}`. The sender reads the message (up to
    /// 256 characters of it), so nothing internal belongs there.
    pub fn failed(message: &str) -> Self {
        Self::failed_with(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// Not handled, with a custom status. A status below 400 would be final, so it becomes 500.
    pub fn failed_with(status: StatusCode, message: &str) -> Self {
        let failure = status.is_client_error() || status.is_server_error();
        let status = if failure {
            status
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        };
        Self::new(status, "FAIL", message)
    }

    fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        #[derive(Serialize)]
        struct Body<'a> {
            code: &'static str,
            message: &'a str,
        }
        let end = message
            .char_indices()
            .nth(LONGEST_MESSAGE)
            .map_or(message.len(), |(at, _)| at);
        let message = message.get(..end).unwrap_or_default();
        Self {
            status,
            // Two texts always are JSON.
            body: serde_json::to_string(&Body { code, message }).unwrap_or_default(),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body; empty for [`accepted`](Self::accepted).
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The `Content-Type` of the body, if there is one.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        (!self.body.is_empty()).then_some("application/json")
    }

    /// Whether it is final, so that the service does not send the notification again.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.status.is_success()
    }
}

impl<B: From<String>> From<Acknowledgement> for Response<B> {
    fn from(acknowledgement: Acknowledgement) -> Self {
        let content_type = acknowledgement.content_type();
        let mut response = Self::new(B::from(acknowledgement.body));
        *response.status_mut() = acknowledgement.status;
        if let Some(content_type) = content_type {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_200_and_204_are_final() {
        for acknowledgement in [Acknowledgement::accepted(), Acknowledgement::success()] {
            assert!(acknowledgement.is_accepted());
            assert!(matches!(acknowledgement.status().as_u16(), 200 | 204));
        }
        for status in [100, 200, 204, 302, 399] {
            let failed = Acknowledgement::failed_with(StatusCode::from_u16(status).unwrap(), "no");
            assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
        let failed = Acknowledgement::failed_with(StatusCode::CONFLICT, "no");
        assert_eq!(failed.status(), StatusCode::CONFLICT);
    }

    #[test]
    fn a_message_is_cut_at_256_characters_and_stays_json() {
        let failed = Acknowledgement::failed(&format!("\"引号\"\n{}", "长".repeat(10_000)));
        let body: serde_json::Value = serde_json::from_str(failed.body()).unwrap();
        let message = body["message"].as_str().unwrap();
        assert!(message.starts_with("\"引号\"\n") && message.chars().count() == 256);
        assert_eq!(body["code"], "FAIL");
    }

    #[test]
    fn it_becomes_a_response_of_any_body_type() {
        let response: Response<Vec<u8>> = Acknowledgement::failed("no").into();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/json");
        let response: Response<String> = Acknowledgement::accepted().into();
        assert!(response.headers().is_empty() && response.body().is_empty());
    }
}
