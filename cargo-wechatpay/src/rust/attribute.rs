//! The attribute `#[wechatpay_endpoint(..)]` and the field attribute `#[wechatpay(..)]`.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Meta, Token, Type, parenthesized};

/// The arguments of the attribute.
pub(crate) struct Arguments {
    pub(crate) method: Ident,
    pub(crate) path: LitStr,
    pub(crate) encrypted: Vec<Ident>,
    pub(crate) response: Option<Type>,
    /// The word `idempotent`.
    pub(crate) idempotent: Option<Span>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let method = input.call(Ident::parse_any)?;
        input.parse::<Token![,]>()?;
        let mut arguments = Self {
            method,
            path: input.parse()?,
            encrypted: Vec::new(),
            response: None,
            idempotent: None,
        };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let option = input.call(Ident::parse_any)?;
            match option.to_string().as_str() {
                "encrypt" => {
                    let names;
                    parenthesized!(names in input);
                    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&names, Ident::parse_any)?;
                    arguments.encrypted.extend(names);
                }
                "response" => {
                    input.parse::<Token![=]>()?;
                    arguments.response = Some(input.parse()?);
                }
                "crate" => {
                    input.parse::<Token![=]>()?;
                    input.call(syn::Path::parse_mod_style)?;
                }
                "idempotent" => arguments.idempotent = Some(option.span()),
                _ => return Err(syn::Error::new(option.span(), "unknown option")),
            }
        }
        Ok(arguments)
    }
}

/// All attributes, including those in `cfg_attr`, whatever the configuration.
pub(crate) fn flattened(attributes: &[Attribute]) -> Vec<Meta> {
    let mut found = Vec::new();
    for attribute in attributes {
        flatten(&attribute.meta, &mut found);
    }
    found
}

fn flatten(meta: &Meta, found: &mut Vec<Meta>) {
    if !meta.path().is_ident("cfg_attr") {
        return found.push(meta.clone());
    }
    let Meta::List(list) = meta else { return };
    if let Ok(parts) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) {
        for part in parts.iter().skip(1) {
            flatten(part, found);
        }
    }
}

/// The place of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Payload,
    /// The placeholder of this name.
    Path(String),
    Query,
    Header(String),
    Body,
    File(FilePart),
    Form,
    /// A place that this version does not know. Nothing is claimed about the field.
    Unknown,
}

/// The file of an upload.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FilePart {
    pub(crate) name: Option<String>,
    /// `None` for `none`.
    pub(crate) filename: Option<String>,
    pub(crate) digest: String,
    pub(crate) sm3: bool,
}

/// The place that `#[wechatpay(..)]` gives to a field; the payload without one.
pub(crate) fn place(attributes: &[Meta]) -> Place {
    let mut place = Place::Payload;
    let mut part = FilePart {
        name: None,
        filename: Some("filename".to_owned()),
        digest: "sha256".to_owned(),
        sm3: false,
    };
    let mut is_file = false;
    for meta in attributes.iter().filter(|meta| last_is(meta, "wechatpay")) {
        let Meta::List(list) = meta else { continue };
        // What cannot be read here is an error of the attribute itself, which the compiler reports.
        let _ = list.parse_nested_meta(|option| {
            let name = option.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let text = match option.value() {
                Ok(value) if value.peek(LitStr) => Some(value.parse::<LitStr>()?.value()),
                Ok(value) => Some(value.call(Ident::parse_any)?.to_string()),
                Err(_) => None,
            };
            match (name.as_str(), text) {
                ("path", Some(text)) => place = Place::Path(text),
                ("query", None) => place = Place::Query,
                ("header", Some(text)) => place = Place::Header(text),
                ("body", None) => place = Place::Body,
                ("form", None) => place = Place::Form,
                ("file", text) => {
                    is_file = true;
                    part.name = text;
                }
                ("filename", Some(text)) => part.filename = Some(text).filter(|text| text != "none"),
                ("digest", Some(text)) => part.digest = text,
                ("algorithm", Some(text)) => part.sm3 = text == "SM3",
                _ => place = Place::Unknown,
            }
            Ok(())
        });
    }
    if is_file { Place::File(part) } else { place }
}

/// Whether the last segment of an attribute's path is this name.
pub(crate) fn last_is(meta: &Meta, name: &str) -> bool {
    meta.path().segments.last().is_some_and(|segment| segment.ident == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn the_arguments_are_read_in_any_order() {
        let arguments: Arguments = parse_quote!(
            POST, "/v3/{id}", response = Vec<a::B>, encrypt(name, r#type), idempotent, crate = crate::pay,
        );
        assert_eq!(
            (arguments.method.to_string(), arguments.path.value()),
            ("POST".into(), "/v3/{id}".into())
        );
        assert_eq!(arguments.encrypted.len(), 2);
        assert!(arguments.response.is_some() && arguments.idempotent.is_some());
        assert!(syn::parse_str::<Arguments>("POST").is_err());
        assert!(syn::parse_str::<Arguments>("POST, \"/v3\", other").is_err());
    }

    #[test]
    fn a_field_has_the_place_that_its_attribute_names() {
        let of = |field: syn::Field| place(&flattened(&field.attrs));
        assert_eq!(of(parse_quote!(a: u8)), Place::Payload);
        assert_eq!(
            of(parse_quote!(#[wechatpay(path = "x")] a: u8)),
            Place::Path("x".into())
        );
        assert_eq!(
            of(parse_quote!(#[cfg_attr(any(), wechatpay(query))] a: u8)),
            Place::Query
        );
        let file = of(parse_quote!(#[wechatpay(file = "f", filename = none, digest = "d", algorithm = SM3)] a: Upload));
        let part = FilePart {
            name: Some("f".into()),
            filename: None,
            digest: "d".into(),
            sm3: true,
        };
        assert_eq!(file, Place::File(part));
    }

    #[test]
    fn nothing_is_claimed_about_a_field_attribute_that_came_later() {
        let of = |field: syn::Field| place(&flattened(&field.attrs));
        assert_eq!(of(parse_quote!(#[wechatpay(cookie = "x")] a: u8)), Place::Unknown);
        assert_eq!(of(parse_quote!(#[wechatpay(cookie)] a: u8)), Place::Unknown);
    }
}
