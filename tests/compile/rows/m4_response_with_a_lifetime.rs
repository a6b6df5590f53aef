use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Deserialize)]
struct Prepay<'a> {
    prepay_id: &'a str,
}

#[wechatpay_endpoint(POST, "/v3/orders", response = Prepay<'static>)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
