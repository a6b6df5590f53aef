//! The rules that need more than one word of a declaration. Each reports on the word to change.

mod body;
pub(crate) mod decide;
pub(crate) mod encrypt;
mod header;
mod path;
mod serde;

use crate::parse::{Declaration, template::Template};
use crate::{errors::Errors, place::Place};
use decide::Decided;

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
    let check = Check {
        declaration,
        template,
        fields,
        errors,
    };
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
        let attributes = self.fields.iter().flat_map(|decided| &decided.field.attribute);
        attributes.into_iter().any(|attribute| attribute.place.is_none())
    }

    /// The field before this one that goes to the same place under the same name.
    fn earlier(&self, decided: &Decided<'_>) -> Option<String> {
        let key = |decided: &Decided<'_>| match decided.place {
            Some(Place::Payload) if self.is_get() => (Some(Place::Query), decided.name.clone()),
            Some(Place::Header) => (decided.place, decided.name.to_ascii_lowercase()),
            place => (place, decided.name.clone()),
        };
        let mut before = self.fields.iter().take_while(|other| !std::ptr::eq(*other, decided));
        let first = before.find(|other| key(other) == key(decided) && other.has_name() == decided.has_name());
        first.map(|first| first.field.name())
    }
}
