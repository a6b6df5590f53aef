use super::*;
use proptest::{option, prelude::*, sample::select};
use std::time::UNIX_EPOCH;

const SECOND: Duration = Duration::from_secs(1);
/// Half of the way up to the backoff's limit.
const HALF: u64 = 1 << 63;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(784_111_777) // Sun, 06 Nov 1994 08:49:37 GMT
}

fn ended(outcome: Outcome, kind: ErrorKind, status: u16) -> Ended<'static> {
    let status = (status > 0).then(|| StatusCode::from_u16(status).unwrap());
    Ended {
        outcome,
        kind,
        status,
        signature_probe: false,
        retry_after: None,
        cut_short: false,
    }
}

fn first_of(retryable: bool) -> Situation<'static> {
    Situation {
        retryable,
        attempts: 1,
        earlier: &[],
        left: 30 * SECOND,
        now: now(),
    }
}

/// What is planned with a full budget: the wait and its cause.
fn planned(ended: &Ended<'_>, situation: &Situation<'_>, random: u64) -> Result<(Duration, Cause), StopReason> {
    let policy = RetryPolicy::default();
    match plan(&policy, ended, situation, &Budget::new(&policy), random) {
        Action::Retry {
            after,
            cause,
            permit: _,
        } => Ok((after, cause)),
        Action::Stop(reason) => Err(reason),
    }
}

fn cause(ended: &Ended<'_>, retryable: bool) -> Result<Cause, StopReason> {
    planned(ended, &first_of(retryable), HALF).map(|(_, cause)| cause)
}

#[test]
fn every_end_of_an_attempt_has_its_consequence() {
    use ErrorKind::*;
    use Outcome::*;
    // How the attempt ended, and what follows for a retryable request and for any other.
    for (outcome, kind, status, retryable, other) in [
        (NotSent, Connect, 0, Ok(Cause::NotSent), Ok(Cause::NotSent)),
        (NotSent, Timeout, 0, Ok(Cause::NotSent), Ok(Cause::NotSent)),
        (
            Unknown,
            Interrupted,
            0,
            Ok(Cause::NoResponse),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Interrupted,
            200,
            Ok(Cause::NoResponse),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Timeout,
            0,
            Ok(Cause::NoResponse),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            408,
            Ok(Cause::NoResponse),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            429,
            Ok(Cause::Throttled),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            500,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            502,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            503,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Service,
            504,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            Unverified,
            503,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            TooLarge,
            502,
            Ok(Cause::ServerError),
            Err(StopReason::NotRetryable),
        ),
        (
            Unknown,
            NotFinal,
            202,
            Ok(Cause::NotFinal),
            Err(StopReason::NotRetryable),
        ),
        (Unknown, Unverified, 200, Err(StopReason::Final), Err(StopReason::Final)),
        (Unknown, Unverified, 202, Err(StopReason::Final), Err(StopReason::Final)),
        (
            Unknown,
            Undecodable,
            200,
            Err(StopReason::Final),
            Err(StopReason::Final),
        ),
        (Unknown, Mismatched, 200, Err(StopReason::Final), Err(StopReason::Final)),
        (Unknown, TooLarge, 200, Err(StopReason::Final), Err(StopReason::Final)),
        (Unknown, Service, 302, Err(StopReason::Final), Err(StopReason::Final)),
        (Unknown, Service, 400, Err(StopReason::Final), Err(StopReason::Final)),
        (Unknown, Service, 404, Err(StopReason::Final), Err(StopReason::Final)),
        (Rejected, Service, 400, Err(StopReason::Final), Err(StopReason::Final)),
        (Rejected, Service, 429, Err(StopReason::Final), Err(StopReason::Final)),
        (Rejected, Service, 500, Err(StopReason::Final), Err(StopReason::Final)),
        (Local, Signing, 0, Err(StopReason::Final), Err(StopReason::Final)),
        (Local, Timeout, 0, Err(StopReason::Final), Err(StopReason::Final)),
    ] {
        let ended = ended(outcome, kind, status);
        assert_eq!(cause(&ended, true), retryable, "retryable: {ended:?}");
        assert_eq!(cause(&ended, false), other, "not retryable: {ended:?}");
    }
}

