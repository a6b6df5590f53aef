//! The merchant's private key.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::{
    error::{KeyError, KeyKind},
    pem::{Block, Label},
};
use crate::crypto::{Backend, Failed, PrivateKeyDer, RsaPrivateKey, default_backend, encoding};

/// An RSA private key of 2048 to 8192 bits: the merchant's key (商户API私钥), which signs requests and decrypts sensitive
/// fields (敏感信息) of responses.
///
/// Cheap to clone. The key itself is held by the crypto backend; this library keeps no copy, and wipes those that it
/// needed for reading.
///
/// ```
/// use wechatpay_core::{PrivateKey, PublicKey, crypto::default_backend};
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// let public_key = PublicKey::from_der(&key.public_key_der())?;
///
/// assert!(public_key.verify(b"message", &key.sign(b"message")?));
/// let ciphertext = public_key.encrypt("张三".as_bytes())?;
/// assert_eq!(key.decrypt(&ciphertext)?.as_slice(), "张三".as_bytes());
///
/// // For another backend than the default one.
/// let key = PrivateKey::from_pem_with(default_backend(), gateway.merchant_private_key_pem())?;
/// // The error names the defect and shows nothing of the text.
/// let error = PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\nsecret\n-----END").unwrap_err();
/// assert!(!error.to_string().contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(Arc<dyn RsaPrivateKey>);

impl PrivateKey {
    /// Reads the PEM text of `apiclient_key.pem`: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// Either line end will do, as will text before and after, a BOM, and the form of an environment variable: one
    /// line, with `\n` spelled out.
    ///
    /// ```no_run
    /// use wechatpay_core::PrivateKey;
    ///
    /// let key = PrivateKey::from_pem(std::fs::read("apiclient_key.pem")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead of such a key, and never shows any of it.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::from_pem_with(default_backend(), pem)
    }

    /// Reads the PEM text like [`from_pem`](Self::from_pem), for the given crypto backend.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_pem_with(backend: &dyn Backend, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        read_der(pem.as_ref(), |der| Ok(Self(backend.private_key(der)?)))
    }

    /// Wraps a key that is stored elsewhere, such as in a hardware security module.
    ///
    /// ```
    /// use base64::{Engine as _, engine::general_purpose::STANDARD};
    /// use wechatpay_core::{PrivateKey, crypto::{PrivateKeyDer, default_backend}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let pem = gateway.merchant_private_key_pem();
    /// // The DER is the Base64 between the first and the last line.
    /// let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    /// let der = STANDARD.decode(base64)?;
    /// let parsed = default_backend().private_key(PrivateKeyDer::Pkcs8(&der))?;
    /// let key = PrivateKey::from_parsed(parsed);
    /// assert_eq!(key.sign(b"message")?.len(), 256);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_parsed(key: Arc<dyn RsaPrivateKey>) -> Self {
        Self(key)
    }

    /// Signs `message`: SHA-256, PKCS#1 v1.5.
    ///
    /// # Errors
    /// When the backend refuses, which happens with keys from outside only.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        self.0.sign(message)
    }

    /// Decrypts RSA-OAEP (SHA-1): one sensitive field of a response.
    ///
    /// # Errors
    /// The same error for every cause.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        self.0.decrypt(ciphertext)
    }

    /// Whether the backend of this key decrypts. A security module may allow signatures only.
    ///
    /// ```
    /// use wechatpay_core::PrivateKey;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// assert!(PrivateKey::from_pem(gateway.merchant_private_key_pem())?.can_decrypt());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn can_decrypt(&self) -> bool {
        self.0.can_decrypt()
    }

    /// The DER of the `SubjectPublicKeyInfo` of the public half.
    pub fn public_key_der(&self) -> Vec<u8> {
        self.0.public_key_der()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey([redacted])")
    }
}

/// Hands the checked DER of a private key's PEM text to `parse`, and wipes it afterwards.
pub(super) fn read_der<T>(
    pem: &[u8],
    parse: impl FnOnce(PrivateKeyDer<'_>) -> Result<T, KeyError>,
) -> Result<T, KeyError> {
    let block = Block::find(pem)?;
    let form = match block.label {
        Label::Pkcs8 => PrivateKeyDer::Pkcs8,
        Label::Pkcs1 => PrivateKeyDer::Pkcs1,
        Label::Spki | Label::Pkcs1Public | Label::Certificate | Label::Refused(_) => {
            return Err(block.instead_of(KeyKind::PrivateKey));
        }
    };
    let bytes = block.decode()?;
    let der = form(&bytes);
    // The backend would refuse the same keys, without a reason.
    encoding::private_key_pkcs1(der)?;
    parse(der)
}
