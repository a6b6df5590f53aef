//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

mod bounds;
mod debug;
mod fields;
mod send;
mod span;

use crate::{check::decide::Decided, parse::Declaration, types::last_inside};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Data, Type, WherePredicate, parse_quote};

/// An operation without mistakes.
pub(crate) fn endpoint(declaration: &Declaration<'_>, fields: &[Decided<'_>]) -> TokenStream {
    let (core, arguments) = (&declaration.core, &declaration.arguments);
    let (method, path) = (&arguments.method, &arguments.path);
    let idempotent = arguments.idempotent.as_ref().map(|_| {
        quote!(
            const IDEMPOTENT: bool = true;
        )
    });
    let bounds = bounds::bounds(declaration, fields);
    let fields = fields::fields(core, fields);
    let items = quote! {
        const METHOD: #core::Method = #core::Method::#method;
        const PATH: &'static str = #path;
        #idempotent
        #fields
    };
    implementations(declaration, bounds, &items, &send::documentation(declaration))
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
    let bounds = bounds::bounds(declaration, &[]);
    implementations(declaration, bounds, &items, "Sends the request, once the declaration is right.")
}

fn implementations(
    declaration: &Declaration<'_>,
    bounds: Vec<WherePredicate>,
    items: &TokenStream,
    documentation: &str,
) -> TokenStream {
    let (core, input) = (&declaration.core, declaration.input);
    let allow = allow(declaration);
    let implement = |of: TokenStream, bounds: Vec<WherePredicate>, items: &TokenStream| {
        let mut generics = input.generics.clone();
        if !bounds.is_empty() {
            generics.make_where_clause().predicates.extend(bounds);
        }
        let (ident, derived) = (&input.ident, (!of.is_empty()).then(|| quote!(#[automatically_derived])));
        let (parameters, arguments, bounds) = generics.split_for_impl();
        quote!(#derived #allow impl #parameters #of #ident #arguments #bounds { #items })
    };
    let is_endpoint: Vec<WherePredicate> = match bounds.as_slice() {
        [] => Vec::new(),
        _ => vec![parse_quote!(Self: #core::Endpoint)],
    };
    let serde = quote!(#core::__private::serde);
    let s = format_ident!("{}", bounds::unused_name(&input.generics, "S"));
    let response = response(declaration);
    let serialize = quote! {
        fn serialize<#s: #serde::Serializer>(&self, serializer: #s) -> ::core::result::Result<#s::Ok, #s::Error> {
            #core::__private::serialize(self, serializer)
        }
    };
    let mut tokens = implement(quote!(#core::Endpoint for), bounds, &quote!(#response #items));
    tokens.extend(implement(TokenStream::new(), is_endpoint.clone(), &send::send(declaration, documentation)));
    tokens.extend(implement(quote!(#serde::Serialize for), is_endpoint, &serialize));
    if declaration.arguments.encrypt.is_some() {
        let debug = quote!(::core::fmt::Debug for);
        tokens.extend(implement(debug, debug::bounds(declaration), &debug::debug(declaration)));
    }
    tokens
}

/// `type Response`, placed where the type stands: what the compiler has to say about it points there.
fn response(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let Some(ty) = &declaration.arguments.response else {
        return quote!(type Response = #core::__private::Value;);
    };
    let start = quote_spanned!(span::start(ty)=> type Response =);
    let end = quote_spanned!(span::end(ty)=> ;);
    match innermost(ty) {
        Some(inner) => {
            let whole = quote_spanned!(span::end(inner)=> #core::__private::Inside<#ty>>::Response);
            let inner = quote_spanned!(span::start(inner)=> <#inner as);
            quote!(#start #inner #whole #end)
        }
        None => quote!(#start #ty #end),
    }
}

/// `Item` in `Vec<Item>` or `HashMap<String, Item>`: if the whole cannot be decoded, it is because of this type.
fn innermost(ty: &Type) -> Option<&Type> {
    const AROUND: [&str; 7] = ["Vec", "Option", "Box", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
    let inner = AROUND.iter().find_map(|name| last_inside(ty, name))?;
    Some(innermost(inner).unwrap_or(inner))
}

/// Generated code names what the user may have deprecated, and lifetimes once where the user does so too.
fn allow(declaration: &Declaration<'_>) -> TokenStream {
    let input = declaration.input;
    let is_deprecated = |attribute: &Attribute| attribute.path().is_ident("deprecated");
    let fields = match &input.data {
        Data::Struct(data) => data.fields.iter().flat_map(|field| &field.attrs).any(is_deprecated),
        Data::Enum(_) | Data::Union(_) => false,
    };
    let deprecated = (fields || input.attrs.iter().any(is_deprecated)).then(|| quote!(#[allow(deprecated)]));
    let lifetimes = input.generics.lifetimes().next().map(|_| quote!(#[allow(single_use_lifetimes)]));
    quote!(#deprecated #lifetimes)
}
