//! A transfer to a user (商家转账), with the user's name encrypted (敏感信息加密), so that it is paid once whatever
//! happens on the way.
//!
//! An error whose outcome is `Unknown` may hide a transfer that was made. `transfer_once` below does what is to be done
//! then: ask by the shop's own number (商户单号, `out_bill_no`) first, and send again only the same number with the same
//! parameters. A new number for the same intent would pay twice.
//!
//! ```text
//! cargo run --example transfer
//! ```

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{error::Error, time::Duration};
use wechatpay_core::{
    Client, Error as WechatpayError, Method, Outcome, RetryPolicy,
    notification::payload::{TransferBill, TransferBillState},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};

const TRANSFERS: &str = "/v3/fund-app/mch-transfer/transfer-bills";

/// Starts a transfer (发起转账). `idempotent`: the service recognises a retry by `out_bill_no`, so the client may retry.
#[wechatpay_endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills",
    encrypt(user_name),
    idempotent,
    response = TransferAccepted,
)]
pub struct Transfer {
    pub appid: String,
    pub out_bill_no: String,
    /// What the money is for (转账场景ID), from the merchant platform.
    pub transfer_scene_id: String,
    pub openid: String,
    /// The user's real name (收款用户姓名); needed from 2,000 yuan on.
    pub user_name: Option<String>,
    /// In fen (分).
    pub transfer_amount: i64,
    pub transfer_remark: String,
    pub notify_url: Option<String>,
    pub transfer_scene_report_infos: Vec<SceneReport>,
}

/// What the scene has to be explained by (转账场景报备信息).
#[derive(Debug, Serialize)]
pub struct SceneReport {
    pub info_type: &'static str,
    pub info_content: &'static str,
}

#[derive(Debug, Deserialize)]
pub struct TransferAccepted {
    pub transfer_bill_no: String,
    pub state: TransferBillState,
    /// What the mini program hands to `wx.requestMerchantTransfer`, while the user has to confirm.
    pub package_info: Option<String>,
}

/// Asks for a transfer by the shop's number (商户单号查询转账单).
#[wechatpay_endpoint(
    GET, "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
    response = TransferBill,
)]
pub struct QueryTransfer {
    pub out_bill_no: String,
}

/// Makes a transfer, and in doubt finds out before it tries again.
async fn transfer_once(client: &Client, transfer: &Transfer) -> Result<TransferBillState, WechatpayError> {
    let doubt = match transfer.send(client).await {
        Ok(accepted) => return Ok(accepted.state),
        Err(error) if error.outcome() == Outcome::Unknown => error,
        // Local, NotSent, Rejected: it was certainly not made.
        Err(error) => return Err(error),
    };
    println!("  in doubt: {doubt}");

    let query = QueryTransfer {
        out_bill_no: transfer.out_bill_no.clone(),
    };
    match query.send(client).await {
        Ok(bill) => {
            println!("  the query found the transfer");
            Ok(bill.state)
        }
        Err(error) if error.outcome() == Outcome::Rejected && error.code() == Some("NOT_FOUND") => {
            // It may still be on its way to the service. The same number with the same parameters is safe even then.
            println!("  the query found no transfer; sending the same transfer again");
            transfer.send(client).await.map(|accepted| accepted.state)
        }
        Err(error) => Err(error),
    }
}

