//! The form of a value on the wire: sensitive texts are encrypted, and JSON in a string is serialized as a string.

use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Map, Value};
use wechatpay_catalogue::description::{Operation, Place, Schema};
use wechatpay_core::Sensitive;

/// A value beside its schema.
pub(crate) struct Wire<'a> {
    pub(crate) value: &'a Value,
    pub(crate) schema: Option<&'a Schema>,
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(schema) = self.schema else {
            return self.value.serialize(serializer);
        };
        match self.value {
            Value::String(text) if schema.sensitive => Sensitive::new(text.clone()).serialize(serializer),
            Value::Object(_) | Value::Array(_) if schema.json.is_some() => {
                let text = serde_json::to_string(self.value).map_err(S::Error::custom)?;
                text.serialize(serializer)
            }
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    let schema = schema.property(name).map(|property| &property.schema);
                    map.serialize_entry(name, &Wire { value, schema })?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&Wire {
                        value,
                        schema: schema.items.as_deref(),
                    })?;
                }
                list.end()
            }
            other => other.serialize(serializer),
        }
    }
}

/// The query parameters of a call.
pub(crate) struct Query<'a> {
    pub(crate) values: &'a Map<String, Value>,
    pub(crate) operation: &'a Operation,
}

impl Serialize for Query<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (name, value) in self.values {
            let parameter = self
                .operation
                .parameters_in(Place::Query)
                .find(|parameter| parameter.name == *name);
            map.serialize_entry(
                name,
                &Wire {
                    value,
                    schema: parameter.map(|parameter| &parameter.schema),
                },
            )?;
        }
        map.end()
    }
}
