//! Questions to types, answered from their text: a macro knows no more.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

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
    arguments(ty, name)?.next()
}

/// For a type such as `std::collections::HashMap<K, V>`, with `HashMap` as `name`: `V`.
pub(crate) fn last_inside<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    arguments(ty, name)?.last()
}

fn arguments<'a>(ty: &'a Type, name: &str) -> Option<impl Iterator<Item = &'a Type>> {
    let last = last_segment(ty).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    Some(arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }))
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
    any(ty.to_token_stream(), name)
}

/// Tokens as one writes them.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let spaced = [" ::", ":: ", " <", "< ", " >", " ,", "& ", " - ", " . "];
    let text = tokens.to_token_stream().to_string();
    spaced.iter().fold(text, |text, spaced| text.replace(spaced, spaced.trim()))
}
