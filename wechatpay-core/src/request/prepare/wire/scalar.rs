//! One scalar as text: a path segment, a header, a form part, a query value, a map's key.

use super::{Presence, WireError};
use serde::ser::{Impossible, Serialize, Serializer};
use std::fmt::Write as _;

/// Appends the text of one scalar. `None` and the unit are absent; anything that has parts is refused.
pub(crate) struct ScalarWriter<'a> {
    pub(crate) out: &'a mut String,
}

/// The text of `value`, or `None` when it is absent.
pub(crate) fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<Option<String>, WireError> {
    let mut out = String::new();
    Ok(match value.serialize(ScalarWriter { out: &mut out })? {
        Presence::Present => Some(out),
        Presence::Absent => None,
    })
}

impl ScalarWriter<'_> {
    fn display(self, value: impl std::fmt::Display) -> Result<Presence, WireError> {
        write!(self.out, "{value}").map_err(|_| WireError::new("could not be formatted"))?;
        Ok(Presence::Present)
    }

    fn float(self, value: f64, text: Result<String, serde_json::Error>) -> Result<Presence, WireError> {
        match text {
            Ok(text) if value.is_finite() => {
                self.out.push_str(&text);
                Ok(Presence::Present)
            }
            _ => Err(WireError::new("is not a finite number")),
        }
    }
}

fn not_scalar<T>() -> Result<T, WireError> {
    Err(WireError::new(
        "must be one text, number, boolean or plain enum variant",
    ))
}

impl Serializer for ScalarWriter<'_> {
    type Ok = Presence;
    type Error = WireError;
    type SerializeSeq = Impossible<Presence, WireError>;
    type SerializeTuple = Impossible<Presence, WireError>;
    type SerializeTupleStruct = Impossible<Presence, WireError>;
    type SerializeTupleVariant = Impossible<Presence, WireError>;
    type SerializeMap = Impossible<Presence, WireError>;
    type SerializeStruct = Impossible<Presence, WireError>;
    type SerializeStructVariant = Impossible<Presence, WireError>;

    fn serialize_bool(self, v: bool) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_i8(self, v: i8) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_i16(self, v: i16) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_i32(self, v: i32) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_i64(self, v: i64) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_i128(self, v: i128) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_u8(self, v: u8) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_u16(self, v: u16) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_u32(self, v: u32) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_u64(self, v: u64) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_u128(self, v: u128) -> Result<Presence, WireError> {
        self.display(v)
    }
    fn serialize_f32(self, v: f32) -> Result<Presence, WireError> {
        self.float(f64::from(v), serde_json::to_string(&v))
    }
    fn serialize_f64(self, v: f64) -> Result<Presence, WireError> {
        self.float(v, serde_json::to_string(&v))
    }
    fn serialize_char(self, v: char) -> Result<Presence, WireError> {
        self.out.push(v);
        Ok(Presence::Present)
    }
    fn serialize_str(self, v: &str) -> Result<Presence, WireError> {
        self.out.push_str(v);
        Ok(Presence::Present)
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<Presence, WireError> {
        not_scalar()
    }
    fn serialize_none(self) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Presence, WireError> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Presence, WireError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Presence, WireError> {
        not_scalar()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, WireError> {
        not_scalar()
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, WireError> {
        not_scalar()
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, WireError> {
        not_scalar()
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, WireError> {
        not_scalar()
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, WireError> {
        not_scalar()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, WireError> {
        not_scalar()
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, WireError> {
        not_scalar()
    }
    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        self.display(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_scalar_is_its_plain_text() {
        let text = |value: Value| to_text(&value).unwrap();
        assert_eq!(text(json!("a \"b\"")).as_deref(), Some("a \"b\""));
        assert_eq!(text(json!(-1)).as_deref(), Some("-1"));
        assert_eq!(text(json!(u64::MAX)).as_deref(), Some("18446744073709551615"));
        assert_eq!(text(json!(1.0)).as_deref(), Some("1.0"));
        assert_eq!(text(json!(true)).as_deref(), Some("true"));
        assert_eq!(text(json!("")).as_deref(), Some(""));
        assert_eq!(text(Value::Null), None);
        assert_eq!(to_text(&None::<&str>).unwrap(), None);
        assert_eq!(
            to_text(&('c', ())).unwrap_err().message(),
            "must be one text, number, boolean or plain enum variant"
        );
    }

    #[test]
    fn a_number_that_is_none_has_no_text() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(to_text(&value).unwrap_err().message(), "is not a finite number");
            assert!(to_text(&(value as f32)).is_err());
        }
    }
}
