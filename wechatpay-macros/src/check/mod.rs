//! The rules that need more than one word of a declaration. Each reports on the word to change.

mod body;
pub(crate) mod decide;
pub(crate) mod encrypt;
mod header;
mod path;
mod serde;
mod upload;

use crate::parse::{Declaration, template::Template};
use crate::{errors::Errors, place::Place};
use decide::Decided;
use quote::ToTokens;
use std::fmt::Display;

/// A declaration being checked.
struct Check<'a> {
    declaration: &'a Declaration<'a>,
    template: &'a Template,
    fields: &'a [Decided<'a>],
    errors: &'a Errors,
}

/// Reports every mistake that parsing could not see.
pub(crate) fn check(declaration: &Declaration<'_>, template: &Template, fields: &[Decided<'_>], errors: &Errors) {
    // An enum is reported as such. No other mistake of it matters.
    if declaration.fields.is_none() {
        return;
    }
    let check = Check { declaration, template, fields, errors };
    check.path();
    if let Some(idempotent) = declaration.arguments.idempotent.as_ref().filter(|_| check.is_get()) {
        errors.on(idempotent, "a `GET` is always retried; remove `idempotent`");
    }
    check.body();
    check.headers();
    check.upload();
    check.encrypted();
    check.names();
    check.serde();
}

impl<'a> Check<'a> {
    fn is_get(&self) -> bool {
        let method = self.declaration.arguments.method.as_ref();
        method.is_some_and(|method| method == "GET")
    }

    /// The fields that go to a place.
    fn going_to(&self, place: Place) -> impl Iterator<Item = &'a Decided<'a>> {
        self.fields.iter().filter(move |field| field.place == Some(place))
    }

    /// Whether some field attribute could not be read. It may be what is missing elsewhere.
    fn has_unreadable(&self) -> bool {
        let mut attributes = self.fields.iter().filter_map(|decided| decided.field.attribute.as_ref());
        attributes.any(|attribute| attribute.place.is_none())
    }

    /// Reports on the word of the field attribute.
    fn on_word(&self, decided: &Decided<'_>, message: impl Display) {
        let word = decided.field.attribute.as_ref().map(|attribute| &attribute.word);
        self.errors.on(word.unwrap_or(decided.field.ident).to_token_stream(), message);
    }
}
