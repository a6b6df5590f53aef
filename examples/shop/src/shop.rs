//! What every handler and worker has.

use crate::{config::Settings, database::Database};
use axum::extract::FromRef;
use std::net::SocketAddr;
use wechatpay_core::{Client, notification::NotificationReceiver};
use wechatpay_gateway::Gateway;

/// The shop. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Shop {
    /// The rows.
    pub database: Database,
    /// WeChat Pay. One client for the whole process.
    pub client: Client,
    /// The settings.
    pub settings: Settings,
    /// Where notifications go.
    pub notify_url: String,
    /// The page of the simulator where an order can be paid.
    pub console_url: Option<String>,
    receiver: NotificationReceiver,
}

impl Shop {
    /// A shop that listens at `address`.
    #[must_use]
    pub fn new(database: Database, client: Client, settings: &Settings, address: SocketAddr) -> Self {
        let notify_url = settings.notify_url.clone();
        Self {
            database,
            receiver: client.notifications(),
            client,
            settings: settings.clone(),
            notify_url: notify_url.unwrap_or_else(|| format!("http://{address}/notify")),
            console_url: None,
        }
    }

    /// Shows the console of this simulator on the page.
    #[must_use]
    pub fn console(mut self, gateway: Option<&Gateway>) -> Self {
        self.console_url = gateway.and_then(Gateway::console_url);
        self
    }
}

impl FromRef<Shop> for NotificationReceiver {
    fn from_ref(shop: &Shop) -> Self {
        shop.receiver.clone()
    }
}
