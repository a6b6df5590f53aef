//! Where generated code finds the library.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// The path of `wechatpay_core`, as the user's crate sees it.
pub(crate) struct Core(TokenStream);

impl Core {
    /// `path` is what `crate = path` says, if it is there.
    pub(crate) fn new(path: Option<&Path>) -> Self {
        Self(path.map_or_else(|| quote!(::wechatpay_core), ToTokens::to_token_stream))
    }

    /// The same path in a string, for serde's attributes.
    pub(crate) fn text(&self, rest: &str) -> String {
        let path = self.0.to_string().replace(' ', "");
        format!("{path}::{rest}")
    }

    /// The function by which serde serialises an encrypted field. It takes the field's type as its parameter.
    pub(crate) fn encrypt(&self) -> String {
        self.text("__private::encrypt")
    }
}

impl ToTokens for Core {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}
