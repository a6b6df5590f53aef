use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Serialize)]
struct Plain {
    name: String,
}

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
#[derive(Clone)]
#[serde(remote = "Plain")]
struct Order {
    name: String,
}

impl From<Order> for Plain {
    fn from(order: Order) -> Self {
        Self { name: order.name }
    }
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
