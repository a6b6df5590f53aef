//! Sends many requests through a misbehaving gateway, and then compares the results that the callers saw with the
//! ledger of the gateway.
//!
//! ```text
//! cargo run --release -p wechatpay-tests --bin soak -- --requests 1000000 --seed 7
//! ```
//!
//! Half of the callers [settle](wechatpay_core::settle) their number, the others call by hand.
//!
//! 30 % of the requests have a fault, such as the genuine response of another operation or order. Callers cancel or
//! have deadlines of a few milliseconds, keys rotate, and hosts go down and come back. A proxy in front of the main
//! host falls out of step on 3 % of the requests: it sends an unsigned 504, keeps the connection alive, and returns the
//! late response for the next request.
//!
//! These violations must never happen: an order is lost (a success without an order in the ledger) or duplicated, an
//! amount differs, a forged response or the response of another call is accepted, or an error reports that nothing was
//! executed although the ledger has the order.
//!
//! The printed seed determines every decision of the program. It does not determine the scheduling of tasks.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    error::Error as StdError,
    process::ExitCode,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use wechatpay_core::{
    Client, Error, ErrorKind, Method, Outcome, Response, RetryPolicy, Sensitive,
    client::CertificateRefresh,
    crypto::aws_lc_rs::AwsLcRs,
    settle::{Polling, Progress, Settle, Settled, Stage, State},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Framing, Gateway, GatewayResponse, PlatformMode};
use wechatpay_tests::{OutOfStepProxy, Random, Step};

/// The number of requests that share one gateway, which keeps its ledger and log in memory.
const ROUND: usize = 10_000;
const TASKS: usize = 48;
const FAULTS_PERCENT: u8 = 30;
const OUT_OF_STEP_PERCENT: u64 = 3;

const ORDERS: &str = "/v3/pay/transactions/jsapi";
const TRANSFERS: &str = "/v3/fund-app/mch-transfer/transfer-bills";
/// The default deadline of a call.
const DEADLINE: Duration = Duration::from_secs(3);
const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";

/// The server recognises a retry by the number, so a retry is safe.
#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", encrypt(payer), response = Executed, idempotent)]
struct Order {
    out_trade_no: String,
    amount: u64,
    payer: String,
    receivers: Vec<Receiver>,
}

#[derive(Debug, Serialize)]
struct Receiver {
    name: Sensitive,
}

/// The server executes every request. The response has no business number, so the client cannot detect that it belongs
/// to another call.
#[wechatpay_endpoint(POST, "/v3/fund-app/mch-transfer/transfer-bills", encrypt(payer), response = Accepted)]
struct Transfer {
    out_trade_no: String,
    amount: u64,
    payer: String,
}

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Executed)]
struct Query {
    out_trade_no: String,
}

#[derive(Debug, Deserialize)]
struct Executed {
    out_trade_no: String,
    amount: u64,
}

#[derive(Debug, Deserialize)]
struct Accepted {
    /// `for ` and the number.
    package_info: String,
    amount: u64,
}

impl From<Accepted> for Executed {
    fn from(accepted: Accepted) -> Self {
        Self {
            out_trade_no: accepted.package_info.trim_start_matches("for ").to_owned(),
            amount: accepted.amount,
        }
    }
}

/// What the caller did and which result it saw.
struct Observed {
    number: String,
    kind: Kind,
    amount: u64,
    proof: Proof,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Order,
    Transfer,
}

/// Which right response a success needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Of the create operation: the call was the only one with this number.
    Create,
    /// Of the query.
    Query,
    /// Either.
    Any,
}

#[derive(Debug)]
#[expect(dead_code, reason = "kind and text are shown with a violation")]
enum What {
    Done(Executed),
    Failed(Outcome, ErrorKind, String),
    NothingHappened(Outcome, ErrorKind, String),
    Open(String),
    GivenUp,
}

/// Faults after which a correct, signed response still arrives.
fn is_harmless(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::DelayBefore(_)
            | Fault::DelayAfter(_)
            | Fault::CloseAfterResponse
            | Fault::Chunked
            | Fault::SlowBody { .. }
            | Fault::ChangedStatus(201)
    )
}

