//! `Endpoint::fields`: the table of the fields, one call each.

use super::{
    Endpoint,
    span::{start, value},
};
use crate::{check::decide::Decided, core_path::CorePath, place::Place, types::mentions};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

pub(super) fn fields(endpoint: &Endpoint<'_>) -> TokenStream {
    let core = endpoint.core;
    let sent = endpoint.fields.iter().filter_map(|field| Some((field, field.place?)));
    let calls: Vec<TokenStream> = sent.map(|(field, place)| call(core, field, place)).collect();
    let parameter = if calls.is_empty() { quote!(_) } else { quote!(fields) };
    quote! {
        fn fields(&self, #parameter: &mut #core::__private::Fields) {
            #(#calls)*
        }
    }
}

/// `fields.method("name", &self.field);`, placed where the field's type stands.
fn call(core: &CorePath, decided: &Decided<'_>, place: Place) -> TokenStream {
    let (field, name) = (decided.field, &decided.name);
    let at = start(field.ty);
    let is_flattened = field.serde.flatten.is_some();
    let method = if is_flattened { "flatten" } else { place.row().method };
    let method = Ident::new(method, at);
    let value = written(core, decided, place);
    match place {
        Place::Body => quote_spanned!(at=> fields.#method(#value);),
        Place::File => {
            let names = file_names(core, decided);
            quote_spanned!(at=> fields.#method(#name, #value, #names);)
        }
        _ if is_flattened => quote_spanned!(at=> fields.#method(#value);),
        Place::Path | Place::Query | Place::Header | Place::Form | Place::Payload => {
            quote_spanned!(at=> fields.#method(#name, #value);)
        }
    }
}

/// The value, as `encrypt`, `with` and `skip_serializing_if` want it.
fn written(core: &CorePath, decided: &Decided<'_>, place: Place) -> TokenStream {
    let field = decided.field;
    let at = start(field.ty);
    let plain = value(field.ident, field.ty);
    let written = if decided.encrypted.is_some() {
        quote_spanned!(at=> &#core::__private::Encrypted::new(#plain))
    } else if let Some((_, function)) = &field.serde.with {
        quote_spanned!(at=> &#core::__private::with(#plain, |value, writer| #function(value, writer)))
    } else if place != Place::File && mentions(field.ty, "Upload") {
        quote_spanned!(at=> #core::__private::not_a_file(#plain))
    } else {
        plain
    };
    match &field.serde.skip_serializing_if {
        Some((_, condition)) => {
            let ident = field.ident;
            quote!(#core::__private::unless(#condition(&self.#ident), #written))
        }
        None => written,
    }
}

fn file_names(core: &CorePath, decided: &Decided<'_>) -> TokenStream {
    let Some(names) = decided.field.attribute.as_ref().map(|attribute| &attribute.file) else {
        return TokenStream::new();
    };
    let digest = names.digest();
    let filename = match names.filename() {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let algorithm = Ident::new(names.algorithm(), Span::call_site());
    quote! {
        #core::__private::FileFields {
            filename: #filename,
            digest: #digest,
            algorithm: #core::__private::DigestAlgorithm::#algorithm,
        }
    }
}
