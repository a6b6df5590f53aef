//! A transport over real HTTP that records requests and can change them.

use bytes::Bytes;
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};
use wechatpay_core::{
    HeaderMap,
    transport::{HttpTransport, Transport, TransportError, TransportRequest, TransportResponse},
};

type Change = dyn Fn(&mut Attempt) + Send + Sync;

/// One attempt, which the test may inspect and change.
#[derive(Debug)]
pub struct Attempt {
    /// The path and the query.
    pub target: String,
    /// All headers except `Host` and `Content-Length`.
    pub headers: HeaderMap,
    /// The pieces of the body.
    pub body: Vec<Bytes>,
}

/// A transport over real HTTP that records every attempt and can change it.
#[derive(Clone)]
pub struct RecordingTransport {
    http: HttpTransport,
    change: Arc<Change>,
    sent: Arc<Mutex<Vec<SentRequest>>>,
}

/// One attempt as the client sent it, before it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// The path and the query.
    pub target: String,
    /// The header `Authorization`.
    pub authorization: String,
    /// The header `Wechatpay-Serial`. Empty if it is missing.
    pub serial: String,
    /// The whole body.
    pub body: Vec<u8>,
}

impl RecordingTransport {
    /// A transport that changes nothing.
    pub fn new() -> Self {
        Self::changing(|_| {})
    }

    /// A transport that changes every request.
    pub fn changing(change: impl Fn(&mut Attempt) + Send + Sync + 'static) -> Self {
        Self {
            http: HttpTransport::new().unwrap(),
            change: Arc::new(change),
            sent: Arc::default(),
        }
    }

    /// A transport that calls `look` for every request.
    pub fn observing(look: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        Self::changing(move |request| look(request))
    }

    /// Every attempt so far.
    pub fn sent(&self) -> Vec<SentRequest> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for RecordingTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for RecordingTransport {
    fn send<'a>(
        &'a self,
        mut request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        let header = |name: &str| {
            let value = request.headers.get(name);
            value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        let sent = SentRequest {
            target: request.target.to_owned(),
            authorization: header("authorization"),
            serial: header("wechatpay-serial"),
            body: request.body.concat(),
        };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        let mut attempt = Attempt {
            target: request.target.to_owned(),
            headers: std::mem::take(&mut request.headers),
            body: request.body.to_vec(),
        };
        (self.change)(&mut attempt);
        Box::pin(async move {
            let mut request = request;
            request.target = &attempt.target;
            request.headers = attempt.headers;
            request.body = &attempt.body;
            self.http.send(request).await
        })
    }
}
