//! A `Debug` that shows the fields except those that are encrypted.

use super::span::value;
use crate::{parse::Declaration, types::mentions};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{WherePredicate, ext::IdentExt, parse_quote};

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
    let parameters = declaration.input.generics.type_params().map(|parameter| &parameter.ident);
    let printed = parameters.filter(|parameter| {
        let mut shown = declaration.fields.iter().flatten().filter(|field| declaration.encrypted(field).is_none());
        shown.any(|field| mentions(field.ty, &parameter.to_string()))
    });
    printed.map(|parameter| parse_quote!(#parameter: ::core::fmt::Debug)).collect()
}
