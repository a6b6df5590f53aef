//! What was written: the struct, the arguments of the attribute, and each field with its helper and its serde
//! attributes. Parsing reports what cannot be read; what is wrong only in context is for [`crate::check`].

use crate::{
    arguments::Arguments,
    errors::Errors,
    helper::Helper,
    names::Core,
    serde_attribute::{SerdeField, SerdeStruct},
};
use proc_macro2::{Span, TokenStream};
use syn::{Data, DeriveInput, Fields, Ident, Path, Token, Type, parse::ParseStream, punctuated::Punctuated};

pub(crate) struct Declaration<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) arguments: Arguments,
    pub(crate) core: Core,
    pub(crate) serde: SerdeStruct,
    /// `None` when the item has no named fields and is not a unit struct.
    pub(crate) fields: Option<Vec<Field<'a>>>,
    /// The derives of the user that the attribute provides itself.
    pub(crate) derived: Vec<Path>,
    /// Fields that the attribute took out of the serialised struct because another one is the whole body.
    pub(crate) beside_body: Vec<Ident>,
    /// Fields under a `cfg`. They may be gone by now, and `encrypt(..)` may name them all the same.
    pub(crate) conditional: Vec<Ident>,
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) helper: Option<Helper>,
    pub(crate) serde: SerdeField,
}

impl<'a> Declaration<'a> {
    pub(crate) fn parse(input: &'a DeriveInput, errors: &Errors) -> Self {
        let mut endpoint = None;
        let mut derived = Vec::new();
        let mut beside_body = Vec::new();
        let mut conditional = Vec::new();
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("wechatpay"))
        {
            let parsed = attribute.parse_args_with(|list: ParseStream<'_>| {
                let keyword: Ident = list.parse()?;
                let inside;
                syn::parenthesized!(inside in list);
                match keyword.to_string().as_str() {
                    "endpoint" if endpoint.is_none() => endpoint = Some((keyword.span(), inside.parse()?)),
                    "derived" => derived.extend(Punctuated::<Path, Token![,]>::parse_terminated(&inside)?),
                    "beside_body" => beside_body.extend(Punctuated::<Ident, Token![,]>::parse_terminated(&inside)?),
                    "conditional" => conditional.extend(Punctuated::<Ident, Token![,]>::parse_terminated(&inside)?),
                    _ => return Err(list.error("")),
                }
                Ok(())
            });
            if parsed.is_err() {
                errors.on(
                    attribute,
                    "`#[wechatpay(..)]` says where a field goes; write it on a field",
                );
            }
        }
        let (attribute, arguments) = endpoint.unwrap_or((Span::call_site(), TokenStream::new()));
        let arguments = Arguments::parse(arguments, attribute, errors);
        Self {
            core: Core::new(arguments.core.as_ref()),
            arguments,
            serde: SerdeStruct::read(&input.attrs),
            fields: fields(&input.data, errors),
            derived,
            beside_body,
            conditional,
            input,
        }
    }
}

pub(crate) const ONLY_STRUCTS: &str = "only a struct with named fields (or a unit struct) can be an endpoint; \
                                       field names are the names on the wire";

fn fields<'a>(data: &'a Data, errors: &Errors) -> Option<Vec<Field<'a>>> {
    let fields = match data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            errors.on(data.enum_token, ONLY_STRUCTS);
            return None;
        }
        Data::Union(data) => {
            errors.on(data.union_token, ONLY_STRUCTS);
            return None;
        }
    };
    if let Fields::Unnamed(unnamed) = fields {
        errors.on(unnamed, ONLY_STRUCTS);
        return None;
    }
    let field = |field: &'a syn::Field| {
        let ident = field.ident.as_ref()?;
        Some(Field {
            ident,
            ty: &field.ty,
            helper: Helper::parse(ident, &field.attrs, errors),
            serde: SerdeField::read(&field.attrs),
        })
    };
    Some(fields.iter().filter_map(field).collect())
}
