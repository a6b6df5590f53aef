//! The fields that `encrypt(..)` names, and the derive that would show them.

use super::Check;
use crate::{
    place::{Destination, Placed},
    suggest,
    tokens::mentions,
};
use syn::{Ident, ext::IdentExt};

impl Check<'_> {
    pub(super) fn encrypted(&self) {
        for name in self.arguments.encrypt.iter().flatten() {
            let shown = name.unraw();
            let Some(placed) = self.fields.iter().find(|placed| placed.field.ident.unraw() == shown) else {
                if !self.declaration.conditional.iter().any(|known| known.unraw() == shown) {
                    self.no_such_field(name);
                }
                continue;
            };
            let not_a_text = match placed.goes {
                Destination::Path(_) => Some("part of the path"),
                Destination::Header(_) => Some("a header"),
                Destination::File(_) => Some("a file"),
                Destination::Form => Some("a form part"),
                Destination::Query | Destination::Body | Destination::Payload | Destination::Nowhere => None,
            };
            if let Some(what) = not_a_text {
                self.errors
                    .on(name, format!("`{shown}` is {what} and cannot be encrypted"));
            }
            if mentions(placed.field.ty, "Sensitive") {
                self.errors.on(
                    name,
                    format!("`{shown}` is encrypted by its type already; remove it here"),
                );
            }
            self.serde_beside_encrypt(placed);
        }
    }

    fn no_such_field(&self, name: &Ident) {
        let names: Vec<String> = self
            .fields
            .iter()
            .map(|placed| placed.field.ident.unraw().to_string())
            .collect();
        let shown = name.unraw().to_string();
        let advice = match suggest::closest(&shown, names.iter().map(String::as_str)) {
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
    fn serde_beside_encrypt(&self, placed: &Placed<'_>) {
        let field = placed.field;
        let name = field.ident.unraw();
        if let Destination::Nowhere = placed.goes
            && let Some(skip) = field.serde.skip.as_ref().or(field.serde.skip_serializing.as_ref())
        {
            let remedy = format!("remove `{skip}`, or the name in `encrypt`");
            self.errors.on(
                skip,
                format!("`{skip}` wins over `encrypt`, and `{name}` is never sent; {remedy}"),
            );
        }
        if let Some(with) = self.own_function(field) {
            let consequence = format!("sends the ciphertext of `{name}`");
            self.errors.on(
                with,
                format!("`encrypt` wins over `{with}`, and {consequence}; remove `{with}`"),
            );
        }
        if let (Some(flatten), Destination::Payload) = (&field.serde.flatten, &placed.goes) {
            let consequence = format!("`{name}` is one value");
            self.errors.on(
                flatten,
                format!("`encrypt` wins over `flatten`, and {consequence}; remove `flatten`"),
            );
        }
    }

    pub(super) fn derives(&self) {
        for derive in &self.declaration.derived {
            let Some(last) = derive.segments.last() else { continue };
            if last.ident == "Serialize" {
                self.errors.on(derive, "`Serialize` is already derived; remove it");
            } else if let Some(names) = self.arguments.encrypt.as_ref().filter(|names| !names.is_empty()) {
                let names: Vec<String> = names.iter().map(|name| name.unraw().to_string()).collect();
                let names = suggest::list(names.iter().map(String::as_str));
                let remedy = "a redacting one is generated, remove it";
                self.errors.on(derive, format!("`Debug` would print {names}; {remedy}"));
            }
        }
    }
}
