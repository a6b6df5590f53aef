//! The `#[serde(..)]` attributes of a declaration. The derive writes `Serialize` itself, so it reads what serde would
//! read, and reports what it cannot honour.

use super::rename::RenameAll;
use crate::{errors::Errors, suggest};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprPath, LitStr, Token, WherePredicate, ext::IdentExt, meta::ParseNestedMeta,
    punctuated::Punctuated, token,
};

/// What serde is told about a struct.
#[derive(Default)]
pub(crate) struct SerdeStruct {
    pub(crate) rename_all: Option<RenameAll>,
    /// `bound = ".."`: the user's bounds instead of ours.
    pub(crate) bound: Option<Vec<WherePredicate>>,
}

/// What serde is told about a field. The identifiers are where a message points.
#[derive(Default)]
pub(crate) struct SerdeField {
    pub(crate) rename: Option<(Ident, String)>,
    pub(crate) flatten: Option<Ident>,
    pub(crate) skip: Option<Ident>,
    pub(crate) skip_serializing_if: Option<(Ident, ExprPath)>,
    /// The function that writes the field.
    pub(crate) with: Option<(Ident, ExprPath)>,
    pub(crate) bound: Option<Vec<WherePredicate>>,
}

/// Words that matter only when reading.
const READING_A_STRUCT: [&str; 5] = ["default", "deny_unknown_fields", "expecting", "from", "try_from"];
const READING_A_FIELD: [&str; 5] = ["alias", "borrow", "default", "deserialize_with", "skip_deserializing"];

/// Words that change what is written, and why they cannot here.
const REFUSED_ON_A_STRUCT: [(&str, &str); 9] = [
    ("content", "a struct has none"),
    ("field_identifier", "a request is not one"),
    ("into", "it would send another type, past `encrypt(..)`"),
    ("remote", "it would send the fields of another type, past `encrypt(..)`"),
    ("rename_all_fields", "it is for enums; write `rename_all`"),
    ("tag", "add a field for it"),
    ("transparent", "mark the field `#[wechatpay(body)]`"),
    ("untagged", "it is for enums"),
    ("variant_identifier", "a request is not one"),
];
const REFUSED_ON_A_FIELD: [(&str, &str); 1] = [("getter", "it belongs to `remote`")];

impl SerdeStruct {
    pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> Self {
        let mut found = Self::default();
        read(attributes, errors, |word, meta| {
            match word {
                "rename_all" => {
                    if let Some(rule) = for_serializing(meta)? {
                        found.rename_all = rename_all(&rule, errors);
                    }
                }
                "bound" => found.bound = bound(meta)?,
                "rename" | "crate" => skip_value(meta)?,
                _ => {
                    return other(
                        meta,
                        word,
                        &READING_A_STRUCT,
                        &REFUSED_ON_A_STRUCT,
                        &["bound", "crate", "rename", "rename_all"],
                    );
                }
            }
            Ok(())
        });
        found
    }
}

impl SerdeField {
    pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> Self {
        let mut found = Self::default();
        read(attributes, errors, |word, meta| {
            let name = || meta.path.require_ident().cloned();
            match word {
                "rename" => {
                    let name = name()?;
                    let rename = for_serializing(meta)?.map(|text| (name, text.value()));
                    found.rename = rename.or(found.rename.take());
                }
                "flatten" => found.flatten = Some(name()?),
                "skip" | "skip_serializing" => found.skip = Some(name()?),
                "skip_serializing_if" => found.skip_serializing_if = Some((name()?, path(meta)?)),
                "serialize_with" => found.with = Some((name()?, path(meta)?)),
                "with" => {
                    let mut function = path(meta)?;
                    let span = function.path.segments.last().map(|last| last.ident.span());
                    let serialize = Ident::new("serialize", span.unwrap_or_else(proc_macro2::Span::call_site));
                    function.path.segments.push(serialize.into());
                    found.with = Some((name()?, function));
                }
                "bound" => found.bound = bound(meta)?,
                _ => {
                    let honoured = [
                        "bound",
                        "flatten",
                        "rename",
                        "serialize_with",
                        "skip",
                        "skip_serializing",
                        "skip_serializing_if",
                        "with",
                    ];
                    return other(meta, word, &READING_A_FIELD, &REFUSED_ON_A_FIELD, &honoured);
                }
            }
            Ok(())
        });
        found
    }

