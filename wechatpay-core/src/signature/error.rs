//! Errors of verifying a response or notification.

use crate::{
    keys::utc,
    signature::known_keys::KnownKeys,
    support::{
        language::{In, Language, Speak, Text, say},
        one_line::OneLine,
    },
};
use std::fmt;

/// Why a response or notification is not authentic.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_core::{notification::NotificationError, signature::VerifyError};
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let paid = gateway.notification("TRANSACTION.SUCCESS", json!({ "mchid": gateway.mchid() }));
///
/// let old = paid.fault(Fault::Stale { seconds: -600 }).sign()?;
/// match receiver.receive::<Value>(old.headers(), old.body()).await {
///     Err(NotificationError::Unverified { error: VerifyError::Stale { seconds, .. }, .. }) => assert!(seconds >= 600),
///     other => panic!("{other:?}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A signature header is missing.
    #[non_exhaustive]
    Missing {
        /// Its name.
        header: &'static str,
    },
    /// A signature header occurs more than once.
    #[non_exhaustive]
    Repeated {
        /// Its name.
        header: &'static str,
    },
    /// A signature header does not have the required form.
    #[non_exhaustive]
    Malformed {
        /// Its name.
        header: &'static str,
    },
    /// The timestamp is more than 300 seconds away from this machine's clock.
    #[non_exhaustive]
    Stale {
        /// How far away.
        seconds: u64,
    },
    /// No key of this serial number (or public key id) is known.
    #[non_exhaustive]
    UnknownSerial {
        /// The value of `Wechatpay-Serial`.
        serial: String,
        /// What the client knows instead.
        known: KnownKeys,
    },
    /// The platform certificate of this serial number is not valid at this time.
    #[non_exhaustive]
    OutOfDate {
        /// The value of `Wechatpay-Serial`.
        serial: String,
        /// The first second at which the certificate is valid, since 1970-01-01T00:00:00Z.
        not_before: i64,
        /// The last second at which it is valid.
        not_after: i64,
        /// Whether it is too late, and not too early.
        expired: bool,
    },
    /// The signature names another algorithm than the one that is in use.
    OtherAlgorithm,
    /// One of the service's signature probes (签名探测流量), which begin with `WECHATPAY/SIGNTEST/` and must be refused.
    SignatureProbe,
    /// The signature does not match these bytes.
    Wrong,
    /// The clock of this machine is before 1970.
    NoClock,
}

impl Speak for VerifyError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Missing { header } => say!(f, language, "the header {header} is missing", "缺少应答头 {header}"),
            Self::Repeated { header } => say!(
                f,
                language,
                "the header {header} occurs more than once",
                "{header} 出现了不止一次"
            ),
            Self::Malformed { header } => say!(f, language, "the header {header} is malformed", "{header} 格式不正确"),
            Self::Stale { seconds } => say!(
                f,
                language,
                "the timestamp is {seconds} seconds away, more than 300",
                "时间戳与本机时间相差 {seconds} 秒，超过 300 秒"
            ),
            Self::UnknownSerial { serial, known } => {
                let serial = OneLine(serial);
                say!(
                    f,
                    language,
                    "no key is known for the serial `{serial}`",
                    "没有序列号 `{serial}` 对应的密钥"
                )?;
                known.speak(f, language)
            }
            Self::OutOfDate {
                serial,
                not_before,
                not_after,
                expired,
            } => {
                let serial = OneLine(serial);
                if *expired {
                    let date = utc(*not_after);
                    say!(
                        f,
                        language,
                        "the platform certificate `{serial}` expired at {date}",
                        "平台证书 `{serial}` 已于 {date} 过期"
                    )
                } else {
                    let date = utc(*not_before);
                    say!(
                        f,
                        language,
                        "the platform certificate `{serial}` is not valid before {date}",
                        "平台证书 `{serial}` 要到 {date} 才生效"
                    )
                }
            }
            Self::OtherAlgorithm => say!(
                f,
                language,
                "the signature names another algorithm",
                "签名使用了其他算法"
            ),
            Self::SignatureProbe => say!(
                f,
                language,
                "the signature is a probe of the service",
                "这是微信支付的签名探测流量"
            ),
            Self::Wrong => say!(
                f,
                language,
                "the signature does not fit key and body",
                "签名与密钥、报文对不上"
            ),
            Self::NoClock => say!(
                f,
                language,
                "this machine's clock is before 1970",
                "本机时间早于 1970 年"
            ),
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

impl std::error::Error for VerifyError {}

impl VerifyError {
    /// The reason in Chinese.
    ///
    /// ```
    /// use wechatpay_core::signature::VerifyError;
    ///
    /// assert_eq!(VerifyError::NoClock.chinese().to_string(), "本机时间早于 1970 年");
    /// ```
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }

    /// What usually causes this.
    pub(crate) fn hint(&self) -> Option<Text> {
        let both = match self {
            Self::Missing { .. } => (
                "a proxy on the way may strip headers whose names begin with Wechatpay-",
                "链路上的代理可能删除了 Wechatpay- 开头的应答头",
            ),
            Self::Stale { .. } | Self::NoClock => (
                "set this machine's clock; the service allows 300 seconds of skew",
                "校准本机时间；最多允许相差 300 秒",
            ),
            Self::UnknownSerial { serial, known } => return Some(known.hint(serial)),
            Self::OutOfDate { expired: true, .. } => (
                "add the current platform certificate, or let the client download them with `platform_certificates()`; if the certificate is current, set this machine's clock",
                "添加当前有效的平台证书，或用 `platform_certificates()` 自动下载；若证书仍在有效期内，请校准本机时间",
            ),
            Self::OutOfDate { .. } => ("set this machine's clock", "校准本机时间"),
            Self::Wrong => (
                "first check that the key configured for this serial is WeChat Pay's and not the merchant's, and belongs to this id; otherwise the body was changed in transit (by a proxy, or by a framework that parses and serializes it again)",
                "先核对该序列号配置的密钥：必须是微信支付的公钥（不是商户自己的），且与 ID 对应；否则就是报文在途中被改动（代理，或先解析再重新序列化的框架）",
            ),
            Self::Repeated { .. } | Self::Malformed { .. } | Self::OtherAlgorithm | Self::SignatureProbe => {
                return None;
            }
        };
        Some(both.into())
    }
}
