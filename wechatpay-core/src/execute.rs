//! The way of a request: prepare once, then sign, send, verify; again where that is safe. Compiled once for all
//! operations.

use crate::{
    Client, Error, ErrorKind, Fields, Outcome,
    answer::{Received, request_id},
    authenticate::authenticate,
    call::Prepare,
    client::{Inner, no_encryption_key},
    error_body::{self, ErrorBody},
    hint,
    key_store::{DownloadedList, EncryptionKey},
    numbers,
    one_line::OneLine,
    outcome::{Authenticity, Verdict, judge},
    preparation::Prepared,
    retry::{Action, Cause, Ended, Situation},
    sensitive::scope,
    sign::{self, Nonce},
    system::deadline,
    transport::{ResponseBody, TransportError, TransportRequest, TransportResponse},
    verify::{SignatureHeaders, VerifyError, unix_seconds},
};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::{borrow::Cow, slice, sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::{Instrument as _, debug, debug_span, field::Empty, warn};

const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");

/// What is to be done, apart from the request's values.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) template: Cow<'static, str>,
    pub(crate) idempotent: bool,
    /// The answer is handed on as it comes in, unsigned.
    pub(crate) streamed: bool,
    /// The caller may have encrypted by hand, so the key is announced in any case.
    pub(crate) announce: bool,
    /// A success brings the keys that it is to be checked with, and whoever asked for it does that: the list of
    /// platform certificates.
    pub(crate) brings_keys: bool,
}

/// Options of a single call.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) deadline: Option<Duration>,
    pub(crate) headers: HeaderMap,
}

/// Carries one operation to the server and back.
pub(crate) async fn execute(
    client: &Client,
    operation: Operation,
    request: &dyn Prepare,
    options: Options,
) -> Result<Received, Error> {
    let span = debug_span!(
        "wechatpay_call",
        method = %operation.method,
        path = %OneLine(&operation.template),
        mchid = client.mchid(),
        status = Empty,
        request_id = Empty,
        attempts = Empty,
    );
    let call = Call {
        client: &client.inner,
        deadline: deadline(options.deadline.unwrap_or(client.inner.limits.deadline)),
        attempt: client.inner.limits.attempt,
        repeatable: operation.idempotent || operation.method == Method::GET,
        operation,
    };
    client.freshen_certificates();
    async move {
        let result = call.run(request, options.headers).await;
        let span = tracing::Span::current();
        match &result {
            Ok(received) => {
                span.record("status", received.status.as_u16());
                span.record("request_id", received.request_id());
                span.record("attempts", received.attempts);
                debug!("answered");
            }
            Err(error) => {
                span.record("status", error.status().map(|status| status.as_u16()));
                span.record("request_id", error.request_id());
                span.record("attempts", error.attempts());
                warn!(outcome = ?error.outcome(), kind = ?error.kind(), code = error.code(), "failed");
            }
        }
        result
    }
    .instrument(span)
    .await
}

/// Fetches the list of platform certificates, as it comes.
pub(crate) async fn fetch_certificates(client: &Arc<Inner>) -> Result<DownloadedList, Error> {
    struct Nothing;
    impl Prepare for Nothing {
        fn prepare(&self, _: &mut Fields) {}
    }
    let call = Call {
        client,
        operation: Operation {
            method: Method::GET,
            template: client.origins.certificates_path().into(),
            idempotent: true,
            streamed: false,
            announce: false,
            brings_keys: true,
        },
        repeatable: true,
        deadline: deadline(client.limits.deadline),
        attempt: client.limits.attempt.min(client.keys.download_attempt()),
    };
    let received = call.run(&Nothing, HeaderMap::new()).await?;
    Ok(DownloadedList {
        headers: received.headers,
        body: received.body,
    })
}

/// One call: what stays the same over all of its attempts.
struct Call<'a> {
    client: &'a Arc<Inner>,
    operation: Operation,
    repeatable: bool,
    deadline: Instant,
    /// How long one attempt may take.
    attempt: Duration,
}

/// An attempt that did not bring the result: its error, and what the planner needs beyond it.
struct Failure {
    error: Error,
    signature_probe: bool,
    retry_after: Option<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            signature_probe: false,
            retry_after: None,
        }
    }
}

