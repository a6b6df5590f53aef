//! What a response type asks for, without a response.

use serde::de::{Deserialize, Deserializer, Visitor};
use std::fmt;

/// What a type asks its deserializer for.
#[derive(Debug)]
pub(crate) enum Asks<T> {
    /// Nothing: `()` and unit structs. This is the value.
    Nothing(T),
    /// Something. The names of its fields, when it is a struct without flattened fields.
    For(&'static [&'static str]),
}

/// Asks `T`. Costs no allocation.
pub(crate) fn probe<'de, T: Deserialize<'de>>() -> Asks<T> {
    match T::deserialize(Probe) {
        Ok(nothing) => Asks::Nothing(nothing),
        Err(Fields(names)) => Asks::For(names),
    }
}

/// A deserializer without input. It satisfies only what needs none, and tells which fields were asked for.
struct Probe;

/// Not an error: the fields that the type asks for.
#[derive(Debug)]
struct Fields(&'static [&'static str]);

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is nothing to decode")
    }
}

impl std::error::Error for Fields {}

impl serde::de::Error for Fields {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Fields;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fields> {
        Err(Fields(&[]))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fields> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fields> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fields> {
        Err(Fields(fields))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fields> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fields> {
        // The fields inside count; that there is nothing is decided by the body.
        match visitor.visit_some(self) {
            Ok(_) => Err(Fields(&[])),
            Err(fields) => Err(fields),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq tuple tuple_struct map
        enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::{Asks, probe};
    use serde::Deserialize;
    use serde_json::Value;
    use std::collections::HashMap;

    #[derive(Debug, Deserialize)]
    struct Lock {
        #[expect(dead_code, reason = "only probed")]
        code: String,
        #[expect(dead_code, reason = "only probed")]
        #[serde(rename = "message")]
        text: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Wrapped(#[expect(dead_code, reason = "only probed")] Lock);

    #[derive(Debug, Deserialize)]
    struct Unit;

    #[derive(Debug, Deserialize)]
    struct Flattened {
        #[expect(dead_code, reason = "only probed")]
        #[serde(flatten)]
        inner: Lock,
    }

    fn fields<T: for<'a> Deserialize<'a>>() -> Option<&'static [&'static str]> {
        match probe::<T>() {
            Asks::Nothing(_) => None,
            Asks::For(fields) => Some(fields),
        }
    }

    #[test]
    fn a_type_names_its_fields_also_inside_an_option_and_a_newtype() {
        let both: Option<&[&str]> = Some(&["code", "message"]);
        assert_eq!(fields::<Lock>(), both);
        assert_eq!(fields::<Option<Box<Lock>>>(), both);
        assert_eq!(fields::<Wrapped>(), both);
        assert_eq!(fields::<()>(), None);
        assert_eq!(fields::<Unit>(), None);
        let unnamed: Option<&[&str]> = Some(&[]);
        assert_eq!(fields::<Option<()>>(), unnamed);
        assert_eq!(fields::<Value>(), unnamed);
        assert_eq!(fields::<HashMap<String, String>>(), unnamed);
        assert_eq!(fields::<Flattened>(), unnamed);
    }
}
