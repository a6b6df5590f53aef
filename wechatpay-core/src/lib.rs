//! WeChat Pay API v3 (微信支付 APIv3).
pub mod crypto;
pub mod keys;
mod retry;
pub use keys::{PrivateKey, PublicKey};
pub use retry::RetryPolicy;
