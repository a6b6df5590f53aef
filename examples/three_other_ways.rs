//! The operation of `mini_program_pre_entrust` in three other ways: blocking, by its path with ciphertexts made by
//! hand, and several at once.
//!
//! ```text
//! cargo run --example three_other_ways
//! ```

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use tokio::task::JoinSet;
use wechatpay_core::{Client, Method, blocking, wechatpay_endpoint};
use wechatpay_gateway::Gateway;

const PATH: &str = "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program";

#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id),
    response = PreEntrustSign,
)]
#[derive(Clone)]
pub struct MiniProgramPreEntrustSign {
    pub appid: String,
    pub out_contract_code: String,
    pub openid: String,
    pub real_name: String,
    pub cred_type: String,
    pub cred_id: String,
}

#[derive(Debug, Deserialize)]
pub struct PreEntrustSign {
    pub pre_entrustweb_id: String,
}

fn request(out_contract_code: String) -> MiniProgramPreEntrustSign {
    MiniProgramPreEntrustSign {
        appid: "wxd678efh567hg6787".into(),
        out_contract_code,
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        real_name: "张三".into(),
        cred_type: "ID_CARD".into(),
        cred_id: "110101199003077758".into(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on(Method::POST, PATH, |request| {
        json!({ "pre_entrustweb_id": format!("web-{}", request.json()["out_contract_code"].as_str().unwrap_or("?")) })
    });

    blocking(&blocking::Client::new(gateway.client()?)?)?;

    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(by_path(&gateway.client()?))?;
    runtime.block_on(several_at_once(&gateway.client()?))
}

/// The same `send`, and the result at once.
fn blocking(client: &blocking::Client) -> Result<(), Box<dyn Error>> {
    let signed = request("BLOCKING".into()).send(client)?;
    println!("blocking: {}", signed.pre_entrustweb_id);
    Ok(())
}

/// An operation without a declaration. `encrypt` and the `Wechatpay-Serial` header use the same key.
async fn by_path(client: &Client) -> Result<(), Box<dyn Error>> {
    let body = json!({
        "appid": "wxd678efh567hg6787",
        "out_contract_code": "BY-PATH",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "real_name": client.encrypt("张三")?,
        "cred_type": "ID_CARD",
        "cred_id": client.encrypt("110101199003077758")?,
    });
    let response = client.request(Method::POST, PATH).json(&body).send().await?;
    println!("by path: {}", response["pre_entrustweb_id"]);
    Ok(())
}

/// A client is cheap to clone and shares its connections.
async fn several_at_once(client: &Client) -> Result<(), Box<dyn Error>> {
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let client = client.clone();
        tasks.spawn(async move { request(format!("AT-ONCE-{number}")).send(&client).await });
    }
    while let Some(signed) = tasks.join_next().await {
        println!("at once: {}", signed??.pre_entrustweb_id);
    }
    Ok(())
}
