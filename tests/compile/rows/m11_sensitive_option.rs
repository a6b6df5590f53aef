use wechatpay_core::{wechatpay_endpoint, Client, Sensitive};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    name: Sensitive<Option<String>>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
