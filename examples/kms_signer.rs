//! A key that never leaves its vault: signing (签名) in another task, as with a KMS or an HSM.
//!
//! The client has no private key (商户API私钥). It sends what is to be signed over a channel and gets the signature
//! back. The vault sees every request before it is signed, so it can apply rules: this one counts, and signs
//! no transfer (商家转账).
//!
//! ```text
//! cargo run --example kms_signer
//! ```

use serde_json::json;
use std::{error::Error, future::Future, pin::Pin};
use tokio::sync::{mpsc, oneshot};
use wechatpay_core::{
    Client, Error as WechatpayError, ErrorKind, Method, Outcome, PrivateKey, PublicKey, Signer, signer::SignError,
};
use wechatpay_gateway::Gateway;

/// The client's side: whom to ask for signatures.
#[derive(Clone)]
struct Vault(mpsc::Sender<Job>);

/// One signature, please.
struct Job {
    message: Vec<u8>,
    response: oneshot::Sender<Result<Vec<u8>, String>>,
}

impl Signer for Vault {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        Box::pin(async move {
            let (response, signature) = oneshot::channel();
            let job = Job {
                message: message.to_vec(),
                response,
            };
            // A vault over the network needs a timeout here. The deadline of the call includes it.
            self.0
                .send(job)
                .await
                .map_err(|_| SignError::new("the vault is closed"))?;
            let signature = signature
                .await
                .map_err(|_| SignError::new("the vault closed without a response"))?;
            signature.map_err(SignError::new)
        })
    }
}

/// The key service, which alone has the key. It ends with the last client, or when it is told to stop.
async fn keep_the_key(key: PrivateKey, mut jobs: mpsc::Receiver<Job>, close: oneshot::Receiver<()>) -> usize {
    let mut signed = 0;
    let work = async {
        while let Some(job) = jobs.recv().await {
            let response = if is_transfer(&job.message) {
                Err("the vault's rules: no transfers".to_owned())
            } else {
                signed += 1;
                key.sign(&job.message).map_err(|error| error.to_string())
            };
            // The caller may have cancelled meanwhile.
            let _ = job.response.send(response);
        }
    };
    tokio::select! {
        () = work => {}
        _ = close => {}
    }
    signed
}

/// What is signed are five lines: method, path and query, time, nonce, body.
fn is_transfer(message: &[u8]) -> bool {
    let mut lines = message.split(|byte| *byte == b'\n');
    lines
        .nth(1)
        .is_some_and(|target| target.starts_with(b"/v3/fund-app/mch-transfer/"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let (vault, jobs) = mpsc::channel(16);
    let (close, closed) = oneshot::channel();
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
    let keeper = tokio::spawn(keep_the_key(key, jobs, closed));

    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), Vault(vault))
        .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
        .base_url(gateway.url())
        .build()?;

    for number in 1..=3 {
        let order = json!({ "out_trade_no": format!("A{number}"), "amount": { "total": 100 } });
        let call = client.request(Method::POST, "/v3/pay/transactions/native").json(&order);
        println!("A{number}: {}", call.send().await?["code_url"]);
    }

    let transfer = json!({ "out_bill_no": "B1", "transfer_amount": 100 });
    let call = client
        .request(Method::POST, "/v3/fund-app/mch-transfer/transfer-bills")
        .json(&transfer);
    unsigned("A transfer", call.send().await)?;

    close.send(()).map_err(|()| "the vault closed too early")?;
    let signed = keeper.await?;
    println!("The vault made {signed} signatures, and closes.");

    let order = json!({ "out_trade_no": "A4", "amount": { "total": 100 } });
    let call = client.request(Method::POST, "/v3/pay/transactions/native").json(&order);
    unsigned("An order without the vault", call.send().await)?;

    if (signed, gateway.received()) != (3, 3) {
        return Err("three requests should have been signed and sent".into());
    }
    println!("The gateway received three requests: what is not signed is not sent.");
    Ok(())
}

/// No signature, so nothing was sent and nothing happened: the error proves it.
fn unsigned<T>(what: &str, result: Result<T, WechatpayError>) -> Result<(), Box<dyn Error>> {
    match result {
        Err(error) if (error.outcome(), error.kind()) == (Outcome::Local, ErrorKind::Signing) => {
            let cause = error
                .source()
                .and_then(|signer| signer.source())
                .map(ToString::to_string);
            println!("{what}: {error}\n  because: {}", cause.unwrap_or_default());
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(format!("{what} was signed").into()),
    }
}

/// WeChat Pay in a box.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on(Method::POST, "/v3/pay/transactions/native", |request| {
        let number = request.json()["out_trade_no"].as_str().unwrap_or("?");
        json!({ "code_url": format!("weixin://wxpay/bizpayurl?pr={number}") })
    });
    gateway.on(
        Method::POST,
        "/v3/fund-app/mch-transfer/transfer-bills",
        |_| json!({ "transfer_bill_no": "never" }),
    );
    Ok(gateway)
}
