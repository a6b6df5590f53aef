use wechatpay_core::{wechatpay_endpoint, Client};

mod facade {
    pub use wechatpay_core::*;
}

#[wechatpay_endpoint(POST, "/v3/orders", crate = self::facade)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
