//! Decrypting and checking a downloaded list of platform certificates (平台证书列表).

use super::{
    key_set::{self, KeySet},
    source::DownloadedList,
};
use crate::{
    crypto::{Backend, Suite},
    identity::Identity,
    keys::{ApiV3Key, Certificate, KeyError, PublicKey, SerialNo},
    signature::{SignatureHeaders, VerifyError},
    support::language::{In, Language, Speak, say},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::{fmt, time::SystemTime};

/// The response of `GET /v3/certificates`, as far as it is needed. The dates in it are ignored: those of the
/// certificates themselves decide.
#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    serial_no: String,
    encrypt_certificate: EncryptedCertificate,
}

#[derive(Deserialize)]
struct EncryptedCertificate {
    algorithm: String,
    nonce: String,
    associated_data: Option<String>,
    ciphertext: String,
}

/// Decrypts and verifies a downloaded list. One invalid entry refuses the whole list.
///
/// A certificate is trusted because the list came over TLS and is encrypted with an APIv3 key, which only the merchant
/// and the service know. Beyond that the response must be signed by a certificate of the list itself, or by a key that
/// the program gave; a key of an earlier list is not enough.
pub(super) fn verify(
    list: &DownloadedList,
    configured: &KeySet,
    backend: &dyn Backend,
    identity: &Identity,
    now: SystemTime,
) -> Result<Vec<Certificate>, ListError> {
    if !SignatureHeaders::any(&list.headers) {
        return Err(ListError::Unsigned);
    }
    let signature = SignatureHeaders::read(&list.headers, identity.signature_types())?;
    signature.check(now)?;
    let certificates = decrypt_certificates(&list.body, configured.api_v3_keys(), backend, identity.suite())?;
    let signer = SerialNo::new(signature.serial);
    let key =
        signing_key(&certificates, configured, &signer, now).ok_or(ListError::SignedByAnother { serial: signer })?;
    signature.verify(key, &list.body)?;
    // Only a list that is signed by a configured key can get here without a valid certificate.
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

/// Decrypts each certificate of the list and checks it against its entry. A list may have certificates of both suites.
/// Those of the other suite are ignored.
fn decrypt_certificates(
    body: &[u8],
    api_v3_keys: &[ApiV3Key],
    backend: &dyn Backend,
    suite: Suite,
) -> Result<Vec<Certificate>, ListError> {
    let list: List = serde_json::from_slice(body).map_err(|_| ListError::Malformed)?;
    let mut certificates: Vec<Certificate> = Vec::with_capacity(list.data.len());
    for Entry {
        serial_no,
        encrypt_certificate: encrypted,
    } in list.data
    {
        let serial_no = SerialNo::new(&serial_no);
        let algorithm = Suite::of_aead(&encrypted.algorithm).filter(|algorithm| suite.decrypts(*algorithm));
        let Some(algorithm) = algorithm else {
            return Err(ListError::Algorithm { serial_no, suite });
        };
        let Ok(ciphertext) = STANDARD.decode(&encrypted.ciphertext) else {
            return Err(ListError::Undecryptable { serial_no });
        };
        let associated_data = encrypted.associated_data.unwrap_or_default();
        // Two keys are in use while the merchant changes the APIv3 key.
        let plaintext = api_v3_keys.iter().find_map(|key| {
            key.decrypt_as(
                algorithm,
                backend,
                encrypted.nonce.as_bytes(),
                associated_data.as_bytes(),
                &ciphertext,
            )
            .ok()
        });
        let Some(pem) = plaintext else {
            return Err(ListError::Undecryptable { serial_no });
        };
        // Notifications are encrypted with the same key, and a text in them may contain a certificate of another party.
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
        return Err(ListError::Empty);
    }
    certificates.retain(|certificate| certificate.public_key().suite() == suite);
    if certificates.is_empty() {
        return Err(ListError::OtherSuite);
    }
    Ok(certificates)
}

/// Why a downloaded list is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListError {
    /// Not JSON of the documented shape.
    Malformed,
    /// No certificate in it.
    Empty,
    /// None of the certificates has a key of the client's suite.
    OtherSuite,
    /// A certificate is encrypted with another algorithm than those of the client's suite.
    Algorithm { serial_no: SerialNo, suite: Suite },
    /// None of the APIv3 keys decrypts a certificate.
    Undecryptable { serial_no: SerialNo },
    /// What was encrypted is not a certificate with a usable key.
    Certificate { serial_no: SerialNo, error: KeyError },
    /// A certificate has another serial number than its entry says.
    OtherSerial { listed: SerialNo, found: SerialNo },
    /// A serial number occurs twice.
    Repeated { serial_no: SerialNo },
    /// None of the certificates is valid now.
    NoneValid,
    /// The response is signed by a key that is neither in the list nor given by the program.
    SignedByAnother { serial: SerialNo },
    /// The response has no signature header at all.
    Unsigned,
    /// The response's own signature is not valid.
    Signature(VerifyError),
}

