//! Payment parameters (调起支付参数): what the payer's device passes on to start a payment, signed by the merchant.
//!
//! | For | Made by |
//! |---|---|
//! | JSAPI pages and mini programs | [`Client::jsapi_payment_parameters`](crate::Client::jsapi_payment_parameters) |
//! | apps | [`Client::app_payment_parameters`](crate::Client::app_payment_parameters) |
//! | the confirm and detail pages of 支付分 | [`PayscoreParameters`] |
//! | other four-line signatures | [`Client::sign_payment`](crate::Client::sign_payment) |
//!
//! ```
//! use wechatpay_core::payment::{ApiV2Key, ApiV2KeyLength};
//! use wechatpay_gateway::Gateway;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Gateway::start()?.client()?;
//! let key = ApiV2Key::new("0123456789abcdef0123456789abcdef")?;
//! let confirm = client.payscore_confirm_parameters(&key, "DJIOSQPYWDxsjdldeuwhdodwxasd")?;
//! let detail = client.payscore_detail_parameters(&key, "88888888000011", "1234323JKHDFE1243252")?;
//! assert_ne!(confirm.business_type(), detail.business_type());
//!
//! let error: ApiV2KeyLength = ApiV2Key::new("too short").unwrap_err();
//! assert_eq!(error.bytes, 9);
//! # Ok(()) }
//! ```
//!
//! H5 and Native payments need none: their `h5_url` and `code_url` are used as they are.

mod parameters;
mod payscore;

pub use parameters::{AppPaymentParameters, JsapiPaymentParameters, PaymentSignature};
pub use payscore::{ApiV2Key, ApiV2KeyLength, PayscoreParameters};
