//! Checks a request against the description of its operation.

use http::Method;
use serde_json::{Value, json};
use wechatpay_catalogue::description::{Description, Method as Described, Operation};

use crate::request::{refusal::Refusal, sensitive::Plaintexts};

/// The described operation that this request calls.
pub(crate) fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let method = Described::parse(method.as_str())?;
    Description::embedded().route(method, path)?.operation().ok()
}

/// Refuses plaintext in a field that must be encrypted. `json` and `query` are decrypted already; `plaintexts` lists
/// the fields that were ciphertexts.
pub(crate) fn require_ciphertexts(
    operation: &Operation,
    query: &[(String, String)],
    json: &Value,
    plaintexts: &Plaintexts,
) -> Result<(), Refusal> {
    let mut refused = None;
    operation.walk_request(&mut |place, schema| {
        if !schema.sensitive || refused.is_some() {
            return;
        }
        let in_query = query.iter().filter(|(name, value)| name == place && !value.is_empty());
        let mut plain: Vec<String> = in_query.map(|(name, _)| name.clone()).collect();
        texts(json, place, String::new(), &mut plain);
        refused = plain.into_iter().find(|place| !plaintexts.contains_key(place));
    });
    match refused {
        None => Ok(()),
        Some(field) => Err(
            Refusal::param_error("请确认待处理的消息是否为加密后的密文").detail(json!({
                "location": "body",
                "field": field,
                "issue": "the value was sent as plaintext, but the field must be encrypted",
            })),
        ),
    }
}

/// Adds the path of every string that matches the pattern `place` (`receivers[].name`). Empty strings are never
/// encrypted.
fn texts(value: &Value, place: &str, here: String, found: &mut Vec<String>) {
    if let Some(rest) = place.strip_prefix("[]") {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            texts(item, rest, format!("{here}[{index}]"), found);
        }
    } else if place.is_empty() {
        if value.as_str().is_some_and(|text| !text.is_empty()) {
            found.push(here);
        }
    } else {
        let place = place.strip_prefix('.').unwrap_or(place);
        let end = place.find(['.', '[']).unwrap_or(place.len());
        let (name, rest) = place.split_at(end);
        if let Some(member) = value.get(name) {
            let separator = if here.is_empty() { "" } else { "." };
            texts(member, rest, format!("{here}{separator}{name}"), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_every_string_that_it_matches() {
        let value =
            json!({ "a": { "list": [{ "name": "x" }, {}, { "name": "" }, { "name": 1 }] }, "texts": ["y", "z"] });
        let found = |place| {
            let mut found = Vec::new();
            texts(&value, place, String::new(), &mut found);
            found
        };
        assert_eq!(found("a.list[].name"), ["a.list[0].name"]);
        assert_eq!(found("texts[]"), ["texts[0]", "texts[1]"]);
        for nothing in ["a", "a.list", "missing.name", "texts[].name"] {
            assert_eq!(found(nothing), Vec::<String>::new(), "{nothing}");
        }
    }
}
