//! Where generated code stands: where the type of a field does. What the compiler has to say about the type then points
//! at it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

/// `&self.field`, placed where the field's type stands.
pub(super) fn value(ident: &Ident, ty: &Type) -> TokenStream {
    let (first, last) = (start(ty), end(ty));
    let mut ident = ident.clone();
    ident.set_span(last);
    quote_spanned!(first=> &self.#ident)
}

/// Where the type begins, with the names that are in scope for generated code.
pub(super) fn start(ty: &Type) -> Span {
    let first = ty.to_token_stream().into_iter().next();
    let span = first.map_or_else(Span::call_site, |token| token.span());
    Span::call_site().located_at(span)
}

/// Where it ends.
fn end(ty: &Type) -> Span {
    let last = ty.to_token_stream().into_iter().last();
    let span = last.map_or_else(Span::call_site, |token| token.span());
    Span::call_site().located_at(span)
}
