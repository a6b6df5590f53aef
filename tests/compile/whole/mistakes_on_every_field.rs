use wechatpay_core::{wechatpay_endpoint, Client};

#[wechatpay_endpoint(GET, "/v3/orders/{id}/{id}", encrypt(id, key), idempotent)]
#[derive(Debug)]
struct Order {
    id: Option<String>,
    #[wechatpay(header = "Content-Type")]
    key: String,
    #[wechatpay(body)]
    first: String,
    #[wechatpay(form)]
    second: String,
    #[wechatpay(query, path = "id")]
    third: String,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
