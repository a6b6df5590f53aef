use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "//api.mch.weixin.qq.com/v3/orders")]
struct Order {
    appid: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
