//! A `Debug` that shows the fields except those that are encrypted.

use super::fields::value;
use crate::{parse::Declaration, types::mentions};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, WherePredicate, ext::IdentExt, parse_quote};

/// One call with a table: it costs the compiler less than one for each field.
pub(super) fn debug(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let struct_name = declaration.input.ident.unraw().to_string();
    let fields = declaration.fields.iter().flatten().map(|field| {
        let name = field.name();
        let value = match declaration.encrypted(field) {
            Some(_) => quote!(&#core::__private::Redacted),
            None => value(field.ident, field.ty),
        };
        quote!((#name, #value))
    });
    quote! {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            #core::__private::debug(f, #struct_name, &[#(#fields),*])
        }
    }
}

/// Only what is printed has to be `Debug` itself.
pub(super) fn bounds(declaration: &Declaration<'_>) -> Vec<WherePredicate> {
    let fields = declaration.fields.iter().flatten();
    let shown: Vec<_> = fields.filter(|field| declaration.encrypted(field).is_none()).collect();
    let generics = &declaration.input.generics;
    let names = generics.type_params().map(|parameter| &parameter.ident);
    let is_shown = |name: &&Ident| shown.iter().any(|field| mentions(field.ty, &name.to_string()));
    let bound = |name| parse_quote!(#name: ::core::fmt::Debug);
    names.filter(is_shown).map(bound).collect()
}
