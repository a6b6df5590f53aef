//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

mod bounds;
mod debug;
mod fields;
mod send;
mod span;

use crate::{
    check::decide::Decided,
    core_path::CorePath,
    parse::{Declaration, method::Method},
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{LitStr, Type, WherePredicate, ext::IdentExt, parse_quote};

/// An operation without mistakes.
pub(crate) struct Endpoint<'a> {
    declaration: &'a Declaration<'a>,
    fields: &'a [Decided<'a>],
    core: &'a CorePath,
    method: Method,
    method_name: &'a Ident,
    path: &'a LitStr,
}

impl<'a> Endpoint<'a> {
    /// `None` only for a declaration without a method or a path, which has been reported.
    pub(crate) fn new(declaration: &'a Declaration<'a>, fields: &'a [Decided<'a>]) -> Option<Self> {
        let (method, method_name) = declaration.arguments.method.as_ref()?;
        Some(Self {
            declaration,
            fields,
            core: &declaration.core,
            method: *method,
            method_name,
            path: declaration.arguments.path.as_ref()?,
        })
    }

    /// The implementation.
    pub(crate) fn expand(&self) -> TokenStream {
        let (core, method, path) = (self.core, self.method_name, self.path);
        let response = response(self.declaration);
        let idempotent = self.declaration.arguments.idempotent.is_some().then(|| {
            quote!(
                const IDEMPOTENT: bool = true;
            )
        });
        let fields = fields::fields(self);
        let items = quote! {
            #response
            const METHOD: #core::Method = #core::Method::#method;
            const PATH: &'static str = #path;
            #idempotent
            #fields
        };
        let documentation = send::documentation(self);
        implementations(self.declaration, bounds::bounds(self), &items, &documentation)
    }
}

/// What a declaration with mistakes gets, so that whatever uses it has nothing more to report. It cannot be built: the
/// mistakes are reported beside it, and were one not, its constant would be. The constant stands in a generic function
/// because the compiler evaluates it there only once there is nothing else to report.
pub(crate) fn stub(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    let response = response(declaration);
    let items = quote! {
        #response
        const METHOD: #core::Method = #core::Method::GET;
        const PATH: &'static str = "/";
        fn fields(&self, _: &mut #core::__private::Fields) {
            fn mistake<T>() {
                const { ::core::panic!("this declaration has a mistake") }
            }
            mistake::<()>()
        }
    };
    let sync = parse_quote!(Self: ::core::marker::Sync);
    let bounds = bounds::is_generic(&declaration.input.generics).then_some(sync);
    let documentation = "Sends the request, once the declaration is right.";
    implementations(declaration, bounds.into_iter().collect(), &items, documentation)
}

/// `type Response`, placed where the type stands: what the compiler has to say about it points there.
fn response(declaration: &Declaration<'_>) -> TokenStream {
    let core = &declaration.core;
    match &declaration.arguments.response {
        None => quote!(type Response = #core::__private::Value;),
        Some(ty) => {
            let start = quote_spanned!(span::start(ty)=> type Response =);
            let end = quote_spanned!(span::end(ty)=> ;);
            quote!(#start #ty #end)
        }
    }
}

fn implementations(
    declaration: &Declaration<'_>,
    bounds: Vec<WherePredicate>,
    items: &TokenStream,
    documentation: &str,
) -> TokenStream {
    let (core, input) = (&declaration.core, declaration.input);
    let allow = allow(declaration);
    let header = |of: TokenStream, bounds: Vec<WherePredicate>| {
        let ident = &input.ident;
        let mut generics = input.generics.clone();
        if !bounds.is_empty() {
            generics.make_where_clause().predicates.extend(bounds);
        }
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        let (_, ty_generics, _) = input.generics.split_for_impl();
        quote! {
            #allow
            impl #impl_generics #of #ident #ty_generics #where_clause
        }
    };
    let is_endpoint: Option<WherePredicate> =
        bounds::is_generic(&input.generics).then(|| parse_quote!(Self: #core::Endpoint));
    let endpoint = header(quote!(#core::Endpoint for), bounds);
    let serialize = header(
        quote!(#core::__private::serde::Serialize for),
        is_endpoint.into_iter().collect(),
    );
    let serializer = bounds::unused_parameter(&input.generics, "S");
    let send = send::send(declaration, documentation);
    let send_header = header(TokenStream::new(), Vec::new());
    let debug = declaration.arguments.encrypt.as_ref().map(|_| {
        let debug = header(quote!(::core::fmt::Debug for), debug::bounds(declaration));
        let body = debug::debug(declaration);
        quote!(#[automatically_derived] #debug { #body })
    });
    quote! {
        #[automatically_derived]
        #endpoint { #items }
        #[automatically_derived]
        #serialize {
            fn serialize<#serializer: #core::__private::serde::Serializer>(
                &self,
                serializer: #serializer,
            ) -> ::core::result::Result<#serializer::Ok, #serializer::Error> {
                #core::__private::serialize(self, serializer)
            }
        }
        #send_header { #send }
        #debug
    }
}

/// Generated code names what the user may have deprecated, and lifetimes once where the user does so too.
fn allow(declaration: &Declaration<'_>) -> TokenStream {
    let input = declaration.input;
    let is_deprecated = |attributes: &[syn::Attribute]| {
        attributes
            .iter()
            .any(|attribute| attribute.path().is_ident("deprecated"))
    };
    let fields = match &input.data {
        syn::Data::Struct(data) => data.fields.iter().any(|field| is_deprecated(&field.attrs)),
        _ => false,
    };
    let mut allow = TokenStream::new();
    if is_deprecated(&input.attrs) || fields {
        allow.extend(quote!(#[allow(deprecated)]));
    }
    if input.generics.lifetimes().next().is_some() {
        allow.extend(quote!(#[allow(single_use_lifetimes)]));
    }
    allow
}

/// The name of an identifier, as text.
fn name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Whether a type mentions a type parameter of the struct.
fn is_open(declaration: &Declaration<'_>, ty: &Type) -> bool {
    let mut parameters = declaration.input.generics.type_params();
    parameters.any(|parameter| crate::types::mentions(ty, &parameter.ident.to_token_stream().to_string()))
}
