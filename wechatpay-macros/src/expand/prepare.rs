//! `Endpoint::prepare`: one call for each field that goes its own way, and one for the rest.

use super::place::{start, value};
use crate::{
    declaration::Field,
    helper::Algorithm,
    model::{Endpoint, Step, Value},
    names::Core,
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

pub(super) fn prepare(endpoint: &Endpoint<'_>) -> TokenStream {
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
    let place = start(field.ty);
    let method = Ident::new(method, place);
    let value = value(field.ident, field.ty);
    let further = further.map(|further| quote!(, #further));
    quote_spanned!(place=> request.#method(#name, #value #further))
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
