//! `Endpoint::fields`: the table of the fields, one call each.

use super::span::{start, value};
use crate::types::{inside, last_segment, mentions};
use crate::{check::decide::Decided, parse::field_attribute::FileNames, place::Place};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

pub(super) fn fields(core: &TokenStream, fields: &[Decided<'_>]) -> TokenStream {
    let sent = fields.iter().filter(|decided| !is_no_text(decided.field.ty));
    let calls: Vec<_> = sent.filter_map(|decided| Some(call(core, decided, decided.place?))).collect();
    let parameter = if calls.is_empty() { quote!(_) } else { quote!(fields) };
    quote! {
        fn fields(&self, #parameter: &mut #core::__private::Fields) {
            #(#calls)*
        }
    }
}

/// `fields.method("name", &self.field);`, placed where the field's type stands.
fn call(core: &TokenStream, decided: &Decided<'_>, place: Place) -> TokenStream {
    let (field, name) = (decided.field, &decided.name);
    let at = start(field.ty);
    let value = written(core, decided, place);
    let method = |name| Ident::new(name, at);
    if field.serde.flatten.is_some() {
        return quote_spanned!(at=> fields.flatten(#value););
    }
    match place {
        Place::Body => quote_spanned!(at=> fields.body(#value);),
        Place::File => {
            let names = field.attribute.as_ref().map(|attribute| file_names(core, &attribute.file));
            quote_spanned!(at=> fields.file(#name, #value, #names);)
        }
        Place::Payload => quote_spanned!(at=> fields.payload(#name, #value);),
        Place::Path | Place::Query | Place::Header | Place::Form => {
            let method = place.row().word.map(method);
            quote_spanned!(at=> fields.#method(#name, #value);)
        }
    }
}

/// The value, as `encrypt`, `with` and `skip_serializing_if` want it.
fn written(core: &TokenStream, decided: &Decided<'_>, place: Place) -> TokenStream {
    let (ident, ty, serde) = (decided.field.ident, decided.field.ty, &decided.field.serde);
    let (at, plain) = (start(ty), value(ident, ty));
    let written = if decided.encrypted.is_some() {
        quote_spanned!(at=> &#core::__private::Encrypted::new(#plain))
    } else if let Some((_, function)) = &serde.with {
        quote_spanned!(at=> &#core::__private::with(#plain, |value, writer| #function(value, writer)))
    } else if place != Place::File && mentions(ty, "Upload") {
        quote_spanned!(at=> #core::__private::not_a_file(#plain))
    } else {
        plain
    };
    match &serde.leave_out {
        Some((_, condition)) => quote!(#core::__private::unless(#condition(&self.#ident), #written)),
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
    let filename = match &names.filename {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let algorithm = quote!(#core::__private::DigestAlgorithm::#algorithm);
    quote!(#core::__private::FileFields::new(#filename, #digest, #algorithm))
}
