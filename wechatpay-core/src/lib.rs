//! WeChat Pay API v3 (微信支付 APIv3).
pub mod crypto;
pub mod keys;
pub use keys::{PrivateKey, PublicKey};
