//! The open connections: bounded in number.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::{AbortHandle, JoinSet},
    time::Instant,
};

/// How many connections are open at once. Most systems give a program 1,024 file handles.
const LIMIT: usize = 768;

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

/// A request on a connection, until it is dropped.
pub(crate) struct Busy(Activity);

impl Activity {
    fn new() -> Self {
        Self(Arc::new(State {
            opened: Instant::now(),
            requests: AtomicUsize::new(0),
            idle_since: AtomicU64::new(0),
        }))
    }

    /// A request has arrived.
    pub(crate) fn begin(&self) -> Busy {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// Since when it has been idle; nothing while it is not.
    fn idle(&self) -> Option<Instant> {
        let idle_since = Duration::from_millis(self.0.idle_since.load(Ordering::Relaxed));
        (self.0.requests.load(Ordering::Relaxed) == 0).then(|| self.0.opened + idle_since)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let state = &self.0.0;
        let now = u64::try_from(state.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        state.idle_since.store(now, Ordering::Relaxed);
        state.requests.fetch_sub(1, Ordering::Relaxed);
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
    fn close_idle(&mut self) -> bool {
        let idle = self.open.iter().enumerate();
        let idle: Vec<_> = idle.filter_map(|(at, (_, activity))| Some((activity.idle()?, at))).collect();
        let oldest = idle.iter().min().filter(|(since, _)| since.elapsed() > GRACE);
        let Some((_, at)) = oldest.or_else(|| idle.iter().max()) else {
            return false;
        };
        let (task, _) = self.open.swap_remove(*at);
        task.abort();
        true
    }

    /// Waits until a connection has ended, for ever while there is none.
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
        let first = activities[0].begin();
        tokio::time::advance(GRACE).await;
        connections.add(|_| std::future::pending());
        assert!(connections.open.len() == LIMIT && !connections.open[0].0.is_finished());
        assert!(!connections.open.iter().any(|(_, activity)| Arc::ptr_eq(&activity.0, &activities[1].0)));
        drop(first);
        assert!(activities[0].idle() > activities[LIMIT - 1].idle());
    }

    #[tokio::test(start_paused = true)]
    async fn g3_where_all_are_at_work_a_further_connection_is_closed() {
        let mut connections = Connections::default();
        let mut busy = Vec::new();
        for _ in 0..=LIMIT {
            connections.add(|activity| {
                busy.push(activity.begin());
                std::future::pending()
            });
        }
        assert_eq!((connections.open.len(), busy.len()), (LIMIT, LIMIT));
    }
}
