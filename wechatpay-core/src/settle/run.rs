//! Carries out what the machine decides.

use super::{
    machine::{Event, Machine, Moment, Reason, Rules, Step},
    outcome::{Open, Settled, Why},
    polling::Polling,
    stage::Stage,
    state::{Progress, State},
};
use crate::{
    client::Client,
    endpoint::Endpoint,
    error::{Error, ErrorKind, Outcome},
    error_codes,
    support::system::deadline,
};
use std::{
    error::Error as StdError,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::{Duration, SystemTime},
};
use tokio::time::Instant;
use tracing::debug;

/// The service refuses a request whose timestamp is further away than this, and so is a clock at most.
const TIMESTAMP_TOLERANCE: Duration = Duration::from_secs(300);

/// Settles one number: creates it, queries it, and waits for a final state. Awaiting it runs it.
///
/// Dropping the future is like a crash: the number stays open, and [`resume`](Self::resume) goes on.
///
/// See the [module](super) for an example and the rules.
#[must_use = "nothing is sent until it is awaited"]
pub struct Settle<'a, C: Endpoint, Q: Endpoint> {
    client: &'a Client,
    create: &'a C,
    query: &'a Q,
    state: Judge<'a, Q::Response>,
    record: Option<Record<'a>>,
    resumed: Option<Stage>,
    deadline: Duration,
    polling: Polling,
}

/// Tells how far a found object is.
type Judge<'a, R> = Box<dyn Fn(&R) -> State + Send + Sync + 'a>;
type Record<'a> = Box<dyn FnMut(Stage) -> Recording<'a> + Send + 'a>;
type Recording<'a> = Pin<Box<dyn Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

