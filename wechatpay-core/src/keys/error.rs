//! Why a key was not accepted.

use crate::{
    crypto::{KeyRejected, encoding::Refusal},
    support::language::{In, Language, Speak, say},
};
use std::{error::Error, fmt};

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
    #[non_exhaustive]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// There is no `-----BEGIN …-----` in the text. Often a file's path was given instead of its contents.
    NotPem,
    /// A PKCS#12 file (`apiclient_cert.p12`) or its path was given instead of a PEM text.
    Pkcs12,
    /// The text ends before the block's `-----END …-----`, or that line names another kind than the first.
    Truncated,
    /// The lines of the block are not Base64.
    NotBase64,
    /// There is more than one block, and no way to know which is meant.
    #[non_exhaustive]
    SeveralBlocks {
        /// How many.
        count: usize,
    },
    /// The block is not of the kind that belongs here.
    #[non_exhaustive]
    WrongKind {
        /// What belongs here.
        wanted: KeyKind,
        /// What the text calls itself.
        found: KeyKind,
    },
    /// The private key is encrypted with a passphrase.
    Encrypted,
    /// The key is of another algorithm: an EC key of another curve than that of SM2, or an RSA key that is restricted to PSS.
    NotRsa,
    /// It is an SM2 key (国密), and the feature `shangmi` is off.
    ShangmiOff,
    /// The RSA key does not have 2048 to 8192 bits.
    #[non_exhaustive]
    WrongSize {
        /// The bits of its modulus.
        bits: usize,
    },
    /// The bytes are not the key that the text announces, or the key's numbers do not fit together: it is damaged.
    Damaged,
    /// The APIv3 key does not have 32 bytes.
    #[non_exhaustive]
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
///     Err(KeyError::WrongKind { wanted, found, .. }) => {
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

impl Speak for KeyKind {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::PrivateKey => say!(f, language, "a private key", "私钥"),
            Self::PublicKey => say!(f, language, "a public key", "公钥"),
            Self::Certificate => say!(f, language, "a certificate", "证书"),
            Self::CertificateRequest => say!(f, language, "a certificate request", "证书请求"),
            Self::Other => say!(f, language, "another kind of PEM block", "其他类型的 PEM"),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

impl KeyError {
    /// The message in Chinese.
    ///
    /// ```
    /// use wechatpay_core::keys::KeyError;
    ///
    /// assert!(KeyError::Encrypted.chinese().to_string().starts_with("私钥设有密码"));
    /// ```
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for KeyError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match *self {
            Self::TooLong { length } => say!(
                f,
                language,
                "the text has {length} bytes, more than the {MAX_TEXT} that a key can have",
                "文本长 {length} 字节，超过密钥的上限 {MAX_TEXT} 字节"
            ),
            Self::NotPem => say!(
                f,
                language,
                "the text holds no `-----BEGIN`: give the contents of a PEM file, not its path",
                "文本中没有 `-----BEGIN`：请传入 PEM 文件的内容，而不是文件路径"
            ),
            Self::Pkcs12 => say!(
                f,
                language,
                "this is a PKCS#12 file or its path: convert it with `openssl pkcs12 -in apiclient_cert.p12 -nocerts -nodes \
                 -out apiclient_key.pem` (the password is the merchant number) and give the contents of apiclient_key.pem",
                "这是 PKCS#12 文件或它的路径：请先执行 `openssl pkcs12 -in apiclient_cert.p12 -nocerts -nodes \
                 -out apiclient_key.pem` 转换（密码为商户号），再传入 apiclient_key.pem 的内容"
            ),
            Self::Truncated => say!(
                f,
                language,
                "the text ends before its `-----END` line: copy the whole file",
                "文本在 `-----END` 之前就结束了：请完整复制文件"
            ),
            Self::NotBase64 => say!(
                f,
                language,
                "the text between BEGIN and END is not Base64: copy the file again",
                "BEGIN 与 END 之间的内容不是 Base64：请重新复制文件"
            ),
            Self::SeveralBlocks { count } => say!(
                f,
                language,
                "the text holds {count} PEM blocks: give only the one that is meant",
                "文本中有 {count} 段 PEM：请只保留需要的一段"
            ),
            Self::WrongKind { wanted, found } => {
                let names = (In(language, &found), In(language, &wanted));
                let (found, belongs) = (&names.0, &names.1);
                say!(
                    f,
                    language,
                    "found {found} where {belongs} belongs",
                    "此处应为{belongs}，实际是{found}"
                )?;
                match wanted {
                    KeyKind::PrivateKey => say!(
                        f,
                        language,
                        ": the merchant's private key is in apiclient_key.pem",
                        "：商户私钥在 apiclient_key.pem 中"
                    ),
                    KeyKind::PublicKey => say!(
                        f,
                        language,
                        ": give WeChat Pay's public key (pub_key.pem) or a platform certificate, never a private key",
                        "：请传入微信支付公钥（pub_key.pem）或平台证书，绝不是私钥"
                    ),
                    KeyKind::Certificate => say!(
                        f,
                        language,
                        ": a certificate begins with `-----BEGIN CERTIFICATE-----`",
                        "：证书以 `-----BEGIN CERTIFICATE-----` 开头"
                    ),
                    KeyKind::CertificateRequest | KeyKind::Other => Ok(()),
                }
            }
            Self::Encrypted => say!(
                f,
                language,
                "the private key is encrypted: remove its passphrase with \
                 `openssl pkey -in encrypted.pem -out apiclient_key.pem`",
                "私钥设有密码：请执行 `openssl pkey -in encrypted.pem -out apiclient_key.pem` 去掉密码"
            ),
            Self::NotRsa => say!(
                f,
                language,
                "the key is not a plain RSA key: WECHATPAY2-SHA256-RSA2048 needs one, not an EC or RSA-PSS key (of EC keys only \
                 those of SM2 are in use, for 国密)",
                "这不是普通的 RSA 密钥：WECHATPAY2-SHA256-RSA2048 只能用 RSA，不能用 EC 或 RSA-PSS（EC 密钥中只有国密 SM2 可用）"
            ),
            Self::ShangmiOff => say!(
                f,
                language,
                "this is an SM2 key (国密): turn on the feature `shangmi` of wechatpay-core",
                "这是国密 SM2 密钥：请开启 wechatpay-core 的 feature `shangmi`"
            ),
            Self::WrongSize { bits } => say!(
                f,
                language,
                "the RSA key has {bits} bits: 2048 to 8192 are accepted",
                "RSA 密钥为 {bits} 位：只接受 2048 到 8192 位"
            ),
            Self::Damaged => say!(
                f,
                language,
                "the bytes are not a whole key or certificate: take a fresh copy of it",
                "内容不是完整的密钥或证书：请重新获取一份"
            ),
            Self::ApiV3KeyLength { bytes } => say!(
                f,
                language,
                "the APIv3 key has {bytes} bytes, it must have 32: look for spaces, line ends or quotes",
                "APIv3密钥 为 {bytes} 字节，必须是 32 字节：检查是否混入空格、换行或引号"
            ),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
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
