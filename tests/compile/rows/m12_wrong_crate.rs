use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders/{appid}", crate = ::wechatpay)]
struct Order {
    appid: String,
    #[wechatpay(query)]
    page: u32,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
