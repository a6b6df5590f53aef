//! Tables: what happens, one event after the other, and what has to follow.

use super::*;
use Event::{CreateFailed, Created, Found, NotFound};
use Outcome::{Local, NotSent, Rejected, Unknown};

/// The second in which a test begins.
const START: u64 = 1_000_000;
/// How long a request can be under way in these tests.
const IN_FLIGHT: u64 = 630;

fn at(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(START + second)
}

fn sent(second: u64) -> Option<Stage> {
    Some(Stage::sent_at(at(second)))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn failed(outcome: Outcome) -> Event {
    Event::QueryFailed {
        outcome,
        retry_after: None,
    }
}

fn open(reason: Reason, look_again: u64) -> Step {
    Step::Open {
        reason,
        look_again: seconds(look_again),
    }
}

struct Case {
    idempotent: bool,
    resumed: Option<Stage>,
    deadline: u64,
}

const NEW: Case = Case {
    idempotent: true,
    resumed: None,
    deadline: 30,
};

fn resumed(stage: Option<Stage>) -> Case {
    Case { resumed: stage, ..NEW }
}

/// Each event with the second in which its call began, and the step that must follow.
fn check(name: &str, case: Case, first: Step, story: Vec<(u64, Event, Step)>) {
    let rules = Rules {
        idempotent: case.idempotent,
        in_flight: seconds(IN_FLIGHT),
        polling: Polling::default(),
    };
    let (mut machine, step) = Machine::new(rules, case.resumed);
    assert_eq!(step, first, "{name}: the first step");
    for (index, (second, event, expected)) in story.into_iter().enumerate() {
        let moment = Moment {
            began: at(second),
            left: seconds(case.deadline.saturating_sub(second)),
            random: 0,
        };
        assert_eq!(machine.next(event, moment), expected, "{name}: {index}, {event:?}");
    }
}

#[test]
fn a_new_number_is_created_and_then_queried_until_it_is_final() {
    check(
        "at once",
        NEW,
        Step::Create,
        vec![(0, Created, Step::Query), (0, Found(State::Final), Step::Done)],
    );
    check(
        "later",
        Case { deadline: 400, ..NEW },
        Step::Create,
        vec![
            (0, Created, Step::Query),
            (1, Found(State::Open), Step::Wait(seconds(60))),
            (61, Found(State::Open), Step::Wait(seconds(60))),
            (121, Found(State::Final), Step::Done),
        ],
    );
    check(
        "after five minutes at longer intervals",
        Case { deadline: 4000, ..NEW },
        Step::Create,
        vec![
            (0, Created, Step::Query),
            (300, Found(State::Open), Step::Wait(seconds(300))),
            (600, Found(State::Open), Step::Wait(seconds(600))),
            (1200, Found(State::Open), Step::Wait(seconds(1200))),
            (2400, Found(State::Open), open(Reason::Waiting, 1800)),
        ],
    );
}

#[test]
fn no_wait_ends_after_the_deadline() {
    check(
        "the interval is longer",
        NEW,
        Step::Create,
        vec![
            (0, Created, Step::Query),
            (1, Found(State::Open), open(Reason::Waiting, 60)),
        ],
    );
    check(
        "a deadline of nothing still queries once",
        Case { deadline: 0, ..NEW },
        Step::Create,
        vec![
            (0, CreateFailed(Unknown), Step::Query),
            (1, NotFound, Step::Create),
            (2, CreateFailed(Unknown), open_after_failure(Reason::Failed, 2)),
        ],
    );
}

/// The wait after this many failures, with no randomness.
fn open_after_failure(reason: Reason, failures: u32) -> Step {
    Step::Open {
        reason,
        look_again: Polling::default().after_failure(failures, 0),
    }
}

#[test]
fn only_the_first_request_of_a_number_can_prove_by_itself_that_nothing_happened() {
    for outcome in [Local, NotSent, Rejected] {
        check(
            "new",
            NEW,
            Step::Create,
            vec![(0, CreateFailed(outcome), Step::NothingHappened)],
        );
    }
    check(
        "after a doubt",
        NEW,
        Step::Create,
        vec![
            (0, CreateFailed(Unknown), Step::Query),
            (1, NotFound, Step::Create),
            (2, CreateFailed(Rejected), open(Reason::InDoubt, 60)),
        ],
    );
    check(
        "resumed",
        resumed(sent(0)),
        Step::Query,
        vec![
            (1, NotFound, Step::Create),
            (2, CreateFailed(Rejected), open(Reason::InDoubt, 60)),
        ],
    );
}

#[test]
fn an_unknown_outcome_is_queried_before_anything_else() {
    for idempotent in [true, false] {
        let case = || Case { idempotent, ..NEW };
        check(
            "found",
            case(),
            Step::Create,
            vec![
                (0, CreateFailed(Unknown), Step::Query),
                (1, Found(State::Final), Step::Done),
            ],
        );
        check(
            "the query is refused",
            case(),
            Step::Create,
            vec![
                (0, CreateFailed(Unknown), Step::Query),
                (1, failed(Rejected), open(Reason::Failed, 60)),
            ],
        );
        check(
            "the query cannot be sent",
            case(),
            Step::Create,
            vec![
                (0, CreateFailed(Unknown), Step::Query),
                (1, failed(Local), open(Reason::Failed, 60)),
            ],
        );
        check(
            "the query fails",
            case(),
            Step::Create,
            vec![
                (0, CreateFailed(Unknown), Step::Query),
                (1, failed(Unknown), Step::Wait(seconds(1))),
                (2, failed(NotSent), Step::Wait(seconds(2))),
                (4, failed(Unknown), Step::Wait(seconds(4))),
                (9, Found(State::Final), Step::Done),
            ],
        );
    }
}

#[test]
fn a_service_that_asks_to_wait_is_given_the_time() {
    let throttled = |after| Event::QueryFailed {
        outcome: Unknown,
        retry_after: Some(seconds(after)),
    };
    check(
        "within the deadline",
        NEW,
        Step::Create,
        vec![(0, Created, Step::Query), (1, throttled(20), Step::Wait(seconds(20)))],
    );
    check(
        "after the deadline",
        NEW,
        Step::Create,
        vec![(0, Created, Step::Query), (1, throttled(40), open(Reason::Failed, 40))],
    );
}

#[test]
fn a_number_that_does_not_exist_is_created_again_only_when_that_cannot_execute_it_twice() {
    check(
        "idempotent",
        resumed(sent(0)),
        Step::Query,
        vec![
            (1, NotFound, Step::Create),
            (1, Created, Step::Query),
            (2, Found(State::Final), Step::Done),
        ],
    );
    check(
        "an empty list says the same",
        resumed(sent(0)),
        Step::Query,
        vec![(1, Found(State::Absent), Step::Create)],
    );
    let once = |stage| Case {
        idempotent: false,
        ..resumed(stage)
    };
    check(
        "not idempotent",
        once(sent(0)),
        Step::Query,
        vec![(1, NotFound, open(Reason::InDoubt, 60))],
    );
    check(
        "not idempotent, nearly proved",
        once(sent(0)),
        Step::Query,
        vec![(IN_FLIGHT - 1, NotFound, open(Reason::InDoubt, 1))],
    );
    check(
        "not idempotent, proved",
        once(sent(0)),
        Step::Query,
        vec![(IN_FLIGHT, NotFound, Step::NothingHappened)],
    );
    check(
        "not idempotent, at an unknown time",
        once(Some(Stage::default())),
        Step::Query,
        vec![(1_000_000, NotFound, open(Reason::InDoubt, 60))],
    );
}

#[test]
fn a_refusal_settles_a_number_only_when_no_earlier_request_can_be_under_way() {
    check(
        "a second too early",
        resumed(sent(0)),
        Step::Query,
        vec![
            (IN_FLIGHT - 1, NotFound, Step::Create),
            (IN_FLIGHT, CreateFailed(Rejected), open(Reason::InDoubt, 1)),
        ],
    );
    check(
        "late enough",
        resumed(sent(0)),
        Step::Query,
        vec![
            (IN_FLIGHT, NotFound, Step::Create),
            (IN_FLIGHT, CreateFailed(Rejected), Step::NothingHappened),
        ],
    );
    check(
        "at an unknown time",
        resumed(Some(Stage::default())),
        Step::Query,
        vec![
            (1_000_000, NotFound, Step::Create),
            (1_000_000, CreateFailed(Rejected), open(Reason::InDoubt, 60)),
        ],
    );
    check(
        "a clock that was ahead proves nothing",
        resumed(sent(5000)),
        Step::Query,
        vec![
            (1, NotFound, Step::Create),
            (1, CreateFailed(Rejected), open(Reason::InDoubt, 60)),
        ],
    );
    check(
        "a new doubt is as young as the request",
        Case {
            deadline: 10_000,
            ..resumed(sent(0))
        },
        Step::Query,
        vec![
            (IN_FLIGHT, NotFound, Step::Create),
            (IN_FLIGHT, CreateFailed(Unknown), Step::Query),
            (IN_FLIGHT + 1, NotFound, Step::Create),
            (IN_FLIGHT + 1, CreateFailed(Rejected), Step::Wait(seconds(60))),
        ],
    );
}

#[test]
fn a_request_that_was_not_sent_leaves_the_doubt_as_it_was() {
    check(
        "not sent",
        resumed(sent(0)),
        Step::Query,
        vec![
            (1, NotFound, Step::Create),
            (
                1,
                CreateFailed(NotSent),
                Step::Wait(Polling::default().after_failure(1, 0)),
            ),
            (2, NotFound, Step::Create),
            (2, CreateFailed(Local), open(Reason::Failed, 60)),
        ],
    );
}

#[test]
fn what_was_created_is_never_created_again_and_never_nothing() {
    let half = Duration::from_millis(500);
    check(
        "the query does not find it yet",
        NEW,
        Step::Create,
        vec![
            (0, Created, Step::Query),
            (0, NotFound, Step::Wait(half)),
            (1, NotFound, Step::Wait(2 * half)),
            (2, Found(State::Open), open(Reason::Waiting, 60)),
        ],
    );
    check(
        "it was seen before",
        Case {
            idempotent: false,
            ..resumed(sent(0))
        },
        Step::Query,
        vec![
            (1, Found(State::Open), open(Reason::Waiting, 60)),
            (IN_FLIGHT, NotFound, open_after_failure(Reason::Absent, 1)),
        ],
    );
}

/// What is true in a story, kept apart from the machine.
#[derive(Clone, Copy, Default)]
struct Truth {
    /// A request may be executed, and it was sent in this second. Nothing when nobody knows when.
    doubt: Option<Option<u64>>,
    /// The service had something under this number.
    seen: bool,
    /// The last query found nothing, and it began in this second.
    absent: Option<u64>,
}

/// Every story of five calls: nothing is sent that can execute twice, and nothing is claimed that is not proved.
#[test]
fn no_story_ends_in_a_false_certainty() {
    let mut ended = 0;
    for idempotent in [true, false] {
        for (resumed, doubt) in [
            (None, None),
            (sent(0), Some(Some(0))),
            (Some(Stage::default()), Some(None)),
        ] {
            let rules = Rules {
                idempotent,
                in_flight: seconds(IN_FLIGHT),
                polling: Polling::default(),
            };
            let (machine, step) = Machine::new(rules, resumed);
            let truth = Truth {
                doubt,
                ..Truth::default()
            };
            tell(&machine, step, truth, 0, 5, &mut ended);
        }
    }
    assert!(ended > 10_000, "{ended}");
}

fn tell(machine: &Machine, step: Step, truth: Truth, now: u64, calls: u32, ended: &mut u32) {
    let events: &[Event] = match step {
        Step::Create => {
            assert!(!truth.seen, "it exists and is created again: {machine:?}");
            assert!(
                machine.rules.idempotent || truth.doubt.is_none(),
                "it may be executed twice: {machine:?}"
            );
            assert!(
                truth.doubt.is_none() || truth.absent.is_some(),
                "sent again without a query: {machine:?}"
            );
            &[
                Created,
                CreateFailed(Local),
                CreateFailed(NotSent),
                CreateFailed(Rejected),
                CreateFailed(Unknown),
            ]
        }
        Step::Query | Step::Wait(_) => &[
            Found(State::Final),
            Found(State::Open),
            Found(State::Absent),
            NotFound,
            Event::QueryFailed {
                outcome: Unknown,
                retry_after: None,
            },
            Event::QueryFailed {
                outcome: Rejected,
                retry_after: None,
            },
        ],
        Step::NothingHappened => {
            let over = match (truth.doubt, truth.absent) {
                (None, _) => true,
                (Some(Some(sent)), Some(looked)) => looked >= sent + IN_FLIGHT,
                _ => false,
            };
            assert!(over && !truth.seen, "false certainty: {machine:?}");
            *ended += 1;
            return;
        }
        Step::Done | Step::Open { .. } => {
            *ended += 1;
            return;
        }
    };
    if calls == 0 {
        return;
    }
    for event in events {
        for second in [now + 1, now + IN_FLIGHT] {
            let (mut machine, mut truth) = (machine.clone(), truth);
            let moment = Moment {
                began: at(second),
                left: seconds(1_000_000),
                random: 0,
            };
            let step = machine.next(*event, moment);
            match event {
                CreateFailed(Unknown) => truth.doubt = Some(Some(second)),
                Created | Found(State::Open | State::Final) => truth.seen = true,
                NotFound | Found(State::Absent) => truth.absent = Some(second),
                _ => {}
            }
            if matches!(event, Created | CreateFailed(Unknown)) {
                truth.absent = None;
            }
            assert_eq!(*event == Found(State::Final), step == Step::Done, "{machine:?}");
            tell(&machine, step, truth, second, calls - 1, ended);
        }
    }
}
