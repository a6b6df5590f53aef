//! Service provider mode (服务商模式): orders, a query, a closed order and a refund for sub-merchants.
//!
//! The service provider (服务商, `sp_mchid`) signs every request with its key. The money goes to the sub-merchant (子商户,
//! `sub_mchid`). So one client serves all sub-merchants, and each request names its sub-merchant. Only `SubMerchant`
//! below sets these numbers, so that no request has a wrong one.
//!
//! ```text
//! cargo run --example partner_mode
//! ```

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;
use wechatpay_core::{
    Client, Error as WechatpayError, Method,
    notification::{
        Expected,
        payload::{RefundStatus, TradeState, Transaction},
    },
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, GatewayResponse};

const SP_APPID: &str = "wx8888888888888888";
const NOTIFY_URL: &str = "https://shop.example/wechatpay/notify";

/// Places an order of a sub-merchant (JSAPI/小程序下单).
#[wechatpay_endpoint(POST, "/v3/pay/partner/transactions/jsapi", idempotent, response = Prepaid)]
pub struct PartnerJsapiOrder {
    pub sp_appid: String,
    pub sp_mchid: String,
    /// Only when the user pays in the sub-merchant's own app (子商户应用ID).
    pub sub_appid: Option<String>,
    pub sub_mchid: String,
    pub description: String,
    pub out_trade_no: String,
    pub notify_url: String,
    pub amount: Amount,
    pub payer: PartnerPayer,
}

/// An amount in fen (分).
#[derive(Debug, Serialize)]
pub struct Amount {
    pub total: i64,
    pub currency: &'static str,
}

/// Who pays: the user under the provider's app, or under the sub-merchant's. One of the two.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerPayer {
    SpOpenid(String),
    SubOpenid(String),
}

#[derive(Debug, Deserialize)]
pub struct Prepaid {
    pub prepay_id: String,
}

/// Asks for an order by the shop's number (商户订单号查询订单).
#[wechatpay_endpoint(GET, "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
pub struct QueryPartnerOrder {
    pub out_trade_no: String,
    pub sp_mchid: String,
    pub sub_mchid: String,
}

/// Closes an unpaid order (关闭订单). The response is 204.
#[wechatpay_endpoint(POST, "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close", idempotent, response = ())]
pub struct ClosePartnerOrder {
    pub out_trade_no: String,
    pub sp_mchid: String,
    pub sub_mchid: String,
}

/// Refunds (申请退款). The same operation as a merchant's own, with `sub_mchid`.
#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", idempotent, response = Refunding)]
pub struct PartnerRefund {
    pub sub_mchid: String,
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub reason: Option<String>,
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
    pub out_refund_no: String,
    pub status: RefundStatus,
}

/// One sub-merchant, seen by its service provider.
pub struct SubMerchant {
    client: Client,
    sub_mchid: String,
}

impl SubMerchant {
    pub fn new(client: &Client, sub_mchid: &str) -> Self {
        Self {
            client: client.clone(),
            sub_mchid: sub_mchid.to_owned(),
        }
    }

    pub async fn order(&self, out_trade_no: &str, total: i64, sp_openid: &str) -> Result<Prepaid, WechatpayError> {
        let order = PartnerJsapiOrder {
            sp_appid: SP_APPID.to_owned(),
            sp_mchid: self.client.mchid().to_owned(),
            sub_appid: None,
            sub_mchid: self.sub_mchid.clone(),
            description: "一杯咖啡".to_owned(),
            out_trade_no: out_trade_no.to_owned(),
            notify_url: NOTIFY_URL.to_owned(),
            amount: Amount { total, currency: "CNY" },
            payer: PartnerPayer::SpOpenid(sp_openid.to_owned()),
        };
        order.send(&self.client).await
    }

    pub async fn query(&self, out_trade_no: &str) -> Result<Transaction, WechatpayError> {
        let query = QueryPartnerOrder {
            out_trade_no: out_trade_no.to_owned(),
            sp_mchid: self.client.mchid().to_owned(),
            sub_mchid: self.sub_mchid.clone(),
        };
        query.send(&self.client).await
    }

