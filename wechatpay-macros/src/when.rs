//! Under which `cfg` something holds. The attribute sees a struct before `cfg` is resolved.

use proc_macro2::TokenStream;
use quote::quote;

/// Any of these conditions; `None` is one that always holds.
#[derive(Default)]
pub(crate) struct When(Vec<Option<TokenStream>>);

impl When {
    pub(crate) fn always() -> Self {
        Self(vec![None])
    }

    /// All of `conditions`.
    pub(crate) fn all(conditions: &[TokenStream]) -> Self {
        match conditions {
            [] => Self::always(),
            [one] => Self(vec![Some(one.clone())]),
            several => Self(vec![Some(quote!(all(#(#several),*)))]),
        }
    }

    pub(crate) fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(crate) fn not(self) -> Self {
        if self.is_always() {
            return Self::default();
        }
        match self.any() {
            None => Self::always(),
            Some(any) => Self(vec![Some(quote!(not(#any)))]),
        }
    }

    pub(crate) fn is_always(&self) -> bool {
        self.0.iter().any(Option::is_none)
    }

    pub(crate) fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    /// `#[inner]`, when this holds.
    pub(crate) fn attribute(&self, inner: &TokenStream) -> Option<TokenStream> {
        if self.is_always() {
            return Some(quote!(#[#inner]));
        }
        self.any().map(|any| quote!(#[cfg_attr(#any, #inner)]))
    }

    fn any(&self) -> Option<TokenStream> {
        let conditions: Vec<&TokenStream> = self.0.iter().flatten().collect();
        match conditions.as_slice() {
            [] => None,
            [one] => Some((*one).clone()),
            several => Some(quote!(any(#(#several),*))),
        }
    }
}
