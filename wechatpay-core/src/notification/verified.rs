//! From a verified notification to the decrypted event.

use super::{
    ciphertext::{self, Ciphertext},
    envelope::Envelope,
    error::NotificationError,
    merchant,
};
use crate::{context::Context, request::decode::json::JsonError, sensitive::scope};
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use tracing::warn;

/// A notification whose signature is verified and whose payload is still encrypted.
///
/// Only [`NotificationReceiver::verify`](super::NotificationReceiver::verify) makes one, so nothing can be decrypted
/// that was not verified.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::payload::{Refund, Transaction};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let posted = gateway.notification("TRANSACTION.SUCCESS", resource).id("EV-1").sign()?;
///
/// let verified = receiver.verify(posted.headers(), posted.body()).await?;
/// assert_eq!((verified.id(), verified.original_type()), ("EV-1", Some("transaction")));
/// match verified.event_type() {
///     "TRANSACTION.SUCCESS" => assert!(verified.decrypt::<Transaction>()?.payload.is_paid()),
///     "REFUND.SUCCESS" => println!("{}", verified.decrypt::<Refund>()?.payload.out_refund_no),
///     other => println!("{other} is not for this shop"),
/// }
/// # Ok(()) }
/// ```
pub struct VerifiedNotification {
    pub(super) envelope: Envelope,
    pub(super) context: Arc<Context>,
    /// Further merchants whose notifications are accepted.
    pub(super) also_for: Arc<[String]>,
}

/// The envelope, not the ciphertext.
impl fmt::Debug for VerifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedNotification")
            .field("id", &self.envelope.id)
            .field("event_type", &self.envelope.event_type)
            .field("original_type", &self.envelope.resource.original_type)
            .finish_non_exhaustive()
    }
}

/// A decrypted notification. `T` is the payload: one of the [ready ones](super::payload), [`Event`](super::Event) for
/// all of them, or a custom struct that implements `Deserialize`.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::payload::Transaction;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let paid = gateway.notification("TRANSACTION.SUCCESS", resource);
///
/// // The service retries it. The signature is new, the notification is the same.
/// let (first, again) = (paid.sign()?, paid.sign()?);
/// let first = receiver.receive::<Transaction>(first.headers(), first.body()).await?;
/// let again = receiver.receive::<Transaction>(again.headers(), again.body()).await?;
/// assert_eq!(first.id, again.id);
/// assert_eq!(first.event_type, "TRANSACTION.SUCCESS");
/// assert_eq!(first.original_type.as_deref(), Some("transaction"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification<T> {
    /// The notification's id (通知ID). It is the same whenever the service sends this notification again, so recognise it
    /// by the id: write it where the order's new state is written, in the same transaction.
    pub id: String,
    /// The merchant number (商户号) of the client that it was decrypted for, or the brand's id. It tells which merchant's
    /// notification it is where one URL serves [several](crate::client::Clients).
    pub mchid: String,
    /// When it was created, as RFC 3339 text (`2015-05-20T13:29:35+08:00`). A few products write it otherwise.
    pub create_time: Option<String>,
    /// What happened (通知类型), for example `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// `encrypt-resource`.
    pub resource_type: Option<String>,
    /// A few words for people (回调摘要).
    pub summary: Option<String>,
    /// What kind of object the payload is (原始类型): `transaction`, `refund`, `profitsharing`.
    pub original_type: Option<String>,
    /// The decrypted payload.
    pub payload: T,
}

/// What a notification can be decrypted into: any `Deserialize` type that borrows nothing, and
/// [`Event`](super::Event).
///
/// A [`Sensitive`](crate::Sensitive) field in it is decrypted with the merchant's private key, as in a response.
///
/// ```
/// use serde::Deserialize;
/// use serde_json::json;
/// use wechatpay_core::Sensitive;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// A custom payload; its sensitive field is decrypted.
/// #[derive(Deserialize)]
/// struct Applyment {
///     applyment_state: String,
///     legal_person: Sensitive,
/// }
///
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let resource = json!({ "applyment_state": "FINISH", "legal_person": gateway.encrypt("张三") });
/// let posted = gateway.notification("APPLYMENT.STATE_CHANGE", resource).sign()?;
/// let applyment = receiver.receive::<Applyment>(posted.headers(), posted.body()).await?.payload;
/// assert_eq!((applyment.applyment_state.as_str(), applyment.legal_person.expose()), ("FINISH", "张三"));
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from a notification; add `#[derive(serde::Deserialize)]`",
    label = "cannot be decoded from a notification"
)]
pub trait Payload: Sized {
    /// Decodes the decrypted payload.
    #[doc(hidden)]
    fn decode(decrypted: &Decrypted<'_>) -> Result<Self, NotificationError>;
}

/// A decrypted payload.
#[doc(hidden)]
pub struct Decrypted<'a> {
    pub(super) envelope: &'a Envelope,
    pub(super) text: &'a str,
    pub(super) value: &'a serde_json::Value,
}

impl fmt::Debug for Decrypted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Payload for T {
    fn decode(decrypted: &Decrypted<'_>) -> Result<Self, NotificationError> {
        serde_json::from_str(decrypted.text).map_err(|error| {
            let JsonError { path, reason } = JsonError::new(decrypted.text.as_bytes(), &error);
            NotificationError::Undecodable {
                field: path,
                reason: reason.into(),
            }
        })
    }
}

impl VerifiedNotification {
    /// The notification's id, the same whenever the service sends this notification again.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.envelope.id
    }

    /// The merchant number (商户号) of the client that decrypts it, or the brand's id.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.context.identity.id()
    }

    /// What happened, for example `TRANSACTION.SUCCESS`.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.envelope.event_type
    }

    /// What kind of object the payload is, for example `transaction`.
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {
        self.envelope.resource.original_type.as_deref()
    }

    /// Decrypts the payload, checks that it is for this merchant, and decodes it as `T`. Can be called again for
    /// another type.
    ///
    /// # Errors
    /// [`NotificationError`], which also has the response to send.
    pub fn decrypt<T: Payload>(&self) -> Result<Notification<T>, NotificationError> {
        self.open().inspect_err(|error| {
            let (id, event_type) = (self.id(), self.event_type());
            warn!(
                wechatpay.notification.id = id,
                wechatpay.notification.event_type = event_type,
                error.message = %error,
                "notification refused"
            );
        })
    }

    fn open<T: Payload>(&self) -> Result<Notification<T>, NotificationError> {
        let context = &self.context;
        let envelope = &self.envelope;
        let plaintext = Ciphertext::of(&envelope.resource)?.decrypt(context)?;
        let (text, value) = ciphertext::json(&plaintext)?;
        merchant::check(&value, &context.identity, &self.also_for)?;
        let decrypted = Decrypted {
            envelope,
            text,
            value: &value,
        };
        let payload = scope::decrypting(context.signer.private_key().cloned(), || T::decode(&decrypted))?;
        Ok(Notification {
            id: envelope.id.clone(),
            mchid: context.identity.id().to_owned(),
            create_time: envelope.create_time.clone(),
            event_type: envelope.event_type.clone(),
            resource_type: envelope.resource_type.clone(),
            summary: envelope.summary.clone(),
            original_type: envelope.resource.original_type.clone(),
            payload,
        })
    }
}
