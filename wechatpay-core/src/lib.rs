//! WeChat Pay API v3 (微信支付 APIv3): declare any operation as a struct and send it.
//!
//! An operation is a plain struct with one attribute. From that come the serialisation, the encryption of the sensitive
//! fields (敏感信息加密), the `Wechatpay-Serial` header and `send`; this crate signs, verifies, repeats where that is safe,
//! and says in every error what it proves.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod authenticate;
pub mod bill;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
pub mod crypto;
mod digest;
mod download;
mod endpoint;
mod error;
mod error_body;
mod execute;
#[cfg(feature = "gateway")]
pub mod gateway;
mod hint;
pub mod json_string;
mod key_store;
pub mod keys;
pub mod notification;
mod numbers;
mod outcome;
mod payment_parameters;
mod preparation;
mod retry;
mod sensitive;
mod sign;
mod system;
pub mod transport;
mod upload;
mod verify;
mod wire;

pub use answer::Answer;
pub use call::{Call, Caller, RawCall, Reply, Sending};
pub use client::{Client, ClientBuilder};
pub use download::Download;
pub use endpoint::Endpoint;
pub use error::{Error, ErrorKind, Outcome};
pub use http::{HeaderMap, Method, StatusCode};
pub use key_store::CertificateRefresh;
pub use keys::{PrivateKey, PublicKey};
pub use payment_parameters::{AppPaymentParameters, JsapiPaymentParameters, PaymentSignature};
pub use preparation::{Preparation, PrepareError};
pub use retry::RetryPolicy;
pub use sensitive::{Encrypt, Plaintext, Sensitive};
pub use sign::{SignError, Signer};
pub use system::{OperatingSystem, System};
pub use upload::{DigestAlgorithm, FileFields, Upload, UploadField};
pub use verify::VerifyError;
#[cfg(feature = "macros")]
pub use wechatpay_macros::wechatpay_endpoint;

/// What generated code names. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::sensitive::encrypt;
    pub use serde;
    pub use serde_json::Value;
    #[cfg(feature = "macros")]
    pub use wechatpay_macros::DeriveEndpoint;
}
