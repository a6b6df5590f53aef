use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders/{mchid}", encrypt(nam))]
struct Order<'a, T> {
    name: &'a str,
    value: T,
}

fn used(order: &Order<'_, u8>, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
