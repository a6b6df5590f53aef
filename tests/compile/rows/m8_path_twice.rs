use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders/{a}")]
struct Order {
    #[wechatpay(path = "a", path = "b")]
    id: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
