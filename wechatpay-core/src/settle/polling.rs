//! How long to wait between two queries.

use std::time::Duration;

/// How long to wait between two queries of the same number.
///
/// The default is what WeChat Pay advises for refunds (查询单笔退款): once a minute, after five minutes at intervals of 5, 10, 20
/// and 30 minutes. The interval depends on how long ago the request was sent, so it is the same before and after a restart.
///
/// After a query that failed, the wait is shorter: it begins at a second and doubles up to a minute, half of it at random.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::settle::Polling;
///
/// let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
/// let refund = Polling::default();
/// assert_eq!(refund.interval(Duration::ZERO), minutes(1));
/// assert_eq!(refund.interval(minutes(5)), minutes(5));
/// assert_eq!(refund.interval(minutes(60 * 24)), minutes(30));
///
/// // A payer is waiting at the counter (付款码支付).
/// let counter = Polling::every(Duration::from_secs(5)).retry(Duration::from_millis(500), Duration::from_secs(5));
/// assert_eq!(counter.interval(minutes(1)), Duration::from_secs(5));
/// // Three times quickly, then once a minute.
/// let steps = Polling::steps([Duration::from_secs(1); 3].into_iter().chain([minutes(1)]));
/// assert_eq!(steps.interval(Duration::from_secs(3)), minutes(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polling {
    /// The last one goes on for good.
    steps: Vec<Duration>,
    first_retry: Duration,
    longest_retry: Duration,
}

/// No two queries of a number are closer together.
const SHORTEST: Duration = Duration::from_millis(1);

impl Default for Polling {
    fn default() -> Self {
        Self::steps([60, 60, 60, 60, 60, 300, 600, 1200, 1800].map(Duration::from_secs))
    }
}

impl Polling {
    /// Always the same interval.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self::steps([interval])
    }

    /// These intervals one after the other, and the last one for good. Without any, the interval is a minute.
    #[must_use]
    pub fn steps(intervals: impl IntoIterator<Item = Duration>) -> Self {
        Self {
            steps: intervals.into_iter().map(|interval| interval.max(SHORTEST)).collect(),
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(60),
        }
    }

    /// How long to wait after a call that failed: `first`, then twice as long each time, up to `longest`.
    #[must_use]
    pub fn retry(mut self, first: Duration, longest: Duration) -> Self {
        (self.first_retry, self.longest_retry) = (first.max(SHORTEST), longest.max(SHORTEST));
        self
    }

    /// The interval that follows this long after the request was sent.
    #[must_use]
    pub fn interval(&self, age: Duration) -> Duration {
        let mut end = Duration::ZERO;
        for step in &self.steps {
            end = end.saturating_add(*step);
            if age < end {
                return *step;
            }
        }
        self.steps.last().copied().unwrap_or(Duration::from_secs(60))
    }

    /// The wait after so many failures in a row. `random` is evenly distributed over all of `u64`.
    pub(super) fn after_failure(&self, failures: u32, random: u64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let limit = self.first_retry.saturating_mul(1 << doublings).min(self.longest_retry);
        let half = limit / 2;
        let part = (u128::from(u64::try_from(half.as_nanos()).unwrap_or(u64::MAX)) * u128::from(random)) >> 64;
        half + Duration::from_nanos(u64::try_from(part).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_official_advice_for_refunds() {
        let polling = Polling::default();
        let mut age = Duration::ZERO;
        let minutes: Vec<u64> = std::iter::from_fn(|| {
            age += polling.interval(age);
            Some(age.as_secs() / 60)
        })
        .take(11)
        .collect();
        assert_eq!(minutes, [1, 2, 3, 4, 5, 10, 20, 40, 70, 100, 130]);
    }

    #[test]
    fn a_wait_after_a_failure_doubles_and_half_of_it_is_random() {
        let polling = Polling::every(Duration::from_secs(60));
        for (failures, most) in [(1, 1), (2, 2), (3, 4), (7, 60), (u32::MAX, 60)] {
            let most = Duration::from_secs(most);
            assert_eq!(polling.after_failure(failures, 0), most / 2, "{failures}");
            let longest = polling.after_failure(failures, u64::MAX);
            assert!(
                longest <= most && longest > most.mul_f64(0.99),
                "{failures}: {longest:?}"
            );
        }
    }

    #[test]
    fn intervals_of_nothing_are_still_intervals() {
        assert_eq!(Polling::steps([]).interval(Duration::ZERO), Duration::from_secs(60));
        assert_eq!(Polling::every(Duration::ZERO).interval(Duration::MAX), SHORTEST);
    }
}
