use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    pub b:
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
    let _ = serde_json::to_string(order);
}

fn main() {}
