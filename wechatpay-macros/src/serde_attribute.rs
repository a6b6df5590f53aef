//! Reads the `#[serde(..)]` attributes that matter here. What is wrong in them is for serde to say.

use crate::rename::RenameAll;
use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprPath, LitStr, Token, ext::IdentExt, meta::ParseNestedMeta, token};

/// What serde is told about a struct.
#[derive(Default)]
pub(crate) struct SerdeStruct {
    pub(crate) rename_all: Option<RenameAll>,
    pub(crate) transparent: bool,
    pub(crate) crate_path: bool,
}

impl SerdeStruct {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut found = Self::default();
        read(attributes, |meta| {
            if meta.path.is_ident("rename_all") {
                found.rename_all = for_serializing(&meta)?.and_then(|rule| RenameAll::from_text(&rule.value()));
            } else {
                found.transparent |= meta.path.is_ident("transparent");
                found.crate_path |= meta.path.is_ident("crate");
                skip_value(&meta)?;
            }
            Ok(())
        });
        found
    }
}

/// What serde is told about a field. The identifiers are where a message points.
#[derive(Default)]
pub(crate) struct SerdeField {
    pub(crate) rename: Option<String>,
    pub(crate) flatten: Option<Ident>,
    pub(crate) skip: Option<Ident>,
    pub(crate) skip_serializing: Option<Ident>,
    pub(crate) skip_serializing_if: Option<(Ident, LitStr)>,
    pub(crate) with: Option<(Ident, With)>,
}

/// The function that serialises a field.
pub(crate) enum With {
    /// `serialize_with = "function"`
    Function(LitStr),
    /// `with = "module"`
    Module(LitStr),
}

impl SerdeField {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut found = Self::default();
        read(attributes, |meta| {
            let Some(name) = meta.path.get_ident().cloned() else {
                return skip_value(&meta);
            };
            match name.to_string().as_str() {
                "rename" => {
                    let rename = for_serializing(&meta)?;
                    found.rename = rename.map(|name| name.value()).or(found.rename.take());
                }
                "flatten" => found.flatten = Some(name),
                "skip" => found.skip = Some(name),
                "skip_serializing" => found.skip_serializing = Some(name),
                "skip_serializing_if" => found.skip_serializing_if = Some((name, meta.value()?.parse()?)),
                "serialize_with" => found.with = Some((name, With::Function(meta.value()?.parse()?))),
                "with" => found.with = Some((name, With::Module(meta.value()?.parse()?))),
                _ => skip_value(&meta)?,
            }
            Ok(())
        });
        found
    }

    /// The name on the wire.
    pub(crate) fn name(&self, field: &Ident, rename_all: Option<RenameAll>) -> String {
        let field = field.unraw().to_string();
        match (&self.rename, rename_all) {
            (Some(name), _) => name.clone(),
            (None, Some(rule)) => rule.apply(&field),
            (None, None) => field,
        }
    }
}

impl With {
    /// Whether it names the generic function `path`.
    pub(crate) fn calls(&self, path: &str) -> bool {
        match self {
            Self::Function(function) => function
                .value()
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with("::<")),
            Self::Module(_) => false,
        }
    }

    /// The path of the function; `None` when it is not a path, which serde reports.
    pub(crate) fn function(&self) -> Option<ExprPath> {
        match self {
            Self::Function(path) => path.parse().ok(),
            Self::Module(path) => {
                let mut function: ExprPath = path.parse().ok()?;
                function.path.segments.push(Ident::new("serialize", path.span()).into());
                Some(function)
            }
        }
    }
}

fn read(attributes: &[Attribute], mut logic: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // serde reports the same mistake, and better.
        let _ = attribute.parse_nested_meta(&mut logic);
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
        SerdeField::read(&field.attrs).name(field.ident.as_ref().unwrap(), rename_all)
    }

    #[test]
    fn a_name_is_what_serde_would_write() {
        let camel = Some(RenameAll::Camel);
        assert_eq!(name(&parse_quote!(trade_no: String), None), "trade_no");
        assert_eq!(name(&parse_quote!(trade_no: String), camel), "tradeNo");
        assert_eq!(name(&parse_quote!(r#type: String), None), "type");
        assert_eq!(
            name(
                &parse_quote!(#[serde(default, rename = "x-y", alias = "z")] a: String),
                camel
            ),
            "x-y"
        );
        assert_eq!(
            name(
                &parse_quote!(#[serde(rename(serialize = "s", deserialize = "d"))] a: String),
                None
            ),
            "s"
        );
        assert_eq!(
            name(&parse_quote!(#[serde(rename(deserialize = "d"))] a_b: String), camel),
            "aB"
        );
        assert_eq!(
            name(
                &parse_quote!(#[serde(bound(serialize = "T: A"))] #[serde(rename = "r")] a: String),
                None
            ),
            "r"
        );
    }

    #[test]
    fn the_rule_for_all_names_is_the_one_for_serialising() {
        let rule = |item: syn::DeriveInput| SerdeStruct::read(&item.attrs).rename_all;
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
    fn what_serde_would_refuse_is_left_to_serde() {
        let field: syn::Field = parse_quote!(#[serde(rename = 3)] #[serde] #[serde(flatten)] a: String);
        let read = SerdeField::read(&field.attrs);
        assert!(read.rename.is_none() && read.flatten.is_some());
    }
}
