//! WeChat Pay's keys: public keys (微信支付公钥) and platform certificates (平台证书) side by side, and how the
//! certificates are kept fresh.
//!
//! One store holds them for a client. Readers take an immutable snapshot, writers replace the whole set. The first
//! caller that needs a download starts it, and concurrent callers share it. If the first caller is cancelled, the next
//! one starts it again.

mod builder;
mod certificate_list;
mod error;
mod key_set;
mod refresh;
mod schedule;
mod source;
mod store;
mod unusable;
mod watchers;

#[cfg(test)]
mod tests;

pub(crate) use builder::Builder;
pub(crate) use error::RefreshError;
pub(crate) use key_set::EncryptionKey;
pub(crate) use refresh::may_name_certificate;
pub use schedule::CertificateRefresh;
pub(crate) use schedule::Need;
pub(crate) use source::{CertificateSource, DownloadedList, Moment};
pub(crate) use store::KeyStore;
pub(crate) use watchers::Watcher;
