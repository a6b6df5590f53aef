use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders/{mchid}")]
struct Order {
    mchid: String,
    #[wechatpay(path = "id")]
    other: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
