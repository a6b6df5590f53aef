//! A payment in an official account or mini program (JSAPI支付, 小程序支付), from the order to the refund.
//!
//! 1. The server places the order (JSAPI/小程序下单) and gets a `prepay_id` (预支付交易会话标识).
//! 2. It signs the payment parameters (调起支付参数) for the front end.
//! 3. The user pays, and WeChat Pay sends a notification (支付通知). It is verified, decrypted, and compared with the order
//!    of the shop.
//! 4. A notification may never arrive, so open orders are queried (查询订单).
//! 5. A part is refunded (申请退款), and its notification (退款结果通知) is compared with the refund.
//!
//! ```text
//! cargo run --example jsapi_payment
//! ```

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};
use wechatpay_core::{
    Client, Method,
    notification::{
        Event, Expected, ExpectedRefund, Notification,
        payload::{RefundStatus, Transaction},
    },
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, GatewayResponse};

const APPID: &str = "wxd678efh567hg6787";
const NOTIFY_URL: &str = "https://shop.example/wechatpay/notify";

/// Places an order (JSAPI/小程序下单). A retry with the same number and parameters gets the same `prepay_id`.
#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", idempotent, response = Prepaid)]
pub struct JsapiOrder {
    pub appid: String,
    pub mchid: String,
    pub description: String,
    pub out_trade_no: String,
    pub notify_url: String,
    pub amount: Amount,
    pub payer: Payer,
}

/// An amount in fen (分).
#[derive(Debug, Serialize)]
pub struct Amount {
    pub total: i64,
    pub currency: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Payer {
    pub openid: String,
}

#[derive(Debug, Deserialize)]
pub struct Prepaid {
    pub prepay_id: String,
}

/// Queries an order by the shop's number (商户订单号查询订单). The response has the fields of the notification.
#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
pub struct QueryOrder {
    pub out_trade_no: String,
    pub mchid: String,
}

/// Refunds (申请退款).
#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", idempotent, response = Refunding)]
pub struct RefundOrder {
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub reason: Option<String>,
    pub notify_url: Option<String>,
    pub amount: RefundAmount,
}

#[derive(Debug, Serialize)]
pub struct RefundAmount {
    pub refund: i64,
    pub total: i64,
    pub currency: &'static str,
}

#[derive(Debug, Deserialize)]
pub struct Refunding {
    pub refund_id: String,
    pub status: RefundStatus,
}

/// An order of the shop. It determines the amount to pay.
struct Order {
    out_trade_no: String,
    total: i64,
    openid: String,
    paid: bool,
    refunded: i64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let client = gateway.client()?;
    let mut order = Order {
        out_trade_no: "20261120000001".into(),
        total: 2800,
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        paid: false,
        refunded: 0,
    };

    let prepaid = place(&client, &order).await?;
    println!(
        "1. Order {} is placed: prepay_id = {}",
        order.out_trade_no, prepaid.prepay_id
    );

    let parameters = client.jsapi_payment_parameters(APPID, &prepaid.prepay_id).await?;
    println!(
        "2. For wx.requestPayment({{..}}):\n{}",
        serde_json::to_string_pretty(&parameters)?
    );

    // The user pays. What WeChat Pay would send to `notify_url` are these headers and these bytes.
    let payment = query(&client, &order).await?;
    let signed = gateway
        .notification("TRANSACTION.SUCCESS", serde_json::to_value(&payment)?)
        .sign()?;
    let notification = client.notifications().receive(signed.headers(), signed.body()).await?;
    handle(&client, &mut order, &notification)?;
    println!(
        "3. Notification {}: paid {} fen, as expected",
        notification.id, order.total
    );

    // The same check for the response to a query, in case no notification arrives.
    let payment = query(&client, &order).await?;
    payment.compare(&expected(&client, &order))?;
    println!(
        "4. Asked about it: {:?} ({:?})",
        payment.trade_state, payment.transaction_id
    );

    let refunding = refund(&client, &order, 800).await?;
    println!("5. Refund {} of 800 fen: {:?}", refunding.refund_id, refunding.status);
    let signed = gateway
        .notification("REFUND.SUCCESS", refund_resource(&gateway, &order, 800))
        .sign()?;
    let notification = client.notifications().receive(signed.headers(), signed.body()).await?;
    handle(&client, &mut order, &notification)?;
    println!("   Notification {}: {} fen are back", notification.id, order.refunded);

