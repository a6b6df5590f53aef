//! The trait of a backend, and its keys.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::crypto::{
    error::{Failed, KeyRejected},
    shangmi_backend::ShangmiBackend,
};

/// The cryptographic operations that this crate needs from a library.
///
/// A backend only computes. This crate decides which bytes are signed, which key belongs to which serial number, and
/// what a response proves.
///
/// ```
/// use std::sync::Arc;
/// use wechatpay_core::{
///     PrivateKey,
///     crypto::{Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey, default_backend},
/// };
/// use wechatpay_gateway::Gateway;
/// use zeroize::Zeroizing;
///
/// /// The default backend with keys of 3072 bits and more: a rule of the house.
/// #[derive(Debug)]
/// struct Strict;
///
/// impl Backend for Strict {
///     fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
///         let key = default_backend().private_key(der)?;
///         let public = default_backend().public_key(&key.public_key_der())?;
///         if public.modulus_len() < 384 { Err(KeyRejected) } else { Ok(key) }
///     }
///
///     fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
///         default_backend().public_key(spki)
///     }
///
///     fn aes_256_gcm_decrypt(
///         &self,
///         key: &[u8; 32],
///         nonce: &[u8],
///         associated_data: &[u8],
///         ciphertext: &[u8],
///     ) -> Result<Zeroizing<Vec<u8>>, Failed> {
///         default_backend().aes_256_gcm_decrypt(key, nonce, associated_data, ciphertext)
///     }
/// }
///
/// // Its keys have 2048 bits.
/// let gateway = Gateway::start()?;
/// assert!(PrivateKey::from_pem(gateway.merchant_private_key_pem()).is_ok());
/// assert!(PrivateKey::from_pem_with(&Strict, gateway.merchant_private_key_pem()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Backend: fmt::Debug + Send + Sync {
    /// Parses an RSA private key, of 2048 to 8192 bits.
    ///
    /// # Errors
    /// When the bytes are not such a key, or the key's parts do not fit together.
    fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected>;

    /// Parses an RSA public key, of 2048 to 8192 bits, from the DER of a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// When the bytes are not such a key.
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected>;

    /// Decrypts AES-256-GCM. `ciphertext` ends with the tag of 16 bytes, `nonce` has 12 bytes.
    ///
    /// # Errors
    /// The same error for every cause: another nonce length, a short ciphertext, a wrong tag.
    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed>;

    /// The library for 国密 (SM2, SM3 and SM4), if this backend has one. Otherwise the library of the feature
    /// `shangmi` is used. [`ShangmiBackend`] shows one.
    ///
    /// ```
    /// use wechatpay_core::crypto::default_backend;
    ///
    /// // The backends of this crate have none of their own.
    /// assert!(default_backend().shangmi().is_none());
    /// ```
    fn shangmi(&self) -> Option<&dyn ShangmiBackend> {
        None
    }
}

/// A private key's bytes, in one of the two forms that are in use.
///
/// ```
/// use wechatpay_core::crypto::{PrivateKeyDer, default_backend};
///
/// let der = PrivateKeyDer::Pkcs8(b"not a key");
/// assert_eq!(format!("{der:?}"), "PrivateKeyDer::Pkcs8([redacted])");
/// assert!(default_backend().private_key(der).is_err());
/// ```
#[derive(Clone, Copy)]
pub enum PrivateKeyDer<'a> {
    /// PKCS#8, the form of the downloaded `apiclient_key.pem` (`BEGIN PRIVATE KEY`).
    Pkcs8(&'a [u8]),
    /// PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    Pkcs1(&'a [u8]),
}

/// Names the form, never the bytes.
impl fmt::Debug for PrivateKeyDer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8(_) => "PrivateKeyDer::Pkcs8([redacted])",
            Self::Pkcs1(_) => "PrivateKeyDer::Pkcs1([redacted])",
        })
    }
}

