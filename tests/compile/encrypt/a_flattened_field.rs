use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(names))]
struct Order {
    #[serde(flatten)]
    names: Option<String>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
