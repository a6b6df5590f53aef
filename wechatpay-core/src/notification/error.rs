//! Why a notification was refused, and what to answer then.

use super::acknowledgement::Acknowledgement;
use crate::signature::VerifyError;
use http::StatusCode;
use std::{fmt, time::Duration};

/// A notification was refused.
///
/// [`Display`](fmt::Display) is one line for the shop's own log, with the usual cause where there is one. What the
/// sender gets to see is [`acknowledgement`](Self::acknowledgement), which says less: the sender may be anybody. Neither
/// holds a key, a plaintext or a signature.
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
/// // For the shop's own log, with what usually causes it.
/// println!("{error}");
/// assert!(error.hint().is_some());
/// // For the sender, who may be anybody.
/// assert_eq!(error.status().as_u16(), 401);
/// assert!(!error.acknowledgement().is_accepted());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationError {
    /// The signature is missing or wrong, so nothing was decrypted. Answered with 401.
    Unverified {
        /// What is wrong with it.
        error: VerifyError,
        /// What usually causes this, looking at the body as well.
        hint: Option<&'static str>,
    },
    /// The body is larger than allowed. Answered with 413.
    TooLarge {
        /// The limit in bytes.
        most: usize,
    },
    /// The body did not arrive in time. Answered with 408.
    Timeout {
        /// How long it was waited for.
        limit: Duration,
    },
    /// The connection broke before the body was there. Answered with 400.
    Interrupted,
    /// It is authentic but not a notification: a field of the envelope is missing or of another type. Answered with 400.
    Malformed {
        /// The field, `resource.nonce` say; empty for the body as a whole.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is encrypted by another algorithm than `AEAD_AES_256_GCM`. Answered with 400.
    OtherAlgorithm {
        /// What `resource.algorithm` says.
        algorithm: String,
    },
    /// The client has no APIv3 key (APIv3密钥) to decrypt it with. Answered with 500, so that it comes again.
    NoApiV3Key,
    /// None of the client's APIv3 keys opens it. One error whatever the cause, on purpose. Answered with 500, so that it
    /// comes again when the key was put right.
    Undecryptable,
    /// It was decrypted, but its payload does not fit the type that was asked for. Answered with 500, so that it comes
    /// again when the type was put right.
    Undecodable {
        /// The field, `amount.total` say; empty for the payload as a whole.
        field: String,
        /// What is wrong with it, without its value.
        reason: String,
    },
    /// It speaks of another merchant than the client's. Answered with 403.
    OtherMerchant {
        /// The merchant number (商户号) that it speaks of.
        mchid: String,
    },
    /// The web application was not given a receiver. Answered with 500.
    NoReceiver,
    /// The blocking receiver was used inside an async task. Answered with 500.
    InsideAsyncTask,
}

impl NotificationError {
    pub(crate) fn unverified(error: VerifyError, body: &[u8]) -> Self {
        let hint = match error {
            VerifyError::Wrong => Some(super::cause::of_wrong_signature(body)),
            ref other => other.hint(),
        };
        Self::Unverified { error, hint }
    }

    /// The status to answer with.
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

    /// The answer to give: the [`status`](Self::status), and a message that tells a stranger nothing.
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

    /// What usually causes this, where there is a usual cause.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unverified { hint, .. } => return *hint,
            Self::NoApiV3Key => "give the client its APIv3 key with `api_v3_key(..)`",
            Self::Undecryptable => {
                "check the APIv3 key against the merchant platform; while it is being changed give the client both, with `also_api_v3_key(..)`"
            }
            Self::OtherMerchant { .. } => {
                "use the client of that merchant, or allow the number with `also_for(..)` if it is yours too"
            }
            Self::NoReceiver => {
                "add a `web::Data<Client>` or a `web::Data<NotificationReceiver>` to the application with `app_data(..)`"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for NotificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |field: &str| match field {
            "" => String::new(),
            field => format!(" at `{}`", field.escape_debug()),
        };
        match self {
            Self::Unverified { error, .. } => write!(f, "the notification is not believed: {error}")?,
            Self::TooLarge { most } => write!(f, "the notification is larger than {most} bytes")?,
            Self::Timeout { limit } => write!(f, "the notification did not arrive within {} ms", limit.as_millis())?,
            Self::Interrupted => f.write_str("the connection broke before the whole notification was there")?,
            Self::Malformed { field, reason } => write!(f, "not a notification{}: {reason}", place(field))?,
            Self::OtherAlgorithm { algorithm } => write!(
                f,
                "the notification is encrypted by another algorithm, `{}`",
                algorithm.escape_debug()
            )?,
            Self::NoApiV3Key => f.write_str("there is no APIv3 key to decrypt the notification with")?,
            Self::Undecryptable => f.write_str("the notification cannot be decrypted")?,
            Self::Undecodable { field, reason } => {
                write!(
                    f,
                    "the notification's payload cannot be decoded{}: {reason}",
                    place(field)
                )?;
            }
            Self::OtherMerchant { mchid } => write!(
                f,
                "the notification speaks of another merchant, `{}`",
                mchid.escape_debug()
            )?,
            Self::NoReceiver => f.write_str("the web application has no client to receive notifications with")?,
            Self::InsideAsyncTask => {
                f.write_str("the blocking receiver was used inside an async task; use the async one there")?
            }
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NotificationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unverified { error, .. } => Some(error),
            _ => None,
        }
    }
}
