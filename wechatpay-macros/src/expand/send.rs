//! The method `send`, and what an editor shows about it.

use super::{
    Endpoint,
    bounds::{is_generic, unused_parameter},
};
use crate::{parse::Declaration, types::text};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Generics, Lifetime};

pub(super) fn send(declaration: &Declaration<'_>, documentation: &str) -> TokenStream {
    let (core, generics) = (&declaration.core, &declaration.input.generics);
    let bound = is_generic(generics).then(|| quote!(where Self: #core::Endpoint));
    let client = unused_lifetime(generics);
    let parameter = unused_parameter(generics, "C");
    quote! {
        #[doc = #documentation]
        pub fn send<#client, #parameter: #core::__private::Caller>(
            &#client self,
            client: &#client #parameter,
        ) -> #parameter::Sent<#client, <Self as #core::Endpoint>::Response> #bound {
            #core::__private::Caller::send(client, self)
        }
    }
}

pub(super) fn documentation(endpoint: &Endpoint<'_>) -> String {
    let core = endpoint.core;
    let (method, path) = (endpoint.method.name(), endpoint.path.value());
    let error = core.text("Error");
    let client = core.text("Client");
    let response = match endpoint.declaration.arguments.response.as_ref().map(text).as_deref() {
        None => "the response as JSON".to_owned(),
        Some("()") => "`()` when the service accepted it".to_owned(),
        Some(ty) => format!("the response, `{ty}`"),
    };
    format!(
        "`{method} {path}`\n\n\
         Sends this request and returns {response}, after checking that it came from WeChat Pay (微信支付). With a \
         [`Client`]({client}) the result is a future; a blocking client returns it at once.\n\n\
         This is the short form of `client.call(&request)`, which takes options for a single call and returns the whole \
         response.\n\n\
         # Errors\n\n\
         An [`Error`]({error}) says what it proves: the request was refused locally and nothing was sent, it never \
         reached the service, it may have been executed (query first, before sending again), or the service refused it."
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
