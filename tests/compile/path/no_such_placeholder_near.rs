use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders/{order_id}")]
struct Order {
    #[wechatpay(path = "orderid")]
    other: String,
    order_id: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
