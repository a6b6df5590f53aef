//! Signed responses.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{Either, Full, combinators::UnsyncBoxBody};
use hyper::body::Frame;

use wechatpay_core::PrivateKey;

use crate::{
    request::authorization::Scheme,
    response::{GatewayResponse, Generator, Pieces},
    server::header_case::spelled,
};

const TIMESTAMP: HeaderName = HeaderName::from_static("wechatpay-timestamp");
const NONCE: HeaderName = HeaderName::from_static("wechatpay-nonce");
const SIGNATURE: HeaderName = HeaderName::from_static("wechatpay-signature");
const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");
const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("wechatpay-signature-type");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The prefix of a signature probe.
const SIGNATURE_PROBE: &str = "WECHATPAY/SIGNTEST/";

/// The status, headers and body to send.
#[derive(Debug, Clone)]
pub(crate) struct SignedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// If set, it replaces `body`.
    pub(crate) generated: Option<Generator>,
}

/// The values of the signature headers.
pub(crate) struct SignatureHeaders<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) timestamp: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) serial: &'a str,
}

impl SignatureHeaders<'_> {
    /// The signature headers of a response or notification with this body.
    pub(crate) fn sign(&self, key: &PrivateKey, body: &[u8]) -> HeaderMap {
        let lines: [&[u8]; 3] = [self.timestamp.as_bytes(), self.nonce.as_bytes(), body];
        let mut message = lines.join(b"\n".as_slice());
        message.push(b'\n');
        // A parsed key can always sign. If it could not, nobody accepts the empty signature.
        let signature = STANDARD.encode(key.sign(&message).unwrap_or_default());
        let mut headers = HeaderMap::with_capacity(8);
        for (name, text) in [
            (TIMESTAMP, self.timestamp),
            (NONCE, self.nonce),
            (SIGNATURE, &signature),
            (SERIAL, self.serial),
            (SIGNATURE_TYPE, self.scheme.name()),
        ] {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

/// Turns the signature into a signature probe (签名探测流量) by overwriting its beginning with the prefix.
pub(crate) fn make_signature_probe(headers: &mut HeaderMap) {
    let signature = headers
        .get(SIGNATURE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kept = signature.get(SIGNATURE_PROBE.len()..).unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&format!("{SIGNATURE_PROBE}{kept}")) {
        headers.insert(SIGNATURE, value);
    }
}

impl SignedResponse {
    /// The response without a signature.
    pub(crate) fn unsigned(response: &GatewayResponse) -> Self {
        Self {
            status: response.status,
            headers: HeaderMap::clone(&response.headers),
            body: response.body.clone(),
            generated: response.generated.clone(),
        }
    }

    /// Adds the `Request-ID` that every response carries, unless the handler set one.
    pub(crate) fn identify(&mut self, request_id: &str) {
        if let Ok(value) = HeaderValue::from_str(request_id) {
            self.headers.entry(REQUEST_ID).or_insert(value);
        }
    }

    /// Adds the signature headers, except those that the handler has set.
    pub(crate) fn sign(&mut self, signature: &SignatureHeaders<'_>, key: &PrivateKey) {
        for (name, value) in signature.sign(key, &self.body) {
            if let Some(name) = name {
                self.headers.entry(name).or_insert(value);
            }
        }
    }

    pub(crate) fn remove_signature(&mut self) {
        for name in [TIMESTAMP, NONCE, SIGNATURE, SERIAL, SIGNATURE_TYPE] {
            self.headers.remove(name);
        }
    }

    pub(crate) fn make_signature_probe(&mut self) {
        make_signature_probe(&mut self.headers);
    }

    /// The status line and headers, with `Content-Length`, or chunked if `length` is `None`.
    pub(crate) fn head(&self, length: Option<u64>) -> Bytes {
        let reason = self.status.canonical_reason().unwrap_or("Unknown");
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status.as_u16()).into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(&[spelled(name).as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        match length {
            // RFC 9112, section 6.1: a 204 has neither.
            _ if self.status == StatusCode::NO_CONTENT => {}
            Some(length) => head.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes()),
            None => head.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        }
        head.extend_from_slice(b"\r\n");
        head.into()
    }

    /// The head of the last response on the connection.
    pub(crate) fn last_head(&mut self) -> Bytes {
        self.headers
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        self.head(Some(self.body.len() as u64))
    }

    /// The head and the body.
    pub(crate) fn to_bytes(&self) -> Bytes {
        [self.head(Some(self.body.len() as u64)), self.body.clone()]
            .concat()
            .into()
    }

    /// Generates the whole body, for faults that change its bytes.
    pub(crate) fn collect(&mut self) {
        if let Some(generator) = self.generated.take() {
            let mut body = Vec::new();
            generator.pieces().for_each(|piece| body.extend_from_slice(&piece));
            self.body = body.into();
        }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let body = match self.generated {
            Some(generator) => Either::Right(UnsyncBoxBody::new(Generated(generator.pieces()))),
            None => Either::Left(Full::new(self.body)),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// A body in memory, or one that is generated while it is sent.
pub(crate) type Body = Either<Full<Bytes>, UnsyncBoxBody<Bytes, Infallible>>;

/// A body that is generated while it is sent.
struct Generated(Pieces);

impl hyper::body::Body for Generated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(piece))))
    }
}
