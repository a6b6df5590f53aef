//! The fields that `encrypt(..)` names, and those whose type is sensitive.

use super::Check;
use crate::errors::{Errors, report};
use crate::parse::serde_attribute::{ON_A_STRUCT, SerdeAttributes};
use crate::parse::{self, Field};
use crate::{suggest, types::mentions};
use syn::{DeriveInput, Ident, ext::IdentExt};

/// Reports the names in `encrypt(..)` that are no fields. This looks at the struct before `cfg`: a name may belong to a
/// field that is not there in this build.
pub(crate) fn names_without_field(input: &DeriveInput, names: &[Ident], errors: &Errors) {
    let silent = Errors::default();
    let rename_all = SerdeAttributes::read(&input.attrs, &ON_A_STRUCT, &silent).rename_all;
    let fields = parse::fields(&input.data, &silent).unwrap_or_default();
    let known: Vec<String> = fields.iter().map(Field::name).collect();
    let is_unknown = |name: &&Ident| !known.contains(&name.unraw().to_string());
    for name in names.iter().filter(is_unknown) {
        let shown = name.unraw().to_string();
        let is_renamed = |field: &&Field<'_>| field.serde.name(field.ident, rename_all) == shown;
        let renamed = fields.iter().find(is_renamed).map(Field::name);
        let renamed = renamed.map(|field| format!("`{shown}` is the name of `{field}` on the wire; write `{field}`"));
        let add = format!("add `{shown}: String`, or remove the name");
        let near = || suggest::advice(&shown, known.iter().map(String::as_str), &add);
        let advice = renamed.unwrap_or_else(near);
        let order = input.ident.unraw();
        report!(errors, name => "`encrypt` names `{shown}`, but `{order}` has no such field; {advice}");
    }
}

impl Check<'_> {
    pub(super) fn encrypted(&self) {
        for decided in self.fields {
            let (field, unencrypted) = (decided.field, decided.place.and_then(|place| place.row().unencrypted));
            let (name, is_sensitive) = (field.name(), mentions(field.ty, "Sensitive"));
            let cannot = unencrypted.map(|what| format!("`{name}` is {what} and cannot be encrypted"));
            match (decided.encrypted, cannot) {
                (Some(word), Some(cannot)) => report!(self.errors, word => "{cannot}"),
                (Some(word), None) if is_sensitive => {
                    report!(self.errors, word => "`{name}` is encrypted by its type already; remove it here");
                }
                (None, Some(cannot)) if is_sensitive => report!(self.errors, field.ty => "{cannot}; use `String`"),
                _ => {}
            }
        }
    }
}
