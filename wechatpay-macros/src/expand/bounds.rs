//! What the parameters of a generic struct have to be.

use super::{Endpoint, is_open};
use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{GenericParam, Generics, WherePredicate, parse_quote};

/// An endpoint can be shared between threads, every field can be sent, and the response decoded. `#[serde(bound)]`
/// replaces what is said about the fields.
pub(super) fn bounds(endpoint: &Endpoint<'_>) -> Vec<WherePredicate> {
    let declaration = endpoint.declaration;
    if !is_generic(&declaration.input.generics) {
        return Vec::new();
    }
    let core = endpoint.core;
    let mut bounds: Vec<WherePredicate> = vec![parse_quote!(Self: ::core::marker::Sync)];
    let mut add = |bound: WherePredicate| {
        let new = quote!(#bound).to_string();
        if bounds.iter().all(|known| quote!(#known).to_string() != new) {
            bounds.push(bound);
        }
    };
    if let Some(response) = declaration
        .arguments
        .response
        .as_ref()
        .filter(|ty| is_open(declaration, ty))
    {
        add(parse_quote!(#response: #core::__private::FromResponse));
    }
    if let Some(given) = &declaration.serde.bound {
        given.iter().cloned().for_each(&mut add);
        return bounds;
    }
    for decided in endpoint.fields.iter().filter(|decided| decided.place.is_some()) {
        let (field, ty) = (decided.field, decided.field.ty);
        if let Some(given) = &field.serde.bound {
            given.iter().cloned().for_each(&mut add);
        } else if field.serde.with.is_none() && is_open(declaration, ty) {
            add(if decided.encrypted.is_some() {
                parse_quote!(#ty: #core::__private::Encrypt)
            } else {
                parse_quote!(#ty: #core::__private::serde::Serialize)
            });
        }
    }
    bounds
}

/// Lifetimes alone need no bounds: what holds for one holds for all.
pub(super) fn is_generic(generics: &Generics) -> bool {
    generics
        .params
        .iter()
        .any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
}

/// A name for the type parameter of a method, which must not be one of the struct.
pub(super) fn unused_parameter(generics: &Generics, name: &str) -> Ident {
    let mut name = format_ident!("{name}");
    let taken = |name: &Ident| {
        generics.params.iter().any(|parameter| match parameter {
            GenericParam::Type(parameter) => parameter.ident == *name,
            GenericParam::Const(parameter) => parameter.ident == *name,
            GenericParam::Lifetime(_) => false,
        })
    };
    while taken(&name) {
        name = format_ident!("{name}_");
    }
    name
}
