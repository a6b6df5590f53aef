use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Deserialize)]
struct Answer {}

#[wechatpay_endpoint(POST, "/v3/orders", reponse = Answer)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
