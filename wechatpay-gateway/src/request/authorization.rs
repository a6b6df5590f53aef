//! Authentication of a request by its `Authorization` header, with the rules of the real service.
//!
//! This code shares nothing with the signing of the client. A shared mistake would stay undetected.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use wechatpay_core::{crypto::Suite, keys::SerialNo};

use crate::{keys::Party, request::refusal::Refusal};

/// The tolerance of a timestamp in either direction, in seconds.
const TOLERANCE: u64 = 300;

const MALFORMED: &str = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》";

/// The parts of an `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub(crate) scheme: Scheme,
    /// mchid or brand_id.
    pub(crate) id: String,
    pub(crate) nonce_str: String,
    pub(crate) timestamp: String,
    pub(crate) serial_no: String,
    signature: Vec<u8>,
}

/// The authorization scheme: of a merchant or of a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Merchant,
    /// A merchant with an SM2 key (国密).
    Shangmi,
    Brand,
}

impl Scheme {
    /// The scheme that a path requires.
    pub(crate) fn of_path(target: &str, merchant: &Party) -> Self {
        if target.starts_with("/brand/") {
            Self::Brand
        } else {
            Self::of_merchant(merchant.public_key.suite())
        }
    }

    /// The scheme of a merchant whose key is of this suite.
    pub(crate) fn of_merchant(suite: Suite) -> Self {
        match suite {
            Suite::Rsa => Self::Merchant,
            Suite::Shangmi => Self::Shangmi,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Merchant => "WECHATPAY2-SHA256-RSA2048",
            Self::Shangmi => "WECHATPAY2-SM2-WITH-SM3",
            Self::Brand => "WECHATPAY-BRAND-SHA256-RSA2048",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Merchant | Self::Shangmi => "mchid",
            Self::Brand => "brand_id",
        }
    }
}

impl Authorization {
    /// Reads the header. Each part must be present exactly once, in quotes, in any order.
    pub(crate) fn read(headers: &HeaderMap, scheme: Scheme) -> Result<Self, Refusal> {
        let malformed = || Refusal::sign_error(MALFORMED);
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let value = values
            .next()
            .ok_or_else(|| Refusal::sign_error("Http头缺少Authorization"))?;
        let text = value
            .to_str()
            .ok()
            .filter(|_| values.next().is_none())
            .ok_or_else(malformed)?;
        let parts = text
            .strip_prefix(scheme.name())
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(malformed)?;
        let mut found = HashMap::new();
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or_else(malformed)?;
            let value = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
                .ok_or_else(malformed)?;
            if found.insert(name, value).is_some() {
                return Err(malformed());
            }
        }
        let mut take = |name: &str| {
            found
                .remove(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(malformed)
        };
        let authorization = Self {
            scheme,
            id: take(scheme.label())?.to_owned(),
            nonce_str: take("nonce_str")?.to_owned(),
            timestamp: take("timestamp")?.to_owned(),
            serial_no: take("serial_no")?.to_owned(),
            signature: STANDARD.decode(take("signature")?).map_err(|_| malformed())?,
        };
        if found.is_empty() {
            Ok(authorization)
        } else {
            Err(malformed())
        }
    }

    /// The signed message: five lines, with the target as it was sent and the bytes of the body (for an upload, of the
    /// part `meta`).
    pub(crate) fn message(&self, method: &str, target: &str, body: &[u8]) -> Vec<u8> {
        let lines: [&[u8]; 5] = [
            method.as_bytes(),
            target.as_bytes(),
            self.timestamp.as_bytes(),
            self.nonce_str.as_bytes(),
            body,
        ];
        let mut message = lines.join(b"\n".as_slice());
        message.push(b'\n');
        message
    }

    /// Checks everything except whether the nonce was used before.
    pub(crate) fn check(
        &self,
        party: &Party,
        method: &str,
        target: &str,
        body: &[u8],
        now: u64,
    ) -> Result<(), Refusal> {
        if self.id != party.id {
            return Err(Refusal::sign_error("商户号与签名证书不匹配"));
        }
        if SerialNo::new(&self.serial_no) != party.serial_no {
            return Err(Refusal::sign_error(
                "商户证书序列号有误。请使用签名私钥匹配的证书序列号",
            ));
        }
        let digits = self.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        match self.timestamp.parse::<u64>() {
            Ok(timestamp) if digits && now.abs_diff(timestamp) <= TOLERANCE => {}
            _ => {
                return Err(Refusal::sign_error(
                    "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
                ));
            }
        }
        let message = self.message(method, target, body);
        if party.public_key.verify(&message, &self.signature) {
            return Ok(());
        }
        let shown: String = String::from_utf8_lossy(&message).chars().take(128).collect();
        Err(Refusal::sign_error("错误的签名，验签失败").detail(json!({
            "field": "signature",
            "location": "authorization",
            "detail": { "issue": "sign not match" },
            "sign_information": {
                "method": method,
                "url": target,
                "truncated_sign_message": shown,
                "sign_message_length": message.len(),
            },
        })))
    }
}

