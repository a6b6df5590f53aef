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
    let last = last_segment(ty).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let GenericArgument::Type(inner) = arguments.args.first()? else { return None };
    Some(inner)
}

/// For a type such as `std::collections::HashMap<String, V>`, with `HashMap` as `name`: `V`.
pub(crate) fn value_of_map<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    inside(ty, name).filter(|key| last_segment(key).is_some_and(|key| key.ident == "String"))?;
    let PathArguments::AngleBracketed(arguments) = &last_segment(ty)?.arguments else { return None };
    let GenericArgument::Type(value) = arguments.args.get(1)? else { return None };
    (arguments.args.len() == 2).then_some(value)
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
