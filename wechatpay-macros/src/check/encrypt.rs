//! The fields that `encrypt(..)` names, and those whose type is sensitive.

use super::{Check, decide::Decided};
use crate::{
    errors::Errors,
    parse::{self, serde_attribute::SerdeStruct},
    suggest,
    types::mentions,
};
use syn::{DeriveInput, Ident, ext::IdentExt};

/// Reports the names in `encrypt(..)` that are no fields. This looks at the struct before `cfg`: a name may belong to a
/// field that is not there in this build.
pub(crate) fn names_without_field(input: &DeriveInput, names: &[Ident], errors: &Errors) {
    let silent = Errors::default();
    let rename_all = SerdeStruct::read(&input.attrs, &silent).rename_all;
    let Some(fields) = parse::fields(&input.data, &silent) else {
        return;
    };
    for name in names {
        if fields.iter().any(|field| field.ident.unraw() == name.unraw()) {
            continue;
        }
        let shown = name.unraw().to_string();
        let known: Vec<String> = fields.iter().map(parse::Field::name).collect();
        let renamed = fields
            .iter()
            .find(|field| field.serde.name(field.ident, rename_all) == shown);
        let advice = match (renamed, suggest::closest(&shown, known.iter().map(String::as_str))) {
            (Some(field), _) => {
                let field = field.name();
                format!("`{shown}` is the name of `{field}` on the wire; write `{field}`")
            }
            (None, Some(meant)) => format!("did you mean `{meant}`?"),
            (None, None) => format!("add `{shown}: String`, or remove the name"),
        };
        let order = input.ident.unraw();
        errors.on(
            name,
            format!("`encrypt` names `{shown}`, but `{order}` has no such field; {advice}"),
        );
    }
}

impl Check<'_> {
    pub(super) fn encrypted(&self) {
        for decided in self.fields {
            if let Some(name) = decided.encrypted {
                self.named(name, decided);
            }
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