impl Call<'_> {
    async fn run(&self, request: &dyn Prepare, extra_headers: HeaderMap) -> Result<Received, Error> {
        let (mut prepared, key) = self.prepare(request).await.map_err(|error| self.locate(error))?;
        prepared.headers.extend(extra_headers);
        let mut attempts = 0;
        let mut in_doubt = false;
        let mut repeated_for_probe = false;
        loop {
            attempts += 1;
            let route = self.client.retries.route(self.repeatable, Instant::now().into_std());
            let span = debug_span!("wechatpay_attempt", attempt = attempts, host = ?route.host);
            let attempt = self.attempt(&prepared, key.as_ref(), self.client.origins.of(route.host), attempts);
            let failure = match attempt.instrument(span).await {
                Ok(received) => {
                    self.client.retries.succeeded(route, Instant::now().into_std());
                    return Ok(received);
                }
                Err(failure) => failure,
            };
            let outcome = failure.error.outcome();
            in_doubt |= outcome == Outcome::Unknown && self.operation.method != Method::GET;
            let error = self.locate(failure.error).with(|inner| {
                inner.attempts = attempts;
                // What an earlier attempt may have done, no later refusal undoes.
                if in_doubt {
                    inner.outcome = Some(Outcome::Unknown);
                }
            });
            let ended = Ended {
                // Of this attempt alone: that it was not sent says what to do next, whatever went before.
                outcome,
                kind: error.kind(),
                status: error.status(),
                signature_probe: failure.signature_probe,
                retry_after: failure.retry_after.as_deref(),
            };
            let situation = Situation {
                repeatable: self.repeatable,
                attempts,
                repeated_for_probe,
                left: self.deadline.saturating_duration_since(Instant::now()),
                now: self.client.system.now(),
            };
            let mut random = [0; 8];
            if self.client.system.random(&mut random).is_err() {
                return Err(error);
            }
            let now = Instant::now().into_std();
            match self
                .client
                .retries
                .failed(route, &ended, &situation, u64::from_ne_bytes(random), now)
            {
                Action::Repeat { after, cause, permit } => {
                    debug!(?cause, ?after, attempt = attempts, "repeating");
                    repeated_for_probe |= cause == Cause::SignatureProbe;
                    tokio::time::sleep(after).await;
                    permit.spend();
                }
                Action::Stop(reason) => {
                    debug!(?reason, attempt = attempts, "not repeating");
                    return Err(error);
                }
            }
        }
    }

    /// Puts the request together under one snapshot of the keys. Only when it has sensitive values and there is no key
    /// yet are the platform certificates fetched first.
    async fn prepare(&self, request: &dyn Prepare) -> Result<(Prepared, Option<EncryptionKey>), Error> {
        for last in [false, true] {
            let snapshot = self.client.keys.snapshot();
            let key = snapshot.encryption_key(self.client.system.now());
            let mut fields = Fields::new(self.operation.method.clone(), self.operation.template.clone());
            let (result, sealed) = scope::sealing(key.as_ref().map(|key| key.key.clone()), || {
                request.prepare(&mut fields);
                fields.finish()
            });
            if sealed.missing && !last && self.client.keys.can_refresh() {
                self.within_deadline(self.client.refresh_certificates()).await??;
                continue;
            }
            if sealed.missing {
                return Err(no_encryption_key());
            }
            // The key is announced where it was used; a public key always, because it also tells the server which
            // key to sign the answer with.
            let announced = key.filter(|key| sealed.used || self.operation.announce || key.is_public_key());
            return Ok((result?, announced));
        }
        Err(no_encryption_key())
    }

    /// The headers of one attempt: the same for all, but for the Authorization.
    fn headers(
        &self,
        prepared: &Prepared,
        key: Option<&EncryptionKey>,
        authorization: HeaderValue,
    ) -> Result<HeaderMap, Error> {
        // With room for the two that HTTP adds.
        let mut headers = HeaderMap::with_capacity(prepared.headers.len() + 8);
        headers.extend(prepared.headers.clone());
        let accept = if self.operation.streamed {
            "*/*"
        } else {
            "application/json"
        };
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        if self.operation.streamed {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        headers.insert(header::USER_AGENT, self.client.user_agent.clone());
        if let Some(multipart) = &prepared.multipart {
            headers.insert(header::CONTENT_TYPE, header_value(&*multipart.content_type)?);
        } else if !prepared.body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(key) = key {
            headers.insert(SERIAL, key.header().ok_or_else(not_a_header)?);
        }
        headers.insert(header::AUTHORIZATION, authorization);
        Ok(headers)
    }

    /// One attempt: a fresh nonce, timestamp and signature over the frozen bytes.
    async fn attempt(
        &self,
        prepared: &Prepared,
        key: Option<&EncryptionKey>,
        origin: &str,
        attempts: u32,
    ) -> Result<Received, Failure> {
        let authorization = self.within_deadline(self.authorization(prepared)).await??;
        let request = TransportRequest {
            method: prepared.method.clone(),
            origin,
            target: &prepared.target,
            headers: self.headers(prepared, key, authorization)?,
            body: match &prepared.multipart {
                Some(multipart) => &multipart.pieces,
                None if prepared.body.is_empty() => &[],
                None => slice::from_ref(&prepared.body),
            },
        };
        // Only now: a signer that is asked over a network takes its share of the deadline.
        let left = self.deadline.saturating_duration_since(Instant::now());
        let limit = self.attempt.min(left);
        let exchange = async {
            let mut response = self
                .client
                .transport
                .send(request)
                .await
                .map_err(|error| broken(error, None))?;
            // An error is always read as a whole; only a success is handed on as it comes in.
            if self.operation.streamed && response.status.is_success() {
                return Ok::<_, Error>((response, Bytes::new()));
            }
            let body = read(&mut *response.body, self.client.limits.answer_bytes)
                .await
                .map_err(|broken| broken.into_error(&response))?;
            Ok((response, body))
        };
        let (response, body) = match tokio::time::timeout(limit, exchange).await {
            Ok(exchanged) => exchanged?,
            Err(_) => {
                let reason = format!("no answer within {} ms", limit.as_millis());
                return Err(Error::new(Outcome::Unknown, ErrorKind::Timeout, reason).into());
            }
        };
        self.check(prepared, response, body, attempts).await
    }

    async fn authorization(&self, prepared: &Prepared) -> Result<HeaderValue, Error> {
        let Inner {
            system,
            signer,
            identity,
            serial_no,
            ..
        } = &**self.client;
        let mut random = [0; 16];
        system.random(&mut random).map_err(|error| {
            Error::local(ErrorKind::System, "the random source failed; no nonce, no request")
                .with(|inner| inner.source = Some(Box::new(error)))
        })?;
        let nonce = Nonce::new(random);
        let timestamp = unix_seconds(system.now())
            .ok_or_else(|| Error::local(ErrorKind::System, "this machine's clock stands before 1970; set it"))?;
        let message = sign::request_message(
            prepared.method.as_str(),
            &prepared.target,
            timestamp,
            nonce,
            &prepared.body,
        );
        let signature = signer.sign(&message).await.map_err(|error| {
            Error::local(ErrorKind::Signing, error.to_string()).with(|inner| inner.source = Some(Box::new(error)))
        })?;
        let mut header = header_value(identity.authorization(serial_no, nonce, timestamp, &signature))?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Decides what came back: the result, or an error and what that proves.
    async fn check(
        &self,
        prepared: &Prepared,
        response: TransportResponse,
        body: Bytes,
        attempts: u32,
    ) -> Result<Received, Failure> {
        let TransportResponse {
            status,
            headers,
            body: stream,
            ..
        } = response;
        let streamed = self.operation.streamed && status.is_success();
        let error_body = if streamed { None } else { error_body::read(&body) };
        let brings_keys = self.operation.brings_keys && status == StatusCode::OK && error_body.is_none();
        let verified = if streamed || brings_keys {
            Ok(true)
        } else {
            self.verify(&headers, &body).await?
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
        let received = Received {
            method: self.operation.method.clone(),
            template: self.operation.template.clone(),
            status,
            headers,
            body,
            stream: streamed.then_some(stream),
            private_key: self.client.signer.private_key().cloned(),
            attempts,
            silence: self.client.limits.attempt,
        };
        match judge(status, authenticity, error_body.as_ref().map(|body| &*body.code)) {
            Verdict::Done if streamed => Ok(received),
            Verdict::Done => {
                match numbers::mismatch(&prepared.template, &prepared.target, &prepared.body, &received.body) {
                    None => Ok(received),
                    Some(name) => Err(received
                        .unusable(
                            ErrorKind::Mismatched,
                            format!("the answer's `{name}` is not that of the request"),
                        )
                        .with(|inner| inner.field = Some(name))
                        .into()),
                }
            }
            // A 202 without a body is all that some operations ever answer. A file without a body is none.
            Verdict::NotFinal if received.body.is_empty() && !streamed => Ok(received),
            Verdict::NotFinal => Err(Failure {
                retry_after: retry_after(&received.headers),
                ..received
                    .unusable(
                        ErrorKind::NotFinal,
                        "the server accepted the request and has no result yet",
                    )
                    .into()
            }),
            Verdict::Failed(outcome) => Err(failed(outcome, &received, verified, error_body)),
        }
    }

    /// `Ok(true)`: signed by WeChat Pay; `Ok(false)`: not signed at all; `Err`: not to be believed. The outer error is
    /// a failure to find out.
    async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Result<bool, VerifyError>, Error> {
        if !SignatureHeaders::any(headers) {
            return Ok(Ok(false));
        }
        // This request is the fetching of keys; waiting for keys would be waiting for itself.
        let fetch = !self.operation.brings_keys;
        Ok(authenticate(self.client, headers, body, self.deadline, fetch)
            .await
            .map(|()| true))
    }

    async fn within_deadline<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        tokio::time::timeout_at(self.deadline, work).await.map_err(|_| {
            Error::local(
                ErrorKind::Timeout,
                "the time for the call was up before the request was sent",
            )
        })
    }

    /// Adds which operation an error is about.
    fn locate(&self, error: Error) -> Error {
        let operation = (self.operation.method.clone(), self.operation.template.clone());
        error.with(|inner| {
            inner.operation.get_or_insert(operation);
        })
    }
}

/// The bytes of a body, up to `most`.
async fn read(body: &mut dyn ResponseBody, most: usize) -> Result<Bytes, Broken> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(chunk) = body.chunk().await.map_err(Broken::Off)? {
        if first.len() + all.len() + chunk.len() > most {
            return Err(Broken::TooLarge { most });
        }
        // Nearly every answer comes in one piece, which is not copied.
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
    fn into_error(self, response: &TransportResponse) -> Error {
        let status = response.status;
        match self {
            Self::Off(error) => broken(error, Some(status)),
            Self::TooLarge { most } => {
                let reason = format!("the answer is larger than {most} bytes");
                Error::new(Outcome::Unknown, ErrorKind::TooLarge, reason).with(|inner| inner.status = Some(status))
            }
        }
        .with(|inner| inner.request_id = request_id(&response.headers).map(str::to_owned))
    }
}

/// The error for a connection that was not made, or that broke.
fn broken(error: TransportError, status: Option<StatusCode>) -> Error {
    let (outcome, kind) = if error.is_not_sent() && status.is_none() {
        (Outcome::NotSent, ErrorKind::Connect)
    } else {
        (Outcome::Unknown, ErrorKind::Interrupted)
    };
    Error::new(outcome, kind, error.to_string()).with(|inner| {
        inner.status = status;
        inner.source = Some(Box::new(error));
    })
}

/// The error for an answer that is no success, or that is not believed.
fn failed(
    outcome: Outcome,
    received: &Received,
    verified: Result<bool, VerifyError>,
    error_body: Option<ErrorBody>,
) -> Failure {
    let status = received.status;
    let authenticated = matches!(verified, Ok(true));
    let (kind, reason): (_, Cow<'static, str>) = match &verified {
        // A success that is not authentic is the one that must not be believed, whatever it says.
        Err(why) if status.is_success() => (
            ErrorKind::Unverified,
            format!("the answer is not believed: {why}").into(),
        ),
        Ok(false) if status.is_success() => {
            let reason = format!("the answer is not signed{}", error_body::excerpt(&received.body));
            (ErrorKind::Unverified, reason.into())
        }
        Ok(true) if status.is_success() => (
            ErrorKind::Mismatched,
            "the answer is an error object under the status of a success".into(),
        ),
        _ if status.is_redirection() => (
            ErrorKind::Service,
            "the server redirects, which is never followed".into(),
        ),
        Err(why) => (
            ErrorKind::Service,
            format!("the server answered with an error; {why}").into(),
        ),
        _ if error_body.is_none() => {
            let reason = format!(
                "the server answered with an error{}",
                error_body::excerpt(&received.body)
            );
            (ErrorKind::Service, reason.into())
        }
        _ => (ErrorKind::Service, "the server answered with an error".into()),
    };
    let hint = hint::of(
        &received.template,
        status,
        error_body.as_ref().map(|body| &*body.code),
        verified.as_ref().err(),
    );
    let error = received.unusable(kind, reason).with(|inner| {
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
        error,
        signature_probe: matches!(verified, Err(VerifyError::Probe)),
        retry_after: retry_after(&received.headers),
    }
}

fn retry_after(headers: &HeaderMap) -> Option<String> {
    headers.get(header::RETRY_AFTER)?.to_str().ok().map(str::to_owned)
}

/// A header of the client's own. Its parts were checked when the client was built, so this does not fail in practice.
fn header_value(text: impl TryInto<HeaderValue>) -> Result<HeaderValue, Error> {
    text.try_into().map_err(|_| not_a_header())
}

fn not_a_header() -> Error {
    Error::local(
        ErrorKind::Configuration,
        "an id holds a character that a header cannot carry",
    )
}
