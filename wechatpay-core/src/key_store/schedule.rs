//! When certificates may and should be downloaded.

use super::error::RefreshError;
use crate::support::system::UNLIMITED;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How platform certificates (平台证书) are kept fresh.
///
/// They are downloaded when they are first needed and then at intervals, and also when a response or notification names
/// an unknown certificate. Concurrent callers share a download. Anyone can send a notification, so notifications cause
/// at most one download per cooldown, also while downloads fail. If a download fails or is refused, the present
/// certificates stay.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::client::CertificateRefresh;
///
/// let refresh = CertificateRefresh::default()
///     .interval(Duration::from_secs(3600))
///     .cooldown(Duration::from_secs(30))
///     .backoff(Duration::from_secs(2), Duration::from_secs(60))
///     .timeout(Duration::from_secs(10));
/// assert_ne!(refresh, CertificateRefresh::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRefresh {
    interval: Duration,
    cooldown: Duration,
    first_backoff: Duration,
    longest_backoff: Duration,
    timeout: Duration,
}

/// The service asks for intervals below twelve hours.
const LONGEST_INTERVAL: Duration = Duration::from_secs(11 * 3600);

/// The minimum interval between two downloads, whatever is configured.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// How many waiting callers in a row may restart a cancelled download. A client that opens and drops connections must
/// not be able to cause endless downloads.
const TAKEOVERS: u32 = 3;

/// Every six hours, at most once a minute.
impl Default for CertificateRefresh {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(6 * 3600),
            cooldown: Duration::from_secs(60),
            first_backoff: Duration::from_secs(5),
            longest_backoff: Duration::from_secs(300),
            timeout: Duration::from_secs(15),
        }
    }
}

impl CertificateRefresh {
    /// How long after a download the next one follows. 6 hours by default, 11 hours at most, because the service asks
    /// for less than 12. Each client takes off up to an eighth, so that many of them do not come together.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.min(LONGEST_INTERVAL);
        self
    }

    /// How long after a download an unknown certificate causes none. 60 s by default, 1 s at least. After a download
    /// that failed, this holds for notifications; a call of the client waits only for the [`backoff`](Self::backoff).
    #[must_use]
    pub fn cooldown(mut self, cooldown: Duration) -> Self {
        self.cooldown = cooldown.max(SHORTEST_WAIT);
        self
    }

    /// How long a call of the client waits after a download that failed: `first`, doubled with each further failure up
    /// to `longest`. 5 s and 300 s by default, 1 s at least.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_backoff = first.max(SHORTEST_WAIT);
        self.longest_backoff = longest.max(self.first_backoff);
        self
    }

    /// After what time a download counts as failed. 15 s by default. One attempt may take a third of it, so that the
    /// backup host has its turn.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// What a download is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A call of the client, or a scheduled refresh.
    Call,
    /// A notification, which anyone can send.
    Notification,
}

/// Keeps the times of one key store.
#[derive(Debug)]
pub(super) struct Schedule {
    refresh: CertificateRefresh,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The time of the last successful download.
    fresh_since: Option<Instant>,
    /// No download starts before this time.
    not_before: Option<Instant>,
    /// No download for a notification starts before this time.
    not_before_for_notifications: Option<Instant>,
    /// Failures since the last success.
    failures: u32,
    /// A download was started and did not finish: it is running, or was cancelled.
    unfinished: bool,
    /// How many callers in a row restarted a cancelled download.
    takeovers: u32,
    /// Why the last one failed, if it did.
    error: Option<Arc<RefreshError>>,
}

impl Schedule {
    pub(super) fn new(mut refresh: CertificateRefresh, random: u64) -> Self {
        // Up to an eighth: `random` as a fraction of 2^64.
        let part = u128::from(random).saturating_mul((refresh.interval / 8).as_nanos()) >> 64;
        refresh.interval = refresh
            .interval
            .saturating_sub(Duration::from_nanos(u64::try_from(part).unwrap_or(0)));
        Self {
            refresh,
            state: Mutex::default(),
        }
    }

    /// How long until certificates should be downloaded, used ones or not.
    pub(super) fn due(&self, now: Instant) -> Duration {
        let state = self.state();
        let wanted = state.fresh_since.map_or(Duration::ZERO, |since| {
            self.refresh
                .interval
                .saturating_sub(now.saturating_duration_since(since))
        });
        let allowed = state
            .not_before
            .map_or(Duration::ZERO, |not_before| not_before.saturating_duration_since(now));
        wanted.max(allowed)
    }

    /// Whether what was downloaded once is old enough to be downloaded again.
    pub(super) fn is_stale(&self, now: Instant) -> bool {
        let downloaded = self.state().fresh_since.is_some();
        downloaded && self.due(now).is_zero()
    }

    pub(super) fn timeout(&self) -> Duration {
        self.refresh.timeout
    }

    /// Why the last download failed, if it did.
    pub(super) fn error(&self) -> Option<Arc<RefreshError>> {
        self.state().error.clone()
    }

    /// Whether the times allow a download to begin now.
    pub(super) fn allows(&self, now: Instant, need: Need) -> bool {
        self.state().allows(now, need)
    }

