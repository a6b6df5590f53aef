//! A gateway for programs in other languages. `tests/peers/run` starts it.
//!
//! ```text
//! peer_gateway --mode public-key|certificates|mixed
//! ```
//!
//! The first line on the standard output is the configuration as JSON: address, merchant, keys. Each line on the
//! standard input is a command as JSON. `{"notify": "http://127.0.0.1:8080/", "forged": false}` sends a notification of
//! a paid order and prints `{"status": 204}`. The program ends at the end of the input.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    env,
    error::Error,
    io::{self, BufRead as _, Write as _},
};
use wechatpay_core::Method;
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, Notification, PlatformMode, ReceivedRequest};

#[derive(Deserialize)]
struct Command {
    notify: String,
    #[serde(default)]
    forged: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mode = match (arguments.next().as_deref(), arguments.next().as_deref()) {
        (Some("--mode"), Some("public-key")) => PlatformMode::PublicKey,
        (Some("--mode"), Some("certificates")) => PlatformMode::Certificates,
        (Some("--mode"), Some("mixed")) => PlatformMode::Mixed,
        _ => return Err("usage: peer_gateway --mode public-key|certificates|mixed".into()),
    };
    let gateway = Gateway::builder().mode(mode).start()?;
    operations(&gateway);
    print(&configuration(&gateway, mode))?;
    for line in io::stdin().lock().lines() {
        let command: Command = serde_json::from_str(&line?)?;
        let notification = paid(&gateway, command.forged);
        let response = notification.send_blocking(&command.notify)?;
        print(&json!({ "status": response.status.as_u16() }))?;
    }
    Ok(())
}

fn print(line: &Value) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

fn configuration(gateway: &Gateway, mode: PlatformMode) -> Value {
    let mut configuration = json!({
        "url": gateway.url(),
        "mchid": gateway.mchid(),
        "serial_no": gateway.serial_no(),
        "private_key": gateway.merchant_private_key_pem(),
        "api_v3_key": gateway.api_v3_key(),
    });
    if mode != PlatformMode::Certificates {
        configuration["public_key_id"] = gateway.public_key_id().into();
        configuration["public_key"] = gateway.public_key_pem().into();
    }
    configuration
}

/// The operations that the peers call. The responses show what the gateway received.
fn operations(gateway: &Gateway) {
    gateway.on(Method::POST, "/v3/pay/transactions/native", |request| {
        json!({ "code_url": format!("weixin://wxpay/bizpayurl?pr={}", text(&request.json()["out_trade_no"])) })
    });
    gateway.on(Method::POST, "/v3/profitsharing/receivers/add", receiver_added);
    gateway.on(Method::POST, "/v3/merchant/media/upload", uploaded);
}

/// Returns the name encrypted for the merchant.
fn receiver_added(request: &ReceivedRequest) -> GatewayResponse {
    let mut response = request.json().clone();
    let name = request.plaintext("name").map(|name| request.encrypt(name));
    response["name"] = name.into();
    response.into()
}

/// The media id is the digest of the file.
fn uploaded(request: &ReceivedRequest) -> GatewayResponse {
    let Some(file) = request.part("file") else {
        return GatewayResponse::error(400, "PARAM_ERROR", "the part `file` is missing");
    };
    let digest = format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(file.bytes())));
    if digest != text(&request.json()["sha256"]) {
        return GatewayResponse::error(400, "PARAM_ERROR", "the digest in `meta` does not match the file");
    }
    json!({ "media_id": digest }).into()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn paid(gateway: &Gateway, forged: bool) -> Notification {
    let transaction = json!({
        "mchid": gateway.mchid(),
        "appid": "wxd678efh567hg6787",
        "out_trade_no": "P-1",
        "transaction_id": "1217752501201407033233368018",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "amount": { "total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY" },
    });
    let notification = gateway
        .notification("TRANSACTION.SUCCESS", transaction)
        .summary("支付成功");
    if forged {
        notification.fault(Fault::WrongKey)
    } else {
        notification
    }
}
