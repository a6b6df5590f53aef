//! Responses of the control interface.

use std::convert::Infallible;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{Either, Full, combinators::UnsyncBoxBody};
use hyper::body::Body as HttpBody;
use serde::Serialize;
use serde_json::{Value, json};

use crate::response::signed::Body;

/// What every response of the control interface carries. Scripts and styles come from here and from nowhere else, so that
/// nothing in a request can run.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Why a request of the control interface fails, in both languages.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) english: String,
    pub(crate) chinese: String,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        english: impl Into<String>,
        chinese: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            english: english.into(),
            chinese: chinese.into(),
        }
    }

    pub(crate) fn bad_request(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", english, chinese)
    }

    pub(crate) fn not_found(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", english, chinese)
    }

    pub(crate) fn forbidden(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", english, chinese)
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let body = json!({ "code": self.code, "message": self.english, "message_zh": self.chinese });
        with_status(self.status, json_response(&body))
    }
}

/// Adds a member to a JSON object.
pub(crate) fn put(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
}

pub(crate) fn json_response(value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => file("application/json", bytes),
        Err(_) => with_status(StatusCode::INTERNAL_SERVER_ERROR, file("application/json", "{}")),
    }
}

pub(crate) fn file(content_type: &'static str, bytes: impl Into<Bytes>) -> Response<Body> {
    dressed(content_type, Either::Left(Full::new(bytes.into())))
}

/// A body without an end.
pub(crate) fn stream(
    content_type: &'static str,
    body: impl HttpBody<Data = Bytes, Error = Infallible> + Send + 'static,
) -> Response<Body> {
    dressed(content_type, Either::Right(UnsyncBoxBody::new(body)))
}

/// Elsewhere within the console.
pub(crate) fn redirect(location: &'static str) -> Response<Body> {
    let mut response = with_status(StatusCode::SEE_OTHER, file("text/plain", Bytes::new()));
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_static(location));
    response
}

fn with_status(status: StatusCode, mut response: Response<Body>) -> Response<Body> {
    *response.status_mut() = status;
    response
}

fn dressed(content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
