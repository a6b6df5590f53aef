//! Verifying an answer or a notification (验签): over the raw bytes, by the key that the serial names.

use crate::{identity::Identity, keys::PublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderMap;
use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

pub(crate) const TIMESTAMP: &str = "Wechatpay-Timestamp";
pub(crate) const NONCE: &str = "Wechatpay-Nonce";
pub(crate) const SIGNATURE: &str = "Wechatpay-Signature";
pub(crate) const SERIAL: &str = "Wechatpay-Serial";
const SIGNATURE_TYPE: &str = "Wechatpay-Signature-Type";

/// How far the timestamp may be away, in seconds, on either side.
const TOLERANCE: u64 = 300;

/// What a probe's signature begins with: now and then the service sends one to see that it is refused.
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
    /// Whether any of the four is there: an answer with one of them claims to be signed.
    pub(crate) fn any(headers: &HeaderMap) -> bool {
        [TIMESTAMP, NONCE, SIGNATURE, SERIAL]
            .iter()
            .any(|name| headers.contains_key(*name))
    }

    /// Reads the headers; `identity` is whose scheme the signature may name.
    pub(crate) fn read(headers: &'a HeaderMap, identity: &Identity) -> Result<Self, VerifyError> {
        let one = |name: &'static str| {
            let mut values = headers.get_all(name).iter();
            let value = values.next().ok_or(VerifyError::Missing { header: name })?;
            if values.next().is_some() {
                return Err(VerifyError::Repeated { header: name });
            }
            match value.to_str() {
                Ok(text) if text.len() <= LONGEST => Ok(text),
                _ => Err(VerifyError::Malformed { header: name }),
            }
        };
        let read = Self {
            timestamp: one(TIMESTAMP)?,
            nonce: one(NONCE)?,
            signature: one(SIGNATURE)?,
            serial: one(SERIAL)?,
        };
        // The type may be absent. It never selects an algorithm; naming another one is a reason to refuse.
        let merchant = Identity::Merchant { mchid: String::new() };
        for value in headers.get_all(SIGNATURE_TYPE) {
            if value != identity.scheme() && value != merchant.scheme() {
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
        if key.verify(&answer_message(self.timestamp, self.nonce, body), signature) {
            Ok(())
        } else {
            Err(VerifyError::Wrong)
        }
    }

    /// What can be refused before a key is looked for: a probe, and a timestamp that is too far away.
    pub(crate) fn check(&self, now: SystemTime) -> Result<(), VerifyError> {
        if self.signature.starts_with(PROBE) {
            return Err(VerifyError::Probe);
        }
        let malformed = VerifyError::Malformed { header: TIMESTAMP };
        // Digits and nothing else, without a leading zero: what other readers of numbers accept beyond that would be
        // signed under one text and understood as another.
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

/// Seconds since 1970; nothing for a clock that stands before.
pub(crate) fn unix_seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// What is signed of an answer and of a notification: three lines, header text taken as it stands.
pub(crate) fn answer_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(timestamp.len() + nonce.len() + body.len() + 3);
    for line in [timestamp.as_bytes(), nonce.as_bytes(), body] {
        message.extend_from_slice(line);
        message.push(b'\n');
    }
    message
}

/// Why an answer or a notification is not believed.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_core::{VerifyError, notification::NotificationError};
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let paid = gateway.notification("TRANSACTION.SUCCESS", json!({ "mchid": gateway.mchid() }));
///
/// let old = paid.fault(Fault::Stale { seconds: -600 }).sign()?;
/// match receiver.receive::<Value>(old.headers(), old.body()).await {
///     Err(NotificationError::Unverified { error: VerifyError::Stale { seconds }, .. }) => assert!(seconds >= 600),
///     other => panic!("{other:?}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A signature header is missing.
    Missing {
        /// Its name.
        header: &'static str,
    },
    /// A signature header is there more than once.
    Repeated {
        /// Its name.
        header: &'static str,
    },
    /// A signature header does not have the form it must have.
    Malformed {
        /// Its name.
        header: &'static str,
    },
    /// The timestamp is more than 300 seconds away from this machine's clock.
    Stale {
        /// How far away.
        seconds: u64,
    },
    /// No key of this serial number (or public key id) is known.
    UnknownSerial {
        /// What `Wechatpay-Serial` says.
        serial: String,
    },
    /// The signature names another algorithm than the one that is in use.
    OtherAlgorithm,
    /// One of the service's own probes (签名探测流量), which begin with `WECHATPAY/SIGNTEST/` and must be refused.
    Probe,
    /// The signature is not one over these bytes.
    Wrong,
    /// This machine's clock stands before 1970.
    NoClock,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { header } => write!(f, "the header {header} is missing"),
            Self::Repeated { header } => write!(f, "the header {header} is there more than once"),
            Self::Malformed { header } => write!(f, "the header {header} is malformed"),
            Self::Stale { seconds } => write!(f, "the timestamp is {seconds} seconds away, more than 300"),
            Self::UnknownSerial { serial } => {
                write!(f, "no key is known for the serial `{}`", serial.escape_debug())
            }
            Self::OtherAlgorithm => f.write_str("the signature names another algorithm"),
            Self::Probe => f.write_str("the signature is a probe of the service"),
            Self::Wrong => f.write_str("the signature does not fit these bytes"),
            Self::NoClock => f.write_str("this machine's clock stands before 1970"),
        }
    }
}

