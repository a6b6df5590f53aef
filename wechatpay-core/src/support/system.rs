//! What the library takes from the machine: the time and randomness.

use std::{
    fmt, io,
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// The clock and the random source. Programs use [`OperatingSystem`], tests can replace it.
///
/// Waiting uses tokio's clock, which a test can pause.
///
/// ```
/// use std::{io, time::{Duration, SystemTime}};
/// use wechatpay_core::system::{OperatingSystem, System};
///
/// /// For a test in which it is always the same second.
/// #[derive(Debug)]
/// struct Stopped(SystemTime);
///
/// impl System for Stopped {
///     fn now(&self) -> SystemTime {
///         self.0
///     }
///
///     fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
///         OperatingSystem.random(bytes)
///     }
/// }
///
/// let system = Stopped(SystemTime::UNIX_EPOCH + Duration::from_secs(1_554_208_460));
/// assert_eq!(system.now(), system.now());
/// ```
pub trait System: fmt::Debug + Send + Sync {
    /// The time of day, for timestamps and the validity of certificates.
    fn now(&self) -> SystemTime;

    /// Fills `bytes` with randomness of cryptographic quality.
    ///
    /// # Errors
    /// If the random source fails. Then the request is refused, because a weak nonce is never used.
    fn random(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// Practically unlimited, but small enough for every clock.
pub(crate) const UNLIMITED: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The moment at which `limit` is up, which may be [`Duration::MAX`].
pub(crate) fn deadline(limit: Duration) -> Instant {
    Instant::now() + limit.min(UNLIMITED)
}

/// The operating system's clock and random source.
///
/// ```
/// use std::time::SystemTime;
/// use wechatpay_core::system::{OperatingSystem, System};
///
/// assert!(OperatingSystem.now() > SystemTime::UNIX_EPOCH);
/// let mut bytes = [0; 32];
/// OperatingSystem.random(&mut bytes)?;
/// assert_ne!(bytes, [0; 32]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct OperatingSystem;

impl System for OperatingSystem {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }
}
