use wechatpay_core::{wechatpay_endpoint, Client};

mod upper {
    pub fn serialize<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text.to_uppercase())
    }
}

#[wechatpay_endpoint(GET, "/v3/orders/{id}")]
struct Order {
    #[serde(with = "upper")]
    id: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
