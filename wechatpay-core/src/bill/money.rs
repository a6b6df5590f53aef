//! Amounts: yuan with decimals in a bill, whole fen everywhere else.

use serde::{Deserialize, Deserializer, de::Error as _};
use std::borrow::Cow;

pub(crate) const NOT_WHOLE_FEN: (&str, &str) = ("it is not an amount of whole fen", "不是以分为单位的整数金额");

/// Reads an amount of yuan (元) as fen (分), exactly. `None` when it is not an amount, or not one of whole fen.
///
/// ```
/// use wechatpay_core::bill::parse_fen;
///
/// assert_eq!(parse_fen("0.01"), Some(1));
/// assert_eq!(parse_fen("-12.3"), Some(-1230));
/// assert_eq!(parse_fen("12"), Some(1200));
/// assert_eq!(parse_fen("0.01000"), Some(1));
/// // A fee can be a fraction of a fen.
/// assert_eq!(parse_fen("0.00036"), None);
/// ```
#[must_use]
pub fn parse_fen(yuan: &str) -> Option<i64> {
    let (negative, digits) = match yuan.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, yuan),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (fraction, beyond) = fraction.split_at(fraction.len().min(2));
    if beyond.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let fraction: i64 = fraction.parse::<i64>().ok()? * if fraction.len() == 1 { 10 } else { 1 };
    // Built up with its sign, so that the smallest number is read too.
    let sign = if negative { -1 } else { 1 };
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(100 * sign)?.checked_add(fraction * sign)
}

/// Decodes an amount of yuan as fen: `#[serde(deserialize_with = "wechatpay_core::bill::fen")]` on an `i64`.
///
/// ```
/// use serde::Deserialize;
/// use wechatpay_core::bill::{self, BlockingBillReader};
///
/// #[derive(Deserialize)]
/// struct Order {
///     #[serde(rename = "订单金额", deserialize_with = "bill::fen")]
///     total: i64,
/// }
///
/// let mut reader = BlockingBillReader::new("商户订单号,订单金额\n`A1,`12.30\n".as_bytes());
/// let order: Order = reader.next_as()?.expect("there is one row");
/// assert_eq!(order.total, 1230);
///
/// // It is a function like any other of serde's.
/// let total = bill::fen(&mut serde_json::Deserializer::from_str(r#""0.01""#))?;
/// assert_eq!(total, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When it is not an amount of whole fen.
pub fn fen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let yuan = Cow::<'de, str>::deserialize(deserializer)?;
    parse_fen(&yuan).ok_or_else(|| D::Error::custom(NOT_WHOLE_FEN.0))
}

/// Decodes an amount of yuan as fen, and an empty cell as none:
/// `#[serde(default, deserialize_with = "wechatpay_core::bill::optional_fen")]` on an `Option<i64>`.
///
/// ```
/// use wechatpay_core::bill::optional_fen;
///
/// let read = |json| optional_fen(&mut serde_json::Deserializer::from_str(json));
/// assert_eq!(read(r#""12.30""#)?, Some(1230));
/// assert_eq!(read(r#""""#)?, None);
/// assert!(read(r#""free""#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When it is neither.
pub fn optional_fen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let yuan = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    match yuan.as_deref() {
        None | Some("") => Ok(None),
        Some(yuan) => parse_fen(yuan)
            .map(Some)
            .ok_or_else(|| D::Error::custom(NOT_WHOLE_FEN.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_amounts_of_whole_fen_are_read() {
        let cases = [
            ("0", 0),
            ("-0", 0),
            ("0.0", 0),
            ("0.1", 10),
            ("0.09", 9),
            ("1.10", 110),
            ("007.5", 750),
            ("92233720368547758.07", i64::MAX),
        ];
        for (yuan, fen) in cases {
            assert_eq!(parse_fen(yuan), Some(fen), "{yuan}");
        }
        for yuan in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "--1",
            "+1",
            " 1",
            "1 ",
            "1,000.00",
            "1e2",
            "0.001",
            "0x1",
            "１",
            "NaN",
            "1.-5",
            "92233720368547758.08",
            "99999999999999999999",
        ] {
            assert_eq!(parse_fen(yuan), None, "{yuan}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_that_is_written_is_read_back(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            let sign = if fen < 0 { "-" } else { "" };
            let yuan = format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100);
            prop_assert_eq!(parse_fen(&yuan), Some(fen));
        }
    }
}
