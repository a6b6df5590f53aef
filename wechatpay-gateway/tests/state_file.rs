//! The state file: what was acknowledged survives `kill -9`, and no file of others is overwritten.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test may panic"
)]

mod shop;

use serde_json::{Value, json};
use shop::{
    JSAPI, REFUNDS, Shop, no,
    server::{Server, eventually},
};
use std::{
    collections::{BTreeSet, HashMap},
    env, fs,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use wechatpay_core::notification::payload::{RefundStatus, TradeState};
use wechatpay_gateway::{Gateway, model::DeliveryState};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let path = env::temp_dir().join(format!("wechatpay-gateway-state-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn open(file: &Path) -> Shop {
    Shop::with(Gateway::builder().state(file).seed(7))
}

/// A gateway in a separate process. It reads commands from its input and writes their results.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    url: String,
}

const STATE_FILE: &str = "WECHATPAY_GATEWAY_TEST_STATE_FILE";

/// Not a test: the program of [`Process`].
#[test]
#[ignore = "it is the program that other tests start"]
fn a_gateway_in_a_process_of_its_own() {
    let Ok(file) = env::var(STATE_FILE) else { return };
    let gateway = match Gateway::builder().state(file).start() {
        Ok(gateway) => gateway,
        Err(error) => {
            println!("\nerror {error}");
            return;
        }
    };
    println!("\nurl {}", gateway.url());
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let (command, number) = line.split_once(' ').unwrap();
        let done = match command {
            "pay" => gateway.pay(number).map(|_| ()),
            _ => gateway.finish_refund(number).map(|_| ()),
        };
        match done {
            Ok(()) => println!("done {number}"),
            Err(error) => println!("failed {error}"),
        }
    }
}

