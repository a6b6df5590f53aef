//! Serial numbers of certificates.

use std::{borrow::Borrow, fmt, sync::Arc};

/// What names a key in the header `Wechatpay-Serial`: a certificate's serial number (证书序列号) or the id of a WeChat
/// Pay public key (微信支付公钥ID, `PUB_KEY_ID_…`).
///
/// A serial number is a number, and people write it in lower case, or with more or fewer leading zeros; all of that is
/// the same number. It is kept in one form, the one that WeChat Pay shows: upper-case hexadecimal, two digits a byte.
/// An id is kept as it is. Cheap to clone.
///
/// ```
/// use wechatpay_core::keys::SerialNo;
///
/// assert_eq!(SerialNo::new("00a1b2c"), SerialNo::new("A1B2C"));
/// assert_eq!(SerialNo::new("a1b2c").as_str(), "0A1B2C");
/// assert_eq!(SerialNo::new("PUB_KEY_ID_0001").as_str(), "PUB_KEY_ID_0001");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialNo(Arc<str>);

impl SerialNo {
    /// Brings `text` into the one form. Text that is no hexadecimal number is kept unchanged.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if !is_number(text) {
            return Self(text.into());
        }
        let digits = text.trim_start_matches('0');
        let padding = if digits.is_empty() {
            "00"
        } else if digits.len().is_multiple_of(2) {
            ""
        } else {
            "0"
        };
        let mut serial_no = String::with_capacity(padding.len() + digits.len());
        serial_no.push_str(padding);
        serial_no.push_str(digits);
        serial_no.make_ascii_uppercase();
        Self(serial_no.into())
    }

    /// The serial number of a certificate, from the big-endian bytes of its number.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        use fmt::Write as _;
        let mut digits = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing into a `String` cannot fail.
            let _ = write!(digits, "{byte:02X}");
        }
        Self::new(&digits)
    }

    /// Whether `text` names the same key, in whatever form it is written.
    pub(crate) fn is(&self, text: &str) -> bool {
        let same_digits = || {
            let [own, other] = [&self.0, text].map(|number| number.trim_start_matches('0'));
            own.eq_ignore_ascii_case(other)
        };
        *self.0 == *text || (is_number(text) && is_number(&self.0) && same_digits())
    }

    /// The text, as it stands in headers.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// For looking up by a text that is in the one form already. Make a [`SerialNo`] from any other text.
impl Borrow<str> for SerialNo {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SerialNo {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for SerialNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SerialNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_the_key_of_the_same_number_however_it_is_written() {
        let texts = [
            "A1B2C",
            "0a1b2c",
            "000A1B2c",
            "A1B2D",
            "0",
            "000",
            "",
            "PUB_KEY_ID_01",
            "pub_key_id_01",
            "PUB_KEY_ID_1",
        ];
        for text in texts {
            for other in texts {
                let same = SerialNo::new(text) == SerialNo::new(other);
                assert_eq!(SerialNo::new(text).is(other), same, "{text} {other}");
            }
        }
    }
}