impl std::error::Error for VerifyError {}

impl VerifyError {
    /// What usually causes this.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Missing { .. } => "a proxy on the way may strip headers whose names begin with Wechatpay-",
            Self::Stale { .. } | Self::NoClock => "set this machine's clock; the service allows 300 seconds of skew",
            Self::UnknownSerial { serial } if serial.starts_with("PUB_KEY_ID_") => {
                "the service signs with a WeChat Pay public key; add it with `wechatpay_public_key(..)`"
            }
            Self::UnknownSerial { .. } => {
                "the service signs with a platform certificate; add it, or turn on `platform_certificates()`"
            }
            Self::Wrong => {
                "the body was changed on the way (a proxy, a framework that parses and writes it again), or the key is another one"
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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
        let identity = Identity::Merchant { mchid: String::new() };
        for name in [TIMESTAMP, NONCE, SIGNATURE, SERIAL] {
            let longest = headers(name, &"1".repeat(2048));
            assert!(SignatureHeaders::read(&longest, &identity).is_ok(), "{name}");
            let longer = headers(name, &"1".repeat(2049));
            let error = SignatureHeaders::read(&longer, &identity).unwrap_err();
            assert_eq!(error, VerifyError::Malformed { header: name });
        }
    }

    #[test]
    fn one_of_the_four_headers_makes_an_answer_claim_that_it_is_signed() {
        assert!(!SignatureHeaders::any(&HeaderMap::new()));
        for (name, claims) in [
            (TIMESTAMP, true),
            (NONCE, true),
            (SIGNATURE, true),
            (SERIAL, true),
            (SIGNATURE_TYPE, false),
        ] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(""))]);
            assert_eq!(SignatureHeaders::any(&headers), claims, "{name}");
        }
    }

    #[test]
    fn each_reason_is_a_sentence_and_the_usual_ones_come_with_their_cause() {
        let serial = |serial: &str| VerifyError::UnknownSerial {
            serial: serial.to_owned(),
        };
        for (reason, text, cause) in [
            (
                VerifyError::Missing { header: NONCE },
                "the header Wechatpay-Nonce is missing",
                Some("proxy"),
            ),
            (
                VerifyError::Repeated { header: SERIAL },
                "the header Wechatpay-Serial is there more than once",
                None,
            ),
            (
                VerifyError::Malformed { header: SIGNATURE },
                "the header Wechatpay-Signature is malformed",
                None,
            ),
            (
                VerifyError::Stale { seconds: 301 },
                "the timestamp is 301 seconds away, more than 300",
                Some("clock"),
            ),
            (
                serial("PUB_KEY_ID_1"),
                "no key is known for the serial `PUB_KEY_ID_1`",
                Some("wechatpay_public_key"),
            ),
            (
                serial("0A\n"),
                r"no key is known for the serial `0A\n`",
                Some("platform certificate"),
            ),
            (
                VerifyError::OtherAlgorithm,
                "the signature names another algorithm",
                None,
            ),
            (VerifyError::Probe, "the signature is a probe of the service", None),
            (
                VerifyError::Wrong,
                "the signature does not fit these bytes",
                Some("changed on the way"),
            ),
            (
                VerifyError::NoClock,
                "this machine's clock stands before 1970",
                Some("clock"),
            ),
        ] {
            assert_eq!(reason.to_string(), text);
            let hint = reason.hint();
            assert_eq!(hint.is_some(), cause.is_some(), "{text}");
            assert!(
                hint.unwrap_or_default().contains(cause.unwrap_or_default()),
                "{text}: {hint:?}"
            );
        }
    }

    #[test]
    fn a13_the_type_may_be_the_own_scheme_or_the_merchants_and_no_other() {
        let read = |identity: &Identity, value: &str| {
            let headers = headers(SIGNATURE_TYPE, value);
            SignatureHeaders::read(&headers, identity).err()
        };
        let merchant = Identity::Merchant { mchid: String::new() };
        let brand = Identity::Brand {
            brand_id: String::new(),
        };
        for (identity, value, refused) in [
            (&merchant, "WECHATPAY2-SHA256-RSA2048", false),
            (&merchant, "WECHATPAY-BRAND-SHA256-RSA2048", true),
            (&brand, "WECHATPAY2-SHA256-RSA2048", false),
            (&brand, "WECHATPAY-BRAND-SHA256-RSA2048", false),
            (&brand, "WECHATPAY2-SM2-WITH-SM3", true),
        ] {
            let expected = refused.then_some(VerifyError::OtherAlgorithm);
            assert_eq!(read(identity, value), expected, "{value}");
        }
    }

    #[test]
    fn a12_a_timestamp_is_a_plain_number_and_300_seconds_away_at_most() {
        let identity = Identity::Merchant { mchid: String::new() };
        let check = |timestamp: &str| {
            let headers = headers(TIMESTAMP, timestamp);
            let signature = SignatureHeaders::read(&headers, &identity).unwrap();
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
