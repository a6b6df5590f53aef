//! Tells subscribers what happens: a live page, a test that waits.

use serde::Serialize;
use tokio::sync::broadcast::{
    self,
    error::{RecvError, TryRecvError},
};

/// How many changes wait for a subscriber who is slow.
const WAITING: usize = 1024;

/// Something that happened: a request was logged, or something changed.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::Method;
/// use wechatpay_gateway::{Changed, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::builder().simulate().start()?;
/// let mut changes = gateway.subscribe();
/// let order = json!({
///     "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "Coffee",
///     "out_trade_no": "ORDER-0001", "notify_url": "https://shop.example/notify", "amount": { "total": 100 },
/// });
/// gateway.client()?.request(Method::POST, "/v3/pay/transactions/native").json(&order).send().await?;
/// assert_eq!(changes.next().await, Some(Changed::Request(1)));
/// assert_eq!(changes.next().await, Some(Changed::Order("ORDER-0001".to_owned())));
/// assert_eq!(changes.try_next(), None);
/// assert_eq!(serde_json::to_value(Changed::Request(1))?, json!({ "kind": "request", "number": 1 }));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "number", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Changed {
    /// The request of this number was logged; the first one has the number 1.
    Request(u64),
    /// The order with this `out_trade_no`.
    Order(String),
    /// The refund with this `out_refund_no`.
    Refund(String),
    /// The transfer with this `out_bill_no`.
    Transfer(String),
    /// The profit sharing with this `out_order_no`.
    Sharing(String),
    /// The notification with this id.
    Delivery(String),
    /// So many changes were missed, because the subscriber was slow: look at everything again.
    Lagged(u64),
}

/// The changes from now on, in order. At most 1,024 of them wait; then [`Changed::Lagged`] stands for the oldest.
///
/// ```
/// use wechatpay_gateway::{Changes, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let gateway = Gateway::start()?;
/// let mut changes: Changes = gateway.subscribe();
/// assert_eq!(changes.try_next(), None);
/// drop(gateway);
/// assert_eq!(changes.next().await, None);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Changed>);

impl Changes {
    /// Waits for the next change; `None` when the gateway is gone.
    pub async fn next(&mut self) -> Option<Changed> {
        match self.0.recv().await {
            Ok(changed) => Some(changed),
            Err(RecvError::Lagged(missed)) => Some(Changed::Lagged(missed)),
            Err(RecvError::Closed) => None,
        }
    }

    /// The next change, if one waits.
    pub fn try_next(&mut self) -> Option<Changed> {
        match self.0.try_recv() {
            Ok(changed) => Some(changed),
            Err(TryRecvError::Lagged(missed)) => Some(Changed::Lagged(missed)),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }
}

/// Tells every subscriber. Clones tell the same ones.
#[derive(Debug, Clone)]
pub(crate) struct Announcer(broadcast::Sender<Changed>);

impl Default for Announcer {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl Announcer {
    pub(crate) fn tell(&self, changed: Changed) {
        // An error says that nobody has subscribed.
        let _ = self.0.send(changed);
    }

    pub(crate) fn subscribe(&self) -> Changes {
        Changes(self.0.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_subscriber_is_told_how_much_was_missed() {
        let announcer = Announcer::default();
        let mut changes = announcer.subscribe();
        let total = WAITING as u64 + 10;
        for number in 1..=total {
            announcer.tell(Changed::Request(number));
        }
        assert_eq!(changes.try_next(), Some(Changed::Lagged(10)));
        assert_eq!(changes.try_next(), Some(Changed::Request(11)));
    }
}
