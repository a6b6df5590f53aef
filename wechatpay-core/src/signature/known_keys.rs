//! What a client knows when it does not know the key that a signature names.

use crate::support::{
    language::{Language, Speak, Text, say, text},
    one_line::OneLine,
};
use std::fmt;

/// The keys of a client that met a signature by another one.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_core::{Client, PrivateKey, PublicKey, notification::NotificationError, signature::VerifyError};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let paid = gateway.notification("TRANSACTION.SUCCESS", json!({ "mchid": gateway.mchid() })).sign()?;
/// // The right key under another id.
/// let client = Client::builder()
///     .merchant(gateway.mchid(), gateway.serial_no(), PrivateKey::from_pem(gateway.merchant_private_key_pem())?)
///     .wechatpay_public_key("PUB_KEY_ID_0000000000", PublicKey::from_pem(gateway.public_key_pem())?)
///     .build()?;
/// match client.notifications().receive::<Value>(paid.headers(), paid.body()).await {
///     Err(NotificationError::Unverified { error: VerifyError::UnknownSerial { serial, known, .. }, .. }) => {
///         assert_eq!((serial, known.public_key_ids()), (gateway.public_key_id(), &["PUB_KEY_ID_0000000000".into()][..]));
///     }
///     other => panic!("{other:?}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownKeys {
    public_key_ids: Vec<String>,
    downloads: Downloads,
}

/// Whether platform certificates are downloaded, and how the last download ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Downloads {
    #[default]
    Off,
    On,
    /// Boxed, because every error of a notification carries this.
    Failed(Box<FailedDownload>),
}

/// Why the last download failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedDownload {
    pub(crate) reason: Text,
    pub(crate) hint: Option<Text>,
}

impl KnownKeys {
    pub(crate) fn new(public_key_ids: Vec<String>, downloads: Downloads) -> Self {
        Self {
            public_key_ids,
            downloads,
        }
    }

    /// The ids of WeChat Pay's public keys (微信支付公钥ID) that the client has.
    #[must_use]
    pub fn public_key_ids(&self) -> &[String] {
        &self.public_key_ids
    }

    fn list_ids(&self) -> String {
        let ids: Vec<String> = self.public_key_ids.iter().map(|id| format!("`{id}`")).collect();
        ids.join(", ")
    }

    /// The hint for a signature with `serial`, which is not one of these keys.
    pub(super) fn hint(&self, serial: &str) -> Text {
        let ids = self.list_ids();
        let serial = OneLine(serial);
        match (&self.downloads, is_public_key_id(serial.0), ids.is_empty()) {
            (_, true, false) => text!(
                "you configured {ids}, and the signature is by `{serial}`: copy the id and the key (pub_key.pem) again from the merchant platform",
                "配置的是 {ids}，而签名用的是 `{serial}`：请到商户平台重新复制公钥 ID 与公钥文件（pub_key.pem）"
            ),
            (_, true, true) => Text::from((
                "the service signs with a WeChat Pay public key; add it with `wechatpay_public_key(..)`",
                "微信支付使用公钥签名，请用 `wechatpay_public_key(..)` 添加微信支付公钥",
            )),
            (Downloads::Failed(failed), ..) => failed.hint.clone().unwrap_or_else(|| {
                Text::from((
                    "the download of the platform certificates must work first; see its reason",
                    "先解决平台证书下载失败的问题，原因见上",
                ))
            }),
            (Downloads::On, ..) => Text::from((
                "the service does not list this platform certificate: the message may be for another merchant, or forged",
                "平台证书列表中没有这张证书：可能是发给其他商户的，也可能是伪造的",
            )),
            (Downloads::Off, ..) => Text::from((
                "the service signs with a platform certificate; add it, or turn on `platform_certificates()`",
                "微信支付使用平台证书签名，请添加该证书，或开启 `platform_certificates()`",
            )),
        }
    }
}

/// Continues the sentence that names the unknown serial.
impl Speak for KnownKeys {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        if !self.public_key_ids.is_empty() {
            let ids = self.list_ids();
            say!(f, language, "; the client has {ids}", "；客户端配置的是 {ids}")?;
        }
        if let Downloads::Failed(failed) = &self.downloads {
            let reason = failed.reason.get(language);
            say!(
                f,
                language,
                "; the last download of the platform certificates failed: {reason}",
                "；最近一次下载平台证书失败：{reason}"
            )?;
        }
        Ok(())
    }
}

fn is_public_key_id(serial: &str) -> bool {
    serial.starts_with("PUB_KEY_ID_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::VerifyError;

    fn unknown(serial: &str, ids: &[&str], downloads: Downloads) -> (String, String) {
        let error = VerifyError::UnknownSerial {
            serial: serial.to_owned(),
            known: KnownKeys::new(ids.iter().map(|id| (*id).to_owned()).collect(), downloads),
        };
        let hint = error.hint().unwrap();
        assert!(!hint.get(Language::Chinese).is_empty());
        (error.to_string(), hint.get(Language::English).to_owned())
    }

    #[test]
    fn u8_another_public_key_id_is_named_beside_the_configured_one() {
        let (said, hint) = unknown("PUB_KEY_ID_2", &["PUB_KEY_ID_1"], Downloads::On);
        assert_eq!(
            said,
            "no key is known for the serial `PUB_KEY_ID_2`; the client has `PUB_KEY_ID_1`"
        );
        assert!(
            hint.starts_with("you configured `PUB_KEY_ID_1`, and the signature is by `PUB_KEY_ID_2`"),
            "{hint}"
        );
    }

    #[test]
    fn u3_a_failed_download_is_the_reason_and_the_hint() {
        let failed = Downloads::Failed(Box::new(FailedDownload {
            reason: ("wrong key", "密钥不对").into(),
            hint: Some(("check the key", "核对密钥").into()),
        }));
        let (said, hint) = unknown("0A", &[], failed);
        assert_eq!(
            said,
            "no key is known for the serial `0A`; the last download of the platform certificates failed: wrong key"
        );
        assert_eq!(hint, "check the key");
    }

    #[test]
    fn what_to_turn_on_is_said_only_when_it_is_off() {
        for (serial, downloads, expected) in [
            ("PUB_KEY_ID_1", Downloads::Off, "add it with `wechatpay_public_key(..)`"),
            ("0A", Downloads::Off, "turn on `platform_certificates()`"),
            ("0A", Downloads::On, "does not list this platform certificate"),
        ] {
            let (_, hint) = unknown(serial, &[], downloads);
            assert!(hint.contains(expected), "{hint}");
        }
    }
}