fn faults(random: &mut Random) -> Vec<Fault> {
    let short = Duration::from_millis(5);
    // Longer than the attempt timeout.
    let long = Duration::from_millis(400);
    let mut faults = vec![
        Fault::CommitThenFail { status: 500 },
        Fault::CommitThenFail { status: 502 },
        Fault::CommitThenFail { status: 503 },
        Fault::FailThenCommit {
            status: 500,
            after: short,
        },
        Fault::FailThenCommit {
            status: 504,
            after: long,
        },
        Fault::DelayBefore(short),
        Fault::DelayBefore(long),
        Fault::DelayAfter(short),
        Fault::DelayAfter(long),
        Fault::Reset { committed: true },
        Fault::Reset { committed: false },
        Fault::ResetInRequest,
        Fault::CloseAfterResponse,
        Fault::Silence { committed: true },
        Fault::Silence { committed: false },
        Fault::SlowBody {
            pause: Duration::from_micros(200),
        },
        Fault::Chunked,
        Fault::WrongKey,
        Fault::SwappedKey,
        Fault::UnknownSerial,
        Fault::Stale { seconds: -400 },
        Fault::Stale { seconds: 400 },
        Fault::Timestamp("1e9".into()),
        Fault::missing(["Wechatpay-Serial"]),
        Fault::missing(["Wechatpay-Signature"]),
        Fault::Unsigned,
        Fault::SignatureProbe,
        Fault::PrettyPrinted,
        Fault::ByteOrderMark,
        Fault::Gzip,
        Fault::ChangedStatus(201),
        Fault::ChangedStatus(202),
        Fault::ChangedStatus(403),
        Fault::ChangedStatus(404),
        Fault::ChangedStatus(500),
        Fault::Html { status: 200 },
        Fault::Html { status: 403 },
        Fault::Html { status: 502 },
        Fault::Redirect {
            status: 302,
            location: "http://127.0.0.1:9/".into(),
        },
        Fault::TooManyRequests {
            retry_after: Some("0".into()),
        },
        Fault::EarlyResponse,
        Fault::Flood {
            bytes: 8 << 20,
            framing: Framing::Chunked,
        },
        Fault::Status {
            status: 403,
            body: json!({ "code": "NOT_ENOUGH", "message": "余额不足" }),
            committed: false,
        },
        Fault::Status {
            status: 202,
            body: json!({ "state": "PROCESSING" }),
            committed: true,
        },
        // The genuine response of another operation or of another order.
        Fault::Status {
            status: 200,
            body: json!({ "prepay_id": "wx201410272009395522657a690389285100" }),
            committed: true,
        },
        Fault::Status {
            status: 200,
            body: json!({ "out_trade_no": "SOAK-OF-SOMEBODY", "amount": 1 }),
            committed: true,
        },
        // An unsigned refusal of an executed order.
        Fault::ReplaceHeader {
            name: "Wechatpay-Signature".into(),
            value: "AAAA".into(),
        },
    ];
    for _ in 0..4 {
        let after = usize::try_from(random.below(600)).unwrap_or(0);
        faults.push(Fault::CloseMidway { after });
        faults.push(Fault::FlippedBit(after));
    }
    faults
}

/// The executed transfers by number, with their amounts. Unlike the gateway's ledger it does not recognise retries.
type Transfers = Arc<Mutex<HashMap<String, Vec<u64>>>>;

fn number_of(request: &Value) -> String {
    request["out_trade_no"].as_str().unwrap_or_default().to_owned()
}