impl Process {
    fn start(file: &Path) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        Self::run(Self::program(&mut command), file).unwrap()
    }

    /// The arguments with which this very program runs the gateway alone.
    fn program(command: &mut Command) -> &mut Command {
        command.args([
            "--exact",
            "a_gateway_in_a_process_of_its_own",
            "--ignored",
            "--nocapture",
        ])
    }

    /// The error is the line of the gateway that could not start.
    #[expect(
        clippy::zombie_processes,
        reason = "where the test fails, the process ends with its input"
    )]
    fn run(command: &mut Command, file: &Path) -> Result<Self, String> {
        let command = command
            .env(STATE_FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut output = BufReader::new(output);
        loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the process ended");
            if let Some(url) = line.strip_prefix("url ") {
                let url = url.trim().to_owned();
                return Ok(Self {
                    child,
                    input,
                    output,
                    url,
                });
            }
            if let Some(error) = line.strip_prefix("error ") {
                let _ = child.wait();
                return Err(error.trim().to_owned());
            }
        }
    }

    /// Whether the command was acknowledged.
    fn tell(&mut self, command: &str) -> bool {
        if writeln!(self.input, "{command}").is_err() {
            return false;
        }
        let mut line = String::new();
        self.output.read_line(&mut line).is_ok() && line.starts_with("done ") && line.ends_with('\n')
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A shop whose client talks to another process. Keys and numbers are those of every gateway.
fn shop_at(url: &str) -> Shop {
    let gateway = Gateway::start().unwrap();
    let builder = gateway
        .client_builder()
        .base_url(url)
        .retry(wechatpay_core::RetryPolicy::never());
    let client = builder.build().unwrap();
    Shop { gateway, client }
}

async fn try_post(shop: &Shop, path: &str, body: &Value) -> bool {
    let request = shop
        .client
        .request(wechatpay_core::Method::POST, path)
        .json(body)
        .response::<Value>();
    request.send().await.is_ok()
}

#[tokio::test]
async fn g4_what_was_acknowledged_survives_kill_9_and_nothing_is_doubled() {
    let (folder, server) = (Folder::new(), Server::taking());
    let (mut placed, mut paid, mut refunded) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for round in 0..4 {
        let mut process = Process::start(&folder.file());
        let shop = shop_at(&process.url);
        let pid = process.child.id();
        // The process is killed in the middle of whatever it does.
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(400 + 150 * round));
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        });
        for number in 0.. {
            let number = format!("ORDER-{round}-{number:04}");
            if !try_post(&shop, JSAPI, &shop.order_to(&number, 100, &server.url)).await {
                break;
            }
            placed.insert(number.clone());
            if !process.tell(&format!("pay {number}")) {
                break;
            }
            paid.insert(number.clone());
            if !try_post(
                &shop,
                REFUNDS,
                &shop.refund_body(&number, &format!("R{number}"), 60, 100),
            )
            .await
            {
                break;
            }
            if !process.tell(&format!("finish R{number}")) {
                break;
            }
            refunded.insert(number);
        }
        killer.await.unwrap();
        process.kill();
    }
    assert!(placed.len() > 4 && !refunded.is_empty(), "{} orders", placed.len());

    let shop = open(&folder.file());
    let orders: HashMap<_, _> = shop
        .gateway
        .orders()
        .into_iter()
        .map(|it| (it.out_trade_no.clone(), it))
        .collect();
    assert_eq!(orders.len(), shop.gateway.orders().len());
    assert!(placed.iter().all(|number| orders.contains_key(number)));
    assert!(paid.iter().all(|number| orders[number].paid_at.is_some()));
    for number in &refunded {
        let refund = shop.gateway.refund(&format!("R{number}")).unwrap();
        assert_eq!((refund.status, refund.refund), (RefundStatus::Success, 60));
    }
    let transactions: BTreeSet<_> = orders
        .values()
        .filter_map(|order| order.transaction_id.clone())
        .collect();
    let all_paid = orders.values().filter(|order| order.paid_at.is_some()).count();
    assert_eq!(transactions.len(), all_paid);

    // One notification for each payment, and each arrives.
    eventually(|| {
        shop.gateway
            .deliveries()
            .iter()
            .all(|it| it.state == DeliveryState::Delivered)
    })
    .await;
    let deliveries = shop.gateway.deliveries();
    let about: BTreeSet<_> = deliveries.iter().map(|it| it.about.number.clone()).collect();
    assert_eq!((deliveries.len(), about.len()), (all_paid, all_paid));
    let arrived: BTreeSet<String> = server
        .posted()
        .iter()
        .map(|posted| {
            serde_json::from_slice::<Value>(&posted.body).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(arrived, deliveries.iter().map(|it| it.id.clone()).collect());

    // One row of the ledger for each order and refund, and a retry makes no second one.
    let rows = shop.gateway.ledger().rows();
    assert_eq!(rows.len(), orders.len() + shop.gateway.refunds().len());
    let number = placed.first().unwrap();
    let body = shop.refund_body(number, &format!("R{number}"), 60, 100);
    shop.post(REFUNDS, &body).await.unwrap();
    assert_eq!(shop.gateway.ledger().len(), rows.len());
}

#[tokio::test]
async fn g4_everything_is_there_after_a_restart() {
    let folder = Folder::new();
    let (before, prepay_id);
    {
        let shop = open(&folder.file());
        prepay_id = shop.place("ORDER-0001", 100).await;
        shop.sell_to("ORDER-0002", 200, "http://127.0.0.1:1/notify").await;
        shop.refund("ORDER-0002", "R-1", 50, 200).await.unwrap();
        assert_eq!(
            shop.refund("ORDER-0002", "R-1", 51, 200).await,
            no(400, "INVALID_REQUEST")
        );
        eventually(|| shop.gateway.deliveries()[0].attempts.len() == 1).await;
        before = (shop.gateway.orders(), shop.gateway.refunds(), shop.gateway.deliveries());
    }
    let shop = open(&folder.file());
    let after = (shop.gateway.orders(), shop.gateway.refunds(), shop.gateway.deliveries());
    assert_eq!(after, before);
    assert_eq!(shop.gateway.deliveries()[0].state, DeliveryState::Waiting);
    // The same number with the same parameters still gives the same, and with others the error.
    assert_eq!(shop.place("ORDER-0001", 100).await, prepay_id);
    assert_eq!(
        shop.post(JSAPI, &shop.order("ORDER-0001", 101)).await,
        no(400, "INVALID_REQUEST")
    );
    assert_eq!(
        shop.refund("ORDER-0002", "R-2", 151, 200).await,
        no(400, "INVALID_REQUEST")
    );
    let row = shop.gateway.ledger().find("R-1").unwrap();
    assert_eq!(
        (row.requests, row.conflicts, row.parameters["amount"]["refund"].as_i64()),
        (1, 1, Some(50))
    );
    assert_eq!(
        serde_json::from_slice::<Value>(row.response.body()).unwrap()["out_refund_no"],
        "R-1"
    );
    let transaction_id = before.0[1].transaction_id.clone().unwrap();
    let path = format!("/v3/pay/transactions/id/{transaction_id}");
    let found = shop
        .get(&path, &json!({ "mchid": shop.gateway.mchid() }))
        .await
        .unwrap();
    assert_eq!(found["out_trade_no"], "ORDER-0002");
    // The seed is the same, the numbers are new.
    let again = shop.place("ORDER-0003", 100).await;
    assert_ne!(again, prepay_id);
    shop.gateway.pay("ORDER-0003").unwrap();
    assert_ne!(
        shop.gateway.order("ORDER-0003").unwrap().transaction_id,
        Some(transaction_id)
    );
    assert_eq!(
        shop.gateway.order("ORDER-0001").unwrap().trade_state,
        TradeState::NotPay
    );
}

fn refused(file: &Path) -> String {
    let started = Gateway::builder().state(file).start();
    started.map(|_| ()).unwrap_err().to_string()
}

#[tokio::test]
async fn g5_two_programs_do_not_use_one_state_file() {
    let folder = Folder::new();
    let shop = open(&folder.file());
    shop.place("ORDER-0001", 100).await;
    let error = refused(&folder.file());
    assert!(error.contains("another program uses the state file"), "{error}");
    let other = Process::run(
        Process::program(&mut Command::new(env::current_exe().unwrap())),
        &folder.file(),
    );
    let error = other.map(|_| ()).unwrap_err();
    assert!(error.contains("another program uses the state file"), "{error}");
    shop.place("ORDER-0002", 100).await;
    drop(shop);
    assert_eq!(open(&folder.file()).gateway.orders().len(), 2);
}

#[tokio::test]
async fn g5_a_foreign_file_is_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file();
    let strangers = [
        b"".to_vec(),
        b"a shopping list".to_vec(),
        b"SQLite format 3\0".repeat(1000),
        vec![0; 1 << 20],
    ];
    for bytes in strangers {
        fs::write(&file, &bytes).unwrap();
        let error = refused(&file);
        assert!(error.contains("left as it is"), "{error}");
        assert!(fs::read(&file).unwrap() == bytes, "{} bytes changed", bytes.len());
    }
    fs::remove_file(&file).unwrap();
    let table: redb::TableDefinition<'_, &str, u64> = redb::TableDefinition::new("wechatpay-gateway-orders");
    let database = redb::Database::create(&file).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(table).unwrap().insert("a", 1).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = refused(&file);
    assert!(error.contains("a file of another program"), "{error}");
    let database = redb::Database::open(&file).unwrap();
    let transaction = redb::ReadableDatabase::begin_read(&database).unwrap();
    assert_eq!(
        transaction
            .open_table(table)
            .unwrap()
            .get("a")
            .unwrap()
            .unwrap()
            .value(),
        1
    );
    assert!(!refused(&folder.0).is_empty());
    assert!(!refused(&folder.0.join("missing").join("state.redb")).is_empty());
}

