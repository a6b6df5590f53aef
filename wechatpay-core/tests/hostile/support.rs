//! A transport whose response the test defines, piece by piece.

use http::{HeaderValue, header};
use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::sync::Notify;
use wechatpay_core::{
    HeaderMap, StatusCode,
    transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse},
};

type Sending<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

/// A piece of a body.
#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(&'static [u8]),
    /// Nothing until the test continues.
    Wait(Arc<Notify>),
}

/// Responds to everything with status 200 and this body. Its end is certain, like that of a chunked body.
#[derive(Clone)]
pub(crate) struct PiecewiseTransport(pub(crate) Vec<Piece>);

impl Transport for PiecewiseTransport {
    fn send<'a>(&'a self, _: TransportRequest<'a>) -> Sending<'a, TransportResponse> {
        let body = Box::new(Body {
            pieces: self.0.clone().into(),
            waiting: None,
        });
        let headers = HeaderMap::from_iter([(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"))]);
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, headers, body)) })
    }
}

struct Body {
    pieces: VecDeque<Piece>,
    /// The body continues after this.
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl ResponseBody for Body {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<bytes::Bytes>, TransportError>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(context));
                self.waiting = None;
            }
            match self.pieces.pop_front() {
                None => return Poll::Ready(Ok(None)),
                Some(Piece::Bytes(bytes)) => return Poll::Ready(Ok(Some(bytes.into()))),
                Some(Piece::Wait(notify)) => self.waiting = Some(Box::pin(async move { notify.notified().await })),
            }
        }
    }
}
