use wechatpay_core::{wechatpay_endpoint, Client};

struct Nothing;

#[wechatpay_endpoint(GET, "/v3/orders/{id}")]
struct Order {
    id: Nothing,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
