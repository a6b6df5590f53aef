//! Generates keys and certificates for tests.
//!
//! ```
//! use wechatpay_core::{PrivateKey, keys::Certificate};
//! use wechatpay_gateway::generate;
//!
//! let pem = generate::private_key_pem()?;
//! let serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
//! let certificate = generate::certificate_pem(&pem, &pem, serial_no, 1_700_000_000, 1_900_000_000)?;
//!
//! let signature = PrivateKey::from_pem(pem.as_str())?.sign(b"message")?;
//! let certificate = Certificate::from_pem(certificate)?;
//! assert!(certificate.public_key().verify(b"message", &signature));
//! assert_eq!(certificate.serial_no().as_str(), serial_no);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod shangmi;

use std::{error::Error, fmt, str::FromStr, time::Duration};

use getrandom::SysRng;
use rsa::{
    pkcs1::DecodeRsaPrivateKey as _,
    pkcs1v15,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _},
};
use sha2::Sha256;
use wechatpay_core::{PrivateKey, crypto::Suite, keys::KeyError};
use x509_cert::{
    TbsCertificate,
    builder::{self, Builder, CertificateBuilder, profile::BuilderProfile},
    der::{
        self, DateTime, Decode, Encode,
        asn1::{GeneralizedTime, UtcTime},
        pem::{self, LineEnding},
    },
    ext::Extension,
    name::Name,
    serial_number::SerialNumber,
    spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef},
    time::{Time, Validity},
};
use zeroize::Zeroizing;

/// A key or certificate could not be generated.
///
/// ```
/// use wechatpay_core::keys::KeyError;
/// use wechatpay_gateway::generate::{self, GenerateError};
///
/// let serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// let error = generate::certificate_pem("no key", "no key", serial_no, 0, 1).unwrap_err();
/// assert!(matches!(error, GenerateError::Key(KeyError::NotPem)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// The operating system provided no randomness.
    Randomness,
    /// A given key was not accepted.
    Key(KeyError),
    /// The serial number is not 1 to 20 bytes in hexadecimal.
    SerialNo,
    /// A date is before 1970 or after 9999.
    Date,
    /// The certificate could not be encoded.
    Encoding,
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Randomness => "the operating system provided no randomness, so no key was generated",
            Self::Key(_) => "the given key cannot be used",
            Self::SerialNo => "the serial number is not 1 to 20 bytes in hexadecimal",
            Self::Date => "a date is before 1970 or after 9999",
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

/// Generates an RSA key of 2048 bits and returns its PKCS#8 PEM, the form of `apiclient_key.pem`. Takes some tenths of
/// a second, and many seconds if the crate `rsa` is compiled without optimization.
///
/// ```
/// use wechatpay_core::PrivateKey;
/// use wechatpay_gateway::generate;
///
/// let pem = generate::private_key_pem()?;
/// assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
/// let key = PrivateKey::from_pem(pem.as_str())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GenerateError::Randomness`] if the operating system provides no randomness.
pub fn private_key_pem() -> Result<Zeroizing<String>, GenerateError> {
    let key = rsa::PrivateKey::new(&mut SysRng, 2048).map_err(|_| GenerateError::Randomness)?;
    let der = key.to_pkcs8_der().map_err(|_| GenerateError::Encoding)?;
    encode("PRIVATE KEY", der.as_bytes()).map(Zeroizing::new)
}

/// Generates an SM2 key (国密) and returns its PKCS#8 PEM.
///
/// ```
/// use wechatpay_core::PrivateKey;
/// use wechatpay_gateway::generate;
///
/// let pem = generate::sm2_private_key_pem()?;
/// // Reading it needs the feature `shangmi`.
/// assert_eq!(PrivateKey::from_pem(pem.as_str()).is_ok(), cfg!(feature = "shangmi"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GenerateError::Randomness`] if the operating system provides no randomness.
pub fn sm2_private_key_pem() -> Result<Zeroizing<String>, GenerateError> {
    let mut number = Zeroizing::new([0; 32]);
    // One number in four thousand million is too large.
    while !shangmi::is_key(&number) {
        getrandom::fill(number.as_mut_slice()).map_err(|_| GenerateError::Randomness)?;
    }
    let der = Zeroizing::new(shangmi::private_key(&number).map_err(|_| GenerateError::Encoding)?);
    encode("PRIVATE KEY", &der).map(Zeroizing::new)
}

