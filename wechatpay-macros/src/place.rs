//! Where each field goes: by its helper, by its name in the path, or by default into the payload.

use crate::{
    declaration::{Declaration, Field},
    errors::Errors,
    helper::{FileNames, Place},
    template::Template,
};
use syn::{LitStr, ext::IdentExt};

/// A field and its destination.
pub(crate) struct Placed<'a> {
    pub(crate) field: &'a Field<'a>,
    pub(crate) goes: Destination<'a>,
}

pub(crate) enum Destination<'a> {
    /// Into the placeholder of this name.
    Path(String),
    Query,
    Header(&'a LitStr),
    /// It is the body.
    Body,
    File(&'a FileNames),
    Form,
    /// Into the query string of a `GET`, the JSON body of the others, the `meta` of an upload.
    Payload,
    /// Nowhere: left out by serde, or its helper could not be read.
    Nowhere,
}

/// Gives every field its destination.
pub(crate) fn place<'a>(declaration: &'a Declaration<'a>, template: &Template, errors: &Errors) -> Vec<Placed<'a>> {
    let fields = declaration.fields.as_deref().unwrap_or_default();
    let claimed = claims(fields, errors);
    let place = |field: &'a Field<'a>| {
        let name = field.ident.unraw().to_string();
        let goes = match field.helper.as_ref().map(|helper| &helper.place) {
            Some(Place::Path(name)) => Destination::Path(name.value()),
            Some(Place::Query) => Destination::Query,
            Some(Place::Header(name)) => Destination::Header(name),
            Some(Place::Body) => Destination::Body,
            Some(Place::File(names)) => Destination::File(names),
            Some(Place::Form) => Destination::Form,
            Some(Place::Unknown) => Destination::Nowhere,
            None if template.placeholders.contains(&name) && !claimed.contains(&name) => Destination::Path(name),
            None if declaration.beside_body.contains(field.ident) => Destination::Payload,
            None if field.serde.skip.is_some() || field.serde.skip_serializing.is_some() => Destination::Nowhere,
            None => Destination::Payload,
        };
        Placed { field, goes }
    };
    fields.iter().map(place).collect()
}

/// The placeholders that `#[wechatpay(path = "..")]` fills. A field of that name is then free to be payload.
fn claims(fields: &[Field<'_>], errors: &Errors) -> Vec<String> {
    let mut claims: Vec<(String, &Field<'_>)> = Vec::new();
    for field in fields {
        let Some(Place::Path(literal)) = field.helper.as_ref().map(|helper| &helper.place) else {
            continue;
        };
        let name = literal.value();
        match claims.iter().find(|(known, _)| *known == name) {
            Some((_, first)) => {
                errors.on(
                    literal,
                    format!(
                        "placeholder `{{{name}}}` is already filled by `{}`",
                        first.ident.unraw()
                    ),
                );
            }
            None => claims.push((name, field)),
        }
    }
    claims.into_iter().map(|(name, _)| name).collect()
}
