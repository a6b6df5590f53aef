//! The merchant's private key.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::{
    error::{KeyError, KeyKind},
    pem::{Block, Label},
};
use crate::crypto::{
    Backend, Failed, PrivateKeyDer, RsaPrivateKey, Sm2PrivateKey, Suite, default_backend, encoding, shangmi_of,
    sm2_encoding::{self, PrivateNumber},
};

/// The merchant's private key (商户API私钥), which signs requests and decrypts sensitive fields (敏感信息) of responses: an
/// RSA key of 2048 to 8192 bits, or for 国密 an SM2 key. The PEM text determines the kind, and the kind
/// determines the [suite](Self::suite) of a client.
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
pub struct PrivateKey(Key);

#[derive(Clone)]
enum Key {
    Rsa(Arc<dyn RsaPrivateKey>),
    Sm2(Arc<dyn Sm2PrivateKey>),
}

impl PrivateKey {
    /// Reads the PEM text of `apiclient_key.pem`: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`); for 国密
    /// PKCS#8 or SEC1 (`BEGIN EC PRIVATE KEY`).
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
        let block = Block::find(pem.as_ref())?;
        match block.label {
            Label::Pkcs8 => {
                let der = block.decode()?;
                if sm2_encoding::is_pkcs8(&der) {
                    Self::from_number(backend, &sm2_encoding::number_of_pkcs8(&der)?)
                } else {
                    Self::from_rsa(backend, PrivateKeyDer::Pkcs8(&der))
                }
            }
            Label::Pkcs1 => Self::from_rsa(backend, PrivateKeyDer::Pkcs1(&block.decode()?)),
            Label::Sec1 => Self::from_number(backend, &sm2_encoding::number_of_sec1(&block.decode()?)?),
            Label::Spki | Label::Pkcs1Public | Label::Certificate | Label::Refused(_) => {
                Err(block.instead_of(KeyKind::PrivateKey))
            }
        }
    }

    fn from_rsa(backend: &dyn Backend, der: PrivateKeyDer<'_>) -> Result<Self, KeyError> {
        // The backend would refuse the same keys, without a reason.
        encoding::private_key_pkcs1(der)?;
        Ok(Self(Key::Rsa(backend.private_key(der)?)))
    }

    fn from_number(backend: &dyn Backend, read: &PrivateNumber) -> Result<Self, KeyError> {
        let shangmi = shangmi_of(backend).ok_or(KeyError::ShangmiOff)?;
        let key = shangmi.private_key(&read.number)?;
        match read.point {
            // The text holds the public key of another number.
            Some(point) if sm2_encoding::point(&key.public_key_der())? != point => Err(KeyError::Damaged),
            _ => Ok(Self(Key::Sm2(key))),
        }
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
        Self(Key::Rsa(key))
    }

    /// Takes an SM2 key that something else holds. [`Sm2PrivateKey`] shows one.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wechatpay_core::{PrivateKey, crypto::Sm2PrivateKey};
    ///
    /// fn merchant_key(module: impl Sm2PrivateKey + 'static) -> PrivateKey {
    ///     PrivateKey::from_sm2(Arc::new(module))
    /// }
    /// ```
    pub fn from_sm2(key: Arc<dyn Sm2PrivateKey>) -> Self {
        Self(Key::Sm2(key))
    }

    /// Which algorithms the key belongs to. A client that signs with it has this suite.
    ///
    /// ```
    /// use wechatpay_core::{PrivateKey, crypto::Suite};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// assert_eq!(PrivateKey::from_pem(gateway.merchant_private_key_pem())?.suite(), Suite::Rsa);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn suite(&self) -> Suite {
        match self.0 {
            Key::Rsa(_) => Suite::Rsa,
            Key::Sm2(_) => Suite::Shangmi,
        }
    }

    /// Signs `message`: SHA-256 with RSA, PKCS#1 v1.5; or SM2 with SM3, as DER.
    ///
    /// # Errors
    /// When the backend refuses, which happens with keys from outside only.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        match &self.0 {
            Key::Rsa(key) => key.sign(message),
            Key::Sm2(key) => key.sign(message),
        }
    }

    /// Decrypts one sensitive field of a response: RSA-OAEP (SHA-1); or SM2, as DER in the order C1C3C2.
    ///
    /// # Errors
    /// The same error for every cause.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        match &self.0 {
            Key::Rsa(key) => key.decrypt(ciphertext),
            Key::Sm2(key) => key.decrypt(ciphertext),
        }
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
        match &self.0 {
            Key::Rsa(key) => key.can_decrypt(),
            Key::Sm2(key) => key.can_decrypt(),
        }
    }

    /// The DER of the `SubjectPublicKeyInfo` of the public half.
    pub fn public_key_der(&self) -> Vec<u8> {
        match &self.0 {
            Key::Rsa(key) => key.public_key_der(),
            Key::Sm2(key) => key.public_key_der(),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey([redacted])")
    }
}