/// The nonces of the last minutes. Each is accepted once.
#[derive(Default)]
pub(crate) struct Nonces {
    /// The time of arrival by digest. Digests keep the memory of a million nonces small.
    seen: HashMap<[u8; 16], u64>,
    /// Expired nonces are removed when the map has this many entries.
    limit: usize,
}

impl Nonces {
    pub(crate) fn accept(&mut self, authorization: &Authorization, now: u64) -> Result<(), Refusal> {
        if self.seen.len() >= self.limit {
            // A nonce must be kept for as long as its timestamp may be accepted.
            self.seen.retain(|_, at| now.abs_diff(*at) <= 2 * TOLERANCE);
            self.limit = (self.seen.len() * 2).max(1024);
        }
        let digest = Sha256::digest([authorization.id.as_str(), &authorization.nonce_str].join("\n"));
        let mut key = [0; 16];
        key.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        match self.seen.insert(key, now) {
            None => Ok(()),
            Some(_) => Err(Refusal::sign_error("Http头Authorization中的nonce_str重复")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Authorization, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, text.parse().unwrap());
        Authorization::read(&headers, Scheme::Merchant)
    }

    const PARTS: &str = r#"mchid="1",nonce_str="n",timestamp="5",serial_no="AB",signature="AAAA""#;

    #[test]
    fn the_parts_may_be_in_any_order() {
        let one = read(&format!("WECHATPAY2-SHA256-RSA2048 {PARTS}")).unwrap();
        let mut parts: Vec<&str> = PARTS.split(',').collect();
        parts.reverse();
        let other = read(&format!("WECHATPAY2-SHA256-RSA2048 {}", parts.join(","))).unwrap();
        assert!(one == other);
        assert_eq!((one.id.as_str(), one.serial_no.as_str()), ("1", "AB"));
    }

    #[test]
    fn a_malformed_header_is_refused() {
        let wrong = [
            String::new(),
            PARTS.to_owned(),
            format!("WECHATPAY2-SHA256-RSA2048{PARTS}"),
            format!("wechatpay2-sha256-rsa2048 {PARTS}"),
            format!("WECHATPAY-BRAND-SHA256-RSA2048 {PARTS}"),
            format!("WECHATPAY2-SHA256-RSA2048 {PARTS},mchid=\"1\""),
            format!("WECHATPAY2-SHA256-RSA2048 {PARTS},more=\"1\""),
            format!("WECHATPAY2-SHA256-RSA2048 {}", PARTS.replace('"', "")),
            format!("WECHATPAY2-SHA256-RSA2048 {}", PARTS.replace("mchid=\"1\",", "")),
            format!("WECHATPAY2-SHA256-RSA2048 {}", PARTS.replace("\"n\"", "\"\"")),
            format!("WECHATPAY2-SHA256-RSA2048 {}", PARTS.replace("AAAA", "A_A-")),
        ];
        for text in wrong {
            let refusal = read(&text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert_eq!(
                (refusal.status().as_u16(), refusal.code()),
                (401, "SIGN_ERROR"),
                "{text}"
            );
        }
    }

    #[test]
    fn the_message_has_five_lines_and_each_ends_with_a_line_feed() {
        let authorization = read(&format!("WECHATPAY2-SHA256-RSA2048 {PARTS}")).unwrap();
        assert_eq!(
            authorization.message("GET", "/v3/x?a=b", b""),
            b"GET\n/v3/x?a=b\n5\nn\n\n"
        );
        assert_eq!(
            authorization.message("POST", "/v3/x", b"{}"),
            b"POST\n/v3/x\n5\nn\n{}\n"
        );
    }

    #[test]
    fn a_nonce_is_accepted_once_and_forgotten_when_it_expires() {
        let authorization = read(&format!("WECHATPAY2-SHA256-RSA2048 {PARTS}")).unwrap();
        let mut nonces = Nonces::default();
        assert!(nonces.accept(&authorization, 1000).is_ok());
        assert!(nonces.accept(&authorization, 1001).is_err());
        nonces.limit = 0;
        assert!(nonces.accept(&authorization, 5000).is_ok());
    }
}
