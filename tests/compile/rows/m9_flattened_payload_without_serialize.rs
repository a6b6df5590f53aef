use wechatpay_core::{wechatpay_endpoint, Client};

struct Amount {
    total: i64,
}

#[wechatpay_endpoint(GET, "/v3/orders")]
struct Order {
    #[serde(flatten)]
    amount: Amount,
    #[wechatpay(header = "X-Key")]
    key: Amount,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
