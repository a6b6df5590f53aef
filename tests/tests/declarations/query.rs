use serde_json::Value;
use wechatpay_core::{Client, Error, wechatpay_endpoint};

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
pub struct Request {
    pub out_trade_no: String,
    pub mchid: String,
}

pub async fn send(client: &Client) -> Result<Value, Error> {
    let request = Request {
        out_trade_no: "ORDER-0001".into(),
        mchid: "1900000100".into(),
    };
    request.send(client).await
}
