//! Delivers notifications on the service's schedule, in a separate thread.

use std::{
    collections::HashSet,
    convert::Infallible,
    io,
    pin::pin,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::{
    runtime,
    sync::oneshot,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    fault::Fault,
    lock::lock,
    notification::{
        Notification, TIMEOUT,
        post::{Reach, post},
        response::NotificationResponse,
    },
    service::Service,
    simulator::{
        Errand, Simulator, clock,
        deliveries::{self, Occasion},
        model::{Attempt, Delivery, Manner},
    },
};

/// So many notifications are on their way at a time.
const TASKS: usize = 64;

/// How often the gateway's clock is looked at while something waits for it: a test may move it.
const LOOK: Duration = Duration::from_millis(100);

/// So many characters of a response are kept.
const KEPT_BODY: usize = 2000;

/// The thread that delivers. Dropping it ends every attempt.
pub(crate) struct Courier {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Courier {
    pub(crate) fn start(service: Arc<Service>, simulator: Arc<Simulator>) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new()
            .name("wechatpay-courier".to_owned())
            .spawn(move || runtime.block_on(deliver(service, simulator, stopped)))?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            // Whoever is the last to drop a gateway may be this thread itself.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// Delivers until the other end of `stopped` is gone.
async fn deliver(service: Arc<Service>, simulator: Arc<Simulator>, stopped: oneshot::Receiver<Infallible>) {
    let mut stopped = pin!(stopped);
    let mut tasks = JoinSet::new();
    // The notifications that the schedule has on their way, so that none is sent twice.
    let mut on_their_way: HashSet<String> = HashSet::new();
    loop {
        while tasks.len() < TASKS
            && let Some(errand) = simulator.next_errand()
        {
            tasks.spawn(attempt(
                Arc::clone(&service),
                Arc::clone(&simulator),
                errand,
                Occasion::Request,
            ));
        }
        let now = simulator.clock().now();
        let free = TASKS.saturating_sub(tasks.len());
        let (due, next) = simulator.view(|state| {
            let mut waiting = state.waiting().filter(|(_, id)| !on_their_way.contains(*id));
            let mut due = Vec::new();
            let mut next = None;
            for (at, id) in waiting.by_ref() {
                if at > now || due.len() >= free {
                    next = Some(at);
                    break;
                }
                due.push(id.to_owned());
            }
            (due, next)
        });
        for id in due {
            on_their_way.insert(id.clone());
            let errand = Errand {
                id,
                manner: Manner::Genuine,
                age: 0,
            };
            tasks.spawn(attempt(
                Arc::clone(&service),
                Arc::clone(&simulator),
                errand,
                Occasion::Schedule,
            ));
        }
        // Nothing waits for the time while every task is taken.
        let pause = next.filter(|_| tasks.len() < TASKS).map(|at| {
            let pause = u64::try_from(at.saturating_sub(now)).unwrap_or_default();
            Duration::from_millis(pause).clamp(Duration::from_millis(1), LOOK)
        });
        tokio::select! {
            _ = &mut stopped => return,
            Some(ended) = tasks.join_next() => {
                if let Ok(id) = ended {
                    on_their_way.remove(&id);
                }
            }
            () = simulator.due() => {}
            () = sleep(pause.unwrap_or(LOOK)), if pause.is_some() => {}
        }
    }
}

/// Makes one attempt, writes it down, and gives the notification's id back.
async fn attempt(service: Arc<Service>, simulator: Arc<Simulator>, errand: Errand, occasion: Occasion) -> String {
    let delivery = simulator.view(|state| state.tables().deliveries.get(&errand.id).cloned());
    let Some(delivery) = delivery else {
        return errand.id;
    };
    let (at, began) = (simulator.clock().now(), Instant::now());
    let posted = match timeout(TIMEOUT, send(service, &delivery, &errand)).await {
        Ok(posted) => posted,
        Err(_) => Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "no response within 5 seconds; 5秒内没有应答",
        )),
    };
    let lasting = matches!(&posted, Err(error) if error.kind() == io::ErrorKind::InvalidInput);
    let mut attempt = Attempt {
        at,
        manner: errand.manner,
        elapsed_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        status: None,
        error: None,
        response_body: None,
    };
    match posted {
        Ok(response) => {
            attempt.status = Some(response.status.as_u16());
            attempt.error = refusal(response.status.as_u16());
            let body = String::from_utf8_lossy(&response.body);
            attempt.response_body = (!body.is_empty()).then(|| body.chars().take(KEPT_BODY).collect());
        }
        Err(error) => attempt.error = Some(cause(&error)),
    }
    // When the state cannot be written, the attempt is made again: a shop has to expect a notification twice.
    let _ =
        simulator.edit(|edit| deliveries::record(edit, simulator.clock(), &errand.id, (attempt, lasting), occasion));
    errand.id
}

async fn send(service: Arc<Service>, delivery: &Delivery, errand: &Errand) -> io::Result<NotificationResponse> {
    let own = lock(&service.addresses).clone();
    let mut notification = Notification::new(service, &delivery.event_type, delivery.resource.clone())
        .id(&delivery.id)
        .summary(&delivery.summary)
        .original_type(&delivery.original_type)
        .associated_data(Some(&delivery.original_type))
        .create_time(clock::rfc3339(delivery.created_at));
    match errand.manner {
        Manner::Genuine => {}
        Manner::Forged => notification = notification.fault(Fault::WrongKey),
        Manner::Late => {
            let seconds = i64::try_from(errand.age).unwrap_or(i64::MAX);
            notification = notification.fault(Fault::Stale { seconds: -seconds });
        }
    }
    let signed = notification.sign()?;
    post(&delivery.url, signed.headers(), signed.body(), &Reach::AllBut(&own)).await
}

/// Why a status does not count as delivered.
fn refusal(status: u16) -> Option<String> {
    match status {
        200 | 204 => None,
        300..=399 => Some("redirects are not followed; 不跟随重定向".to_owned()),
        _ => Some("the status is not 200 or 204; 应答状态码不是200或204".to_owned()),
    }
}

/// The last cause of an error, which says most.
fn cause(error: &io::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string().chars().take(KEPT_BODY).collect()
}
