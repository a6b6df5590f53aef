use wechatpay_core::{wechatpay_endpoint, Client, Sensitive};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
struct Order {
    name: Sensitive<String>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
