//! The serde attributes of a field: those without effect in its place, and two fields with one name.

use super::{Check, decide::Decided};
use crate::{errors::report, place::Place};

impl Check<'_> {
    pub(super) fn serde(&self) {
        for decided in self.fields {
            for word in &decided.field.serde.words {
                if let Some(mistake) = mistake(decided, &word.to_string()) {
                    report!(self.errors, word => "{mistake}");
                }
            }
        }
    }

    pub(super) fn names(&self) {
        for decided in self.fields {
            let Some(first) = self.earlier(decided) else { continue };
            let (second, name) = (decided.field.name(), &decided.name);
            if decided.place == Some(Place::Path) {
                report!(self.errors, decided.written() => "placeholder `{{{name}}}` is already filled by `{first}`");
            } else if decided.has_name() {
                let word = decided.field.serde.word("rename").unwrap_or(decided.field.ident);
                report!(self.errors, word => "`{first}` and `{second}` are both sent as `{name}`");
            }
        }
    }
}

/// What is wrong with a word of serde at this field.
fn mistake(decided: &Decided<'_>, word: &str) -> Option<String> {
    let (name, place) = (decided.field.name(), decided.place);
    Some(match (word, place) {
        ("skip" | "skip_serializing", None) if decided.encrypted.is_some() => {
            let remedy = format!("remove `{word}`, or the name in `encrypt`");
            format!("`{word}` wins over `encrypt`, and `{name}` is never sent; {remedy}")
        }
        ("serialize_with" | "with", _) if decided.encrypted.is_some() => {
            format!("`encrypt` wins over `{word}`, and sends the ciphertext of `{name}`; remove `{word}`")
        }
        ("flatten", Some(Place::Payload)) if decided.encrypted.is_some() => {
            format!("`encrypt` wins over `flatten`, and `{name}` is one value; remove `flatten`")
        }
        ("rename", _) if decided.has_name() => return None,
        (_, Some(place)) if word == "rename" || !place.row().honours.contains(&word) => {
            let (winner, is) = place.row().wins;
            format!("{winner} wins over `{word}`, and `{name}` {is}; remove `{word}`")
        }
        _ => return None,
    })
}
