//! X.509 certificates: platform certificates, and the merchant's own.

use std::fmt;

use super::{
    error::{KeyError, KeyKind},
    pem::{Block, Label},
    public::PublicKey,
    serial::SerialNo,
    x509,
};
use crate::crypto::{Backend, default_backend};

/// What this library needs of an X.509 certificate with an RSA key of 2048 to 8192 bits, or for 国密 with an SM2 key.
///
/// A platform certificate (平台证书) is trusted because it was downloaded over an authenticated channel, encrypted with the
/// APIv3 key. Its issuer and its own signature are therefore not checked, and this type has no notion of a chain.
///
/// ```
/// use wechatpay_core::{PublicKey, crypto::default_backend, keys::Certificate};
/// use wechatpay_gateway::{Gateway, PlatformMode};
///
/// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
/// let pem = gateway.certificate_pems().remove(0);
///
/// let certificate = Certificate::from_pem(&pem)?;
/// assert!(certificate.serial_no().as_str().starts_with("5F1C"));
/// assert!(certificate.not_before() < certificate.not_after());
/// assert!(certificate.is_valid_at(certificate.not_after()));
/// assert!(!certificate.is_valid_at(certificate.not_after() + 1));
/// assert_eq!(certificate.public_key().modulus_len(), 256);
///
/// // For another backend than the default one.
/// let certificate = Certificate::from_pem_with(default_backend(), &pem)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Certificate {
    serial_no: SerialNo,
    not_before: i64,
    not_after: i64,
    public_key: PublicKey,
}

impl Certificate {
    /// Reads a PEM text with one certificate (`BEGIN CERTIFICATE`).
    ///
    /// ```no_run
    /// use wechatpay_core::keys::Certificate;
    ///
    /// let certificate = Certificate::from_pem(std::fs::read("apiclient_cert.pem")?)?;
    /// println!("serial_no: {}", certificate.serial_no());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead of such a certificate.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::from_pem_with(default_backend(), pem)
    }

    /// Reads a PEM text like [`from_pem`](Self::from_pem), for the given crypto backend.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_pem_with(backend: &dyn Backend, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let block = Block::find(pem.as_ref())?;
        if block.label != Label::Certificate {
            return Err(block.instead_of(KeyKind::Certificate));
        }
        Self::from_der_with(backend, &block.decode()?)
    }

    /// Reads the DER of a certificate.
    ///
    /// ```
    /// use base64::{Engine as _, engine::general_purpose::STANDARD};
    /// use wechatpay_core::{crypto::default_backend, keys::Certificate};
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let pem = gateway.certificate_pems().remove(0);
    /// // The DER is the Base64 between the first and the last line.
    /// let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    /// let der = STANDARD.decode(base64)?;
    ///
    /// let certificate = Certificate::from_der(&der)?;
    /// assert_eq!(certificate.serial_no(), Certificate::from_pem(&pem)?.serial_no());
    /// assert!(Certificate::from_der_with(default_backend(), &der[1..]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] when the bytes are not a certificate, or its key is neither an RSA key of 2048 to 8192 bits nor an SM2
    /// key.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_with(default_backend(), der)
    }

    /// Reads DER like [`from_der`](Self::from_der), for the given crypto backend.
    ///
    /// ```
    /// use wechatpay_core::{crypto::default_backend, keys::{Certificate, KeyError}};
    ///
    /// assert_eq!(Certificate::from_der_with(default_backend(), b"not DER").unwrap_err(), KeyError::Damaged);
    /// ```
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_der_with(backend: &dyn Backend, der: &[u8]) -> Result<Self, KeyError> {
        let read = x509::read(der)?;
        Ok(Self {
            serial_no: SerialNo::from_bytes(&read.serial_number),
            not_before: read.not_before,
            not_after: read.not_after,
            public_key: PublicKey::from_der_with(backend, &read.public_key)?,
        })
    }

    /// The same certificate with its key for another backend.
    pub(crate) fn with_backend(self, backend: &dyn Backend) -> Result<Self, KeyError> {
        Ok(Self {
            public_key: self.public_key.with_backend(backend)?,
            ..self
        })
    }

    /// The serial number (证书序列号), as in `Wechatpay-Serial`.
    #[must_use]
    pub fn serial_no(&self) -> &SerialNo {
        &self.serial_no
    }

    /// The first moment at which the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// The last second at which the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether the certificate is valid at a moment, given in seconds since 1970-01-01T00:00:00Z. Both ends belong to
    /// the validity (RFC 5280, section 4.1.2.5).
    #[must_use]
    pub fn is_valid_at(&self, unix_seconds: i64) -> bool {
        (self.not_before..=self.not_after).contains(&unix_seconds)
    }

    /// The public key of the certificate.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("serial_no", &self.serial_no)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("public_key", &self.public_key)
            .finish()
    }
}
