use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(value))]
struct Order {
    value: Option<u64>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
