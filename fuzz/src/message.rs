//! A response or a notification from the bytes of the fuzzer: a status, headers, an empty line, a body.
//!
//! In `Wechatpay-Timestamp: now` and `Wechatpay-Signature: right` the right value is put in.

use crate::{NOW, PUBLIC_KEY_ID, crypto::signature};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// The received message.
#[derive(Debug, Clone)]
pub struct Message {
    /// The status. 200 if the first line is not a status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

const TIMESTAMP: &str = "wechatpay-timestamp";
const NONCE: &str = "wechatpay-nonce";
const SIGNATURE: &str = "wechatpay-signature";
const SERIAL: &str = "wechatpay-serial";

impl Message {
    /// Reads the fuzzer's bytes. What is no header is left out.
    #[must_use]
    pub fn read(data: &[u8], edit: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        let end = data.windows(2).position(|window| window == b"\n\n");
        let (head, body) = end.map_or((data, &[][..]), |end| (&data[..end], &data[end + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = lines.next().and_then(|line| StatusCode::from_bytes(line).ok());
        let mut headers = HeaderMap::new();
        for line in lines {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let value = line[colon + 1..].trim_ascii_start();
            let (name, value) = (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(value));
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        let mut message = Self {
            status: status.unwrap_or(StatusCode::OK),
            headers,
            body: edit(body.to_vec()),
        };
        message.put_right();
        message
    }

    /// A correctly signed response with this status.
    #[must_use]
    pub fn signed(status: StatusCode, body: &[u8]) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (TIMESTAMP, "now"),
            (NONCE, "n"),
            (SIGNATURE, "right"),
            (SERIAL, PUBLIC_KEY_ID),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let mut message = Self {
            status,
            headers,
            body: body.to_vec(),
        };
        message.put_right();
        message
    }

    fn put_right(&mut self) {
        if let Some(timestamp) = self.headers.get_mut(TIMESTAMP).filter(|timestamp| *timestamp == "now") {
            *timestamp = HeaderValue::from(NOW);
        }
        if self
            .headers
            .get(SIGNATURE)
            .is_some_and(|signature| signature == "right")
        {
            let right = HeaderValue::from_str(&self.right_signature()).expect("base64");
            self.headers.insert(SIGNATURE, right);
        }
    }

    /// The signature that the message should have.
    fn right_signature(&self) -> String {
        let text = |name| self.headers.get(name).map_or(&[][..], HeaderValue::as_bytes);
        let message = [text(TIMESTAMP), b"\n", text(NONCE), b"\n", &self.body, b"\n"].concat();
        STANDARD.encode(signature(&message))
    }

    /// Whether this may be accepted: each signature header once, at the right time, with the right signature.
    #[must_use]
    pub fn is_authentic(&self) -> bool {
        let once = |name| {
            let mut values = self.headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none())?.to_str().ok()
        };
        let [Some(timestamp), Some(_), Some(signature), Some(_)] = [TIMESTAMP, NONCE, SIGNATURE, SERIAL].map(once)
        else {
            return false;
        };
        let Ok(seconds) = timestamp.parse::<u64>() else {
            return false;
        };
        seconds.to_string() == timestamp && seconds.abs_diff(NOW) <= 300 && signature == self.right_signature()
    }
}
