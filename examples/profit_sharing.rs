//! Profit sharing (分账): a share of an order for another receiver.
//!
//! The order was placed with `settle_info.profit_sharing = true`, so its money is frozen until it is shared. First the
//! receiver (分账接收方) is made known, then shares are asked for, and when all are done the rest is freed (解冻剩余资金).
//! The receiver's name is a secret inside a list: `Sensitive` encrypts it there too.
//!
//! ```text
//! cargo run --example profit_sharing
//! ```

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{error::Error, time::Duration};
use wechatpay_core::{
    Client, Error as WechatpayError, Method, Sensitive, notification::payload::ReceiverType, wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, GatewayResponse};

const APPID: &str = "wxd678efh567hg6787";
const TRANSACTION_ID: &str = "4208450740201411110007820472";

/// Makes a receiver known (添加分账接收方). Adding one again changes nothing.
// The account itself lets the service recognise a retry. wechatpay: allow(needless-idempotent)
#[wechatpay_endpoint(
    POST, "/v3/profitsharing/receivers/add",
    encrypt(name),
    idempotent,
    response = Value,
)]
pub struct AddReceiver {
    pub appid: String,
    pub r#type: ReceiverType,
    pub account: String,
    pub name: Option<String>,
    /// What the receiver is to the merchant (与分账方的关系类型).
    pub relation_type: &'static str,
}

/// Asks for shares (请求分账).
#[wechatpay_endpoint(POST, "/v3/profitsharing/orders", idempotent, response = Sharing)]
pub struct Share {
    pub appid: String,
    pub transaction_id: String,
    pub out_order_no: String,
    pub receivers: Vec<Receiver>,
    /// Whether the rest is unfrozen, so that nothing more can be shared (是否解冻剩余未分资金).
    pub unfreeze_unsplit: bool,
}

#[derive(Debug, Serialize)]
pub struct Receiver {
    pub r#type: ReceiverType,
    pub account: String,
    pub name: Option<Sensitive>,
    /// In fen (分).
    pub amount: i64,
    pub description: String,
}

/// Queries the state of the shares (查询分账结果).
#[wechatpay_endpoint(GET, "/v3/profitsharing/orders/{out_order_no}", response = Sharing)]
pub struct QuerySharing {
    pub out_order_no: String,
    pub transaction_id: String,
}

/// Frees what was not shared (解冻剩余资金).
#[wechatpay_endpoint(POST, "/v3/profitsharing/orders/unfreeze", idempotent, response = Sharing)]
pub struct Unfreeze {
    pub transaction_id: String,
    pub out_order_no: String,
    pub description: String,
}

/// Asks what is left to be shared (查询剩余待分金额).
#[wechatpay_endpoint(GET, "/v3/profitsharing/transactions/{transaction_id}/amounts", response = Remaining)]
pub struct QueryRemaining {
    pub transaction_id: String,
}

#[derive(Debug, Deserialize)]
pub struct Remaining {
    pub unsplit_amount: i64,
}

#[derive(Debug, Deserialize)]
pub struct Sharing {
    pub out_order_no: String,
    pub state: SharingState,
    #[serde(default)]
    pub receivers: Vec<SharingResult>,
}

wechatpay_core::open_enum! {
    /// The state of the whole (分账单状态).
    pub enum SharingState {
        Processing = "PROCESSING",
        Finished = "FINISHED",
    }
}

/// The result of one share. `FINISHED` above means that all shares are decided, not that all were paid.
#[derive(Debug, Deserialize)]
pub struct SharingResult {
    pub account: String,
    pub amount: i64,
    pub result: ShareResult,
    pub fail_reason: Option<String>,
}

wechatpay_core::open_enum! {
    /// 分账结果.
    pub enum ShareResult {
        Pending = "PENDING",
        Success = "SUCCESS",
        Closed = "CLOSED",
    }
}

