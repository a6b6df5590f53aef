//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

mod bounds;
mod debug;
mod fields;
mod send;

use crate::{check::decide::Decided, parse::Declaration, types};
use proc_macro2::TokenStream;
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
    let by_inner = innermost(ty).map(|inner| {
        let whole = quote_spanned!(types::end(inner)=> #core::__private::Inside<#ty>>::Response);
        quote_spanned!(types::start(inner)=> <#inner as #whole)
    });
    let ty = by_inner.unwrap_or_else(|| ty.to_token_stream());
    quote!(#start #ty #end)
}

/// `Item` in `Vec<Item>` or `HashMap<String, Item>`: if the whole cannot be decoded, it is because of this type.
fn innermost(ty: &Type) -> Option<&Type> {
    const AROUND: [&str; 7] = ["Vec", "Option", "Box", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
    let inner = AROUND.iter().find_map(|name| types::arguments(ty, name).pop())?;
    Some(innermost(inner).unwrap_or(inner))
}

/// Generated code names what the user may have deprecated, and lifetimes once where the user does so too.
fn allow(input: &DeriveInput) -> TokenStream {
    let deprecated = types::mentions(input, "deprecated").then(|| quote!(#[allow(deprecated)]));
    let has_lifetimes = input.generics.lifetimes().next().is_some();
    let lifetimes = has_lifetimes.then(|| quote!(#[allow(single_use_lifetimes)]));
    quote!(#deprecated #lifetimes)
}
