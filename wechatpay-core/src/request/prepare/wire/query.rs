//! Query strings: one struct or map of scalars, a list repeats its key.

use super::{
    Presence, WireError, percent,
    scalar::{self, ScalarWriter},
};
use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

/// Appends the members of `value`, a struct or a map, as `name=value&name=value`.
pub(crate) fn write_all<T: Serialize + ?Sized>(out: &mut String, value: &T) -> Result<(), WireError> {
    value.serialize(QueryWriter { out }).map(|_| ())
}

/// Appends one parameter; nothing when `value` is absent, several when it is a list.
pub(crate) fn write_one<T: Serialize + ?Sized>(out: &mut String, name: &str, value: &T) -> Result<(), WireError> {
    value.serialize(ParameterWriter { out, name }).map(|_| ())
}

fn push(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    percent::push_encoded(out, name);
    out.push('=');
    percent::push_encoded(out, value);
}

/// Hands every kind of value that the serialiser does not treat itself to one method, which refuses it or delegates.
macro_rules! scalars_go_to {
    ($method:ident) => {
        scalars_go_to!($method, serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32,
            serialize_i64 i64, serialize_i128 i128, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
            serialize_u64 u64, serialize_u128 u128, serialize_f32 f32, serialize_f64 f64, serialize_char char,
            serialize_str &str, serialize_bytes &[u8]);
    };
    ($method:ident, $($name:ident $kind:ty),*) => {
        $(fn $name(self, value: $kind) -> Result<Presence, WireError> {
            self.$method(&value)
        })*
        fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Presence, WireError> {
            self.$method(name)
        }
        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
            value.serialize(self)
        }
        fn serialize_none(self) -> Result<Presence, WireError> {
            Ok(Presence::Absent)
        }
        fn serialize_unit(self) -> Result<Presence, WireError> {
            Ok(Presence::Absent)
        }
        fn serialize_unit_struct(self, _: &'static str) -> Result<Presence, WireError> {
            Ok(Presence::Absent)
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
            Err(WireError::new(Self::EXPECTED))
        }
        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Impossible<Presence, WireError>, WireError> {
            Err(WireError::new(Self::EXPECTED))
        }
        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Impossible<Presence, WireError>, WireError> {
            Err(WireError::new(Self::EXPECTED))
        }
        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Impossible<Presence, WireError>, WireError> {
            Err(WireError::new(Self::EXPECTED))
        }
    };
}

/// The query as a whole.
struct QueryWriter<'a> {
    out: &'a mut String,
}

impl QueryWriter<'_> {
    const EXPECTED: &'static str = "cannot be a query string; only a struct or a map can";

    fn refuse<T: ?Sized>(self, _: &T) -> Result<Presence, WireError> {
        Err(WireError::new(Self::EXPECTED))
    }
}

impl<'a> Serializer for QueryWriter<'a> {
    type Ok = Presence;
    type Error = WireError;
    type SerializeSeq = Impossible<Presence, WireError>;
    type SerializeTuple = Impossible<Presence, WireError>;
    type SerializeTupleStruct = Impossible<Presence, WireError>;
    type SerializeTupleVariant = Impossible<Presence, WireError>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Impossible<Presence, WireError>;

    scalars_go_to!(refuse);

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, WireError> {
        Err(WireError::new(Self::EXPECTED))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, WireError> {
        Err(WireError::new(Self::EXPECTED))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, WireError> {
        Ok(Members {
            out: self.out,
            key: String::new(),
        })
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, WireError> {
        Ok(Members {
            out: self.out,
            key: String::new(),
        })
    }
}

/// The members of the struct or map.
struct Members<'a> {
    out: &'a mut String,
    key: String,
}

impl SerializeStruct for Members<'_> {
    type Ok = Presence;
    type Error = WireError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), WireError> {
        write_one(self.out, name, value).map_err(|error| error.at_field(name))
    }

    fn end(self) -> Result<Presence, WireError> {
        Ok(Presence::Present)
    }
}

impl SerializeMap for Members<'_> {
    type Ok = Presence;
    type Error = WireError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WireError> {
        self.key = scalar::to_text(key)?.ok_or_else(|| WireError::new("has a map key that is absent"))?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        write_one(self.out, &self.key, value).map_err(|error| error.at_key(&self.key))
    }

    fn end(self) -> Result<Presence, WireError> {
        Ok(Presence::Present)
    }
}

/// The value of one parameter.
#[derive(Debug)]
pub struct ParameterWriter<'a> {
    out: &'a mut String,
    name: &'a str,
}

