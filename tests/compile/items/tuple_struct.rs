use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order(String, u8);

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
