//! The settings of retries.

use std::time::Duration;

/// How often a call is retried, and after which waits.
///
/// *What* may be retried is no setting, because money depends on it: every request after a fault that proves it never
/// reached the server; after any other fault only a `GET` and what is declared `idempotent`, with the same bytes;
/// nothing after an authentic refusal. A retry whose wait would pass the deadline of its call is not made.
///
/// Retries are paid from a budget that all calls of a client share, so that they do not make an outage worse. A call with
/// a response earns a part of a token, a retry costs one, and without tokens a call ends with the error that it has.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::RetryPolicy;
///
/// let policy = RetryPolicy::default()
///     .attempts(5)
///     .backoff(Duration::from_millis(100), Duration::from_secs(2))
///     .throttled_wait(Duration::from_secs(2))
///     .throttled_cost(10)
///     .budget_percent(20)
///     .budget_burst(50)
///     .backup_stay(Duration::from_secs(30));
/// assert_ne!(policy, RetryPolicy::never());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(super) attempts: u32,
    pub(super) first_backoff: Duration,
    pub(super) longest_backoff: Duration,
    pub(super) throttled_wait: Duration,
    pub(super) throttled_cost: u32,
    pub(super) budget_percent: u32,
    pub(super) budget_burst: u32,
    pub(super) backup_stay: Duration,
}

/// Three attempts, 200 ms to 5 s between them, at most 10 % more traffic.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(5),
            throttled_wait: Duration::from_secs(1),
            throttled_cost: 5,
            budget_percent: 10,
            budget_burst: 100,
            backup_stay: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Never retries anything: one attempt a call.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How many times a request is sent at most, the first attempt included. 3 by default; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The limits of the wait before a retry. 200 ms and 5 s by default.
    ///
    /// The wait is drawn evenly from zero to a limit ("full jitter"), so that calls which failed together are not retried
    /// together. The limit is `first` before the second attempt and doubles with each further one up to `longest`.
    /// A `Retry-After` of the server lengthens the wait, up to `longest` too.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_backoff = first;
        self.longest_backoff = longest;
        self
    }

    /// The shortest wait after status 429 (频率限制), whatever the backoff says. 1 s by default.
    #[must_use]
    pub fn throttled_wait(mut self, wait: Duration) -> Self {
        self.throttled_wait = wait;
        self
    }

    /// How many tokens a retry after status 429 costs. 5 by default, and at least 1. Any other retry costs 1.
    #[must_use]
    pub fn throttled_cost(mut self, tokens: u32) -> Self {
        self.throttled_cost = tokens.max(1);
        self
    }

    /// How much traffic retries may add in the long run, in percent of the calls with a response. 10 by default: ten
    /// such calls earn one token. 0 leaves only the [burst](Self::budget_burst), once.
    #[must_use]
    pub fn budget_percent(mut self, percent: u32) -> Self {
        self.budget_percent = percent;
        self
    }

    /// How many tokens the budget holds at most, and at the start. 100 by default: an outage sees so many retries, and
    /// then none until calls have responses again. With 0 nothing is ever retried.
    #[must_use]
    pub fn budget_burst(mut self, tokens: u32) -> Self {
        self.budget_burst = tokens;
        self
    }

    /// How long calls stay on the backup host (备用域名) before one of them tries the main host again. 60 s by default.
    #[must_use]
    pub fn backup_stay(mut self, stay: Duration) -> Self {
        self.backup_stay = stay;
        self
    }
}