/// Returns the PEM text of the public key (`BEGIN PUBLIC KEY`), the form of `pub_key.pem`.
///
/// ```
/// use wechatpay_core::{PrivateKey, PublicKey};
/// use wechatpay_gateway::{Gateway, generate};
///
/// let gateway = Gateway::start()?;
/// let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// let public_key = PublicKey::from_pem(generate::public_key_pem(&key))?;
/// assert!(public_key.verify(b"message", &key.sign(b"message")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn public_key_pem(key: &PrivateKey) -> String {
    // Encoding fails only if the length of the text overflows.
    encode("PUBLIC KEY", &key.public_key_der()).unwrap_or_default()
}

/// Issues a certificate for the public key of `key_pem`, signed with `issuer_pem`, and returns its PEM text. If both
/// keys are the same, the certificate is self-signed. The dates are seconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use wechatpay_core::keys::Certificate;
/// use wechatpay_gateway::{Gateway, generate};
///
/// let gateway = Gateway::start()?;
/// let (key, issuer) = (gateway.merchant_private_key_pem(), gateway.brand_private_key_pem());
/// let serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// let pem = generate::certificate_pem(key, issuer, serial_no, 1_700_000_000, 1_900_000_000)?;
/// assert_eq!(Certificate::from_pem(pem)?.not_after(), 1_900_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GenerateError`] if a key, the serial number or a date is invalid.
pub fn certificate_pem(
    key_pem: impl AsRef<[u8]>,
    issuer_pem: impl AsRef<[u8]>,
    serial_no: &str,
    not_before: u64,
    not_after: u64,
) -> Result<String, GenerateError> {
    let spki = PrivateKey::from_pem(key_pem)?.public_key_der();
    let spki = SubjectPublicKeyInfo::from_der(&spki).map_err(|_| GenerateError::Encoding)?;
    let validity = Validity::new(date(not_before)?, date(not_after)?);
    let (profile, serial_number) = (Platform::new()?, serial_number(serial_no)?);
    let issuer = PrivateKey::from_pem(issuer_pem.as_ref())?;
    let der = match issuer.suite() {
        Suite::Rsa => {
            let issuer = signing_key(issuer_pem.as_ref())?;
            CertificateBuilder::new(profile, serial_number, validity, spki)
                .and_then(|builder| builder.build::<_, pkcs1v15::Signature>(&issuer))
                .map_err(|_| GenerateError::Encoding)?
                .to_der()
                .map_err(|_| GenerateError::Encoding)?
        }
        Suite::Shangmi => {
            let fields = || {
                let name = profile.0.to_der()?;
                Ok::<_, der::Error>([name.clone(), validity.to_der()?, name, spki.to_der()?])
            };
            let fields = fields().map_err(|_| GenerateError::Encoding)?;
            shangmi::certificate(&serial_number, fields.each_ref().map(Vec::as_slice), &issuer)
                .map_err(|_| GenerateError::Encoding)?
        }
    };
    encode("CERTIFICATE", &der)
}

fn signing_key(pem: &[u8]) -> Result<pkcs1v15::SigningKey<Sha256>, KeyError> {
    let (_, der) = pem::decode_vec(pem).map_err(|_| KeyError::Damaged)?;
    let der = Zeroizing::new(der);
    let key = rsa::PrivateKey::from_pkcs8_der(&der)
        .or_else(|_| rsa::PrivateKey::from_pkcs1_der(&der))
        .map_err(|_| KeyError::Damaged)?;
    Ok(pkcs1v15::SigningKey::new(key))
}

fn serial_number(serial_no: &str) -> Result<SerialNumber, GenerateError> {
    let bytes = bytes(serial_no).ok_or(GenerateError::SerialNo)?;
    SerialNumber::new(&bytes).map_err(|_| GenerateError::SerialNo)
}

/// The big-endian bytes of a hexadecimal number, without leading zeros.
fn bytes(number: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::new();
    for digit in number.chars() {
        digits.push(u8::try_from(digit.to_digit(16)?).ok()?);
    }
    let bytes = digits
        .rchunks(2)
        .rev()
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
    let bytes: Vec<u8> = bytes.skip_while(|byte| *byte == 0).collect();
    (!digits.is_empty()).then_some(if bytes.is_empty() { vec![0] } else { bytes })
}

fn date(unix_seconds: u64) -> Result<Time, GenerateError> {
    let date = DateTime::from_unix_duration(Duration::from_secs(unix_seconds)).map_err(|_| GenerateError::Date)?;
    // RFC 5280 requires the short form for dates before 2050.
    Ok(match UtcTime::from_date_time(date) {
        Ok(date) => Time::UtcTime(date),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_date_time(date)),
    })
}

fn encode(label: &str, der: &[u8]) -> Result<String, GenerateError> {
    pem::encode_string(label, LineEnding::LF, der).map_err(|_| GenerateError::Encoding)
}

/// A certificate profile with names and without extensions.
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
