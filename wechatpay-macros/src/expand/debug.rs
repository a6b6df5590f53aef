//! A `Debug` that shows the fields except those that are encrypted.

use super::{name, span::value};
use crate::{
    parse::{Declaration, Field},
    types::mentions,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{WherePredicate, ext::IdentExt, parse_quote};

/// One call with a table: it costs the compiler less than one for each field.
pub(super) fn debug(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let struct_name = name(&declaration.input.ident);
    let fields = declaration.fields.iter().flatten().map(|field| {
        let name = field.name();
        let value = if is_redacted(declaration, field) {
            quote!(&#core::__private::Redacted)
        } else {
            value(field.ident, field.ty)
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
    let parameters = declaration.input.generics.type_params();
    let printed = parameters.filter(|parameter| {
        let name = parameter.ident.to_string();
        let mut fields = declaration.fields.iter().flatten();
        fields.any(|field| !is_redacted(declaration, field) && mentions(field.ty, &name))
    });
    printed
        .map(|parameter| {
            let ident = &parameter.ident;
            parse_quote!(#ident: ::core::fmt::Debug)
        })
        .collect()
}

fn is_redacted(declaration: &Declaration<'_>, field: &Field<'_>) -> bool {
    let names = &declaration.arguments.encrypt;
    names.iter().flatten().any(|name| name.unraw() == field.ident.unraw())
}