#[test]
fn every_end_of_an_attempt_says_what_it_shows_about_the_host() {
    use ErrorKind::*;
    use Outcome::*;
    for (outcome, kind, status, health) in [
        (NotSent, Connect, 0, Health::Down),
        (Unknown, Interrupted, 0, Health::Down),
        (Unknown, Interrupted, 200, Health::Down),
        (Unknown, Timeout, 0, Health::Down),
        (Unknown, Service, 502, Health::Down),
        (Unknown, Service, 503, Health::Down),
        (Unknown, Service, 504, Health::Down),
        (Unknown, Unverified, 504, Health::Down),
        (Unknown, Service, 500, Health::Up),
        (Unknown, Service, 429, Health::Up),
        (Unknown, Service, 505, Health::Up),
        (Unknown, Undecodable, 200, Health::Up),
        (Unknown, NotFinal, 202, Health::Up),
        (Rejected, Service, 400, Health::Up),
        (Rejected, Service, 503, Health::Up),
        (Unknown, Unverified, 200, Health::Unclear),
        (Unknown, Key, 0, Health::Unclear),
        (Local, Signing, 0, Health::Unclear),
        (Local, Timeout, 0, Health::Unclear),
    ] {
        let ended = ended(outcome, kind, status);
        assert_eq!(ended.health(), health, "{ended:?}");
    }
}

#[test]
fn s3_a_timeout_before_the_full_attempt_timeout_shows_nothing_about_the_host() {
    let hurried = |kind| Ended {
        cut_short: true,
        ..ended(Outcome::Unknown, kind, 0)
    };
    assert_eq!(hurried(ErrorKind::Timeout).health(), Health::Unclear);
    // Whether the call is retried is another question.
    assert_eq!(cause(&hurried(ErrorKind::Timeout), true), Ok(Cause::NoResponse));
    // A connection that breaks shows the same, however little time is left.
    assert_eq!(hurried(ErrorKind::Interrupted).health(), Health::Down);
}

#[test]
fn a10_a_signature_probe_is_retried_once_and_only_for_a_retryable_request() {
    let probe = Ended {
        signature_probe: true,
        ..ended(Outcome::Unknown, ErrorKind::Unverified, 200)
    };
    assert_eq!(cause(&probe, true), Ok(Cause::SignatureProbe));
    assert_eq!(cause(&probe, false), Err(StopReason::NotRetryable));
    let again = Situation {
        attempts: 2,
        earlier: &[Cause::SignatureProbe],
        ..first_of(true)
    };
    assert_eq!(planned(&probe, &again, HALF), Err(StopReason::Final));
    // Other faults after a probe are retried as ever.
    let interrupted = ended(Outcome::Unknown, ErrorKind::Interrupted, 0);
    assert!(planned(&interrupted, &again, HALF).is_ok());
}

#[test]
fn the_backoff_doubles_up_to_the_longest_and_is_drawn_from_zero() {
    let policy = RetryPolicy::default().attempts(u32::MAX);
    let ended = ended(Outcome::NotSent, ErrorKind::Connect, 0);
    let wait = |attempts, random| {
        let situation = Situation {
            attempts,
            ..first_of(false)
        };
        match plan(&policy, &ended, &situation, &Budget::new(&policy), random) {
            Action::Retry { after, .. } => after,
            Action::Stop(reason) => panic!("{reason:?}"),
        }
    };
    let limits = [200, 400, 800, 1600, 3200, 5000, 5000];
    for (attempts, limit) in (1..).zip(limits) {
        let limit = Duration::from_millis(limit);
        assert_eq!(wait(attempts, 0), Duration::ZERO);
        assert_eq!(wait(attempts, HALF), limit / 2, "after {attempts} attempts");
        assert!(wait(attempts, u64::MAX) <= limit);
        assert!(wait(attempts, u64::MAX) > limit - Duration::from_micros(1));
    }
    assert_eq!(wait(u32::MAX - 1, HALF), Duration::from_millis(2500));
}

