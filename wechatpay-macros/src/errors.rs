//! Collects what is wrong with a declaration, so that one build reports all of it.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::{cell::RefCell, fmt::Display};

/// The mistakes found so far, each with the tokens that are wrong.
#[derive(Default)]
pub(crate) struct Errors(RefCell<Vec<syn::Error>>);

/// `report!(errors, tokens => "message with {values}")` reports the message on all of the tokens.
macro_rules! report {
    ($errors:expr, $tokens:expr => $($message:tt)+) => {
        $errors.on(&$tokens, format_args!($($message)+))
    };
}
pub(crate) use report;

impl Errors {
    /// Reports `message` on all of `tokens`, from the first to the last.
    pub(crate) fn on(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports `message` at one place.
    pub(crate) fn at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        self.0.borrow_mut().push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// What was reported.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.borrow().iter().map(ToString::to_string).collect()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        let errors = self.0.into_inner();
        errors.iter().map(syn::Error::to_compile_error).collect()
    }
}
