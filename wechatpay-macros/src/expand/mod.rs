//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

mod bounds;
mod debug;
mod fields;
mod send;

use crate::{check::decide::Decided, parse::Declaration, types};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{DeriveInput, Type, WherePredicate, parse_quote};

/// An operation without mistakes.
pub(crate) fn endpoint(declaration: &Declaration<'_>, fields: &[Decided<'_>]) -> TokenStream {
    let (core, arguments) = (&declaration.core, &declaration.arguments);
    let (method, path) = (&arguments.method, &arguments.path);
    let idempotent = arguments.idempotent.iter().map(|_| true);
    let bounds = bounds::bounds(declaration, fields);
    let fields = fields::fields(core, fields);
    let items = quote! {
        const METHOD: #core::Method = #core::Method::#method;
        const PATH: &'static str = #path;
        #(const IDEMPOTENT: bool = #idempotent;)*
        #fields
    };
    implementations(declaration, &bounds, &items)
}

/// What a declaration with mistakes gets, so that whatever uses it has nothing more to report. It cannot be built: the
/// mistakes are reported beside it, and were one not, its constant would be. The constant stands in a generic function
/// because the compiler evaluates it there only once there is nothing else to report.
pub(crate) fn stub(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let items = quote! {
        const METHOD: #core::Method = #core::Method::GET;
        const PATH: &'static str = "/";
        fn fields(&self, _: &mut #core::__private::Fields) {
            fn mistake<T>() {
                const { ::core::panic!("this declaration has a mistake") }
            }
            mistake::<()>()
        }
    };
    implementations(declaration, &bounds::bounds(declaration, &[]), &items)
}

fn implementations(declaration: &Declaration<'_>, bounds: &[WherePredicate], items: &TokenStream) -> TokenStream {
    let (core, input) = (&declaration.core, declaration.input);
    let allow = allow(input);
    let implement = |of: TokenStream, bounds: &[WherePredicate], items: &TokenStream| {
        let mut generics = input.generics.clone();
        generics.make_where_clause().predicates.extend(bounds.iter().cloned());
        let (ident, derived) = (&input.ident, (!of.is_empty()).then(|| quote!(#[automatically_derived])));
        let (parameters, arguments, bounds) = generics.split_for_impl();
        quote!(#derived #allow impl #parameters #of #ident #arguments #bounds { #items })
    };
    let is_endpoint: Option<WherePredicate> = (!bounds.is_empty()).then(|| parse_quote!(Self: #core::Endpoint));
    let is_endpoint = is_endpoint.as_slice();
    let serde = quote!(#core::__private::serde);
    let s = format_ident!("{}", bounds::unused_name(&input.generics, "S"));
    let response = response(declaration);
    let serialize = quote! {
        fn serialize<#s: #serde::Serializer>(&self, serializer: #s) -> ::core::result::Result<#s::Ok, #s::Error> {
            #core::__private::serialize(self, serializer)
        }
    };
    let send = send::send(declaration);
    let mut tokens = implement(quote!(#core::Endpoint for), bounds, &quote!(#response #items));
    tokens.extend(implement(TokenStream::new(), is_endpoint, &send));
    tokens.extend(implement(quote!(#serde::Serialize for), is_endpoint, &serialize));
    if declaration.arguments.encrypt.is_some() {
        let (bounds, debug) = (debug::bounds(declaration), debug::debug(declaration));
        tokens.extend(implement(quote!(::core::fmt::Debug for), &bounds, &debug));
    }
    tokens
}

/// `type Response`, placed where the type stands: what the compiler has to say about it points there.
fn response(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let Some(ty) = &declaration.arguments.response else {
        return quote!(type Response = #core::__private::Value;);
    };
    let start = quote_spanned!(types::start(ty)=> type Response =);
    let end = quote_spanned!(types::end(ty)=> ;);
    let ty = aimed(ty);
    quote!(#start #ty #end)
}

/// `Vec<Item>`, placed where `Item` stands: if the list cannot be decoded, it is because of what is in it.
fn aimed(ty: &Type) -> TokenStream {
    let (inner, lists) = innermost(ty, 0);
    let (tokens, length) = (ty.to_token_stream(), inner.to_token_stream().into_iter().count());
    // Each list closes with one `>`.
    let end = tokens.clone().into_iter().count().saturating_sub(lists);
    let aim = |(index, mut token): (usize, TokenTree)| {
        if index >= end {
            token.set_span(token.span().located_at(types::end(inner)));
        } else if index < end.saturating_sub(length) {
            token.set_span(token.span().located_at(types::start(inner)));
        }
        token
    };
    tokens.into_iter().enumerate().map(aim).collect()
}

/// The type inside of all lists, and how many lists are around it.
fn innermost(ty: &Type, lists: usize) -> (&Type, usize) {
    const LISTS: [&str; 5] = ["Vec", "Option", "Box", "HashMap", "BTreeMap"];
    let inner = LISTS.iter().find_map(|name| match *types::arguments(ty, name) {
        [inner] => Some(inner),
        [key, value] if types::mentions(key, "String") => Some(value),
        _ => None,
    });
    inner.map_or((ty, lists), |inner| innermost(inner, lists + 1))
}

/// Generated code names what the user may have deprecated, and lifetimes once where the user does so too.
fn allow(input: &DeriveInput) -> TokenStream {
    let deprecated = types::mentions(input, "deprecated").then(|| quote!(#[allow(deprecated)]));
    let has_lifetimes = input.generics.lifetimes().next().is_some();
    let lifetimes = has_lifetimes.then(|| quote!(#[allow(single_use_lifetimes)]));
    quote!(#deprecated #lifetimes)
}