#[test]
fn a_backoff_beyond_reason_neither_overflows_nor_waits() {
    let policy = RetryPolicy::default()
        .backoff(Duration::MAX, Duration::MAX)
        .throttled_wait(Duration::MAX);
    let ended = Ended {
        retry_after: Some("9"),
        ..ended(Outcome::Unknown, ErrorKind::Service, 429)
    };
    let budget = Budget::new(&policy);
    let action = plan(&policy, &ended, &first_of(true), &budget, u64::MAX);
    assert!(matches!(action, Action::Stop(StopReason::Deadline)));
}

#[test]
fn c11_after_429_at_least_a_second_is_waited_and_the_price_is_higher() {
    let throttled = ended(Outcome::Unknown, ErrorKind::Service, 429);
    assert_eq!(planned(&throttled, &first_of(true), 0).unwrap().0, SECOND);
    assert_eq!(
        planned(&throttled, &first_of(true), HALF).unwrap().0,
        SECOND + Duration::from_millis(100)
    );
    // Also where the longest backoff is shorter.
    let policy = RetryPolicy::default().backoff(Duration::from_millis(10), Duration::from_millis(20));
    let budget = Budget::new(&policy);
    match plan(&policy, &throttled, &first_of(true), &budget, u64::MAX) {
        Action::Retry { after, permit, .. } => {
            assert_eq!(after, SECOND);
            permit.spend();
        }
        Action::Stop(reason) => panic!("{reason:?}"),
    }
    assert_eq!(budget.hundredths(), 9_500);
    match plan(
        &policy,
        &ended(Outcome::NotSent, ErrorKind::Connect, 0),
        &first_of(true),
        &budget,
        0,
    ) {
        Action::Retry { permit, .. } => permit.spend(),
        Action::Stop(reason) => panic!("{reason:?}"),
    }
    assert_eq!(budget.hundredths(), 9_400);
}

#[test]
fn c11_the_price_after_429_is_that_of_the_policy_and_never_nothing() {
    let throttled = ended(Outcome::Unknown, ErrorKind::Service, 429);
    for (cost, left) in [(7, 9_300), (1, 9_900), (0, 9_900)] {
        let policy = RetryPolicy::default().throttled_cost(cost);
        let budget = Budget::new(&policy);
        match plan(&policy, &throttled, &first_of(true), &budget, 0) {
            Action::Retry { permit, .. } => permit.spend(),
            Action::Stop(reason) => panic!("{reason:?}"),
        }
        assert_eq!(budget.hundredths(), left, "{cost}");
    }
}

#[test]
fn c14_retry_after_lengthens_the_wait_within_the_longest_backoff() {
    let jitter = Duration::from_millis(100);
    for (retry_after, status, expected) in [
        ("0", 503, jitter),
        ("-1", 503, jitter),
        ("soon", 503, jitter),
        ("", 503, jitter),
        ("\u{1F600}", 503, jitter),
        ("Sun, 06 Nov 1994 08:49:30 GMT", 503, jitter),
        ("1", 503, SECOND + jitter),
        ("3", 503, 3 * SECOND + jitter),
        ("Sun, 06 Nov 1994 08:49:40 GMT", 503, 3 * SECOND + jitter),
        ("5", 503, 5 * SECOND),
        ("1000000000", 503, 5 * SECOND),
        ("99999999999999999999999999", 503, 5 * SECOND),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 503, 5 * SECOND),
        ("0", 429, SECOND + jitter),
        ("-1", 429, SECOND + jitter),
        ("2", 429, 2 * SECOND + jitter),
        ("1000000000", 429, 5 * SECOND),
    ] {
        let ended = Ended {
            retry_after: Some(retry_after),
            ..ended(Outcome::Unknown, ErrorKind::Service, status)
        };
        assert_eq!(
            planned(&ended, &first_of(true), HALF).unwrap().0,
            expected,
            "{status} {retry_after:?}"
        );
        let short = Situation {
            left: expected,
            ..first_of(true)
        };
        assert_eq!(
            planned(&ended, &short, HALF),
            Err(StopReason::Deadline),
            "{status} {retry_after:?}"
        );
    }
}

