//! The one serialiser of requests. What it writes depends on where the value goes: JSON, parameters of a query string, or
//! plain text.
//!
//! One type for all of them, so that the compiler makes one copy of each `Serialize` of a user, not one for each place.
//! `None` is left out at every depth, because the service refuses `null`. The structure is written here; text in JSON and
//! numbers are serde_json's.

use super::{Presence, WireError, percent};
use crate::support::language::Text;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::fmt::{self, Display};

/// Structs by which serde_json hands over text that is JSON already: raw values, and numbers of any precision.
const RAW: [&str; 2] = ["$serde_json::private::RawValue", "$serde_json::private::Number"];

/// Writes one value to its place in a request. It is the serialiser that a function of `#[serde(serialize_with = "..")]`
/// is called with.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    form: Form<'a>,
}

/// What is written.
#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    /// A JSON value.
    Json,
    /// Members of the JSON object that is open.
    Members,
    /// `name=value`, once for each element of a list.
    Parameter { name: &'a str, element: bool },
    /// A parameter for each member of a struct or a map.
    Parameters,
    /// One scalar as it is: a path segment, a header, a form part, the key of a map.
    Text,
}

impl<'a> Writer<'a> {
    /// Appends a JSON value.
    pub(crate) fn json(out: &'a mut Vec<u8>) -> Self {
        Self { out, form: Form::Json }
    }

