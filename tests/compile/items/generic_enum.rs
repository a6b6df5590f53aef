use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders")]
enum Order<T> {
    A(T),
}

fn used(order: &Order<u8>, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
