//! Limiting how often an operation is called, so that the service does not have to.
//!
//! The service documents a rate for many operations and responds with 429 beyond it. A 429 is not a refusal: for a refund the
//! outcome is unknown. With [`ClientBuilder::rates`](crate::ClientBuilder::rates) all tasks that use a client, and its clones,
//! together stay below the rate. Requests are spaced evenly and wait in the order in which they came. When a 429 comes all the
//! same, all of them wait as long as `Retry-After` says, and a second at least.
//!
//! There are no default rates. Take them from the documentation page of the operation, in the section on rates (频率限制): for
//! example 150 refunds (申请退款), 300 queries of refunds and 100 transfers (发起转账) a second for each merchant. Several programs
//! that act for one merchant share its rate, so give each of them a part.
//!
//! ```
//! use serde_json::json;
//! use std::time::{Duration, Instant};
//! use wechatpay_core::{Method, limit::Rates};
//! use wechatpay_gateway::Gateway;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::start()?;
//! gateway.on(Method::GET, "/v3/refund/domestic/refunds/{out_refund_no}", |_| json!({ "status": "SUCCESS" }));
//! let rates = Rates::new()
//!     .per_second(Method::POST, "/v3/refund/domestic/refunds", 150)
//!     .per_second(Method::GET, "/v3/refund/domestic/refunds/{out_refund_no}", 50)
//!     .per_minute(Method::GET, "/v3/bill/tradebill", 30);
//! let client = gateway.client_builder().rates(rates).build()?;
//!
//! let begun = Instant::now();
//! for _ in 0..6 {
//!     let query = client.request(Method::GET, "/v3/refund/domestic/refunds/{out_refund_no}");
//!     query.path("out_refund_no", &"R-1").send().await?;
//! }
//! // The first goes at once, and five follow at intervals of 20 ms.
//! assert!(begun.elapsed() >= Duration::from_millis(100));
//! # Ok(()) }
//! ```

use crate::support::language::{Text, text};
use http::Method;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The rates of the operations that are limited. See the [module](self).
#[derive(Debug, Clone, Default)]
pub struct Rates {
    rates: Vec<Rate>,
}

#[derive(Debug, Clone)]
struct Rate {
    method: Method,
    template: String,
    requests: u32,
    period: Duration,
}

/// After a 429 that does not say how long to wait.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// No response makes a client wait longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Rates {
    /// No rates yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// At most so many requests a second of the operation with this method and path template. Attempts count, so retries do.
    ///
    /// The template is the one of the declaration, with its placeholders. 0 is refused by
    /// [`build`](crate::ClientBuilder::build).
    #[must_use]
    pub fn per_second(self, method: Method, template: impl Into<String>, requests: u32) -> Self {
        self.per(method, template.into(), requests, Duration::from_secs(1))
    }

    /// As [`per_second`](Self::per_second), for a minute.
    #[must_use]
    pub fn per_minute(self, method: Method, template: impl Into<String>, requests: u32) -> Self {
        self.per(method, template.into(), requests, Duration::from_secs(60))
    }

    fn per(mut self, method: Method, template: String, requests: u32, period: Duration) -> Self {
        // The last word on an operation counts.
        self.rates
            .retain(|rate| (&rate.method, &rate.template) != (&method, &template));
        self.rates.push(Rate {
            method,
            template,
            requests,
            period,
        });
        self
    }

    pub(crate) fn build(self) -> Result<Limiter, Text> {
        let gates = self.rates.into_iter().map(|rate| {
            let Rate { method, template, .. } = rate;
            match rate.period.checked_div(rate.requests) {
                Some(interval) => Ok(Gate {
                    method,
                    template,
                    interval,
                    next: tokio::sync::Mutex::default(),
                    paused_until: Mutex::default(),
                }),
                None => Err(text!(
                    "the rate of {method} {template} is 0, so nothing could ever be sent",
                    "{method} {template} 的频率限制为 0，无法发送任何请求"
                )),
            }
        });
        Ok(Limiter {
            gates: gates.collect::<Result<_, _>>()?,
        })
    }
}

/// What the tasks of one client share.
#[derive(Debug)]
pub(crate) struct Limiter {
    gates: Vec<Gate>,
}

#[derive(Debug)]
struct Gate {
    method: Method,
    template: String,
    interval: Duration,
    /// When the next request may be sent. Who holds the lock is the first in the queue, and who gives up takes no place.
    next: tokio::sync::Mutex<Option<Instant>>,
    paused_until: Mutex<Option<Instant>>,
}