#[test]
fn c18_no_wait_reaches_the_deadline() {
    let ended = ended(Outcome::NotSent, ErrorKind::Connect, 0);
    let wait = Duration::from_millis(100);
    let left = |left| planned(&ended, &Situation { left, ..first_of(true) }, HALF);
    assert_eq!(left(wait + Duration::from_nanos(1)), Ok((wait, Cause::NotSent)));
    assert_eq!(left(wait), Err(StopReason::Deadline));
    assert_eq!(left(Duration::ZERO), Err(StopReason::Deadline));
    // Not even a wait of nothing is begun when nothing is left.
    let none = Situation {
        left: Duration::ZERO,
        ..first_of(true)
    };
    assert_eq!(planned(&ended, &none, 0), Err(StopReason::Deadline));
}

#[test]
fn the_attempts_are_those_of_the_policy() {
    let ended = ended(Outcome::NotSent, ErrorKind::Connect, 0);
    let after = |policy: &RetryPolicy, attempts| {
        let situation = Situation {
            attempts,
            ..first_of(true)
        };
        matches!(
            plan(policy, &ended, &situation, &Budget::new(policy), 0),
            Action::Retry { .. }
        )
    };
    let policy = RetryPolicy::default();
    assert!(after(&policy, 1));
    assert!(after(&policy, 2));
    assert!(!after(&policy, 3));
    for policy in [RetryPolicy::never(), policy.clone().attempts(1), policy.attempts(0)] {
        assert!(!after(&policy, 1), "{policy:?}");
    }
}

#[test]
fn an_empty_budget_ends_the_call_and_a_stop_costs_nothing() {
    let policy = RetryPolicy::default().budget_burst(1);
    let budget = Budget::new(&policy);
    let not_sent = ended(Outcome::NotSent, ErrorKind::Connect, 0);
    for stopped in [
        Situation {
            attempts: 3,
            ..first_of(true)
        },
        Situation {
            left: Duration::ZERO,
            ..first_of(true)
        },
    ] {
        assert!(matches!(
            plan(&policy, &not_sent, &stopped, &budget, 0),
            Action::Stop(_)
        ));
    }
    let held = plan(&policy, &not_sent, &first_of(true), &budget, 0);
    assert!(matches!(held, Action::Retry { .. }));
    let action = plan(&policy, &not_sent, &first_of(true), &budget, 0);
    assert!(matches!(action, Action::Stop(StopReason::Budget)));
    // The caller is gone before the retry was sent.
    drop(held);
    assert!(matches!(
        plan(&policy, &not_sent, &first_of(true), &budget, 0),
        Action::Retry { .. }
    ));
}

/// A failed attempt of any sort, also of sorts that should not exist.
#[derive(Debug, Clone)]
struct AnyEnd {
    outcome: Outcome,
    kind: ErrorKind,
    status: Option<u16>,
    signature_probe: bool,
    retry_after: Option<String>,
    cut_short: bool,
    random: u64,
    took: Duration,
}

fn any_end() -> impl Strategy<Value = AnyEnd> {
    use ErrorKind::*;
    (
        select(vec![
            Outcome::Local,
            Outcome::NotSent,
            Outcome::Unknown,
            Outcome::Unknown,
            Outcome::Rejected,
        ]),
        select(vec![
            Configuration,
            Request,
            Key,
            Signing,
            System,
            Connect,
            Interrupted,
            Timeout,
            TooLarge,
            Unverified,
            Undecodable,
            Mismatched,
            NotFinal,
            Service,
        ]),
        option::of(prop_oneof![
            100u16..1000,
            select(vec![200, 202, 204, 404, 429, 500, 502, 503, 504])
        ]),
        any::<bool>(),
        option::of(prop_oneof![
            "[0-9]{1,24}",
            "[-+0-9a-zA-Z., :]{0,32}",
            select(vec![
                "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
                "Sun, 06 Nov 1994 08:49:39 GMT".to_owned()
            ]),
        ]),
        any::<bool>(),
        prop_oneof![any::<u64>(), select(vec![0, u64::MAX])],
        (0u64..20_000).prop_map(Duration::from_millis),
    )
        .prop_map(
            |(outcome, kind, status, signature_probe, retry_after, cut_short, random, took)| AnyEnd {
                outcome,
                kind,
                status,
                signature_probe,
                retry_after,
                cut_short,
                random,
                took,
            },
        )
}

