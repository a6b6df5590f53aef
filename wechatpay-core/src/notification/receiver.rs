//! The receiver: verifies what came in, and hands on what may be decrypted.

use super::{
    envelope::Envelope,
    error::NotificationError,
    verified::{Notification, Payload, VerifiedNotification},
};
use crate::{client::Client, request::verify::authenticate, signature::VerifyError, support::system::deadline};
use http::HeaderMap;
use std::{sync::Arc, time::Duration};
use tracing::{debug, warn};

/// Receives the notifications (回调通知) of one merchant. Made by [`Client::notifications`].
///
/// Cheap to clone; keep it in the state of the web application. See the [module](super) for the whole way.
///
/// ```
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::notification::payload::Transaction;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let client = gateway.client()?;
/// let receiver = client.notifications().also_for("1900000109").max_bytes(64 << 10).time_limit(Duration::from_secs(2));
///
/// // What the service would post.
/// let resource = json!({ "mchid": "1900000109", "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let posted = gateway.notification("TRANSACTION.SUCCESS", resource).sign()?;
/// let (headers, body) = (posted.headers(), posted.body());
///
/// let notification = receiver.receive::<Transaction>(headers, body).await?;
/// assert_eq!(notification.payload.out_trade_no, "A-1");
/// // The same in two steps, where the event's type decides what it is decrypted into.
/// let verified = receiver.verify(headers, body).await?;
/// assert_eq!(verified.decrypt::<Transaction>()?, notification);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct NotificationReceiver {
    pub(super) client: Client,
    pub(super) also_for: Arc<[String]>,
    pub(super) max_bytes: usize,
    pub(super) time_limit: Duration,
}

impl Client {
    /// Receives notifications (回调通知) for this client's merchant: its keys verify them and its APIv3 keys decrypt them.
    ///
    /// ```
    /// use serde_json::{Value, json};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let receiver = gateway.client()?.notifications();
    /// let posted = gateway.notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" })).sign()?;
    /// let notification = receiver.receive::<Value>(posted.headers(), posted.body()).await?;
    /// assert_eq!(notification.payload["out_trade_no"], "A-1");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {
        NotificationReceiver {
            client: self.clone(),
            also_for: Arc::new([]),
            max_bytes: 1 << 20,
            time_limit: Duration::from_secs(3),
        }
    }
}

impl From<Client> for NotificationReceiver {
    fn from(client: Client) -> Self {
        client.notifications()
    }
}

impl NotificationReceiver {
    /// Also accepts notifications that speak of this merchant number (商户号). Without it a payload that names merchants
    /// must name the client's.
    #[must_use]
    pub fn also_for(mut self, mchid: impl Into<String>) -> Self {
        self.also_for = self.also_for.iter().cloned().chain([mchid.into()]).collect();
        self
    }

    /// The largest body that is accepted, in bytes. Default: 1 MiB; real ones have a few KiB.
    #[must_use]
    pub fn max_bytes(mut self, most: usize) -> Self {
        self.max_bytes = most;
        self
    }

    /// How long reading the body may take, and how long looking for a new key. Default: 3 seconds of the 5 in which the
    /// service expects the answer.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Verifies the signature over the bytes of the body, as they came in.
    ///
    /// Nothing is decrypted here; what comes out can be. A serial that is not known makes the client look for new
    /// platform certificates, if it downloads them, once for everybody and not more often than its cooldown allows.
    ///
    /// # Errors
    /// [`NotificationError`], which also says what to answer.
    pub async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<VerifiedNotification, NotificationError> {
        let result = self.verify_and_read(headers, body).await;
        match &result {
            Ok(verified) => debug!(
                wechatpay.notification.id = verified.id(),
                wechatpay.notification.event_type = verified.event_type(),
                "notification verified"
            ),
            // The service sends signature probes to everybody all day, so they are not worth a warning.
            Err(NotificationError::Unverified {
                error: VerifyError::Probe,
                ..
            }) => debug!("notification refused: a signature probe"),
            Err(error) => warn!(
                wechatpay.mchid = self.client.mchid(),
                error.message = %error,
                "notification refused"
            ),
        }
        result
    }

    async fn verify_and_read(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationError> {
        if body.len() > self.max_bytes {
            return Err(NotificationError::TooLarge { most: self.max_bytes });
        }
        let deadline = deadline(self.time_limit);
        authenticate(&self.client.context, headers, body, deadline, true)
            .await
            .map_err(|error| NotificationError::unverified(error, body))?;
        Ok(VerifiedNotification {
            envelope: Envelope::read(body)?,
            context: Arc::clone(&self.client.context),
            also_for: Arc::clone(&self.also_for),
        })
    }

    /// Verifies and decrypts: [`verify`](Self::verify) and [`VerifiedNotification::decrypt`] in one.
    ///
    /// # Errors
    /// [`NotificationError`], which also says what to answer.
    pub async fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification<T>, NotificationError> {
        self.verify(headers, body).await?.decrypt()
    }
}
