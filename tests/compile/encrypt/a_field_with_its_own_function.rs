use wechatpay_core::{wechatpay_endpoint, Client};

fn upper<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.to_uppercase())
}

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
struct Order {
    #[serde(serialize_with = "upper")]
    name: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
