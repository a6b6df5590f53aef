//! serde's attributes, as far as they change names, places and types.

use super::attribute::{flattened, last_is};
use syn::{Attribute, LitStr, Meta, Token, parenthesized};

/// The direction of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Serialize,
    Deserialize,
}

/// The attributes of a struct or an enum.
#[derive(Debug, Default)]
pub(crate) struct Container {
    rename_all: Both,
    pub(crate) transparent: bool,
    pub(crate) untagged: bool,
    pub(crate) tagged: bool,
    /// `into`, `from`, `try_from` or `remote`: the fields do not determine the JSON.
    pub(crate) replaced: bool,
    pub(crate) default: bool,
    pub(crate) deny_unknown: bool,
}

/// The attributes of a field or a variant.
#[derive(Debug, Default)]
pub(crate) struct Member {
    rename: Both,
    pub(crate) aliases: Vec<String>,
    skip: [bool; 2],
    pub(crate) flatten: bool,
    pub(crate) default: bool,
    /// `with` and similar: the type does not determine the JSON.
    custom: [bool; 2],
    /// A variant that accepts all other values.
    pub(crate) other: bool,
}

#[derive(Debug, Default)]
struct Both {
    serialize: Option<String>,
    deserialize: Option<String>,
}

impl Both {
    fn of(&self, way: Way) -> Option<&str> {
        match way {
            Way::Serialize => self.serialize.as_deref(),
            Way::Deserialize => self.deserialize.as_deref(),
        }
    }

    fn of_one(text: String) -> Self {
        Self {
            serialize: Some(text.clone()),
            deserialize: Some(text),
        }
    }
}

impl Container {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut container = Self::default();
        each(attributes, |name, option| {
            match name {
                "rename_all" => container.rename_all = renamed(option)?,
                "transparent" => container.transparent = true,
                "untagged" => container.untagged = true,
                "tag" => container.tagged = true,
                "into" | "from" | "try_from" | "remote" => container.replaced = true,
                "default" => container.default = true,
                "deny_unknown_fields" => container.deny_unknown = true,
                _ => {}
            }
            Ok(())
        });
        container
    }
}

impl Member {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut member = Self::default();
        each(attributes, |name, option| {
            match name {
                "rename" => member.rename = renamed(option)?,
                "alias" => member.aliases.push(option.value()?.parse::<LitStr>()?.value()),
                "skip" => member.skip = [true, true],
                "skip_serializing" => member.skip[0] = true,
                "skip_deserializing" => member.skip[1] = true,
                "flatten" => member.flatten = true,
                "default" => member.default = true,
                "with" => member.custom = [true, true],
                "serialize_with" => member.custom[0] = true,
                "deserialize_with" => member.custom[1] = true,
                "other" | "untagged" => member.other = true,
                _ => {}
            }
            Ok(())
        });
        member
    }

    pub(crate) fn is_skipped(&self, way: Way) -> bool {
        matches!(
            (way, self.skip),
            (Way::Serialize, [true, _]) | (Way::Deserialize, [_, true])
        )
    }

    pub(crate) fn is_custom(&self, way: Way) -> bool {
        matches!(
            (way, self.custom),
            (Way::Serialize, [true, _]) | (Way::Deserialize, [_, true])
        )
    }

    /// The name of a field on the wire.
    pub(crate) fn field_name(&self, identifier: &str, container: &Container, way: Way) -> String {
        let plain = identifier.strip_prefix("r#").unwrap_or(identifier);
        match (self.rename.of(way), container.rename_all.of(way)) {
            (Some(name), _) => name.to_owned(),
            (None, Some(rule)) => rename_field(plain, rule),
            (None, None) => plain.to_owned(),
        }
    }
}

