//! Writes the implementation out. Paths are absolute, so nothing that the user's module calls by the same name is hit.

use crate::{
    declaration::{Declaration, Field},
    helper::Algorithm,
    model::{self, Endpoint, Shown, Step, Value},
    names::Core,
    tokens::text,
};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{DeriveInput, GenericParam, Generics, Lifetime, WherePredicate, ext::IdentExt, parse_quote};

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
    let prepare = prepare(endpoint);
    let items = quote! {
        type Response = #response;
        const METHOD: #core::Method = #core::Method::#method;
        const PATH: &'static str = #path;
        #idempotent
        #prepare
    };
    let documentation = send_documentation(endpoint);
    let mut tokens = implement(core, endpoint.input, bounds(endpoint), &items);
    tokens.extend(send(core, endpoint.input, &documentation));
    tokens.extend(endpoint.debug.as_ref().map(|fields| debug(endpoint.input, fields)));
    tokens
}

/// What a declaration with mistakes gets, so that whatever uses it has nothing more to report.
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
            ::core::unreachable!()
        }
    };
    let sync = parse_quote!(Self: ::core::marker::Sync);
    let bounds = is_generic(&declaration.input.generics).then_some(sync);
    let mut tokens = implement(core, declaration.input, bounds, &items);
    tokens.extend(send(
        core,
        declaration.input,
        "Sends the request, once the declaration is right.",
    ));
    tokens.extend(model::debug(declaration).map(|fields| debug(declaration.input, &fields)));
    tokens
}

/// What a type parameter has to be: an endpoint can be shared between threads, and every field can be serialised.
/// serde's derive has said that of the payload, but has not seen the fields that go elsewhere.
fn bounds(endpoint: &Endpoint<'_>) -> Vec<WherePredicate> {
    if !is_generic(&endpoint.input.generics) {
        return Vec::new();
    }
    let core = endpoint.core;
    let serialize = quote!(#core::__private::serde::Serialize);
    let moved = endpoint.steps.iter().filter_map(Step::field).map(|field| field.ty);
    let moved = moved.filter(|ty| model::parameters(endpoint.input, ty).next().is_some());
    let mut bounds = vec![parse_quote!(Self: ::core::marker::Sync + #serialize)];
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

fn prepare(endpoint: &Endpoint<'_>) -> TokenStream {
    let core = endpoint.core;
    let mut calls: Vec<TokenStream> = endpoint.steps.iter().map(|step| call(core, step)).collect();
    // The last call's result is the result, which leaves the reader of the expansion less to read.
    let end = match endpoint.steps.last() {
        Some(last) if !can_be_skipped(last) => calls.pop(),
        _ => None,
    };
    let end = end.unwrap_or_else(|| quote!(::core::result::Result::Ok(())));
    let request = if endpoint.steps.is_empty() {
        quote!(_)
    } else {
        quote!(request)
    };
    let calls = calls
        .iter()
        .zip(&endpoint.steps)
        .map(|(call, step)| match skip_condition(step) {
            Some(condition) => quote!(if !#condition { #call?; }),
            None => quote!(#call?;),
        });
    quote! {
        fn prepare(&self, #request: &mut #core::Preparation) -> ::core::result::Result<(), #core::PrepareError> {
            #(#calls)*
            #end
        }
    }
}

fn call(core: &Core, step: &Step<'_>) -> TokenStream {
    match step {
        Step::Path { name, field } => hand_over(field, "path", name, None),
        Step::Query {
            name,
            field,
            value: Value::Plain,
        } => hand_over(field, "query", name, None),
        Step::Query {
            name,
            field,
            value: Value::Encrypted,
        } => hand_over(field, "query_encrypted", name, None),
        Step::Query {
            name,
            field,
            value: Value::With(function),
        } => {
            let function = quote!(|value, serializer| #function(value, serializer));
            hand_over(field, "query_with", name, Some(&function))
        }
        Step::Header { name, field } => hand_over(field, "header", name, None),
        Step::Form { name, field } => hand_over(field, "form", name, None),
        Step::File { part, field, names } => {
            let digest = &names.digest;
            let filename = match &names.filename {
                Some(name) => quote!(::core::option::Option::Some(#name)),
                None => quote!(::core::option::Option::None),
            };
            let algorithm = match names.algorithm {
                Algorithm::Sha256 => quote!(Sha256),
                Algorithm::Sm3 => quote!(Sm3),
            };
            let fields = quote! {
                #core::FileFields { filename: #filename, digest: #digest, algorithm: #core::DigestAlgorithm::#algorithm }
            };
            hand_over(field, "file", part, Some(&fields))
        }
        Step::Payload => quote!(request.payload(self)),
        Step::Body => quote!(request.body(self)),
    }
}

/// `request.method(name, &self.field, further)`, placed where the field's type stands: what the compiler has to say
/// about the type then points at it.
fn hand_over(field: &Field<'_>, method: &str, name: impl ToTokens, further: Option<&TokenStream>) -> TokenStream {
    let mut ty = field.ty.to_token_stream().into_iter();
    let first = ty.next().map_or_else(Span::call_site, |token| token.span());
    let last = ty.last().map_or(first, |token: TokenTree| token.span());
    let first = Span::call_site().located_at(first);
    let method = Ident::new(method, first);
    let mut ident = field.ident.clone();
    ident.set_span(Span::call_site().located_at(last));
    let further = further.map(|further| quote!(, #further));
    quote_spanned!(first=> request.#method(#name, &self.#ident #further))
}

/// `#[serde(skip_serializing_if = "..")]` of a field that does not go through serde.
fn skip_condition(step: &Step<'_>) -> Option<TokenStream> {
    let (Step::Query { field, .. } | Step::Header { field, .. } | Step::Form { field, .. }) = step else {
        return None;
    };
    let (_, condition) = field.serde.skip_serializing_if.as_ref()?;
    let condition: syn::ExprPath = condition.parse().ok()?;
    let ident = field.ident;
    Some(quote!(#condition(&self.#ident)))
}

fn can_be_skipped(step: &Step<'_>) -> bool {
    skip_condition(step).is_some()
}

fn send(core: &Core, input: &DeriveInput, documentation: &str) -> TokenStream {
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
            ) -> #parameter::Sent<#client, Self> #bound {
                #core::Caller::send(client, self)
            }
        }
    }
}

fn send_documentation(endpoint: &Endpoint<'_>) -> String {
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

fn debug(input: &DeriveInput, fields: &[Shown<'_>]) -> TokenStream {
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let mut generics = input.generics.clone();
    let printed = fields.iter().filter(|field| !field.redacted);
    let mut bound: Vec<&Ident> = printed.flat_map(|field| model::parameters(input, field.ty)).collect();
    bound.dedup();
    for parameter in bound {
        generics
            .make_where_clause()
            .predicates
            .push(parse_quote!(#parameter: ::core::fmt::Debug));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let fields = fields.iter().map(|field| {
        let (ident, name) = (field.ident, field.ident.unraw().to_string());
        if field.redacted {
            quote!(.field(#name, &::core::format_args!("[redacted]")))
        } else {
            quote!(.field(#name, &self.#ident))
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #ident #ty_generics #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name)#(#fields)*.finish()
            }
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