    /// Begins a download, if one may begin now. Only for the holder of the turn.
    pub(super) fn begin(&self, now: Instant, need: Need) -> bool {
        let mut state = self.state();
        if state.allows(now, need) {
            state.takeovers = 0;
        } else if need == Need::Call && state.unfinished && state.takeovers < TAKEOVERS {
            // The turn is free and yet nothing came to an end, so the one before was given up.
            state.takeovers += 1;
        } else {
            return false;
        }
        state.unfinished = true;
        state.not_before = later(now, self.refresh.first_backoff);
        state.not_before_for_notifications = later(now, self.refresh.cooldown);
        true
    }

    /// A download came to an end.
    pub(super) fn end(&self, now: Instant, result: Result<(), Arc<RefreshError>>) {
        let mut state = self.state();
        state.unfinished = false;
        let wait = match result {
            Ok(()) => {
                state.fresh_since = Some(now);
                state.failures = 0;
                state.error = None;
                self.refresh.cooldown
            }
            Err(error) => {
                let doublings = state.failures.min(31);
                state.failures = state.failures.saturating_add(1);
                state.error = Some(error);
                self.refresh
                    .first_backoff
                    .saturating_mul(1 << doublings)
                    .min(self.refresh.longest_backoff)
            }
        };
        state.not_before = later(now, wait);
        state.not_before_for_notifications = later(now, wait.max(self.refresh.cooldown));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn allows(&self, now: Instant, need: Need) -> bool {
        let not_before = match need {
            Need::Call => self.not_before,
            Need::Notification => self.not_before_for_notifications,
        };
        not_before.is_none_or(|not_before| now >= not_before)
    }
}

/// A moment beyond the clock would be none, and so no limit at all.
fn later(now: Instant, wait: Duration) -> Option<Instant> {
    now.checked_add(wait.min(UNLIMITED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn b6_what_was_given_up_is_begun_anew_three_times_and_then_only_after_the_backoff() {
        let schedule = Schedule::new(CertificateRefresh::default(), 0);
        let start = Instant::now();
        for round in 0..5 {
            let now = start + 5 * SECOND * round;
            assert!(schedule.begin(now, Need::Call));
            for _ in 0..3 {
                assert!(schedule.begin(now, Need::Call));
            }
            assert!(!schedule.begin(now, Need::Call));
            assert!(!schedule.begin(now + 5 * SECOND - Duration::from_nanos(1), Need::Call));
        }
    }

    #[test]
    fn f10_a_cooldown_for_ever_lets_nothing_through() {
        let refresh = CertificateRefresh::default()
            .cooldown(Duration::MAX)
            .backoff(Duration::MAX, Duration::MAX);
        let now = Instant::now();
        for result in [Ok(()), Err(Arc::new(RefreshError::TimedOut))] {
            let schedule = Schedule::new(refresh.clone(), 0);
            assert!(schedule.begin(now, Need::Call));
            schedule.end(now, result);
            assert!(!schedule.begin(now, Need::Call));
            assert!(!schedule.begin(now + 1_000_000 * SECOND, Need::Call));
        }
    }

    #[test]
    fn b5_what_came_to_an_end_is_not_begun_anew() {
        let now = Instant::now();
        for (result, wait) in [
            (Err(Arc::new(RefreshError::TimedOut)), 5 * SECOND),
            (Ok(()), 60 * SECOND),
        ] {
            let schedule = Schedule::new(CertificateRefresh::default(), 0);
            assert!(schedule.begin(now, Need::Call));
            schedule.end(now, result);
            assert!(!schedule.begin(now, Need::Call));
            assert!(!schedule.begin(now + wait - Duration::from_nanos(1), Need::Call));
            assert!(schedule.begin(now + wait, Need::Call));
        }
    }

    #[test]
    fn s10_notifications_cause_one_download_per_cooldown_also_while_downloads_fail() {
        let schedule = Schedule::new(CertificateRefresh::default(), 0);
        let start = Instant::now();
        let mut begun = 0;
        for second in 0..600 {
            let now = start + second * SECOND;
            if schedule.begin(now, Need::Notification) {
                begun += 1;
                schedule.end(now, Err(Arc::new(RefreshError::TimedOut)));
            }
        }
        // At 0, 60, 120, 180, 240; then the backoff is longer than the cooldown.
        assert!(begun <= 10, "{begun}");
        assert!(begun >= 5, "{begun}");
    }

    #[test]
    fn s10_a_download_that_was_given_up_is_not_begun_anew_for_a_notification() {
        let schedule = Schedule::new(CertificateRefresh::default(), 0);
        let now = Instant::now();
        assert!(schedule.begin(now, Need::Notification));
        assert!(!schedule.begin(now + 59 * SECOND, Need::Notification));
        assert!(schedule.begin(now + 60 * SECOND, Need::Notification));
    }

    #[test]
    fn s10_a_call_waits_for_the_backoff_only() {
        let schedule = Schedule::new(CertificateRefresh::default(), 0);
        let now = Instant::now();
        assert!(schedule.begin(now, Need::Notification));
        schedule.end(now, Err(Arc::new(RefreshError::TimedOut)));
        assert!(!schedule.begin(now + 5 * SECOND, Need::Notification));
        assert!(schedule.begin(now + 5 * SECOND, Need::Call));
        assert!(!schedule.begin(now + 64 * SECOND, Need::Notification));
    }
}
