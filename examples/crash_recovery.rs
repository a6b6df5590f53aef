//! Refunds (退款) that survive a crash: none is lost or duplicated, whenever the program crashes.
//!
//! `Settle` completes a refund: after a crash and after an unknown outcome it queries by the shop's number (商户退款单号,
//! `out_refund_no`), and sends the same refund again only if the service has none. The program must record each request
//! before it is sent (in a journal or a database table), and settle the open ones when it starts.
//!
//! To demonstrate this, the program starts itself as a worker, kills it at critical moments (SIGKILL), and recovers
//! from the journal. The ledger of the gateway shows what was executed.
//!
//! ```text
//! cargo run --example crash_recovery
//! ```

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    error::Error,
    fmt,
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::process::{Child, Command};
use wechatpay_core::{
    Client, Method, RetryPolicy,
    notification::payload::RefundStatus,
    settle::{Progress, Settle, Settled, Stage, State},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};

const REFUNDS: &str = "/v3/refund/domestic/refunds";
const QUERY: &str = "/v3/refund/domestic/refunds/{out_refund_no}";

/// A refund request (申请退款). It can be serialized to the journal and back. A request with a sensitive field cannot. For
/// such a request, record the data that it is built from, such as the customer's id.
#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", idempotent, response = Refunded)]
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub amount: Amount,
}

/// An amount in fen (分).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Amount {
    pub refund: i64,
    pub total: i64,
    pub currency: String,
}

/// Asks for a refund by the shop's number (查询单笔退款).
#[wechatpay_endpoint(GET, "/v3/refund/domestic/refunds/{out_refund_no}", response = Refunded)]
pub struct QueryRefund {
    pub out_refund_no: String,
}

#[derive(Debug, Deserialize)]
pub struct Refunded {
    pub refund_id: String,
    pub status: RefundStatus,
}

impl fmt::Display for Refunded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.refund_id, self.status)
    }
}

/// Which states are final is known; the response only hands its state over.
impl Progress for Refunded {
    fn state(&self) -> State {
        self.status.state()
    }
}

/// What was begun and what is over, one JSON line each. In a shop this is a table with a column for the stage.
struct Journal(PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Begun { refund: Refund, stage: Stage },
    Over { out_refund_no: String, how: String },
}

impl Journal {
    /// When this returns, the line is on the disk.
    fn write(&self, entry: &Entry) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.0)?;
        // The line before may have been cut off by a crash; it must not run into this one.
        file.write_all(format!("\n{}\n", serde_json::to_string(entry)?).as_bytes())?;
        file.sync_all()
    }

    fn begun(&self, refund: &Refund, stage: Stage) -> std::io::Result<()> {
        let refund = refund.clone();
        self.write(&Entry::Begun { refund, stage })
    }

    fn over(&self, refund: &Refund, how: String) -> std::io::Result<()> {
        let out_refund_no = refund.out_refund_no.clone();
        self.write(&Entry::Over { out_refund_no, how })
    }

    /// The open refunds, each with its last stage.
    fn open(&self) -> std::io::Result<Vec<(Refund, Stage)>> {
        let mut open: Vec<(Refund, Stage)> = Vec::new();
        // A line that a crash cut off is ignored, because nothing had been sent by then.
        for entry in std::fs::read_to_string(&self.0)?
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            let (number, again) = match entry {
                Entry::Begun { refund, stage } => (refund.out_refund_no.clone(), Some((refund, stage))),
                Entry::Over { out_refund_no, .. } => (out_refund_no, None),
            };
            open.retain(|(refund, _)| refund.out_refund_no != number);
            open.extend(again);
        }
        Ok(open)
    }
}

/// Settles a refund: a new one, or with its stage from the journal one that may have been sent. Returns whether it is
/// done.
async fn settle(client: &Client, journal: &Journal, refund: &Refund, stage: Option<Stage>) -> std::io::Result<bool> {
    let query = QueryRefund {
        out_refund_no: refund.out_refund_no.clone(),
    };
    let settle = Settle::new(client, refund, &query)
        .resume(stage)
        .record(|stage| std::future::ready(journal.begun(refund, stage)));
    match settle.await {
        Settled::Done(refunded) => journal.over(refund, refunded.to_string())?,
        Settled::NothingHappened(error) => journal.over(refund, error.to_string())?,
        Settled::Open(open) => {
            println!("  {} stays open: {open}", refund.out_refund_no);
            return Ok(false);
        }
    }
    Ok(true)
}

/// When the program starts, and every few minutes.
async fn recover(client: &Client, journal: &Journal) -> std::io::Result<()> {
    for (refund, stage) in journal.open()? {
        if settle(client, journal, &refund, Some(stage)).await? {
            println!("  {} is over", refund.out_refund_no);
        }
    }
    Ok(())
}

