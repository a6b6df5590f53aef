//! What serde is told about a field that does not go out as a part of the struct.

use super::Check;
use crate::{declaration::Field, place::Destination};
use syn::{Ident, ext::IdentExt};

impl Check<'_> {
    pub(super) fn serde(&self) {
        for placed in self.fields {
            let (winner, consequence) = match placed.goes {
                Destination::Path(_) => ("the placeholder", "fills it as one value"),
                Destination::Query => ("`query`", "is one parameter"),
                Destination::Header(_) => ("`header`", "is one header"),
                Destination::Body => ("`body`", "is the whole body"),
                Destination::File(_) => ("`file`", "is sent as it is"),
                Destination::Form => ("`form`", "is one part"),
                Destination::Payload | Destination::Nowhere => continue,
            };
            let field = placed.field;
            let name = field.ident.unraw();
            for word in self.without_effect(field, &placed.goes) {
                let message = format!("{winner} wins over `{word}`, and `{name}` {consequence}; remove `{word}`");
                self.errors.on(word, message);
            }
        }
    }

    fn without_effect<'f>(&self, field: &'f Field<'_>, goes: &Destination<'_>) -> impl Iterator<Item = &'f Ident> {
        let through_serde = matches!(goes, Destination::Query | Destination::Body);
        let can_be_absent = matches!(goes, Destination::Query | Destination::Header(_) | Destination::Form);
        let condition = field.serde.skip_serializing_if.as_ref().map(|(word, _)| word);
        let words = [
            field.serde.flatten.as_ref(),
            field.serde.skip.as_ref(),
            self.own_function(field).filter(|_| !through_serde),
            condition.filter(|_| !can_be_absent),
        ];
        words.into_iter().flatten()
    }

    /// The word by which the user, not the attribute, names a function that serialises the field.
    pub(super) fn own_function<'f>(&self, field: &'f Field<'_>) -> Option<&'f Ident> {
        let ours = self.declaration.core.encrypt();
        field
            .serde
            .with
            .as_ref()
            .filter(|(_, with)| !with.calls(&ours))
            .map(|(word, _)| word)
    }
}