    /// Appends members to the JSON object at the end of `out`, which is still open.
    pub(crate) fn members(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            form: Form::Members,
        }
    }

    /// Appends one parameter to a query string.
    pub(crate) fn parameter(out: &'a mut Vec<u8>, name: &'a str) -> Self {
        let form = Form::Parameter { name, element: false };
        Self { out, form }
    }

    /// Appends the members of a struct or a map to a query string.
    pub(crate) fn parameters(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            form: Form::Parameters,
        }
    }

    /// Appends the text of one scalar.
    pub(crate) fn text(out: &'a mut Vec<u8>) -> Self {
        Self { out, form: Form::Text }
    }

    /// Why a value of another kind cannot stand here.
    fn refuse<T>(&self) -> Result<T, WireError> {
        Err(WireError::new(match self.form {
            Form::Json => ("cannot be written as JSON", "不能写成 JSON"),
            Form::Members => (
                "cannot be flattened; only a struct or a map can",
                "不能展开（flatten）；只有结构体或映射可以",
            ),
            Form::Parameters => (
                "cannot be a query string; only a struct or a map can",
                "不能作为查询参数；只有结构体或映射可以",
            ),
            Form::Parameter { element: false, .. } => (
                "cannot stand in a query; only scalars and lists of them can",
                "不能放在查询参数里；只有标量及标量列表可以",
            ),
            Form::Parameter { element: true, .. } | Form::Text => (
                "must be one text, number, boolean or plain enum variant",
                "只能是文本、数字、布尔值或不带内容的枚举成员",
            ),
        }))
    }

    /// Writes what stands before a scalar.
    fn begin_scalar(&mut self) -> Result<(), WireError> {
        match self.form {
            Form::Json | Form::Text => Ok(()),
            Form::Members | Form::Parameters => self.refuse(),
            Form::Parameter { name, .. } => {
                if !self.out.is_empty() {
                    self.out.push(b'&');
                }
                percent::push_encoded(self.out, name);
                self.out.push(b'=');
                Ok(())
            }
        }
    }

    /// A number or a boolean, which reads the same everywhere.
    fn literal<T: Serialize>(mut self, value: T) -> Result<Presence, WireError> {
        self.begin_scalar()?;
        serde_json::to_writer(self.out, &value).map_err(|error| WireError::new(Text::foreign(error.to_string())))?;
        Ok(Presence::Present)
    }

    fn float<T: Serialize>(self, finite: bool, value: T) -> Result<Presence, WireError> {
        if finite {
            self.literal(value)
        } else {
            Err(WireError::new(("is not a finite number", "不是有限的数")))
        }
    }

    /// JSON has a word for what is not there; elsewhere it is left out.
    fn null(self) -> Result<Presence, WireError> {
        if let Form::Json = self.form {
            self.out.extend_from_slice(b"null");
            return Ok(Presence::Present);
        }
        Ok(Presence::Absent)
    }

    /// A list or an object of JSON.
    fn open(self, bracket: u8, close: &'static [u8]) -> Parts<'a> {
        self.out.push(bracket);
        Parts::new(self.out, Form::Json, close)
    }

    fn list(self) -> Result<Parts<'a>, WireError> {
        match self.form {
            Form::Json => Ok(self.open(b'[', b"]")),
            Form::Parameter { element: false, .. } => Ok(Parts::new(self.out, self.form, b"")),
            _ => self.refuse(),
        }
    }

    fn object(self) -> Result<Parts<'a>, WireError> {
        match self.form {
            Form::Json => Ok(self.open(b'{', b"}")),
            Form::Members | Form::Parameters => Ok(Parts::new(self.out, self.form, b"")),
            Form::Parameter { .. } | Form::Text => self.refuse(),
        }
    }

    /// `{"variant":` and the bracket of its content. `closes` are the brackets to close, without and with the outer one.
    fn variant(self, variant: &str, bracket: u8, closes: [&'static [u8]; 2]) -> Result<Parts<'a>, WireError> {
        let [inner, both] = closes;
        let close = match self.form {
            Form::Json => {
                self.out.push(b'{');
                both
            }
            Form::Members => inner,
            _ => return self.refuse(),
        };
        push_key(self.out, variant)?;
        Ok(Writer::json(self.out).open(bracket, close))
    }
}

/// A comma, if something stands before, and `"key":`.
pub(super) fn push_key(out: &mut Vec<u8>, key: &str) -> Result<(), WireError> {
    push_comma(out);
    push_text(out, key)?;
    out.push(b':');
    Ok(())
}

/// Text in quotes. Most text needs no escaping, and checking that costs less than serde_json's search for what does.
fn push_text(out: &mut Vec<u8>, text: &str) -> Result<(), WireError> {
    if needs_escaping(text) {
        return serde_json::to_writer(out, text).map_err(|error| WireError::new(Text::foreign(error.to_string())));
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// RFC 8259, section 7. No early exit, so that the compiler checks many bytes at once.
fn needs_escaping(text: &str) -> bool {
    let special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    text.bytes().fold(false, |found, byte| found | special(byte))
}

/// No JSON value ends in an opening bracket, so one at the end is that of the list or object being written.
fn push_comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

/// A list or an object being written.
#[derive(Debug)]
pub struct Parts<'a> {
    out: &'a mut Vec<u8>,
    form: Form<'a>,
    close: &'static [u8],
    /// The only member is JSON already and stands for the whole object.
    raw: bool,
    index: usize,
    /// The key of a map, until its value comes.
    key: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn new(out: &'a mut Vec<u8>, form: Form<'a>, close: &'static [u8]) -> Self {
        Self {
            out,
            form,
            close,
            raw: false,
            index: 0,
            key: Vec::new(),
        }
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), WireError> {
        if self.raw {
            return value.serialize(Writer::text(self.out)).map(|_| ());
        }
        if let Form::Parameters = self.form {
            return value.serialize(Writer::parameter(self.out, name)).map(|_| ());
        }
        // Key and comma are taken back when the value turns out to be absent.
        let mark = self.out.len();
        push_key(self.out, name)?;
        if value.serialize(Writer::json(self.out))? == Presence::Absent {
            self.out.truncate(mark);
        }
        Ok(())
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        let index = self.index;
        self.index += 1;
        self.unnamed(value).map_err(|error| error.at_index(index))
    }

    fn unnamed<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        if let Form::Parameter { name, .. } = self.form {
            let form = Form::Parameter { name, element: true };
            return value.serialize(Writer { out: self.out, form }).map(|_| ());
        }
        let mark = self.out.len();
        push_comma(self.out);
        if value.serialize(Writer::json(self.out))? == Presence::Absent {
            self.out.truncate(mark);
        }
        Ok(())
    }

    fn finish(self) -> Result<Presence, WireError> {
        self.out.extend_from_slice(self.close);
        Ok(Presence::Present)
    }
}

macro_rules! literals {
    ($($method:ident $kind:ty),*) => { $(
        fn $method(self, value: $kind) -> Result<Presence, WireError> {
            self.literal(value)
        }
    )* };
}

impl<'a> Serializer for Writer<'a> {
    type Ok = Presence;
    type Error = WireError;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    literals! {
        serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_i128 i128, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_u128 u128
    }

    fn serialize_f32(self, value: f32) -> Result<Presence, WireError> {
        self.float(value.is_finite(), value)
    }
    fn serialize_f64(self, value: f64) -> Result<Presence, WireError> {
        self.float(value.is_finite(), value)
    }
    fn serialize_char(self, value: char) -> Result<Presence, WireError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(mut self, value: &str) -> Result<Presence, WireError> {
        self.begin_scalar()?;
        match self.form {
            Form::Json => push_text(self.out, value)?,
            Form::Parameter { .. } => percent::push_encoded(self.out, value),
            _ => self.out.extend_from_slice(value.as_bytes()),
        }
        Ok(Presence::Present)
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<Presence, WireError> {
        match self.form {
            Form::Json => self.literal(value),
            _ => self.refuse(),
        }
    }
    fn collect_str<T: Display + ?Sized>(mut self, value: &T) -> Result<Presence, WireError> {
        self.begin_scalar()?;
        let written = match self.form {
            Form::Json => {
                self.out.push(b'"');
                let written = fmt::write(&mut Escaped(self.out), format_args!("{value}"));
                self.out.push(b'"');
                written
            }
            Form::Parameter { .. } => fmt::write(&mut Encoded(self.out), format_args!("{value}")),
            _ => fmt::write(&mut Plain(self.out), format_args!("{value}")),
        };
        match written {
            Ok(()) => Ok(Presence::Present),
            Err(fmt::Error) => Err(WireError::new(("could not be formatted", "无法格式化"))),
        }
    }
    fn serialize_none(self) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        value.serialize(self)
    }
    /// An explicit null, such as `serde_json::Value::Null`: the caller wrote it, so it stays.
    fn serialize_unit(self) -> Result<Presence, WireError> {
        self.null()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Presence, WireError> {
        self.null()
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
        variant: &'static str,
        value: &T,
    ) -> Result<Presence, WireError> {
        let mut object = self.object()?;
        object.member(variant, value).map_err(|error| error.at_field(variant))?;
        object.finish()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, WireError> {
        self.list()
    }
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, WireError> {
        self.list()
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, WireError> {
        self.list()
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, WireError> {
        self.variant(variant, b'[', [b"]", b"]}"])
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, WireError> {
        self.object()
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, WireError> {
        if !RAW.contains(&name) {
            return self.object();
        }
        let Form::Json = self.form else { return self.refuse() };
        let mut raw = Parts::new(self.out, Form::Json, b"");
        raw.raw = true;
        Ok(raw)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, WireError> {
        self.variant(variant, b'{', [b"}", b"}}"])
    }
}

/// Text in JSON, escaped while it is formatted.
struct Escaped<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if needs_escaping(text) {
            let mark = self.0.len();
            push_text(self.0, text).map_err(|_| fmt::Error)?;
            // The quotes around all of it are written elsewhere.
            self.0.pop();
            self.0.remove(mark);
        } else {
            self.0.extend_from_slice(text.as_bytes());
        }
        Ok(())
    }
}

/// Text, percent-encoded while it is formatted.
struct Encoded<'a>(&'a mut Vec<u8>);

impl fmt::Write for Encoded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        percent::push_encoded(self.0, text);
        Ok(())
    }
}

/// Text as it is.
struct Plain<'a>(&'a mut Vec<u8>);

impl fmt::Write for Plain<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// The four kinds of list and the two kinds of object differ in the trait they belong to, and in nothing else.
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
                self.member(name, value).map_err(|error| error.at_field(name))
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
        match key.serialize(Writer::text(&mut self.key))? {
            Presence::Present => Ok(()),
            Presence::Absent => Err(WireError::new(("has a map key that is absent", "映射的键缺失"))),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        let key = std::mem::take(&mut self.key);
        let name = std::str::from_utf8(&key)
            .map_err(|_| WireError::new(("has a map key that is not text", "映射的键不是文本")))?;
        self.member(name, value).map_err(|error| error.at_key(name))?;
        self.key = key;
        Ok(())
    }

    fn end(self) -> Result<Presence, WireError> {
        self.finish()
    }
}

#[cfg(test)]
mod tests;
