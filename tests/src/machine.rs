//! A machine whose clock and random source the test decides about.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::system::{OperatingSystem, System};

/// A machine like this one, until something is changed. Clones are the same machine.
#[derive(Debug, Clone, Default)]
pub struct Machine(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Seconds that the clock is ahead.
    ahead: AtomicI64,
    /// The time stands still at this second since 1970, when it is not zero.
    fixed: AtomicI64,
    no_randomness: AtomicBool,
}

impl Machine {
    /// A machine whose clock is so many seconds ahead; behind, if negative.
    pub fn ahead_by(seconds: i64) -> Self {
        let machine = Self::default();
        machine.0.ahead.store(seconds, Relaxed);
        machine
    }

    /// A machine on which it always is this second since 1970. Negative: before 1970.
    pub fn at(seconds: i64) -> Self {
        let machine = Self::default();
        machine.set(seconds);
        machine
    }

    /// Sets the clock to this second since 1970, and stops it there.
    pub fn set(&self, seconds: i64) {
        self.0.fixed.store(seconds, Relaxed);
    }

    /// Breaks the random source, or repairs it.
    pub fn break_randomness(&self, broken: bool) {
        self.0.no_randomness.store(broken, Relaxed);
    }
}

impl System for Machine {
    fn now(&self) -> SystemTime {
        let fixed = self.0.fixed.load(Relaxed);
        let (from, seconds) = if fixed == 0 {
            (SystemTime::now(), self.0.ahead.load(Relaxed))
        } else {
            (UNIX_EPOCH, fixed)
        };
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { from - distance } else { from + distance }
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        if self.0.no_randomness.load(Relaxed) {
            return Err(io::Error::other("no randomness here"));
        }
        OperatingSystem.random(bytes)
    }
}
