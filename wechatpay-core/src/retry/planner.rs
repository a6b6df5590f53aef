//! What follows a failed attempt: a retry, or the end of the call.

use super::{
    budget::{Budget, Permit},
    hosts::Health,
    policy::RetryPolicy,
    retry_after,
};
use crate::error::{ErrorKind, Outcome};
use http::StatusCode;
use std::time::{Duration, SystemTime};

/// How an attempt failed, as far as a retry depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended<'a> {
    pub(crate) outcome: Outcome,
    pub(crate) kind: ErrorKind,
    /// The status, when there was a response.
    pub(crate) status: Option<StatusCode>,
    /// Whether the response had a signature probe, `WECHATPAY/SIGNTEST/`.
    pub(crate) signature_probe: bool,
    /// The response's header `Retry-After`.
    pub(crate) retry_after: Option<&'a str>,
    /// It timed out before its full attempt timeout, because the deadline of the call was near.
    pub(crate) cut_short: bool,
}

/// The state of a call after a failed attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    /// The request is a `GET` or declared `idempotent`.
    pub(crate) retryable: bool,
    /// How many attempts were made, this one included.
    pub(crate) attempts: u32,
    /// The [causes](Action::Retry::cause) of the earlier retries of this call.
    pub(crate) earlier: &'a [Cause],
    /// The time until the deadline of the call.
    pub(crate) left: Duration,
    /// The time of day, for a `Retry-After` that is a date.
    pub(crate) now: SystemTime,
}

/// What to do next.
#[derive(Debug)]
pub(crate) enum Action<'a> {
    /// Wait, then send the same bytes again.
    Retry {
        /// How long to wait; the deadline is later than that.
        after: Duration,
        /// Why.
        cause: Cause,
        /// The price. [Spend](Permit::spend) it when the wait is over.
        permit: Permit<'a>,
    },
    /// The call ends with the error of this attempt.
    Stop(StopReason),
}

/// Why a failed attempt is worth a retry.
///
/// ```
/// use wechatpay_core::observe::RetryCause;
///
/// let label = |cause: RetryCause| format!("{cause:?}");
/// assert_eq!(label(RetryCause::Throttled), "Throttled");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The request did not reach the server.
    NotSent,
    /// No response, or none in time.
    NoResponse,
    /// A status of 500 or more.
    ServerError,
    /// Status 429: too many requests.
    Throttled,
    /// Status 202: accepted without a result. The service requires the same request again.
    NotFinal,
    /// The response carried a signature probe.
    SignatureProbe,
}

/// Why a call is not retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// A retry would change nothing.
    Final,
    /// A retry could execute the request twice.
    NotRetryable,
    /// There were as many attempts as the policy allows.
    Attempts,
    /// The wait would not end before the deadline.
    Deadline,
    /// The budget for retries is used up.
    Budget,
}

impl Ended<'_> {
    /// Why a retry is worth it, if the request may be retried.
    fn cause(&self) -> Option<Cause> {
        match self.outcome {
            Outcome::NotSent => return Some(Cause::NotSent),
            Outcome::Local | Outcome::Rejected => return None,
            Outcome::Unknown => {}
        }
        match self.status.map(|status| status.as_u16()) {
            Some(408) => return Some(Cause::NoResponse),
            Some(429) => return Some(Cause::Throttled),
            Some(500..) => return Some(Cause::ServerError),
            _ => {}
        }
        match self.kind {
            ErrorKind::Interrupted | ErrorKind::Timeout => Some(Cause::NoResponse),
            ErrorKind::NotFinal => Some(Cause::NotFinal),
            // Any other response without a valid signature may be forged, and the next one would be forged too.
            ErrorKind::Unverified if self.signature_probe => Some(Cause::SignatureProbe),
            _ => None,
        }
    }

    /// What this shows about the host.
    pub(crate) fn health(&self) -> Health {
        // Only an attempt with its full attempt timeout proves that a host is down. A shorter deadline proves nothing.
        if self.kind == ErrorKind::Timeout && self.cut_short {
            return Health::Unclear;
        }
        match (self.outcome, self.kind, self.status.map(|status| status.as_u16())) {
            (Outcome::NotSent, _, _) | (Outcome::Unknown, _, Some(502..=504)) => Health::Down,
            (Outcome::Unknown, ErrorKind::Interrupted | ErrorKind::Timeout, _) => Health::Down,
            (Outcome::Local, _, _) | (_, ErrorKind::Unverified, _) => Health::Unclear,
            (_, _, Some(_)) => Health::Up,
            (_, _, None) => Health::Unclear,
        }
    }

    /// Whether the service itself refused: it is up, and it responded.
    pub(super) fn is_authentic_refusal(&self) -> bool {
        self.outcome == Outcome::Rejected
    }
}

impl Cause {
    /// How many retries of one call it can be the cause of. The policy limits the attempts of a call beside that.
    fn most_retries(self) -> usize {
        match self {
            Self::SignatureProbe => 1,
            Self::NotSent | Self::NoResponse | Self::ServerError | Self::Throttled | Self::NotFinal => usize::MAX,
        }
    }
}

/// Decides what follows a failed attempt. `random` is evenly distributed over all of `u64`.
///
/// The budget is asked last, so that it pays for nothing but retries.
pub(crate) fn plan<'a>(
    policy: &RetryPolicy,
    ended: &Ended<'_>,
    situation: &Situation<'_>,
    budget: &'a Budget,
    random: u64,
) -> Action<'a> {
    let Some(cause) = ended.cause() else {
        return Action::Stop(StopReason::Final);
    };
    if cause != Cause::NotSent && !situation.retryable {
        return Action::Stop(StopReason::NotRetryable);
    }
    let before = situation.earlier.iter().filter(|earlier| **earlier == cause);
    if before.count() >= cause.most_retries() {
        return Action::Stop(StopReason::Final);
    }
    if situation.attempts >= policy.attempts {
        return Action::Stop(StopReason::Attempts);
    }
    let after = wait(policy, cause, ended, situation, random);
    if after >= situation.left {
        return Action::Stop(StopReason::Deadline);
    }
    let price = if cause == Cause::Throttled {
        policy.throttled_cost
    } else {
        1
    };
    match budget.withdraw(price) {
        Some(permit) => Action::Retry { after, cause, permit },
        None => Action::Stop(StopReason::Budget),
    }
}

/// The backoff, on top of what the server asks for, up to the longest backoff; after 429 at least the wait for that.
fn wait(policy: &RetryPolicy, cause: Cause, ended: &Ended<'_>, situation: &Situation<'_>, random: u64) -> Duration {
    let least = if cause == Cause::Throttled {
        policy.throttled_wait
    } else {
        Duration::ZERO
    };
    let asked = ended
        .retry_after
        .and_then(|text| retry_after::wait(text, situation.now))
        .unwrap_or_default();
    asked
        .max(least)
        .saturating_add(backoff(policy, situation.attempts, random))
        .min(policy.longest_backoff)
        .max(least)
}

/// Full jitter: evenly from zero up to the limit, which doubles with each attempt.
fn backoff(policy: &RetryPolicy, attempts: u32, random: u64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    let limit = policy
        .first_backoff
        .saturating_mul(1 << doublings)
        .min(policy.longest_backoff);
    // `random` as a fraction of 2^64, of the limit in nanoseconds. The limit is at most 584 years.
    let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    let nanos = (u128::from(limit) * u128::from(random)) >> 64;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
