//! A server for notifications (回调通知) that stores orders in a database, so that duplicates, races and crashes change
//! nothing.
//!
//! One transaction writes the id of the notification (通知ID) and the new state of the order. If the id exists, nothing
//! is written. So a duplicate changes nothing, one of several concurrent notifications succeeds, and a crash leaves
//! either both or neither. Side effects (sending the goods) belong to the code that reads the order afterwards.
//!
//! Without arguments the example tests itself: it starts itself as a server, sends notifications from a gateway
//! (genuine, forged, duplicate, out of order, signature probes), kills the server at critical moments, and checks the
//! database at the end. With the variables of `Client::from_env` (`WECHATPAY_MCHID`, ..) it runs as a real server:
//!
//! ```text
//! cargo run --example notification_server
//! cargo run --example notification_server -- orders.redb 127.0.0.1:8080
//! ```

use axum::{
    Router,
    extract::{FromRef, State},
    routing::post,
};
use redb::{Database, ReadableDatabase as _, ReadableTable as _, ReadableTableMetadata as _, TableDefinition};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
    task::JoinSet,
};
use wechatpay_core::{
    Client,
    notification::{
        Acknowledgement, Event, Expected, ExpectedRefund, Notification, NotificationReceiver, WechatpayNotification,
        payload::RefundStatus,
    },
};
use wechatpay_gateway::{Fault, Gateway, Notification as Sent};

type Result<T = (), E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const APPID: &str = "wxd678efh567hg6787";

// ---- The orders -----------------------------------------------------------------------------------------------------

/// The shop's order number (商户订单号), and the order as JSON.
const ORDERS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("orders");
/// The ids of the notifications that were handled, and what they were.
const NOTIFICATIONS: TableDefinition<'_, &str, &str> = TableDefinition::new("notifications");

/// An order. What happened to it are facts side by side, so they may become known in any order.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    total: i64,
    /// WeChat Pay's number of the payment (微信支付订单号), when it is paid.
    transaction_id: Option<String>,
    /// What is refunded, in fen (分).
    refunded: i64,
    /// How many times the goods were handed to the parcel service. Here it counts what must happen once.
    deliveries: u32,
}

/// Why a notification changed nothing. The service retries it later.
enum NotTaken {
    /// It does not match the order. A person must check it.
    Unfit(String),
    /// The database failed.
    Failed(Box<dyn Error + Send + Sync>),
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

#[derive(Clone)]
struct Store(Arc<Database>);

impl Store {
    fn open(path: &Path) -> Result<Self> {
        let database = Database::create(path)?;
        let write = database.begin_write()?;
        write.open_table(ORDERS)?;
        write.open_table(NOTIFICATIONS)?;
        write.commit()?;
        Ok(Self(Arc::new(database)))
    }

    fn place(&self, out_trade_no: &str, total: i64) -> Result {
        let order = Order {
            total,
            transaction_id: None,
            refunded: 0,
            deliveries: 0,
        };
        let write = self.0.begin_write()?;
        write
            .open_table(ORDERS)?
            .insert(out_trade_no, &*serde_json::to_vec(&order)?)?;
        Ok(write.commit()?)
    }

    fn order(&self, out_trade_no: &str) -> Result<Order> {
        let orders = self.0.begin_read()?.open_table(ORDERS)?;
        let order = orders.get_owned(out_trade_no)?.ok_or("no such order")?;
        Ok(serde_json::from_slice(order.value())?)
    }

    fn handled(&self) -> Result<u64> {
        Ok(self.0.begin_read()?.open_table(NOTIFICATIONS)?.len()?)
    }

