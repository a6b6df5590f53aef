//! Why a notification was refused, and how to acknowledge it then.

use super::acknowledgement::Acknowledgement;
use crate::{
    error::Message,
    signature::VerifyError,
    support::{
        language::{In, Language, Speak, Text, say},
        one_line::OneLine,
    },
};
use http::StatusCode;
use std::{fmt, time::Duration};

/// A notification was refused.
///
/// [`Display`](fmt::Display) is one line for the log of the shop, with the usual cause if there is one. The response to
/// the sender is [`acknowledgement`](Self::acknowledgement), which has fewer details, because anyone can send a
/// notification. Neither contains a key, a plaintext or a signature.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_core::notification::NotificationError;
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let paid = gateway.notification("TRANSACTION.SUCCESS", json!({ "mchid": gateway.mchid() }));
///
/// let forged = paid.fault(Fault::WrongKey).sign()?;
/// let error = receiver.receive::<Value>(forged.headers(), forged.body()).await.unwrap_err();
/// assert!(matches!(error, NotificationError::Unverified { .. }));
/// // For the log of the shop, with the usual cause.
/// println!("{error}");
/// assert!(error.hint().is_some());
/// // For the sender, who may be unknown.
/// assert_eq!(error.status().as_u16(), 401);
/// assert!(!error.acknowledgement().is_accepted());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationError {
    /// The signature is missing or wrong, so nothing was decrypted. Acknowledged with 401.
    #[non_exhaustive]
    Unverified {
        /// What is wrong with it.
        error: VerifyError,
        /// What usually causes this, looking at the body as well.
        hint: Option<Message>,
    },
    /// The body is larger than allowed. Acknowledged with 413.
    #[non_exhaustive]
    TooLarge {
        /// The limit in bytes.
        most: usize,
    },
    /// The body did not arrive in time. Acknowledged with 408.
    #[non_exhaustive]
    Timeout {
        /// How long it was waited for.
        limit: Duration,
    },
    /// The connection broke before the body was there. Acknowledged with 400.
    Interrupted,
    /// It is authentic but not a notification: a field of the envelope is missing or of another type. Acknowledged with
    /// 400.
    #[non_exhaustive]
    Malformed {
        /// The field, for example `resource.nonce`; empty for the body as a whole.
        field: String,
        /// What is wrong with it.
        reason: Message,
    },
    /// It is encrypted by another algorithm than those of the client: `AEAD_AES_256_GCM`, and for 国密 also `AEAD_SM4_GCM`.
    /// Acknowledged with 400.
    #[non_exhaustive]
    OtherAlgorithm {
        /// The value of `resource.algorithm`.
        algorithm: String,
    },
    /// The client has no APIv3 key (APIv3密钥) to decrypt it with. Acknowledged with 500, so that it comes again.
    NoApiV3Key,
    /// None of the client's APIv3 keys decrypts it. One error whatever the cause, on purpose. Acknowledged with 500, so
    /// that it comes again when the key is right.
    Undecryptable,
    /// It was decrypted, but its payload does not fit the type that was asked for. Acknowledged with 500, so that it
    /// comes again when the type is right.
    #[non_exhaustive]
    Undecodable {
        /// The field, for example `amount.total`; empty for the payload as a whole.
        field: String,
        /// What is wrong with it, without its value.
        reason: Message,
    },
    /// It is about another merchant than the client's. Acknowledged with 403.
    #[non_exhaustive]
    OtherMerchant {
        /// The merchant number (商户号) that it is about.
        mchid: String,
    },
    /// The web application was not given a receiver, or its receiver has no clients. Acknowledged with 500.
    NoReceiver,
    /// The blocking receiver was used inside an async task. Acknowledged with 500.
    InsideAsyncTask,
}

impl NotificationError {
    pub(crate) fn unverified(error: VerifyError, body: &[u8]) -> Self {
        let hint = match error {
            VerifyError::Wrong => Some(super::cause::of_wrong_signature(body)),
            VerifyError::UnknownSerial { ref known, .. } if !known.public_key_ids().is_empty() => {
                error.hint().map(|hint| super::cause::or_another_merchant(&hint))
            }
            ref other => other.hint(),
        };
        let hint = hint.map(Message::from);
        Self::Unverified { error, hint }
    }

    /// The status to respond with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unverified { .. } => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Interrupted | Self::Malformed { .. } | Self::OtherAlgorithm { .. } => StatusCode::BAD_REQUEST,
            Self::OtherMerchant { .. } => StatusCode::FORBIDDEN,
            Self::NoApiV3Key
            | Self::Undecryptable
            | Self::Undecodable { .. }
            | Self::NoReceiver
            | Self::InsideAsyncTask => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The response: the [`status`](Self::status), and a message without details.
    pub fn acknowledgement(&self) -> Acknowledgement {
        let message = match self {
            Self::Unverified { .. } => "the signature is refused",
            Self::TooLarge { .. } => "the body is too large",
            Self::Timeout { .. } => "the body did not arrive in time",
            Self::Interrupted => "the body is incomplete",
            Self::Malformed { .. } | Self::OtherAlgorithm { .. } => "not a notification",
            Self::OtherMerchant { .. } => "another merchant's notification",
            Self::NoApiV3Key
            | Self::Undecryptable
            | Self::Undecodable { .. }
            | Self::NoReceiver
            | Self::InsideAsyncTask => "the notification cannot be handled at the moment",
        };
        Acknowledgement::failed_with(self.status(), message)
    }

