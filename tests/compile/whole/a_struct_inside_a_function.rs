use wechatpay_core::{wechatpay_endpoint, Client};

fn inside(client: &Client) {
    #[wechatpay_endpoint(POST, "/v3/orders", encrypt(nam))]
    struct Order {
        name: String,
    }
    let _ = Order { name: String::new() }.send(client);
}

fn main() {}
