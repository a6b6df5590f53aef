//! Real-name pre-signing of an entrusted payment from a mini program (小程序场景预签约), from the declaration to the verified
//! response.
//!
//! With nothing configured it starts a gateway in this process and talks to it over HTTP. With the variables of
//! `Client::from_env` set (`WECHATPAY_MCHID`, ..) it talks to WeChat Pay.
//!
//! ```text
//! cargo run --example mini_program_pre_entrust
//! ```

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use wechatpay_core::{Client, Method, wechatpay_endpoint};
use wechatpay_gateway::Gateway;

/// The declaration: the documentation's table of fields, copied.
#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id),
    response = PreEntrustSign,
)]
pub struct MiniProgramPreEntrustSign {
    pub appid: String,
    pub out_contract_code: String,
    pub openid: String,
    pub real_name: String,
    pub cred_type: CredType,
    pub cred_id: String,
}

wechatpay_core::open_enum! {
    /// The kind of identity document. An unknown kind is kept.
    pub enum CredType {
        IdCard = "ID_CARD",
    }
}

#[derive(Debug, Deserialize)]
pub struct PreEntrustSign {
    pub pre_entrustweb_id: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, gateway) = if std::env::var_os("WECHATPAY_MCHID").is_some() {
        (Client::from_env()?, None)
    } else {
        let gateway = start_gateway()?;
        (gateway.client()?, Some(gateway))
    };

    let request = MiniProgramPreEntrustSign {
        appid: "wxd678efh567hg6787".into(),
        out_contract_code: "SIGN20261123000001".into(),
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        real_name: "张三".into(),
        cred_type: CredType::IdCard,
        cred_id: "110101199003077758".into(),
    };
    println!("The request, as Debug shows it:\n  {request:?}\n");

    let signed = request.send(&client).await?;

    if let Some(gateway) = gateway {
        show_what_was_sent(&gateway);
    }
    println!(
        "The response, after its signature was verified:\n  pre_entrustweb_id = {}",
        signed.pre_entrustweb_id
    );
    Ok(())
}

/// A gateway that verifies the signature, decrypts, and returns signed responses.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on(
        Method::POST,
        "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
        |request| {
            let code = request.json()["out_contract_code"].as_str().unwrap_or_default();
            json!({ "pre_entrustweb_id": format!("PRE-{code}") })
        },
    );
    Ok(gateway)
}

fn show_what_was_sent(gateway: &Gateway) {
    let Some(received) = gateway.last_request() else { return };
    println!(
        "The request as it went over the wire:\n  {} {}",
        received.method(),
        received.target()
    );
    println!(
        "  Wechatpay-Serial: {}",
        received.announced_serial().unwrap_or_default()
    );
    println!("  {}\n", String::from_utf8_lossy(received.body()));
    println!("The five lines that were signed:");
    for line in String::from_utf8_lossy(&received.signed_message()).lines() {
        match line.char_indices().nth(100) {
            Some((end, _)) => println!("  {}… ({} bytes)", &line[..end], line.len()),
            None => println!("  {line}"),
        }
    }
    println!("\nWhat the gateway decrypted:");
    for field in received.encrypted_fields() {
        println!("  {field} = {}", received.plaintext(field).unwrap_or_default());
    }
    println!();
}
