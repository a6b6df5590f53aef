//! Business numbers (商户单号): an answer must speak of the order that was asked about.
//!
//! A signature covers neither the URL nor the request, so a genuine answer to another order verifies as well. What can
//! be held against the request are the numbers that the answer repeats.

use percent_encoding::percent_decode_str;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use std::{borrow::Cow, fmt};

/// Whether a field of this name identifies an order, a bill or a merchant.
fn is_number(name: &str) -> bool {
    name.starts_with("out_")
        || matches!(
            name,
            "transaction_id"
                | "refund_id"
                | "transfer_bill_no"
                | "batch_id"
                | "mchid"
                | "sp_mchid"
                | "sub_mchid"
                | "combine_out_trade_no"
                | "combine_mchid"
        )
}

/// The name of a number that the answer gives otherwise than the request.
///
/// `template` and `target` give the numbers in the path, the query those in the query string, `body` those at the top
/// of the JSON body. Only text is compared, and only where both sides have the name.
pub(crate) fn mismatch(template: &str, target: &str, body: &[u8], answer: &[u8]) -> Option<String> {
    let answered = at_the_top(answer);
    if answered.is_empty() {
        return None;
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let in_path = template.split('/').zip(path.split('/')).filter_map(|(name, value)| {
        Some((
            Cow::Borrowed(name.strip_prefix('{')?.strip_suffix('}')?),
            decoded(value)?,
        ))
    });
    let in_query = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((decoded(name)?, decoded(value)?))
    });
    let mut asked: Vec<_> = in_path.chain(in_query).filter(|(name, _)| is_number(name)).collect();
    asked.extend(at_the_top(body));
    // The path wins over a body that repeats its name; a list in the query matches if any of its values does.
    answered.into_iter().find_map(|(name, got)| {
        let mut same_name = asked.iter().filter(|(asked, _)| *asked == name).peekable();
        (same_name.peek().is_some() && !same_name.any(|(_, value)| *value == got)).then(|| name.into_owned())
    })
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

/// The numbers at the top of a JSON object.
fn at_the_top(json: &[u8]) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    if json
        .first()
        .is_none_or(|byte| !byte.is_ascii_whitespace() && *byte != b'{')
    {
        return Vec::new();
    }
    serde_json::Deserializer::from_slice(json)
        .deserialize_map(Numbers)
        .unwrap_or_default()
}

struct Numbers;

impl<'de> Visitor<'de> for Numbers {
    type Value = Vec<(Cow<'de, str>, Cow<'de, str>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut numbers = Vec::new();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            if is_number(&name.0) {
                if let MaybeText(Some(text)) = map.next_value::<MaybeText<'de>>()? {
                    numbers.push((name.0, text));
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(numbers)
    }
}

/// A text, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Text<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A text, or anything else, which is passed over.
struct MaybeText<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for MaybeText<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(
            serde_json::from_str::<Text<'de>>(raw.get()).ok().map(|text| text.0),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a14_an_answer_to_another_order_is_told_by_its_number() {
        let template = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
        let asked = "/v3/pay/transactions/out-trade-no/A%2F1?mchid=1900";
        let check = |answer: &str| mismatch(template, asked, b"", answer.as_bytes());
        assert_eq!(check(r#"{"out_trade_no":"A/1","mchid":"1900"}"#), None);
        assert_eq!(check(r#"{"out_trade_no":"A\/1"}"#), None);
        assert_eq!(check(r#"{"out_trade_no":"B1"}"#).as_deref(), Some("out_trade_no"));
        assert_eq!(
            check(r#"{"deep":{"out_trade_no":"B1"},"mchid":"1901"}"#).as_deref(),
            Some("mchid")
        );
        // Not a text, not asked about, not an object: nothing to compare.
        assert_eq!(check(r#"{"out_trade_no":1,"out_refund_no":"R"}"#), None);
        assert_eq!(check(r#"["out_trade_no"]"#), None);
        assert_eq!(check("not json"), None);
    }

    #[test]
    fn a14_numbers_in_the_body_count_too() {
        let body = br#"{"out_refund_no":"R1","amount":{"out_trade_no":"x"}}"#;
        let check = |answer: &str| mismatch("/v3/refund", "/v3/refund", body, answer.as_bytes());
        assert_eq!(check(r#"{"out_refund_no":"R1","out_trade_no":"y"}"#), None);
        assert_eq!(check(r#"{"out_refund_no":"R2"}"#).as_deref(), Some("out_refund_no"));
    }

    #[test]
    fn a14_what_is_no_number_may_differ() {
        let body = br#"{"status":"NEW","appid":"wx1","mch_id":"1","trade_out_no":"1"}"#;
        let answer = br#"{"status":"DONE","appid":"wx2","mch_id":"2","trade_out_no":"2"}"#;
        assert_eq!(mismatch("/v3/x", "/v3/x?status=OLD", body, answer), None);
    }

    #[test]
    fn a14_each_number_counts_wherever_it_is_asked() {
        for name in [
            "out_trade_no",
            "out_anything",
            "transaction_id",
            "refund_id",
            "transfer_bill_no",
            "batch_id",
            "mchid",
            "sp_mchid",
            "sub_mchid",
        ] {
            let answer = format!(r#" {{"{name}":"1"}}"#);
            for (template, target, body) in [
                (format!("/v3/{{{name}}}"), "/v3/%TEXT".to_owned(), String::new()),
                ("/v3/x".to_owned(), format!("/v3/x?a=b&{name}=%TEXT"), String::new()),
                (
                    "/v3/x".to_owned(),
                    "/v3/x".to_owned(),
                    format!(r#"{{"{name}":"%TEXT"}}"#),
                ),
            ] {
                let check = |text| {
                    let (target, body) = (target.replace("%TEXT", text), body.replace("%TEXT", text));
                    mismatch(&template, &target, body.as_bytes(), answer.as_bytes())
                };
                assert_eq!(check("1"), None, "{template} {target} {body}");
                assert_eq!(check("2").as_deref(), Some(name), "{template} {target} {body}");
            }
        }
    }
}