fn refund(number: &str) -> Refund {
    Refund {
        out_trade_no: format!("ORDER-{number}"),
        out_refund_no: number.into(),
        amount: Amount {
            refund: 800,
            total: 2800,
            currency: "CNY".into(),
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    if let (Some(journal), Some(number)) = (arguments.next(), arguments.next()) {
        settle(&Client::from_env()?, &Journal(journal.into()), &refund(&number), None).await?;
        return Ok(());
    }

    let path = std::env::temp_dir().join(format!("wechatpay-refunds-{}.jsonl", std::process::id()));
    let result = story(&path).await;
    std::fs::remove_file(&path)?;
    result
}

async fn story(path: &Path) -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let journal = Journal(path.to_owned());

    println!("R1: everything is well.");
    if !worker(&gateway, path, "R1")?.wait().await?.success() {
        return Err("the worker failed".into());
    }

    println!("A crash in the middle of a line of the journal.");
    OpenOptions::new()
        .append(true)
        .open(path)?
        .write_all(br#"{"begun":{"out_trade_no":"ORD"#)?;

    println!("R2: killed after the service made the refund, before its response.");
    gateway.misbehave_at(REFUNDS, Fault::Silence { committed: true });
    let mut killed = worker(&gateway, path, "R2")?;
    until(|| gateway.ledger().count("R2") == 1).await?;
    killed.kill().await?;

    println!("R3: killed before the service did anything.");
    gateway.misbehave_at(REFUNDS, Fault::Silence { committed: false });
    let mut killed = worker(&gateway, path, "R3")?;
    until(|| gateway.requests_to(REFUNDS).len() == 3).await?;
    killed.kill().await?;

    let open: Vec<_> = journal
        .open()?
        .into_iter()
        .map(|(refund, _)| refund.out_refund_no)
        .collect();
    println!(
        "Open in the journal: {open:?}. In the ledger: {} refunds.",
        gateway.ledger().len()
    );
    if open != ["R2", "R3"] {
        return Err("R2 and R3 should be open".into());
    }

    println!("Recovery, by a new process. The first query is refused, which proves nothing:");
    let client = gateway.client_builder().retry(RetryPolicy::never()).build()?;
    let refused = Fault::Status {
        status: 403,
        body: json!({ "code": "NO_AUTH", "message": "没有权限" }),
        committed: false,
    };
    gateway.misbehave_at(QUERY, refused);
    recover(&client, &journal).await?;
    println!("And once more:");
    recover(&client, &journal).await?;

    println!("R4: no crash, but an error, and the service makes the refund a moment later.");
    let late = Fault::FailThenCommit {
        status: 500,
        after: Duration::from_millis(200),
    };
    gateway.misbehave_at(REFUNDS, late);
    // The query arrives before the refund, so it finds nothing and the same refund is sent again. Still nothing is
    // duplicated.
    if !settle(&client, &journal, &refund("R4"), None).await? {
        return Err("R4 should be over".into());
    }
    until(|| gateway.ledger().find("R4").is_some_and(|row| row.requests == 2)).await?;

    println!("Executed:");
    for number in ["R1", "R2", "R3", "R4"] {
        let row = gateway
            .ledger()
            .find(number)
            .ok_or_else(|| format!("{number} was lost"))?;
        println!(
            "  {number}: refunded {} fen once, asked for {} times",
            row.parameters["amount"]["refund"], row.requests
        );
        if row.conflicts != 0 {
            return Err(format!("{number} was retried with other parameters").into());
        }
    }
    if gateway.ledger().len() != 4 || !journal.open()?.is_empty() {
        return Err("there should be four refunds, and none open".into());
    }
    Ok(())
}

/// This program as a worker process. It is killed too if the main process ends early.
fn worker(gateway: &Gateway, journal: &Path, number: &str) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg(journal)
        .arg(number)
        .env("WECHATPAY_MCHID", gateway.mchid())
        .env("WECHATPAY_SERIAL_NO", gateway.serial_no())
        .env("WECHATPAY_PRIVATE_KEY", gateway.merchant_private_key_pem())
        .env("WECHATPAY_PUBLIC_KEY_ID", gateway.public_key_id())
        .env("WECHATPAY_PUBLIC_KEY", gateway.public_key_pem())
        .env("WECHATPAY_BASE_URL", gateway.url())
        .kill_on_drop(true)
        .spawn()
}

async fn until(holds: impl Fn() -> bool) -> Result<(), Box<dyn Error>> {
    for _ in 0..2000 {
        if holds() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err("waited for too long".into())
}

/// WeChat Pay in a box.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on_order(Method::POST, REFUNDS, "out_refund_no", |request| {
        let number = request.json()["out_refund_no"].as_str().unwrap_or("?");
        json!({ "out_refund_no": number, "refund_id": format!("5000000{number}"), "status": "PROCESSING" })
    });
    let ledger = gateway.ledger();
    gateway.on(Method::GET, QUERY, move |request| {
        match ledger.find(request.path("out_refund_no")) {
            Some(row) => GatewayResponse::json(
                200,
                &json!({ "out_refund_no": row.number, "refund_id": format!("5000000{}", row.number), "status": "SUCCESS" }),
            ),
            None => GatewayResponse::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
        }
    });
    Ok(gateway)
}
