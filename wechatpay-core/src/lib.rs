//! WeChat Pay API v3 (微信支付 APIv3): declare any operation as a struct and send it.
//!
//! An operation is a plain struct with one attribute. From that come the serialisation, the encryption of the sensitive
//! fields (敏感信息加密), the `Wechatpay-Serial` header and `send`; this crate signs, verifies, retries if that is safe,
//! and reports in every error what it proves.
//!
//! ```
//! use serde::Deserialize;
//! use wechatpay_core::{Client, Error, wechatpay_endpoint};
//!
//! #[wechatpay_endpoint(
//!     POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
//!     encrypt(real_name, cred_id),
//!     response = PreEntrustSign,
//! )]
//! pub struct MiniProgramPreEntrustSign {
//!     pub appid: String,
//!     pub out_contract_code: String,
//!     pub openid: String,
//!     pub real_name: String,
//!     pub cred_type: String,
//!     pub cred_id: String,
//! }
//!
//! #[derive(Debug, Deserialize)]
//! pub struct PreEntrustSign {
//!     pub pre_entrustweb_id: String,
//! }
//!
//! async fn pre_sign(request: &MiniProgramPreEntrustSign, client: &Client) -> Result<String, Error> {
//!     Ok(request.send(client).await?.pre_entrustweb_id)
//! }
//! ```
//!
//! # Where to look
//!
//! | For | See |
//! |---|---|
//! | a way in, chapter by chapter | the [guide](guide), in [English](guide::en) and in [Chinese (中文)](guide::zh) |
#![cfg_attr(
    feature = "macros",
    doc = "| what a declaration can say | the attribute [`wechatpay_endpoint`] |"
)]
#![cfg_attr(
    not(feature = "macros"),
    doc = "| what a declaration can say | the attribute `wechatpay_endpoint` |"
)]
//! | a client: keys, hosts, limits | [`Client::builder`], [`Client::from_env`] |
//! | what an error proves | [`Outcome`] |
//! | what is retried, and how | [`RetryPolicy`] |
//! | the day's bill against the shop's own orders (对账) | [`reconcile`] |
//! | limits of how often an operation is called | [`limit`] |
//! | metrics and alerts | [`observe`] |
//! | the final result of a payment, across faults and restarts | [`settle`] |
//! | sensitive values in nested structs and in responses | [`Sensitive`] |
//! | files up and down, bills | [`Upload`], [`Download`], [`bill`] |
//! | notifications (回调通知) | [`notification`] |
//! | what the payer's device needs to start a payment (调起支付) | [`Client::jsapi_payment_parameters`], [`Client::app_payment_parameters`] |
//! | a server to test against | the crate `wechatpay-gateway` |
//!
//! # Features
//!
//! | Feature | Default | What it brings |
//! |---|---|---|
//! | `macros` | yes | the attribute `#[wechatpay_endpoint]` |
//! | `aws-lc-rs` | yes | the crypto backend; TLS brings it already |
//! | `tls` | yes | HTTPS by rustls, with the certificates that the operating system trusts |
//! | `native-tls` | | HTTPS with the TLS of the operating system |
//! | `rsa` | | the pure Rust crypto backend, beside or instead of `aws-lc-rs` |
//! | `shangmi` | | 国密: SM2, SM3 and SM4 as a second suite |
//! | `blocking` | | `blocking::Client`: the same calls without async |
//! | `axum-08`, `actix-web-4` | | notifications as an extractor of axum 0.8 or actix-web 4 |
//!
//! One of the two crypto backends is needed, and for the real service one of the two kinds of TLS.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod bill;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod call;
pub mod client;
mod context;
pub mod crypto;
pub mod download;
pub mod endpoint;
pub mod error;
pub mod error_codes;
pub mod guide;
mod identity;
pub mod json_string;
mod key_store;
pub mod keys;
pub mod limit;
pub mod notification;
pub mod observe;
mod open_enum;
pub mod paging;
pub mod payment;
pub mod reconcile;
mod request;
mod retry;
pub mod sensitive;
pub mod settle;
pub mod signature;
pub mod signer;
mod support;
pub mod transport;

pub use call::{Call, RequestBuilder, Response};
pub use client::{Client, ClientBuilder};
pub use download::Download;
pub use endpoint::Endpoint;
pub use error::{Error, ErrorKind, Outcome};
pub use http::{HeaderMap, Method, StatusCode};
pub use keys::{PrivateKey, PublicKey};
pub use request::prepare::upload::Upload;
pub use retry::RetryPolicy;
pub use sensitive::Sensitive;
pub use signer::Signer;
#[cfg(feature = "macros")]
pub use wechatpay_macros::wechatpay_endpoint;

/// Where time and randomness come from.
pub mod system {
    pub use crate::support::system::{OperatingSystem, System};
}

/// What generated code names. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        call::Caller,
        endpoint::{DigestAlgorithm, Fields, FileFields, FromResponse, serialize},
        request::prepare::{
            CLIENT_HEADERS,
            wire::value::{not_a_file, unless, with},
        },
        sensitive::{Encrypt, Encrypted},
        support::debug::{Redacted, debug},
    };
    pub use serde;
    pub use serde_json::Value;
    #[cfg(feature = "macros")]
    pub use wechatpay_macros::DeriveEndpoint;
}
