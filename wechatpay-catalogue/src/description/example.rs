//! Values that match a schema, for tests and simulators.

use super::schema::{Kind, Schema};
use serde_json::{Map, Value};

/// A value for a string with a known format.
fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2018-06-08T10:34:56+08:00",
        "date" => "2018-06-08",
        "uri" => "https://example.com/",
        "numeric" => "1",
        "yyyyMMddHHmmss" => "20180608103456",
        _ => return None,
    })
}

impl Schema {
    /// A value of this schema with all its members: the documented examples where they fit, otherwise the first
    /// documented value, or the shortest one within the limits. Sensitive values are plaintext.
    #[must_use]
    pub fn example_value(&self) -> Value {
        match self.kind {
            Kind::Object => {
                let members = self.properties.iter();
                members
                    .map(|member| (member.name.clone(), member.schema.example_value()))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Kind::Array => {
                let item = self.items.as_deref().map(Self::example_value).unwrap_or_default();
                vec![item; usize::try_from(self.min_items.unwrap_or(1).max(1)).unwrap_or(1)].into()
            }
            Kind::Any => self.example.clone().unwrap_or_else(|| Value::Object(Map::new())),
            Kind::String | Kind::Integer | Kind::Number | Kind::Boolean => self.example_scalar(),
        }
    }

    fn example_scalar(&self) -> Value {
        if let Some(example) = self.example.as_ref().filter(|example| self.allows(example)) {
            return example.clone();
        }
        if let Some(first) = self.values.first() {
            return first.value.clone();
        }
        match self.kind {
            Kind::Boolean => true.into(),
            Kind::Integer | Kind::Number => {
                let within = self
                    .minimum
                    .clone()
                    .or_else(|| self.maximum.clone().filter(|limit| limit.as_f64() < Some(1.0)));
                within.map_or_else(|| 1.into(), Value::Number)
            }
            _ => match &self.json {
                Some(json) => json.example_value().to_string().into(),
                None => self.example_text().into(),
            },
        }
    }

    fn example_text(&self) -> String {
        let text = self.format.as_deref().and_then(formatted).unwrap_or("1");
        let at_most = self
            .max_length
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(usize::MAX);
        let mut text: String = text.chars().take(at_most).collect();
        let at_least = self
            .min_length
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0)
            .min(1024);
        text.extend(std::iter::repeat_n('0', at_least.saturating_sub(text.chars().count())));
        text
    }

    /// Whether a scalar has this schema's type, is one of the documented values, and keeps the limits of length and
    /// size. The pattern is not looked at.
    #[must_use]
    pub fn allows(&self, value: &Value) -> bool {
        let typed = match self.kind {
            Kind::String => value.is_string(),
            Kind::Integer => value.is_i64() || value.is_u64(),
            Kind::Number => value.is_number(),
            Kind::Boolean => value.is_boolean(),
            Kind::Any => true,
            Kind::Array | Kind::Object => false,
        };
        let listed = self.values.is_empty() || self.values.iter().any(|known| known.value == *value);
        let length = value.as_str().map(|text| text.chars().count() as u64);
        let number = value.as_f64();
        typed
            && listed
            && length.is_none_or(|length| {
                self.min_length.is_none_or(|least| length >= least) && self.max_length.is_none_or(|most| length <= most)
            })
            && number.is_none_or(|number| {
                let above = self
                    .minimum
                    .as_ref()
                    .and_then(serde_json::Number::as_f64)
                    .is_none_or(|least| number >= least);
                let below = self
                    .maximum
                    .as_ref()
                    .and_then(serde_json::Number::as_f64)
                    .is_none_or(|most| number <= most);
                above && below
            })
    }
}
