//! Many calls on a simulated clock, through an outage and out of it.

use super::{
    hosts::{Host, Route},
    planner::{Action, Ended, Situation},
    policy::RetryPolicy,
    retries::Retries,
};
use crate::error::{ErrorKind, Outcome};
use http::StatusCode;
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    ops::Range,
    time::{Duration, Instant, UNIX_EPOCH},
};

/// Calls a second.
const RATE: u64 = 1000;
const MILLISECOND: u64 = 1;
const SECOND: u64 = 1000 * MILLISECOND;
const MINUTE: u64 = 60 * SECOND;
/// How long one attempt takes.
const LATENCY: u64 = 20 * MILLISECOND;
const CALL_DEADLINE: u64 = 30 * SECOND;

/// What an attempt meets that begins at a time, in milliseconds, on a host; `None` is a success.
type World = fn(u64, Host) -> Option<Ended<'static>>;

#[derive(Debug, Clone, Copy)]
struct Call {
    begun: u64,
    attempts: u32,
    ended: Option<(u64, bool)>,
}

#[derive(Default)]
struct Run {
    calls: Vec<Call>,
    /// When each attempt began, and where it went.
    attempts: Vec<(u64, Host)>,
    /// The budget at each full second.
    budget: Vec<u64>,
}

impl Run {
    fn calls_in(&self, period: Range<u64>) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| period.contains(&call.begun))
    }

    fn attempts_in(&self, period: Range<u64>) -> impl Iterator<Item = Host> {
        self.attempts
            .iter()
            .filter(move |(begun, _)| period.contains(begun))
            .map(|(_, host)| *host)
    }

    /// Attempts for each hundred calls.
    fn traffic(&self, period: Range<u64>) -> u64 {
        let attempts = self.attempts_in(period.clone()).count() as u64;
        (attempts * 100).div_ceil(self.calls_in(period).count() as u64)
    }

    /// The most attempts in one second, for each hundred of its calls.
    fn peak(&self) -> u64 {
        let mut seconds = vec![0; self.attempts.len()];
        for (begun, _) in &self.attempts {
            seconds[(begun / SECOND) as usize] += 1;
        }
        seconds.into_iter().max().unwrap_or(0) * 100 / RATE
    }

    fn failures(&self, period: Range<u64>) -> usize {
        self.calls_in(period)
            .filter(|call| call.ended.is_none_or(|(_, success)| !success))
            .count()
    }
}

/// Runs calls at [`RATE`] for `length` milliseconds. Every other one must not be retried.
fn simulate(policy: RetryPolicy, length: u64, world: World) -> Run {
    let retries = Retries::new(policy, true);
    let start = Instant::now();
    let at = |time: u64| start + Duration::from_millis(time);
    let mut run = Run::default();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut agenda: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    // The attempt that each call has under way.
    let mut under_way: Vec<Option<(Route, Option<Ended<'static>>)>> = Vec::new();
    for number in 0..length * RATE / SECOND {
        let begun = number * SECOND / RATE;
        run.calls.push(Call {
            begun,
            attempts: 0,
            ended: None,
        });
        under_way.push(None);
    }
    agenda.push(Reverse((0, 0)));
    while let Some(Reverse((now, number))) = agenda.pop() {
        while run.budget.len() as u64 * SECOND <= now {
            run.budget.push(retries.budget.hundredths());
        }
        let retryable = number % 2 == 0;
        let next = run.calls.get(number + 1).map(|next| next.begun);
        let call = &mut run.calls[number];
        let Some((route, ended)) = under_way[number].take() else {
            let route = retries.route(retryable, at(now));
            call.attempts += 1;
            if let Some(begun) = next.filter(|_| call.attempts == 1) {
                agenda.push(Reverse((begun, number + 1)));
            }
            run.attempts.push((now, route.host));
            under_way[number] = Some((route, world(now, route.host)));
            agenda.push(Reverse((now + LATENCY, number)));
            continue;
        };
        let Some(ended) = ended else {
            retries.succeeded(route, at(now));
            call.ended = Some((now, true));
            continue;
        };
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let situation = Situation {
            retryable,
            attempts: call.attempts,
            earlier: &[],
            left: Duration::from_millis((call.begun + CALL_DEADLINE).saturating_sub(now)),
            now: UNIX_EPOCH + Duration::from_millis(now),
        };
        match retries.failed(route, &ended, &situation, seed, at(now)).0 {
            Action::Retry { after, permit, .. } => {
                permit.spend();
                agenda.push(Reverse((now + u64::try_from(after.as_millis()).unwrap(), number)));
            }
            Action::Stop(_) => call.ended = Some((now, false)),
        }
    }
    run
}

fn refused() -> Ended<'static> {
    Ended {
        outcome: Outcome::NotSent,
        kind: ErrorKind::Connect,
        status: None,
        signature_probe: false,
        retry_after: None,
        cut_short: false,
    }
}

fn status(status: StatusCode) -> Ended<'static> {
    Ended {
        outcome: Outcome::Unknown,
        kind: ErrorKind::Service,
        status: Some(status),
        ..refused()
    }
}

const OUTAGE: Range<u64> = MINUTE..11 * MINUTE;

