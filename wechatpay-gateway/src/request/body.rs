//! Receiving bodies, within bounds of size, time and memory.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::request::refusal::Refusal;

/// What the bodies of all requests that are being received may need together, in bytes.
const ALL_BODIES: usize = 192 << 20;

/// How long a client may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The memory for bodies that are being received.
pub(crate) struct Bodies(Semaphore);

impl Default for Bodies {
    fn default() -> Self {
        Self(Semaphore::new(ALL_BODIES))
    }
}

impl Bodies {
    /// Reads a body up to `limit`, in its time and within the memory for all bodies. The permit stands for its memory.
    pub(crate) async fn read(
        &self,
        body: impl Body<Data = Bytes> + Unpin,
        limit: usize,
    ) -> Result<(Bytes, SemaphorePermit<'_>), Refusal> {
        let reading = timeout(BODY_TIME, self.collect(body, limit));
        reading.await.unwrap_or_else(|_| {
            let late = Refusal::new(StatusCode::REQUEST_TIMEOUT, "PARAM_ERROR", "请求体接收超时");
            Err(late)
        })
    }

    async fn collect(
        &self,
        mut body: impl Body<Data = Bytes> + Unpin,
        limit: usize,
    ) -> Result<(Bytes, SemaphorePermit<'_>), Refusal> {
        let mut bytes = Vec::new();
        let mut memory = self.reserve(0)?;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::param_error("请求体不完整"))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > limit {
                return Err(Refusal::param_error("请求体过大"));
            }
            memory.merge(self.reserve(data.len())?);
            bytes.extend_from_slice(&data);
        }
        Ok((bytes.into(), memory))
    }

    fn reserve(&self, bytes: usize) -> Result<SemaphorePermit<'_>, Refusal> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let permit = self.0.try_acquire_many(bytes);
        permit.map_err(|_| Refusal::new(StatusCode::TOO_MANY_REQUESTS, "FREQUENCY_LIMITED", "频率超限"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::Full;
    use hyper::body::Frame;
    use std::{
        convert::Infallible,
        pin::Pin,
        task::{Context, Poll},
    };

    /// An endless body, a piece at a time with a pause between.
    struct Dribble(Pin<Box<tokio::time::Sleep>>);

    impl Body for Dribble {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            std::task::ready!(self.0.as_mut().poll(context));
            self.0 = Box::pin(tokio::time::sleep(Duration::from_secs(1)));
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn g3_a_body_that_takes_too_long_is_refused() {
        let slow = Dribble(Box::pin(tokio::time::sleep(Duration::ZERO)));
        let refusal = Bodies::default().read(slow, 1 << 20).await.unwrap_err();
        assert_eq!(refusal.status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn g3_a_body_that_is_too_long_is_refused() {
        let bodies = Bodies::default();
        let (body, _memory) = bodies.read(Full::new(Bytes::from_static(b"1234")), 4).await.unwrap();
        assert_eq!(body, "1234");
        let refusal = bodies
            .read(Full::new(Bytes::from_static(b"12345")), 4)
            .await
            .unwrap_err();
        assert_eq!(refusal.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn g3_all_bodies_together_have_a_limit_and_give_their_memory_back() {
        let bodies = Bodies::default();
        let body = || Full::new(Bytes::from(vec![0; ALL_BODIES / 2]));
        let first = bodies.read(body(), usize::MAX).await.unwrap();
        let second = bodies.read(body(), usize::MAX).await.unwrap();
        let one_more = || Full::new(Bytes::from_static(b"x"));
        assert_eq!(
            bodies.read(one_more(), 1).await.unwrap_err().status(),
            StatusCode::TOO_MANY_REQUESTS
        );
        drop((first, second));
        drop(bodies.read(one_more(), 1).await.unwrap());
    }
}
