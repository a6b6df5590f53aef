//! The fields that `encrypt(..)` names, and those whose type is sensitive.

use super::{Check, decide::Decided};
use crate::{suggest, types::mentions};
use syn::{Ident, ext::IdentExt};

impl Check<'_> {
    pub(super) fn encrypted(&self) {
        for name in self.arguments.encrypt.iter().flatten() {
            let known = |decided: &&Decided<'_>| decided.field.ident.unraw() == name.unraw();
            match self.fields.iter().find(known) {
                Some(decided) => self.named(name, decided),
                None => self.no_such_field(name),
            }
        }
        for decided in self.fields {
            let in_the_clear = decided.place.and_then(|place| place.row().in_the_clear);
            if let Some(what) = in_the_clear
                && mentions(decided.field.ty, "Sensitive")
                && decided.encrypted.is_none()
            {
                let name = decided.field.name();
                self.errors.on(
                    decided.field.ty,
                    format!("`{name}` is {what} and cannot be encrypted; use `String`"),
                );
            }
        }
    }

    fn named(&self, name: &Ident, decided: &Decided<'_>) {
        let shown = name.unraw();
        if let Some(what) = decided.place.and_then(|place| place.row().in_the_clear) {
            self.errors
                .on(name, format!("`{shown}` is {what} and cannot be encrypted"));
        } else if mentions(decided.field.ty, "Sensitive") {
            self.errors.on(
                name,
                format!("`{shown}` is encrypted by its type already; remove it here"),
            );
        }
        self.serde_beside_encrypt(decided);
    }

    fn no_such_field(&self, name: &Ident) {
        let shown = name.unraw().to_string();
        let renamed = self.fields.iter().find(|decided| decided.name == shown);
        let names: Vec<String> = self.fields.iter().map(|decided| decided.field.name()).collect();
        let advice = match suggest::closest(&shown, names.iter().map(String::as_str)) {
            _ if renamed.is_some() => {
                let field = renamed.map(|decided| decided.field.name()).unwrap_or_default();
                format!("`{shown}` is the name on the wire of `{field}`; write `{field}`")
            }
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add `{shown}: String`, or remove the name"),
        };
        let order = self.declaration.input.ident.unraw();
        self.errors.on(
            name,
            format!("`encrypt` names `{shown}`, but `{order}` has no such field; {advice}"),
        );
    }

    /// What serde is told about an encrypted field, where only one of the two can be.
    fn serde_beside_encrypt(&self, decided: &Decided<'_>) {
        let serde = &decided.field.serde;
        let name = decided.field.name();
        if let Some(skip) = serde.skip.as_ref().filter(|_| decided.place.is_none()) {
            let remedy = format!("remove `{skip}`, or the name in `encrypt`");
            self.errors.on(
                skip,
                format!("`{skip}` wins over `encrypt`, and `{name}` is never sent; {remedy}"),
            );
        }
        if let Some((with, _)) = &serde.with {
            let consequence = format!("sends the ciphertext of `{name}`");
            self.errors.on(
                with,
                format!("`encrypt` wins over `{with}`, and {consequence}; remove `{with}`"),
            );
        }
        if let Some(flatten) = serde.flatten.as_ref()
            && decided.place.is_some_and(|place| place.row().serde.flatten)
        {
            let consequence = format!("`{name}` is one value");
            self.errors.on(
                flatten,
                format!("`encrypt` wins over `flatten`, and {consequence}; remove `flatten`"),
            );
        }
    }
}
