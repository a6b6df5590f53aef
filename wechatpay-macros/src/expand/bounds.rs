//! What the parameters of a generic struct have to be.

use crate::{check::decide::Decided, parse::Declaration, types::mentions};
use quote::quote;
use syn::{Generics, Type, WherePredicate, parse_quote};

/// An endpoint can be shared between threads, every field can be sent, and the response decoded. `#[serde(bound)]`
/// replaces what is said about the fields. Lifetimes alone need no bounds: what holds for one holds for all.
pub(super) fn bounds(declaration: &Declaration<'_>, fields: &[Decided<'_>]) -> Vec<WherePredicate> {
    let (core, generics) = (&declaration.core, &declaration.input.generics);
    if generics.lifetimes().count() == generics.params.len() {
        return Vec::new();
    }
    let mut bounds: Vec<WherePredicate> = vec![parse_quote!(Self: ::core::marker::Sync)];
    let response = declaration.arguments.response.iter();
    let response = response.filter(|ty| is_open(declaration, ty));
    bounds.extend(response.map(|ty| -> WherePredicate { parse_quote!(#ty: #core::__private::FromResponse) }));
    if let Some(given) = declaration.serde.bound.as_ref().filter(|_| !fields.is_empty()) {
        bounds.extend(given.iter().cloned());
        return bounds;
    }
    for decided in fields.iter().filter(|decided| decided.place.is_some()) {
        let (serde, ty) = (&decided.field.serde, decided.field.ty);
        if let Some(given) = &serde.bound {
            bounds.extend(given.iter().cloned());
        } else if serde.with.is_none() && is_open(declaration, ty) {
            let encrypt = decided.encrypted.map(|_| quote!(#core::__private::Encrypt));
            let needed = encrypt.unwrap_or_else(|| quote!(#core::__private::serde::Serialize));
            bounds.push(parse_quote!(#ty: #needed));
        }
    }
    bounds
}

/// A name for a parameter of a method, which must not be one of the struct.
pub(super) fn unused_name(generics: &Generics, name: &str) -> String {
    let mut name = name.to_owned();
    while mentions(generics, &name) {
        name.push('_');
    }
    name
}

/// Whether a type mentions a type parameter of the struct.
fn is_open(declaration: &Declaration<'_>, ty: &Type) -> bool {
    let mut parameters = declaration.input.generics.type_params();
    parameters.any(|parameter| mentions(ty, &parameter.ident.to_string()))
}
