//! The method `send`, and what an editor shows about it.

use super::bounds::unused_name;
use crate::{parse::Declaration, types::text};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, Lifetime, LitStr};

pub(super) fn send(declaration: &Declaration<'_>) -> TokenStream {
    let (core, generics) = (&declaration.core, &declaration.input.generics);
    let c = format_ident!("{}", unused_name(generics, "C"));
    let documentation = documentation(declaration);
    let life = Lifetime::new(&format!("'{}", unused_name(generics, "client")), Span::call_site());
    quote! {
        #[doc = #documentation]
        pub fn send<#life, #c: #core::__private::Caller>(
            &#life self,
            client: &#life #c,
        ) -> #c::Sent<#life, <Self as #core::Endpoint>::Response> {
            #core::__private::Caller::send(client, self)
        }
    }
}

fn documentation(declaration: &Declaration<'_>) -> String {
    let (core, arguments) = (&declaration.core, &declaration.arguments);
    let method = arguments.method.as_ref().map(Ident::to_string).unwrap_or_default();
    let path = arguments.path.as_ref().map(LitStr::value).unwrap_or_default();
    let core = text(core);
    let response = match arguments.response.as_ref().map(text).as_deref() {
        None => "the response as JSON".to_owned(),
        Some("()") => "`()` when the service accepted it".to_owned(),
        Some(ty) => format!("the response, `{ty}`"),
    };
    format!(
        "`{method} {path}`\n\n\
         Sends this request and returns {response}, after checking that it came from WeChat Pay (微信支付). With a \
         [`Client`]({core}::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` \
         takes options for a single call and returns the whole response.\n\n\
         # Errors\n\n\
         An [`Error`]({core}::Error) says what it proves: see [`Outcome`]({core}::Outcome)."
    )
}
