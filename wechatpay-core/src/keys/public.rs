//! WeChat Pay's public key.

use std::{fmt, sync::Arc};

use super::{
    error::{KeyError, KeyKind},
    pem::{Block, Label},
    private::PrivateKey,
    x509,
};
use crate::crypto::{
    Backend, Failed, RsaPublicKey, Sm2PublicKey, Suite, default_backend, encoding, shangmi_of, sm2_encoding,
};

/// An RSA public key of 2048 to 8192 bits, or for 国密 an SM2 key: WeChat Pay's own (微信支付公钥) or that of a platform
/// certificate (平台证书). It verifies responses and notifications, and encrypts sensitive fields (敏感信息) of requests.
///
/// Cheap to clone.
///
/// ```
/// use wechatpay_core::{PrivateKey, PublicKey, crypto::default_backend};
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let key = PublicKey::from_pem(gateway.public_key_pem())?;
/// assert_eq!((key.modulus_len(), key.max_plaintext()), (256, 214));
/// assert_ne!(key.encrypt(b"secret")?, key.encrypt(b"secret")?);
/// assert!(key.encrypt(&[0; 215]).is_err());
/// assert!(!key.verify(b"message", b"not a signature"));
///
/// // The public half of a private key, and a backend other than the default one.
/// let private_key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// let der = private_key.public_key_der();
/// let public_key = PublicKey::from_der(&der)?;
/// assert!(public_key.verify(b"message", &private_key.sign(b"message")?));
/// let public_key = PublicKey::from_der_with(default_backend(), &der)?;
/// let public_key = PublicKey::from_parsed(default_backend().public_key(&der)?);
/// let public_key = PublicKey::from_pem_with(default_backend(), gateway.public_key_pem())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PublicKey {
    key: Key,
    /// The key's DER, unless a backend of the user's parsed it.
    spki: Option<Arc<[u8]>>,
}

#[derive(Clone)]
enum Key {
    Rsa(Arc<dyn RsaPublicKey>),
    Sm2(Arc<dyn Sm2PublicKey>),
}

