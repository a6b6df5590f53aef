//! Retrying a request: whether, when, and on which host.
//!
//! Everything here is a function of its inputs. Time and randomness are handed in, nothing waits and nothing is sent, so
//! a test runs ten minutes of outage in a moment.

mod budget;
mod hosts;
mod planner;
mod policy;
mod retries;
pub(crate) mod retry_after;

#[cfg(test)]
mod simulation;

pub(crate) use hosts::Host;
pub use planner::Cause;
pub(crate) use planner::{Action, Ended, Situation};
pub use policy::RetryPolicy;
pub(crate) use retries::Retries;
