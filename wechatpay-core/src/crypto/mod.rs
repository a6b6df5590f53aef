//! What this library needs from cryptography, as one small trait.
//!
//! Two implementations exist, [`aws_lc_rs`] (the default) and [`rsa`] (pure Rust); each is tested against the other.
//! A third can be written outside: implement [`Backend`] and hand it to [`PrivateKey::from_pem_with`],
//! [`PublicKey::from_pem_with`] and the client's builder.
//!
//! The algorithms are the ones WeChat Pay uses: RSA with PKCS#1 v1.5 and SHA-256 for signatures, RSA-OAEP with SHA-1 and
//! MGF1-SHA1 for sensitive fields (敏感信息加密), AES-256-GCM for notifications and platform certificates.
//!
//! 国密 is the second [`Suite`]: SM2 with SM3 for signatures, SM2 for sensitive fields, SM4-GCM for notifications and platform
//! certificates. The merchant's key decides which suite a client has. Implementations are behind [`ShangmiBackend`]; the
//! feature `shangmi` brings one in pure Rust.
//!
//! [`PrivateKey::from_pem_with`]: crate::PrivateKey::from_pem_with
//! [`PublicKey::from_pem_with`]: crate::PublicKey::from_pem_with

#[cfg(feature = "aws-lc-rs")]
pub mod aws_lc_rs;
mod backend;
pub(crate) mod encoding;
mod error;
#[cfg(feature = "rsa")]
pub mod rsa;
#[cfg(feature = "shangmi")]
pub mod shangmi;
mod shangmi_backend;
pub(crate) mod sm2_encoding;
mod suite;

pub use backend::{Backend, PrivateKeyDer, RsaPrivateKey, RsaPublicKey};
pub use error::{Failed, KeyRejected};
pub use shangmi_backend::{ShangmiBackend, Sm2PrivateKey, Sm2PublicKey};
pub use suite::Suite;

/// The default backend: [`aws_lc_rs`] if that feature is on, otherwise [`rsa`].
///
/// ```
/// use base64::{Engine as _, engine::general_purpose::STANDARD};
/// use wechatpay_core::crypto::default_backend;
///
/// let backend = default_backend();
/// let ciphertext = STANDARD.decode("DZyfHEH0mUS8QYPYP/LPSVU0")?;
/// let plaintext = backend.aes_256_gcm_decrypt(&[7; 32], &[1; 12], b"transaction", &ciphertext)?;
/// assert_eq!(plaintext.as_slice(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn default_backend() -> &'static dyn Backend {
    #[cfg(feature = "aws-lc-rs")]
    return &aws_lc_rs::AwsLcRs;
    #[cfg(all(feature = "rsa", not(feature = "aws-lc-rs")))]
    return &rsa::Rsa;
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "rsa")))]
compile_error!("wechatpay-core needs a crypto backend; enable the feature `aws-lc-rs` (default) or `rsa`");

/// The library for 国密 of this backend, or that of the feature `shangmi`; nothing without either.
pub(crate) fn shangmi_of(backend: &dyn Backend) -> Option<&dyn ShangmiBackend> {
    #[cfg(feature = "shangmi")]
    return backend.shangmi().or(Some(&shangmi::Shangmi));
    #[cfg(not(feature = "shangmi"))]
    return backend.shangmi();
}
