//! What the environment sets. Nothing has to be set.

use crate::Result;
use std::{env, io::Write as _, net::SocketAddr, time::Duration};
use wechatpay_core::{Client, settle::Polling};
use wechatpay_gateway::Gateway;

/// The settings of one process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `DATABASE_URL`. Default: SQLite, in memory with the simulator and in the file `shop.db` otherwise.
    pub database_url: String,
    /// `SHOP_LISTEN`. Default: `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `SHOP_NOTIFY_URL`, where the service reaches any of the processes. Default: this process.
    pub notify_url: Option<String>,
    /// `SHOP_APPID`.
    pub appid: String,
    /// `SHOP_LEASE_MS`: a claimed row is claimed again after this time. It is longer than settling takes: two calls of 30
    /// seconds. Default: 90 seconds.
    pub lease: Duration,
    /// `SHOP_POLL_MS`: how often an open row is queried. Default: the official advice, from one minute to thirty.
    pub polling: Polling,
    /// `SHOP_IDLE_MS`: how often a worker looks for rows that are due. Default: a second.
    pub idle: Duration,
    /// `SHOP_PAY_WITHIN_MS`: an order that is not paid by then is closed (关单). Default: 30 minutes.
    pub pay_within: Duration,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// A variable cannot be read.
    pub fn from_env() -> Result<Self> {
        let text = |name: &str| env::var(name).ok();
        let duration = |name: &str, default: u64| -> Result<Duration> {
            let text = text(name).map_or(Ok(default), |text| text.parse());
            Ok(Duration::from_millis(text.map_err(|error| format!("{name}: {error}"))?))
        };
        let file = if is_simulated() {
            "sqlite::memory:"
        } else {
            "sqlite://shop.db?mode=rwc"
        };
        let poll = duration("SHOP_POLL_MS", 0)?;
        Ok(Self {
            database_url: text("DATABASE_URL").unwrap_or_else(|| file.to_owned()),
            listen: text("SHOP_LISTEN").as_deref().unwrap_or("127.0.0.1:8080").parse()?,
            notify_url: text("SHOP_NOTIFY_URL"),
            appid: text("SHOP_APPID").unwrap_or_else(|| "wxd678efh567hg6787".to_owned()),
            lease: duration("SHOP_LEASE_MS", 90_000)?,
            polling: if poll.is_zero() {
                Polling::default()
            } else {
                Polling::every(poll)
            },
            idle: duration("SHOP_IDLE_MS", 1000)?,
            pay_within: duration("SHOP_PAY_WITHIN_MS", 30 * 60_000)?,
        })
    }
}

fn is_simulated() -> bool {
    env::var_os("WECHATPAY_MCHID").is_none()
}

/// WeChat Pay: the real one when `WECHATPAY_MCHID` and its companions are set, otherwise the simulator in this process. The
/// gateway ends when it is dropped.
///
/// # Errors
///
/// A key cannot be read, or the simulator does not start.
pub fn service() -> Result<(Client, Option<Gateway>)> {
    if is_simulated() {
        let gateway = Gateway::builder().simulate().console(None).start()?;
        Ok((gateway.client()?, Some(gateway)))
    } else {
        Ok((Client::from_env()?, None))
    }
}

/// Prints the address.
///
/// # Errors
///
/// Standard output is closed.
pub fn announce(address: SocketAddr) -> Result {
    writeln!(std::io::stdout(), "http://{address}/")?;
    Ok(())
}
