//! Why a key was not accepted.

use std::{error::Error, fmt};

use crate::crypto::{KeyRejected, encoding::Refusal};

/// The longest text that is read as a PEM, in bytes. An RSA key of 8192 bits has less than 7 KiB.
pub(super) const MAX_TEXT: usize = 64 * 1024;

/// A key was not accepted: what was found, and what to do about it. Holds no bytes of the key.
///
/// ```
/// use wechatpay_core::{PrivateKey, PublicKey, keys::{KeyError, KeyKind}};
///
/// // A file's name instead of its contents.
/// assert_eq!(PrivateKey::from_pem("apiclient_key.pem").unwrap_err(), KeyError::NotPem);
/// // The certificate, which lies beside the key.
/// let error = PrivateKey::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").unwrap_err();
/// assert!(matches!(error, KeyError::WrongKind { found: KeyKind::Certificate, .. }));
/// println!("{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is longer than 64 KiB, more than any key. It was not read.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// There is no `-----BEGIN …-----` in the text. Often a file's path was given instead of its contents, or a `.p12`.
    NotPem,
    /// The text ends before the block's `-----END …-----`, or that line names another kind than the first.
    Truncated,
    /// The lines of the block are not Base64.
    NotBase64,
    /// There is more than one block, and no way to know which is meant.
    SeveralBlocks {
        /// How many.
        count: usize,
    },
    /// The block is something else than what belongs here.
    WrongKind {
        /// What belongs here.
        wanted: KeyKind,
        /// What the text calls itself.
        found: KeyKind,
    },
    /// The private key is encrypted with a passphrase.
    Encrypted,
    /// The key is of another algorithm: an EC or SM2 (国密) key, or an RSA key that is restricted to PSS.
    NotRsa,
    /// The RSA key does not have 2048 to 8192 bits.
    WrongSize {
        /// The bits of its modulus.
        bits: usize,
    },
    /// The bytes are not the key that the text announces, or the key's numbers do not fit together: it is damaged.
    Damaged,
    /// The APIv3 key does not have 32 bytes.
    ApiV3KeyLength {
        /// How many it has.
        bytes: usize,
    },
}

/// What a PEM text holds.
///
/// ```
/// use wechatpay_core::{PublicKey, keys::{KeyError, KeyKind}};
///
/// let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
/// match PublicKey::from_pem(pem) {
///     Err(KeyError::WrongKind { wanted, found }) => {
///         assert_eq!((wanted, found), (KeyKind::PublicKey, KeyKind::PrivateKey));
///     }
///     other => panic!("{other:?}"),
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// A private key.
    PrivateKey,
    /// A public key.
    PublicKey,
    /// An X.509 certificate.
    Certificate,
    /// A request for a certificate, as it is uploaded to the merchant platform (商户平台) once.
    CertificateRequest,
    /// Anything else.
    Other,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "a private key",
            Self::PublicKey => "a public key",
            Self::Certificate => "a certificate",
            Self::CertificateRequest => "a certificate request",
            Self::Other => "another kind of PEM block",
        })
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooLong { length } => {
                write!(
                    f,
                    "the text has {length} bytes, more than the {} that a key can have",
                    MAX_TEXT
                )
            }
            Self::NotPem => f.write_str(
                "the text holds no `-----BEGIN`: give the contents of a PEM file, neither its path nor a .p12 file",
            ),
            Self::Truncated => f.write_str("the text ends before its `-----END` line: copy the whole file"),
            Self::NotBase64 => f.write_str("the text between BEGIN and END is not Base64: copy the file again"),
            Self::SeveralBlocks { count } => {
                write!(f, "the text holds {count} PEM blocks: give only the one that is meant")
            }
            Self::WrongKind { wanted, found } => {
                write!(f, "found {found} where {wanted} belongs")?;
                f.write_str(match wanted {
                    KeyKind::PrivateKey => ": the merchant's private key is in apiclient_key.pem",
                    KeyKind::PublicKey => {
                        ": give WeChat Pay's public key (pub_key.pem) or a platform certificate, never a private key"
                    }
                    KeyKind::Certificate => ": a certificate begins with `-----BEGIN CERTIFICATE-----`",
                    KeyKind::CertificateRequest | KeyKind::Other => "",
                })
            }
            Self::Encrypted => f.write_str(
                "the private key is encrypted: remove its passphrase with \
                 `openssl pkey -in encrypted.pem -out apiclient_key.pem`",
            ),
            Self::NotRsa => f.write_str(
                "the key is not a plain RSA key: WECHATPAY2-SHA256-RSA2048 needs one, not an EC, SM2 or RSA-PSS key",
            ),
            Self::WrongSize { bits } => write!(f, "the RSA key has {bits} bits: 2048 to 8192 are accepted"),
            Self::Damaged => f.write_str("the bytes are not a whole RSA key or certificate: take a fresh copy of it"),
            Self::ApiV3KeyLength { bytes } => {
                write!(
                    f,
                    "the APIv3 key has {bytes} bytes, it must have 32: look for spaces, line ends or quotes"
                )
            }
        }
    }
}

impl Error for KeyError {}

impl From<Refusal> for KeyError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Malformed => Self::Damaged,
            Refusal::NotRsa => Self::NotRsa,
            Refusal::Bits(bits) => Self::WrongSize { bits },
        }
    }
}

impl From<KeyRejected> for KeyError {
    fn from(KeyRejected: KeyRejected) -> Self {
        Self::Damaged
    }
}
