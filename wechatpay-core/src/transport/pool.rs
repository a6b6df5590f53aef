//! Idle connections.
//!
//! A connection is in the pool only between two requests, so no other call can use it while its last response is being
//! verified. HTTP/1.1 does not link a response to its request. Therefore a connection carries one exchange at a time,
//! and none after an exchange that was not verified.

use super::connect::Connection;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{task::JoinHandle, time::Instant};

/// Idle connections of one transport, whatever host they lead to.
pub(super) struct Pool {
    /// How long a connection waits before it is closed.
    idle_timeout: Duration,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// The one that was used last is at the end.
    connections: Vec<(Instant, Connection)>,
    /// Closes unused connections. The task ends when none is left.
    sweeper: Option<JoinHandle<()>>,
}

impl Pool {
    pub(super) fn new(idle_timeout: Duration) -> Arc<Self> {
        Arc::new(Self {
            idle_timeout,
            idle: Mutex::default(),
        })
    }

    /// The connection to this origin that was used last, for one exchange.
    pub(super) fn take(&self, origin: &str) -> Option<Connection> {
        let now = Instant::now();
        let mut idle = self.idle();
        while let Some(position) = idle.connections.iter().rposition(|(_, c)| c.origin() == origin) {
            let (since, connection) = idle.connections.remove(position);
            // Not ready: the server closed it, sent unexpected bytes, or does not read the body of the last request.
            if now.duration_since(since) < self.idle_timeout && connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for the next request. Its last response was verified.
    pub(super) fn keep(self: &Arc<Self>, connection: Connection) {
        if connection.is_closed() || self.idle_timeout.is_zero() {
            return;
        }
        let mut idle = self.idle();
        idle.connections.push((Instant::now(), connection));
        // A sweeper is finished too when its runtime is gone.
        if idle.sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
            idle.sweeper = Some(tokio::spawn(sweep(Arc::downgrade(self), self.idle_timeout)));
        }
    }

    /// Closes expired connections. Returns whether any are left.
    fn close_expired(&self) -> bool {
        let now = Instant::now();
        let mut idle = self.idle();
        let limit = self.idle_timeout;
        idle.connections
            .retain(|(since, connection)| now.duration_since(*since) < limit && !connection.is_closed());
        if idle.connections.is_empty() {
            idle.sweeper = None;
        }
        !idle.connections.is_empty()
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        // No code panics while it holds the lock.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn sweep(pool: Weak<Pool>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_expired()) {
            return;
        }
    }
}
