use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/images")]
struct Order {
    #[wechatpay(file)]
    image: Vec<u8>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
