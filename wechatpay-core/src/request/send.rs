//! Third step: send. The frozen bytes go to the transport, and the response is read up to its limit.

use crate::{
    error::{Error, ErrorKind, Outcome},
    request::{decode::request_id, judge::Failure, operation::Execution, prepare::Prepared},
    support::language::text,
    transport::{ResponseBody, TransportError, TransportRequest, TransportResponse},
};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use std::{slice, sync::Arc, time::Duration};

/// Sends once. The body of a streamed success is left in the response and the returned bytes are empty.
pub(crate) async fn send(
    execution: &Execution<'_>,
    prepared: &Prepared,
    origin: &str,
    headers: HeaderMap,
) -> Result<(TransportResponse, Bytes), Failure> {
    let context = execution.context;
    let request = TransportRequest {
        method: prepared.method.clone(),
        origin,
        target: &prepared.target,
        headers,
        body: match &prepared.multipart {
            Some(multipart) => &multipart.pieces,
            None if prepared.body.is_empty() => &[],
            None => slice::from_ref(&prepared.body),
        },
    };
    let host = host(origin);
    // Measured here and not earlier: a signer that is asked over a network uses up part of the deadline.
    let limit = execution.attempt_timeout.min(execution.left());
    let exchange = async {
        let mut response = context
            .transport
            .send(request)
            .await
            .map_err(|error| broken(error, host, None))?;
        // An error is always read as a whole; only a success is streamed.
        if execution.operation.form.readers().streamed && response.status.is_success() {
            return Ok::<_, Error>((response, Bytes::new()));
        }
        let body = read(&mut *response.body, context.limits.response_bytes)
            .await
            .map_err(|broken| broken.into_error(host, &response))?;
        Ok((response, body))
    };
    match tokio::time::timeout(limit, exchange).await {
        Ok(result) => Ok(result?),
        Err(_) => {
            let limit_ms = limit.as_millis();
            let reason = text!(
                "no response from {host} within {limit_ms} ms",
                "{limit_ms} 毫秒内没有收到 {host} 的应答"
            );
            Err(Failure {
                cut_short: is_cut_short(limit, execution),
                ..Error::new(Outcome::Unknown, ErrorKind::Timeout, reason).into()
            })
        }
    }
}

/// Whether an attempt had less time than every attempt of this operation has: a short deadline of this call, or a retry
/// near its end. A tenth less is allowed, because preparing and signing use a part of the deadline.
fn is_cut_short(limit: Duration, execution: &Execution<'_>) -> bool {
    let full = execution.attempt_timeout.min(execution.context.limits.deadline);
    limit < full.mul_f64(0.9)
}

/// Host and port of an origin.
pub(crate) fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The bytes of a body, up to `most`.
async fn read(body: &mut dyn ResponseBody, most: usize) -> Result<Bytes, Broken> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(chunk) = body.chunk().await.map_err(Broken::Off)? {
        if first.len() + all.len() + chunk.len() > most {
            return Err(Broken::TooLarge { most });
        }
        // Fast path: most responses come in one piece, which is not copied.
        if first.is_empty() && all.is_empty() {
            first = chunk;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&std::mem::take(&mut first));
        }
        all.extend_from_slice(&chunk);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// Why a body could not be read.
enum Broken {
    Off(TransportError),
    TooLarge { most: usize },
}

impl Broken {
    fn into_error(self, host: &str, response: &TransportResponse) -> Error {
        let status = response.status;
        match self {
            Self::Off(error) => broken(error, host, Some(status)),
            Self::TooLarge { most } => {
                let reason = text!("the response is larger than {most} bytes", "应答超过 {most} 字节");
                Error::new(Outcome::Unknown, ErrorKind::TooLarge, reason).with(|inner| inner.status = Some(status))
            }
        }
        .with(|inner| inner.request_id = request_id(&response.headers).map(str::to_owned))
    }
}

/// The error of a connection that could not be made, or that broke.
fn broken(error: TransportError, host: &str, status: Option<StatusCode>) -> Error {
    let (outcome, kind) = if error.is_not_sent() && status.is_none() {
        (Outcome::NotSent, ErrorKind::Connect)
    } else {
        (Outcome::Unknown, ErrorKind::Interrupted)
    };
    Error::new(outcome, kind, error.about(host)).with(|inner| {
        inner.status = status;
        inner.hint = error.hint().cloned().map(Into::into);
        inner.cause = Some(Arc::new(error));
    })
}
