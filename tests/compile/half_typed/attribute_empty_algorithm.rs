use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders/{appid}")]
struct Order {
    appid: String,
    #[wechatpay(file, algorithm =)]
    name: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
