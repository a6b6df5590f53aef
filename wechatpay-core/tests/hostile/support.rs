//! A transport that answers what a test says, piece by piece.

use std::{collections::VecDeque, future::pending, pin::Pin, sync::Arc};
use tokio::sync::Notify;
use wechatpay_core::{
    HeaderMap, StatusCode,
    transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse},
};

type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

/// What comes next of a body.
#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(&'static [u8]),
    /// Nothing more until the test says so.
    Wait(Arc<Notify>),
    /// Nothing more, and no end either.
    Silence,
}

/// Answers everything with status 200, no headers, and this body.
#[derive(Clone)]
pub(crate) struct Answers(pub(crate) Vec<Piece>);

impl Transport for Answers {
    fn send<'a>(&'a self, _: TransportRequest<'a>) -> Answering<'a, TransportResponse> {
        let body = Box::new(Body(self.0.clone().into()));
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), body)) })
    }
}

struct Body(VecDeque<Piece>);

impl ResponseBody for Body {
    fn chunk(&mut self) -> Answering<'_, Option<bytes::Bytes>> {
        Box::pin(async {
            loop {
                match self.0.pop_front() {
                    None => return Ok(None),
                    Some(Piece::Bytes(bytes)) => return Ok(Some(bytes.into())),
                    Some(Piece::Wait(notify)) => notify.notified().await,
                    Some(Piece::Silence) => pending().await,
                }
            }
        })
    }
}
