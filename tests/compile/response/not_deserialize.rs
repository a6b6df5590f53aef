use wechatpay_core::{wechatpay_endpoint, Client};

struct Prepay {
    prepay_id: String,
}

#[wechatpay_endpoint(POST, "/v3/orders", response = Prepay)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