    // Do not deliver after an authentic notification that does not match the order.
    let wrong = refund_resource(&gateway, &order, 2800);
    let signed = gateway.notification("REFUND.SUCCESS", wrong).sign()?;
    let notification = client.notifications().receive(signed.headers(), signed.body()).await?;
    match handle(&client, &mut order, &notification) {
        Err(differences) => println!("6. Another one: {differences}"),
        Ok(()) => return Err("a refund of another amount was taken for the right one".into()),
    }
    if !order.paid || order.refunded != 800 {
        return Err("the order should be paid, and 800 fen refunded".into());
    }
    Ok(())
}

async fn place(client: &Client, order: &Order) -> Result<Prepaid, wechatpay_core::Error> {
    let request = JsapiOrder {
        appid: APPID.into(),
        mchid: client.mchid().into(),
        description: "一杯咖啡".into(),
        out_trade_no: order.out_trade_no.clone(),
        notify_url: NOTIFY_URL.into(),
        amount: Amount {
            total: order.total,
            currency: "CNY",
        },
        payer: Payer {
            openid: order.openid.clone(),
        },
    };
    request.send(client).await
}

async fn query(client: &Client, order: &Order) -> Result<Transaction, wechatpay_core::Error> {
    let request = QueryOrder {
        out_trade_no: order.out_trade_no.clone(),
        mchid: client.mchid().into(),
    };
    request.send(client).await
}

async fn refund(client: &Client, order: &Order, refund: i64) -> Result<Refunding, wechatpay_core::Error> {
    let request = RefundOrder {
        out_trade_no: order.out_trade_no.clone(),
        out_refund_no: format!("{}-R1", order.out_trade_no),
        reason: Some("少了一块糖".into()),
        notify_url: Some(NOTIFY_URL.into()),
        amount: RefundAmount {
            refund,
            total: order.total,
            currency: "CNY",
        },
    };
    request.send(client).await
}

/// What the shop knows of its order.
fn expected<'a>(client: &'a Client, order: &'a Order) -> Expected<'a> {
    Expected {
        mchid: client.mchid(),
        appid: APPID,
        out_trade_no: &order.out_trade_no,
        total: order.total,
        currency: "CNY",
    }
}

/// Handles a verified and decrypted notification. A server also records its id, see `notification_server`.
fn handle(client: &Client, order: &mut Order, notification: &Notification<Event>) -> Result<(), Box<dyn Error>> {
    match &notification.payload {
        Event::Transaction(transaction) => {
            transaction.compare(&expected(client, order))?;
            order.paid = transaction.is_paid();
        }
        Event::Refund(refund) => {
            refund.compare(&ExpectedRefund {
                mchid: client.mchid(),
                out_trade_no: &order.out_trade_no,
                out_refund_no: &format!("{}-R1", order.out_trade_no),
                total: order.total,
                refund: 800,
            })?;
            if refund.refund_status == RefundStatus::Success {
                order.refunded = refund.amount.refund;
            }
        }
        _ => return Err(format!("no handler for {}", notification.event_type).into()),
    }
    Ok(())
}

/// WeChat Pay in a box, with a user who pays at once.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    let placed = Arc::new(Mutex::new(Value::Null));
    let kept = Arc::clone(&placed);
    gateway.on_order(
        Method::POST,
        "/v3/pay/transactions/jsapi",
        "out_trade_no",
        move |request| {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = request.json().clone();
            json!({ "prepay_id": "wx201410272009395522657a690389285100" })
        },
    );
    gateway.on(
        Method::GET,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        move |request| {
            let order = placed.lock().unwrap_or_else(PoisonError::into_inner);
            if order["out_trade_no"] != request.path("out_trade_no") {
                return GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在");
            }
            GatewayResponse::json(
                200,
                &json!({
                    "appid": order["appid"],
                    "mchid": order["mchid"],
                    "out_trade_no": order["out_trade_no"],
                    "transaction_id": "1217752501201407033233368018",
                    "trade_type": "JSAPI",
                    "trade_state": "SUCCESS",
                    "success_time": "2026-11-20T13:29:35+08:00",
                    "payer": order["payer"],
                    "amount": order["amount"],
                }),
            )
        },
    );
    gateway.on_order(
        Method::POST,
        "/v3/refund/domestic/refunds",
        "out_refund_no",
        |request| {
            json!({
                "refund_id": "50000000382019052709732678859",
                "out_refund_no": request.json()["out_refund_no"],
                "status": "PROCESSING",
            })
        },
    );
    Ok(gateway)
}

/// What the notification of a refund has inside.
fn refund_resource(gateway: &Gateway, order: &Order, refund: i64) -> Value {
    json!({
        "mchid": gateway.mchid(),
        "out_trade_no": order.out_trade_no,
        "out_refund_no": format!("{}-R1", order.out_trade_no),
        "refund_id": "50000000382019052709732678859",
        "refund_status": "SUCCESS",
        "amount": { "total": order.total, "refund": refund },
    })
}
