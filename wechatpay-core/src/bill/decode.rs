//! A row as a struct, by serde.

use super::{error::BillError, money::NOT_WHOLE_FEN};
use crate::support::language::{Language, Speak, Text, text};
use serde::{
    Deserialize,
    de::{
        DeserializeSeed, Deserializer, MapAccess, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer},
    },
    forward_to_deserialize_any,
};
use std::fmt;

/// Decodes the cells of one line; each comes with the name of its column.
pub(super) fn row<'a, T: Deserialize<'a>>(
    cells: impl Iterator<Item = (&'a str, &'a str)>,
    line: u64,
) -> Result<T, BillError> {
    let mut column = "";
    let cells = Cells {
        cells,
        cell: "",
        column: &mut column,
    };
    let result = T::deserialize(MapAccessDeserializer::new(cells));
    result.map_err(|Unfit(reason)| BillError::Cell {
        line,
        column: column.to_owned(),
        reason: reason.into(),
    })
}

/// A cell cannot be decoded. The error does not contain its value.
#[derive(Debug)]
struct Unfit(Text);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.speak(f, Language::English)
    }
}

impl std::error::Error for Unfit {}

impl serde::de::Error for Unfit {
    /// A deserializer knows one language; what this module says itself is known in both.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        Self(match message == NOT_WHOLE_FEN.0 {
            true => NOT_WHOLE_FEN.into(),
            false => Text::foreign(message),
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self(text!("missing field `{field}`", "缺少字段 `{field}`"))
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self(text!("expected {expected}", "应为 {expected}"))
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self(text!("expected {expected}", "应为 {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let expected = expected.join(", ");
        Self(text!("expected one of {expected}", "应为以下之一：{expected}"))
    }
}

/// The cells of a row as the entries of a map.
struct Cells<'a, 'c, I> {
    cells: I,
    cell: &'a str,
    /// The column that is being read: what an error is about.
    column: &'c mut &'a str,
}

impl<'a, I: Iterator<Item = (&'a str, &'a str)>> MapAccess<'a> for Cells<'a, '_, I> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some((column, cell)) = self.cells.next() else {
            *self.column = "";
            return Ok(None);
        };
        (*self.column, self.cell) = (column, cell);
        seed.deserialize(BorrowedStrDeserializer::new(column)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        seed.deserialize(Cell(self.cell))
    }
}

/// One cell. Numbers are written as text.
struct Cell<'a>(&'a str);

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            let number: $type = self.0.trim().parse().map_err(|_| Unfit(("expected a number", "应为数字").into()))?;
            visitor.$visit(number)
        })*
    };
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_borrowed_str(self.0)
    }

    numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0.trim() {
            "true" | "TRUE" | "Y" => visitor.visit_bool(true),
            "false" | "FALSE" | "N" => visitor.visit_bool(false),
            _ => Err(Unfit(("expected true or false", "应为 true 或 false").into())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}
