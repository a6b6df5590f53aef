use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders/{id}")]
struct Order<T> {
    id: T,
}

fn used<T>(order: &Order<T>, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