impl Limiter {
    fn gate(&self, method: &Method, template: &str) -> Option<&Gate> {
        self.gates
            .iter()
            .find(|gate| gate.template == template && gate.method == *method)
    }

    /// Waits until a request of this operation may be sent.
    pub(crate) async fn ready(&self, method: &Method, template: &str) {
        if let Some(gate) = self.gate(method, template) {
            gate.ready().await;
        }
    }

    /// The service said that there are too many requests.
    pub(crate) fn throttled(&self, method: &Method, template: &str, retry_after: Option<Duration>) {
        if let Some(gate) = self.gate(method, template) {
            let pause = retry_after.unwrap_or_default().clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
            let until = Instant::now() + pause;
            let mut paused = gate.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            *paused = Some(paused.map_or(until, |earlier| earlier.max(until)));
        }
    }
}

impl Gate {
    async fn ready(&self) {
        let mut next = self.next.lock().await;
        loop {
            let now = Instant::now();
            let paused_until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            match (*next).max(paused_until) {
                Some(at) if at > now => tokio::time::sleep_until(at).await,
                at => {
                    // A timer that fires late is made up for, by one interval at most.
                    let earliest = now.checked_sub(self.interval).unwrap_or(now);
                    let sent = at.map_or(now, |at| at.max(earliest));
                    *next = Some(sent + self.interval);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const REFUNDS: &str = "/v3/refund/domestic/refunds";

    fn limiter(requests: u32) -> Limiter {
        Rates::new()
            .per_second(Method::POST, REFUNDS, requests)
            .build()
            .unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn many_tasks_together_stay_below_the_rate_and_go_in_order() {
        let limiter = Arc::new(limiter(100));
        let begun = Instant::now();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..1000 {
            let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
            tasks.spawn(async move {
                limiter.ready(&Method::POST, REFUNDS).await;
                order.lock().unwrap().push((number, begun.elapsed()));
            });
            // So that they come in this order.
            tokio::task::yield_now().await;
        }
        tasks.join_all().await;
        let order = order.lock().unwrap();
        assert!(order.is_sorted());
        for window in order.windows(101) {
            let [(_, first), .., (_, last)] = window else { panic!() };
            assert!(*last - *first >= Duration::from_millis(990), "{first:?} {last:?}");
        }
        // tokio's timer is exact to a millisecond.
        let whole = begun.elapsed();
        assert!(
            whole >= Duration::from_millis(9_990) && whole < Duration::from_millis(11_100),
            "{whole:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn another_operation_does_not_wait() {
        let limiter = limiter(1);
        let begun = Instant::now();
        for _ in 0..10 {
            limiter.ready(&Method::GET, REFUNDS).await;
            limiter.ready(&Method::POST, "/v3/pay/transactions/jsapi").await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_stops_all_tasks_for_as_long_as_the_service_says() {
        for (asked, waited) in [(None, 1), (Some(0), 1), (Some(7), 7), (Some(1_000_000_000), 60)] {
            let limiter = limiter(1000);
            limiter.ready(&Method::POST, REFUNDS).await;
            let begun = Instant::now();
            limiter.throttled(&Method::POST, REFUNDS, asked.map(Duration::from_secs));
            // A shorter wait does not shorten a longer one.
            limiter.throttled(&Method::POST, REFUNDS, None);
            limiter.ready(&Method::POST, REFUNDS).await;
            assert_eq!(begun.elapsed().as_secs(), waited, "{asked:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_gives_up_leaves_its_place_to_the_next() {
        let limiter = limiter(1);
        limiter.ready(&Method::POST, REFUNDS).await;
        let begun = Instant::now();
        for _ in 0..5 {
            let waiting = limiter.ready(&Method::POST, REFUNDS);
            assert!(tokio::time::timeout(Duration::from_millis(100), waiting).await.is_err());
        }
        limiter.ready(&Method::POST, REFUNDS).await;
        assert!(begun.elapsed() < Duration::from_millis(1100), "{:?}", begun.elapsed());
    }

    #[test]
    fn the_last_rate_of_an_operation_counts_and_none_is_refused() {
        let rates = Rates::new()
            .per_second(Method::POST, REFUNDS, 0)
            .per_minute(Method::POST, REFUNDS, 30);
        assert_eq!(rates.clone().build().unwrap().gates.len(), 1);
        assert!(rates.per_second(Method::POST, REFUNDS, 0).build().is_err());
    }
}
