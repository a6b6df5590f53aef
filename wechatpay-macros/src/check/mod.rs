//! The rules that need more than one word of a declaration. Each reports on the word to change.

mod body;
mod encrypt;
mod header;
mod path;
mod serde;
mod upload;

use crate::{
    arguments::Arguments,
    declaration::Declaration,
    errors::Errors,
    method::Method,
    place::{Destination, Placed},
    template::Template,
};

/// A declaration being checked.
struct Check<'a> {
    declaration: &'a Declaration<'a>,
    arguments: &'a Arguments,
    template: &'a Template,
    fields: &'a [Placed<'a>],
    errors: &'a Errors,
}

/// Reports every mistake that parsing could not see.
pub(crate) fn check(declaration: &Declaration<'_>, template: &Template, fields: &[Placed<'_>], errors: &Errors) {
    // Of an enum there is one thing to say, and it is said.
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
    check.derives();
    check.serde();
}

impl<'a> Check<'a> {
    fn retry(&self) {
        if self.is_get()
            && let Some(idempotent) = &self.arguments.idempotent
        {
            self.errors
                .on(idempotent, "`GET` is always repeatable; remove `idempotent`");
        }
    }

    fn is_get(&self) -> bool {
        matches!(self.arguments.method, Some((Method::Get, _)))
    }

    /// The fields that go to a destination of the kind.
    fn going(&self, kind: impl Fn(&Destination<'_>) -> bool) -> impl Iterator<Item = &'a Placed<'a>> {
        self.fields.iter().filter(move |placed| kind(&placed.goes))
    }

    /// Whether some field's helper could not be read. It may be what is missing elsewhere.
    fn has_unread_helper(&self) -> bool {
        self.going(|goes| matches!(goes, Destination::Nowhere))
            .any(|placed| placed.field.helper.is_some())
    }

    fn on_helper(&self, placed: &Placed<'_>, message: &str) {
        match &placed.field.helper {
            Some(helper) => self.errors.on(&helper.keyword, message),
            None => self.errors.on(placed.field.ident, message),
        }
    }
}
