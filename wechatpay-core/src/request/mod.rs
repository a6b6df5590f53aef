//! The way of a request: prepare once, then sign, send, verify, judge, decode; again where a retry is safe.
//!
//! One file a step. This one holds the retry loop. Everything here is compiled once for all operations.

mod attempt;
pub(crate) mod certificates;
pub(crate) mod decode;
mod events;
mod headers;
mod judge;
pub(crate) mod operation;
pub(crate) mod prepare;
mod send;
mod sign;
pub(crate) mod verify;
pub(crate) mod watch;

use crate::{
    context::Context,
    error::{Error, Outcome},
    request::{
        decode::RawResponse,
        operation::{Execution, Operation, Options, Prepare},
        watch::Watch,
    },
    retry::{Action, Ended, Host, Situation, retry_after},
    support::system::deadline,
};
use http::{HeaderMap, Method};
use std::sync::Arc;
use tokio::time::Instant;
use tracing::{Instrument as _, debug};

/// Carries one operation to the server and back.
pub(crate) async fn execute(
    context: &Arc<Context>,
    operation: Operation,
    request: &dyn Prepare,
    options: Options,
) -> Result<RawResponse, Error> {
    let span = events::call_span(context, &operation);
    let execution = Execution {
        context,
        operation,
        deadline: deadline(options.deadline.unwrap_or(context.limits.deadline)),
        attempt_timeout: context.limits.attempt,
    };
    context.freshen_certificates();
    async move {
        let started = Instant::now();
        let mut watch = Watch::begin(&execution);
        let result = run(&execution, request, options.headers, watch.as_mut()).await;
        match &result {
            Ok((response, host)) => events::succeeded(&execution, response, context.origins.of(*host), started),
            Err(error) => events::failed(&execution, error, started),
        }
        if let Some(watch) = watch {
            watch.call_ended(result.as_ref());
        }
        result.map(|(response, _)| response)
    }
    .instrument(span)
    .await
}

/// Prepares the request and sends it until the planner stops. Returns the response and the host that responded.
pub(crate) async fn run(
    execution: &Execution<'_>,
    request: &dyn Prepare,
    extra_headers: HeaderMap,
    mut watch: Option<&mut Watch<'_>>,
) -> Result<(RawResponse, Host), Error> {
    let context = execution.context;
    let retryable = execution.operation.is_retryable();
    execution
        .operation
        .check_method()
        .map_err(|error| execution.locate(error))?;
    let (mut prepared, key) = prepare::with_keys::prepare(execution, request)
        .await
        .map_err(|error| execution.locate(error))?;
    prepared.headers.extend(extra_headers);
    let mut attempts = 0;
    let mut in_doubt = false;
    let mut causes = Vec::new();
    let mut hosts_tried = Vec::new();
    loop {
        attempts += 1;
        let route = context.retries.route(retryable, Instant::now().into_std());
        let origin = context.origins.of(route.host);
        let span = events::attempt_span(origin, attempts);
        let ready = execution.within_rate().await;
        if let Some(watch) = &mut watch {
            watch.attempt_begins();
        }
        let attempt = async {
            ready?;
            attempt::attempt(execution, &prepared, key.as_ref(), origin, attempts).await
        };
        let failure = match attempt.instrument(span.clone()).await {
            Ok(response) => {
                events::attempt_ended(&span, Some(response.status), None);
                if let Some(watch) = &mut watch {
                    let ended = watch::Ended {
                        origin,
                        status: Some(response.status),
                        received: response.body.len(),
                        failure: None,
                        retry: None,
                    };
                    watch.attempt_ended(&prepared, &ended);
                }
                if let Some(host) = context.retries.succeeded(route, Instant::now().into_std()) {
                    events::switched(execution, host, None);
                }
                return Ok((response, route.host));
            }
            Err(failure) => failure,
        };
        events::attempt_ended(&span, failure.error.status(), Some(&failure.error));
        let outcome = failure.error.outcome();
        in_doubt |= outcome == Outcome::Unknown && execution.operation.method != Method::GET;
        let host = send::host(origin).to_owned();
        if !hosts_tried.contains(&host) {
            hosts_tried.push(host);
        }
        let error = execution.locate(failure.error).with(|inner| {
            inner.attempts = attempts;
            inner.host = Some(events::address(origin).0.to_owned());
            let retry_after = failure.retry_after.as_deref();
            inner.retry_after = retry_after.and_then(|text| retry_after::wait(text, context.system.now()));
            inner.hosts_tried.clone_from(&hosts_tried);
            // A later refusal does not undo what an earlier attempt may have done.
            if in_doubt {
                inner.outcome = Some(Outcome::Unknown);
            }
        });
        let ended = Ended {
            // Only about this attempt: if it was not sent, that decides the next step, whatever happened before.
            outcome,
            kind: error.kind(),
            status: error.status(),
            signature_probe: failure.signature_probe,
            retry_after: failure.retry_after.as_deref(),
            cut_short: failure.cut_short,
        };
        let situation = Situation {
            retryable,
            attempts,
            earlier: &causes,
            left: execution.left(),
            now: context.system.now(),
        };
        execution.throttled(&error);
        let mut random = [0; 8];
        if context.system.random(&mut random).is_err() {
            return Err(error);
        }
        let now = Instant::now().into_std();
        let random = u64::from_ne_bytes(random);
        let (action, switched) = context.retries.failed(route, &ended, &situation, random, now);
        if let Some(host) = switched {
            events::switched(execution, host, Some(&error));
        }
        if let Some(watch) = &mut watch {
            let retry = match &action {
                Action::Retry { cause, .. } => Some(*cause),
                Action::Stop(_) => None,
            };
            let ended = watch::Ended {
                origin,
                status: error.status(),
                received: failure.received,
                failure: Some((outcome, &error)),
                retry,
            };
            watch.attempt_ended(&prepared, &ended);
        }
        match action {
            Action::Retry { after, cause, permit } => {
                events::retrying(execution, &error, cause, after);
                causes.push(cause);
                tokio::time::sleep(after).await;
                permit.spend();
            }
            Action::Stop(reason) => {
                debug!(?reason, wechatpay.attempts = attempts, "not retrying");
                return Err(error);
            }
        }
    }
}
