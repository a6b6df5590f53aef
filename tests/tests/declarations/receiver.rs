use serde_json::Value;
use wechatpay_core::{Client, Error, wechatpay_endpoint};

#[wechatpay_endpoint(POST, "/v3/profitsharing/receivers/add", encrypt(name))]
pub struct Request {
    pub appid: String,
    pub r#type: String,
    pub account: String,
    pub name: String,
    pub relation_type: String,
}

pub async fn send(client: &Client) -> Result<Value, Error> {
    let request = Request {
        appid: "wx8888888888888888".into(),
        r#type: "MERCHANT_ID".into(),
        account: "86693852".into(),
        name: "张三".into(),
        relation_type: "STORE".into(),
    };
    request.send(client).await
}