impl<C: Endpoint, Q: Endpoint> fmt::Debug for Settle<'_, C, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settle")
            .field("create", &C::PATH)
            .field("query", &Q::PATH)
            .field("resumed", &self.resumed)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl<'a, C: Endpoint, Q: Endpoint> Settle<'a, C, Q> {
    /// Settles a new number with its create operation and its query. Both are about the same number.
    ///
    /// For a number that may have been sent before, call [`resume`](Self::resume) too.
    pub fn new(client: &'a Client, create: &'a C, query: &'a Q) -> Self
    where
        Q::Response: Progress,
    {
        Self::by(client, create, query, Progress::state)
    }

    /// Like [`new`](Self::new), with a closure that tells how far the found object is, for a response type of another crate.
    ///
    /// ```
    /// use wechatpay_catalogue::fund_app::mch_transfer::transfer_bills::{self, out_bill_no};
    /// use wechatpay_core::{Client, settle::{Settle, Settled, State}};
    ///
    /// async fn settle(client: &Client, transfer: &transfer_bills::Post) {
    ///     let query = out_bill_no::GetByOutBillNo { out_bill_no: transfer.out_bill_no.clone() };
    ///     let settle = Settle::by(client, transfer, &query, |bill| State::of_transfer(bill.state.as_str()));
    ///     if let Settled::Open(open) = settle.await {
    ///         println!("{}: {open}", transfer.out_bill_no);
    ///     }
    /// }
    /// # let gateway = wechatpay_gateway::Gateway::start()?;
    /// # let client = gateway.client()?;
    /// # tokio::runtime::Runtime::new()?.block_on(settle(&client, &transfer_bills::Post::default()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by(
        client: &'a Client,
        create: &'a C,
        query: &'a Q,
        state: impl Fn(&Q::Response) -> State + Send + Sync + 'a,
    ) -> Self {
        Self {
            client,
            create,
            query,
            state: Box::new(state),
            record: None,
            resumed: None,
            deadline: Duration::from_secs(30),
            polling: Polling::default(),
        }
    }

    /// The number may have been sent before, by this program or by one that crashed: query it first.
    ///
    /// `stage` is what [`record`](Self::record) saved last; `None` is a number that was never sent. For one that may have been
    /// sent at an unknown time, take [`Stage::default`]: then a refusal never settles the number, and an operation that is
    /// not `idempotent` is not created again.
    ///
    /// ```
    /// use wechatpay_core::settle::{Settle, Settled, Stage};
    /// # use serde_json::json;
    /// # use wechatpay_core::{Method, notification::payload::Transaction, wechatpay_endpoint};
    /// # use wechatpay_gateway::Gateway;
    /// # #[wechatpay_endpoint(POST, "/v3/pay/transactions/native", idempotent)]
    /// # struct Place { out_trade_no: String }
    /// # #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
    /// # struct Query { out_trade_no: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = Gateway::start()?;
    /// # gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |_| {
    /// #     json!({ "out_trade_no": "A-1", "trade_state": "SUCCESS" })
    /// # });
    /// # let (client, place) = (gateway.client()?, Place { out_trade_no: "A-1".into() });
    /// # let (query, column) = (Query { out_trade_no: "A-1".into() }, 0_i64);
    /// let settled = Settle::new(&client, &place, &query).resume(Stage::from(column)).await;
    /// assert!(matches!(settled, Settled::Done(order) if order.is_paid()));
    /// // It was queried, and not placed again.
    /// assert_eq!(gateway.received(), 1);
    /// # Ok(()) }
    /// ```
    pub fn resume(mut self, stage: impl Into<Option<Stage>>) -> Self {
        self.resumed = stage.into();
        self
    }

    /// Saves the [`Stage`] before each sending, so that nothing is sent that is not written down. If it fails, nothing is
    /// sent.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use wechatpay_core::settle::{Settle, Stage};
    /// # use wechatpay_core::{Method, notification::payload::Transaction, settle::Settled, wechatpay_endpoint};
    /// # use wechatpay_gateway::Gateway;
    /// # #[wechatpay_endpoint(POST, "/v3/pay/transactions/native", idempotent)]
    /// # struct Place { out_trade_no: String }
    /// # #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
    /// # struct Query { out_trade_no: String }
    ///
    /// /// The table of the shop.
    /// struct Database(Mutex<Vec<(String, i64)>>);
    ///
    /// impl Database {
    ///     async fn save(&self, out_trade_no: &str, stage: Stage) -> Result<(), std::io::Error> {
    ///         self.0.lock().unwrap().push((out_trade_no.into(), stage.into()));
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = Gateway::start()?;
    /// # let (client, place) = (gateway.client()?, Place { out_trade_no: "A-1".into() });
    /// # let query = Query { out_trade_no: "A-1".into() };
    /// let database = Database(Mutex::default());
    /// let settled = Settle::new(&client, &place, &query).record(|stage| database.save("A-1", stage)).await;
    /// # assert!(matches!(settled, Settled::NothingHappened(_)));
    /// assert!(database.0.lock().unwrap()[0].1 > 0);
    ///
    /// // The database is away: nothing is sent.
    /// let received = gateway.received();
    /// let away = |_| async { Err(std::io::Error::other("the database is away")) };
    /// let settled = Settle::new(&client, &place, &query).record(away).await;
    /// # assert!(matches!(settled, Settled::NothingHappened(_)));
    /// assert_eq!(gateway.received(), received);
    /// # Ok(()) }
    /// ```
    pub fn record<F, W, E>(mut self, mut save: F) -> Self
    where
        F: FnMut(Stage) -> W + Send + 'a,
        W: Future<Output = Result<(), E>> + Send + 'a,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.record = Some(Box::new(move |stage| {
            let saving = save(stage);
            Box::pin(async move { saving.await.map_err(Into::into) })
        }));
        self
    }

    /// How long to wait for a final state. Default: 30 seconds.
    ///
    /// It limits the waits between calls. Each call has the deadline of the client. At least one query follows an unknown
    /// outcome, however short this is.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::settle::{Polling, Settle};
    /// # use serde_json::json;
    /// # use wechatpay_core::{Method, notification::payload::Transaction, settle::Settled, wechatpay_endpoint};
    /// # use wechatpay_gateway::Gateway;
    /// # #[wechatpay_endpoint(POST, "/v3/pay/transactions/codepay", idempotent)]
    /// # struct Pay { out_trade_no: String }
    /// # #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
    /// # struct Query { out_trade_no: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = Gateway::start()?;
    /// # let looked = std::sync::atomic::AtomicUsize::new(0);
    /// # gateway.on(Method::POST, "/v3/pay/transactions/codepay", |_| json!({ "trade_state": "USERPAYING" }));
    /// # gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", move |_| {
    /// #     let paid = looked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 1;
    /// #     json!({ "out_trade_no": "A-1", "trade_state": if paid { "SUCCESS" } else { "USERPAYING" } })
    /// # });
    /// # let (client, pay) = (gateway.client()?, Pay { out_trade_no: "A-1".into() });
    /// # let query = Query { out_trade_no: "A-1".into() };
    /// // The payer types the password, for a minute at most.
    /// let settled = Settle::new(&client, &pay, &query)
    ///     .deadline(Duration::from_secs(60))
    ///     .polling(Polling::every(Duration::from_millis(50)))
    ///     .await;
    /// assert!(matches!(settled, Settled::Done(order) if order.is_paid()));
    /// # Ok(()) }
    /// ```
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// As [`deadline`](Self::deadline) shows: how long to wait between two queries. Default: [`Polling::default`].
    pub fn polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }

    async fn run(mut self) -> Settled<C::Response, Q::Response> {
        let context = &self.client.context;
        let rules = Rules {
            idempotent: C::IDEMPOTENT,
            // The clock of this machine may be fast by as much as the service tolerates.
            in_flight: (2 * TIMESTAMP_TOLERANCE).saturating_add(context.limits.deadline),
            polling: self.polling.clone(),
        };
        let end = deadline(self.deadline);
        let (mut machine, mut step) = Machine::new(rules, self.resumed);
        let (mut created, mut found, mut last_error) = (None, None, None);
        loop {
            debug!(?step, "settling");
            let began = context.system.now();
            let event = match step {
                Step::Create => {
                    let before = machine.stage();
                    if let Err(error) = self.save(Stage::sent_at(began)).await {
                        let event = Event::CreateFailed(error.outcome());
                        last_error = Some(error);
                        event
                    } else {
                        match self.client.call(self.create).send().await {
                            Ok(response) => {
                                created = Some(response.into_inner());
                                Event::Created
                            }
                            Err(error) => {
                                let outcome = error.outcome();
                                if let (Some(before), true) = (before, outcome != Outcome::Unknown) {
                                    // This request was not executed, so the doubt is as old as it was. If saving fails, it
                                    // only lasts longer.
                                    let _ = self.save(before).await;
                                }
                                last_error = Some(error);
                                Event::CreateFailed(outcome)
                            }
                        }
                    }
                }
                Step::Query => match self.client.call(self.query).send().await {
                    Ok(response) => {
                        let response = response.into_inner();
                        let state = (self.state)(&response);
                        found = Some(response);
                        if state == State::Absent {
                            last_error = Some(nothing_found());
                        }
                        Event::Found(state)
                    }
                    Err(error) => {
                        let event = query_failed(&error);
                        last_error = Some(error);
                        event
                    }
                },
                Step::Wait(after) => {
                    tokio::time::sleep(after).await;
                    step = Step::Query;
                    continue;
                }
                Step::Done => {
                    return match found {
                        Some(found) => Settled::Done(found),
                        None => Settled::Open(open(Reason::Absent, Duration::ZERO, created, None, last_error)),
                    };
                }
                Step::NothingHappened => return Settled::NothingHappened(last_error.unwrap_or_else(nothing_found)),
                Step::Open { reason, look_again } => {
                    return Settled::Open(open(reason, look_again, created, found, last_error));
                }
            };
            step = machine.next(event, self.moment(began, end));
        }
    }

    async fn save(&mut self, stage: Stage) -> Result<(), Error> {
        let Some(record) = &mut self.record else {
            return Ok(());
        };
        record(stage).await.map_err(|error| {
            Error::local(
                ErrorKind::NotRecorded,
                (
                    "the stage could not be saved, so nothing was sent",
                    "无法保存进度，因此没有发送",
                ),
            )
            .because(error)
        })
    }

    fn moment(&self, began: SystemTime, end: Instant) -> Moment {
        let mut random = [0; 8];
        // Without randomness the shortest wait is as good as any.
        let random = self
            .client
            .context
            .system
            .random(&mut random)
            .map_or(0, |()| u64::from_ne_bytes(random));
        Moment {
            began,
            left: end.saturating_duration_since(Instant::now()),
            random,
        }
    }
}