/// Calls `read` with each option of `#[serde(..)]`.
fn each(attributes: &[Attribute], mut read: impl FnMut(&str, &syn::meta::ParseNestedMeta<'_>) -> syn::Result<()>) {
    for meta in flattened(attributes).iter().filter(|meta| last_is(meta, "serde")) {
        let Meta::List(list) = meta else { continue };
        // What cannot be read here is an error of serde, which the compiler reports.
        let _ = list.parse_nested_meta(|option| {
            let name = option.path.get_ident().map(ToString::to_string).unwrap_or_default();
            read(&name, &option)?;
            // The rest of the value that `read` did not consume.
            if option.input.peek(Token![=]) {
                option.input.parse::<Token![=]>()?;
                option.input.parse::<syn::Expr>()?;
            } else if option.input.peek(syn::token::Paren) {
                let rest;
                parenthesized!(rest in option.input);
                rest.parse::<proc_macro2::TokenStream>()?;
            }
            Ok(())
        });
    }
}

/// `rename = ".."` or `rename(serialize = "..", deserialize = "..")`.
fn renamed(option: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<Both> {
    if option.input.peek(Token![=]) {
        return Ok(Both::of_one(option.value()?.parse::<LitStr>()?.value()));
    }
    let mut both = Both::default();
    option.parse_nested_meta(|side| {
        let text = side.value()?.parse::<LitStr>()?.value();
        if side.path.is_ident("serialize") {
            both.serialize = Some(text);
        } else {
            both.deserialize = Some(text);
        }
        Ok(())
    })?;
    Ok(both)
}

/// serde's rules for fields, which are in snake case.
fn rename_field(name: &str, rule: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    let pascal = || name.split('_').map(capital).collect::<String>();
    match rule {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => {
            let pascal = pascal();
            let mut letters = pascal.chars();
            let first = letters.next().map(|first| first.to_ascii_lowercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}

/// Whether the item has a derive with this name.
pub(crate) fn derives(attributes: &[Attribute], name: &str) -> bool {
    flattened(attributes).iter().any(|meta| {
        let Meta::List(list) = meta else { return false };
        list.path.is_ident("derive")
            && list
                .parse_args_with(syn::punctuated::Punctuated::<syn::Path, Token![,]>::parse_terminated)
                .is_ok_and(|paths| {
                    paths
                        .iter()
                        .any(|path| path.segments.last().is_some_and(|last| last.ident == name))
                })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn name(field: syn::Field, container: &Container, way: Way) -> String {
        let identifier = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        Member::of(&field.attrs).field_name(&identifier, container, way)
    }

    #[test]
    fn a_field_is_renamed_as_serde_does() {
        let plain = Container::default();
        assert_eq!(name(parse_quote!(r#type: u8), &plain, Way::Serialize), "type");
        assert_eq!(
            name(
                parse_quote!(#[serde(rename = "x", default)] a: u8),
                &plain,
                Way::Serialize
            ),
            "x"
        );
        let field: syn::Field = parse_quote!(#[serde(rename(serialize = "s", deserialize = "d"))] a: u8);
        assert_eq!(name(field.clone(), &plain, Way::Serialize), "s");
        assert_eq!(name(field, &plain, Way::Deserialize), "d");
        let item: syn::ItemStruct = parse_quote!(
            #[serde(rename_all = "camelCase")]
            struct A;
        );
        let camel = Container::of(&item.attrs);
        assert_eq!(
            name(parse_quote!(out_trade_no: u8), &camel, Way::Serialize),
            "outTradeNo"
        );
        let item: syn::ItemStruct = parse_quote!(
            #[cfg_attr(all(), serde(rename_all = "PascalCase"))]
            struct A;
        );
        assert_eq!(
            name(parse_quote!(out_no: u8), &Container::of(&item.attrs), Way::Serialize),
            "OutNo"
        );
    }

    #[test]
    fn an_option_that_is_not_needed_here_hides_none_behind_it() {
        let field: syn::Field = parse_quote!(
            #[serde(bound(serialize = "T: A"), skip_serializing_if = "a::b", default = "c", flatten)] a: u8
        );
        let member = Member::of(&field.attrs);
        assert!(member.flatten && member.default && !member.is_skipped(Way::Serialize));
    }

    #[test]
    fn a_derive_is_found_with_a_path_and_behind_cfg() {
        let item: syn::ItemStruct = parse_quote!(
            #[derive(Clone, serde::Serialize)]
            struct A;
        );
        assert!(derives(&item.attrs, "Serialize") && !derives(&item.attrs, "Deserialize"));
        let item: syn::ItemStruct = parse_quote!(
            #[cfg_attr(any(), derive(Deserialize))]
            struct A;
        );
        assert!(derives(&item.attrs, "Deserialize"));
    }
}
