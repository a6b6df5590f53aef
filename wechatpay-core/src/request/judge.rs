//! Fifth step: judge. What a response proves, and the error for everything that is not a success.

mod business_numbers;
mod error_body;
mod hint;
mod members;
mod verdict;

use crate::{
    error::{Error, ErrorKind, Outcome},
    request::{
        decode::{
            RawResponse,
            form::{Readers, Verifier},
            request_id,
        },
        judge::{
            error_body::ErrorBody,
            hint::Evidence,
            members::Response,
            verdict::{Authenticity, BodyError, Verdict},
        },
        operation::Execution,
        prepare::Prepared,
        verify,
    },
    signature::VerifyError,
    support::language::{In, Language, Text, text},
    transport::TransportResponse,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use tracing::debug;

/// An attempt without a result: its error, and what the retry planner needs beyond it.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) signature_probe: bool,
    pub(crate) retry_after: Option<String>,
    /// The attempt timed out before its full attempt timeout, because the deadline of the call was near.
    pub(crate) cut_short: bool,
    /// Bytes of the body that were read.
    pub(crate) received: usize,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            signature_probe: false,
            retry_after: None,
            cut_short: false,
            received: 0,
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
    let readers = operation.form.readers();
    let streamed = readers.streamed && status.is_success();
    let members = if streamed {
        Response::default()
    } else {
        let template = &prepared.template;
        Response::read(&body, |name| {
            readers.has_business_numbers && business_numbers::may_be_compared(template, name)
        })
    };
    let error_body = error_body::of(&members);
    let body_error = match &error_body {
        None => BodyError::Nothing,
        Some(_) if status.is_success() && !readers.is_object => BodyError::Nothing,
        Some(error) if status.is_success() => error.as_success((operation.declared_fields)()),
        Some(error) => error.as_error(),
    };
    let verified = if is_verified_elsewhere(&readers, status, body_error) {
        None
    } else {
        Some(verify::verify(execution, &headers, &body).await?)
    };
    let authenticity = match &verified {
        None => Authenticity::Elsewhere,
        Some(Ok(true)) => Authenticity::Verified,
        Some(Ok(false)) => Authenticity::Unsigned,
        Some(Err(_)) => Authenticity::Refuted,
    };
    debug!(
        http.response.status_code = status.as_u16(),
        wechatpay.request_id = request_id(&headers),
        ?authenticity,
        "response received"
    );
    let verdict = verdict::judge(status, authenticity, body_error);
    let mismatch = match verdict {
        Verdict::Done => {
            business_numbers::mismatch(&prepared.template, &prepared.target, &prepared.body, &members.numbers)
        }
        Verdict::NotFinal | Verdict::Failed(_) => None,
    };
    // It borrows the body.
    drop(members);
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
        connection: connection.filter(|_| authenticity == Authenticity::Verified),
        verified: authenticity == Authenticity::Verified,
        private_key: context.signer.private_key().cloned(),
        attempts,
        silence: context.limits.attempt,
    };
    match verdict {
        Verdict::Done => match mismatch {
            None => Ok(response),
            Some(name) => Err(response
                .unusable(
                    ErrorKind::Mismatched,
                    text!(
                        "the `{name}` of the response is not that of the request",
                        "应答中的 `{name}` 与请求不一致"
                    ),
                )
                .with(|inner| inner.field = Some(name))
                .into()),
        },
        // A 202 without a body is the only success of some operations. A download without a body is not a success.
        Verdict::NotFinal if response.body.is_empty() && readers.may_be_empty => Ok(response),
        Verdict::NotFinal => Err(Failure {
            retry_after: retry_after(&response.headers),
            ..response
                .unusable(
                    ErrorKind::NotFinal,
                    (
                        "the server accepted the request and has no result yet",
                        "请求已受理，尚无结果",
                    ),
                )
                .into()
        }),
        Verdict::Failed(outcome) => {
            // A signed error under the status of an error. Under a 2xx one of the two belongs to another request.
            if error_body.is_some() && !status.is_success() {
                response.accept();
            }
            Err(failed(outcome, &response, verified.as_ref(), error_body))
        }
    }
}

/// Whether this response is verified elsewhere or never.
fn is_verified_elsewhere(readers: &Readers, status: StatusCode, body_error: BodyError<'_>) -> bool {
    match readers.verifier {
        Verifier::Request => false,
        Verifier::None => status.is_success(),
        Verifier::KeyStore => status == StatusCode::OK && body_error == BodyError::Nothing,
    }
}

/// The error of a response that is not a success, or that is not authentic. `verified` is `None` if it is
/// verified elsewhere.
fn failed(
    outcome: Outcome,
    response: &RawResponse,
    verified: Option<&Result<bool, VerifyError>>,
    error_body: Option<ErrorBody>,
) -> Failure {
    let status = response.status;
    let refuted = verified.and_then(|verified| verified.as_ref().err());
    let (kind, reason): (_, Text) = match verified {
        // A success that is not authentic must never be accepted.
        Some(Err(why)) if status.is_success() => {
            let (why, chinese) = (In(Language::English, why), In(Language::Chinese, why));
            let reason = text!("the response is not authentic: {why}", "应答不可信：{chinese}");
            (ErrorKind::Unverified, reason)
        }
        Some(Ok(false)) if status.is_success() => {
            let (excerpt, chinese) = error_body::excerpt(&response.body);
            let reason = text!("the response is not signed{excerpt}", "应答没有签名{chinese}");
            (ErrorKind::Unverified, reason)
        }
        _ if status == StatusCode::PARTIAL_CONTENT => (
            ErrorKind::Mismatched,
            Text::from((
                "the response has only a part of the content, and no part was asked for",
                "应答只有部分内容，而请求并未要求分段",
            )),
        ),
        _ if status.is_success() => (
            ErrorKind::Mismatched,
            Text::from((
                "the response is an error object under the status of a success",
                "状态码表示成功，应答却是错误信息",
            )),
        ),
        _ if status.is_redirection() => (
            ErrorKind::Service,
            Text::from((
                "the server redirects, which is never followed",
                "服务端返回重定向，客户端从不跟随",
            )),
        ),
        Some(Err(why)) => {
            let (why, chinese) = (In(Language::English, why), In(Language::Chinese, why));
            let reason = text!("the server responded with an error; {why}", "服务端返回错误；{chinese}");
            (ErrorKind::Service, reason)
        }
        _ if error_body.is_none() => {
            let (excerpt, chinese) = error_body::excerpt(&response.body);
            let reason = text!("the server responded with an error{excerpt}", "服务端返回错误{chinese}");
            (ErrorKind::Service, reason)
        }
        _ => (
            ErrorKind::Service,
            Text::from(("the server responded with an error", "服务端返回错误")),
        ),
    };
    let hint = hint::of(&Evidence {
        template: &response.template,
        status,
        code: error_body.as_ref().map(|body| &*body.code),
        request_id: response.request_id(),
        unverified: refuted,
    });
    let error = response.unusable(kind, reason).with(|inner| {
        inner.outcome = Some(outcome);
        inner.hint = hint;
        if let Some(body) = error_body {
            inner.code = Some(body.code);
            inner.message = body.message;
            inner.detail = body.detail;
        }
    });
    Failure {
        signature_probe: matches!(refuted, Some(VerifyError::SignatureProbe)),
        retry_after: retry_after(&response.headers),
        ..error.into()
    }
}

fn retry_after(headers: &HeaderMap) -> Option<String> {
    headers.get(header::RETRY_AFTER)?.to_str().ok().map(str::to_owned)
}
