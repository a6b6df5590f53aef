//! Transfers to users with state: made, confirmed, failed, cancelled.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod shop;

use serde_json::{Value, json};
use shop::{APPID, OPENID, Shop, no, server::Server};
use wechatpay_core::{
    Method, Sensitive,
    notification::{
        ExpectedTransfer,
        payload::{TransferBill, TransferBillState},
    },
};

const TRANSFERS: &str = "/v3/fund-app/mch-transfer/transfer-bills";

fn transfer(number: &str, amount: i64) -> Value {
    json!({
        "appid": APPID,
        "out_bill_no": number,
        "openid": OPENID,
        "transfer_amount": amount,
        "transfer_remark": "Prize",
        "transfer_scene_id": "1000",
        "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "Raffle" }],
    })
}

async fn state(shop: &Shop, number: &str) -> String {
    let bill = shop
        .get(&format!("{TRANSFERS}/out-bill-no/{number}"), &json!({}))
        .await
        .unwrap();
    bill["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_transfer_waits_for_the_user_and_arrives_when_confirmed() {
    let (shop, server) = (Shop::open(), Server::taking());
    let mut body = transfer("TRANSFER1", 500);
    body["notify_url"] = json!(server.url);
    let made = shop.post(TRANSFERS, &body).await.unwrap();
    assert_eq!(made["state"], "WAIT_USER_CONFIRM");
    assert!(made["package_info"].is_string());
    assert_eq!(made["transfer_bill_no"].as_str().unwrap().len(), 40);
    assert_eq!(shop.post(TRANSFERS, &body).await.unwrap(), made);
    assert_eq!(shop.gateway.transfers().len(), 1);

    shop.gateway.confirm_transfer("TRANSFER1").unwrap();
    assert_eq!(state(&shop, "TRANSFER1").await, "SUCCESS");
    let path = format!(
        "{TRANSFERS}/transfer-bill-no/{}",
        made["transfer_bill_no"].as_str().unwrap()
    );
    assert_eq!(shop.get(&path, &json!({})).await.unwrap()["out_bill_no"], "TRANSFER1");
    assert!(shop.post(TRANSFERS, &body).await.unwrap().get("package_info").is_none());

    let posted = server.wait_for(1).await.remove(0);
    let receiver = shop.client.notifications();
    let bill = receiver
        .receive::<TransferBill>(&posted.headers, &posted.body)
        .await
        .unwrap()
        .payload;
    let expected = ExpectedTransfer {
        mchid: shop.gateway.mchid(),
        out_bill_no: "TRANSFER1",
        transfer_amount: 500,
    };
    bill.compare(&expected).unwrap();
    assert_eq!(bill.state, TransferBillState::Success);
    let states: Vec<_> = shop
        .gateway
        .transfer("TRANSFER1")
        .unwrap()
        .history
        .into_iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, ["WAIT_USER_CONFIRM", "TRANSFERING", "SUCCESS"]);
}

#[tokio::test]
async fn a_transfer_can_fail_and_says_why() {
    let shop = Shop::open();
    shop.post(TRANSFERS, &transfer("TRANSFER1", 500)).await.unwrap();
    shop.gateway.fail_transfer("TRANSFER1").unwrap();
    let bill = shop
        .get(&format!("{TRANSFERS}/out-bill-no/TRANSFER1"), &json!({}))
        .await
        .unwrap();
    assert_eq!(
        (bill["state"].as_str(), bill["fail_reason"].as_str()),
        (Some("FAIL"), Some("PAYEE_ACCOUNT_ABNORMAL"))
    );
    assert!(shop.gateway.confirm_transfer("TRANSFER1").is_err());
}

#[tokio::test]
async fn a_transfer_is_cancelled_while_the_user_has_not_confirmed() {
    let shop = Shop::open();
    let cancel = |number: &str| format!("{TRANSFERS}/out-bill-no/{number}/cancel");
    for number in ["TRANSFER1", "TRANSFER2"] {
        shop.post(TRANSFERS, &transfer(number, 500)).await.unwrap();
    }
    assert_eq!(
        shop.post(&cancel("TRANSFER1"), &json!({})).await.unwrap()["state"],
        "CANCELING"
    );
    assert_eq!(state(&shop, "TRANSFER1").await, "CANCELLED");
    assert_eq!(
        shop.post(&cancel("TRANSFER1"), &json!({})).await.unwrap()["state"],
        "CANCELLED"
    );
    assert!(shop.gateway.confirm_transfer("TRANSFER1").is_err());
    shop.gateway.confirm_transfer("TRANSFER2").unwrap();
    assert_eq!(
        shop.post(&cancel("TRANSFER2"), &json!({})).await,
        no(400, "INVALID_REQUEST")
    );
    assert_eq!(shop.post(&cancel("TRANSFER3"), &json!({})).await, no(404, "NOT_FOUND"));
}

#[tokio::test]
async fn g7_the_same_transfer_number_with_other_parameters_is_refused() {
    let shop = Shop::open();
    shop.post(TRANSFERS, &transfer("TRANSFER1", 500)).await.unwrap();
    assert_eq!(
        shop.post(TRANSFERS, &transfer("TRANSFER1", 501)).await,
        no(400, "INVALID_REQUEST")
    );
    assert_eq!(shop.gateway.transfer("TRANSFER1").unwrap().amount, 500);
    let unknown = shop
        .get(&format!("{TRANSFERS}/out-bill-no/TRANSFER2"), &json!({}))
        .await;
    assert_eq!(unknown, no(404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_large_transfer_needs_the_name_which_a_query_gives_back_encrypted() {
    let shop = Shop::open();
    assert_eq!(
        shop.post(TRANSFERS, &transfer("TRANSFER1", 200_000)).await,
        no(400, "PARAM_ERROR")
    );
    let mut body = transfer("TRANSFER1", 200_000);
    body["user_name"] = json!(shop.client.encrypt("张三").unwrap());
    shop.post(TRANSFERS, &body).await.unwrap();
    // The same name in a new ciphertext is the same parameter.
    body["user_name"] = json!(shop.client.encrypt("张三").unwrap());
    shop.post(TRANSFERS, &body).await.unwrap();

    #[derive(serde::Deserialize)]
    struct Bill {
        user_name: Sensitive,
    }
    let query = shop
        .client
        .request(Method::GET, format!("{TRANSFERS}/out-bill-no/TRANSFER1"));
    let bill = query.response::<Bill>().send().await.unwrap();
    assert_eq!(bill.user_name.expose(), "张三");
}
