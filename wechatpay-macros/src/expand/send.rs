//! The method `send`, and what an editor shows about it.

use super::is_generic;
use crate::{model::Endpoint, names::Core, tokens::text};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{DeriveInput, GenericParam, Generics, Lifetime};

pub(super) fn send(core: &Core, input: &DeriveInput, documentation: &str) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let bound = is_generic(&input.generics).then(|| quote!(where Self: #core::Endpoint));
    let client = unused_lifetime(&input.generics);
    let parameter = unused_parameter(&input.generics);
    quote! {
        impl #impl_generics #ident #ty_generics #where_clause {
            #[doc = #documentation]
            pub fn send<#client, #parameter: #core::Caller>(
                &#client self,
                client: &#client #parameter,
            ) -> #parameter::Sent<#client, <Self as #core::Endpoint>::Response> #bound {
                #core::Caller::send(client, self)
            }
        }
    }
}

pub(super) fn documentation(endpoint: &Endpoint<'_>) -> String {
    let core = endpoint.core;
    let (method, path) = (endpoint.method.name(), endpoint.path.value());
    let error = core.text("Error");
    let client = core.text("Client");
    let response = match endpoint.response.map(text).as_deref() {
        None => "the answer as JSON".to_owned(),
        Some("()") => "`()` when the service accepted it".to_owned(),
        Some(ty) => format!("the answer, `{ty}`"),
    };
    format!(
        "`{method} {path}`\n\n\
         Sends this request and gives {response}, after checking that it came from WeChat Pay (微信支付). With a \
         [`Client`]({client}) the result is a future; with a blocking client it is there at once.\n\n\
         The short form of `client.call(&request)`, which takes options for a single call and gives the whole reply.\n\n\
         # Errors\n\n\
         An [`Error`]({error}) says what it proves: refused before anything was sent, never reached the service, may \
         have been executed (then query first, before sending again), or refused by the service."
    )
}

/// A method's lifetime may not shadow one of the struct.
fn unused_lifetime(generics: &Generics) -> Lifetime {
    let mut name = "'client".to_owned();
    while generics
        .lifetimes()
        .any(|lifetime| lifetime.lifetime.to_string() == name)
    {
        name.push('_');
    }
    Lifetime::new(&name, Span::call_site())
}

/// Nor may its type parameter.
fn unused_parameter(generics: &Generics) -> Ident {
    let mut name = format_ident!("C");
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
