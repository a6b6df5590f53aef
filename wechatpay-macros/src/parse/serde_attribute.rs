//! The `#[serde(..)]` attributes of a declaration. The derive writes `Serialize` itself, so it reads what serde would
//! read, and reports what it cannot honour.

use super::reader::Reader;
use super::rename::{RULES, RenameAll, rule};
use crate::errors::{Errors, report};
use crate::{suggest, types::called};
use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprPath, LitStr, Token, WherePredicate, ext::IdentExt};
use syn::{meta::ParseNestedMeta, punctuated::Punctuated, token};

/// What serde is told about a struct or a field.
#[derive(Default)]
pub(crate) struct SerdeAttributes {
    pub(crate) rename_all: Option<RenameAll>,
    rename: Option<String>,
    /// When the field is left out.
    pub(crate) leave_out: Option<ExprPath>,
    /// The function that writes the field.
    pub(crate) with: Option<ExprPath>,
    /// The user's bounds instead of ours.
    pub(crate) bound: Option<Vec<WherePredicate>>,
    /// The words that change how the field is sent, where a message about them goes.
    pub(crate) words: Vec<Ident>,
}

/// Every word that serde knows, with spaces between.
pub(crate) struct Words {
    honoured: &'static str,
    /// They matter only when reading, or when the struct's own name is written.
    ignored: &'static str,
    /// They would change what is written in a way that is not possible here, for these reasons.
    refused: &'static [(&'static str, &'static str)],
}

pub(crate) const ON_A_STRUCT: Words = Words {
    honoured: "bound rename_all",
    ignored: "crate default deny_unknown_fields expecting from rename try_from",
    refused: &[
        ("into", "it would send another type, past `encrypt(..)`"),
        ("remote", "it would send the fields of another type, past `encrypt(..)`"),
        ("tag", "add a field for it"),
        ("transparent", "mark the field `#[wechatpay(body)]`"),
        (
            "content field_identifier rename_all_fields untagged variant_identifier",
            "it is for enums",
        ),
    ],
};

pub(crate) const ON_A_FIELD: Words = Words {
    honoured: "bound flatten rename serialize_with skip skip_serializing skip_serializing_if with",
    ignored: "alias borrow default deserialize_with skip_deserializing",
    refused: &[("getter", "it belongs to `remote`")],
};

impl SerdeAttributes {
    /// Reads the words that are honoured, and reports those that are refused or unknown.
    pub(crate) fn read(attributes: &[Attribute], words: &Words, errors: &Errors) -> Self {
        let mut found = Self::default();
        for attribute in called(attributes, "serde") {
            let read = attribute.parse_nested_meta(|meta| {
                let name = meta.path.require_ident()?;
                let is_in = |words: &str| words.split(' ').any(|word| name == word);
                let read = if is_in(words.honoured) {
                    found.honour(name.clone(), &meta, errors)
                } else if is_in(words.ignored) {
                    skip_value(&meta)
                } else if let Some((_, why)) = words.refused.iter().find(|(words, _)| is_in(words)) {
                    Err(meta.error(format!("`{name}` cannot be honoured: {why}; remove `{name}`")))
                } else {
                    let known = words.honoured.split(' ').chain(words.ignored.split(' '));
                    let near = suggest::closest(&name.to_string(), known);
                    let advice = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    Err(meta.error(format!("unknown serde attribute `{name}`{advice}")))
                };
                if let Err(error) = read {
                    errors.push(error);
                    let input = meta.input;
                    Reader { input, errors }.skip();
                }
                Ok(())
            });
            read.unwrap_or_else(|error| errors.push(error));
        }
        found
    }

    fn honour(&mut self, name: Ident, meta: &ParseNestedMeta<'_>, errors: &Errors) -> syn::Result<()> {
        match name.to_string().as_str() {
            "bound" => return bound(meta).map(|bound| self.bound = bound),
            "rename_all" => {
                self.rename_all = for_serializing(meta)?.and_then(|name| known_rule(&name, errors));
                return Ok(());
            }
            "rename" => match for_serializing(meta)? {
                Some(text) => self.rename = Some(text.value()),
                None => return Ok(()),
            },
            "serialize_with" => self.with = Some(path(meta)?),
            "skip_serializing_if" => self.leave_out = Some(path(meta)?),
            "with" => {
                let mut function = path(meta)?;
                function.path.segments.push(Ident::new("serialize", name.span()).into());
                self.with = Some(function);
            }
            _ => {}
        }
        self.words.push(name);
        Ok(())
    }

    /// Where this word stands.
    pub(crate) fn word(&self, word: &str) -> Option<&Ident> {
        self.words.iter().find(|known| *known == word)
    }

    /// Whether the field is never sent.
    pub(crate) fn is_skipped(&self) -> bool {
        self.word("skip").or(self.word("skip_serializing")).is_some()
    }

    /// The name on the wire.
    pub(crate) fn name(&self, field: &Ident, rename_all: Option<RenameAll>) -> String {
        let field = field.unraw().to_string();
        let by_rule = rename_all.map(|rule| rule(&field));
        self.rename.clone().or(by_rule).unwrap_or(field)
    }
}

fn known_rule(name: &LitStr, errors: &Errors) -> Option<RenameAll> {
    let (known, names) = (rule(&name.value()), RULES.map(|(rule, _)| rule));
    if known.is_none() {
        let expected = format!("expected one of {}", suggest::list(names));
        let advice = suggest::advice(&name.value(), names, &expected);
        report!(errors, name => "unknown rule `{}`; {advice}", name.value());
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
        let name =
            SerdeAttributes::read(&field.attrs, &ON_A_FIELD, &errors).name(field.ident.as_ref().unwrap(), rename_all);
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
            let rule = SerdeAttributes::read(&item.attrs, &ON_A_STRUCT, &Errors::default()).rename_all;
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
            assert!(
                SerdeAttributes::read(&item.attrs, &ON_A_STRUCT, &errors)
                    .rename_all
                    .is_some()
            );
            let told = errors.messages();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with(&format!("`{word}` cannot be honoured")), "{told:?}");
        }
        let errors = Errors::default();
        let field: syn::Field = parse_quote!(#[serde(getter = "x")] a: u8);
        SerdeAttributes::read(&field.attrs, &ON_A_FIELD, &errors);
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
            let read = SerdeAttributes::read(&[attribute], &ON_A_FIELD, &errors);
            assert!(read.word("flatten").is_some(), "{message}");
            let told = errors.messages();
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0], message);
        }
    }
}
