//! Tells serde what becomes of each field: which are taken out, encrypted, left out when absent.
//!
//! `cfg` is not resolved yet, so what is added for a field is added under the condition that holds.

use crate::{
    arguments::Arguments,
    helper::Place,
    names::Core,
    seen::{Seen, any},
    serde_attribute::SerdeStruct,
    template::Template,
    tokens::{inside, mentions, text},
    when::When,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Field, Fields, Type, ext::IdentExt, parse::Parser};

/// Puts serde's attributes on the fields. Gives back those that belong on the struct.
pub(crate) fn mark_fields(
    fields: &mut Fields,
    arguments: &Arguments,
    core: &Core,
    serde: &SerdeStruct,
) -> Vec<TokenStream> {
    let template = arguments
        .path
        .as_ref()
        .map(|path| Template::scan(&path.value()))
        .unwrap_or_default();
    let all: Vec<Seen> = fields.iter().filter_map(Seen::new).collect();
    let mut beside_body = Vec::new();

    for (number, (seen, field)) in all.iter().zip(fields.iter_mut()).enumerate() {
        let mut moved = seen.goes(|place| !matches!(place, Place::Body));
        if template.placeholders.contains(&seen.name) {
            let claims = |place: &Place| matches!(place, Place::Path(name) if name.value() == seen.name);
            // Its own helper comes first, and then another field's claim to the placeholder.
            let by_name = if seen.helpers.is_empty() {
                any(&all, claims).not()
            } else {
                When::default()
            };
            moved = moved.or(by_name);
        }
        let is_body = !seen.goes(is_whole_body).is_never();
        // Of two bodies, which is a mistake, the first is taken.
        let bodies = if is_body {
            all.get(..number).unwrap_or_default()
        } else {
            &all
        };
        let beside = any(bodies, is_whole_body);
        if !is_body && !beside.is_never() && moved.is_never() && !seen.is_skipped() {
            beside_body.push(&seen.ident);
        }
        let is_payload = !moved.is_always();
        if !seen.is_skipped() {
            // The compiler says on the type that it cannot be sensitive; serde's derive would have it say so again.
            let beside = if holds_a_number(&field.ty) {
                When::always()
            } else {
                beside
            };
            add(field, moved.or(beside).attribute(&quote!(serde(skip_serializing))));
        }
        if is_payload {
            mark_payload(field, seen, is_body, arguments, core);
        }
    }

    let mut attributes = Vec::new();
    let conditional: Vec<&Ident> = all
        .iter()
        .filter(|field| !field.exists.is_empty())
        .map(|field| &field.ident)
        .collect();
    if !conditional.is_empty() {
        attributes.push(quote!(#[wechatpay(conditional(#(#conditional),*))]));
    }
    if !beside_body.is_empty() {
        attributes.push(quote!(#[wechatpay(beside_body(#(#beside_body),*))]));
    }
    if !serde.transparent {
        // A body that serde is told to skip is a mistake, of which serde need not speak too.
        let sent = all.iter().filter(|field| !field.is_skipped());
        attributes.extend(any(sent, is_whole_body).attribute(&quote!(serde(transparent))));
    }
    attributes
}

fn mark_payload(field: &mut Field, seen: &Seen, is_body: bool, arguments: &Arguments, core: &Core) {
    let encrypted = arguments.encrypt.iter().flatten().any(|name| name.unraw() == seen.name);
    if encrypted && seen.serde.with.is_none() && !mentions(&field.ty, "Sensitive") {
        // serde gives its call of this function the place of the literal. With the type written out, that is also where
        // the compiler complains about one that cannot be encrypted.
        let ty = field.ty.to_token_stream();
        let mut path = Literal::string(&format!("{}::<{ty}, _>", core.encrypt()));
        path.set_span(first_span(&field.ty));
        add(field, Some(quote!(#[serde(serialize_with = #path)])));
    }
    let leave_out = inside(&field.ty, "Option").is_some() && !is_body;
    if leave_out && seen.serde.skip_serializing_if.is_none() && seen.serde.flatten.is_none() {
        add(
            field,
            Some(quote!(#[serde(skip_serializing_if = "::core::option::Option::is_none")])),
        );
    }
}

/// `Sensitive<u64>`, which cannot be: the service encrypts text.
fn holds_a_number(ty: &Type) -> bool {
    let inner = inside(ty, "Option").or_else(|| inside(ty, "Vec")).unwrap_or(ty);
    inside(inner, "Sensitive").map(text).is_some_and(|held| {
        [
            "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64",
            "bool",
        ]
        .contains(&held.as_str())
    })
}

fn is_whole_body(place: &Place) -> bool {
    matches!(place, Place::Body)
}

fn add(field: &mut Field, attribute: Option<TokenStream>) {
    let parsed = attribute.and_then(|tokens| Attribute::parse_outer.parse2(tokens).ok());
    field.attrs.extend(parsed.into_iter().flatten());
}

fn first_span(tokens: &impl ToTokens) -> Span {
    tokens
        .to_token_stream()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}
