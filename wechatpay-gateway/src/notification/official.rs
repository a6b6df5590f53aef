//! The JSON of a notification in the format of the service.
//!
//! The members are in the order of the official example and the lines are indented. A receiver that parses the body and
//! serializes it again gets other bytes than the signed ones, as with the service.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value, ser::PrettyFormatter};

/// The order of the official example. Other members follow alphabetically.
const ORDER: [&str; 11] = [
    "id",
    "create_time",
    "resource_type",
    "event_type",
    "summary",
    "resource",
    "original_type",
    "algorithm",
    "ciphertext",
    "associated_data",
    "nonce",
];

pub(super) fn to_vec(notification: &Value) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"    ");
    Ordered(notification).serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))?;
    Ok(out)
}

struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in in_order(members) {
                    map.serialize_entry(name, &Ordered(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}

fn in_order(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| ORDER.iter().position(|listed| listed == name).unwrap_or(ORDER.len()));
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn u2_members_are_in_the_official_order_and_serializing_again_changes_the_bytes() {
        let notification = json!({
            "summary": "支付成功", "resource": { "nonce": "n", "algorithm": "a", "original_type": "t" },
            "event_type": "e", "id": "i", "extra": 1, "create_time": "c", "resource_type": "r"
        });
        let bytes = to_vec(&notification).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let names: Vec<&str> = text.lines().filter_map(|line| line.trim().split('"').nth(1)).collect();
        let order = [
            "id",
            "create_time",
            "resource_type",
            "event_type",
            "summary",
            "resource",
        ];
        assert_eq!(
            names,
            [&order[..], &["original_type", "algorithm", "nonce", "extra"]].concat()
        );
        let again: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(again, notification);
        assert_ne!(serde_json::to_vec(&again).unwrap(), bytes);
        assert_ne!(serde_json::to_vec_pretty(&again).unwrap(), bytes);
    }
}
