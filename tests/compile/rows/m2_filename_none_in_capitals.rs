use wechatpay_core::{wechatpay_endpoint, Client, Upload};

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    #[wechatpay(file, filename = None)]
    image: Upload,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
