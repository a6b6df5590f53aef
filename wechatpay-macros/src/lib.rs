//! The attribute that declares an operation of the WeChat Pay API v3 (微信支付 APIv3). It is used through
//! `wechatpay_core`, which re-exports it.
//!
//! Two macros work together. [`macro@wechatpay_endpoint`] only puts derives and inert attributes on the struct; the
//! derive behind it goes parse → check → model → expand, and reports all mistakes at once.

mod arguments;
mod attribute;
mod check;
mod declaration;
mod derive;
mod errors;
mod expand;
mod helper;
mod method;
mod model;
mod names;
mod place;
mod rename;
mod serde_attribute;
mod suggest;
mod template;
mod tokens;
mod when;

use proc_macro::TokenStream;

/// Declares one operation of the API.
#[proc_macro_attribute]
pub fn wechatpay_endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(&arguments.into(), item.into()).into()
}

/// The implementation behind `#[wechatpay_endpoint]`, which writes this derive. Not to be written by hand.
#[doc(hidden)]
#[proc_macro_derive(DeriveEndpoint, attributes(wechatpay, serde))]
pub fn derive_endpoint(item: TokenStream) -> TokenStream {
    derive::expand(item.into()).into()
}
