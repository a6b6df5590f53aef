//! `Endpoint::fields`: the table of the fields, one call each.

use crate::types::{end, inside, last_segment, mentions, start};
use crate::{check::decide::Decided, parse::field_attribute::FileNames, place::Place};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

pub(super) fn fields(core: &TokenStream, fields: &[Decided<'_>]) -> TokenStream {
    let sent = fields.iter().filter(|decided| !is_no_text(decided.field.ty));
    let calls = sent.filter_map(|decided| Some(call(core, decided, decided.place?)));
    let calls: Vec<_> = calls.collect();
    let parameter = if calls.is_empty() { quote!(_) } else { quote!(fields) };
    quote! {
        fn fields(&self, #parameter: &mut #core::__private::Fields) {
            #(#calls)*
        }
    }
}

/// `fields.method("name", &self.field);`, placed where the field's type stands. The method is called as the field attribute.
fn call(core: &TokenStream, decided: &Decided<'_>, place: Place) -> TokenStream {
    let (field, name) = (decided.field, &decided.name);
    let at = start(field.ty);
    let value = written(core, decided, place);
    if field.serde.word("flatten").is_some() {
        return quote_spanned!(at=> fields.flatten(#value););
    }
    let method = Ident::new(place.row().word.unwrap_or("payload"), at);
    let name = (place != Place::Body).then(|| quote_spanned!(at=> #name,));
    let file = field.attribute.iter().filter(|_| place == Place::File);
    let names = file.map(|attribute| file_names(core, &attribute.file));
    quote_spanned!(at=> fields.#method(#name #value #(, #names)*);)
}

/// `&self.field`, placed where the field's type stands. The name keeps its edition, in which it may be a keyword.
pub(super) fn value(ident: &Ident, ty: &Type) -> TokenStream {
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(end(ty)));
    quote_spanned!(start(ty)=> &self.#ident)
}

/// The value, in the form for `encrypt`, `with` and `skip_serializing_if`.
fn written(core: &TokenStream, decided: &Decided<'_>, place: Place) -> TokenStream {
    let (ident, ty, serde) = (decided.field.ident, decided.field.ty, &decided.field.serde);
    let (at, plain) = (start(ty), value(ident, ty));
    let written = if decided.encrypted.is_some() {
        quote_spanned!(at=> &#core::__private::Encrypted::new(#plain))
    } else if let Some(function) = &serde.with {
        quote_spanned!(at=> &#core::__private::with(#plain, |value, writer| #function(value, writer)))
    } else if place != Place::File && mentions(ty, "Upload") {
        quote_spanned!(at=> #core::__private::not_a_file(#plain))
    } else {
        plain
    };
    match &serde.leave_out {
        Some(condition) => quote!(#core::__private::unless(#condition(&self.#ident), #written)),
        None => written,
    }
}

/// `Sensitive<u64>`, `Sensitive<Option<String>>`: the compiler refuses the type itself, and would say so again here.
fn is_no_text(ty: &Type) -> bool {
    const NO_TEXT: &str = " i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool Option Vec ";
    let inner = inside(ty, "Option").or_else(|| inside(ty, "Vec")).unwrap_or(ty);
    let held = inside(inner, "Sensitive").and_then(last_segment);
    held.is_some_and(|held| NO_TEXT.contains(&format!(" {} ", held.ident)))
}

fn file_names(core: &TokenStream, names: &FileNames) -> TokenStream {
    let (digest, algorithm) = (&names.digest, Ident::new(names.algorithm, Span::call_site()));
    let filename = names.filename.as_ref().map(|name| quote!(Some(#name)));
    let filename = filename.unwrap_or_else(|| quote!(None));
    let algorithm = quote!(#core::__private::DigestAlgorithm::#algorithm);
    quote!(#core::__private::FileFields::new(::core::option::Option::#filename, #digest, #algorithm))
}
