use wechatpay_core::wechatpay_endpoint;

#[wechatpay_endpoint(POST, "/v3/orders")]
struct Order {
    appid: String,
}

fn send(order: &Order, client: &String) {
    let _ = order.send(client);
}

fn main() {}
