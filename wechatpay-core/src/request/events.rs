//! What a call writes to the log: levels and field names.
//!
//! An event has all fields that are needed to find the cause, because the usual subscriber shows INFO and drops the
//! spans, which are DEBUG. Names follow the OpenTelemetry conventions for HTTP if one exists. The others begin with
//! `wechatpay.`. The guide (chapter 5) lists them.

use crate::{
    context::Context,
    error::{Error, Outcome},
    request::{
        decode::RawResponse,
        operation::{Execution, Operation},
    },
    retry::{Cause, Host},
    support::{language::Language, one_line::OneLine},
};
use http::StatusCode;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::{Span, debug, debug_span, field, info, warn};

/// The span around a call.
pub(super) fn call_span(context: &Arc<Context>, operation: &Operation) -> Span {
    debug_span!(
        "wechatpay_call",
        http.request.method = %operation.method,
        url.template = %OneLine(&operation.template),
        wechatpay.mchid = context.identity.id(),
    )
}

/// The span around one attempt, within that of its call: what OpenTelemetry calls an HTTP client span.
pub(super) fn attempt_span(origin: &str, attempts: u32) -> Span {
    let (host, port) = address(origin);
    debug_span!(
        "wechatpay_attempt",
        otel.kind = "client",
        server.address = host,
        server.port = port,
        http.request.resend_count = attempts.saturating_sub(1),
        http.response.status_code = field::Empty,
        "error.type" = field::Empty,
    )
}

/// Adds to the span of an attempt how it ended.
pub(super) fn attempt_ended(span: &Span, status: Option<StatusCode>, error: Option<&Error>) {
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(error) = error {
        span.record("error.type", error.kind().name());
    }
}

/// A call brought its result: DEBUG.
pub(super) fn succeeded(execution: &Execution<'_>, response: &RawResponse, origin: &str, started: Instant) {
    debug!(
        http.request.method = %execution.operation.method,
        url.template = %OneLine(&execution.operation.template),
        server.address = address(origin).0,
        http.response.status_code = response.status.as_u16(),
        wechatpay.mchid = execution.context.identity.id(),
        wechatpay.request_id = response.request_id(),
        wechatpay.attempts = response.attempts,
        wechatpay.elapsed_ms = elapsed(started),
        "call succeeded"
    );
}

/// A call failed. A refusal by WeChat Pay is normal: INFO. Other failures: WARN.
pub(super) fn failed(execution: &Execution<'_>, error: &Error, started: Instant) {
    macro_rules! event {
        ($level:ident) => {
            $level!(
                http.request.method = %execution.operation.method,
                url.template = %OneLine(&execution.operation.template),
                server.address = error.host(),
                http.response.status_code = error.status().map(|status| status.as_u16()),
                "error.type" = ?error.kind(),
                error.message = %OneLine(error.reason(Language::English)),
                wechatpay.mchid = execution.context.identity.id(),
                wechatpay.request_id = error.request_id(),
                wechatpay.attempts = error.attempts(),
                wechatpay.elapsed_ms = elapsed(started),
                wechatpay.outcome = ?error.outcome(),
                wechatpay.code = error.code(),
                wechatpay.message = error.message().map(|text| OneLine(text).to_string()),
                wechatpay.detail = error.shown_detail().map(|detail| detail.to_string()),
                wechatpay.hint = error.hint().map(|hint| hint.english()),
                "call failed"
            )
        };
    }
    if error.outcome() == Outcome::Rejected {
        event!(info);
    } else {
        event!(warn);
    }
}

/// An attempt failed and another one follows: WARN.
pub(super) fn retrying(execution: &Execution<'_>, error: &Error, cause: Cause, after: Duration) {
    warn!(
        http.request.method = %execution.operation.method,
        url.template = %OneLine(&execution.operation.template),
        server.address = error.host(),
        http.response.status_code = error.status().map(|status| status.as_u16()),
        "error.type" = ?error.kind(),
        error.message = %OneLine(error.reason(Language::English)),
        wechatpay.mchid = execution.context.identity.id(),
        wechatpay.request_id = error.request_id(),
        wechatpay.attempts = error.attempts(),
        wechatpay.code = error.code(),
        wechatpay.retry.cause = ?cause,
        wechatpay.retry.after_ms = millis(after),
        "attempt failed, retrying"
    );
}

/// All calls of the client move to another host, because of an attempt that failed, or that reached the main host
/// again: WARN.
pub(super) fn switched(execution: &Execution<'_>, to: Host, because: Option<&Error>) {
    let (host, _) = address(execution.context.origins.of(to));
    let cause = because.map_or("the main host responds again".into(), |error| {
        error.reason(Language::English).to_owned()
    });
    warn!(
        server.address = host,
        error.message = %OneLine(&cause),
        wechatpay.mchid = execution.context.identity.id(),
        "calls go to another host from now on"
    );
}

/// Host and port of an origin, without the brackets of an IPv6 address.
pub(super) fn address(origin: &str) -> (&str, u16) {
    let (scheme, authority) = origin.split_once("://").unwrap_or(("https", origin));
    let default = if scheme == "http" { 80 } else { 443 };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(default)),
        _ => (authority, default),
    };
    (host.trim_start_matches('[').trim_end_matches(']'), port)
}

fn elapsed(started: Instant) -> u64 {
    millis(started.elapsed())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_host_and_a_port() {
        for (origin, expected) in [
            ("https://api.mch.weixin.qq.com", ("api.mch.weixin.qq.com", 443)),
            ("http://127.0.0.1:8080", ("127.0.0.1", 8080)),
            ("http://localhost", ("localhost", 80)),
            ("http://[::1]:9", ("::1", 9)),
            ("https://[::1]", ("::1", 443)),
        ] {
            assert_eq!(address(origin), expected, "{origin}");
        }
    }
}
