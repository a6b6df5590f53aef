//! Which host the next attempt goes to: the main one, or the backup while the main one is down.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// One of the two hosts. Behind both is the same service with the same orders, so a retry may go to either, under the
/// same rules as any retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Host {
    /// The host that is used when nothing is wrong: `api.mch.weixin.qq.com`.
    Main,
    /// The backup host (备用域名): `api2.mch.weixin.qq.com`.
    Backup,
}

/// What an attempt showed about its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// It responded.
    Up,
    /// It could not be reached, closed the connection, sent nothing for a full attempt timeout, or its gateway had no
    /// server.
    Down,
    /// Neither is proved.
    Unclear,
}

/// Where an attempt goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) host: Host,
    /// How many switches there were when the attempt began. Its report counts only if there was none since: attempts
    /// that failed together must switch once.
    switches: u64,
}

/// The preferred host of all calls of a client.
///
/// The first attempt that finds the preferred host down moves all calls to the other host. On the backup host, one
/// retryable request after `stay` goes to the main host (the host check). If the main host responds, all calls move
/// back. Otherwise the next check follows after another `stay`. A request that must not be retried is never used as a
/// host check.
#[derive(Debug)]
pub(crate) struct Hosts {
    has_backup: bool,
    stay: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    preferred: Host,
    switches: u64,
    /// When the next host check is due; never, if that is beyond the clock.
    check_at: Option<Instant>,
}

impl Hosts {
    pub(crate) fn new(has_backup: bool, stay: Duration) -> Self {
        let state = Mutex::new(State {
            preferred: Host::Main,
            switches: 0,
            check_at: None,
        });
        Self {
            has_backup,
            stay,
            state,
        }
    }

    /// Where to send the next attempt.
    pub(crate) fn route(&self, retryable: bool, now: Instant) -> Route {
        let mut state = self.state();
        let is_check =
            state.preferred == Host::Backup && retryable && state.check_at.is_some_and(|check_at| now >= check_at);
        let host = if is_check {
            // Set now, so that another check follows when this attempt is dropped.
            state.check_at = now.checked_add(self.stay);
            Host::Main
        } else {
            state.preferred
        };
        Route {
            host,
            switches: state.switches,
        }
    }

