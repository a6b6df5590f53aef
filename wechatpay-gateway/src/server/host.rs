//! The addresses of a gateway.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use crate::{lock::lock, server::Server, service::Service};

/// An address at which the gateway listens: the first one, or an additional one that represents the backup host.
///
/// All hosts of a gateway share one service and one ledger.
///
/// ```
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let backup = gateway.add_host()?;
/// assert_eq!(backup.url(), format!("http://{}", backup.address()));
/// let client = gateway.client_builder().backup_url(backup.url()).build()?;
///
/// gateway.host().go_down(); // connections to it are refused, `backup` still works
/// gateway.host().come_up()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GatewayHost {
    service: Arc<Service>,
    address: SocketAddr,
    server: Mutex<Option<Server>>,
}

impl GatewayHost {
    pub(crate) fn start(service: Arc<Service>, address: SocketAddr) -> io::Result<Self> {
        let server = Server::start(Arc::clone(&service), address)?;
        lock(&service.addresses).push(server.address);
        Ok(Self {
            service,
            address: server.address,
            server: Mutex::new(Some(server)),
        })
    }

    /// The base URL, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The socket address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes every connection and refuses new ones.
    pub fn go_down(&self) {
        // Stopping waits for the thread, so the lock must be released before.
        let server = lock(&self.server).take();
        drop(server);
    }

    /// Listens again at the same address.
    ///
    /// # Errors
    /// If another program uses the port now.
    pub fn come_up(&self) -> io::Result<()> {
        let mut server = lock(&self.server);
        if server.is_none() {
            *server = Some(Server::start(Arc::clone(&self.service), self.address)?);
        }
        Ok(())
    }
}

impl fmt::Debug for GatewayHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayHost")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