fn gateway(random: &mut Random) -> std::io::Result<(Gateway, Transfers)> {
    let gateway = Gateway::builder()
        .mode(PlatformMode::Mixed)
        .backend(&AwsLcRs)
        .keep_requests(ROUND * 10)
        .start()?;
    gateway.on_order(Method::POST, ORDERS, "out_trade_no", |request| {
        let order = request.json();
        json!({ "out_trade_no": order["out_trade_no"], "amount": order["amount"] })
    });
    let transfers = Transfers::default();
    let executed = Arc::clone(&transfers);
    gateway.on(Method::POST, TRANSFERS, move |request| {
        let amount = request.json()["amount"].as_u64().unwrap_or_default();
        let number = number_of(request.json());
        let accepted = json!({ "package_info": format!("for {number}"), "amount": amount });
        executed.lock().unwrap().entry(number).or_default().push(amount);
        accepted
    });
    let (ledger, executed) = (gateway.ledger(), Arc::clone(&transfers));
    gateway.on(Method::GET, QUERY, move |request| {
        let number = request.path("out_trade_no");
        let transferred = || {
            executed
                .lock()
                .unwrap()
                .get(number)
                .and_then(|amounts| amounts.first().copied())
        };
        let amount = match ledger.find(number) {
            Some(row) => row.parameters["amount"].as_u64(),
            None => transferred(),
        };
        match amount {
            Some(amount) => GatewayResponse::json(200, &json!({ "out_trade_no": number, "amount": amount })),
            None => GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"),
        }
    });
    gateway.chaos(random.number(), FAULTS_PERCENT, faults(random));
    Ok((gateway, transfers))
}

fn order(number: &str, amount: u64, payer: &str) -> Order {
    Order {
        out_trade_no: number.into(),
        amount,
        payer: payer.into(),
        receivers: vec![Receiver {
            name: Sensitive::new(payer),
        }],
    }
}

fn transfer(number: &str, amount: u64, payer: &str) -> Transfer {
    Transfer {
        out_trade_no: number.into(),
        amount,
        payer: payer.into(),
    }
}

async fn send(
    client: &Client,
    kind: Kind,
    number: &str,
    amount: u64,
    payer: &str,
    deadline: Duration,
) -> Result<Executed, Error> {
    match kind {
        Kind::Order => {
            let order = order(number, amount, payer);
            client.call(&order).deadline(deadline).await.map(Response::into_inner)
        }
        Kind::Transfer => {
            let transfer = transfer(number, amount, payer);
            let accepted = client.call(&transfer).deadline(deadline).await?;
            Ok(accepted.into_inner().into())
        }
    }
}

/// Whoever finds an order here is satisfied.
impl Progress for Executed {
    fn state(&self) -> State {
        State::Final
    }
}

/// Settles a number, with waits that fit the time limits of the soak.
async fn settle(client: &Client, kind: Kind, number: &str, amount: u64, payer: &str, resumed: Option<Stage>) -> What {
    let query = Query {
        out_trade_no: number.into(),
    };
    let polling = Polling::every(Duration::from_millis(50)).retry(Duration::from_millis(2), Duration::from_millis(50));
    match kind {
        Kind::Order => {
            let order = order(number, amount, payer);
            let settle = Settle::new(client, &order, &query).resume(resumed);
            reported(settle.deadline(DEADLINE).polling(polling).await)
        }
        Kind::Transfer => {
            let transfer = transfer(number, amount, payer);
            let settle = Settle::new(client, &transfer, &query).resume(resumed);
            // Nothing ever proves that a transfer whose outcome is unknown did not happen, so there is no use in waiting.
            reported(settle.deadline(Duration::from_millis(200)).polling(polling).await)
        }
    }
}

fn reported<C>(settled: Settled<C, Executed>) -> What {
    match settled {
        Settled::Done(executed) => What::Done(executed),
        Settled::NothingHappened(error) => What::NothingHappened(error.outcome(), error.kind(), error.to_string()),
        Settled::Open(open) => What::Open(open.to_string()),
    }
}

