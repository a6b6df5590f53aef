//! 国密: real-name pre-signing of an entrusted payment from a mini program (小程序场景预签约) with SM2, SM3 and SM4, and what went
//! over the wire. Once with async and once without.
//!
//! ```text
//! cargo run --example shangmi
//! ```

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use wechatpay_core::{Client, Method, Sensitive, blocking, crypto::Suite, wechatpay_endpoint};
use wechatpay_gateway::{Gateway, PlatformMode, ReceivedRequest};

const PATH: &str = "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program";

/// The same declaration as with RSA.
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
    pub cred_type: String,
    pub cred_id: String,
}

#[derive(Debug, Deserialize)]
pub struct PreEntrustSign {
    pub pre_entrustweb_id: String,
}

/// What a notification about it holds.
#[derive(Debug, Deserialize)]
pub struct Signed {
    pub out_contract_code: String,
    pub real_name: Sensitive,
}

fn request(out_contract_code: &str) -> MiniProgramPreEntrustSign {
    MiniProgramPreEntrustSign {
        appid: "wxd678efh567hg6787".into(),
        out_contract_code: out_contract_code.into(),
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        real_name: "张三".into(),
        cred_type: "ID_CARD".into(),
        cred_id: "110101199003077758".into(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    // The gateway's merchant has an SM2 key, so its client has this suite. In your program the client takes it from the merchant's key too:
    // `Client::builder().merchant(mchid, serial_no, PrivateKey::from_pem(sm2_pem)?)`.
    let client: Client = gateway.client()?;

    let runtime = tokio::runtime::Runtime::new()?;
    let signed = runtime.block_on(request("SIGN20261123000001").send(&client))?;
    println!("With async: pre_entrustweb_id = {}", signed.pre_entrustweb_id);
    for received in gateway.requests() {
        show(&received);
    }
    runtime.block_on(show_notification(&gateway, &client))?;

    let client = blocking::Client::new(client)?;
    let signed = request("SIGN20261123000002").send(&client)?;
    println!("Without async: pre_entrustweb_id = {}", signed.pre_entrustweb_id);

    let error = client
        .jsapi_payment_parameters("wxd678efh567hg6787", "wx1")
        .unwrap_err();
    println!("A payment is not started with SM2:\n  {error}");
    Ok(())
}

/// WeChat Pay in a box, with platform certificates of SM2.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::builder()
        .suite(Suite::Shangmi)
        .mode(PlatformMode::Certificates)
        .start()?;
    gateway.on(Method::POST, PATH, |request| {
        let code = request.json()["out_contract_code"].as_str().unwrap_or_default();
        json!({ "pre_entrustweb_id": format!("PRE-{code}") })
    });
    Ok(gateway)
}

fn show(received: &ReceivedRequest) {
    println!("\n  {} {}", received.method(), received.target());
    for name in ["Authorization", "Wechatpay-Serial"] {
        println!("  {name}: {}", received.header(name).unwrap_or("(none)"));
    }
    println!("  {}", String::from_utf8_lossy(received.body()));
    for field in received.encrypted_fields() {
        println!(
            "  decrypted by the gateway: {field} = {}",
            received.plaintext(field).unwrap_or_default()
        );
    }
}

/// A notification comes back: signed with SM2, encrypted with SM4.
async fn show_notification(gateway: &Gateway, client: &Client) -> Result<(), Box<dyn Error>> {
    let resource = json!({
        "mchid": gateway.mchid(),
        "out_contract_code": "SIGN20261123000001",
        "real_name": gateway.encrypt("张三"),
    });
    let posted = gateway.notification("CONTRACT.SIGNED", resource).sign()?;
    println!("\nA notification:");
    for name in ["Wechatpay-Signature-Type", "Wechatpay-Serial", "Wechatpay-Signature"] {
        println!("  {name}: {}", posted.headers()[name].to_str()?);
    }
    println!("{}", String::from_utf8_lossy(posted.body()));
    let notification = client
        .notifications()
        .receive::<Signed>(posted.headers(), posted.body())
        .await?;
    println!("  decrypted: {:?}\n", notification.payload);
    Ok(())
}
