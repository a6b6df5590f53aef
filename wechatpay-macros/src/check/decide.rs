//! Decides the place, the name and the encryption of each field. No other code decides this.

use crate::parse::{Declaration, Field, template::Template};
use crate::place::Place;
use syn::{Ident, LitStr, ext::IdentExt};

/// A field, decided.
pub(crate) struct Decided<'a> {
    pub(crate) field: &'a Field<'a>,
    /// `None` when it is not sent: left out by serde, or its field attribute could not be read.
    pub(crate) place: Option<Place>,
    /// The name of the placeholder, the header, the parameter, the member or the part.
    pub(crate) name: String,
    /// Its name in `encrypt(..)`.
    pub(crate) encrypted: Option<&'a Ident>,
}

/// Decides about every field.
pub(crate) fn decide<'a>(declaration: &'a Declaration<'a>, template: &Template) -> Vec<Decided<'a>> {
    let fields = declaration.fields.as_deref().unwrap_or_default();
    // A field with the name of a placeholder that a field attribute fills is free to be payload.
    let claimed: Vec<String> = fields.iter().filter_map(claimed).collect();
    let decide = |field: &'a Field<'a>| {
        let own_name = field.name();
        let place = match &field.attribute {
            Some(attribute) => attribute.place,
            None if template.placeholders.contains(&own_name) && !claimed.contains(&own_name) => Some(Place::Path),
            None if field.serde.is_skipped() => None,
            None => Some(Place::Payload),
        };
        let name = match field.attribute.as_ref().and_then(|attribute| attribute.name.as_ref()) {
            Some(name) => name.value(),
            None if place.is_some_and(Place::is_renamed) => field.serde.name(field.ident, declaration.serde.rename_all),
            None => own_name,
        };
        let encrypted = declaration.encrypted(field);
        Decided {
            field,
            place,
            name,
            encrypted,
        }
    };
    fields.iter().map(decide).collect()
}

/// The placeholder that `#[wechatpay(path = "..")]` fills.
fn claimed(field: &Field<'_>) -> Option<String> {
    let attribute = field.attribute.as_ref()?;
    let name = attribute.name.as_ref()?;
    (attribute.place == Some(Place::Path)).then(|| name.value())
}

impl<'a> Decided<'a> {
    /// The word of the field attribute, or the field: where a message about its place goes.
    pub(crate) fn word(&self) -> &'a Ident {
        let attribute = self.field.attribute.as_ref();
        attribute
            .and_then(|attribute| attribute.word.as_ref())
            .unwrap_or(self.field.ident)
    }

    /// Its name in the field attribute, where a message about that goes.
    pub(crate) fn written(&self) -> Option<&'a LitStr> {
        self.field.attribute.as_ref()?.name.as_ref()
    }

    /// Whether it is sent under a name that serde may change.
    pub(crate) fn has_name(&self) -> bool {
        self.place.is_some_and(Place::is_renamed) && self.field.serde.word("flatten").is_none()
    }
}

impl Declaration<'_> {
    /// The name of the field in `encrypt(..)`.
    pub(crate) fn encrypted(&self, field: &Field<'_>) -> Option<&Ident> {
        let mut names = self.arguments.encrypt.iter().flatten();
        names.find(|name| name.unraw() == field.ident.unraw())
    }
}
