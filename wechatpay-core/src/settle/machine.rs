//! What follows what: a function of events, times and one random number. Nothing is sent here and nothing waits.

use super::{polling::Polling, stage::Stage, state::State};
use crate::error::Outcome;
use std::time::{Duration, SystemTime};

/// What holds for one number.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// The create operation may be sent again while an earlier request may still be executed.
    pub(super) idempotent: bool,
    /// After this time a request that was sent can no longer be executed.
    pub(super) in_flight: Duration,
    pub(super) polling: Polling,
}

/// What has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The create operation succeeded.
    Created,
    /// It failed, and this is what its error proves about this call.
    CreateFailed(Outcome),
    /// The query found this.
    Found(State),
    /// An authentic response says that there is nothing under this number.
    NotFound,
    /// The query failed otherwise.
    QueryFailed {
        outcome: Outcome,
        /// How long the service asks to wait.
        retry_after: Option<Duration>,
    },
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Create,
    Query,
    /// Wait, then query.
    Wait(Duration),
    Done,
    NothingHappened,
    Open {
        reason: Reason,
        look_again: Duration,
    },
}

/// Why a number stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Waiting,
    Absent,
    InDoubt,
    Failed,
}

/// When it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// When the call began that the event is about.
    pub(super) began: SystemTime,
    /// How long there may still be waits.
    pub(super) left: Duration,
    /// Evenly distributed over all of `u64`.
    pub(super) random: u64,
}

/// Where one number stands.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    rules: Rules,
    /// The last request that may have been executed, although nothing proves it.
    doubt: Option<Stage>,
    /// The service has, or had, something under this number.
    exists: bool,
    /// The last query found nothing when no earlier request could be under way any more.
    proved_absent: bool,
    /// Calls that failed in a row.
    failures: u32,
}

impl Machine {
    /// For a number that was never sent, or, with a stage, for one that may have been.
    pub(super) fn new(rules: Rules, resumed: Option<Stage>) -> (Self, Step) {
        let step = if resumed.is_some() { Step::Query } else { Step::Create };
        let machine = Self {
            rules,
            doubt: resumed,
            exists: false,
            proved_absent: false,
            failures: 0,
        };
        (machine, step)
    }

    /// What has to be remembered while nothing is under way.
    pub(super) fn stage(&self) -> Option<Stage> {
        self.doubt
    }

    pub(super) fn next(&mut self, event: Event, moment: Moment) -> Step {
        match event {
            Event::Created => {
                self.failures = 0;
                self.exists = true;
                // How old it is decides how often it is queried.
                self.doubt = Some(Stage::sent_at(moment.began));
                Step::Query
            }
            Event::CreateFailed(Outcome::Unknown) => {
                self.failures += 1;
                self.doubt = Some(Stage::sent_at(moment.began));
                if self.failures == 1 {
                    return Step::Query;
                }
                self.after_failure(Reason::Failed, Duration::ZERO, moment)
            }
            // Each of these proves that this request was not executed.
            Event::CreateFailed(outcome) => match (self.doubt, outcome) {
                (None, _) => Step::NothingHappened,
                (Some(_), Outcome::Rejected) if self.proved_absent => Step::NothingHappened,
                (Some(_), Outcome::Rejected) => self.until_no_doubt(moment),
                (Some(_), Outcome::NotSent) => {
                    self.failures += 1;
                    self.after_failure(Reason::Failed, Duration::ZERO, moment)
                }
                (Some(_), _) => self.give_up(moment),
            },
            Event::Found(State::Final) => Step::Done,
            Event::Found(State::Open) => {
                self.failures = 0;
                self.exists = true;
                self.wait(Reason::Waiting, self.interval(moment), moment)
            }
            Event::NotFound | Event::Found(State::Absent) => self.not_found(moment),
            Event::QueryFailed {
                outcome: Outcome::Unknown | Outcome::NotSent,
                retry_after,
            } => {
                self.failures += 1;
                self.after_failure(Reason::Failed, retry_after.unwrap_or_default(), moment)
            }
            // Asked again, it would fail again.
            Event::QueryFailed { .. } => self.give_up(moment),
        }
    }

    fn not_found(&mut self, moment: Moment) -> Step {
        if self.exists {
            // Right after it was created, a query can be served by a replica that does not have it yet.
            self.failures += 1;
            return self.after_failure(Reason::Absent, Duration::ZERO, moment);
        }
        let age = self.doubt.and_then(|stage| stage.age(moment.began));
        self.proved_absent = age.is_some_and(|age| age >= self.rules.in_flight);
        match (self.rules.idempotent, self.proved_absent) {
            (true, _) => Step::Create,
            (false, true) => Step::NothingHappened,
            (false, false) => self.until_no_doubt(moment),
        }
    }

    /// Looks again, at the latest when the earlier request can no longer be executed.
    fn until_no_doubt(&self, moment: Moment) -> Step {
        let age = self.doubt.and_then(|stage| stage.age(moment.began)).unwrap_or_default();
        let remaining = self.rules.in_flight.saturating_sub(age).max(Duration::from_secs(1));
        self.wait(Reason::InDoubt, self.interval(moment).min(remaining), moment)
    }

    fn after_failure(&self, reason: Reason, least: Duration, moment: Moment) -> Step {
        let after = self.rules.polling.after_failure(self.failures, moment.random);
        self.wait(reason, after.max(least), moment)
    }

    fn give_up(&self, moment: Moment) -> Step {
        Step::Open {
            reason: Reason::Failed,
            look_again: self.interval(moment),
        }
    }

    fn interval(&self, moment: Moment) -> Duration {
        let age = self.doubt.and_then(|stage| stage.age(moment.began));
        self.rules.polling.interval(age.unwrap_or_default())
    }

    /// Waits, unless the wait would end after the deadline.
    fn wait(&self, reason: Reason, after: Duration, moment: Moment) -> Step {
        if after < moment.left {
            Step::Wait(after)
        } else {
            Step::Open {
                reason,
                look_again: after,
            }
        }
    }
}

#[cfg(test)]
mod tests;
