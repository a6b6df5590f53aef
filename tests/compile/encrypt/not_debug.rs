use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Serialize)]
struct Payer {
    openid: String,
}

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
struct Order {
    name: String,
    payer: Payer,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