    pub async fn close(&self, out_trade_no: &str) -> Result<(), WechatpayError> {
        let close = ClosePartnerOrder {
            out_trade_no: out_trade_no.to_owned(),
            sp_mchid: self.client.mchid().to_owned(),
            sub_mchid: self.sub_mchid.clone(),
        };
        close.send(&self.client).await
    }

    pub async fn refund(&self, out_trade_no: &str, refund: i64, total: i64) -> Result<Refunding, WechatpayError> {
        let refund = PartnerRefund {
            sub_mchid: self.sub_mchid.clone(),
            out_trade_no: out_trade_no.to_owned(),
            // One refund of an order: its number follows from the order's, so a second try is the same refund.
            out_refund_no: format!("{out_trade_no}-R1"),
            reason: Some("商品已售完".to_owned()),
            amount: RefundAmount {
                refund,
                total,
                currency: "CNY",
            },
        };
        refund.send(&self.client).await
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let client = gateway.client()?;
    println!("The service provider is {}.\n", client.mchid());

    let coffee = SubMerchant::new(&client, "1900000109");
    let tea = SubMerchant::new(&client, "1900000110");
    for (shop, out_trade_no, total) in [(&coffee, "COFFEE-1", 2800), (&tea, "TEA-1", 1500)] {
        let prepaid = shop.order(out_trade_no, total, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o").await?;
        println!("{out_trade_no} of {}: placed, {}", shop.sub_mchid, prepaid.prepay_id);
    }

    // What was paid is compared with what the shop knows; the merchant that counts here is the sub-merchant.
    let paid = coffee.query("COFFEE-1").await?;
    paid.compare(&Expected {
        mchid: "1900000109",
        appid: SP_APPID,
        out_trade_no: "COFFEE-1",
        total: 2800,
        currency: "CNY",
    })?;
    if !paid.is_paid() {
        return Err(format!("COFFEE-1 should be paid and is {:?}", paid.trade_state).into());
    }
    println!("COFFEE-1: {:?}, and it matches the order", paid.trade_state);

    let refund = coffee.refund("COFFEE-1", 800, 2800).await?;
    println!("COFFEE-1: refund {} is {:?}", refund.out_refund_no, refund.status);

    tea.close("TEA-1").await?;
    let closed = tea.query("TEA-1").await?.trade_state;
    if closed != TradeState::Closed {
        return Err(format!("TEA-1 should be closed and is {closed:?}").into());
    }
    println!("TEA-1: {closed:?}");

    // An order of one sub-merchant cannot be seen through another.
    match tea.query("COFFEE-1").await {
        Err(error) if error.code() == Some("ORDER_NOT_EXIST") => println!("COFFEE-1 through the wrong shop: {error}"),
        other => return Err(format!("one sub-merchant saw the order of another: {other:?}").into()),
    }
    Ok(())
}

/// A gateway. The coffee is paid when it is ordered, the tea is not.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on_order(
        Method::POST,
        "/v3/pay/partner/transactions/jsapi",
        "out_trade_no",
        |request| json!({ "prepay_id": format!("wx2711{}", request.json()["out_trade_no"].as_str().unwrap_or("?")) }),
    );
    gateway.on_order(
        Method::POST,
        "/v3/refund/domestic/refunds",
        "out_refund_no",
        |request| json!({ "out_refund_no": request.json()["out_refund_no"], "status": "PROCESSING" }),
    );
    let ledger = gateway.ledger();
    gateway.on(
        Method::POST,
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close",
        |_| (),
    );
    gateway.on(
        Method::GET,
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}",
        move |request| {
            let order = ledger.find(request.path("out_trade_no")).map(|row| row.parameters);
            let Some(order) = order.filter(|order| order["sub_mchid"].as_str() == request.query("sub_mchid")) else {
                return GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在");
            };
            let paid = order["out_trade_no"] == "COFFEE-1";
            GatewayResponse::json(
                200,
                &json!({
                    "sp_appid": order["sp_appid"],
                    "sp_mchid": order["sp_mchid"],
                    "sub_mchid": order["sub_mchid"],
                    "out_trade_no": order["out_trade_no"],
                    "trade_state": if paid { "SUCCESS" } else { "CLOSED" },
                    "amount": order["amount"],
                }),
            )
        },
    );
    Ok(gateway)
}
