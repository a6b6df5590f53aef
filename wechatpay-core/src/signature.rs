//! Verifying a response or a notification (验签): over the raw bytes, by the key that the serial names.

mod error;
mod known_keys;

pub use error::VerifyError;
pub use known_keys::KnownKeys;
pub(crate) use known_keys::{Downloads as KnownDownloads, FailedDownload};

use crate::keys::PublicKey;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const TIMESTAMP: &str = "Wechatpay-Timestamp";
pub(crate) const NONCE: &str = "Wechatpay-Nonce";
pub(crate) const SIGNATURE: &str = "Wechatpay-Signature";
pub(crate) const SERIAL: &str = "Wechatpay-Serial";
static SIGNATURE_TYPE: HeaderName = HeaderName::from_static("wechatpay-signature-type");

/// The four headers, as errors name them and as they are looked up.
static HEADERS: [(&str, HeaderName); 4] = [
    (TIMESTAMP, HeaderName::from_static("wechatpay-timestamp")),
    (NONCE, HeaderName::from_static("wechatpay-nonce")),
    (SIGNATURE, HeaderName::from_static("wechatpay-signature")),
    (SERIAL, HeaderName::from_static("wechatpay-serial")),
];

/// How far the timestamp may be away, in seconds, on either side.
const TOLERANCE: u64 = 300;

/// What a signature probe (签名探测流量) begins with: now and then the service sends one to see that it is refused.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// Longer headers are refused unread. A signature by the longest key that is accepted has 1,368 characters.
const LONGEST: usize = 2048;

/// The four signature headers, each there exactly once.
#[derive(Debug)]
pub(crate) struct SignatureHeaders<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
    pub(crate) serial: &'a str,
}

impl<'a> SignatureHeaders<'a> {
    /// Whether any of the four is there: a response with one of them claims to be signed.
    pub(crate) fn any(headers: &HeaderMap) -> bool {
        HEADERS.iter().any(|(_, key)| headers.contains_key(key))
    }

    /// Reads the headers; `types` is what the signature may name as its type.
    pub(crate) fn read(headers: &'a HeaderMap, types: &[&str]) -> Result<Self, VerifyError> {
        let one = |(name, key): &(&'static str, HeaderName)| {
            let name = *name;
            let mut values = headers.get_all(key).iter();
            let value = values.next().ok_or(VerifyError::Missing { header: name })?;
            if values.next().is_some() {
                return Err(VerifyError::Repeated { header: name });
            }
            match value.to_str() {
                Ok(text) if text.len() <= LONGEST => Ok(text),
                _ => Err(VerifyError::Malformed { header: name }),
            }
        };
        let [timestamp, nonce, signature, serial] = &HEADERS;
        let read = Self {
            timestamp: one(timestamp)?,
            nonce: one(nonce)?,
            signature: one(signature)?,
            serial: one(serial)?,
        };
        // The type may be absent. It never selects an algorithm; naming another one is a reason to refuse.
        for value in headers.get_all(&SIGNATURE_TYPE) {
            if !types.iter().any(|name| value == *name) {
                return Err(VerifyError::OtherAlgorithm);
            }
        }
        Ok(read)
    }

    /// Checks the signature over `body`, by the key that [`serial`](Self::serial) names.
    pub(crate) fn verify(&self, key: &PublicKey, body: &[u8]) -> Result<(), VerifyError> {
        let mut decoded = [0; LONGEST];
        let length = STANDARD.decode_slice(self.signature, &mut decoded).ok();
        let signature = length
            .and_then(|length| decoded.get(..length))
            .ok_or(VerifyError::Malformed { header: SIGNATURE })?;
        if key.verify(&response_message(self.timestamp, self.nonce, body), signature) {
            Ok(())
        } else {
            Err(VerifyError::Wrong)
        }
    }

    /// What can be refused before a key is looked up: a signature probe, and a timestamp that is too far away.
    pub(crate) fn check(&self, now: SystemTime) -> Result<(), VerifyError> {
        if self.signature.starts_with(PROBE) {
            return Err(VerifyError::SignatureProbe);
        }
        let malformed = VerifyError::Malformed { header: TIMESTAMP };
        // Only digits, without a leading zero. Other texts of the same number would be signed as one text and parsed as
        // another.
        let digits = self.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || self.timestamp.starts_with('0') {
            return Err(malformed);
        }
        let timestamp: u64 = self.timestamp.parse().map_err(|_| malformed)?;
        let now = unix_seconds(now).ok_or(VerifyError::NoClock)?;
        let distance = now.abs_diff(timestamp);
        if distance > TOLERANCE {
            return Err(VerifyError::Stale { seconds: distance });
        }
        Ok(())
    }
}

