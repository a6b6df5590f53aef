use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    #[wechatpay(body)]
    first: Vec<String>,
    #[wechatpay(body)]
    second: Vec<String>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
