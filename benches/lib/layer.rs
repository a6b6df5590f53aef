//! The library's own layer: what it does beside cryptography and HTTP.

use crate::{
    null::{self, NoAnswer, at_once, poll_once},
    operation,
};
use serde::Deserialize;
use std::{pin::pin, task::Poll};
use tokio::runtime;
use wechatpay_core::{Client, wechatpay_endpoint};

/// A query by business number, whose response has the same numbers.
#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Order)]
pub struct QueryOrder {
    pub out_trade_no: String,
    pub mchid: String,
}

#[derive(Debug, Deserialize)]
pub struct Order {
    pub out_trade_no: String,
    pub trade_state: String,
}

/// A response of 500 bytes.
pub const ORDER: &str = r#"{"amount":{"currency":"CNY","payer_currency":"CNY","payer_total":100,"total":100},"appid":"wxd678efh567hg6787","attach":"","bank_type":"OTHERS","mchid":"1900000100","out_trade_no":"1217752501201407033233368018","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"promotion_detail":[],"success_time":"2026-11-23T17:00:00+08:00","trade_state":"SUCCESS","trade_state_desc":"支付成功","trade_type":"JSAPI","transaction_id":"1217752501201407033233368018"}"#;

/// Clients whose keys, clock and transport do nothing.
pub struct Layer {
    runtime: runtime::Runtime,
    responding: Client,
    unresponding: Client,
    queried: Client,
    observed: Client,
    request: operation::MiniProgramPreEntrustSign,
    query: QueryOrder,
}

/// One of the ways through the layer.
pub type Case = (&'static str, fn(&Layer));

/// All ways, by name.
pub const CASES: [Case; 4] = [
    ("prepare", Layer::prepare),
    ("call", Layer::call),
    ("query", Layer::query),
    ("observed", Layer::observed),
];

impl Default for Layer {
    fn default() -> Self {
        Self {
            runtime: runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime"),
            responding: null::client(),
            unresponding: null::client_through(NoAnswer),
            queried: null::client_answering(ORDER),
            observed: null::client_observed(),
            request: operation::request(),
            query: QueryOrder {
                out_trade_no: "1217752501201407033233368018".into(),
                mchid: "1900000100".into(),
            },
        }
    }
}

impl Layer {
    /// Up to handing the request to the transport: two sensitive fields, JSON, the message to sign, the headers.
    pub fn prepare(&self) {
        let _context = self.runtime.enter();
        let call = pin!(self.request.send(&self.unresponding));
        assert!(matches!(poll_once(call), Poll::Pending));
    }

    /// The whole call, including headers, signature, numbers and JSON of the response.
    pub fn call(&self) {
        let _context = self.runtime.enter();
        at_once(self.request.send(&self.responding)).expect("the gateway responds");
    }

    /// The whole call, of which an observer is told: it counts calls, bytes and time.
    pub fn observed(&self) {
        let _context = self.runtime.enter();
        at_once(self.request.send(&self.observed)).expect("answers");
    }

    /// A whole query: a number in the path, one in the query string, and both compared with a response of 500 bytes.
    pub fn query(&self) {
        let _context = self.runtime.enter();
        at_once(self.query.send(&self.queried)).expect("the gateway responds");
    }
}
