//! WeChat Pay's keys: public keys (微信支付公钥) and platform certificates (平台证书) side by side, and how the
//! certificates are kept fresh.
//!
//! One place holds them for a client. Readers take a snapshot, which never changes; writers put a whole new set in its
//! place. A download is begun by whoever needs one, shared by everyone who waits for it, and begun anew by the next one
//! in line should the first give up.

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
