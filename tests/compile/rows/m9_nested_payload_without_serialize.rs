use wechatpay_core::{wechatpay_endpoint, Client};

struct Amount {
    total: i64,
}

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    appid: String,
    amount: Amount,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
