//! Tests your code with the gateway.
//!
//! The module `shop` is the code under test. It gets a client and does not know the gateway. The tests below give it a
//! client of the gateway, let the gateway respond, refuse, lose responses and forge them, and then check the ledger of
//! the gateway. WeChat Pay has no sandbox (沙箱) for APIv3.
//!
//! ```text
//! cargo run --example testing      # a short story
//! cargo test --example testing     # the tests
//! ```

use serde_json::json;
use std::error::Error;
use wechatpay_core::Method;
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};

/// The code under test.
mod shop {
    use serde::{Deserialize, Serialize};
    use wechatpay_core::{
        Client, HeaderMap, Outcome,
        notification::{Acknowledgement, Expected, payload::Transaction},
        wechatpay_endpoint,
    };

    /// Places an order that is paid by scanning a code (Native下单).
    #[wechatpay_endpoint(POST, "/v3/pay/transactions/native", idempotent, response = Code)]
    pub struct NativeOrder {
        appid: String,
        mchid: String,
        description: String,
        out_trade_no: String,
        notify_url: String,
        amount: Amount,
    }

    #[derive(Debug, Serialize)]
    pub struct Amount {
        total: i64,
    }

    #[derive(Debug, Deserialize)]
    pub struct Code {
        code_url: String,
    }

    /// The message for the customer if there is no code to scan.
    #[derive(Debug, PartialEq)]
    pub enum NoCode {
        /// The service refused, and why.
        Refused(String),
        /// Nothing happened; the same button may be pressed again.
        TryAgain,
        /// The order may exist. Query it before anything else.
        InDoubt,
    }

    pub struct Shop {
        pub client: Client,
        pub appid: String,
    }

    impl Shop {
        /// Places an order and gives the text of the code to scan.
        pub async fn checkout(&self, out_trade_no: &str, total: i64) -> Result<String, NoCode> {
            let order = NativeOrder {
                appid: self.appid.clone(),
                mchid: self.client.mchid().to_owned(),
                description: "一杯咖啡".to_owned(),
                out_trade_no: out_trade_no.to_owned(),
                notify_url: "https://shop.example/wechatpay/notify".to_owned(),
                amount: Amount { total },
            };
            match order.send(&self.client).await {
                Ok(code) => Ok(code.code_url),
                Err(error) => Err(match error.outcome() {
                    Outcome::Rejected => NoCode::Refused(error.message().unwrap_or_default().to_owned()),
                    Outcome::Local | Outcome::NotSent => NoCode::TryAgain,
                    Outcome::Unknown => NoCode::InDoubt,
                }),
            }
        }

        /// Handles a notification (支付通知) of an order with this total. `deliver` is called for a payment that matches.
        pub async fn notified(
            &self,
            headers: &HeaderMap,
            body: &[u8],
            total: i64,
            deliver: impl FnOnce(&str),
        ) -> Acknowledgement {
            let notification = match self.client.notifications().receive::<Transaction>(headers, body).await {
                Ok(notification) => notification,
                Err(error) => return error.acknowledgement(),
            };
            let transaction = &notification.payload;
            let expected = Expected {
                mchid: self.client.mchid(),
                appid: &self.appid,
                out_trade_no: &transaction.out_trade_no,
                total,
                currency: "CNY",
            };
            if transaction.compare(&expected).is_err() {
                return Acknowledgement::failed("it does not match the order");
            }
            if transaction.is_paid() {
                deliver(&transaction.out_trade_no);
            }
            Acknowledgement::accepted()
        }
    }
}

use shop::{NoCode, Shop};

const ORDERS: &str = "/v3/pay/transactions/native";
const APPID: &str = "wxd678efh567hg6787";

/// A gateway that accepts orders, and a shop that uses it.
fn shop() -> Result<(Gateway, Shop), Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on_order(
        Method::POST,
        ORDERS,
        "out_trade_no",
        |request| match request.json()["amount"]["total"].as_i64() {
            Some(1..) => GatewayResponse::json(200, &json!({ "code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz" })),
            _ => GatewayResponse::error(400, "PARAM_ERROR", "金额必须大于零"),
        },
    );
    let client = gateway.client()?;
    let appid = APPID.to_owned();
    Ok((gateway, Shop { client, appid }))
}

