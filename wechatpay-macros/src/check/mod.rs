//! The rules that need more than one word of a declaration. Each reports on the word to change.

mod body;
pub(crate) mod decide;
mod encrypt;
pub(crate) mod header;
mod names;
mod path;
mod serde;
mod upload;

use crate::{
    errors::Errors,
    parse::{Declaration, arguments::Arguments, method::Method, template::Template},
    place::Place,
};
use decide::Decided;

/// A declaration being checked.
struct Check<'a> {
    declaration: &'a Declaration<'a>,
    arguments: &'a Arguments,
    template: &'a Template,
    fields: &'a [Decided<'a>],
    errors: &'a Errors,
}

/// Reports every mistake that parsing could not see.
pub(crate) fn check(declaration: &Declaration<'_>, template: &Template, fields: &[Decided<'_>], errors: &Errors) {
    // That an enum cannot be an endpoint is reported. Nothing else about it matters.
    if declaration.fields.is_none() {
        return;
    }
    let arguments = &declaration.arguments;
    let check = Check {
        declaration,
        arguments,
        template,
        fields,
        errors,
    };
    check.path();
    check.retry();
    check.body();
    check.headers();
    check.upload();
    check.encrypted();
    check.names();
    check.serde();
}

impl<'a> Check<'a> {
    fn retry(&self) {
        if self.is_get()
            && let Some(idempotent) = &self.arguments.idempotent
        {
            self.errors
                .on(idempotent, "a `GET` is always retried; remove `idempotent`");
        }
    }

    fn is_get(&self) -> bool {
        matches!(self.arguments.method, Some((Method::Get, _)))
    }

    /// The fields that go to a place.
    fn going_to(&self, place: Place) -> impl Iterator<Item = &'a Decided<'a>> {
        self.fields.iter().filter(move |field| field.goes_to(place))
    }

    /// The names of these fields, to find the one that was meant.
    fn names_of(&self, place: Place) -> Vec<String> {
        self.going_to(place).map(|decided| decided.field.name()).collect()
    }

    fn on_attribute(&self, decided: &Decided<'_>, message: &str) {
        match &decided.field.attribute {
            Some(attribute) => self.errors.on(&attribute.word, message),
            None => self.errors.on(decided.field.ident, message),
        }
    }
}
