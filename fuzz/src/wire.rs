//! A transport that keeps what is sent and answers what it was given.

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

type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

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
    answer: Message,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Wire {
    /// Answers everything with `answer`.
    #[must_use]
    pub fn new(answer: Message) -> Self {
        Self {
            answer,
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
    fn send<'a>(&'a self, request: TransportRequest<'a>) -> Answering<'a, TransportResponse> {
        let sent = Sent {
            origin: request.origin.to_owned(),
            target: request.target.to_owned(),
            headers: request.headers,
            body: request.body.concat(),
            at: Instant::now(),
        };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        let body = Box::new(Whole(Some(self.answer.body.clone().into())));
        let response = TransportResponse::new(self.answer.status, self.answer.headers.clone(), body);
        Box::pin(std::future::ready(Ok(response)))
    }
}

struct Whole(Option<Bytes>);

impl ResponseBody for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        Poll::Ready(Ok(self.0.take()))
    }
}
