use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(PUT, "/v3/orders/{id}")]
struct Order {
    #[serde(rename = "orderId")]
    id: String,
    #[wechatpay(header = "X-Key")]
    #[serde(rename = "xKey")]
    key: String,
    #[wechatpay(body)]
    #[serde(rename = "goods")]
    body: Vec<String>,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