#[tokio::test]
async fn g5_a_truncated_state_file_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file();
    {
        let shop = open(&file);
        for number in 0..20 {
            shop.sell_to(&format!("ORDER-{number:04}"), 100, "http://127.0.0.1:1/notify")
                .await;
        }
    }
    let whole = fs::read(&file).unwrap();
    for length in [1, 100, 4096, 5000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        let error = refused(&file);
        assert!(error.contains("damaged"), "{length}: {error}");
        assert!(fs::read(&file).unwrap() == whole[..length], "{length} bytes changed");
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(open(&file).gateway.orders().len(), 20);
}

#[tokio::test]
async fn g5_a_state_file_of_another_merchant_is_refused() {
    let folder = Folder::new();
    drop(open(&folder.file()));
    let started = Gateway::builder().mchid("1900000999").state(folder.file()).start();
    let error = started.unwrap_err().to_string();
    assert!(error.contains("belongs to merchant 1900000100"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn g5_a_full_disk_is_a_clear_error_and_loses_nothing() {
    let folder = Folder::new();
    let file = folder.file();
    drop(open(&file));
    // The file may grow by a little; POSIX counts in units of 512 bytes.
    let units = fs::metadata(&file).unwrap().len() / 512 + 128;
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {units}; exec \"$0\" \"$@\"")])
        .arg(env::current_exe().unwrap());
    let process = Process::run(Process::program(&mut command), &file).unwrap();
    let shop = shop_at(&process.url);
    let mut acknowledged = 0;
    let error = loop {
        let mut order = shop.order(&format!("ORDER-{acknowledged:06}"), 100);
        order["attach"] = json!("x".repeat(120));
        let request = shop
            .client
            .request(wechatpay_core::Method::POST, JSAPI)
            .json(&order)
            .response::<Value>();
        match request.send().await {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
        assert!(acknowledged < 20_000, "the disk is never full");
    };
    assert_eq!(error.code(), Some("SYSTEM_ERROR"), "{error}");
    let message = error.to_string();
    assert!(
        message.contains("cannot be written") && message.contains("无法写入"),
        "{message}"
    );
    assert!(acknowledged > 0);
    process.kill();
    let shop = open(&file);
    assert_eq!(shop.gateway.orders().len(), acknowledged);
    shop.place("ORDER-AFTER", 100).await;
}