/// A parsed RSA private key: a merchant's, or a platform's inside a gateway.
///
/// ```
/// use std::sync::Arc;
/// use wechatpay_core::{PrivateKey, PublicKey, crypto::{Failed, RsaPrivateKey}};
/// use wechatpay_gateway::Gateway;
/// use zeroize::Zeroizing;
///
/// /// A key in a security module. This example uses a key in memory instead.
/// struct Module(PrivateKey);
///
/// impl RsaPrivateKey for Module {
///     fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
///         self.0.sign(message)
///     }
///
///     fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
///         self.0.decrypt(ciphertext)
///     }
///
///     fn public_key_der(&self) -> Vec<u8> {
///         self.0.public_key_der()
///     }
/// }
///
/// let gateway = Gateway::start()?;
/// let module = Module(PrivateKey::from_pem(gateway.merchant_private_key_pem())?);
/// let key = PrivateKey::from_parsed(Arc::new(module));
/// let public_key = PublicKey::from_der(&key.public_key_der())?;
/// assert!(public_key.verify(b"message", &key.sign(b"message")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RsaPrivateKey: Send + Sync {
    /// Signs `message`: SHA-256, PKCS#1 v1.5.
    ///
    /// # Errors
    /// When the library refuses, which does not happen with a key that it has parsed.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed>;

    /// Decrypts RSA-OAEP (SHA-1, MGF1-SHA1, empty label).
    ///
    /// # Errors
    /// The same error for every cause.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed>;

    /// Whether [`decrypt`](Self::decrypt) is supported. Return `false` for a security module that only signs. Then the
    /// error of a sensitive field names this reason.
    ///
    /// ```
    /// use wechatpay_core::crypto::{Failed, RsaPrivateKey};
    /// use zeroize::Zeroizing;
    ///
    /// struct SignsOnly;
    ///
    /// impl RsaPrivateKey for SignsOnly {
    ///     # fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Failed> { Err(Failed) }
    ///     # fn public_key_der(&self) -> Vec<u8> { Vec::new() }
    ///     fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
    ///         Err(Failed)
    ///     }
    ///
    ///     fn can_decrypt(&self) -> bool {
    ///         false
    ///     }
    /// }
    /// assert!(!SignsOnly.can_decrypt());
    /// ```
    fn can_decrypt(&self) -> bool {
        true
    }

    /// The DER of the `SubjectPublicKeyInfo` of the public half.
    fn public_key_der(&self) -> Vec<u8>;
}

/// A parsed RSA public key: WeChat Pay's own, or that of a platform certificate.
///
/// ```
/// use wechatpay_core::{PrivateKey, crypto::default_backend};
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let private_key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// let key = default_backend().public_key(&private_key.public_key_der())?;
/// assert!(key.verify(b"message", &private_key.sign(b"message")?));
/// assert!(!key.verify(b"another message", &private_key.sign(b"message")?));
///
/// assert_eq!((key.modulus_len(), key.max_plaintext()), (256, 214));
/// let ciphertext = key.encrypt("张三".as_bytes())?;
/// assert_eq!(private_key.decrypt(&ciphertext)?.as_slice(), "张三".as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RsaPublicKey: Send + Sync {
    /// Whether `signature` is one over `message`: SHA-256, PKCS#1 v1.5.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;

    /// Encrypts with RSA-OAEP (SHA-1, MGF1-SHA1, empty label) and random padding.
    ///
    /// # Errors
    /// When `plaintext` is longer than [`max_plaintext`](Self::max_plaintext), or randomness failed.
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed>;

    /// The length of the modulus in bytes: 256 for RSA-2048. Signatures and ciphertexts have this length.
    fn modulus_len(&self) -> usize;

    /// The most bytes that one ciphertext holds: 214 for RSA-2048.
    fn max_plaintext(&self) -> usize {
        self.modulus_len().saturating_sub(42)
    }
}