/// One caller that settles its number; one of twenty drops it, and half of those who are left with an unknown outcome come back.
async fn settle_one(
    client: &Client,
    (kind, number, amount, payer): (Kind, String, u64, String),
    random: &mut Random,
) -> Observed {
    let settling = settle(client, kind, &number, amount, &payer, None);
    let patience = Duration::from_micros(random.below(20_000));
    let mut what = if random.below(20) == 0 {
        tokio::time::timeout(patience, settling).await.unwrap_or(What::GivenUp)
    } else {
        settling.await
    };
    if matches!(what, What::GivenUp | What::Open(_)) && random.below(2) == 0 {
        what = settle(client, kind, &number, amount, &payer, Some(Stage::default())).await;
    }
    Observed {
        number,
        kind,
        amount,
        proof: Proof::Query,
        what,
    }
}

/// One caller with one number: half of them settle it, the others call by hand.
async fn pay(client: &Client, number: String, random: &mut Random) -> Observed {
    let kind = if random.below(2) == 0 {
        Kind::Order
    } else {
        Kind::Transfer
    };
    let amount = 1 + random.below(1_000_000);
    // 1 % of the names are too long to be encrypted.
    let payer = if random.below(100) == 0 {
        "张".repeat(100)
    } else {
        "张三".into()
    };
    if random.below(2) == 0 {
        return settle_one(client, (kind, number, amount, payer), random).await;
    }
    // 5 % of the calls have a deadline of a few milliseconds.
    let deadline = if random.below(20) == 0 {
        Duration::from_micros(1_000 + random.below(9_000))
    } else {
        DEADLINE
    };
    let call = send(client, kind, &number, amount, &payer, deadline);
    // 5 % of the callers drop the call.
    let given_up = random.below(20) == 0;
    let patience = Duration::from_micros(random.below(20_000));
    let result = if given_up {
        tokio::time::timeout(patience, call).await.ok()
    } else {
        Some(call.await)
    };
    let recovers = random.below(2) == 0;
    let mut observed = Observed {
        number,
        kind,
        amount,
        proof: Proof::Create,
        what: match result {
            None => What::GivenUp,
            Some(Ok(executed)) => What::Done(executed),
            Some(Err(error)) => What::Failed(error.outcome(), error.kind(), error.to_string()),
        },
    };
    let in_doubt = matches!(observed.what, What::GivenUp | What::Failed(Outcome::Unknown, ..));
    if in_doubt && recovers {
        // Query by the number. If the order does not exist, send it again with the same number and parameters. Do not
        // send a transfer again, because the server does not recognise retries.
        match (Query {
            out_trade_no: observed.number.clone(),
        })
        .send(client)
        .await
        {
            Ok(executed) => observed.what = What::Done(executed),
            Err(error) if error.outcome() == Outcome::Rejected && kind == Kind::Order => {
                observed.proof = Proof::Any;
                if let Ok(executed) = send(client, kind, &observed.number, amount, &payer, DEADLINE).await {
                    observed.what = What::Done(executed);
                }
            }
            Err(_) => {}
        }
        observed.proof = Proof::Any;
    }
    observed
}

#[derive(Default)]
struct Findings {
    done: usize,
    local: usize,
    not_sent: usize,
    unknown: usize,
    rejected: usize,
    given_up: usize,
    nothing_happened: usize,
    open: usize,
    executed: usize,
    attempts: u64,
    /// How often the proxy fell out of step.
    out_of_step: usize,
    /// How many connections reached the proxy.
    connections: usize,
    violations: Vec<String>,
}

