//! Small steps over tokens that may be anything, because somebody is still typing them.

use crate::errors::Errors;
use proc_macro2::{TokenStream, TokenTree};
use syn::{
    LitStr, Token, Type,
    parse::{ParseStream, Parser},
};

/// Calls `entry` for each part between commas, until the tokens are used up. `entry` may leave tokens behind, which
/// are reported, and read as the next entry.
pub(crate) fn each_entry(tokens: TokenStream, errors: &Errors, mut entry: impl FnMut(ParseStream<'_>)) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if input.peek(Token![,]) {
                errors.on(next_token(input), "nothing stands before this comma; remove it");
                continue;
            }
            entry(input);
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                errors.at(input.span(), "expected a comma");
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
}

/// Takes one token, whatever it is.
pub(crate) fn next_token(input: ParseStream<'_>) -> TokenStream {
    input.parse::<TokenTree>().map(TokenStream::from).unwrap_or_default()
}

/// Passes over what cannot be read.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    while !at_end(input) {
        next_token(input);
    }
}

/// Whether an entry of a list ends here.
pub(crate) fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// Takes the text, if one comes next.
pub(crate) fn next_text(input: ParseStream<'_>) -> Option<LitStr> {
    if input.peek(LitStr) { input.parse().ok() } else { None }
}

/// A type without the invisible parentheses that `macro_rules!` puts around it.
pub(crate) fn ungroup(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}

/// For a type such as `std::option::Option<T>`, with `Option` as `name`: `T`.
pub(crate) fn inside<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ungroup(ty) else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// Whether the type's text names `name` anywhere.
pub(crate) fn mentions(ty: &Type, name: &str) -> bool {
    fn any(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == name,
            TokenTree::Group(group) => any(group.stream(), name),
            _ => false,
        })
    }
    any(quote::ToTokens::to_token_stream(ty), name)
}

/// A type as one writes it.
pub(crate) fn text(ty: &Type) -> String {
    let spaced = quote::ToTokens::to_token_stream(ty).to_string();
    spaced
        .replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
        .replace("& ", "&")
}
