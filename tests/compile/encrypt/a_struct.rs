use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Serialize)]
struct Payer {
    name: String,
}

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(value))]
struct Order {
    value: Payer,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
