//! Decides the place, the name and the encryption of each field. No other code decides this.

use crate::errors::{Errors, report};
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
    /// The same in the field attribute, to which a message about it points.
    pub(crate) written: Option<&'a LitStr>,
    /// Its name in `encrypt(..)`.
    pub(crate) encrypted: Option<&'a Ident>,
}

/// Decides about every field.
pub(crate) fn decide<'a>(declaration: &'a Declaration<'a>, template: &Template, errors: &Errors) -> Vec<Decided<'a>> {
    let fields = declaration.fields.as_deref().unwrap_or_default();
    let claimed = claims(fields, errors);
    let decide = |field: &'a Field<'a>| {
        let own_name = field.name();
        let place = match &field.attribute {
            Some(attribute) => attribute.place,
            None if template.placeholders.contains(&own_name) && !claimed.contains(&own_name) => Some(Place::Path),
            None if field.serde.skip.is_some() => None,
            None => Some(Place::Payload),
        };
        let written = field.attribute.as_ref().and_then(|attribute| attribute.name.as_ref());
        let name = match written {
            Some(name) => name.value(),
            None if place.is_some_and(|place| place.row().honours.rename) => {
                field.serde.name(field.ident, declaration.serde.rename_all)
            }
            None => own_name,
        };
        let encrypted = declaration.encrypted(field);
        Decided { field, place, name, written, encrypted }
    };
    fields.iter().map(decide).collect()
}

/// The placeholders that `#[wechatpay(path = "..")]` fills. A field of that name is then free to be payload.
fn claims(fields: &[Field<'_>], errors: &Errors) -> Vec<String> {
    let mut claims: Vec<(String, String)> = Vec::new();
    for field in fields {
        let attribute = field.attribute.as_ref().filter(|attribute| attribute.place == Some(Place::Path));
        let Some(literal) = attribute.and_then(|attribute| attribute.name.as_ref()) else { continue };
        let name = literal.value();
        match claims.iter().find(|(known, _)| *known == name) {
            Some((_, first)) => report!(errors, literal => "placeholder `{{{name}}}` is already filled by `{first}`"),
            None => claims.push((name, field.name())),
        }
    }
    claims.into_iter().map(|(name, _)| name).collect()
}

impl Declaration<'_> {
    /// The name of the field in `encrypt(..)`.
    pub(crate) fn encrypted(&self, field: &Field<'_>) -> Option<&Ident> {
        let mut names = self.arguments.encrypt.iter().flatten();
        names.find(|name| name.unraw() == field.ident.unraw())
    }
}
