//! The members at the top of a JSON object, read in one pass and without an allocation.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;
use std::{borrow::Cow, fmt};

/// A member: its name, and the JSON text of its value.
pub(super) type Member<'a> = (Cow<'a, str>, &'a str);

/// The members of a response that the rules need, as JSON text.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    /// Whether the response is exactly one JSON object.
    pub(super) is_object: bool,
    pub(super) code: Option<&'a str>,
    pub(super) message: Option<&'a str>,
    pub(super) detail: Option<&'a str>,
    pub(super) has_others: bool,
    /// The members that may be business numbers, by name. A `code` may be one too.
    pub(super) numbers: SmallVec<[Member<'a>; 8]>,
}

impl<'a> Response<'a> {
    /// `is_number` returns whether a name may be that of a business number.
    pub(super) fn read(json: &'a [u8], is_number: impl Fn(&str) -> bool) -> Self {
        let mut response = Self::default();
        let mut has_others = false;
        response.is_object = read(
            json,
            |name| {
                let is_of_error = matches!(name, "code" | "message" | "detail");
                has_others |= !is_of_error;
                is_of_error || is_number(name)
            },
            |name, value| {
                match &*name {
                    "code" => response.code = Some(value),
                    "message" => response.message = Some(value),
                    "detail" => response.detail = Some(value),
                    _ => {}
                }
                if is_number(&name) {
                    response.numbers.push((name, value));
                }
            },
        );
        response.has_others = has_others;
        response
    }
}

/// Calls `member` with the name and the JSON text of each member for whose name `wants` returns true.
///
/// Gives `false` when the text is not exactly one JSON object; `member` may have been called by then.
pub(super) fn read<'a>(
    json: &'a [u8],
    wants: impl FnMut(&str) -> bool,
    member: impl FnMut(Cow<'a, str>, &'a str),
) -> bool {
    if !json.trim_ascii_start().starts_with(b"{") {
        return false;
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    deserializer.deserialize_map(Members { wants, member }).is_ok() && deserializer.end().is_ok()
}

/// The text of a JSON string, borrowed where it has no escapes.
pub(super) fn text(json: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0)
}

struct Members<W, M> {
    wants: W,
    member: M,
}

impl<'de, W: FnMut(&str) -> bool, M: FnMut(Cow<'de, str>, &'de str)> Visitor<'de> for Members<W, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key::<Text<'de>>()? {
            if (self.wants)(&name) {
                (self.member)(name, map.next_value::<&'de RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A text, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_members_at_the_top_are_read_and_nothing_deeper() {
        let json = r#" {"a":{"b":1},"b":[1, 2],"\u0063":"x\"y","b":null} "#;
        let mut found = Vec::new();
        let whole = read(
            json.as_bytes(),
            |name| name != "a",
            |name, value| found.push((name, value)),
        );
        assert!(whole);
        let expected = [("b", "[1, 2]"), ("c", r#""x\"y""#), ("b", "null")];
        assert_eq!(found, expected.map(|(name, value)| (Cow::Borrowed(name), value)));
        assert_eq!(text(found[1].1).as_deref(), Some("x\"y"));
        assert_eq!(text("1"), None);
    }

    #[test]
    fn a_text_that_is_not_one_object_is_reported() {
        for other in ["", "[]", "null", "{", r#"{"a":1"#, r#"{"a":1} {}"#, "{}x", "\u{feff}{}"] {
            assert!(!read(other.as_bytes(), |_| true, |_, _| {}), "{other}");
        }
    }
}