impl<'a> ParameterWriter<'a> {
    pub(crate) fn new(out: &'a mut String, name: &'a str) -> Self {
        Self { out, name }
    }
}

impl ParameterWriter<'_> {
    const EXPECTED: &'static str = "cannot stand in a query; only scalars and lists of them can";

    fn scalar<T: Serialize + ?Sized>(self, value: &T) -> Result<Presence, WireError> {
        let mut text = String::new();
        let presence = value.serialize(ScalarWriter { out: &mut text })?;
        if presence == Presence::Present {
            push(self.out, self.name, &text);
        }
        Ok(presence)
    }
}

impl<'a> Serializer for ParameterWriter<'a> {
    type Ok = Presence;
    type Error = WireError;
    type SerializeSeq = Repeated<'a>;
    type SerializeTuple = Repeated<'a>;
    type SerializeTupleStruct = Impossible<Presence, WireError>;
    type SerializeTupleVariant = Impossible<Presence, WireError>;
    type SerializeMap = Impossible<Presence, WireError>;
    type SerializeStruct = Impossible<Presence, WireError>;
    type SerializeStructVariant = Impossible<Presence, WireError>;

    scalars_go_to!(scalar);

    fn serialize_seq(self, _: Option<usize>) -> Result<Repeated<'a>, WireError> {
        Ok(Repeated {
            out: self.out,
            name: self.name,
            index: 0,
        })
    }
    fn serialize_tuple(self, _: usize) -> Result<Repeated<'a>, WireError> {
        Ok(Repeated {
            out: self.out,
            name: self.name,
            index: 0,
        })
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, WireError> {
        Err(WireError::new(Self::EXPECTED))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, WireError> {
        Err(WireError::new(Self::EXPECTED))
    }
}

/// A list: its key is repeated for each element.
#[derive(Debug)]
pub struct Repeated<'a> {
    out: &'a mut String,
    name: &'a str,
    index: usize,
}

impl SerializeSeq for Repeated<'_> {
    type Ok = Presence;
    type Error = WireError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        let index = self.index;
        self.index += 1;
        ParameterWriter {
            out: self.out,
            name: self.name,
        }
        .scalar(value)
        .map(|_| ())
        .map_err(|error| error.at_index(index))
    }

    fn end(self) -> Result<Presence, WireError> {
        Ok(Presence::Present)
    }
}

impl SerializeTuple for Repeated<'_> {
    type Ok = Presence;
    type Error = WireError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WireError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Presence, WireError> {
        Ok(Presence::Present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        PayByCard,
    }

    #[derive(Serialize)]
    struct More {
        r#type: Kind,
        absent: Option<String>,
    }

    #[derive(Serialize)]
    struct Query<'a> {
        text: &'a str,
        list: Vec<u8>,
        none: Option<bool>,
        yes: bool,
        rate: f64,
        #[serde(flatten)]
        more: More,
    }

    #[test]
    fn every_reserved_character_is_escaped_and_lists_repeat_their_key() {
        let query = Query {
            text: "a+b &=/?#%中é~-._!'()*",
            list: vec![1, 2],
            none: None,
            yes: true,
            rate: 1.0,
            more: More {
                r#type: Kind::PayByCard,
                absent: None,
            },
        };
        let mut out = String::new();
        write_all(&mut out, &query).unwrap();
        assert_eq!(
            out,
            "text=a%2Bb%20%26%3D%2F%3F%23%25%E4%B8%AD%C3%A9~-._%21%27%28%29%2A&list=1&list=2&yes=true&rate=1.0&type=payByCard"
        );
    }

    #[test]
    fn an_array_repeats_its_name_as_any_list_does() {
        let mut out = String::new();
        write_one(&mut out, "x", &["a", "b"]).unwrap();
        assert_eq!(out, "x=a&x=b");
    }

    #[test]
    fn what_has_no_place_in_a_query_is_an_error_that_names_the_field() {
        #[derive(Serialize)]
        struct Nested {
            amount: More,
        }
        let nested = Nested {
            amount: More {
                r#type: Kind::PayByCard,
                absent: None,
            },
        };
        let error = write_all(&mut String::new(), &nested).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`amount` cannot stand in a query; only scalars and lists of them can"
        );
        let error = write_all(&mut String::new(), &[1, 2]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot be a query string; only a struct or a map can"
        );
        let error = write_one(&mut String::new(), "x", &vec![vec![1]]).unwrap_err();
        assert_eq!(error.path(), "[0]");
        let error = write_one(&mut String::new(), "x", &vec![1.0, 2.0, f64::NAN]).unwrap_err();
        assert_eq!(error.path(), "[2]");
    }
}