/// Seconds since 1970. `None` for a clock before 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// The signed message of a response or notification: three lines with the unchanged header texts.
pub(crate) fn response_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(timestamp.len() + nonce.len() + body.len() + 3);
    for line in [timestamp.as_bytes(), nonce.as_bytes(), body] {
        message.extend_from_slice(line);
        message.push(b'\n');
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto::Suite, identity::Identity};
    use http::HeaderValue;

    fn merchant(suite: Suite) -> Identity {
        let mchid = String::new();
        Identity::Merchant { mchid, suite }
    }

    fn headers(changed: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in [TIMESTAMP, NONCE, SIGNATURE, SERIAL] {
            headers.insert(name, HeaderValue::from_static("1"));
        }
        headers.insert(changed, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn a_signature_header_has_2048_characters_at_most() {
        for name in [TIMESTAMP, NONCE, SIGNATURE, SERIAL] {
            let longest = headers(name, &"1".repeat(2048));
            assert!(SignatureHeaders::read(&longest, &[]).is_ok(), "{name}");
            let longer = headers(name, &"1".repeat(2049));
            let error = SignatureHeaders::read(&longer, &[]).unwrap_err();
            assert_eq!(error, VerifyError::Malformed { header: name });
        }
    }

    #[test]
    fn one_of_the_four_headers_makes_a_response_claim_that_it_is_signed() {
        assert!(!SignatureHeaders::any(&HeaderMap::new()));
        for (name, claims) in [
            (TIMESTAMP, true),
            (NONCE, true),
            (SIGNATURE, true),
            (SERIAL, true),
            (SIGNATURE_TYPE.as_str(), false),
        ] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(""))]);
            assert_eq!(SignatureHeaders::any(&headers), claims, "{name}");
        }
    }

    #[test]
    fn a13_the_type_may_be_the_own_scheme_or_the_merchants_and_no_other() {
        let read = |identity: &Identity, value: &str| {
            let headers = headers(SIGNATURE_TYPE.as_str(), value);
            SignatureHeaders::read(&headers, identity.signature_types()).err()
        };
        let [merchant, shangmi] = [Suite::Rsa, Suite::Shangmi].map(merchant);
        let brand = Identity::Brand {
            brand_id: String::new(),
        };
        for (identity, value, refused) in [
            (&merchant, "WECHATPAY2-SHA256-RSA2048", false),
            (&merchant, "WECHATPAY-BRAND-SHA256-RSA2048", true),
            (&brand, "WECHATPAY2-SHA256-RSA2048", false),
            (&brand, "WECHATPAY-BRAND-SHA256-RSA2048", false),
            (&brand, "WECHATPAY2-SM2-WITH-SM3", true),
            (&merchant, "WECHATPAY2-SM2-WITH-SM3", true),
            (&shangmi, "WECHATPAY2-SM2-WITH-SM3", false),
            (&shangmi, "WECHATPAY2-SHA256-RSA2048", true),
            (&shangmi, "WECHATPAY-BRAND-SHA256-RSA2048", true),
        ] {
            let expected = refused.then_some(VerifyError::OtherAlgorithm);
            assert_eq!(read(identity, value), expected, "{value}");
        }
    }

    #[test]
    fn a12_a_timestamp_is_a_plain_number_and_300_seconds_away_at_most() {
        let check = |timestamp: &str| {
            let headers = headers(TIMESTAMP, timestamp);
            let signature = SignatureHeaders::read(&headers, &[]).unwrap();
            signature.check(UNIX_EPOCH + std::time::Duration::from_secs(1000))
        };
        for timestamp in ["700", "1000", "1300"] {
            assert_eq!(check(timestamp), Ok(()), "{timestamp}");
        }
        for timestamp in ["699", "1301"] {
            assert_eq!(
                check(timestamp),
                Err(VerifyError::Stale { seconds: 301 }),
                "{timestamp}"
            );
        }
        for timestamp in ["", "01000", "+1000", "1e3", "1000.0", "0"] {
            let malformed = VerifyError::Malformed { header: TIMESTAMP };
            assert_eq!(check(timestamp), Err(malformed), "{timestamp}");
        }
    }
}
