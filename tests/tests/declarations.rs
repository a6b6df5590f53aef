//! The Rust declarations that the console shows: each is compiled here, and sends what the request held that it came from.

#[rustfmt::skip]
#[path = "declarations/jsapi.rs"]
#[allow(unreachable_pub, missing_docs, reason = "a declaration stands in the program of a user")]
mod jsapi;
#[rustfmt::skip]
#[path = "declarations/query.rs"]
#[allow(unreachable_pub, missing_docs, reason = "a declaration stands in the program of a user")]
mod query;
#[rustfmt::skip]
#[path = "declarations/receiver.rs"]
#[allow(unreachable_pub, missing_docs, reason = "a declaration stands in the program of a user")]
mod receiver;
#[rustfmt::skip]
#[path = "declarations/transfer.rs"]
#[allow(unreachable_pub, missing_docs, reason = "a declaration stands in the program of a user")]
mod transfer;

use serde_json::{Value, json};
use std::{env, fs, path::Path};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use wechatpay_core::{Client, Method};
use wechatpay_gateway::Gateway;

/// What the console shows of the last request.
async fn shown(gateway: &Gateway) -> String {
    let mut stream = TcpStream::connect(gateway.host().address()).await.unwrap();
    let id = gateway.received();
    let head = format!("GET /_gateway/requests/{id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let shown: Value = serde_json::from_str(body).unwrap();
    shown["rust"].as_str().unwrap_or_else(|| panic!("{shown}")).to_owned()
}

fn gateway() -> (Gateway, Client) {
    let gateway = Gateway::builder().simulate().console(None).start().unwrap();
    let client = gateway.client().unwrap();
    (gateway, client)
}

/// Compares what the console shows of the last request with the module of this name.
async fn is_that_of(gateway: &Gateway, name: &str) {
    let shown = shown(gateway).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/declarations/{name}.rs"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &shown).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(shown, kept, "UPDATE_SNAPSHOTS=1 writes it anew");
}

/// The last two requests are the same, after decryption.
fn the_same_was_sent(gateway: &Gateway) {
    let requests = gateway.requests();
    let [.., first, second] = requests.as_slice() else {
        panic!("two requests")
    };
    assert_eq!((first.method(), first.target()), (second.method(), second.target()));
    assert_eq!(first.json(), second.json());
    assert!(first.encrypted_fields().eq(second.encrypted_fields()));
}

#[tokio::test]
async fn an_order_becomes_a_declaration_with_a_struct_for_each_object() {
    let (gateway, client) = gateway();
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "\"Kaffee\" \\ 咖啡\n\u{202e}", "out_trade_no": "ORDER-0001",
        "notify_url": "https://shop.example/notify", "amount": { "total": 100, "currency": "CNY" },
        "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }, "settle_info": { "profit_sharing": false },
        "detail": { "goods_detail": [
            { "merchant_goods_id": "1246464644", "quantity": 1, "unit_price": 528_800 },
            { "merchant_goods_id": "1246464645", "quantity": 2, "unit_price": 100 },
        ] },
    });
    client
        .request(Method::POST, "/v3/pay/transactions/jsapi")
        .json(&order)
        .send()
        .await
        .unwrap();
    is_that_of(&gateway, "jsapi").await;
    jsapi::send(&client).await.unwrap();
    the_same_was_sent(&gateway);
}

#[tokio::test]
async fn placeholders_and_the_query_become_fields() {
    let (gateway, client) = gateway();
    let query = client
        .request(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")
        .path("out_trade_no", &"ORDER-0001");
    let _ = query.query(&json!({ "mchid": gateway.mchid() })).send().await;
    is_that_of(&gateway, "query").await;
    let _ = query::send(&client).await;
    the_same_was_sent(&gateway);
}

#[tokio::test]
async fn an_encrypted_field_is_encrypted_again() {
    let (gateway, client) = gateway();
    let receiver = json!({
        "appid": "wx8888888888888888", "type": "MERCHANT_ID", "account": "86693852", "relation_type": "STORE",
        "name": client.encrypt("张三").unwrap(),
    });
    client
        .request(Method::POST, "/v3/profitsharing/receivers/add")
        .json(&receiver)
        .send()
        .await
        .unwrap();
    is_that_of(&gateway, "receiver").await;
    receiver::send(&client).await.unwrap();
    the_same_was_sent(&gateway);
}

#[tokio::test]
async fn a_list_of_objects_and_an_encrypted_field_within_one_are_written_out() {
    let (gateway, client) = gateway();
    let batch = json!({
        "appid": "wxf636efh567hg4356", "out_batch_no": "plfk2020042013", "batch_name": "2019年1月深圳分部报销单",
        "batch_remark": "2019年1月深圳分部报销单", "total_amount": 400_000, "total_num": 2,
        "transfer_detail_list": [
            { "out_detail_no": "x23zy545Bd5436", "transfer_amount": 200_000, "transfer_remark": "报销", "openid": "o-MYE42l80oelYMDE34nYD456Xoy", "user_name": client.encrypt("张三").unwrap() },
            { "out_detail_no": "x23zy545Bd5437", "transfer_amount": 200_000, "transfer_remark": "报销", "openid": "o-MYE42l80oelYMDE34nYD456Xoz", "user_name": client.encrypt("李四").unwrap() },
        ],
    });
    client
        .request(Method::POST, "/v3/transfer/batches")
        .json(&batch)
        .send()
        .await
        .unwrap();
    is_that_of(&gateway, "transfer").await;
    transfer::send(&client).await.unwrap();
    the_same_was_sent(&gateway);
}
