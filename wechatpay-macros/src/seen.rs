//! A field as the attribute sees it: before `cfg` is resolved.

use crate::{
    errors::Errors,
    helper::{Helper, Place},
    serde_attribute::SerdeField,
    when::When,
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Field, Meta, Token, ext::IdentExt, parse::Parser, punctuated::Punctuated};

/// A field before `cfg` is resolved.
pub(crate) struct Seen {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) serde: SerdeField,
    /// The conditions under which the field is there.
    pub(crate) exists: Vec<TokenStream>,
    /// Each helper, with the condition of the `cfg_attr` around it.
    pub(crate) helpers: Vec<(Option<TokenStream>, Helper)>,
}

impl Seen {
    pub(crate) fn new(field: &Field) -> Option<Self> {
        let ident = field.ident.clone()?;
        let mut exists = Vec::new();
        let mut helpers = Vec::new();
        let silent = Errors::default();
        for attribute in &field.attrs {
            let Meta::List(list) = &attribute.meta else { continue };
            if list.path.is_ident("cfg") {
                exists.push(list.tokens.clone());
            } else if list.path.is_ident("cfg_attr") {
                let (condition, attributes) = cfg_attr(list.tokens.clone());
                helpers.extend(Helper::parse(&ident, &attributes, &silent).map(|helper| (Some(condition), helper)));
            }
        }
        helpers.extend(Helper::parse(&ident, &field.attrs, &silent).map(|helper| (None, helper)));
        Some(Self {
            name: ident.unraw().to_string(),
            serde: SerdeField::read(&field.attrs),
            ident,
            exists,
            helpers,
        })
    }

    /// When the field, being there, has a helper of the kind.
    pub(crate) fn goes(&self, kind: impl Fn(&Place) -> bool) -> When {
        let matching = self.helpers.iter().filter(|(_, helper)| kind(&helper.place));
        matching.fold(When::default(), |when, (condition, _)| {
            when.or(When::all(condition.as_slice()))
        })
    }

    pub(crate) fn is_skipped(&self) -> bool {
        self.serde.skip.is_some() || self.serde.skip_serializing.is_some()
    }
}

/// When one of the fields is there and has a helper of the kind.
pub(crate) fn any<'a>(fields: impl IntoIterator<Item = &'a Seen>, kind: impl Fn(&Place) -> bool) -> When {
    let mut when = When::default();
    for field in fields {
        for (condition, _) in field.helpers.iter().filter(|(_, helper)| kind(&helper.place)) {
            let conditions: Vec<TokenStream> = field.exists.iter().chain(condition).cloned().collect();
            when = when.or(When::all(&conditions));
        }
    }
    when
}

/// The condition of `cfg_attr(..)` and the attributes that it adds.
fn cfg_attr(tokens: TokenStream) -> (TokenStream, Vec<Attribute>) {
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(tokens)
        .unwrap_or_default();
    let mut metas = metas.into_iter();
    let condition = metas.next().map(ToTokens::into_token_stream).unwrap_or_default();
    let attributes = metas
        .filter_map(|meta| Attribute::parse_outer.parse2(quote!(#[#meta])).ok())
        .flatten();
    (condition, attributes.collect())
}
