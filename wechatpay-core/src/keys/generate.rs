//! Keys and certificates of one's own, for tests and for a gateway.
//!
//! ```
//! use wechatpay_core::{PrivateKey, keys::{Certificate, SerialNo, generate}};
//!
//! let pem = generate::private_key_pem()?;
//! let serial_no = SerialNo::new("5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
//! let certificate = generate::certificate_pem(&pem, &pem, &serial_no, 1_700_000_000, 1_900_000_000)?;
//!
//! let signature = PrivateKey::from_pem(&*pem)?.sign(b"message")?;
//! let certificate = Certificate::from_pem(certificate)?;
//! assert!(certificate.public_key().verify(b"message", &signature));
//! assert_eq!(*certificate.serial_no(), serial_no);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{error::Error, fmt, str::FromStr, time::Duration};

use ::aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use ::rsa::{PrivateKey as Signer, pkcs1::DecodeRsaPrivateKey, pkcs1v15};
use base64ct::{Base64, Encoding};
use sha2::Sha256;
use x509_cert::{
    TbsCertificate,
    builder::{self, Builder, CertificateBuilder, profile::BuilderProfile},
    der::{DateTime, Decode, Encode, asn1::GeneralizedTime},
    ext::Extension,
    name::Name,
    serial_number::SerialNumber,
    spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef},
    time::{Time, Validity},
};
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey, SerialNo, private::read_der};
use crate::crypto::encoding;

/// A key or certificate could not be made.
///
/// ```
/// use wechatpay_core::keys::{KeyError, SerialNo, generate::{self, GenerateError}};
///
/// let serial_no = SerialNo::new("5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
/// let error = generate::certificate_pem("no key", "no key", &serial_no, 0, 1).unwrap_err();
/// assert!(matches!(error, GenerateError::Key(KeyError::NotPem)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// The library that makes keys failed.
    Randomness,
    /// A given key was not accepted.
    Key(KeyError),
    /// The serial number is not one to 20 bytes in hexadecimal.
    SerialNo,
    /// A date is before 1970 or after 9999.
    Date,
    /// The certificate could not be encoded.
    Encoding,
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Randomness => "no key could be generated",
            Self::Key(_) => "the given key is not usable",
            Self::SerialNo => "the serial number is not one to 20 bytes in hexadecimal",
            Self::Date => "a date is not between the years 1970 and 9999",
            Self::Encoding => "the certificate could not be encoded",
        })
    }
}

impl Error for GenerateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Self::Key(error) = self { Some(error) } else { None }
    }
}

impl From<KeyError> for GenerateError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

/// Generates an RSA key of 2048 bits and gives its PKCS#8 PEM, the form of `apiclient_key.pem`. Takes about a tenth of a
/// second.
///
/// ```
/// use wechatpay_core::{PrivateKey, keys::generate};
///
/// let pem = generate::private_key_pem()?;
/// assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
/// let key = PrivateKey::from_pem(&*pem)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GenerateError::Randomness`] when the library fails.
pub fn private_key_pem() -> Result<Zeroizing<String>, GenerateError> {
    let key = KeyPair::generate(KeySize::Rsa2048).map_err(|_| GenerateError::Randomness)?;
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| GenerateError::Randomness)?;
    Ok(Zeroizing::new(pem("PRIVATE KEY", der.as_ref())))
}

/// Gives the PEM text of the public half (`BEGIN PUBLIC KEY`), the form of `pub_key.pem`.
///
#[cfg_attr(feature = "gateway", doc = "```")]
#[cfg_attr(not(feature = "gateway"), doc = "```ignore")]
/// use wechatpay_core::{PrivateKey, PublicKey, gateway::Gateway, keys::generate};
///
/// let gateway = Gateway::start()?;
/// let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// let public_key = PublicKey::from_pem(generate::public_key_pem(&key))?;
/// assert!(public_key.verify(b"message", &key.sign(b"message")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn public_key_pem(key: &PrivateKey) -> String {
    pem("PUBLIC KEY", &key.public_key_der())
}

/// Makes a certificate for the public half of `key_pem`, signed with `issuer_pem`, and gives its PEM text. With the
/// same key twice it is self-signed. The dates are seconds since 1970-01-01T00:00:00Z.
///
#[cfg_attr(feature = "gateway", doc = "```")]
#[cfg_attr(not(feature = "gateway"), doc = "```ignore")]
/// use wechatpay_core::{gateway::Gateway, keys::{Certificate, SerialNo, generate}};
///
/// let gateway = Gateway::start()?;
/// let (key, issuer) = (gateway.merchant_private_key_pem(), gateway.brand_private_key_pem());
/// let serial_no = SerialNo::new("5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
/// let pem = generate::certificate_pem(key, issuer, &serial_no, 1_700_000_000, 1_900_000_000)?;
/// assert_eq!(Certificate::from_pem(pem)?.not_after(), 1_900_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GenerateError`] when a key, the serial number or a date is not usable.
pub fn certificate_pem(
    key_pem: impl AsRef<[u8]>,
    issuer_pem: impl AsRef<[u8]>,
    serial_no: &SerialNo,
    not_before: u64,
    not_after: u64,
) -> Result<String, GenerateError> {
    let spki = PrivateKey::from_pem(key_pem)?.public_key_der();
    let spki = SubjectPublicKeyInfo::from_der(&spki).map_err(|_| GenerateError::Encoding)?;
    let validity = Validity::new(date(not_before)?, date(not_after)?);
    let issuer = signer(issuer_pem.as_ref())?;
    let certificate = CertificateBuilder::new(Platform::new()?, serial_number(serial_no)?, validity, spki)
        .and_then(|builder| builder.build::<_, pkcs1v15::Signature>(&issuer))
        .map_err(|_| GenerateError::Encoding)?;
    Ok(pem(
        "CERTIFICATE",
        &certificate.to_der().map_err(|_| GenerateError::Encoding)?,
    ))
}

fn signer(pem: &[u8]) -> Result<pkcs1v15::SigningKey<Sha256>, KeyError> {
    read_der(pem, |der| {
        let key = Signer::from_pkcs1_der(encoding::private_key_pkcs1(der)?).map_err(|_| KeyError::Damaged)?;
        Ok(pkcs1v15::SigningKey::new(key))
    })
}

fn serial_number(serial_no: &SerialNo) -> Result<SerialNumber, GenerateError> {
    let bytes = serial_no.to_bytes().ok_or(GenerateError::SerialNo)?;
    SerialNumber::new(&bytes).map_err(|_| GenerateError::SerialNo)
}

fn date(unix_seconds: u64) -> Result<Time, GenerateError> {
    let date = DateTime::from_unix_duration(Duration::from_secs(unix_seconds)).map_err(|_| GenerateError::Date)?;
    // The builder itself changes dates before 2050 to the short form, as RFC 5280 asks.
    Ok(Time::GeneralTime(GeneralizedTime::from_date_time(date)))
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = Zeroizing::new(Base64::encode_string(der));
    let mut text = String::with_capacity(base64.len() + base64.len() / 64 + 2 * label.len() + 64);
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// A certificate as plain as it can be: the names, and no extensions.
struct Platform(Name);

impl Platform {
    fn new() -> Result<Self, GenerateError> {
        Name::from_str("CN=wechatpay test certificate")
            .map(Self)
            .map_err(|_| GenerateError::Encoding)
    }
}

impl BuilderProfile for Platform {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.0.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _spk: SubjectPublicKeyInfoRef<'_>,
        _issuer_spk: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}
