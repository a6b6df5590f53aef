use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Deserialize)]
struct Answer {
    id: String,
}

#[wechatpay_endpoint(post, "/v3/orders/{mchid}", encrypt(real_nam), reponse = Answer, crate = wechatpay_core)]
struct Order {
    real_name: String,
    #[wechatpay(header = "Authorization")]
    token: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