/// The notification payload of a paid order.
fn paid(gateway: &Gateway, total: i64) -> wechatpay_gateway::Notification {
    let resource = json!({
        "mchid": gateway.mchid(),
        "appid": APPID,
        "out_trade_no": "A1",
        "trade_state": "SUCCESS",
        "amount": { "total": total, "currency": "CNY" },
    });
    gateway.notification("TRANSACTION.SUCCESS", resource)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (gateway, shop) = shop()?;

    let code = shop
        .checkout("A1", 2800)
        .await
        .map_err(|no_code| format!("{no_code:?}"))?;
    println!("An order: {code}");
    println!("An order over nothing: {:?}", shop.checkout("A2", 0).await);

    gateway.misbehave(Fault::Reset { committed: true });
    let code = shop.checkout("A3", 2800).await;
    println!("An order whose response is lost: {code:?}");
    if code.is_err() || gateway.ledger().count("A3") != 1 {
        return Err("A3 should have been placed, once".into());
    }

    for _ in 0..3 {
        gateway.misbehave(Fault::WrongKey);
    }
    let doubt = shop.checkout("A4", 2800).await;
    println!("An order whose responses are forged: {doubt:?}");
    if doubt != Err(NoCode::InDoubt) {
        return Err("a forged response was accepted".into());
    }

    for (what, notification) in [
        ("genuine", paid(&gateway, 2800)),
        ("over another amount", paid(&gateway, 1)),
        ("forged", paid(&gateway, 2800).fault(Fault::WrongKey)),
    ] {
        let signed = notification.sign()?;
        let mut delivered = Vec::new();
        let response = shop
            .notified(signed.headers(), signed.body(), 2800, |number| {
                delivered.push(number.to_owned())
            })
            .await;
        println!(
            "A notification, {what}: got {}, delivered {delivered:?}",
            response.status()
        );
        if delivered.is_empty() == (what == "genuine") {
            return Err("the shop should deliver for the genuine notification, and no other".into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_order_is_sent_as_the_shop_means_it() {
        let (gateway, shop) = shop().unwrap();
        shop.checkout("A1", 2800).await.unwrap();
        let request = gateway.last_request().unwrap();
        assert_eq!(request.target(), ORDERS);
        assert_eq!(request.json()["mchid"], gateway.mchid());
        assert_eq!(request.json()["amount"], json!({ "total": 2800 }));
    }

    #[tokio::test]
    async fn a_refusal_is_told_to_the_customer() {
        let (gateway, shop) = shop().unwrap();
        let refused = shop.checkout("A1", 0).await;
        assert_eq!(refused, Err(NoCode::Refused("金额必须大于零".into())));
        assert!(gateway.ledger().is_empty());
    }

    #[tokio::test]
    async fn an_order_whose_response_is_lost_is_placed_once() {
        let (gateway, shop) = shop().unwrap();
        for fault in [
            Fault::Reset { committed: true },
            Fault::Reset { committed: false },
            Fault::CommitThenFail { status: 502 },
            Fault::CloseMidway { after: 20 },
        ] {
            let number = format!("A{}", gateway.ledger().len());
            gateway.misbehave(fault.clone());
            assert!(shop.checkout(&number, 2800).await.is_ok(), "{fault:?}");
            assert_eq!(gateway.ledger().count(&number), 1, "{fault:?}");
        }
    }

    #[tokio::test]
    async fn after_a_forged_response_the_state_of_the_order_is_unknown() {
        let (gateway, shop) = shop().unwrap();
        for _ in 0..3 {
            gateway.misbehave(Fault::WrongKey);
        }
        assert_eq!(shop.checkout("A1", 2800).await, Err(NoCode::InDoubt));
    }

    #[tokio::test]
    async fn without_a_connection_nothing_happened() {
        let (gateway, mut shop) = shop().unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        shop.client = gateway
            .client_builder()
            .base_url(format!("http://{closed}"))
            .build()
            .unwrap();
        assert_eq!(shop.checkout("A1", 2800).await, Err(NoCode::TryAgain));
    }

    /// The response to a notification, and whether the shop delivered.
    async fn notified(shop: &Shop, notification: wechatpay_gateway::Notification) -> (u16, bool) {
        let signed = notification.sign().unwrap();
        let mut delivered = false;
        let response = shop
            .notified(signed.headers(), signed.body(), 2800, |_| delivered = true)
            .await;
        (response.status().as_u16(), delivered)
    }

    #[tokio::test]
    async fn a_payment_that_fits_is_delivered() {
        let (gateway, shop) = shop().unwrap();
        assert_eq!(notified(&shop, paid(&gateway, 2800)).await, (204, true));
    }

    #[tokio::test]
    async fn a_payment_of_another_amount_is_not_delivered() {
        let (gateway, shop) = shop().unwrap();
        assert_eq!(notified(&shop, paid(&gateway, 1)).await, (500, false));
    }

    #[tokio::test]
    async fn a_forged_or_old_notification_is_not_delivered() {
        let (gateway, shop) = shop().unwrap();
        for fault in [
            Fault::WrongKey,
            Fault::FlippedBit(9),
            Fault::SignatureProbe,
            Fault::Stale { seconds: -400 },
        ] {
            let shown = format!("{fault:?}");
            assert_eq!(
                notified(&shop, paid(&gateway, 2800).fault(fault)).await,
                (401, false),
                "{shown}"
            );
        }
    }
}
