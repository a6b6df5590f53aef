//! Questions to types and attributes, answered from their text: a macro knows no more.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, GenericArgument, PathArguments, PathSegment, Type};

/// A type without the invisible parentheses that `macro_rules!` puts around it.
pub(crate) fn ungroup(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}

/// The last segment of a type such as `std::option::Option<T>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    let Type::Path(path) = ungroup(ty) else { return None };
    path.path.segments.last()
}

/// For a type such as `std::option::Option<T>`, with `Option` as `name`: `T`.
pub(crate) fn inside<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    arguments(ty, name).into_iter().next()
}

/// For a type such as `std::collections::HashMap<K, V>`, with `HashMap` as `name`: `K` and `V`.
pub(crate) fn arguments<'a>(ty: &'a Type, name: &str) -> Vec<&'a Type> {
    let last = last_segment(ty).filter(|segment| segment.ident == name);
    let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &last.arguments) else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Whether the text names `name` anywhere.
pub(crate) fn mentions(tokens: &impl ToTokens, name: &str) -> bool {
    fn any(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == name,
            TokenTree::Group(group) => any(group.stream(), name),
            _ => false,
        })
    }
    any(tokens.to_token_stream(), name)
}

/// The attributes of this name.
pub(crate) fn called<'a>(attributes: &'a [Attribute], name: &str) -> impl Iterator<Item = &'a Attribute> {
    let is_called = move |attribute: &&Attribute| attribute.path().is_ident(name);
    attributes.iter().filter(is_called)
}

/// Tokens as one writes them.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let spaced = [" ::", ":: ", " <", "< ", " >", " ,", "& ", " - ", " . "];
    let mut text = tokens.to_token_stream().to_string();
    for spaced in spaced {
        text = text.replace(spaced, spaced.trim());
    }
    text
}

/// Where the type begins, with the names that are in scope for generated code.
pub(crate) fn start(ty: &Type) -> Span {
    at(ty.to_token_stream().into_iter().next())
}

/// Where it ends.
pub(crate) fn end(ty: &Type) -> Span {
    at(ty.to_token_stream().into_iter().last())
}

fn at(token: Option<TokenTree>) -> Span {
    let span = token.map_or_else(Span::call_site, |token| token.span());
    Span::call_site().located_at(span)
}
