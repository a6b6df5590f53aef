//! What the calls of one client share: the policy, the budget, and which host is up.

use super::{
    budget::Budget,
    hosts::{Health, Host, Hosts, Route},
    planner::{self, Action, Ended, Situation},
    policy::RetryPolicy,
};
use std::time::Instant;

/// What the calls of one client share: the policy, the budget, and which host is up.
#[derive(Debug)]
pub(crate) struct Retries {
    policy: RetryPolicy,
    pub(super) budget: Budget,
    hosts: Hosts,
}

impl Retries {
    /// `has_backup` is whether there is a backup host.
    pub(crate) fn new(policy: RetryPolicy, has_backup: bool) -> Self {
        let budget = Budget::new(&policy);
        let hosts = Hosts::new(has_backup, policy.backup_stay);
        Self { policy, budget, hosts }
    }

    /// Where the next attempt goes. Ask right before it is sent: this attempt may become the host check.
    pub(crate) fn route(&self, retryable: bool, now: Instant) -> Route {
        self.hosts.route(retryable, now)
    }

    /// An attempt returned the result of the call. Returns the new host if this changes the host of all calls.
    pub(crate) fn succeeded(&self, route: Route, now: Instant) -> Option<Host> {
        self.budget.earn();
        self.hosts.record(route, Health::Up, now)
    }

    /// An attempt failed. Returns what to do next, and the new host if this changes the host of all calls. `random` is
    /// evenly distributed over `u64`.
    pub(crate) fn failed(
        &self,
        route: Route,
        ended: &Ended<'_>,
        situation: &Situation<'_>,
        random: u64,
        now: Instant,
    ) -> (Action<'_>, Option<Host>) {
        if ended.is_authentic_refusal() {
            self.budget.earn();
        }
        let switched = self.hosts.record(route, ended.health(), now);
        let action = planner::plan(&self.policy, ended, situation, &self.budget, random);
        (action, switched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::error::Outcome;
    use crate::retry::hosts::Host;
    use http::StatusCode;
    use std::time::{Duration, SystemTime};

    #[test]
    fn responses_of_the_service_earn_and_everything_else_does_not() {
        let retries = Retries::new(RetryPolicy::default(), true);
        let now = Instant::now();
        let situation = Situation {
            retryable: false,
            attempts: 1,
            earlier: &[],
            left: Duration::from_secs(30),
            now: SystemTime::UNIX_EPOCH,
        };
        let fail = |outcome, status| {
            let status = StatusCode::from_u16(status).ok();
            let ended = Ended {
                outcome,
                kind: ErrorKind::Service,
                status,
                signature_probe: false,
                retry_after: None,
                cut_short: false,
            };
            let _ = retries.failed(retries.route(false, now), &ended, &situation, 0, now);
        };
        retries.budget.withdraw(1).unwrap().spend();
        assert_eq!(retries.budget.hundredths(), 9_900);
        retries.succeeded(retries.route(false, now), now);
        assert_eq!(retries.budget.hundredths(), 9_910);
        fail(Outcome::Rejected, 400);
        assert_eq!(retries.budget.hundredths(), 9_920);
        for status in [400, 429, 500, 503] {
            fail(Outcome::Unknown, status);
        }
        assert_eq!(retries.budget.hundredths(), 9_920);
        // The last of them also said that the main host is down.
        assert_eq!(retries.route(false, now).host, Host::Backup);
    }

    #[test]
    fn c20_calls_stay_on_the_backup_host_as_long_as_the_policy_says() {
        let stay = Duration::from_secs(7);
        let retries = Retries::new(RetryPolicy::default().backup_stay(stay), true);
        let now = Instant::now();
        retries.hosts.record(retries.route(true, now), Health::Down, now);
        let just_before = now + stay - Duration::from_nanos(1);
        assert_eq!(retries.route(true, just_before).host, Host::Backup);
        assert_eq!(retries.route(true, now + stay).host, Host::Main);
    }
}
