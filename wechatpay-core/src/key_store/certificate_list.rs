//! Opening and checking a downloaded list of platform certificates (平台证书列表).

use super::{
    key_set::{self, KeySet},
    source::DownloadedList,
};
use crate::{
    crypto::Backend,
    identity::Identity,
    keys::{ApiV3Key, Certificate, KeyError, PublicKey, SerialNo},
    signature::{SignatureHeaders, VerifyError},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::{fmt, time::SystemTime};

/// The one algorithm in which certificates are sealed.
const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// The answer of `GET /v3/certificates`, as far as it is needed. The dates in it are left aside: those of the
/// certificates themselves decide.
#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    serial_no: String,
    encrypt_certificate: Sealed,
}

#[derive(Deserialize)]
struct Sealed {
    algorithm: String,
    nonce: String,
    associated_data: Option<String>,
    ciphertext: String,
}

/// Opens a downloaded list and checks it as a whole; what is not right in every part is not used in any.
///
/// A certificate is trusted because the list came over TLS and it opens with an APIv3 key, which only the merchant and
/// the service know. Beyond that the answer must be signed by a certificate that is in the list itself, or by a key that
/// the program gave; a key that an earlier list brought will not do.
pub(super) fn open(
    list: &DownloadedList,
    configured: &KeySet,
    backend: &dyn Backend,
    identity: &Identity,
    now: SystemTime,
) -> Result<Vec<Certificate>, ListError> {
    let signature = SignatureHeaders::read(&list.headers, identity)?;
    signature.check(now)?;
    let certificates = unseal(&list.body, configured.api_v3_keys(), backend)?;
    let signer = SerialNo::new(signature.serial);
    let key =
        signing_key(&certificates, configured, &signer, now).ok_or(ListError::SignedByAnother { serial: signer })?;
    signature.verify(key, &list.body)?;
    // Only a list that is signed by a configured key gets here with nothing in it that could be used.
    if key_set::valid(&certificates, now, |_| true).is_none() {
        return Err(ListError::NoneValid);
    }
    Ok(certificates)
}

fn signing_key<'a>(
    certificates: &'a [Certificate],
    configured: &'a KeySet,
    signer: &SerialNo,
    now: SystemTime,
) -> Option<&'a PublicKey> {
    key_set::valid(certificates, now, |serial| serial == signer)
        .or_else(|| configured.configured_key(signer.as_str(), now))
}

/// Opens each certificate of the list and checks that it is what its entry says.
fn unseal(body: &[u8], api_v3_keys: &[ApiV3Key], backend: &dyn Backend) -> Result<Vec<Certificate>, ListError> {
    let list: List = serde_json::from_slice(body).map_err(|_| ListError::Malformed)?;
    let mut certificates: Vec<Certificate> = Vec::with_capacity(list.data.len());
    for Entry {
        serial_no,
        encrypt_certificate: sealed,
    } in list.data
    {
        let serial_no = SerialNo::new(&serial_no);
        if sealed.algorithm != ALGORITHM {
            return Err(ListError::Algorithm { serial_no });
        }
        let Ok(ciphertext) = STANDARD.decode(&sealed.ciphertext) else {
            return Err(ListError::Sealed { serial_no });
        };
        let associated_data = sealed.associated_data.unwrap_or_default();
        // Two keys are in use while the merchant changes the APIv3 key.
        let opened = api_v3_keys.iter().find_map(|key| {
            key.open(
                backend,
                sealed.nonce.as_bytes(),
                associated_data.as_bytes(),
                &ciphertext,
            )
            .ok()
        });
        let Some(pem) = opened else {
            return Err(ListError::Sealed { serial_no });
        };
        // Notifications are sealed with the same key, and a text in one of them may hold a certificate of anybody's.
        if !pem.trim_ascii_start().starts_with(b"-----BEGIN") {
            return Err(ListError::Certificate {
                serial_no,
                error: KeyError::NotPem,
            });
        }
        let certificate = match Certificate::from_pem_with(backend, &*pem) {
            Ok(certificate) => certificate,
            Err(error) => return Err(ListError::Certificate { serial_no, error }),
        };
        if *certificate.serial_no() != serial_no {
            return Err(ListError::OtherSerial {
                listed: serial_no,
                found: certificate.serial_no().clone(),
            });
        }
        if certificates.iter().any(|earlier| *earlier.serial_no() == serial_no) {
            return Err(ListError::Repeated { serial_no });
        }
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        Err(ListError::Empty)
    } else {
        Ok(certificates)
    }
}

/// Why a downloaded list is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListError {
    /// Not JSON of the documented shape.
    Malformed,
    /// No certificate in it.
    Empty,
    /// A certificate is sealed in another algorithm than AES-256-GCM.
    Algorithm { serial_no: SerialNo },
    /// A certificate cannot be opened, with no APIv3 key.
    Sealed { serial_no: SerialNo },
    /// What was sealed is no certificate with an RSA key of 2048 bits or more.
    Certificate { serial_no: SerialNo, error: KeyError },
    /// A certificate has another serial number than its entry says.
    OtherSerial { listed: SerialNo, found: SerialNo },
    /// A serial number is there twice.
    Repeated { serial_no: SerialNo },
    /// None of the certificates is valid now.
    NoneValid,
    /// The answer is signed by a key that is neither in the list nor given by the program.
    SignedByAnother { serial: SerialNo },
    /// The answer's own signature does not hold.
    Signature(VerifyError),
}

impl From<VerifyError> for ListError {
    fn from(error: VerifyError) -> Self {
        Self::Signature(error)
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the list of platform certificates is not JSON of the expected shape"),
            Self::Empty => f.write_str("the list of platform certificates is empty"),
            Self::Algorithm { serial_no } => {
                write!(
                    f,
                    "the platform certificate {serial_no:?} is sealed in another algorithm than {ALGORITHM}"
                )
            }
            Self::Sealed { serial_no } => {
                write!(
                    f,
                    "the platform certificate {serial_no:?} does not open: is the APIv3 key the merchant's own?"
                )
            }
            Self::Certificate { serial_no, .. } => write!(f, "the platform certificate {serial_no:?} is not usable"),
            Self::OtherSerial { listed, found } => {
                write!(
                    f,
                    "the platform certificate listed as {listed:?} has the serial number {found:?}"
                )
            }
            Self::Repeated { serial_no } => write!(f, "the platform certificate {serial_no:?} is listed twice"),
            Self::NoneValid => f.write_str("none of the listed platform certificates is valid by this machine's clock"),
            Self::SignedByAnother { serial } => {
                write!(
                    f,
                    "the list of platform certificates is signed by {serial:?}, which is not in it"
                )
            }
            Self::Signature(_) => f.write_str("the signature of the list of platform certificates does not hold"),
        }
    }
}

impl std::error::Error for ListError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Certificate { error, .. } => Some(error),
            Self::Signature(error) => Some(error),
            _ => None,
        }
    }
}
