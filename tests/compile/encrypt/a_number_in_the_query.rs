use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders", encrypt(value))]
struct Order {
    #[wechatpay(query)]
    value: u64,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
