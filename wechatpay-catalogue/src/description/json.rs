//! JSON that keeps the order of its members, and prints so that a person can review a change line by line.
//!
//! The order of fields in the description is the order in the official documentation and in the generated code, so a map
//! that sorts its keys would lose information.
//!
//! ```
//! use wechatpay_catalogue::description::json::Json;
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! let json = Json::parse(r#"{ "title": "金额", "required": true, "enum": ["CNY"] }"#)?;
//! assert_eq!(json.get("title").and_then(Json::as_str), Some("金额"));
//! assert_eq!(json.get("required").and_then(Json::as_bool), Some(true));
//! assert_eq!(json.get("enum").map(|values| values.items().len()), Some(1));
//! assert_eq!(json.members()[0].0, "title");
//! assert_eq!(json.to_value()["title"], "金额");
//! assert_eq!(Json::parse(&json.pretty())?, json);
//! # Ok(()) }
//! ```

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use std::fmt;

/// A JSON value whose objects keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exactly as written.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object. Reading refuses a key that occurs twice.
    Object(Vec<(String, Json)>),
}

/// How many columns [`Json::pretty`] fills before it breaks a value into lines.
const WIDTH: usize = 120;

impl Json {
    /// Reads JSON text.
    ///
    /// # Errors
    /// The text is not JSON, has a duplicate key in an object, or nests deeper than 128 levels.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The members of an object, in order. Empty for every other value.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array. Empty for every other value.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The same value as serde_json's type, whose objects are sorted.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => number.clone().into(),
            Self::String(text) => text.clone().into(),
            Self::Array(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), value.to_value()))
                .collect(),
        }
    }

    /// The value over several lines, indented by two spaces. A short value stays on one line.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0, 0);
        out.push('\n');
        out
    }

    /// `used` columns of the line are taken, before and after the value.
    fn write_pretty(&self, out: &mut String, indent: usize, used: usize) {
        let line = self.one_line();
        if used + line.chars().count() <= WIDTH || matches!(self, Self::String(_) | Self::Number(_)) {
            out.push_str(&line);
            return;
        }
        let (open, close, length) = match self {
            Self::Array(items) => ('[', ']', items.len()),
            _ => ('{', '}', self.members().len()),
        };
        let inner = indent + 2;
        out.push(open);
        for index in 0..length {
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            out.extend(std::iter::repeat_n(' ', inner));
            match self {
                Self::Object(members) => {
                    if let Some((name, value)) = members.get(index) {
                        let name = quoted(name);
                        out.push_str(&name);
                        out.push_str(": ");
                        value.write_pretty(out, inner, inner + name.chars().count() + 3);
                    }
                }
                _ => {
                    if let Some(value) = self.items().get(index) {
                        value.write_pretty(out, inner, inner + 1);
                    }
                }
            }
        }
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
        out.push(close);
    }

    /// The value on one line, with a space after `:` and `,`, and inside braces.
    fn one_line(&self) -> String {
        match self {
            Self::Array(items) => {
                let items: Vec<_> = items.iter().map(Self::one_line).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(members) if !members.is_empty() => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, value)| format!("{}: {}", quoted(name), value.one_line()))
                    .collect();
                format!("{{ {} }}", members.join(", "))
            }
            other => other.to_string(),
        }
    }
}

/// Compact JSON, without any space.
impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => value.fmt(formatter),
            Self::Number(number) => number.fmt(formatter),
            Self::String(text) => formatter.write_str(&quoted(text)),
            Self::Array(items) => {
                formatter.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(",")?;
                    }
                    item.fmt(formatter)?;
                }
                formatter.write_str("]")
            }
            Self::Object(members) => {
                formatter.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(",")?;
                    }
                    write!(formatter, "{}:{value}", quoted(name))?;
                }
                formatter.write_str("}")
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::Array(items)
    }
}

/// An array.
impl FromIterator<Json> for Json {
    fn from_iter<I: IntoIterator<Item = Json>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

/// An object.
impl<K: Into<String>> FromIterator<(K, Json)> for Json {
    fn from_iter<I: IntoIterator<Item = (K, Json)>>(members: I) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Json, E> {
        Number::from_f64(number)
            .map(Json::Number)
            .ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = array.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some((name, value)) = object.next_entry::<String, Json>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format!("the key {name:?} occurs twice")));
            }
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn the_order_of_members_survives_reading_and_printing() {
        let text = r#"{"b":1,"a":[true,null,"x\n\"中"],"c":{"z":1.5,"y":{}}}"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn a_key_that_occurs_twice_is_refused_by_name() {
        let error = Json::parse(r#"{"a":{"b":1,"b":2}}"#).unwrap_err().to_string();
        assert!(error.contains(r#"the key "b" occurs twice"#), "{error}");
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_value_is_broken_into_lines_only_when_it_does_not_fit() {
        let short = Json::parse(r#"{"a":{"b":[1,2]}}"#).unwrap();
        assert_eq!(short.pretty(), "{ \"a\": { \"b\": [1, 2] } }\n");
        let long = Json::parse(&format!(r#"{{"a":"{}","b":[1,2]}}"#, "x".repeat(110))).unwrap();
        assert_eq!(
            long.pretty(),
            format!("{{\n  \"a\": \"{}\",\n  \"b\": [1, 2]\n}}\n", "x".repeat(110))
        );
        assert_eq!(Json::parse(&long.pretty()).unwrap(), long);
    }
}