impl From<VerifyError> for ListError {
    fn from(error: VerifyError) -> Self {
        Self::Signature(error)
    }
}

impl Speak for ListError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Malformed => say!(
                f,
                language,
                "the list of platform certificates is not JSON of the expected shape",
                "平台证书列表不是预期的 JSON"
            ),
            Self::Empty => say!(
                f,
                language,
                "the list of platform certificates is empty",
                "平台证书列表为空"
            ),
            Self::OtherSuite => say!(
                f,
                language,
                "the list of platform certificates holds none of the client's algorithms (RSA or 国密): has the merchant been \
                 enabled for them?",
                "平台证书列表中没有客户端所用算法（RSA 或国密）的证书：该商户是否已开通？"
            ),
            Self::Algorithm { serial_no, suite } => {
                let algorithm = suite.aead();
                say!(
                    f,
                    language,
                    "the platform certificate {serial_no:?} is encrypted with another algorithm than {algorithm}",
                    "平台证书 {serial_no:?} 的加密算法不是 {algorithm}"
                )
            }
            Self::Undecryptable { serial_no } => say!(
                f,
                language,
                "the platform certificate {serial_no:?} cannot be decrypted: is the APIv3 key the merchant's own?",
                "平台证书 {serial_no:?} 无法解密：APIv3密钥 是否属于该商户？"
            ),
            Self::Certificate { serial_no, error } => {
                let why = In(language, error);
                say!(
                    f,
                    language,
                    "the platform certificate {serial_no:?} is not usable: {why}",
                    "平台证书 {serial_no:?} 不可用：{why}"
                )
            }
            Self::OtherSerial { listed, found } => say!(
                f,
                language,
                "the platform certificate listed as {listed:?} has the serial number {found:?}",
                "列表中的平台证书 {listed:?}，实际序列号是 {found:?}"
            ),
            Self::Repeated { serial_no } => say!(
                f,
                language,
                "the platform certificate {serial_no:?} is listed twice",
                "平台证书 {serial_no:?} 在列表中重复出现"
            ),
            Self::NoneValid => say!(
                f,
                language,
                "none of the listed platform certificates is valid by this machine's clock",
                "按本机时间，列表中的平台证书都不在有效期内"
            ),
            Self::SignedByAnother { serial } => say!(
                f,
                language,
                "the list of platform certificates is signed by {serial:?}, which is not in it",
                "平台证书列表由 {serial:?} 签名，而它不在列表中"
            ),
            Self::Unsigned => say!(
                f,
                language,
                "the list of platform certificates is not signed",
                "平台证书列表没有签名"
            ),
            Self::Signature(error) => {
                let why = In(language, error);
                say!(
                    f,
                    language,
                    "the list of platform certificates is signed wrongly: {why}",
                    "平台证书列表的签名不正确：{why}"
                )
            }
        }
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}
