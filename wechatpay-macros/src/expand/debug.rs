//! A `Debug` that shows the fields but those that are encrypted.

use super::place::value;
use crate::{model::Shown, names::Core, tokens::mentions};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, TypeParam, ext::IdentExt, parse_quote};

/// Only what is printed has to be `Debug` itself. One call with a table costs the compiler less than one for each field.
pub(super) fn debug(core: &Core, input: &DeriveInput, fields: &[Shown<'_>]) -> TokenStream {
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let mut generics = input.generics.clone();
    let printed = |parameter: &TypeParam| {
        let name = parameter.ident.to_string();
        fields.iter().any(|field| !field.redacted && mentions(field.ty, &name))
    };
    for parameter in input.generics.type_params().filter(|parameter| printed(parameter)) {
        let ident = &parameter.ident;
        generics
            .make_where_clause()
            .predicates
            .push(parse_quote!(#ident: ::core::fmt::Debug));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let fields = fields.iter().map(|field| {
        let name = field.ident.unraw().to_string();
        let value = if field.redacted {
            quote!(&#core::__private::Redacted)
        } else {
            value(field.ident, field.ty)
        };
        quote!((#name, #value))
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #ident #ty_generics #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #core::__private::debug(f, #name, &[#(#fields),*])
            }
        }
    }
}
