//! What was written: the struct, the arguments of the attribute, and each field with its attributes. Parsing reports what
//! cannot be read; what is wrong only in context is for [`crate::check`].

pub(crate) mod arguments;
pub(crate) mod field_attribute;
pub(crate) mod reader;
pub(crate) mod rename;
pub(crate) mod serde_attribute;
pub(crate) mod template;

use crate::errors::{Errors, report};
use crate::{core_path::core_path, types::called};
use arguments::Arguments;
use field_attribute::FieldAttribute;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use serde_attribute::{ON_A_FIELD, ON_A_STRUCT, SerdeAttributes};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Ident, MetaList, Token, Type, Visibility, WhereClause};
use syn::{ext::IdentExt, parse_quote};

pub(crate) struct Declaration<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) arguments: Arguments,
    pub(crate) core: TokenStream,
    pub(crate) serde: SerdeAttributes,
    /// `None` when the item has no named fields and is not a unit struct.
    pub(crate) fields: Option<Vec<Field<'a>>>,
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attribute: Option<FieldAttribute>,
    pub(crate) serde: SerdeAttributes,
}

impl Field<'_> {
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

impl<'a> Declaration<'a> {
    pub(crate) fn parse(input: &'a DeriveInput, errors: &Errors) -> Self {
        let mut found = None;
        for attribute in called(&input.attrs, "wechatpay") {
            match arguments_in(attribute) {
                Some(arguments) if found.is_none() => found = Some(arguments),
                _ => report!(errors, attribute => "`#[wechatpay(..)]` says where a field goes; write it on a field"),
            }
        }
        let (attribute, arguments) = found.unwrap_or((Span::call_site(), TokenStream::new()));
        let arguments = Arguments::parse(arguments, attribute, errors);
        Self {
            core: core_path(arguments.core.as_ref(), attribute, errors),
            arguments,
            serde: SerdeAttributes::read(&input.attrs, &ON_A_STRUCT, errors),
            fields: fields(&input.data, errors),
            input,
        }
    }
}

/// `#[wechatpay(endpoint(..))]`, which the attribute writes. Its first word stands for the whole attribute.
fn arguments_in(attribute: &Attribute) -> Option<(Span, TokenStream)> {
    let list = attribute.parse_args::<MetaList>().ok()?;
    let word = list.path.get_ident().filter(|word| *word == "endpoint")?;
    Some((word.span(), list.tokens))
}

pub(crate) const ONLY_STRUCTS: &str = "only a struct with named fields (or a unit struct) can be an endpoint; \
                                       field names are the names on the wire";

/// The fields of a struct; `None`, after saying so, for another item.
pub(crate) fn fields<'a>(data: &'a Data, errors: &Errors) -> Option<Vec<Field<'a>>> {
    let fields = match data {
        Data::Struct(data) if matches!(data.fields, Fields::Unnamed(_)) => Err(data.fields.to_token_stream()),
        Data::Struct(data) => Ok(&data.fields),
        Data::Enum(data) => Err(data.enum_token.to_token_stream()),
        Data::Union(data) => Err(data.union_token.to_token_stream()),
    };
    let fields = fields.map_err(|tokens| errors.on(tokens, ONLY_STRUCTS)).ok()?;
    let field = |field: &'a syn::Field| {
        let (ident, ty) = (field.ident.as_ref()?, &field.ty);
        let attribute = FieldAttribute::parse(ident, &field.attrs, errors);
        let serde = SerdeAttributes::read(&field.attrs, &ON_A_FIELD, errors);
        Some(Field {
            ident,
            ty,
            attribute,
            serde,
        })
    };
    Some(fields.iter().filter_map(field).collect())
}

/// The tokens before the fields of a struct whose fields are still being typed.
pub(crate) fn head(item: TokenStream) -> syn::Result<DeriveInput> {
    let parser = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let (visibility, keyword): (Visibility, Token![struct]) = (input.parse()?, input.parse()?);
        let (name, generics): (Ident, Generics) = (input.parse()?, input.parse()?);
        let bounds: Option<WhereClause> = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(parse_quote!(#(#attributes)* #visibility #keyword #name #generics #bounds;))
    };
    parser.parse2(item)
}
