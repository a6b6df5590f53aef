//! A merchant with the real client, at a gateway that simulates.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed test may panic"
)]

pub(crate) mod described;
pub(crate) mod server;

use serde_json::{Value, json};
use wechatpay_core::{Client, Error, Method};
use wechatpay_gateway::{Gateway, GatewayBuilder};

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
pub(crate) const SUB_MCHID: &str = "1900000109";
pub(crate) const JSAPI: &str = "/v3/pay/transactions/jsapi";
pub(crate) const NATIVE: &str = "/v3/pay/transactions/native";
pub(crate) const REFUNDS: &str = "/v3/refund/domestic/refunds";

pub(crate) struct Shop {
    pub(crate) gateway: Gateway,
    pub(crate) client: Client,
}

/// The status and the code of an error of the service.
pub(crate) type Refused = (u16, String);

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Gateway::builder())
    }

    pub(crate) fn with(builder: GatewayBuilder) -> Self {
        let gateway = builder.simulate().start().unwrap();
        let client = gateway.client().unwrap();
        Self { gateway, client }
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        let sent = self
            .client
            .request(Method::POST, path)
            .json(body)
            .response::<Value>()
            .send()
            .await;
        let response = sent.map_err(refused)?.into_inner();
        described::check("POST", path, &response);
        Ok(response)
    }

    /// Sends what gets no body back.
    pub(crate) async fn send(&self, path: &str, body: &Value) -> Result<(), Refused> {
        let sent = self
            .client
            .request(Method::POST, path)
            .json(body)
            .response::<()>()
            .send()
            .await;
        sent.map(|_| ()).map_err(refused)
    }

    /// As [`post`](Self::post), for a response that the description gives members that only a failure has.
    pub(crate) async fn send_and_read(&self, path: &str, body: &Value) -> Value {
        let sent = self.client.request(Method::POST, path).json(body).response::<Value>();
        sent.send().await.unwrap().into_inner()
    }

    pub(crate) async fn get(&self, path: &str, query: &Value) -> Result<Value, Refused> {
        let sent = self
            .client
            .request(Method::GET, path)
            .query(query)
            .response::<Value>()
            .send()
            .await;
        let response = sent.map_err(refused)?.into_inner();
        described::check("GET", path, &response);
        Ok(response)
    }

    pub(crate) fn order(&self, out_trade_no: &str, total: i64) -> Value {
        json!({
            "appid": APPID,
            "mchid": self.gateway.mchid(),
            "description": "Coffee",
            "out_trade_no": out_trade_no,
            "attach": "table 7",
            "notify_url": "https://127.0.0.1:1/notify",
            "amount": { "total": total, "currency": "CNY" },
            "payer": { "openid": OPENID },
        })
    }

    /// An order whose notification goes to this address.
    pub(crate) fn order_to(&self, out_trade_no: &str, total: i64, notify_url: &str) -> Value {
        let mut order = self.order(out_trade_no, total);
        order["notify_url"] = json!(notify_url);
        order
    }

    /// Places an order that is paid at once.
    pub(crate) async fn sell_to(&self, out_trade_no: &str, total: i64, notify_url: &str) {
        self.post(JSAPI, &self.order_to(out_trade_no, total, notify_url))
            .await
            .unwrap();
        self.gateway.pay(out_trade_no).unwrap();
    }

    pub(crate) async fn place(&self, out_trade_no: &str, total: i64) -> Value {
        self.post(JSAPI, &self.order(out_trade_no, total)).await.unwrap()
    }

    /// Places an order that is paid at once.
    pub(crate) async fn sell(&self, out_trade_no: &str, total: i64) {
        self.place(out_trade_no, total).await;
        self.gateway.pay(out_trade_no).unwrap();
    }

    pub(crate) async fn query(&self, out_trade_no: &str) -> Result<Value, Refused> {
        let path = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}");
        self.get(&path, &json!({ "mchid": self.gateway.mchid() })).await
    }

    pub(crate) async fn close(&self, out_trade_no: &str) -> Result<(), Refused> {
        let path = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}/close");
        self.send(&path, &json!({ "mchid": self.gateway.mchid() })).await
    }

    pub(crate) fn refund_body(&self, out_trade_no: &str, out_refund_no: &str, refund: i64, total: i64) -> Value {
        json!({
            "out_trade_no": out_trade_no,
            "out_refund_no": out_refund_no,
            "reason": "cold",
            "amount": { "refund": refund, "total": total, "currency": "CNY" },
        })
    }

    pub(crate) async fn refund(
        &self,
        out_trade_no: &str,
        out_refund_no: &str,
        refund: i64,
        total: i64,
    ) -> Result<Value, Refused> {
        let body = self.refund_body(out_trade_no, out_refund_no, refund, total);
        self.post(REFUNDS, &body).await
    }
}

pub(crate) fn refused(error: Error) -> Refused {
    let status = error.status().map_or(0, |status| status.as_u16());
    match error.code() {
        Some(code) => (status, code.to_owned()),
        None => panic!("not an error of the service: {error}"),
    }
}

/// An expected refusal.
pub(crate) fn no<T>(status: u16, code: &str) -> Result<T, Refused> {
    Err((status, code.to_owned()))
}
