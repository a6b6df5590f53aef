//! The blocking client has the methods of the async client, and works wherever a thread may block.

#![cfg(feature = "blocking")]
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use wechatpay_core::{
    Client, Download, ErrorKind, Method, Outcome, PrivateKey, PublicKey, bill::AskTradeBill, blocking,
    notification::payload::Transaction,
};
use wechatpay_gateway::{Gateway, GatewayResponse};

fn gateway() -> Gateway {
    let gateway = Gateway::start().unwrap();
    gateway
        .on(
            Method::GET,
            "/v3/bill/tradebill",
            |_| json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" }),
        )
        .on(Method::GET, "/v3/billdownload/file", |_| {
            GatewayResponse::bytes("text/plain", "bill")
        })
        .on(
            Method::POST,
            "/v3/names",
            |request| json!({ "name": request.plaintext("name") }),
        );
    gateway
}

#[test]
fn u5_every_call_of_the_blocking_client_takes_one_question_mark() -> Result<(), Box<dyn std::error::Error>> {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client()?)?;
    assert_eq!(
        (client.mchid(), client.serial_no()),
        (gateway.mchid(), gateway.serial_no())
    );

    let ask = AskTradeBill::on("2026-11-20");
    assert_eq!(ask.send(&client)?.hash_type, "SHA1");
    let response = client
        .call(&ask)
        .deadline(Duration::from_secs(5))
        .header("Accept-Language", "en")
        .send()?;
    assert_eq!((response.hash_type.as_str(), response.attempts()), ("SHA1", 1));
    assert_eq!(gateway.last_request().unwrap().header("Accept-Language"), Some("en"));

    let body = json!({ "name": client.encrypt("张三")? });
    let response = client
        .request(Method::POST, "/v3/names")
        .json(&body)
        .idempotent()
        .send()?;
    assert_eq!(response["name"], "张三");
    let download = client
        .request(Method::GET, "/v3/billdownload/file")
        .response::<Download>()
        .send()?;
    assert_eq!(client.wait(download.into_inner().bytes())?, "bill");

    let parameters = client.jsapi_payment_parameters("wxd678efh567hg6787", "wx1")?;
    assert_eq!(parameters.package, "prepay_id=wx1");
    assert_eq!(
        client.app_payment_parameters("wxd678efh567hg6787", "wx1")?.prepayid,
        "wx1"
    );
    assert_eq!(client.sign_payment("wxd678efh567hg6787", "wx1")?.nonce_str.len(), 32);

    let resource = json!({ "out_trade_no": "A-1", "trade_state": "SUCCESS" });
    let posted = gateway.notification("TRANSACTION.SUCCESS", resource).sign()?;
    let notification = client
        .notifications()
        .receive::<Transaction>(posted.headers(), posted.body())?;
    assert_eq!(notification.payload.out_trade_no, "A-1");
    Ok(())
}

#[test]
fn u5_a_header_that_the_client_sets_is_refused_before_anything_is_sent() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    let ask = AskTradeBill::on("2026-11-20");
    let error = client.call(&ask).header("Authorization", "mine").send().unwrap_err();
    assert_eq!(
        (error.outcome(), error.field(), gateway.received()),
        (Outcome::Local, Some("Authorization"), 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u5_a_blocking_call_works_inside_spawn_blocking() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    let link = tokio::task::spawn_blocking(move || AskTradeBill::on("2026-11-20").send(&client))
        .await
        .unwrap();
    assert_eq!(link.unwrap().hash_type, "SHA1");
}

#[tokio::test]
async fn u5_a_blocking_call_works_inside_spawn_blocking_of_a_single_threaded_runtime() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    let link = tokio::task::spawn_blocking(move || AskTradeBill::on("2026-11-20").send(&client))
        .await
        .unwrap();
    assert_eq!(link.unwrap().hash_type, "SHA1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u5_a_blocking_call_inside_an_async_task_is_refused() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    let here = AskTradeBill::on("2026-11-20").send(&client).unwrap_err();
    let spawned = {
        let client = client.clone();
        tokio::spawn(async move { AskTradeBill::on("2026-11-20").send(&client).unwrap_err() })
    };
    for error in [here, spawned.await.unwrap()] {
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Local, ErrorKind::Configuration)
        );
        assert!(error.to_string().contains("spawn_blocking"), "{error}");
    }
    let posted = gateway.notification("TRANSACTION.SUCCESS", json!({})).sign().unwrap();
    let receiver = client.notifications();
    let refused = receiver.receive::<Value>(posted.headers(), posted.body()).unwrap_err();
    assert_eq!(refused.status().as_u16(), 500);
    assert_eq!(gateway.received(), 0);
}

#[tokio::test]
async fn u6_a_client_is_accepted_in_an_arc_and_by_reference() {
    let gateway = gateway();
    let client: Arc<Client> = Arc::new(gateway.client().unwrap());
    let ask = AskTradeBill::on("2026-11-20");
    assert_eq!(ask.send(&client).await.unwrap().hash_type, "SHA1");
    assert_eq!(ask.send(&&*client).await.unwrap().hash_type, "SHA1");
    let blocking = Arc::new(blocking::Client::new(gateway.client().unwrap()).unwrap());
    let link = tokio::task::spawn_blocking(move || ask.send(&blocking)).await.unwrap();
    assert_eq!(link.unwrap().hash_type, "SHA1");
    assert_eq!(gateway.received(), 3);
}

#[test]
fn u5_a_blocking_client_is_built_by_the_same_methods() {
    let gateway = gateway();
    let client = blocking::Client::builder()
        .merchant(
            gateway.mchid(),
            gateway.serial_no(),
            PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap(),
        )
        .wechatpay_public_key(
            gateway.public_key_id(),
            PublicKey::from_pem(gateway.public_key_pem()).unwrap(),
        )
        .base_url(gateway.url())
        .build()
        .unwrap();
    assert_eq!(AskTradeBill::on("2026-11-20").send(&client).unwrap().hash_type, "SHA1");
    assert_eq!(client.decrypt(&gateway.encrypt("张三")).unwrap().expose(), "张三");
    assert!(blocking::Client::builder().build().is_err());
}
