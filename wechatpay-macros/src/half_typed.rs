//! A struct whose fields are still being typed. The compiler reports that; here the struct only keeps its methods, so
//! that nothing is reported where it is used.

use crate::{attribute, declaration::Declaration, errors::Errors, expand};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Fields, Token, WhereClause,
    parse::{ParseStream, Parser},
};

/// What stands before the fields.
pub(crate) fn head(item: TokenStream) -> syn::Result<DeriveInput> {
    let parser = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let struct_token = input.parse::<Token![struct]>()?;
        let ident = input.parse()?;
        let mut generics: syn::Generics = input.parse()?;
        generics.where_clause = input.parse::<Option<WhereClause>>()?;
        input.parse::<TokenStream>()?;
        let data = Data::Struct(DataStruct {
            struct_token,
            fields: Fields::Unit,
            semi_token: None,
        });
        Ok(DeriveInput {
            attrs,
            vis,
            ident,
            generics,
            data,
        })
    };
    parser.parse2(item)
}

/// The item as it is, and a stub of what it will get.
pub(crate) fn keep(arguments: &TokenStream, mut head: DeriveInput, item: TokenStream) -> TokenStream {
    let derived = attribute::derived(&head.attrs);
    let inert = quote!(#[wechatpay(endpoint(#arguments))] #[wechatpay(derived(#(#derived),*))]);
    head.attrs = Attribute::parse_outer.parse2(inert).unwrap_or_default();
    let errors = Errors::default();
    let stub = expand::stub(&Declaration::parse(&head, &errors));
    let errors = errors.into_compile_errors();
    let item = without_helpers(item);
    quote!(#errors #item #stub)
}

/// Without the derives, nobody knows `#[wechatpay(..)]` and `#[serde(..)]`.
fn without_helpers(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && is_helper(&group) => {
                if kept
                    .last()
                    .is_some_and(|last| matches!(last, TokenTree::Punct(pound) if pound.as_char() == '#'))
                {
                    kept.pop();
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inside = without_helpers(group.stream());
                // A group made anew has lost the places of its braces, to which the compiler points.
                if inside.to_string() == group.stream().to_string() {
                    kept.push(group.into());
                } else {
                    let mut without = Group::new(Delimiter::Brace, inside);
                    without.set_span(group.span());
                    kept.push(without.into());
                }
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn is_helper(attribute: &Group) -> bool {
    let first = attribute.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "wechatpay" || name == "serde")
}
