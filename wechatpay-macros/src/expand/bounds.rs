//! What the parameters of a generic struct have to be.

use super::is_open;
use crate::{check::decide::Decided, parse::Declaration};
use proc_macro2::Ident;
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics, WherePredicate, parse_quote};

/// An endpoint can be shared between threads, every field can be sent, and the response decoded. `#[serde(bound)]`
/// replaces what is said about the fields. Lifetimes alone need no bounds: what holds for one holds for all.
pub(super) fn bounds(declaration: &Declaration<'_>, fields: &[Decided<'_>]) -> Vec<WherePredicate> {
    let (core, generics) = (&declaration.core, &declaration.input.generics);
    if generics.lifetimes().count() == generics.params.len() {
        return Vec::new();
    }
    let mut bounds: Vec<WherePredicate> = vec![parse_quote!(Self: ::core::marker::Sync)];
    let response = declaration
        .arguments
        .response
        .as_ref()
        .filter(|ty| is_open(declaration, ty));
    bounds.extend(response.map(|ty| -> WherePredicate { parse_quote!(#ty: #core::__private::FromResponse) }));
    if let Some(given) = declaration.serde.bound.as_ref().filter(|_| !fields.is_empty()) {
        bounds.extend(given.iter().cloned());
        return bounds;
    }
    for decided in fields.iter().filter(|decided| decided.place.is_some()) {
        let (serde, ty) = (&decided.field.serde, decided.field.ty);
        let needed = match decided.encrypted {
            Some(_) => quote!(#core::__private::Encrypt),
            None => quote!(#core::__private::serde::Serialize),
        };
        if let Some(given) = &serde.bound {
            bounds.extend(given.iter().cloned());
        } else if serde.with.is_none() && is_open(declaration, ty) {
            bounds.push(parse_quote!(#ty: #needed));
        }
    }
    let mut seen = Vec::new();
    bounds.retain(|bound| {
        let text = bound.to_token_stream().to_string();
        let is_new = !seen.contains(&text);
        seen.push(text);
        is_new
    });
    bounds
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
