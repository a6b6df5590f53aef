use wechatpay_core::{wechatpay_endpoint, Client, Upload};

#[wechatpay_endpoint(POST, "/v3/images")]
struct Order {
    image: Upload,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
