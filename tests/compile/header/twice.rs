use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    #[wechatpay(header = "Idempotency-Key")]
    first: String,
    #[wechatpay(header = "idempotency-key")]
    second: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
