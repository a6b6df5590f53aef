//! Several merchants (商户) in one program: a client for each, one pool of connections, one URL for notifications, and no
//! globals.
//!
//! A client belongs to one merchant number (商户号, `mchid`), with its own keys. Clients are cheap, and they share the
//! connections of one `HttpTransport`. Here each merchant has its own gateway; with WeChat Pay all requests go to one host.
//!
//! ```text
//! cargo run --example several_merchants
//! ```

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;
use tokio::task::JoinSet;
use wechatpay_core::{
    Error as WechatpayError, Method, client::Clients, notification::payload::Transaction, transport::HttpTransport,
    wechatpay_endpoint,
};
use wechatpay_gateway::Gateway;

/// Places an order that is paid by scanning a code (Native下单).
#[wechatpay_endpoint(POST, "/v3/pay/transactions/native", idempotent, response = Code)]
pub struct NativeOrder {
    pub appid: String,
    pub mchid: String,
    pub description: String,
    pub out_trade_no: String,
    pub notify_url: String,
    pub amount: Amount,
}

#[derive(Debug, Serialize)]
pub struct Amount {
    pub total: i64,
}

#[derive(Debug, Deserialize)]
pub struct Code {
    pub code_url: String,
}

/// The merchant whose order it is signs: the number in the body is that of the client.
async fn order(clients: &Clients, mchid: &str, out_trade_no: &str) -> Result<Code, Box<dyn Error + Send + Sync>> {
    let client = clients
        .get(mchid)
        .ok_or_else(|| format!("{mchid} is not one of ours"))?;
    let order = NativeOrder {
        appid: "wxd678efh567hg6787".into(),
        mchid: client.mchid().into(),
        description: "一杯咖啡".into(),
        out_trade_no: out_trade_no.into(),
        notify_url: "https://shop.example/wechatpay/notify".into(),
        amount: Amount { total: 2800 },
    };
    Ok(order.send(&client).await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateways = ["1900000100", "1900000200", "1900000300"].map(start_gateway);
    let gateways: Vec<Gateway> = gateways.into_iter().collect::<Result<_, _>>()?;

    let transport = HttpTransport::new()?;
    let clients = Clients::new();
    for gateway in &gateways {
        // Use `Client::builder()` in a program. The gateway's builder has its keys and address in place.
        clients.add(gateway.client_builder().transport(transport.clone()).build()?);
    }

    // All at once, from many tasks.
    let mut tasks = JoinSet::new();
    for number in 0..12 {
        let clients = clients.clone();
        tasks.spawn(async move {
            let mchid = format!("1900000{}00", number % 3 + 1);
            let code = order(&clients, &mchid, &format!("{mchid}-{number}")).await?;
            Ok::<_, Box<dyn Error + Send + Sync>>(code.code_url)
        });
    }
    while let Some(code_url) = tasks.join_next().await {
        println!("{}", code_url?.map_err(|error| error.to_string())?);
    }

    for gateway in &gateways {
        let rows = gateway.ledger().rows();
        let own = rows
            .iter()
            .filter(|row| row.parameters["mchid"] == gateway.mchid())
            .count();
        println!("{}: {own} of {} orders are its own", gateway.mchid(), rows.len());
        if (own, rows.len()) != (4, 4) {
            return Err("orders went to the wrong merchant".into());
        }
    }

    // One URL receives the notifications (回调通知) of all merchants.
    let receiver = clients.notifications();
    for gateway in &gateways {
        let paid = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
        let signed = gateway.notification("TRANSACTION.SUCCESS", paid).sign()?;
        let notification = receiver.receive::<Transaction>(signed.headers(), signed.body()).await?;
        println!("{}: {} is paid", notification.mchid, notification.payload.out_trade_no);
        if notification.mchid != gateway.mchid() {
            return Err("a notification went to the wrong merchant".into());
        }
    }

    mixed_up(&gateways, &clients).await
}

/// What happens when merchants are mixed up: it is refused, never taken for another merchant's.
async fn mixed_up(gateways: &[Gateway], clients: &Clients) -> Result<(), Box<dyn Error>> {
    let [first, second, ..] = gateways else {
        return Err("there should be several gateways".into());
    };

    // A client that signs for the first merchant and is sent to where only the second is known.
    let lost = first.client_builder().base_url(second.url()).build()?;
    let error: WechatpayError = match lost.request(Method::POST, "/v3/pay/transactions/native").send().await {
        Err(error) => error,
        Ok(_) => return Err("a request for another merchant was accepted".into()),
    };
    println!("\nA request in the wrong name: {error}");

    // A notification for a merchant that was removed.
    let paid = json!({ "mchid": first.mchid(), "out_trade_no": "1900000100-0", "trade_state": "SUCCESS" });
    let signed = first.notification("TRANSACTION.SUCCESS", paid).sign()?;
    clients.remove(first.mchid());
    match clients
        .notifications()
        .receive::<Transaction>(signed.headers(), signed.body())
        .await
    {
        Err(error) => println!("A notification about another merchant: {error}"),
        Ok(_) => return Err("a notification about another merchant was accepted".into()),
    }
    Ok(())
}

/// WeChat Pay in a box, for one merchant.
fn start_gateway(mchid: &str) -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::builder().mchid(mchid).start()?;
    gateway.on_order(Method::POST, "/v3/pay/transactions/native", "out_trade_no", |request| {
        let number = request.json()["out_trade_no"].as_str().unwrap_or("?");
        json!({ "code_url": format!("weixin://wxpay/bizpayurl?pr={number}") })
    });
    Ok(gateway)
}
