use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders")]
struct Order {
    a: String,
    b: String,
    #[serde(rename = "b")]
    c: String,
    #[wechatpay(query)]
    #[serde(rename = "a")]
    d: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
