//! The errors of a backend, which say nothing about their causes.

use std::fmt;

/// A key was not accepted. Holds no bytes of it.
///
/// ```
/// use wechatpay_core::crypto::{KeyRejected, default_backend};
///
/// let rejected = default_backend().public_key(b"not a key").err();
/// assert_eq!(rejected, Some(KeyRejected));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRejected;

impl fmt::Display for KeyRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key is not accepted: it is damaged, or of a kind or size that is not supported")
    }
}

impl std::error::Error for KeyRejected {}

/// An operation failed. Says nothing else on purpose: the difference between two causes can be an oracle.
///
/// ```
/// use wechatpay_core::crypto::{Failed, default_backend};
///
/// // Too short, another key, a changed byte: it is all the same.
/// let opened = default_backend().aes_256_gcm_decrypt(&[7; 32], &[1; 12], b"", b"short");
/// assert_eq!(opened.unwrap_err(), Failed);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cryptographic operation failed")
    }
}

impl std::error::Error for Failed {}
