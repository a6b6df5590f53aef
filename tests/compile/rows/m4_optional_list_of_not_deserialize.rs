use wechatpay_core::{wechatpay_endpoint, Client};

struct Item {
    id: String,
}

#[wechatpay_endpoint(GET, "/v3/orders", response = Option<Vec<Item>>)]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
