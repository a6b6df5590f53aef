//! The receiver verifies what came in and hands on what may be decrypted.

use super::{
    envelope::Envelope,
    error::NotificationError,
    owner,
    verified::{Notification, Payload, VerifiedNotification},
};
use crate::{
    client::{Client, Clients},
    key_store::Need,
    request::verify::authenticate,
    signature::VerifyError,
    support::system::deadline,
};
use http::HeaderMap;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::{debug, warn};

/// Receives notifications (回调通知): of one merchant when [`Client::notifications`] made it, of several when
/// [`Clients::notifications`] did.
///
/// Cheap to clone. Keep it in the state of the web application. The [module](super) shows the whole way.
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
/// // The same in two steps, where the event's type decides which type it is decoded into.
/// let verified = receiver.verify(headers, body).await?;
/// assert_eq!(verified.decrypt::<Transaction>()?, notification);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct NotificationReceiver {
    keys: Keys,
    also_for: Arc<[String]>,
    pub(super) max_bytes: usize,
    time_limit: Duration,
}

/// Whose keys verify and decrypt.
#[derive(Debug, Clone)]
enum Keys {
    Client(Client),
    Clients(Clients),
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
        NotificationReceiver::new(Keys::Client(self.clone()))
    }
}

impl Clients {
    /// Receives the notifications (回调通知) of all merchants at one URL, also of those that are added later.
    ///
    /// The key that `Wechatpay-Serial` names verifies a notification. Where each merchant has its own WeChat Pay public
    /// key (微信支付公钥), that finds the merchant, at the same cost for one merchant and for 10,000. Platform certificates
    /// (平台证书) are the same for many merchants. There the APIv3 key (APIv3密钥) that decrypts the payload finds the
    /// merchant, at about 1 µs for each merchant in the set, so give each merchant a different APIv3 key. The payload
    /// must name that merchant, as with one client.
    ///
    /// For an unknown serial one client downloads platform certificates, at most once a minute.
    ///
    /// [`Notification::mchid`] is the merchant of the notification.
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {
        NotificationReceiver::new(Keys::Clients(self.clone()))
    }

    /// Receives the notifications of one merchant, for a URL that names it, such as `/notify/{mchid}`. `None` when the
    /// merchant is not in the set.
    ///
    /// The key that `Wechatpay-Serial` names is looked up among those of this merchant, so the cost does not depend on how
    /// many merchants there are, with platform certificates either. A notification of another merchant is refused.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{client::Clients, notification::payload::Transaction};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mchid("1900000101").start()?;
    /// let clients: Clients = gateway.client().into_iter().collect();
    /// let paid = json!({ "mchid": "1900000101", "out_trade_no": "A-1", "trade_state": "SUCCESS" });
    /// let posted = gateway.notification("TRANSACTION.SUCCESS", paid).sign()?;
    ///
    /// let receiver = clients.receiver("1900000101").ok_or("not one of ours")?;
    /// let notification = receiver.receive::<Transaction>(posted.headers(), posted.body()).await?;
    /// assert!(notification.payload.is_paid());
    /// assert!(clients.receiver("1900000102").is_none());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn receiver(&self, mchid: &str) -> Option<NotificationReceiver> {
        self.get(mchid).map(|client| client.notifications())
    }
}

impl From<Client> for NotificationReceiver {
    fn from(client: Client) -> Self {
        client.notifications()
    }
}

impl From<Clients> for NotificationReceiver {
    fn from(clients: Clients) -> Self {
        clients.notifications()
    }
}

impl NotificationReceiver {
    fn new(keys: Keys) -> Self {
        Self {
            keys,
            also_for: Arc::new([]),
            max_bytes: 1 << 20,
            time_limit: Duration::from_secs(3),
        }
    }

    /// Also accepts notifications whose payload names this merchant number (商户号). Otherwise a payload that names a
    /// merchant must name the client's.
    ///
    /// This is for sub-merchants (子商户) whose notifications come with the keys of the client's merchant and name only
    /// the sub-merchant. A payload with an `sp_mchid` needs no such exception: it names the service provider. It is not
    /// for further merchants of yours: each has its own keys, so each needs its own client, see [`Clients`].
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

    /// How long reading the body and looking for a new key may take together. Default: 3 seconds. The service expects
    /// the response within 5 seconds, so the handler has the other 2.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Verifies the signature over the received bytes of the body.
    ///
    /// For an unknown serial, a client with platform certificates downloads new ones, once for all callers and at most
    /// once per [`cooldown`](crate::client::CertificateRefresh::cooldown).
    ///
    /// # Errors
    /// [`NotificationError`], which also has the response to send.
    pub async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<VerifiedNotification, NotificationError> {
        self.verify_until(self.deadline(), headers, body).await
    }

    /// Verifies and decrypts: [`verify`](Self::verify) and [`VerifiedNotification::decrypt`] in one.
    ///
    /// # Errors
    /// [`NotificationError`], which also has the response to send.
    pub async fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification<T>, NotificationError> {
        self.verify(headers, body).await?.decrypt()
    }

    /// When the time limit of a notification is up that begins to come in now.
    pub(super) fn deadline(&self) -> Instant {
        deadline(self.time_limit)
    }

    /// Waits for `body`, but not past the deadline.
    #[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
    pub(super) async fn in_time<B>(
        &self,
        deadline: Instant,
        body: impl Future<Output = Result<B, NotificationError>>,
    ) -> Result<B, NotificationError> {
        let limit = self.time_limit;
        let read = tokio::time::timeout_at(deadline, body).await;
        let body = read.unwrap_or(Err(NotificationError::Timeout { limit }));
        body.inspect_err(|error| self.log_refusal(error))
    }

    pub(super) async fn verify_until(
        &self,
        deadline: Instant,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationError> {
        let result = self.verify_and_read(deadline, headers, body).await;
        match &result {
            Ok(verified) => debug!(
                wechatpay.mchid = verified.mchid(),
                wechatpay.notification.id = verified.id(),
                wechatpay.notification.event_type = verified.event_type(),
                "notification verified"
            ),
            Err(error) => self.log_refusal(error),
        }
        result
    }

    async fn verify_and_read(
        &self,
        deadline: Instant,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationError> {
        if body.len() > self.max_bytes {
            return Err(NotificationError::TooLarge { most: self.max_bytes });
        }
        let (envelope, context) = match &self.keys {
            Keys::Client(client) => {
                authenticate(&client.context, headers, body, deadline, Some(Need::Notification))
                    .await
                    .map_err(|error| NotificationError::unverified(error, body))?;
                (Envelope::read(body)?, Arc::clone(&client.context))
            }
            Keys::Clients(clients) => owner::find(clients, &self.also_for, headers, body, deadline).await?,
        };
        Ok(VerifiedNotification {
            envelope,
            context,
            also_for: Arc::clone(&self.also_for),
        })
    }

    fn log_refusal(&self, error: &NotificationError) {
        let mchid = match &self.keys {
            Keys::Client(client) => Some(client.mchid()),
            Keys::Clients(_) => None,
        };
        match error {
            // The service sends signature probes to every merchant all day.
            NotificationError::Unverified {
                error: VerifyError::SignatureProbe,
                ..
            } => debug!(wechatpay.mchid = mchid, "notification refused: a signature probe"),
            error => warn!(wechatpay.mchid = mchid, error.message = %error, "notification refused"),
        }
    }
}
