use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(POST, "/v3/orders", encrypt(realName, idNo))]
#[serde(rename_all = "camelCase")]
struct Order {
    real_name: String,
    #[serde(rename = "idNo")]
    number: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