    /// The name on the wire.
    pub(crate) fn name(&self, field: &Ident, rename_all: Option<RenameAll>) -> String {
        let field = field.unraw().to_string();
        match (&self.rename, rename_all) {
            (Some((_, name)), _) => name.clone(),
            (None, Some(rule)) => rule.apply(&field),
            (None, None) => field,
        }
    }
}

fn read(
    attributes: &[Attribute],
    errors: &Errors,
    mut entry: impl FnMut(&str, &ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let read = attribute.parse_nested_meta(|meta| {
            let word = meta.path.require_ident()?.to_string();
            if let Err(error) = entry(&word, &meta) {
                errors.push(error);
                skip_to_comma(&meta);
            }
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
}

/// A word that this derive does nothing with.
fn other(
    meta: &ParseNestedMeta<'_>,
    word: &str,
    reading: &[&str],
    refused: &[(&str, &str)],
    honoured: &[&str],
) -> syn::Result<()> {
    if reading.contains(&word) {
        return skip_value(meta);
    }
    if let Some((_, why)) = refused.iter().find(|(refused, _)| *refused == word) {
        return Err(meta_error(
            meta,
            &format!("`{word}` has no effect on a request: {why}; remove `{word}`"),
        ));
    }
    let known = honoured.iter().chain(reading).copied();
    Err(meta_error(
        meta,
        &match suggest::closest(word, known) {
            Some(meant) => format!("unknown serde attribute `{word}`; did you mean `{meant}`?"),
            None => format!("unknown serde attribute `{word}`"),
        },
    ))
}

fn meta_error(meta: &ParseNestedMeta<'_>, message: &str) -> syn::Error {
    syn::Error::new_spanned(meta.path.to_token_stream(), message)
}

fn rename_all(rule: &LitStr, errors: &Errors) -> Option<RenameAll> {
    let known = RenameAll::from_text(&rule.value());
    if known.is_none() {
        let advice = match suggest::closest(&rule.value(), RenameAll::RULES) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("expected one of {}", suggest::list(RenameAll::RULES)),
        };
        errors.on(rule, format!("unknown rule `{}`; {advice}", rule.value()));
    }
    known
}

/// `= "x"` is for both directions, `(serialize = "x", deserialize = "y")` names them.
fn for_serializing(meta: &ParseNestedMeta<'_>) -> syn::Result<Option<LitStr>> {
    if meta.input.peek(Token![=]) {
        return meta.value()?.parse().map(Some);
    }
    let mut name = None;
    meta.parse_nested_meta(|direction| {
        let value: LitStr = direction.value()?.parse()?;
        if direction.path.is_ident("serialize") {
            name = Some(value);
        }
        Ok(())
    })?;
    Ok(name)
}

fn bound(meta: &ParseNestedMeta<'_>) -> syn::Result<Option<Vec<WherePredicate>>> {
    let Some(text) = for_serializing(meta)? else {
        return Ok(None);
    };
    let predicates = text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated)?;
    Ok(Some(predicates.into_iter().collect()))
}

fn path(meta: &ParseNestedMeta<'_>) -> syn::Result<ExprPath> {
    let text: LitStr = meta.value()?.parse()?;
    text.parse()
}

fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(token::Paren) {
        meta.parse_nested_meta(|inner| skip_value(&inner))?;
    }
    Ok(())
}

