//! Where generated code stands: where the type of a field does. What the compiler has to say about the type then points
//! at it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

/// `&self.field`, with the span of the field's type. The name keeps its edition, in which it may be a keyword.
pub(super) fn value(ident: &Ident, ty: &Type) -> TokenStream {
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(end(ty)));
    quote_spanned!(start(ty)=> &self.#ident)
}

/// Where the type begins, with the names that are in scope for generated code.
pub(super) fn start(ty: &Type) -> Span {
    at(ty.to_token_stream().into_iter().next())
}

/// Where it ends.
pub(super) fn end(ty: &Type) -> Span {
    at(ty.to_token_stream().into_iter().last())
}

fn at(token: Option<proc_macro2::TokenTree>) -> Span {
    let span = token.map_or_else(Span::call_site, |token| token.span());
    Span::call_site().located_at(span)
}
