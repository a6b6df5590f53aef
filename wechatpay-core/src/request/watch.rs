//! What an observer is told. Without one, nothing is measured.

use crate::{
    error::{Error, Outcome},
    observe::{AttemptEvent, CallEvent, Observer},
    request::{decode::RawResponse, events::address, operation::Execution, prepare::Prepared},
    retry::{Cause, Host},
};
use http::StatusCode;
use tokio::time::Instant;

/// The observer of one call, and what was counted for it so far.
pub(crate) struct Watch<'a> {
    observer: &'a dyn Observer,
    execution: &'a Execution<'a>,
    began: Instant,
    attempt_began: Instant,
    sent: u64,
    received: u64,
    attempts: u32,
}

/// How an attempt ended.
pub(super) struct Ended<'a> {
    pub(super) origin: &'a str,
    pub(super) status: Option<StatusCode>,
    pub(super) received: usize,
    /// What its failure proves, and its error.
    pub(super) failure: Option<(Outcome, &'a Error)>,
    pub(super) retry: Option<Cause>,
}

impl<'a> Watch<'a> {
    /// Begins to watch a call, if anybody does.
    pub(crate) fn begin(execution: &'a Execution<'a>) -> Option<Self> {
        let observer = execution.context.observer.as_deref()?;
        let now = Instant::now();
        Some(Self {
            observer,
            execution,
            began: now,
            attempt_began: now,
            sent: 0,
            received: 0,
            attempts: 0,
        })
    }

    pub(super) fn attempt_begins(&mut self) {
        self.attempts += 1;
        self.attempt_began = Instant::now();
    }

    pub(super) fn attempt_ended(&mut self, prepared: &Prepared, ended: &Ended<'_>) {
        let outcome = ended.failure.map(|(outcome, _)| outcome);
        let bytes_sent = match outcome {
            Some(Outcome::Local | Outcome::NotSent) => 0,
            _ => body_bytes(prepared),
        };
        let bytes_received = u64::try_from(ended.received).unwrap_or(u64::MAX);
        self.sent = self.sent.saturating_add(bytes_sent);
        self.received = self.received.saturating_add(bytes_received);
        self.observer.attempt(&AttemptEvent {
            method: &self.execution.operation.method,
            template: &self.execution.operation.template,
            mchid: self.execution.context.identity.id(),
            host: address(ended.origin).0,
            attempt: self.attempts,
            status: ended.status,
            outcome,
            error: ended.failure.map(|(_, error)| error),
            retry: ended.retry,
            elapsed: self.attempt_began.elapsed(),
            bytes_sent,
            bytes_received,
        });
    }

    pub(crate) fn call_ended(self, result: Result<&(RawResponse, Host), &Error>) {
        let (host, status, error) = match result {
            Ok((response, host)) => {
                let origin = self.execution.context.origins.of(*host);
                (Some(address(origin).0), Some(response.status), None)
            }
            Err(error) => (error.host(), error.status(), Some(error)),
        };
        self.observer.call(&CallEvent {
            method: &self.execution.operation.method,
            template: &self.execution.operation.template,
            mchid: self.execution.context.identity.id(),
            host,
            status,
            error,
            attempts: self.attempts,
            elapsed: self.began.elapsed(),
            bytes_sent: self.sent,
            bytes_received: self.received,
        });
    }
}

/// The length of the body that is sent; of an upload, of all its parts.
fn body_bytes(prepared: &Prepared) -> u64 {
    let length = match &prepared.multipart {
        Some(multipart) => multipart.pieces.iter().map(bytes::Bytes::len).sum(),
        None => prepared.body.len(),
    };
    u64::try_from(length).unwrap_or(u64::MAX)
}
