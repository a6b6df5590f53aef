use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
union Order {
    a: u8,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
