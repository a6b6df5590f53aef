//! A value as it may be shown: secrets masked.

use serde_json::{Map, Value};
use wechatpay_catalogue::description::Schema;

/// Replaces a secret.
const MASK: &str = "[encrypted]";

/// The value with a mask in the place of each sensitive text. What the description does not know is masked too when the
/// value around it has secrets: it may be a misspelt one.
pub(crate) fn masked(schema: Option<&Schema>, value: &Value) -> Value {
    let Some(schema) = schema else { return value.clone() };
    match value {
        Value::Null => Value::Null,
        _ if schema.sensitive => MASK.into(),
        Value::Object(members) => {
            let inner = schema.json.as_deref().unwrap_or(schema);
            let has_secrets = inner.has_secrets();
            let members = members.iter().map(|(name, value)| {
                let shown = match inner.property(name) {
                    Some(property) => masked(Some(&property.schema), value),
                    None if has_secrets => MASK.into(),
                    None => value.clone(),
                };
                (name.clone(), shown)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let inner = schema.json.as_deref().unwrap_or(schema).items.as_deref();
            items.iter().map(|item| masked(inner, item)).collect()
        }
        other => other.clone(),
    }
}
