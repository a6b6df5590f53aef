//! JSON as the service wants it: compact, UTF-8, without the members and elements that are `None`.
//!
//! The structure is written here; text and numbers are serde_json's.

use super::{Presence, WireError, scalar};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::fmt::Display;

/// Structs by which serde_json hands over text that is JSON already: raw values, and numbers of any precision.
const RAW: [&str; 2] = ["$serde_json::private::RawValue", "$serde_json::private::Number"];

/// Appends `value` to `out`. Writes nothing when the value as a whole is absent.
pub(crate) fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<Presence, WireError> {
    value.serialize(JsonWriter { out })
}

pub(crate) struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> JsonWriter<'a> {
    /// Lets serde_json write a text or a number.
    fn plain<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        serde_json::to_writer(self.out, value).map_err(|error| WireError::new(error.to_string()))?;
        Ok(Presence::Present)
    }

    fn float(self, finite: bool, value: &(impl Serialize + ?Sized)) -> Result<Presence, WireError> {
        if finite {
            self.plain(value)
        } else {
            Err(WireError::new("is not a finite number"))
        }
    }

    fn literal(self, text: &str) -> Result<Presence, WireError> {
        self.out.extend_from_slice(text.as_bytes());
        Ok(Presence::Present)
    }

    fn open(self, bracket: u8, close: &'static [u8]) -> Parts<'a> {
        self.out.push(bracket);
        Parts {
            out: self.out,
            close,
            first: true,
            raw: false,
            index: 0,
            key: String::new(),
        }
    }

    /// `{"variant":` and the bracket of its content.
    fn open_variant(self, variant: &str, bracket: u8, close: &'static [u8]) -> Result<Parts<'a>, WireError> {
        self.out.push(b'{');
        JsonWriter { out: &mut *self.out }.plain(variant)?;
        self.out.push(b':');
        Ok(self.open(bracket, close))
    }
}

/// An array or object being written.
pub(crate) struct Parts<'a> {
    out: &'a mut Vec<u8>,
    close: &'static [u8],
    first: bool,
    /// The only member is JSON already and stands for the whole object.
    raw: bool,
    index: usize,
    /// The key of a map, until its value comes.
    key: String,
}

impl Parts<'_> {
    /// Writes a comma, the key and the value; takes all of it back when the value is absent.
    fn part<T: Serialize + ?Sized>(&mut self, key: Option<&str>, value: &T) -> Result<(), WireError> {
        let mark = self.out.len();
        if !self.first {
            self.out.push(b',');
        }
        if let Some(key) = key {
            JsonWriter { out: self.out }.plain(key)?;
            self.out.push(b':');
        }
        match value.serialize(JsonWriter { out: self.out })? {
            Presence::Present => self.first = false,
            Presence::Absent => self.out.truncate(mark),
        }
        Ok(())
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), WireError> {
        if self.raw {
            let json = scalar::to_text(value)?.unwrap_or_default();
            self.out.extend_from_slice(json.as_bytes());
            return Ok(());
        }
        self.part(Some(name), value).map_err(|error| error.at_field(name))
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        let index = self.index;
        self.index += 1;
        self.part(None, value).map_err(|error| error.at_index(index))
    }

    fn finish(self) -> Result<Presence, WireError> {
        self.out.extend_from_slice(self.close);
        Ok(Presence::Present)
    }
}