fn skip_to_comma(meta: &ParseNestedMeta<'_>) {
    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        if meta.input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn name(field: &syn::Field, rename_all: Option<RenameAll>) -> String {
        let errors = Errors::default();
        let name = SerdeField::read(&field.attrs, &errors).name(field.ident.as_ref().unwrap(), rename_all);
        assert_eq!(errors.messages(), [""; 0]);
        name
    }

    #[test]
    fn a_name_is_what_serde_would_write() {
        let camel = Some(RenameAll::Camel);
        for (field, rename_all, expected) in [
            (parse_quote!(trade_no: String), None, "trade_no"),
            (parse_quote!(trade_no: String), camel, "tradeNo"),
            (parse_quote!(r#type: String), None, "type"),
            (
                parse_quote!(#[serde(default, rename = "x-y", alias = "z")] a: String),
                camel,
                "x-y",
            ),
            (
                parse_quote!(#[serde(rename(serialize = "s", deserialize = "d"))] a: String),
                None,
                "s",
            ),
            (
                parse_quote!(#[serde(rename(deserialize = "d"))] a_b: String),
                camel,
                "aB",
            ),
            (
                parse_quote!(#[serde(bound(serialize = "T: A"))] #[serde(rename = "r")] a: String),
                None,
                "r",
            ),
        ] {
            assert_eq!(name(&field, rename_all), expected);
        }
    }

    #[test]
    fn the_rule_for_all_names_is_the_one_for_serialising() {
        let rule = |item: syn::DeriveInput| SerdeStruct::read(&item.attrs, &Errors::default()).rename_all;
        assert_eq!(
            rule(parse_quote!(
                #[serde(rename_all = "camelCase")]
                struct A;
            )),
            Some(RenameAll::Camel)
        );
        let both = parse_quote!(
            #[serde(rename_all(serialize = "kebab-case", deserialize = "PascalCase"))]
            struct A;
        );
        assert_eq!(rule(both), Some(RenameAll::Kebab));
        assert_eq!(
            rule(parse_quote!(
                #[serde(crate = "x", deny_unknown_fields)]
                struct A;
            )),
            None
        );
    }

    #[test]
    fn s2_every_serde_attribute_that_would_go_past_the_fields_is_refused() {
        for word in [
            "into",
            "remote",
            "tag",
            "content",
            "transparent",
            "untagged",
            "rename_all_fields",
        ] {
            let word = Ident::new(word, proc_macro2::Span::call_site());
            let errors = Errors::default();
            let item: syn::DeriveInput = parse_quote!(
                #[serde(#word = "x", rename_all = "camelCase")]
                struct A;
            );
            assert!(SerdeStruct::read(&item.attrs, &errors).rename_all.is_some());
            let told = errors.messages();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(
                told[0].starts_with(&format!("`{word}` has no effect on a request")),
                "{told:?}"
            );
        }
        let errors = Errors::default();
        let field: syn::Field = parse_quote!(#[serde(getter = "x")] a: u8);
        SerdeField::read(&field.attrs, &errors);
        assert_eq!(errors.messages().len(), 1);
    }

    #[test]
    fn m5_a_mistake_in_a_serde_attribute_has_one_message_and_the_rest_is_read() {
        for (attribute, message) in [
            (
                parse_quote!(#[serde(renam = "x", flatten)]),
                "unknown serde attribute `renam`; did you mean `rename`?",
            ),
            (
                parse_quote!(#[serde(tokio, flatten)]),
                "unknown serde attribute `tokio`",
            ),
            (parse_quote!(#[serde(rename = 3, flatten)]), "expected string literal"),
            (
                parse_quote!(#[serde(with = "a b", flatten)]),
                "unexpected token, expected `::`",
            ),
        ] {
            let errors = Errors::default();
            let attribute: Attribute = attribute;
            let read = SerdeField::read(&[attribute], &errors);
            assert!(read.flatten.is_some(), "{message}");
            let told = errors.messages();
            assert_eq!(told.len(), 1, "{told:?}");
            if !message.starts_with("unexpected") {
                assert_eq!(told[0], message);
            }
        }
    }
}
