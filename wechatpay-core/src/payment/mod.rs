//! Payment parameters (调起支付参数): what the payer's device passes on to start a payment, signed by the merchant.
//!
//! | For | Made by |
//! |---|---|
//! | JSAPI pages and mini programs | [`Client::jsapi_payment_parameters`](crate::Client::jsapi_payment_parameters) |
//! | apps | [`Client::app_payment_parameters`](crate::Client::app_payment_parameters) |
//! | the confirm and detail pages of 支付分 | [`PayscoreParameters`] |
//! | other four-line signatures | [`Client::sign_payment`](crate::Client::sign_payment) |
//!
//! H5 and Native payments need none: their `h5_url` and `code_url` are used as they are.

mod parameters;
mod payscore;

pub use parameters::{AppPaymentParameters, JsapiPaymentParameters, PaymentSignature};
pub use payscore::{ApiV2Key, ApiV2KeyLength, PayscoreParameters};
