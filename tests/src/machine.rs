//! A machine whose clock and random source a test controls.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::system::{OperatingSystem, System};

/// A machine like this one until the test changes it. Clones share their state.
#[derive(Debug, Clone, Default)]
pub struct Machine(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// How many seconds the clock is ahead.
    ahead: AtomicI64,
    /// The clock is stopped at this second since 1970, unless it is zero.
    fixed: AtomicI64,
    no_randomness: AtomicBool,
}

impl Machine {
    /// A machine whose clock is this many seconds ahead, or behind if negative.
    pub fn ahead_by(seconds: i64) -> Self {
        let machine = Self::default();
        machine.0.ahead.store(seconds, Relaxed);
        machine
    }

    /// A machine whose clock is stopped at this second since 1970. Negative means before 1970.
    pub fn at(seconds: i64) -> Self {
        let machine = Self::default();
        machine.set(seconds);
        machine
    }

    /// Sets the clock to this second since 1970 and stops it.
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
            return Err(io::Error::other("the random source is broken"));
        }
        OperatingSystem.random(bytes)
    }
}
