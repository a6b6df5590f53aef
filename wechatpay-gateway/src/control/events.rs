//! Server-sent events: what changes, told to open pages.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Response, StatusCode};
use hyper::body::{Body as HttpBody, Frame};
use tokio::{sync::mpsc, time::timeout};

use crate::{
    changes::{Changed, Changes},
    control::reply::{self, Problem},
    response::signed::Body,
};

/// How many pages are served at once.
const LIMIT: usize = 32;

/// A comment is sent so often, so that a page that is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How many events wait for a page that reads slowly. What it misses after that, it is told by `lagged`.
const WAITING: usize = 16;

/// A page that is being told, until it is dropped.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(open: &Arc<AtomicUsize>) -> Option<Self> {
        let one_more = |open| (open < LIMIT).then_some(open + 1);
        open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Self(Arc::clone(open)))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A response without an end. `open` counts them.
pub(crate) fn stream(changes: Changes, open: &Arc<AtomicUsize>) -> Result<Response<Body>, Problem> {
    let open = Open::new(open).ok_or_else(|| {
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_PAGES",
            format!("{LIMIT} pages are being told already"),
            format!("已有 {LIMIT} 个页面在接收事件"),
        )
    })?;
    let (events, body) = mpsc::channel(WAITING);
    tokio::spawn(tell(changes, events, open));
    Ok(reply::stream("text/event-stream", Events(body)))
}

/// Passes changes on until the page is gone.
async fn tell(mut changes: Changes, events: mpsc::Sender<Bytes>, _open: Open) {
    let mut event = Bytes::from_static(b"retry: 1000\n\n");
    while events.send(event).await.is_ok() {
        event = tokio::select! {
            () = events.closed() => return,
            changed = timeout(HEARTBEAT, changes.next()) => match changed {
                Ok(Some(changed)) => encoded(&changed),
                Ok(None) => return,
                Err(_) => Bytes::from_static(b":\n\n"),
            },
        };
    }
}

/// JSON holds no line end, so it is one line of an event.
fn encoded(changed: &Changed) -> Bytes {
    let json = serde_json::to_string(changed).unwrap_or_default();
    format!("data: {json}\n\n").into()
}

/// The events as a body.
struct Events(mpsc::Receiver<Bytes>);

impl HttpBody for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let event = self.0.poll_recv(context);
        event.map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::Announcer;
    use http_body_util::BodyExt as _;

    #[tokio::test(start_paused = true)]
    async fn a_page_is_told_what_changes_and_that_the_gateway_lives() {
        let (announcer, open) = (Announcer::default(), Arc::default());
        let mut body = stream(announcer.subscribe(), &open).unwrap().into_body();
        announcer.tell(Changed::Order("A\n1".to_owned()));
        let mut next = async || body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(next().await, "retry: 1000\n\n");
        assert_eq!(next().await, "data: {\"kind\":\"order\",\"number\":\"A\\n1\"}\n\n");
        assert_eq!(next().await, ":\n\n");
        drop(body);
        while open.load(Ordering::Relaxed) > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn g3_no_more_pages_are_told_than_the_limit() {
        let (announcer, open) = (Announcer::default(), Arc::default());
        let streams: Vec<_> = (0..LIMIT)
            .map(|_| stream(announcer.subscribe(), &open).unwrap())
            .collect();
        assert_eq!(stream(announcer.subscribe(), &open).err().unwrap().status, 429);
        drop(streams);
    }
}
