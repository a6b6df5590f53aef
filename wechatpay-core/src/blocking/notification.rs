//! Receiving notifications without async.

use super::client::Client;
use crate::client::Clients;
use crate::notification::{self, Notification, NotificationError, Payload, VerifiedNotification};
use http::HeaderMap;
use std::time::Duration;

/// Receives notifications (回调通知). Made by [`Client::notifications`] and [`Client::notifications_of`].
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{blocking::Client, notification::payload::Transaction};
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let receiver = Client::new(gateway.client()?)?.notifications().max_bytes(64 << 10);
/// let resource = json!({ "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let posted = gateway.notification("TRANSACTION.SUCCESS", resource).sign()?;
/// let notification = receiver.receive::<Transaction>(posted.headers(), posted.body())?;
/// assert_eq!(notification.payload.out_trade_no, "A-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NotificationReceiver {
    client: Client,
    receiver: notification::NotificationReceiver,
}

impl Client {
    /// Receives notifications (回调通知) for this client's merchant.
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {
        NotificationReceiver {
            client: self.clone(),
            receiver: self.as_async().notifications(),
        }
    }

    /// Receives the notifications of several merchants, driven by this client's thread; see
    /// [`Clients::notifications`].
    ///
    /// ```
    /// use serde_json::{Value, json};
    /// use wechatpay_core::{blocking::Client, client::Clients};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let [first, second] = [Gateway::start()?, Gateway::builder().mchid("1900000102").start()?];
    /// let clients: Clients = [first.client()?, second.client()?].into_iter().collect();
    /// let receiver = Client::new(first.client()?)?.notifications_of(&clients);
    /// let posted = second.notification("X", json!({ "mchid": "1900000102" })).sign()?;
    /// assert_eq!(receiver.receive::<Value>(posted.headers(), posted.body())?.mchid, "1900000102");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn notifications_of(&self, clients: &Clients) -> NotificationReceiver {
        NotificationReceiver {
            client: self.clone(),
            receiver: clients.notifications(),
        }
    }
}

impl NotificationReceiver {
    /// As [`also_for`](notification::NotificationReceiver::also_for) of the async receiver.
    #[must_use]
    pub fn also_for(mut self, mchid: impl Into<String>) -> Self {
        self.receiver = self.receiver.also_for(mchid);
        self
    }

    /// The largest body that is accepted, in bytes. Default: 1 MiB.
    #[must_use]
    pub fn max_bytes(mut self, most: usize) -> Self {
        self.receiver = self.receiver.max_bytes(most);
        self
    }

    /// As [`time_limit`](notification::NotificationReceiver::time_limit) of the async receiver.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.receiver = self.receiver.time_limit(limit);
        self
    }

    /// Verifies the signature over the bytes of the body, as they came in.
    ///
    /// # Errors
    /// [`NotificationError`], which also has the response to send.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<VerifiedNotification, NotificationError> {
        self.client.receive(self.receiver.verify(headers, body))
    }

    /// Verifies and decrypts.
    ///
    /// # Errors
    /// [`NotificationError`], which also has the response to send.
    pub fn receive<T: Payload>(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification<T>, NotificationError> {
        self.client.receive(self.receiver.receive(headers, body))
    }
}