#[test]
fn c19_an_outage_of_ten_minutes_adds_at_most_a_tenth_of_traffic_and_is_over_within_a_second() {
    let outages: [(&str, World); 4] = [
        ("connections refused", |now, _| OUTAGE.contains(&now).then(refused)),
        ("status 503", |now, _| {
            OUTAGE.contains(&now).then(|| status(StatusCode::SERVICE_UNAVAILABLE))
        }),
        ("status 429", |now, _| {
            OUTAGE.contains(&now).then(|| Ended {
                retry_after: Some("1000000000"),
                ..status(StatusCode::TOO_MANY_REQUESTS)
            })
        }),
        ("no response", |now, _| {
            OUTAGE.contains(&now).then(|| Ended {
                outcome: Outcome::Unknown,
                kind: ErrorKind::Interrupted,
                ..refused()
            })
        }),
    ];
    for (name, world) in outages {
        let run = simulate(RetryPolicy::default(), 12 * MINUTE, world);
        let end = OUTAGE.end;
        assert_eq!(run.calls_in(OUTAGE).count(), 600_000);
        assert!(run.traffic(OUTAGE) <= 110, "{name}: {} %", run.traffic(OUTAGE));
        // Not one second is worse.
        assert!(run.peak() <= 110, "{name}: {} %", run.peak());
        // Retries were made, though.
        assert!(run.attempts_in(OUTAGE).count() > 600_000, "{name}");
        // Every call from the end on succeeds at once, and a second later the budget is as before.
        assert_eq!(run.failures(end..12 * MINUTE), 0, "{name}");
        assert!(run.calls_in(end..12 * MINUTE).all(|call| call.attempts == 1), "{name}");
        let a_second_later = run.budget[(end / SECOND + 1) as usize];
        assert!(a_second_later > 9_500, "{name}: {a_second_later}");
    }
}

#[test]
fn c19_where_only_some_attempts_fail_retries_stay_within_a_tenth() {
    // Three of ten, for as long as you like.
    let world: World = |now, _| (now % 10 < 3).then(|| status(StatusCode::INTERNAL_SERVER_ERROR));
    let run = simulate(RetryPolicy::default(), 5 * MINUTE, world);
    assert!(run.traffic(0..5 * MINUTE) <= 110, "{} %", run.traffic(0..5 * MINUTE));
}

#[test]
fn c19_a_short_fault_is_hidden_from_those_whose_request_may_be_retried() {
    const FAULT: Range<u64> = MINUTE..MINUTE + 50 * MILLISECOND;
    let world: World = |now, _| FAULT.contains(&now).then(refused);
    let run = simulate(RetryPolicy::default(), 2 * MINUTE, world);
    // Fifty calls meet it; a few may meet it three times.
    assert!(run.failures(0..2 * MINUTE) <= 3, "{}", run.failures(0..2 * MINUTE));
}

#[test]
fn c20_an_outage_of_the_main_host_is_spent_on_the_backup_host() {
    let world: World = |now, host| (OUTAGE.contains(&now) && host == Host::Main).then(refused);
    let run = simulate(RetryPolicy::default(), 13 * MINUTE, world);
    // The requests were never sent, so all of them were retried: no caller noticed the outage.
    assert_eq!(run.failures(0..13 * MINUTE), 0);
    // Those under way when it began, and one host check a minute.
    let on_main = run.attempts_in(OUTAGE).filter(|host| *host == Host::Main).count();
    assert!((10..=40).contains(&on_main), "{on_main}");
    // After at most a minute all calls are back on the main host.
    let later = OUTAGE.end + MINUTE + SECOND;
    assert!(run.attempts_in(later..13 * MINUTE).all(|host| host == Host::Main));
    // Before the outage no call had left the main host.
    assert!(run.attempts_in(0..OUTAGE.start).all(|host| host == Host::Main));
}

#[test]
fn c20_a_flapping_main_host_does_not_drag_the_calls_to_and_fro() {
    // Up in every other second.
    let world: World = |now, host| ((now / SECOND).is_multiple_of(2) && host == Host::Main).then(refused);
    let run = simulate(RetryPolicy::default(), 10 * MINUTE, world);
    assert_eq!(run.failures(0..10 * MINUTE), 0);
    assert!(run.traffic(0..10 * MINUTE) <= 101);
}

#[test]
fn s3_calls_with_a_short_deadline_move_nobody_off_the_host_that_is_up() {
    // While the main host is down, one of a hundred calls gives its attempt 5 ms.
    let world: World = |now, host| {
        let hurried = now % 100 == 7;
        match host {
            Host::Main if OUTAGE.contains(&now) => Some(refused()),
            _ if hurried => Some(Ended {
                outcome: Outcome::Unknown,
                kind: ErrorKind::Timeout,
                cut_short: true,
                ..refused()
            }),
            _ => None,
        }
    };
    let run = simulate(RetryPolicy::default(), 13 * MINUTE, world);
    // Those under way when the outage began, and one host check a minute.
    let on_main = run.attempts_in(OUTAGE).filter(|host| *host == Host::Main).count();
    assert!((10..=40).contains(&on_main), "{on_main}");
    // No call leaves the main host before the outage, or after the host check that follows it.
    assert!(run.attempts_in(0..OUTAGE.start).all(|host| host == Host::Main));
    let later = OUTAGE.end + 2 * MINUTE;
    assert!(run.attempts_in(later..13 * MINUTE).all(|host| host == Host::Main));
}
