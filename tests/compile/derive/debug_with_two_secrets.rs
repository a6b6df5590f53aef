use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name, id))]
#[derive(std::fmt::Debug)]
struct Order {
    name: String,
    id: Option<String>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
