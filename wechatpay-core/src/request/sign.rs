//! Second step: sign (签名). The five lines, and the Authorization header of one attempt.

use crate::{
    context::Context,
    error::{Error, ErrorKind},
    identity::Identity,
    request::{headers::header_value, prepare::Prepared},
    signature::unix_seconds,
    support::nonce::Nonce,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use std::{fmt::Write as _, io::Write as _};

/// The Authorization header of one attempt, with a new nonce and timestamp.
pub(crate) async fn authorization(context: &Context, prepared: &Prepared) -> Result<HeaderValue, Error> {
    let mut random = [0; 16];
    context.system.random(&mut random).map_err(|error| {
        let reason = (
            "the random source failed, so there is no nonce",
            "无法获取随机数，因此没有请求随机串",
        );
        Error::local(ErrorKind::System, reason).because(error)
    })?;
    let nonce = Nonce::new(random);
    let timestamp = unix_seconds(context.system.now()).ok_or_else(|| {
        Error::local(
            ErrorKind::System,
            (
                "this machine's clock is before 1970; set it",
                "本机时间早于 1970 年，请校准",
            ),
        )
    })?;
    let message = request_message(
        prepared.method.as_str(),
        &prepared.target,
        timestamp,
        nonce,
        &prepared.body,
    );
    let signature = context.signer.sign(&message).await.map_err(|error| {
        Error::local(ErrorKind::Signing, ("the request cannot be signed", "请求签名失败")).because(error)
    })?;
    let text = authorization_header(&context.identity, &context.serial_no, nonce, timestamp, &signature);
    let mut header = header_value(text)?;
    header.set_sensitive(true);
    Ok(header)
}

/// The Authorization header of one attempt.
fn authorization_header(
    identity: &Identity,
    serial_no: &str,
    nonce: Nonce,
    timestamp: u64,
    signature: &[u8],
) -> String {
    let (scheme, label, id) = (identity.scheme(), identity.label(), identity.id());
    let names = " =\"\",nonce_str=\"\",timestamp=\"\",serial_no=\"\",signature=\"\"".len();
    let values = scheme.len() + label.len() + id.len() + Nonce::LENGTH + digits(timestamp) + serial_no.len();
    let mut text = String::with_capacity(names + values + signature.len().div_ceil(3) * 4);
    // Writing into a `String` cannot fail.
    let _ = write!(
        text,
        "{scheme} {label}=\"{id}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial_no}\",signature=\"",
    );
    STANDARD.encode_string(signature, &mut text);
    text.push('"');
    text
}

/// What is signed of a request: five lines, the last one ended by a line feed too. `target` is path and query exactly
/// as sent, `body` the exact bytes; for an upload the bytes of its part `meta`.
fn request_message(method: &str, target: &str, timestamp: u64, nonce: Nonce, body: &[u8]) -> Vec<u8> {
    let length = method.len() + target.len() + digits(timestamp) + Nonce::LENGTH + body.len() + 5;
    let mut message = Vec::with_capacity(length);
    // Writing into a `Vec` cannot fail.
    let _ = write!(message, "{method}\n{target}\n{timestamp}\n{nonce}\n");
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}

/// How many decimal digits a number has.
fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or_default() as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Suite;

    #[test]
    fn what_is_signed_and_the_header_are_allocated_once() {
        let identity = Identity::Merchant {
            mchid: "1900000001".to_owned(),
            suite: Suite::Rsa,
        };
        let nonce = Nonce::new([0x0a; 16]);
        let message = request_message("POST", "/v3/refund", 1_554_208_460, nonce, b"{\"a\":1}");
        let expected = "POST\n/v3/refund\n1554208460\n0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\n{\"a\":1}\n";
        assert_eq!(String::from_utf8_lossy(&message), expected);
        assert_eq!(message.capacity(), message.len());
        let header = authorization_header(
            &identity,
            "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",
            nonce,
            1_554_208_460,
            b"signature",
        );
        let expected = "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\",nonce_str=\"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\",\
            timestamp=\"1554208460\",serial_no=\"1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C\",signature=\"c2lnbmF0dXJl\"";
        assert_eq!(header, expected);
        assert_eq!(header.capacity(), header.len());
    }

    #[test]
    fn a_brand_is_named_by_its_own_scheme_and_label() {
        let identity = Identity::Brand {
            brand_id: "40001".to_owned(),
        };
        let header = authorization_header(&identity, "7777", Nonce::new([0; 16]), 1, b"");
        let expected = "WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"40001\",nonce_str=\"00000000000000000000000000000000\",\
            timestamp=\"1\",serial_no=\"7777\",signature=\"\"";
        assert_eq!(header, expected);
        assert_eq!(header.capacity(), header.len());
    }
}
