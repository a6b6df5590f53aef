//! Business numbers (商户单号): a response must belong to the order of the request.
//!
//! A signature covers neither the URL nor the request, so a genuine response about another order has a valid signature
//! too. Therefore the ids that request and response share are compared. One rule decides which ids are compared, and a
//! test runs it for every documented operation:
//!
//! - An id is a member at the top whose name ends in the word `id`, `no`, `mchid` or `code`, and every placeholder of
//!   the path.
//! - An id with the same name in request and response is compared, as text or as a whole number.
//! - A ciphertext is not compared: it differs each time.

use crate::request::judge::members::{self, Member};
use percent_encoding::percent_decode_str;
use smallvec::SmallVec;
use std::borrow::Cow;

/// Operations whose documented response has another id under the name that the request has: path template and name.
const ANOTHER_ID: [(&str, &str); 2] = [
    // The response has the openid that the request's was converted to (转换后的openid).
    ("/v3/express/users/{openid}/transform", "openid"),
    // The response has the number of the profit sharing (微信分账单号), the request that of the order (微信订单号).
    ("/v3/ecommerce/profitsharing/after-sales-orders", "transaction_id"),
];

/// Longer values are ciphertexts: one of RSA-2048 has 344 characters, an id at most 128.
const LONGEST: usize = 255;

/// An id of the request: name and value.
type Id<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Enough for nearly every request, so that nothing is allocated.
type Ids<'a> = SmallVec<[Id<'a>; 8]>;

/// The name of an id that the response has with another value than the request.
///
/// `template` and `target` give the ids in the path, the query those in the query string, `body` those at the top of the
/// JSON body. `numbers` are the members of the response whose names [may be compared](may_be_compared).
pub(super) fn mismatch(template: &str, target: &str, body: &[u8], numbers: &[Member<'_>]) -> Option<String> {
    // Fast path: many responses contain no id of the request, so the request need not be parsed.
    if numbers.is_empty() {
        return None;
    }
    let asked = ids_of_request(template, target, body, numbers);
    let differs = |(name, value): &&Member<'_>| {
        let mut same = asked.iter().filter(|(asked, _)| asked == name).peekable();
        // The path takes precedence over the same name in the body. A list in the query matches if any of its values does.
        same.peek().is_some()
            && comparable(value).is_some_and(|got| !same.any(|(_, value)| *value == got))
            && !ANOTHER_ID.contains(&(template, &**name))
    };
    numbers.iter().find(differs).map(|(name, _)| name.clone().into_owned())
}

/// Whether a member of the response with this name is compared if the request has it too.
pub(super) fn may_be_compared(template: &str, name: &str) -> bool {
    let is_placeholder = |after: &str| after.strip_prefix(name).is_some_and(|after| after.starts_with('}'));
    is_id(name) || template.split('{').skip(1).any(is_placeholder)
}

/// The ids in the path and in the query, and those of the body if one of the `numbers` may be among them.
fn ids_of_request<'a>(template: &'a str, target: &'a str, body: &'a [u8], numbers: &[Member<'_>]) -> Ids<'a> {
    let mut ids = Ids::new();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if template.contains('{') {
        let segments = template.split('/').zip(path.split('/'));
        ids.extend(segments.filter_map(|(name, value)| {
            let name = name.strip_prefix('{')?.strip_suffix('}')?;
            Some((Cow::Borrowed(name), decoded(value)?))
        }));
    }
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    ids.extend(pairs.filter_map(|(name, value)| {
        let name = decoded(name).filter(|name| is_id(name))?;
        Some((name, decoded(value)?))
    }));
    ids.retain(|(_, value)| is_comparable(value));
    // Fast path: searching a name is cheaper than parsing a body with ciphertexts.
    if str::from_utf8(body).is_ok_and(|body| numbers.iter().any(|(name, _)| body.contains(&**name))) {
        members::read(body, is_id, |name, value| {
            if let Some(value) = comparable(value) {
                ids.push((name, value));
            }
        });
    }
    ids
}

/// Whether a field of this name identifies an order, a bill, a merchant or another thing of the service.
fn is_id(name: &str) -> bool {
    let last = name.rsplit_once('_').map_or(name, |(_, last)| last);
    matches!(last, "id" | "no" | "mchid" | "code")
}

/// An id as text: a JSON string, or the digits of a whole number.
fn comparable(json: &str) -> Option<Cow<'_, str>> {
    let is_number = !json.is_empty() && json.bytes().all(|byte| byte.is_ascii_digit());
    let text = if is_number {
        Cow::Borrowed(json)
    } else {
        members::text(json)?
    };
    is_comparable(&text).then_some(text)
}