/// Compares what the callers saw with what was executed.
fn join(gateway: &Gateway, transfers: &Transfers, observations: &[Observed], findings: &mut Findings) {
    let rows: HashMap<String, _> = gateway
        .ledger()
        .rows()
        .into_iter()
        .map(|row| (row.number.clone(), row))
        .collect();
    let transfers = transfers.lock().unwrap();
    // An abandoned attempt may arrive after the successful one, so the order of arrival is no evidence. But a success
    // requires at least one request with a correct response.
    let (mut created_rightly, mut found_rightly) = (HashMap::<String, bool>::new(), HashMap::<String, bool>::new());
    for request in gateway.requests() {
        let rightly = request.fault().is_none_or(is_harmless);
        if request.method() == Method::POST {
            *created_rightly.entry(number_of(request.json())).or_default() |= rightly;
        } else if let Some((_, number)) = request.target().rsplit_once("/out-trade-no/") {
            *found_rightly.entry(number.to_owned()).or_default() |= rightly;
        }
    }
    for observed in observations {
        let number = &observed.number;
        let amounts: Vec<u64> = match observed.kind {
            Kind::Order => rows
                .get(number)
                .and_then(|row| row.parameters["amount"].as_u64())
                .into_iter()
                .collect(),
            Kind::Transfer => transfers.get(number).cloned().unwrap_or_default(),
        };
        findings.executed += usize::from(!amounts.is_empty());
        let mut violation = |what: &str| {
            findings.violations.push(format!(
                "{what}: {number} {:?} {:?}, executed {amounts:?}",
                observed.kind, observed.what
            ));
        };
        if amounts.len() > 1 {
            violation("doubled");
        }
        if amounts.iter().any(|amount| *amount != observed.amount) {
            violation("amount wrong in the ledger");
        }
        if let Some(row) = rows.get(number) {
            if row.conflicts > 0 {
                violation("retried with other parameters");
            }
            let payers = [&row.parameters["payer"], &row.parameters["receivers"][0]["name"]];
            if payers.iter().any(|payer| *payer != "张三") {
                violation("encrypted text wrong in the ledger");
            }
        }
        match &observed.what {
            What::Done(executed) => {
                if amounts.is_empty() {
                    violation("lost");
                }
                if executed.out_trade_no != *number {
                    violation("response of another call accepted");
                } else if executed.amount != observed.amount {
                    violation("amount wrong in the response");
                }
                let rightly = match observed.proof {
                    Proof::Create => created_rightly.get(number),
                    Proof::Query => found_rightly.get(number),
                    Proof::Any => None,
                };
                if !rightly.copied().unwrap_or(true) {
                    violation("forged response accepted");
                }
                findings.done += 1;
            }
            What::Failed(outcome, _, _) => {
                if *outcome != Outcome::Unknown && !amounts.is_empty() {
                    violation("false certainty");
                }
                match outcome {
                    Outcome::Local => findings.local += 1,
                    Outcome::NotSent => findings.not_sent += 1,
                    Outcome::Unknown => findings.unknown += 1,
                    Outcome::Rejected => findings.rejected += 1,
                }
            }
            What::NothingHappened(..) => {
                if !amounts.is_empty() {
                    violation("false certainty");
                }
                findings.nothing_happened += 1;
            }
            What::Open(_) => findings.open += 1,
            What::GivenUp => findings.given_up += 1,
        }
    }
    findings.attempts += gateway.received();
}

