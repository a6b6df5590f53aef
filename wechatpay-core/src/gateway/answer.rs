//! An answer as it goes over the wire, signed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;

use super::{GatewayReply, authorization::Scheme};
use crate::PrivateKey;

const TIMESTAMP: HeaderName = HeaderName::from_static("wechatpay-timestamp");
const NONCE: HeaderName = HeaderName::from_static("wechatpay-nonce");
const SIGNATURE: HeaderName = HeaderName::from_static("wechatpay-signature");
const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");
const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("wechatpay-signature-type");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What a probe's signature begins with.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// Status, headers and body, ready to go.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What the signature headers say.
pub(super) struct SignatureHeaders<'a> {
    pub(super) scheme: Scheme,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) serial: &'a str,
}

impl SignatureHeaders<'_> {
    /// The headers of a signature over `body`: of an answer, or of a notification.
    pub(super) fn sign(&self, key: &PrivateKey, body: &[u8]) -> HeaderMap {
        let lines: [&[u8]; 3] = [self.timestamp.as_bytes(), self.nonce.as_bytes(), body];
        let mut message = lines.join(b"\n".as_slice());
        message.push(b'\n');
        // A parsed key signs; were it not so, an empty signature is one that nobody accepts.
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

/// Turns the signature into a probe (签名探测流量): the prefix, and what is left of a signature.
pub(super) fn make_probe(headers: &mut HeaderMap) {
    let signature = headers
        .get(SIGNATURE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kept = signature.get(PROBE.len()..).unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&format!("{PROBE}{kept}")) {
        headers.insert(SIGNATURE, value);
    }
}

impl Answer {
    /// The reply as it is.
    pub(super) fn unsigned(reply: &GatewayReply) -> Self {
        Self {
            status: reply.status,
            headers: HeaderMap::clone(&reply.headers),
            body: reply.body.clone(),
        }
    }

    /// Adds what every answer carries.
    pub(super) fn identify(&mut self, request_id: &str) {
        if let Ok(value) = HeaderValue::from_str(request_id) {
            self.headers.insert(REQUEST_ID, value);
        }
    }

    /// Adds the signature headers, but not over those that the handler has set.
    pub(super) fn sign(&mut self, signature: &SignatureHeaders<'_>, key: &PrivateKey) {
        for (name, value) in signature.sign(key, &self.body) {
            if let Some(name) = name {
                self.headers.entry(name).or_insert(value);
            }
        }
    }

    pub(super) fn remove_signature(&mut self) {
        for name in [TIMESTAMP, NONCE, SIGNATURE, SERIAL, SIGNATURE_TYPE] {
            self.headers.remove(name);
        }
    }

    pub(super) fn make_probe(&mut self) {
        make_probe(&mut self.headers);
    }

    /// Status line and headers, with the length of the body, or chunked where none is given.
    pub(super) fn head(&self, length: Option<u64>) -> Bytes {
        let reason = self.status.canonical_reason().unwrap_or("Unknown");
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status.as_u16()).into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        match length {
            // RFC 9112, section 6.1: a 204 has neither.
            _ if self.status == StatusCode::NO_CONTENT => {}
            Some(length) => head.extend_from_slice(format!("content-length: {length}\r\n").as_bytes()),
            None => head.extend_from_slice(b"transfer-encoding: chunked\r\n"),
        }
        head.extend_from_slice(b"\r\n");
        head.into()
    }

    /// Everything, as one piece.
    pub(super) fn to_bytes(&self) -> Bytes {
        [self.head(Some(self.body.len() as u64)), self.body.clone()]
            .concat()
            .into()
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
