use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(P)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