impl PublicKey {
    /// Reads a PEM text: the `pub_key.pem` of the merchant platform (`BEGIN PUBLIC KEY`), the PKCS#1 form
    /// (`BEGIN RSA PUBLIC KEY`) or a certificate (`BEGIN CERTIFICATE`), of which the key is taken.
    ///
    /// The dates of a certificate are ignored here. Use [`Certificate`](super::Certificate) to check them.
    ///
    /// ```no_run
    /// use wechatpay_core::PublicKey;
    ///
    /// let key = PublicKey::from_pem(std::fs::read("pub_key.pem")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead of such a key.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::from_pem_with(default_backend(), pem)
    }

    /// Reads a PEM text like [`from_pem`](Self::from_pem), for the given crypto backend.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_pem_with(backend: &dyn Backend, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let block = Block::find(pem.as_ref())?;
        match block.label {
            Label::Spki => Self::from_der_with(backend, &block.decode()?),
            Label::Pkcs1Public => Self::from_der_with(backend, &encoding::spki_of_pkcs1(&block.decode()?)?),
            Label::Certificate => Self::from_der_with(backend, &x509::read(&block.decode()?)?.public_key),
            Label::Pkcs8 | Label::Pkcs1 | Label::Sec1 | Label::Refused(_) => Err(block.instead_of(KeyKind::PublicKey)),
        }
    }

    /// Reads the DER of a `SubjectPublicKeyInfo`, as [`PrivateKey::public_key_der`] gives it.
    ///
    /// [`PrivateKey::public_key_der`]: super::PrivateKey::public_key_der
    ///
    /// # Errors
    /// [`KeyError`] when the bytes are neither an RSA key of 2048 to 8192 bits nor an SM2 key.
    pub fn from_der(spki: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_with(default_backend(), spki)
    }

    /// Reads DER like [`from_der`](Self::from_der), for the given crypto backend.
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_der_with(backend: &dyn Backend, spki: &[u8]) -> Result<Self, KeyError> {
        let key = if sm2_encoding::is_public_key(spki) {
            let point = sm2_encoding::point(spki)?;
            Key::Sm2(shangmi_of(backend).ok_or(KeyError::ShangmiOff)?.public_key(&point)?)
        } else {
            encoding::public_numbers(spki)?;
            Key::Rsa(backend.public_key(spki)?)
        };
        Ok(Self {
            key,
            spki: Some(spki.into()),
        })
    }

    /// Takes a key that a backend has parsed.
    pub fn from_parsed(key: Arc<dyn RsaPublicKey>) -> Self {
        Self {
            key: Key::Rsa(key),
            spki: None,
        }
    }

    /// Takes an SM2 key that a backend has parsed. [`Sm2PublicKey`] shows one.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wechatpay_core::{PublicKey, crypto::Sm2PublicKey};
    ///
    /// fn platform_key(parsed: impl Sm2PublicKey + 'static) -> PublicKey {
    ///     PublicKey::from_sm2(Arc::new(parsed))
    /// }
    /// ```
    pub fn from_sm2(key: Arc<dyn Sm2PublicKey>) -> Self {
        Self {
            key: Key::Sm2(key),
            spki: None,
        }
    }

    /// Which algorithms the key belongs to. It is refused by a client of the other suite.
    ///
    /// ```
    /// use wechatpay_core::{PublicKey, crypto::Suite};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// assert_eq!(PublicKey::from_pem(gateway.public_key_pem())?.suite(), Suite::Rsa);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn suite(&self) -> Suite {
        match self.key {
            Key::Rsa(_) => Suite::Rsa,
            Key::Sm2(_) => Suite::Shangmi,
        }
    }

    /// The same key for another backend; unchanged if its DER is not known.
    pub(crate) fn with_backend(self, backend: &dyn Backend) -> Result<Self, KeyError> {
        match &self.spki {
            Some(spki) => Self::from_der_with(backend, spki),
            None => Ok(self),
        }
    }

    /// Whether both are known to be the same key.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_same_pointer = match (&self.key, &other.key) {
            (Key::Rsa(own), Key::Rsa(other)) => Arc::ptr_eq(own, other),
            (Key::Sm2(own), Key::Sm2(other)) => Arc::ptr_eq(own, other),
            _ => false,
        };
        is_same_pointer || other.spki.as_deref().is_some_and(|spki| self.has_der(spki))
    }

    /// Whether this is known to be the public half of `key`.
    pub(crate) fn is_half_of(&self, key: &PrivateKey) -> bool {
        self.has_der(&key.public_key_der())
    }

    /// Compares the numbers, because one key has more than one DER.
    fn has_der(&self, spki: &[u8]) -> bool {
        let Some(own) = self.spki.as_deref() else {
            return false;
        };
        match self.suite() {
            Suite::Rsa => {
                let numbers = encoding::public_numbers(own)
                    .ok()
                    .zip(encoding::public_numbers(spki).ok());
                numbers.is_some_and(|(own, other)| (own.modulus, own.exponent) == (other.modulus, other.exponent))
            }
            Suite::Shangmi => {
                let points = sm2_encoding::point(own).ok().zip(sm2_encoding::point(spki).ok());
                points.is_some_and(|(own, other)| own == other)
            }
        }
    }

    /// Whether `signature` is one over `message`: SHA-256 with RSA, PKCS#1 v1.5; or SM2 with SM3.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            Key::Rsa(key) => key.verify(message, signature),
            Key::Sm2(key) => key.verify(message, signature),
        }
    }

    /// Encrypts one sensitive field with RSA-OAEP (SHA-1) and random padding, or with SM2: the same text twice gives two
    /// ciphertexts.
    ///
    /// # Errors
    /// When `plaintext` is longer than [`max_plaintext`](Self::max_plaintext), or empty with SM2, or randomness failed.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        match &self.key {
            Key::Rsa(key) => key.encrypt(plaintext),
            Key::Sm2(key) => key.encrypt(plaintext),
        }
    }

    /// The most bytes that [`encrypt`](Self::encrypt) takes: 214 for RSA-2048, which is 71 Chinese characters. SM2 has no limit:
    /// [`usize::MAX`].
    #[must_use]
    pub fn max_plaintext(&self) -> usize {
        match &self.key {
            Key::Rsa(key) => key.max_plaintext(),
            Key::Sm2(_) => usize::MAX,
        }
    }

    /// The length of the modulus in bytes: 256 for RSA-2048. Signatures and ciphertexts have this length. An SM2 key has no
    /// modulus: 0.
    #[must_use]
    pub fn modulus_len(&self) -> usize {
        match &self.key {
            Key::Rsa(key) => key.modulus_len(),
            Key::Sm2(_) => 0,
        }
    }
}

/// Shows only the suite or the length of the modulus.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("PublicKey");
        match &self.key {
            Key::Rsa(key) => printed.field("modulus_len", &key.modulus_len()),
            Key::Sm2(_) => printed.field("suite", &Suite::Shangmi),
        };
        printed.finish_non_exhaustive()
    }
}
