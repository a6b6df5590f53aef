//! Fifth step: judge. What a response proves, and the error for everything that is not a success.

mod business_numbers;
mod error_body;
mod hint;
mod verdict;

use crate::{
    error::{Error, ErrorKind, Outcome},
    request::{
        decode::{RawResponse, request_id},
        judge::{
            error_body::ErrorBody,
            verdict::{Authenticity, Verdict},
        },
        operation::Execution,
        prepare::Prepared,
        verify,
    },
    signature::VerifyError,
    transport::TransportResponse,
};
use bytes::Bytes;
use http::{HeaderMap, header};
use std::borrow::Cow;
use tracing::debug;

/// An attempt without a result: its error, and what the retry planner needs beyond it.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) signature_probe: bool,
    pub(crate) retry_after: Option<String>,
    /// The attempt timed out before its full attempt timeout, because the deadline of the call was near.
    pub(crate) cut_short: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            signature_probe: false,
            retry_after: None,
            cut_short: false,
        }
    }
}

/// Decides what came back: the result, or an error and what that proves.
pub(crate) async fn judge(
    execution: &Execution<'_>,
    prepared: &Prepared,
    response: TransportResponse,
    body: Bytes,
    attempts: u32,
) -> Result<RawResponse, Failure> {
    let (context, operation) = (execution.context, &execution.operation);
    let TransportResponse {
        status,
        headers,
        body: stream,
        ..
    } = response;
    let streamed = operation.form.is_streamed() && status.is_success();
    let error_body = if streamed { None } else { error_body::read(&body) };
    let verified_elsewhere = operation.form.is_verified_elsewhere(status, error_body.is_some());
    let verified = if verified_elsewhere {
        Ok(true)
    } else {
        verify::verify(execution, &headers, &body).await?
    };
    let authenticity = match &verified {
        Ok(true) => Authenticity::Verified,
        Ok(false) => Authenticity::Unsigned,
        Err(_) => Authenticity::Refuted,
    };
    debug!(
        status = status.as_u16(),
        request_id = request_id(&headers),
        ?authenticity,
        "received"
    );
    let (stream, connection) = if streamed {
        (Some(stream), None)
    } else {
        (None, Some(stream))
    };
    let mut response = RawResponse {
        method: operation.method.clone(),
        template: operation.template.clone(),
        status,
        headers,
        body,
        stream,
        connection: connection.filter(|_| authenticity == Authenticity::Verified && !verified_elsewhere),
        private_key: context.signer.private_key().cloned(),
        attempts,
        silence: context.limits.attempt,
    };
    match verdict::judge(status, authenticity, error_body.as_ref().map(|body| &*body.code)) {
        Verdict::Done if streamed => Ok(response),
        Verdict::Done => {
            match business_numbers::mismatch(&prepared.template, &prepared.target, &prepared.body, &response.body) {
                None => Ok(response),
                Some(name) => Err(response
                    .unusable(
                        ErrorKind::Mismatched,
                        format!("the `{name}` of the response is not that of the request"),
                    )
                    .with(|inner| inner.field = Some(name))
                    .into()),
            }
        }
        // A 202 without a body is the only success of some operations. A download without a body is not a success.
        Verdict::NotFinal if response.body.is_empty() && !streamed => Ok(response),
        Verdict::NotFinal => Err(Failure {
            retry_after: retry_after(&response.headers),
            ..response
                .unusable(
                    ErrorKind::NotFinal,
                    "the server accepted the request and has no result yet",
                )
                .into()
        }),
        Verdict::Failed(outcome) => {
            // A signed error under the status of an error. Under a 2xx one of the two belongs to another request.
            if error_body.is_some() && !status.is_success() {
                response.believe();
            }
            Err(failed(outcome, &response, verified, error_body))
        }
    }
}

/// The error of a response that is not a success, or that is not authentic.
fn failed(
    outcome: Outcome,
    response: &RawResponse,
    verified: Result<bool, VerifyError>,
    error_body: Option<ErrorBody>,
) -> Failure {
    let status = response.status;
    let authenticated = matches!(verified, Ok(true));
    let (kind, reason): (_, Cow<'static, str>) = match &verified {
        // A success that is not authentic must not be believed, whatever it says.
        Err(why) if status.is_success() => (
            ErrorKind::Unverified,
            format!("the response is not believed: {why}").into(),
        ),
        Ok(false) if status.is_success() => {
            let reason = format!("the response is not signed{}", error_body::excerpt(&response.body));
            (ErrorKind::Unverified, reason.into())
        }
        Ok(true) if status.is_success() => (
            ErrorKind::Mismatched,
            "the response is an error object under the status of a success".into(),
        ),
        _ if status.is_redirection() => (
            ErrorKind::Service,
            "the server redirects, which is never followed".into(),
        ),
        Err(why) => (
            ErrorKind::Service,
            format!("the server responded with an error; {why}").into(),
        ),
        _ if error_body.is_none() => {
            let reason = format!(
                "the server responded with an error{}",
                error_body::excerpt(&response.body)
            );
            (ErrorKind::Service, reason.into())
        }
        _ => (ErrorKind::Service, "the server responded with an error".into()),
    };
    let hint = hint::of(
        &response.template,
        status,
        error_body.as_ref().map(|body| &*body.code),
        verified.as_ref().err(),
    );
    let error = response.unusable(kind, reason).with(|inner| {
        inner.outcome = Some(outcome);
        inner.authenticated = authenticated;
        inner.hint = hint;
        if let Some(body) = error_body {
            inner.code = Some(body.code);
            inner.message = Some(body.message);
            inner.detail = body.detail;
        }
    });
    Failure {
        signature_probe: matches!(verified, Err(VerifyError::Probe)),
        retry_after: retry_after(&response.headers),
        ..error.into()
    }
}

fn retry_after(headers: &HeaderMap) -> Option<String> {
    headers.get(header::RETRY_AFTER)?.to_str().ok().map(str::to_owned)
}
