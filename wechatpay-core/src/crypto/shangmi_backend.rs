//! The trait of a library for 国密, and its keys.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::crypto::error::{Failed, KeyRejected};

/// A library for 国密 (SM2, SM3, SM4), as this crate sees it: a certified one, or that of a hardware security module, in the
/// place of the one that the feature `shangmi` brings. A [`Backend`](super::Backend) names it in
/// [`shangmi`](super::Backend::shangmi).
///
/// Encodings of keys are judged by this crate. The library gets the numbers and does the arithmetic.
///
/// ```
/// use std::sync::Arc;
/// use wechatpay_core::{
///     PrivateKey,
///     crypto::{
///         Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey, ShangmiBackend, Sm2PrivateKey,
///         Sm2PublicKey, Suite, default_backend,
///     },
/// };
/// use zeroize::Zeroizing;
///
/// # /// Stands for the binding of a certified library.
/// # mod certified {
/// #     use wechatpay_core::crypto::{Failed, Sm2PrivateKey, Sm2PublicKey};
/// #     use zeroize::Zeroizing;
/// #     pub struct Key;
/// #     impl Key {
/// #         pub fn new(_: &[u8]) -> Option<Self> { Some(Self) }
/// #     }
/// #     impl Sm2PrivateKey for Key {
/// #         fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Failed> { Err(Failed) }
/// #         fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> { Err(Failed) }
/// #         fn public_key_der(&self) -> Vec<u8> { Vec::new() }
/// #     }
/// #     impl Sm2PublicKey for Key {
/// #         fn verify(&self, _: &[u8], _: &[u8]) -> bool { false }
/// #         fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, Failed> { Err(Failed) }
/// #     }
/// #     pub fn sm4_gcm_decrypt(_: &[u8], _: &[u8], _: &[u8], _: &[u8]) -> Option<Vec<u8>> { None }
/// # }
/// /// 国密 by a certified library, RSA as it is by default.
/// #[derive(Debug)]
/// struct Certified;
///
/// impl ShangmiBackend for Certified {
///     fn private_key(&self, number: &[u8; 32]) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected> {
///         Ok(Arc::new(certified::Key::new(number).ok_or(KeyRejected)?))
///     }
///
///     fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected> {
///         Ok(Arc::new(certified::Key::new(point).ok_or(KeyRejected)?))
///     }
///
///     fn sm4_gcm_decrypt(
///         &self,
///         key: &[u8; 16],
///         nonce: &[u8],
///         associated_data: &[u8],
///         ciphertext: &[u8],
///     ) -> Result<Zeroizing<Vec<u8>>, Failed> {
///         certified::sm4_gcm_decrypt(key, nonce, associated_data, ciphertext).map(Zeroizing::new).ok_or(Failed)
///     }
/// }
///
/// impl Backend for Certified {
///     fn shangmi(&self) -> Option<&dyn ShangmiBackend> {
///         Some(self)
///     }
///
///     fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
///         default_backend().private_key(der)
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
/// let pem = "-----BEGIN PRIVATE KEY-----
/// MEECAQAwEwYHKoZIzj0CAQYIKoEcz1UBgi0EJzAlAgEBBCARERERERERERERERER
/// EREREREREREREREREREREREREQ==
/// -----END PRIVATE KEY-----";
/// let key = PrivateKey::from_pem_with(&Certified, pem)?;
/// assert_eq!(key.suite(), Suite::Shangmi);
/// # assert!(ShangmiBackend::public_key(&Certified, &[4; 65]).is_ok());
/// # assert!(Certified.sm4_gcm_decrypt(&[0; 16], b"", b"", b"").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ShangmiBackend: fmt::Debug + Send + Sync {
    /// Takes an SM2 private key: its number, big-endian.
    ///
    /// # Errors
    /// When the number is not between 1 and n - 2.
    fn private_key(&self, number: &[u8; 32]) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected>;

    /// Takes an SM2 public key: 4, and the point's x and y, big-endian.
    ///
    /// # Errors
    /// When the point is not on the curve.
    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected>;

    /// Opens SM4-GCM: `ciphertext` ends with the tag of 16 bytes, `nonce` has 12.
    ///
    /// # Errors
    /// One opaque error, whatever the cause: another nonce length, a short ciphertext, a tag that does not fit.
    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed>;
}

/// An SM2 private key: a merchant's, or a platform's inside a gateway.
///
/// ```
/// use std::sync::Arc;
/// use wechatpay_core::{PrivateKey, crypto::{Failed, Sm2PrivateKey, Suite}};
/// use zeroize::Zeroizing;
///
/// # struct Session;
/// # impl Session {
/// #     fn sign(&self, message: &[u8]) -> Option<Vec<u8>> { Some(message.to_vec()) }
/// # }
/// /// A key in a security module that signs and does nothing else.
/// struct Module {
///     session: Session,
///     public_key_der: Vec<u8>,
/// }
///
/// impl Sm2PrivateKey for Module {
///     fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
///         self.session.sign(message).ok_or(Failed)
///     }
///
///     fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
///         Err(Failed)
///     }
///
///     fn can_decrypt(&self) -> bool {
///         false
///     }
///
///     fn public_key_der(&self) -> Vec<u8> {
///         self.public_key_der.clone()
///     }
/// }
///
/// let key = PrivateKey::from_sm2(Arc::new(Module { session: Session, public_key_der: Vec::new() }));
/// assert_eq!((key.suite(), key.can_decrypt()), (Suite::Shangmi, false));
/// assert!(key.sign(b"message").is_ok());
/// ```
pub trait Sm2PrivateKey: Send + Sync {
    /// Signs `message`: SM2 with SM3 and the user id (distid) `1234567812345678`. The signature is DER, a sequence of the
    /// two numbers.
    ///
    /// # Errors
    /// When the library refuses.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed>;

    /// Decrypts SM2 in the form C1C3C2 as DER (GM/T 0009): a sequence of x, y, the hash and the encrypted text. x and y may
    /// have fewer than 32 bytes.
    ///
    /// # Errors
    /// One opaque error, whatever the cause.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed>;

    /// Whether [`decrypt`](Self::decrypt) is supported, as for
    /// [`RsaPrivateKey::can_decrypt`](super::RsaPrivateKey::can_decrypt).
    fn can_decrypt(&self) -> bool {
        true
    }

    /// The DER of the `SubjectPublicKeyInfo` of the public half.
    fn public_key_der(&self) -> Vec<u8>;
}

/// An SM2 public key: that of a platform certificate.
///
/// ```
/// use wechatpay_core::{PublicKey, crypto::{Failed, Sm2PublicKey}};
/// use std::sync::Arc;
///
/// /// Believes nothing.
/// struct Nobody;
///
/// impl Sm2PublicKey for Nobody {
///     fn verify(&self, _: &[u8], _: &[u8]) -> bool {
///         false
///     }
///
///     fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
///         Err(Failed)
///     }
/// }
///
/// assert!(!PublicKey::from_sm2(Arc::new(Nobody)).verify(b"message", b"signature"));
/// ```
pub trait Sm2PublicKey: Send + Sync {
    /// Whether `signature` is one over `message`, as [`Sm2PrivateKey::sign`] makes it.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;

    /// Encrypts with SM2, in the form that [`Sm2PrivateKey::decrypt`] reads.
    ///
    /// # Errors
    /// When `plaintext` is empty, or randomness failed.
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed>;
}
