use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Deserialize)]
struct Prepay {
    prepay_id: String,
}

#[wechatpay_endpoint(POST, "/v3/orders", response = Prepay.id)]
struct Order {
    appid: String,
}

async fn used(order: &Order, client: &Client) -> Option<String> {
    Some(order.send(client).await.ok()?.prepay_id)
}

fn main() {}
