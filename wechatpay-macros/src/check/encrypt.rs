//! The fields that `encrypt(..)` names, and those whose type is sensitive.

use super::{Check, decide::Decided};
use crate::errors::{Errors, report};
use crate::parse::{
    self, Field,
    serde_attribute::{ON_A_STRUCT, SerdeAttributes},
};
use crate::{suggest, types::mentions};
use syn::{DeriveInput, Ident, ext::IdentExt};

/// Reports the names in `encrypt(..)` that are no fields. This looks at the struct before `cfg`: a name may belong to a
/// field that is not there in this build.
pub(crate) fn names_without_field(input: &DeriveInput, names: &[Ident], errors: &Errors) {
    let silent = Errors::default();
    let rename_all = SerdeAttributes::read(&input.attrs, &ON_A_STRUCT, &silent).rename_all;
    let fields = parse::fields(&input.data, &silent).unwrap_or_default();
    let known: Vec<String> = fields.iter().map(Field::name).collect();
    for name in names {
        let shown = name.unraw().to_string();
        if known.contains(&shown) {
            continue;
        }
        let renamed = fields.iter().find(|field| field.serde.name(field.ident, rename_all) == shown).map(Field::name);
        let advice = match renamed {
            Some(field) => format!("`{shown}` is the name of `{field}` on the wire; write `{field}`"),
            None => {
                let add = format!("add `{shown}: String`, or remove the name");
                suggest::advice(&shown, known.iter().map(String::as_str), &add)
            }
        };
        let order = input.ident.unraw();
        report!(errors, name => "`encrypt` names `{shown}`, but `{order}` has no such field; {advice}");
    }
}

impl Check<'_> {
    pub(super) fn encrypted(&self) {
        for decided in self.fields {
            let (field, unencrypted) = (decided.field, decided.place.and_then(|place| place.row().unencrypted));
            let (name, is_sensitive) = (field.name(), mentions(field.ty, "Sensitive"));
            match (decided.encrypted, unencrypted) {
                (Some(word), Some(what)) => {
                    report!(self.errors, word => "`{name}` is {what} and cannot be encrypted");
                }
                (Some(word), None) if is_sensitive => {
                    report!(self.errors, word => "`{name}` is encrypted by its type already; remove it here");
                }
                (None, Some(what)) if is_sensitive => {
                    report!(self.errors, field.ty => "`{name}` is {what} and cannot be encrypted; use `String`");
                }
                _ => {}
            }
            if decided.encrypted.is_some() {
                self.serde_beside_encrypt(decided, &name);
            }
        }
    }

    /// A serde attribute of an encrypted field that conflicts with the encryption.
    fn serde_beside_encrypt(&self, decided: &Decided<'_>, name: &str) {
        let (serde, errors) = (&decided.field.serde, self.errors);
        if let Some(skip) = serde.skip.as_ref().filter(|_| decided.place.is_none()) {
            let remedy = format!("remove `{skip}`, or the name in `encrypt`");
            report!(errors, skip => "`{skip}` wins over `encrypt`, and `{name}` is never sent; {remedy}");
        }
        if let Some((with, _)) = &serde.with {
            let consequence = format!("sends the ciphertext of `{name}`");
            report!(errors, with => "`encrypt` wins over `{with}`, and {consequence}; remove `{with}`");
        }
        let flattens = decided.place.is_some_and(|place| place.row().honours.flatten);
        if let Some(flatten) = serde.flatten.as_ref().filter(|_| flattens) {
            report!(errors, flatten => "`encrypt` wins over `flatten`, and `{name}` is one value; remove `flatten`");
        }
    }
}
