//! The `#[serde(..)]` attributes of a declaration. The derive writes `Serialize` itself, so it reads what serde would
//! read, and reports what it cannot honour.

use super::rename::{RULES, RenameAll, rule};
use crate::{
    errors::{Errors, report},
    suggest,
};
use proc_macro2::{Ident, TokenTree};
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
    pub(crate) leave_out: Option<(Ident, ExprPath)>,
    /// The function that writes the field.
    pub(crate) with: Option<(Ident, ExprPath)>,
    pub(crate) bound: Option<Vec<WherePredicate>>,
}

/// Every word that serde knows, and what becomes of it.
type Words = &'static [(&'static str, Word)];

enum Word {
    Honoured,
    /// It matters only when reading, or when the struct's own name is written.
    Ignored,
    /// It would change what is written in a way that is not possible here, for this reason.
    Refused(&'static str),
}

use Word::{Honoured, Ignored, Refused};

const ON_A_STRUCT: Words = &[
    ("bound", Honoured),
    ("content", Refused("it is for enums")),
    ("crate", Ignored),
    ("default", Ignored),
    ("deny_unknown_fields", Ignored),
    ("expecting", Ignored),
    ("field_identifier", Refused("it is for enums")),
    ("from", Ignored),
    ("into", Refused("it would send another type, past `encrypt(..)`")),
    (
        "remote",
        Refused("it would send the fields of another type, past `encrypt(..)`"),
    ),
    ("rename", Ignored),
    ("rename_all", Honoured),
    ("rename_all_fields", Refused("it is for enums")),
    ("tag", Refused("add a field for it")),
    ("transparent", Refused("mark the field `#[wechatpay(body)]`")),
    ("try_from", Ignored),
    ("untagged", Refused("it is for enums")),
    ("variant_identifier", Refused("it is for enums")),
];

const ON_A_FIELD: Words = &[
    ("alias", Ignored),
    ("borrow", Ignored),
    ("bound", Honoured),
    ("default", Ignored),
    ("deserialize_with", Ignored),
    ("flatten", Honoured),
    ("getter", Refused("it belongs to `remote`")),
    ("rename", Honoured),
    ("serialize_with", Honoured),
    ("skip", Honoured),
    ("skip_deserializing", Ignored),
    ("skip_serializing", Honoured),
    ("skip_serializing_if", Honoured),
    ("with", Honoured),
];

impl SerdeStruct {
    pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> Self {
        let mut found = Self::default();
        read(attributes, ON_A_STRUCT, errors, |word, meta| {
            if word == "bound" {
                found.bound = bound(meta)?;
            } else if let Some(name) = for_serializing(meta)? {
                found.rename_all = rule(&name.value());
                if found.rename_all.is_none() {
                    let rules = RULES.map(|(rule, _)| rule);
                    let advice = suggest::advice(
                        &name.value(),
                        rules,
                        &format!("expected one of {}", suggest::list(rules)),
                    );
                    report!(errors, name => "unknown rule `{}`; {advice}", name.value());
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
        read(attributes, ON_A_FIELD, errors, |word, meta| {
            let name = word.clone();
            match word.to_string().as_str() {
                "rename" => {
                    found.rename = for_serializing(meta)?
                        .map(|text| (name, text.value()))
                        .or(found.rename.take())
                }
                "flatten" => found.flatten = Some(name),
                "skip_serializing_if" => found.leave_out = Some((name, path(meta)?)),
                "serialize_with" => found.with = Some((name, path(meta)?)),
                "with" => {
                    let mut function = path(meta)?;
                    function.path.segments.push(Ident::new("serialize", name.span()).into());
                    found.with = Some((name, function));
                }
                "bound" => found.bound = bound(meta)?,
                _ => found.skip = Some(name),
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
            (None, Some(rule)) => rule(&field),
            (None, None) => field,
        }
    }
}

/// Calls `honour` for each word that is honoured, and reports those that are refused or unknown.
fn read(
    attributes: &[Attribute],
    words: Words,
    errors: &Errors,
    mut honour: impl FnMut(&Ident, &ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let read = attribute.parse_nested_meta(|meta| {
            let name = meta.path.require_ident()?;
            let known = words.iter().find(|(known, _)| name == known);
            let read = match known.map(|(_, word)| word) {
                Some(Honoured) => honour(name, &meta),
                Some(Ignored) => skip_value(&meta),
                Some(Refused(why)) => Err(meta.error(format!("`{name}` cannot be honoured: {why}; remove `{name}`"))),
                None => {
                    let words = words.iter().map(|(word, _)| *word);
                    let near = suggest::closest(&name.to_string(), words);
                    let advice = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    Err(meta.error(format!("unknown serde attribute `{name}`{advice}")))
                }
            };
            if let Err(error) = read {
                errors.push(error);
                while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                    meta.input.parse::<TokenTree>()?;
                }
            }
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
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
    let parser = Punctuated::<WherePredicate, Token![,]>::parse_terminated;
    let bound = for_serializing(meta)?.map(|text| text.parse_with(parser)).transpose()?;
    Ok(bound.map(|predicates| predicates.into_iter().collect()))
}

fn path(meta: &ParseNestedMeta<'_>) -> syn::Result<ExprPath> {
    let text: LitStr = meta.value()?.parse()?;
    let message = "expected the path of a function, as in `module::function`";
    text.parse().map_err(|_| syn::Error::new(text.span(), message))
}

fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(token::Paren) {
        meta.parse_nested_meta(|inner| skip_value(&inner))?;
    }
    Ok(())
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
        let camel = rule("camelCase");
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
        let renamed = |item: syn::DeriveInput| {
            let rule = SerdeStruct::read(&item.attrs, &Errors::default()).rename_all;
            rule.map(|rule| rule("a_b"))
        };
        let one = parse_quote!(
            #[serde(rename_all = "camelCase")]
            struct A;
        );
        assert_eq!(renamed(one).as_deref(), Some("aB"));
        let both = parse_quote!(
            #[serde(rename_all(serialize = "kebab-case", deserialize = "PascalCase"))]
            struct A;
        );
        assert_eq!(renamed(both).as_deref(), Some("a-b"));
        let none = parse_quote!(
            #[serde(crate = "x", deny_unknown_fields)]
            struct A;
        );
        assert_eq!(renamed(none), None);
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
            assert!(told[0].starts_with(&format!("`{word}` cannot be honoured")), "{told:?}");
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
                "expected the path of a function, as in `module::function`",
            ),
        ] {
            let errors = Errors::default();
            let attribute: Attribute = attribute;
            let read = SerdeField::read(&[attribute], &errors);
            assert!(read.flatten.is_some(), "{message}");
            let told = errors.messages();
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0], message);
        }
    }
}
