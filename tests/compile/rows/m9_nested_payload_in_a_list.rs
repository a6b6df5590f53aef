use wechatpay_core::{wechatpay_endpoint, Client};

struct Goods {
    id: String,
}

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    appid: String,
    goods: Option<Vec<Goods>>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
