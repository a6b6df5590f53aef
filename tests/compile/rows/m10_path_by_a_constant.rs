use wechatpay_core::{wechatpay_endpoint, Client};

const ORDERS: &str = "/v3/orders";

#[wechatpay_endpoint(POST, ORDERS)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
