//! The road between client and gateway, with somebody on it.

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

/// One attempt, in the hands of whoever is on the road.
#[derive(Debug)]
pub struct Attempt {
    /// Path and query.
    pub target: String,
    /// All headers but `Host` and `Content-Length`.
    pub headers: HeaderMap,
    /// The pieces of the body.
    pub body: Vec<Bytes>,
}

/// Real HTTP, on which somebody writes down what passes, and may change it.
#[derive(Clone)]
pub struct Road {
    http: HttpTransport,
    change: Arc<Change>,
    passed: Arc<Mutex<Vec<Passed>>>,
}

/// One attempt as it left the client, before it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Path and query.
    pub target: String,
    /// The header `Authorization`.
    pub authorization: String,
    /// The header `Wechatpay-Serial`; empty without one.
    pub serial: String,
    /// The body in one piece.
    pub body: Vec<u8>,
}

impl Road {
    /// A road on which nothing is changed.
    pub fn new() -> Self {
        Self::changing(|_| {})
    }

    /// A road on which every request is changed.
    pub fn changing(change: impl Fn(&mut Attempt) + Send + Sync + 'static) -> Self {
        Self {
            http: HttpTransport::new().unwrap(),
            change: Arc::new(change),
            passed: Arc::default(),
        }
    }

    /// A road on which somebody looks at every request.
    pub fn observing(look: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        Self::changing(move |request| look(request))
    }

    /// Every attempt until now.
    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Road {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Road {
    fn send<'a>(
        &'a self,
        mut request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        let header = |name: &str| {
            let value = request.headers.get(name);
            value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        let passed = Passed {
            target: request.target.to_owned(),
            authorization: header("authorization"),
            serial: header("wechatpay-serial"),
            body: request.body.concat(),
        };
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).push(passed);
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
