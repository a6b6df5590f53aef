//! A transport that records the request and returns a given response.

use crate::message::Message;
use bytes::Bytes;
use http::HeaderMap;
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};
use tokio::time::Instant;
use wechatpay_core::transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse};

type Sending<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

/// What was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Scheme and authority.
    pub origin: String,
    /// Path and query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// When, on the clock that jumps.
    pub at: Instant,
}

/// The transport.
#[derive(Debug, Clone)]
pub struct Wire {
    response: Message,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Wire {
    /// Responds to everything with `response`.
    #[must_use]
    pub fn new(response: Message) -> Self {
        Self {
            response,
            sent: Arc::default(),
        }
    }

    /// What was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Wire {
    fn send<'a>(&'a self, request: TransportRequest<'a>) -> Sending<'a, TransportResponse> {
        let sent = Sent {
            origin: request.origin.to_owned(),
            target: request.target.to_owned(),
            headers: request.headers,
            body: request.body.concat(),
            at: Instant::now(),
        };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        let body = Box::new(Whole(Some(self.response.body.clone().into())));
        let response = TransportResponse::new(self.response.status, self.response.headers.clone(), body);
        Box::pin(std::future::ready(Ok(response)))
    }
}

struct Whole(Option<Bytes>);

impl ResponseBody for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        Poll::Ready(Ok(self.0.take()))
    }
}