    /// Records a notification unless it was recorded before: both the id and the new state of the order, or neither.
    ///
    /// There is one writer at a time, so concurrent duplicates wait here and find the id.
    fn take(&self, mchid: &str, notification: &Notification<Event>) -> Result<(), NotTaken> {
        let out_trade_no = match &notification.payload {
            Event::Transaction(transaction) => &transaction.out_trade_no,
            Event::Refund(refund) => &refund.out_trade_no,
            // Not for this shop. It is accepted, otherwise the service would retry it.
            _ => return Ok(()),
        };
        // Dropped without a commit, a transaction leaves no trace.
        let write = self.0.begin_write()?;
        {
            let mut notifications = write.open_table(NOTIFICATIONS)?;
            if notifications
                .insert(&*notification.id, &*notification.event_type)?
                .is_some()
            {
                return Ok(());
            }
            let mut orders = write.open_table(ORDERS)?;
            let mut order: Order = match orders.get(&**out_trade_no)? {
                Some(order) => serde_json::from_slice(order.value())?,
                None => return Err(NotTaken::Unfit(format!("{out_trade_no} is unknown"))),
            };
            order
                .change(mchid, out_trade_no, notification)
                .map_err(NotTaken::Unfit)?;
            orders.insert(&**out_trade_no, &*serde_json::to_vec(&order)?)?;
        }
        crash_here("before the commit");
        write.commit()?;
        crash_here("after the commit");
        Ok(())
    }
}

impl Order {
    /// Compares the notification with the order and records its state.
    fn change(&mut self, mchid: &str, out_trade_no: &str, notification: &Notification<Event>) -> Result<(), String> {
        match &notification.payload {
            Event::Transaction(transaction) => {
                let expected = Expected {
                    mchid,
                    appid: APPID,
                    out_trade_no,
                    total: self.total,
                    currency: "CNY",
                };
                transaction
                    .compare(&expected)
                    .map_err(|differences| differences.to_string())?;
                if transaction.is_paid() && self.transaction_id.is_none() {
                    self.transaction_id = transaction.transaction_id.clone();
                    self.deliveries += 1;
                }
            }
            Event::Refund(refund) => {
                // This shop refunds whole orders, under a number that follows from the order's.
                let expected = ExpectedRefund {
                    mchid,
                    out_trade_no,
                    out_refund_no: &format!("{out_trade_no}-R"),
                    total: self.total,
                    refund: self.total,
                };
                refund
                    .compare(&expected)
                    .map_err(|differences| differences.to_string())?;
                if refund.refund_status == RefundStatus::Success {
                    self.refunded = refund.amount.refund;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// For the story: dies as in a power cut, when the variable `CRASH` names this place.
fn crash_here(place: &str) {
    if std::env::var("CRASH").is_ok_and(|named| named == place) {
        std::process::abort();
    }
}

// ---- The server -----------------------------------------------------------------------------------------------------

#[derive(Clone)]
struct Shop {
    mchid: String,
    receiver: NotificationReceiver,
    store: Store,
}

/// Where the extractor finds the keys.
impl FromRef<Shop> for NotificationReceiver {
    fn from_ref(shop: &Shop) -> Self {
        shop.receiver.clone()
    }
}

/// The handler gets verified and decrypted notifications only. Others got a 4xx before.
async fn notified(
    State(shop): State<Shop>,
    WechatpayNotification(notification): WechatpayNotification<Event>,
) -> Acknowledgement {
    let id = notification.id.clone();
    // The database writes to the disk, which must not hold the other tasks up.
    let taken = tokio::task::spawn_blocking(move || shop.store.take(&shop.mchid, &notification)).await;
    match taken {
        Ok(Ok(())) => Acknowledgement::accepted(),
        Ok(Err(NotTaken::Unfit(why))) => {
            eprintln!("  [server] {id} is not taken: {why}");
            Acknowledgement::failed("it does not match the order")
        }
        Ok(Err(NotTaken::Failed(error))) => {
            eprintln!("  [server] {id} is not taken: {error}");
            Acknowledgement::failed("try again")
        }
        Err(_) => Acknowledgement::failed("try again"),
    }
}

async fn serve(database: &Path, address: &str) -> Result {
    let client = Client::from_env()?;
    let shop = Shop {
        mchid: client.mchid().to_owned(),
        receiver: client.notifications(),
        store: Store::open(database)?,
    };
    let routes = Router::new()
        .route("/wechatpay/notify", post(notified))
        .with_state(shop);
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/wechatpay/notify", listener.local_addr()?);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    Ok(axum::serve(listener, routes).with_graceful_shutdown(stop).await?)
}

// ---- The story ------------------------------------------------------------------------------------------------------

#[tokio::main]
async fn main() -> Result {
    let mut arguments = std::env::args().skip(1);
    if let Some(database) = arguments.next() {
        let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
        return serve(Path::new(&database), &address).await;
    }
    let database = std::env::temp_dir().join(format!("wechatpay-orders-{}.redb", std::process::id()));
    let result = story(&database).await;
    std::fs::remove_file(&database)?;
    result
}

async fn story(database: &Path) -> Result {
    let world = World {
        gateway: Gateway::start()?,
        database: database.to_owned(),
    };
    let store = Store::open(database)?;
    for out_trade_no in [
        "GENUINE",
        "FORGED",
        "SIXTEEN",
        "BACKWARDS",
        "CHEAP",
        "EARLY-CRASH",
        "LATE-CRASH",
    ] {
        store.place(out_trade_no, 2800)?;
    }
    drop(store);

    let server = world.start("").await?;
    world
        .expect(&server, "a genuine one", &world.paid("GENUINE", 2800), 204)
        .await?;

    for (what, fault) in [
        ("signed with another key", Fault::WrongKey),
        ("changed on the way", Fault::FlippedBit(300)),
        ("from yesterday", Fault::Stale { seconds: -86_400 }),
        ("without a signature", Fault::Unsigned),
        ("a signature probe (签名探测流量)", Fault::SignatureProbe),
    ] {
        let forged = world.paid("FORGED", 2800).fault(fault);
        world.expect(&server, what, &forged, 401).await?;
    }
    world
        .expect(&server, "another amount", &world.paid("CHEAP", 1), 500)
        .await?;
    world
        .expect(&server, "an unknown order", &world.paid("UNKNOWN", 1), 500)
        .await?;

    let paid = world.paid("SIXTEEN", 2800);
    let mut sending = JoinSet::new();
    for _ in 0..16 {
        let (signed, url) = (paid.sign()?, server.url.clone());
        sending.spawn(async move { signed.send(&url).await });
    }
    let statuses: Vec<_> = sending.join_all().await.into_iter().collect::<std::io::Result<_>>()?;
    let taken = statuses.iter().filter(|response| response.status == 204).count();
    println!("sixteen concurrent duplicates: {taken} got 204");
    if taken != 16 {
        return Err("all sixteen should have been taken".into());
    }

    world
        .expect(&server, "a refund", &world.refunded("BACKWARDS"), 204)
        .await?;
    world
        .expect(
            &server,
            "and after it, its payment",
            &world.paid("BACKWARDS", 2800),
            204,
        )
        .await?;
    server.stop().await?;

    for (order, place) in [("EARLY-CRASH", "before the commit"), ("LATE-CRASH", "after the commit")] {
        let paid = world.paid(order, 2800);
        let server = world.start(place).await?;
        match paid.send(&server.url).await {
            Err(_) => println!("a crash {place}: no response"),
            Ok(response) => {
                return Err(format!("the server should have crashed but returned {}", response.status).into());
            }
        }
        server.stop().await?;
        let server = world.start("").await?;
        world.expect(&server, "the retry after a restart", &paid, 204).await?;
        server.stop().await?;
    }

    println!("\nWhat is in the database:");
    let store = Store::open(database)?;
    for (out_trade_no, deliveries, refunded) in [
        ("GENUINE", 1, 0),
        ("FORGED", 0, 0),
        ("SIXTEEN", 1, 0),
        ("BACKWARDS", 1, 2800),
        ("CHEAP", 0, 0),
        ("EARLY-CRASH", 1, 0),
        ("LATE-CRASH", 1, 0),
    ] {
        let order = store.order(out_trade_no)?;
        let state = if order.transaction_id.is_some() { "paid" } else { "open" };
        println!(
            "  {out_trade_no:<12} {state}, delivered {} times, {} fen refunded",
            order.deliveries, order.refunded
        );
        if (order.deliveries, order.refunded) != (deliveries, refunded) {
            return Err(format!("{out_trade_no} should be delivered {deliveries} times").into());
        }
    }
    match store.handled()? {
        6 => Ok(()),
        other => Err(format!("6 notifications should have been handled, not {other}").into()),
    }
}

/// WeChat Pay in a box, and where the server keeps its orders.
struct World {
    gateway: Gateway,
    database: PathBuf,
}

/// The server in a separate process. It is killed when it is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    async fn stop(mut self) -> Result {
        Ok(self.process.kill().await?)
    }
}

impl World {
    /// Starts this program as a server that will crash in the named place, or nowhere.
    async fn start(&self, crash: &str) -> Result<Server> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(&self.database)
            .arg("127.0.0.1:0")
            .env("WECHATPAY_MCHID", self.gateway.mchid())
            .env("WECHATPAY_SERIAL_NO", self.gateway.serial_no())
            .env("WECHATPAY_PRIVATE_KEY", self.gateway.merchant_private_key_pem())
            .env("WECHATPAY_PUBLIC_KEY_ID", self.gateway.public_key_id())
            .env("WECHATPAY_PUBLIC_KEY", self.gateway.public_key_pem())
            .env("WECHATPAY_API_V3_KEY", self.gateway.api_v3_key())
            .env("WECHATPAY_BASE_URL", self.gateway.url())
            .env("CRASH", crash)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let url = BufReader::new(output).lines().next_line().await?;
        let url = url.ok_or("the server ended before it listened")?;
        Ok(Server { process, url })
    }

    fn paid(&self, out_trade_no: &str, total: i64) -> Sent {
        self.notification(
            "TRANSACTION.SUCCESS",
            json!({
                "mchid": self.gateway.mchid(),
                "appid": APPID,
                "out_trade_no": out_trade_no,
                "transaction_id": format!("4200000{out_trade_no}"),
                "trade_state": "SUCCESS",
                "amount": { "total": total, "payer_total": total, "currency": "CNY" },
            }),
        )
    }

    fn refunded(&self, out_trade_no: &str) -> Sent {
        self.notification(
            "REFUND.SUCCESS",
            json!({
                "mchid": self.gateway.mchid(),
                "out_trade_no": out_trade_no,
                "out_refund_no": format!("{out_trade_no}-R"),
                "refund_status": "SUCCESS",
                "amount": { "total": 2800, "refund": 2800 },
            }),
        )
    }

    fn notification(&self, event_type: &str, resource: Value) -> Sent {
        self.gateway.notification(event_type, resource)
    }

    async fn expect(&self, server: &Server, what: &str, notification: &Sent, status: u16) -> Result {
        let response = notification.send(&server.url).await?;
        println!("{what}: got {}", response.status);
        if response.status != status {
            return Err(format!("{what} should get {status}").into());
        }
        Ok(())
    }
}
