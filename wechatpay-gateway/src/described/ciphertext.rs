//! Plaintext where the description wants a ciphertext (敏感信息加密).

use serde_json::Value;
use wechatpay_catalogue::description::Operation;

use crate::request::{
    field::{Field, Location, pointer},
    refusal::Refusal,
    sensitive::Plaintexts,
};

/// Refuses plaintext in a field that must be encrypted. `json` and `query` are decrypted already; `plaintexts` lists
/// the fields that were ciphertexts.
pub(crate) fn require(
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
        let mut plain = Vec::new();
        texts(json, place, String::new(), &mut plain);
        let in_query = query.iter().filter(|(name, value)| name == place && !value.is_empty());
        let in_query = in_query.map(|(name, _)| (Location::Query, name.clone()));
        let mut places = in_query.chain(plain.into_iter().map(|place| (Location::Body, place)));
        refused = places.find(|(_, place)| !plaintexts.contains_key(place));
    });
    match refused {
        None => Ok(()),
        Some((location, place)) => Err(Field {
            location,
            pointer: &pointer(&place),
        }
        .refuse(
            "请确认待处理的消息是否为加密后的密文".to_owned(),
            "the value was sent as plaintext, but the field must be encrypted",
            None,
        )),
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
    use serde_json::json;

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
