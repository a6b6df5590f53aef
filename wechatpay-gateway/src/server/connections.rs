//! The open connections: bounded in number.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::Instant,
};

/// How many connections are open at once. Where the system gives fewer file handles, that is the limit.
const LIMIT: usize = 1200;

/// How long a connection may take to send its first request before a newer one may take its place.
const GRACE: Duration = Duration::from_millis(200);

/// The open connections. Where the limit is reached, a new one takes the place of the one that has been idle the longest.
#[derive(Default)]
pub(crate) struct Connections {
    tasks: JoinSet<()>,
    open: Vec<(AbortHandle, Activity)>,
}

/// What a connection does.
#[derive(Clone)]
pub(crate) struct Activity(Arc<State>);

struct State {
    opened: Instant,
    requests: AtomicUsize,
    /// When the last request ended, in milliseconds since the connection was opened.
    idle_since: AtomicU64,
}

/// A request on a connection, until it is dropped. It keeps the connection once its body is there: a client that is slow
/// to send it is like one that sends nothing.
pub(crate) struct Exchange {
    activity: Activity,
    received: Arc<AtomicBool>,
}

/// The body of a request, which tells its exchange when it is complete.
pub(crate) struct Watched {
    body: Incoming,
    activity: Activity,
    received: Arc<AtomicBool>,
}

impl Activity {
    fn new() -> Self {
        Self(Arc::new(State {
            opened: Instant::now(),
            requests: AtomicUsize::new(0),
            idle_since: AtomicU64::new(0),
        }))
    }

    /// A request has arrived, perhaps without its body.
    pub(crate) fn begin(&self, request: Request<Incoming>) -> (Exchange, Request<Watched>) {
        let exchange = Exchange {
            activity: self.clone(),
            received: Arc::default(),
        };
        let received = Arc::clone(&exchange.received);
        let activity = self.clone();
        let request = request.map(|body| Watched {
            body,
            activity,
            received,
        });
        if request.body().is_end_stream() {
            request.body().complete();
        }
        (exchange, request)
    }

    /// Since when it has been idle; nothing while it is not.
    fn idle(&self) -> Option<Instant> {
        let idle_since = Duration::from_millis(self.0.idle_since.load(Ordering::Relaxed));
        (self.0.requests.load(Ordering::Relaxed) == 0).then(|| self.0.opened + idle_since)
    }

    fn work(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn rest(&self) {
        let now = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.idle_since.store(now, Ordering::Relaxed);
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if self.received.load(Ordering::Relaxed) {
            self.activity.rest();
        }
    }
}

impl Watched {
    fn complete(&self) {
        if !self.received.swap(true, Ordering::Relaxed) {
            self.activity.work();
        }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.complete();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Connections {
    /// Serves one more connection. It is closed at once where every other one is at work.
    pub(crate) fn add<F: Future<Output = ()> + Send + 'static>(&mut self, serve: impl FnOnce(Activity) -> F) {
        if self.open.len() >= LIMIT {
            self.open.retain(|(task, _)| !task.is_finished());
        }
        if self.open.len() >= LIMIT && !self.close_idle() {
            return;
        }
        let activity = Activity::new();
        let task = self.tasks.spawn(serve(activity.clone()));
        self.open.push((task, activity));
    }

    /// Closes the connection that has been idle the longest, whatever is longer than the grace; otherwise the youngest of
    /// those that are idle, so that a crowd of idle connections pushes out its own.
    pub(crate) fn close_idle(&mut self) -> bool {
        let idle = self.open.iter().enumerate();
        let idle: Vec<_> = idle
            .filter_map(|(at, (_, activity))| Some((activity.idle()?, at)))
            .collect();
        let oldest = idle.iter().min().filter(|(since, _)| since.elapsed() > GRACE);
        let Some((_, at)) = oldest.or_else(|| idle.iter().max()) else {
            return false;
        };
        let (task, _) = self.open.swap_remove(*at);
        task.abort();
        true
    }

    /// Waits until a connection has ended. Without a connection it never returns.
    pub(crate) async fn ended(&mut self) {
        if self.tasks.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn g3_a_connection_too_many_takes_the_place_of_the_one_that_was_idle_the_longest() {
        let mut connections = Connections::default();
        let mut activities = Vec::new();
        for _ in 0..LIMIT {
            connections.add(|activity| {
                activities.push(activity);
                std::future::pending()
            });
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        activities[0].work();
        tokio::time::advance(GRACE).await;
        connections.add(|_| std::future::pending());
        assert!(connections.open.len() == LIMIT && !connections.open[0].0.is_finished());
        assert!(
            !connections
                .open
                .iter()
                .any(|(_, activity)| Arc::ptr_eq(&activity.0, &activities[1].0))
        );
        activities[0].rest();
        assert!(activities[0].idle() > activities[LIMIT - 1].idle());
    }

    #[tokio::test(start_paused = true)]
    async fn g3_where_all_are_at_work_a_further_connection_is_closed() {
        let mut connections = Connections::default();
        let mut served = 0;
        for _ in 0..=LIMIT {
            connections.add(|activity| {
                activity.work();
                served += 1;
                std::future::pending()
            });
        }
        assert_eq!((connections.open.len(), served), (LIMIT, LIMIT));
    }
}
