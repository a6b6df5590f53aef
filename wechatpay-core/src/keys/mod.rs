//! Keys: the merchant's private key (商户API私钥), WeChat Pay's public key (微信支付公钥), platform certificates
//! (平台证书) and the APIv3 key (APIv3密钥).
//!
//! A key is read and checked once, when it is made; after that it cannot turn out to be damaged. Every type here is
//! cheap to clone, may be used by many tasks at once and prints no secret.

mod api_v3;
mod certificate;
mod error;
mod pem;
mod private;
mod public;
mod serial;
mod x509;

pub use api_v3::ApiV3Key;
pub use certificate::Certificate;
pub use error::{KeyError, KeyKind};
pub use private::PrivateKey;
pub use public::PublicKey;
pub use serial::SerialNo;
pub(crate) use x509::utc;
