//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

mod debug;
mod place;
mod prepare;
mod send;

use crate::{
    declaration::Declaration,
    model::{self, Endpoint, Step},
    names::Core,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericParam, Generics, Type, WherePredicate, parse_quote};

/// The implementation of an operation.
pub(crate) fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let core = endpoint.core;
    let response = endpoint
        .response
        .map_or_else(|| quote!(#core::__private::Value), ToTokens::to_token_stream);
    let (method, path) = (endpoint.method_name, endpoint.path);
    let idempotent = endpoint.idempotent.then(|| {
        quote!(
            const IDEMPOTENT: bool = true;
        )
    });
    let prepare = prepare::prepare(endpoint);
    let items = quote! {
        type Response = #response;
        const METHOD: #core::Method = #core::Method::#method;
        const PATH: &'static str = #path;
        #idempotent
        #prepare
    };
    let mut tokens = implement(core, endpoint.input, bounds(endpoint), &items);
    tokens.extend(send::send(core, endpoint.input, &send::documentation(endpoint)));
    tokens.extend(
        endpoint
            .debug
            .as_ref()
            .map(|fields| debug::debug(core, endpoint.input, fields)),
    );
    tokens
}

/// What a declaration with mistakes gets, so that whatever uses it has nothing more to report. It cannot be built: the
/// mistakes are reported beside it, and were one not, its constant would be. The constant stands in a generic function
/// because the compiler evaluates it there only once there is nothing else to report.
pub(crate) fn stub(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let response = &declaration.arguments.response;
    let response = response
        .as_ref()
        .map_or_else(|| quote!(#core::__private::Value), ToTokens::to_token_stream);
    let items = quote! {
        type Response = #response;
        const METHOD: #core::Method = #core::Method::GET;
        const PATH: &'static str = "/";
        fn prepare(&self, _: &mut #core::Preparation) -> ::core::result::Result<(), #core::PrepareError> {
            fn mistake<T>() -> T {
                const { ::core::panic!("this declaration has a mistake") }
            }
            mistake()
        }
    };
    let sync = parse_quote!(Self: ::core::marker::Sync);
    let bounds = is_generic(&declaration.input.generics).then_some(sync);
    let mut tokens = implement(core, declaration.input, bounds, &items);
    tokens.extend(send::send(
        core,
        declaration.input,
        "Sends the request, once the declaration is right.",
    ));
    tokens.extend(model::debug(declaration).map(|fields| debug::debug(core, declaration.input, &fields)));
    tokens
}

/// What a type parameter has to be: an endpoint can be shared between threads, every field can be serialised, and the
/// answer decoded. serde's derive has said that of the payload, but has not seen the fields that go elsewhere.
fn bounds(endpoint: &Endpoint<'_>) -> Vec<WherePredicate> {
    if !is_generic(&endpoint.input.generics) {
        return Vec::new();
    }
    let core = endpoint.core;
    let serialize = quote!(#core::__private::serde::Serialize);
    let is_generic = |ty: &&Type| model::parameters(endpoint.input, ty).next().is_some();
    let mut bounds = vec![parse_quote!(Self: ::core::marker::Sync + #serialize)];
    bounds.extend(
        endpoint
            .response
            .filter(is_generic)
            .map(|ty| -> WherePredicate { parse_quote!(#ty: #core::Answer) }),
    );
    let moved = endpoint.steps.iter().filter_map(Step::serialised).filter(is_generic);
    bounds.extend(moved.map(|ty| -> WherePredicate { parse_quote!(#ty: #serialize) }));
    bounds
}

fn implement(
    core: &Core,
    input: &DeriveInput,
    bounds: impl IntoIterator<Item = WherePredicate>,
    items: &TokenStream,
) -> TokenStream {
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let mut bounds = bounds.into_iter().peekable();
    if bounds.peek().is_some() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #core::Endpoint for #ident #ty_generics #where_clause {
            #items
        }
    }
}

/// Lifetimes alone need no bounds: what holds for one holds for all.
fn is_generic(generics: &Generics) -> bool {
    generics
        .params
        .iter()
        .any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
}