impl<'a> Serializer for JsonWriter<'a> {
    type Ok = Presence;
    type Error = WireError;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    fn serialize_bool(self, v: bool) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_i8(self, v: i8) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_i16(self, v: i16) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_i32(self, v: i32) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_i64(self, v: i64) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_i128(self, v: i128) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_u8(self, v: u8) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_u16(self, v: u16) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_u32(self, v: u32) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_u64(self, v: u64) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_u128(self, v: u128) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_char(self, v: char) -> Result<Presence, WireError> {
        self.plain(&v)
    }
    fn serialize_f32(self, v: f32) -> Result<Presence, WireError> {
        self.float(v.is_finite(), &v)
    }
    fn serialize_f64(self, v: f64) -> Result<Presence, WireError> {
        self.float(v.is_finite(), &v)
    }
    fn serialize_str(self, v: &str) -> Result<Presence, WireError> {
        self.plain(v)
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<Presence, WireError> {
        self.plain(v)
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        serde_json::Serializer::new(self.out)
            .collect_str(value)
            .map_err(|error| WireError::new(error.to_string()))?;
        Ok(Presence::Present)
    }
    fn serialize_none(self) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        value.serialize(self)
    }
    /// An explicit null, such as `serde_json::Value::Null`: the caller wrote it, so it stays.
    fn serialize_unit(self) -> Result<Presence, WireError> {
        self.literal("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Presence, WireError> {
        self.literal("null")
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Presence, WireError> {
        self.plain(variant)
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
        variant: &'static str,
        value: &T,
    ) -> Result<Presence, WireError> {
        let mut object = self.open(b'{', b"}");
        object.member(variant, value)?;
        object.finish()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, WireError> {
        Ok(self.open(b'[', b"]"))
    }
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, WireError> {
        Ok(self.open(b'[', b"]"))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, WireError> {
        Ok(self.open(b'[', b"]"))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, WireError> {
        self.open_variant(variant, b'[', b"]}")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, WireError> {
        Ok(self.open(b'{', b"}"))
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, WireError> {
        if RAW.contains(&name) {
            return Ok(Parts {
                out: self.out,
                close: b"",
                first: true,
                raw: true,
                index: 0,
                key: String::new(),
            });
        }
        Ok(self.open(b'{', b"}"))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, WireError> {
        self.open_variant(variant, b'{', b"}}")
    }
}

/// The four kinds of array and the two kinds of object differ in the trait they belong to, and in nothing else.
macro_rules! parts {
    ($($kind:ident: $method:ident;)*) => { $(
        impl $kind for Parts<'_> {
            type Ok = Presence;
            type Error = WireError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
                self.element(value)
            }

            fn end(self) -> Result<Presence, WireError> {
                self.finish()
            }
        }
    )* };
    ($($kind:ident { $method:ident }),*) => { $(
        impl $kind for Parts<'_> {
            type Ok = Presence;
            type Error = WireError;

            fn $method<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), WireError> {
                self.member(name, value)
            }

            fn end(self) -> Result<Presence, WireError> {
                self.finish()
            }
        }
    )* };
}

parts! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}
parts! { SerializeStruct { serialize_field }, SerializeStructVariant { serialize_field } }

impl SerializeMap for Parts<'_> {
    type Ok = Presence;
    type Error = WireError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WireError> {
        self.key.clear();
        match key.serialize(scalar::ScalarWriter { out: &mut self.key })? {
            Presence::Present => Ok(()),
            Presence::Absent => Err(WireError::new("has a map key that is absent")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        let key = std::mem::take(&mut self.key);
        let written = self.part(Some(&key), value).map_err(|error| error.at_key(&key));
        self.key = key;
        written
    }

    fn end(self) -> Result<Presence, WireError> {
        self.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn text<T: Serialize + ?Sized>(value: &T) -> String {
        let mut out = Vec::new();
        assert_eq!(write(&mut out, value).unwrap(), Presence::Present);
        String::from_utf8(out).unwrap()
    }

    #[derive(Serialize)]
    struct Inner {
        a: Option<u8>,
        b: Option<String>,
    }

    #[derive(Serialize)]
    struct Outer {
        none_first: Option<u8>,
        inner: Inner,
        list: Vec<Option<u8>>,
        map: BTreeMap<&'static str, Option<bool>>,
        null: Value,
        #[serde(flatten)]
        rest: Inner,
    }

    #[test]
    fn none_is_left_out_at_every_depth_and_an_explicit_null_stays() {
        let value = Outer {
            none_first: None,
            inner: Inner {
                a: None,
                b: Some("x".into()),
            },
            list: vec![None, Some(1), None, Some(2)],
            map: BTreeMap::from([("gone", None), ("kept", Some(true))]),
            null: Value::Null,
            rest: Inner { a: Some(7), b: None },
        };
        assert_eq!(
            text(&value),
            r#"{"inner":{"b":"x"},"list":[1,2],"map":{"kept":true},"null":null,"a":7}"#
        );
    }

    #[test]
    fn a_value_that_is_absent_as_a_whole_writes_nothing() {
        let mut out = b"before".to_vec();
        assert_eq!(write(&mut out, &None::<u8>).unwrap(), Presence::Absent);
        assert_eq!(out, b"before");
        assert_eq!(text(&Inner { a: None, b: None }), "{}");
    }

    #[test]
    fn text_numbers_and_variants_are_written_as_serde_json_writes_them() {
        #[derive(Serialize)]
        enum Kind {
            Unit,
            Newtype(u8),
            Tuple(u8, Option<u8>),
            Struct { x: i64, y: Option<u8> },
        }
        let value = (
            "\u{0}\"\\\u{2028}中😀",
            [f64::MAX, 0.1, 1.0, -0.0],
            i128::MIN,
            'c',
            [
                Kind::Unit,
                Kind::Newtype(1),
                Kind::Tuple(1, Some(2)),
                Kind::Struct { x: -1, y: Some(3) },
            ],
            BTreeMap::from([(1u8, "one")]),
            json!({"z": [1, {"y": 2.5}], "a": u64::MAX}),
        );
        assert_eq!(text(&value), serde_json::to_string(&value).unwrap());
        assert_eq!(
            text(&[Kind::Tuple(1, None), Kind::Struct { x: 0, y: None }]),
            r#"[{"Tuple":[1]},{"Struct":{"x":0}}]"#
        );
    }

    #[test]
    fn a_number_that_json_cannot_hold_is_an_error_with_its_path() {
        #[derive(Serialize)]
        struct Deep {
            list: Vec<BTreeMap<String, f64>>,
        }
        let deep = Deep {
            list: vec![BTreeMap::new(), BTreeMap::from([("rate".to_owned(), f64::NAN)])],
        };
        let error = write(&mut Vec::new(), &deep).unwrap_err();
        assert_eq!(error.to_string(), "`list[1].rate` is not a finite number");
    }

    #[test]
    fn json_that_is_written_already_is_taken_as_it_stands() {
        let raw = serde_json::value::RawValue::from_string(r#"{"kept" : [1.0, null]}"#.to_owned()).unwrap();
        assert_eq!(
            text(&BTreeMap::from([("raw", raw)])),
            r#"{"raw":{"kept" : [1.0, null]}}"#
        );
    }
}