fn transfer(out_bill_no: &str) -> Transfer {
    Transfer {
        appid: "wxd678efh567hg6787".into(),
        out_bill_no: out_bill_no.into(),
        transfer_scene_id: "1000".into(),
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        user_name: Some("张三".into()),
        transfer_amount: 400_000,
        transfer_remark: "新会员开通有礼".into(),
        notify_url: None,
        transfer_scene_report_infos: vec![
            SceneReport {
                info_type: "活动名称",
                info_content: "新会员有礼",
            },
            SceneReport {
                info_type: "奖励说明",
                info_content: "注册会员抽奖一等奖",
            },
        ],
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    // Quick pauses, so that the example is short; a program keeps the default.
    let pauses = RetryPolicy::default().backoff(Duration::from_millis(10), Duration::from_millis(50));
    let client = gateway.client_builder().retry(pauses).build()?;

    println!("1. On a good day:");
    report(&gateway, "A1", transfer_once(&client, &transfer("A1")).await?)?;
    let request = gateway.last_request().ok_or("the gateway received nothing")?;
    if !request.is_encrypted("user_name") {
        return Err("the name went over the wire in the clear".into());
    }

    println!("2. Made, and the response is lost; the client retries with the same bytes:");
    gateway.misbehave_at(TRANSFERS, Fault::Reset { committed: true });
    report(&gateway, "A2", transfer_once(&client, &transfer("A2")).await?)?;
    let bodies: Vec<_> = gateway
        .requests_to(TRANSFERS)
        .iter()
        .rev()
        .take(2)
        .map(|r| r.body().clone())
        .collect();
    if bodies.first() != bodies.last() {
        return Err("a retry had other bytes".into());
    }

    println!("3. Made, and every response is lost:");
    for _ in 0..3 {
        gateway.misbehave_at(TRANSFERS, Fault::CommitThenFail { status: 500 });
    }
    report(&gateway, "A3", transfer_once(&client, &transfer("A3")).await?)?;

    println!("4. Not made, and no response:");
    for _ in 0..3 {
        gateway.misbehave_at(TRANSFERS, Fault::Reset { committed: false });
    }
    report(&gateway, "A4", transfer_once(&client, &transfer("A4")).await?)?;

    println!("5. Refused by the service:");
    let mut too_much = transfer("A5");
    too_much.transfer_amount = 999_999_999;
    match transfer_once(&client, &too_much).await {
        Err(error) if error.outcome() == Outcome::Rejected => println!("  {error}"),
        other => return Err(format!("it should be refused: {other:?}").into()),
    }

    if gateway.ledger().len() != 4 {
        return Err("the ledger should have four transfers".into());
    }
    println!("\nThe ledger has four transfers, each made once.");
    Ok(())
}

fn report(gateway: &Gateway, out_bill_no: &str, state: TransferBillState) -> Result<(), Box<dyn Error>> {
    let row = gateway.ledger().find(out_bill_no).ok_or("the transfer was lost")?;
    if gateway.ledger().count(out_bill_no) != 1 || row.conflicts != 0 {
        return Err("the transfer was made twice, or with other parameters".into());
    }
    println!(
        "  {out_bill_no} is {state:?}; requests that were executed or recognised: {}",
        row.requests
    );
    Ok(())
}

/// WeChat Pay in a box.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on_order(Method::POST, TRANSFERS, "out_bill_no", |request| {
        let transfer = request.json();
        if transfer["transfer_amount"]
            .as_i64()
            .is_none_or(|amount| amount > 500_000)
        {
            return GatewayResponse::error(400, "INVALID_REQUEST", "单笔转账金额超限");
        }
        let number = transfer["out_bill_no"].as_str().unwrap_or("?");
        GatewayResponse::json(
            200,
            &json!({
                "out_bill_no": number,
                "transfer_bill_no": format!("1330000071100999991182020{number}"),
                "create_time": "2026-11-20T13:29:35.120+08:00",
                "state": "WAIT_USER_CONFIRM",
                "package_info": "affffddafdfafddffda==",
            }),
        )
    });
    let (ledger, mchid) = (gateway.ledger(), gateway.mchid().to_owned());
    gateway.on(
        Method::GET,
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
        move |request| match ledger.find(request.path("out_bill_no")) {
            Some(row) => GatewayResponse::json(
                200,
                &json!({
                    "mch_id": mchid,
                    "out_bill_no": row.number,
                    "state": "WAIT_USER_CONFIRM",
                    "transfer_amount": row.parameters["transfer_amount"],
                }),
            ),
            None => GatewayResponse::error(404, "NOT_FOUND", "记录不存在"),
        },
    );
    Ok(gateway)
}