impl<'a, C: Endpoint, Q: Endpoint> IntoFuture for Settle<'a, C, Q>
where
    C::Response: Send,
    Q::Response: Send,
{
    type Output = Settled<C::Response, Q::Response>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// What the error of a query proves about the number: only an authentic refusal says that it does not exist.
fn query_failed(error: &Error) -> Event {
    let absent = matches!(
        error.code(),
        Some(
            error_codes::ORDER_NOT_EXIST
                | error_codes::ORDERNOTEXIST
                | error_codes::RESOURCE_NOT_EXISTS
                | error_codes::NOT_FOUND
        )
    );
    match error.outcome() {
        Outcome::Rejected if absent => Event::NotFound,
        outcome => Event::QueryFailed {
            outcome,
            retry_after: error.retry_after(),
        },
    }
}

fn nothing_found() -> Error {
    Error::new(
        Outcome::Rejected,
        ErrorKind::Service,
        (
            "the query finds nothing under this number",
            "按该单号查询，没有任何结果",
        ),
    )
}

fn open<C, Q>(
    reason: Reason,
    look_again: Duration,
    created: Option<C>,
    found: Option<Q>,
    last_error: Option<Error>,
) -> Open<C, Q> {
    let error = || last_error.unwrap_or_else(nothing_found);
    let why = match reason {
        Reason::Waiting => Why::Waiting,
        Reason::Absent => Why::Absent,
        Reason::InDoubt => Why::InDoubt(error()),
        Reason::Failed => Why::Failed(error()),
    };
    Open {
        why,
        look_again,
        created,
        found,
    }
}
