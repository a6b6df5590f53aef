//! The thread that drives the connections, and waiting for it.

use crate::error::{Error, ErrorKind};
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};
use tokio::{
    runtime::{Builder, Handle, Runtime as Tokio},
    task::coop,
};

/// A runtime that may be dropped anywhere, also inside an async task, where waiting for its end is not allowed.
pub(super) struct Runtime(Option<Tokio>);

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Runtime {
    pub(super) fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("wechatpay")
            .enable_all()
            .build()
            .map_err(|error| {
                let reason = (
                    "the operating system gives no thread for the blocking client",
                    "操作系统无法为阻塞客户端创建线程",
                );
                Error::local(ErrorKind::System, reason).because(error)
            })?;
        Ok(Self(Some(runtime)))
    }

    /// Waits for `future` on this thread, while the runtime's own thread drives the connections.
    ///
    /// The runtime's `block_on` would panic where another runtime is in use, so the thread is parked here.
    pub(super) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        let refused = || {
            Error::local(
                ErrorKind::Configuration,
                (
                    "the blocking client was called inside an async task; use the async client there, or `spawn_blocking`",
                    "在异步任务里调用了阻塞客户端；请改用异步客户端，或放进 `spawn_blocking`",
                ),
            )
        };
        let runtime = self.0.as_ref().filter(|_| !inside_async_task()).ok_or_else(refused)?;
        let _entered = runtime.enter();
        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return Ok(output),
                Poll::Pending => thread::park(),
            }
        }
    }

    /// Runs `future` beside the calls.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(future);
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Whether this thread is polling a future of a tokio runtime.
///
/// tokio gives every future that it polls a budget of operations, but a `spawn_blocking` thread has no budget. So the
/// budget distinguishes the two, which [`Handle::try_current`] cannot do. Whatever this takes from the budget is
/// restored.
fn inside_async_task() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut taken = Vec::new();
    let limited = loop {
        match coop::poll_proceed(&mut context) {
            Poll::Pending => break true,
            Poll::Ready(_) if taken.len() > LARGEST_BUDGET => break false,
            Poll::Ready(restore) => taken.push(restore),
        }
    };
    // The guard that was taken first restores the whole budget, so it goes last.
    while taken.pop().is_some() {}
    limited
}

/// More than any budget of tokio, which gives 128 operations.
const LARGEST_BUDGET: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u5_a_spawn_blocking_thread_and_a_plain_thread_are_not_async_tasks() {
        assert!(!inside_async_task());
        for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
            let tokio = builder.enable_all().build().unwrap();
            let (task, spawned, blocking) = tokio.block_on(async {
                let spawned = tokio::spawn(async { inside_async_task() }).await.unwrap();
                let blocking = tokio::task::spawn_blocking(inside_async_task).await.unwrap();
                (inside_async_task(), spawned, blocking)
            });
            assert!(task && spawned && !blocking);
        }
    }

    #[test]
    fn u5_asking_leaves_the_budget_of_the_task_as_it_was() {
        let tokio = Builder::new_current_thread().build().unwrap();
        tokio.block_on(async {
            assert!(inside_async_task());
            assert!(coop::has_budget_remaining());
        });
    }
}