async fn round(seed: u64, requests: usize, findings: &mut Findings) -> Result<(), Box<dyn StdError>> {
    let mut random = Random(seed);
    let (gateway, transfers) = gateway(&mut random)?;
    let backup = gateway.add_host()?;
    let dice = Mutex::new(Random(random.number()));
    let out_of_step = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&out_of_step);
    let proxy = OutOfStepProxy::start(gateway.host().address(), move |_| {
        if dice.lock().unwrap().below(100) >= OUT_OF_STEP_PERCENT {
            return Step::Pass;
        }
        counter.fetch_add(1, Relaxed);
        Step::FallOutOfStep
    })
    .await;
    let retry = RetryPolicy::default()
        .backoff(Duration::from_millis(2), Duration::from_millis(20))
        .throttled_wait(Duration::from_millis(20))
        .budget_percent(100)
        .budget_burst(10_000)
        .backup_stay(Duration::from_millis(300));
    let client = gateway
        .client_builder()
        .base_url(proxy.url())
        .backup_url(backup.url())
        .retry(retry)
        .certificate_refresh(CertificateRefresh::default().cooldown(Duration::from_secs(1)))
        .attempt_timeout(Duration::from_millis(250))
        .deadline(DEADLINE)
        .build()?;
    client.refresh_certificates().await.ok();

    let gateway = Arc::new(gateway);
    let over = Arc::new(AtomicBool::new(false));
    // The main host goes down and comes back, sometimes together with the backup host, and the keys rotate.
    let disturbances = tokio::task::spawn_blocking({
        let (gateway, over) = (Arc::clone(&gateway), Arc::clone(&over));
        move || {
            for turn in 1.. {
                std::thread::sleep(Duration::from_millis(700));
                if over.load(Relaxed) {
                    return;
                }
                gateway.host().go_down();
                if turn % 4 == 0 {
                    backup.go_down();
                    gateway.rotate().ok();
                }
                std::thread::sleep(Duration::from_millis(100));
                gateway.host().come_up().ok();
                backup.come_up().ok();
            }
        }
    });
    let next = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..TASKS)
        .map(|_| {
            let (client, next, mut random) = (client.clone(), Arc::clone(&next), Random(random.number()));
            tokio::spawn(async move {
                let mut observations = Vec::new();
                loop {
                    let number = next.fetch_add(1, Relaxed);
                    if number >= requests {
                        return observations;
                    }
                    observations.push(pay(&client, format!("SOAK{number}"), &mut random).await);
                }
            })
        })
        .collect();
    let mut observations = Vec::new();
    for caller in callers {
        observations.extend(caller.await?);
    }
    over.store(true, Relaxed);
    disturbances.await?;
    // Delayed commits are executed by now.
    tokio::time::sleep(Duration::from_millis(600)).await;
    join(&gateway, &transfers, &observations, findings);
    findings.out_of_step += out_of_step.load(Relaxed);
    findings.connections += proxy.connections();
    Ok(())
}

struct Arguments {
    requests: usize,
    seed: u64,
}

fn arguments() -> Result<Arguments, String> {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut found = Arguments {
        requests: 50_000,
        seed: clock.map_or(0, |since| since.as_micros() as u64),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .and_then(|value| value.replace('_', "").parse::<u64>().ok())
        };
        match (word.as_str(), value()) {
            ("--requests", Some(requests)) => found.requests = requests as usize,
            ("--seed", Some(seed)) => found.seed = seed,
            _ => return Err(format!("`{word}`? usage: soak [--requests 50000] [--seed 1]")),
        }
    }
    Ok(found)
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    let Arguments { requests, seed } = match arguments() {
        Ok(arguments) => arguments,
        Err(usage) => {
            eprintln!("{usage}");
            return Ok(ExitCode::from(2));
        }
    };
    println!("soak: {requests} requests, {FAULTS_PERCENT} % faults, --seed {seed}");
    let begun = Instant::now();
    let mut findings = Findings::default();
    let mut seeds = Random(seed);
    let mut left = requests;
    while left > 0 {
        let size = left.min(ROUND);
        round(seeds.number(), size, &mut findings).await?;
        left -= size;
        println!(
            "{:>9} requests in {:.0} s, {} violations",
            requests - left,
            begun.elapsed().as_secs_f64(),
            findings.violations.len()
        );
    }
    let Findings {
        done,
        local,
        not_sent,
        unknown,
        rejected,
        given_up,
        nothing_happened,
        open,
        executed,
        attempts,
        out_of_step,
        connections,
        violations,
    } = &findings;
    println!(
        "reported: done {done}, local {local}, not sent {not_sent}, unknown {unknown}, rejected {rejected}, given up {given_up}"
    );
    println!("settled with proof: nothing happened {nothing_happened}; left open {open}");
    println!("executed: {executed} orders and transfers, in {attempts} requests that reached the gateway");
    println!("the proxy fell out of step {out_of_step} times, on {connections} connections");
    for what in [
        "lost",
        "doubled",
        "amount wrong",
        "forged response accepted",
        "response of another call accepted",
        "false certainty",
        "retried with other parameters",
        "encrypted text wrong",
    ] {
        println!(
            "{what}: {}",
            violations
                .iter()
                .filter(|violation| violation.starts_with(what))
                .count()
        );
    }
    for violation in violations.iter().take(50) {
        println!("  {violation}");
    }
    Ok(if violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