/// Whether it is there, and no ciphertext.
fn is_comparable(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::judge::members::Response;

    fn mismatch(template: &str, target: &str, body: &[u8], response: &[u8]) -> Option<String> {
        let response = Response::read(response, |name| may_be_compared(template, name));
        super::mismatch(template, target, body, &response.numbers)
    }

    #[test]
    fn a14_a_response_about_another_order_is_recognised_by_its_number() {
        let template = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
        let asked = "/v3/pay/transactions/out-trade-no/A%2F1?mchid=1900";
        let check = |response: &str| mismatch(template, asked, b"", response.as_bytes());
        assert_eq!(check(r#"{"out_trade_no":"A/1","mchid":"1900"}"#), None);
        assert_eq!(check(r#"{"out_trade_no":"A\/1"}"#), None);
        assert_eq!(check(r#"{"out_trade_no":"B1"}"#).as_deref(), Some("out_trade_no"));
        assert_eq!(
            check(r#"{"deep":{"out_trade_no":"B1"},"mchid":"1901"}"#).as_deref(),
            Some("mchid")
        );
        // Not asked about, absent, not an object: nothing to compare.
        for other in [
            r#"{"out_refund_no":"R"}"#,
            r#"{"out_trade_no":null,"mchid":""}"#,
            r#"{"out_trade_no":{"id":"B1"},"mchid":["1901"]}"#,
            r#"["out_trade_no"]"#,
            "not json",
        ] {
            assert_eq!(check(other), None, "{other}");
        }
    }

    #[test]
    fn a14_ids_in_the_body_count_too() {
        let body = br#"{"out_refund_no":"R1","amount":{"out_trade_no":"x"}}"#;
        let check = |response: &str| mismatch("/v3/refund", "/v3/refund", body, response.as_bytes());
        assert_eq!(check(r#"{"out_refund_no":"R1","out_trade_no":"y"}"#), None);
        assert_eq!(check(r#"{"out_refund_no":"R2"}"#).as_deref(), Some("out_refund_no"));
    }

    #[test]
    fn s8_an_id_is_compared_as_text_or_number_wherever_it_is_asked() {
        for name in [
            "out_trade_no",
            "transaction_id",
            "brand_mchid",
            "batch_no",
            "contract_id",
            "receipt_id",
            "bill_id",
            "coupon_code",
            "mchid",
            "id",
            "code",
        ] {
            for (template, target, body) in [
                (format!("/v3/{{{name}}}"), "/v3/%TEXT".to_owned(), String::new()),
                ("/v3/x".to_owned(), format!("/v3/x?a=b&{name}=%TEXT"), String::new()),
                (
                    "/v3/x".to_owned(),
                    "/v3/x".to_owned(),
                    format!(r#"{{"{name}":"%TEXT"}}"#),
                ),
                ("/v3/x".to_owned(), "/v3/x".to_owned(), format!(r#"{{"{name}":%TEXT}}"#)),
            ] {
                for response in [format!(r#" {{"{name}":"1"}}"#), format!(r#"{{"{name}":1}}"#)] {
                    let check = |text| {
                        let (target, body) = (target.replace("%TEXT", text), body.replace("%TEXT", text));
                        mismatch(&template, &target, body.as_bytes(), response.as_bytes())
                    };
                    assert_eq!(check("1"), None, "{template} {target} {body} {response}");
                    assert_eq!(
                        check("2").as_deref(),
                        Some(name),
                        "{template} {target} {body} {response}"
                    );
                }
            }
        }
    }

    #[test]
    fn s8_every_placeholder_is_compared_whatever_its_name() {
        let check = |template: &str, target: &str, response: &str| mismatch(template, target, b"", response.as_bytes());
        let (template, target) = ("/v3/devices/{device_sn}", "/v3/devices/A1");
        assert_eq!(check(template, target, r#"{"device_sn":"A1"}"#), None);
        assert_eq!(
            check(template, target, r#"{"device_sn":"B1"}"#).as_deref(),
            Some("device_sn")
        );
        // One operation converts the id that it is asked about.
        let response = r#"{"openid":"o2"}"#;
        assert_eq!(
            check(
                "/v3/express/users/{openid}/transform",
                "/v3/express/users/o1/transform",
                response
            ),
            None
        );
        assert!(check("/v3/users/{openid}", "/v3/users/o1", response).is_some());
    }

    #[test]
    fn s8_what_is_no_id_or_a_ciphertext_may_differ() {
        let body = br#"{"status":"NEW","appid":"wx1","openid":"o1","mch_id_type":"1","total":1}"#;
        let response = br#"{"status":"DONE","appid":"wx2","openid":"o2","mch_id_type":"2","total":2}"#;
        assert_eq!(mismatch("/v3/x", "/v3/x?status=OLD&limit=1", body, response), None);
        let ciphertext = |filling: &str| format!(r#"{{"card_no":"{}"}}"#, filling.repeat(344));
        let check = |body: &str, response: &str| mismatch("/v3/x", "/v3/x", body.as_bytes(), response.as_bytes());
        assert_eq!(check(&ciphertext("A"), &ciphertext("B")), None);
        assert_eq!(check(&ciphertext("A"), r#"{"card_no":"**** 1234"}"#), None);
    }

    #[test]
    fn the_path_wins_over_the_body_and_a_list_matches_by_any_of_its_values() {
        let (template, target) = ("/v3/x/{plan_id}", "/v3/x/1?sub_mchid=7&sub_mchid=8");
        let check = |response: &str| mismatch(template, target, br#"{"plan_id":2}"#, response.as_bytes());
        assert_eq!(check(r#"{"plan_id":"1","sub_mchid":"8"}"#), None);
        assert_eq!(check(r#"{"plan_id":2,"sub_mchid":"7"}"#), None);
        assert_eq!(check(r#"{"plan_id":3}"#).as_deref(), Some("plan_id"));
        assert_eq!(check(r#"{"plan_id":1,"sub_mchid":"9"}"#).as_deref(), Some("sub_mchid"));
    }
}