    /// What usually causes this and what to do about it, where there is a usual cause.
    #[must_use]
    pub fn hint(&self) -> Option<Message> {
        let both = match self {
            Self::Unverified { hint, .. } => return hint.clone(),
            Self::NoApiV3Key => (
                "give the client its APIv3 key with `api_v3_key(..)`",
                "请用 `api_v3_key(..)` 给客户端配置 APIv3密钥",
            ),
            Self::Undecryptable => (
                "check the APIv3 key against the merchant platform; while it is being changed give the client both, with `also_api_v3_key(..)`",
                "与商户平台上的 APIv3密钥 核对；更换期间请用 `also_api_v3_key(..)` 同时配置新旧两把",
            ),
            Self::OtherMerchant { .. } => (
                "use the client of that merchant, and `Clients` for several merchants; `also_for(..)` is for sub-merchants",
                "请使用该商户号的客户端；多个商户号请用 `Clients`；`also_for(..)` 只用于子商户",
            ),
            Self::NoReceiver => (
                "give the web application a client: in actix-web with `app_data(..)` and a `web::Data<Client>`, `web::Data<Clients>` or `web::Data<NotificationReceiver>`; if it has `Clients`, add one",
                "请给 Web 应用配置客户端：actix-web 中用 `app_data(..)` 添加 `web::Data<Client>`、`web::Data<Clients>` 或 `web::Data<NotificationReceiver>`；已有 `Clients` 时请向其中添加客户端",
            ),
            _ => return None,
        };
        Some(Text::from(both).into())
    }

    /// The line that [`Display`](fmt::Display) writes, in Chinese.
    ///
    /// ```
    /// use wechatpay_core::notification::NotificationError;
    ///
    /// let line = NotificationError::NoApiV3Key.chinese().to_string();
    /// assert_eq!(line, "没有 APIv3密钥，无法解密通知；提示：请用 `api_v3_key(..)` 给客户端配置 APIv3密钥");
    /// ```
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for NotificationError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let place = |field: &str| match (field, language) {
            ("", _) => String::new(),
            (field, Language::English) => format!(" at `{}`", OneLine(field)),
            (field, Language::Chinese) => format!("（`{}`）", OneLine(field)),
        };
        match self {
            Self::Unverified { error, .. } => {
                let why = In(language, error);
                say!(
                    f,
                    language,
                    "the notification is not authentic: {why}",
                    "通知不可信：{why}"
                )?;
            }
            Self::TooLarge { most } => say!(
                f,
                language,
                "the notification is larger than {most} bytes",
                "通知超过 {most} 字节"
            )?,
            Self::Timeout { limit } => {
                let limit = limit.as_millis();
                say!(
                    f,
                    language,
                    "the notification did not arrive within {limit} ms",
                    "{limit} 毫秒内没有收完通知"
                )?;
            }
            Self::Interrupted => say!(
                f,
                language,
                "the connection broke before the whole notification was there",
                "通知没有收完，连接就中断了"
            )?,
            Self::Malformed { field, reason } => {
                let (place, reason) = (place(field), In(language, reason));
                say!(
                    f,
                    language,
                    "not a notification{place}: {reason}",
                    "不是通知{place}：{reason}"
                )?;
            }
            Self::OtherAlgorithm { algorithm } => {
                let algorithm = OneLine(algorithm);
                say!(
                    f,
                    language,
                    "the notification is encrypted by another algorithm, `{algorithm}`",
                    "通知使用了其他加密算法 `{algorithm}`"
                )?;
            }
            Self::NoApiV3Key => say!(
                f,
                language,
                "there is no APIv3 key to decrypt the notification with",
                "没有 APIv3密钥，无法解密通知"
            )?,
            Self::Undecryptable => say!(f, language, "the notification cannot be decrypted", "通知无法解密")?,
            Self::Undecodable { field, reason } => {
                let (place, reason) = (place(field), In(language, reason));
                say!(
                    f,
                    language,
                    "the notification's payload cannot be decoded{place}: {reason}",
                    "通知内容无法解析{place}：{reason}"
                )?;
            }
            Self::OtherMerchant { mchid } => {
                let mchid = OneLine(mchid);
                say!(
                    f,
                    language,
                    "the notification is about another merchant, `{mchid}`",
                    "这是另一个商户号 `{mchid}` 的通知"
                )?;
            }
            Self::NoReceiver => say!(
                f,
                language,
                "there is no client to receive notifications with",
                "没有用于接收通知的客户端"
            )?,
            Self::InsideAsyncTask => say!(
                f,
                language,
                "the blocking receiver was used inside an async task; use the async one there",
                "在异步任务里使用了阻塞的接收器；请改用异步的接收器"
            )?,
        }
        if let Some(hint) = self.hint() {
            let hint = In(language, &hint);
            say!(f, language, "; hint: {hint}", "；提示：{hint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for NotificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// Without a source: [`Display`](fmt::Display) names all causes.
impl std::error::Error for NotificationError {}
