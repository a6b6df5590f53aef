//! The two macros run on tokens, outside of a compiler.

mod half_typed;
mod mistakes;
mod snapshots;
mod tables;

use crate::{attribute, derive};
use proc_macro2::{TokenStream, TokenTree};

/// What the attribute makes of an item, and the derive of that.
struct Expansion {
    item: TokenStream,
    derived: TokenStream,
}

/// `declaration` is an item with the attribute on top, as a user writes it.
fn expand(declaration: &str) -> Expansion {
    let tokens: TokenStream = declaration.parse().unwrap();
    let mut tokens = tokens.into_iter();
    assert_eq!(tokens.next().map(|pound| pound.to_string()).as_deref(), Some("#"));
    let attribute: syn::Attribute = syn::parse::Parser::parse2(syn::Attribute::parse_outer, {
        let bracket = tokens.next().unwrap();
        quote::quote!(# #bracket)
    })
    .unwrap()
    .remove(0);
    let arguments = attribute.meta.require_list().unwrap().tokens.clone();
    expand_tokens(&arguments, tokens.collect())
}

fn expand_tokens(arguments: &TokenStream, item: TokenStream) -> Expansion {
    let item = attribute::expand(arguments, item);
    let derived = derive::expand(as_the_derive_sees_it(item.clone()));
    Expansion { item, derived }
}

/// Without the messages before the item and the derives on it. The item may be no item yet.
fn as_the_derive_sees_it(item: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        let TokenTree::Group(group) = &token else {
            kept.push(token);
            continue;
        };
        let before = |back: usize| kept.iter().rev().nth(back).map(ToString::to_string);
        if before(1).as_deref() == Some("compile_error") {
            kept.clear();
        } else if before(0).as_deref() == Some("#") && group.to_string().starts_with("[derive") {
            kept.pop();
        } else {
            kept.push(token);
        }
    }
    kept.into_iter().collect()
}

/// The texts of all `compile_error!`s.
fn messages(tokens: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let errors = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) => item.mac.parse_body::<syn::LitStr>().ok().map(|text| text.value()),
        _ => None,
    });
    errors.collect()
}