fn any_policy() -> impl Strategy<Value = RetryPolicy> {
    (
        0u32..6,
        0u64..10_000,
        0u64..20_000,
        0u64..5_000,
        0u32..12,
        0u32..20,
        0u32..200,
    )
        .prop_map(|(attempts, first, longest, throttled, cost, burst, percent)| {
            RetryPolicy::default()
                .attempts(attempts)
                .backoff(Duration::from_millis(first), Duration::from_millis(longest))
                .throttled_wait(Duration::from_millis(throttled))
                .throttled_cost(cost)
                .budget_burst(burst)
                .budget_percent(percent)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_whole_call_keeps_every_promise(
        policy in any_policy(),
        retryable in any::<bool>(),
        deadline in (0u64..60_000).prop_map(Duration::from_millis),
        ends in prop::collection::vec(any_end(), 8),
    ) {
        let budget = Budget::new(&policy);
        let mut left = deadline;
        let mut attempts = 0;
        let mut slept = Duration::ZERO;
        let mut causes = Vec::new();
        let mut paid = 0;
        for end in &ends {
            attempts += 1;
            left = left.saturating_sub(end.took);
            let ended = Ended {
                outcome: end.outcome,
                kind: end.kind,
                status: end.status.map(|status| StatusCode::from_u16(status).unwrap()),
                signature_probe: end.signature_probe,
                retry_after: end.retry_after.as_deref(),
                cut_short: end.cut_short,
            };
            let situation = Situation { retryable, attempts, earlier: &causes, left, now: now() };
            let before = budget.hundredths();
            let action = plan(&policy, &ended, &situation, &budget, end.random);
            let Action::Retry { after, cause, permit } = action else {
                prop_assert_eq!(budget.hundredths(), before, "a stop costs nothing");
                break;
            };
            permit.spend();
            let price = before - budget.hundredths();
            paid += price;
            prop_assert!(attempts < policy.attempts);
            prop_assert!(matches!(end.outcome, Outcome::NotSent | Outcome::Unknown));
            prop_assert!(retryable || end.outcome == Outcome::NotSent);
            prop_assert!(after < left);
            let throttled = cause == Cause::Throttled;
            let longest = if throttled { policy.longest_backoff.max(policy.throttled_wait) } else { policy.longest_backoff };
            prop_assert!(after <= longest);
            prop_assert!(!throttled || after >= policy.throttled_wait);
            prop_assert_eq!(price, if throttled { u64::from(policy.throttled_cost) * 100 } else { 100 });
            if cause == Cause::SignatureProbe {
                prop_assert!(!causes.contains(&cause));
            }
            causes.push(cause);
            left -= after;
            slept += after;
        }
        prop_assert!(attempts <= policy.attempts);
        prop_assert!(slept < deadline || slept.is_zero());
        prop_assert!(paid <= u64::from(policy.budget_burst) * 100);
    }

    #[test]
    fn the_same_inputs_give_the_same_plan(policy in any_policy(), end in any_end(), left in 0u64..40_000) {
        let ended = Ended {
            outcome: end.outcome,
            kind: end.kind,
            status: end.status.map(|status| StatusCode::from_u16(status).unwrap()),
            signature_probe: end.signature_probe,
            retry_after: end.retry_after.as_deref(),
            cut_short: end.cut_short,
        };
        let situation = Situation { left: Duration::from_millis(left), ..first_of(true) };
        let plans = [(); 2].map(|()| {
            // The budget's own text is left out: it changes while a permit is held.
            match plan(&policy, &ended, &situation, &Budget::new(&policy), end.random) {
                Action::Retry { after, cause, .. } => Ok((after, cause)),
                Action::Stop(reason) => Err(reason),
            }
        });
        prop_assert_eq!(plans[0], plans[1]);
    }
}
