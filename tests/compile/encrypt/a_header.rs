use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(key))]
struct Order {
    #[wechatpay(header = "Idempotency-Key")]
    key: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