/// Waits until every share is decided. Patience has an end: the next run of a daily job would look again.
async fn decided(client: &Client, sharing: Sharing) -> Result<Sharing, WechatpayError> {
    let query = QuerySharing {
        out_order_no: sharing.out_order_no.clone(),
        transaction_id: TRANSACTION_ID.into(),
    };
    let mut sharing = sharing;
    for _ in 0..5 {
        if sharing.state == SharingState::Finished {
            break;
        }
        println!("  {}: {:?}", sharing.out_order_no, sharing.state);
        // A program waits for seconds, or for the notification.
        tokio::time::sleep(Duration::from_millis(20)).await;
        sharing = query.send(client).await?;
    }
    Ok(sharing)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let client = gateway.client()?;

    let add = AddReceiver {
        appid: APPID.into(),
        r#type: ReceiverType::PersonalOpenid,
        account: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        name: Some("李四".into()),
        relation_type: "DISTRIBUTOR",
    };
    add.send(&client).await?;
    println!("{} may receive shares now.", add.account);

    let share = Share {
        appid: APPID.into(),
        transaction_id: TRANSACTION_ID.into(),
        out_order_no: "SHARE-1".into(),
        receivers: vec![
            Receiver {
                r#type: ReceiverType::MerchantId,
                account: "1900000109".into(),
                name: None,
                amount: 1000,
                description: "平台服务费".into(),
            },
            Receiver {
                r#type: ReceiverType::PersonalOpenid,
                account: add.account,
                name: Some(Sensitive::new("李四")),
                amount: 500,
                description: "分给分销员李四".into(),
            },
        ],
        unfreeze_unsplit: false,
    };
    println!("Sharing 10.00 and 5.00 yuan of an order of 100.00 yuan:");
    let sharing = share.send(&client).await?;
    let request = gateway.last_request().ok_or("the gateway received nothing")?;
    if request.encrypted_fields().collect::<Vec<_>>() != ["receivers[1].name"] {
        return Err("the receiver's name should be what was encrypted".into());
    }

    let sharing = decided(&client, sharing).await?;
    for share in &sharing.receivers {
        let why = share.fail_reason.as_deref().unwrap_or("");
        println!("  {} fen for {}: {:?} {why}", share.amount, share.account, share.result);
    }
    if sharing
        .receivers
        .iter()
        .any(|share| share.result != ShareResult::Success)
    {
        return Err("a share was not paid".into());
    }

    let remaining = || async {
        let query = QueryRemaining {
            transaction_id: TRANSACTION_ID.into(),
        };
        query.send(&client).await.map(|remaining| remaining.unsplit_amount)
    };
    println!("Left to be shared: {} fen.", remaining().await?);
    let unfreeze = Unfreeze {
        transaction_id: TRANSACTION_ID.into(),
        out_order_no: "SHARE-1-REST".into(),
        description: "解冻全部剩余资金".into(),
    };
    decided(&client, unfreeze.send(&client).await?).await?;
    match remaining().await? {
        0 => println!("The rest is freed; it is the merchant's."),
        left => return Err(format!("{left} fen are still frozen").into()),
    }
    Ok(())
}

/// WeChat Pay in a box: an order of 100.00 yuan. Shares are pending at first and paid when they are asked about.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    fn results(receivers: &Value, result: &str) -> Vec<Value> {
        let receivers = receivers.as_array().map(Vec::as_slice).unwrap_or_default();
        let of = |receiver: &Value| json!({ "account": receiver["account"], "amount": receiver["amount"], "result": result });
        receivers.iter().map(of).collect()
    }

    let gateway = Gateway::start()?;
    gateway.on(
        Method::POST,
        "/v3/profitsharing/receivers/add",
        |request| json!({ "type": request.json()["type"], "account": request.json()["account"] }),
    );
    gateway.on_order(Method::POST, "/v3/profitsharing/orders", "out_order_no", |request| {
        json!({
            "transaction_id": request.json()["transaction_id"],
            "out_order_no": request.json()["out_order_no"],
            "state": "PROCESSING",
            "receivers": results(&request.json()["receivers"], "PENDING"),
        })
    });
    gateway.on_order(
        Method::POST,
        "/v3/profitsharing/orders/unfreeze",
        "out_order_no",
        |request| {
            json!({
                "transaction_id": request.json()["transaction_id"],
                "out_order_no": request.json()["out_order_no"],
                "state": "FINISHED",
            })
        },
    );
    let ledger = gateway.ledger();
    gateway.on(
        Method::GET,
        "/v3/profitsharing/orders/{out_order_no}",
        move |request| match ledger.find(request.path("out_order_no")) {
            Some(row) => GatewayResponse::json(
                200,
                &json!({
                    "transaction_id": row.parameters["transaction_id"],
                    "out_order_no": row.number,
                    "state": "FINISHED",
                    "receivers": results(&row.parameters["receivers"], "SUCCESS"),
                }),
            ),
            None => GatewayResponse::error(404, "RESOURCE_NOT_EXISTS", "分账单不存在"),
        },
    );
    let ledger = gateway.ledger();
    gateway.on(
        Method::GET,
        "/v3/profitsharing/transactions/{transaction_id}/amounts",
        move |request| {
            let rows = ledger.rows();
            let freed = rows.iter().any(|row| row.operation.ends_with("/unfreeze"));
            let shared: i64 = rows
                .iter()
                .flat_map(|row| row.parameters["receivers"].as_array().cloned().unwrap_or_default())
                .filter_map(|receiver| receiver["amount"].as_i64())
                .sum();
            json!({
                "transaction_id": request.path("transaction_id"),
                "unsplit_amount": if freed { 0 } else { 10_000 - shared },
            })
        },
    );
    Ok(gateway)
}