    /// Records the health that an attempt observed. Returns the new host if this changes the host of all calls.
    pub(crate) fn record(&self, route: Route, health: Health, now: Instant) -> Option<Host> {
        let mut state = self.state();
        if !self.has_backup || route.switches != state.switches {
            return None;
        }
        let next = match (health, state.preferred, route.host) {
            (Health::Up, Host::Backup, Host::Main) | (Health::Down, Host::Backup, Host::Backup) => Host::Main,
            (Health::Down, Host::Main, Host::Main) => Host::Backup,
            _ => return None,
        };
        state.preferred = next;
        state.switches += 1;
        state.check_at = now.checked_add(self.stay);
        Some(next)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAY: Duration = Duration::from_secs(60);

    fn hosts() -> (Hosts, Instant) {
        (Hosts::new(true, STAY), Instant::now())
    }

    /// Sends a retryable request at `now` and reports `health` for its host.
    fn attempt(hosts: &Hosts, now: Instant, health: impl Fn(Host) -> Health) -> Host {
        let route = hosts.route(true, now);
        hosts.record(route, health(route.host), now);
        route.host
    }

    fn only_backup_is_up(host: Host) -> Health {
        if host == Host::Backup { Health::Up } else { Health::Down }
    }

    #[test]
    fn c20_the_switch_to_the_backup_host_is_sticky() {
        let (hosts, start) = hosts();
        assert_eq!(attempt(&hosts, start, only_backup_is_up), Host::Main);
        for second in 0..60 {
            let now = start + Duration::from_secs(second);
            assert_eq!(
                attempt(&hosts, now, only_backup_is_up),
                Host::Backup,
                "after {second} s"
            );
        }
    }

    #[test]
    fn c20_one_request_checks_the_main_host_and_its_response_moves_everyone_back() {
        let (hosts, start) = hosts();
        attempt(&hosts, start, only_backup_is_up);
        let now = start + STAY;
        let check = hosts.route(true, now);
        assert_eq!(check.host, Host::Main);
        // During the host check, other calls stay.
        for _ in 0..100 {
            assert_eq!(hosts.route(true, now).host, Host::Backup);
        }
        hosts.record(check, Health::Up, now);
        assert_eq!(hosts.route(true, now).host, Host::Main);
    }

    #[test]
    fn c20_a_failed_or_abandoned_host_check_is_followed_by_another_after_the_same_time() {
        for health in [Some(Health::Down), Some(Health::Unclear), None] {
            let (hosts, start) = hosts();
            attempt(&hosts, start, only_backup_is_up);
            let check = hosts.route(true, start + STAY);
            assert_eq!(check.host, Host::Main);
            if let Some(health) = health {
                hosts.record(check, health, start + STAY);
            }
            assert_eq!(
                hosts.route(true, start + STAY * 2 - Duration::from_nanos(1)).host,
                Host::Backup
            );
            assert_eq!(hosts.route(true, start + STAY * 2).host, Host::Main);
        }
    }

    #[test]
    fn c20_a_request_that_must_not_be_retried_is_never_a_host_check() {
        let (hosts, start) = hosts();
        attempt(&hosts, start, only_backup_is_up);
        let later = start + STAY * 10;
        assert_eq!(hosts.route(false, later).host, Host::Backup);
        assert_eq!(hosts.route(true, later).host, Host::Main);
    }

    #[test]
    fn c20_attempts_that_fail_together_switch_once() {
        let (hosts, start) = hosts();
        let together: Vec<Route> = (0..1000).map(|_| hosts.route(true, start)).collect();
        for route in together {
            hosts.record(route, Health::Down, start);
        }
        assert_eq!(hosts.route(true, start).host, Host::Backup);
    }

    #[test]
    fn c20_a_late_response_of_the_main_host_is_no_sign_of_its_recovery() {
        let (hosts, start) = hosts();
        let early = hosts.route(true, start);
        attempt(&hosts, start, only_backup_is_up);
        hosts.record(early, Health::Up, start);
        assert_eq!(hosts.route(true, start).host, Host::Backup);
    }

    #[test]
    fn c20_when_the_backup_host_is_down_too_the_main_one_is_tried() {
        let (hosts, start) = hosts();
        let everything_is_down = |_| Health::Down;
        let tried: Vec<Host> = (0..4).map(|_| attempt(&hosts, start, everything_is_down)).collect();
        assert_eq!(tried, [Host::Main, Host::Backup, Host::Main, Host::Backup]);
    }

    #[test]
    fn c20_a_flapping_main_host_is_left_at_most_once_a_stay() {
        let (hosts, start) = hosts();
        let mut failures = 0;
        // An attempt each 100 ms for ten minutes; the main host is up in every other second.
        for tick in 0..6000u64 {
            let now = start + Duration::from_millis(tick * 100);
            let up = |host| {
                if host == Host::Backup || (tick / 10) % 2 == 1 {
                    Health::Up
                } else {
                    Health::Down
                }
            };
            let host = attempt(&hosts, now, up);
            failures += u32::from(up(host) == Health::Down);
        }
        assert!(failures <= 11, "{failures}");
    }

    #[test]
    fn without_a_backup_host_there_is_only_the_main_one() {
        let hosts = Hosts::new(false, STAY);
        let start = Instant::now();
        for _ in 0..10 {
            assert_eq!(attempt(&hosts, start, |_| Health::Down), Host::Main);
        }
    }

    #[test]
    fn a_stay_beyond_the_clock_is_for_ever() {
        let hosts = Hosts::new(true, Duration::MAX);
        let start = Instant::now();
        attempt(&hosts, start, only_backup_is_up);
        assert_eq!(hosts.route(true, start + STAY * 1000).host, Host::Backup);
    }
}
