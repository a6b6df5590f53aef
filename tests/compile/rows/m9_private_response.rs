use wechatpay_core::{wechatpay_endpoint, Client};

mod private {
    #[derive(serde::Deserialize)]
    pub(super) struct Hidden {}
}

#[wechatpay_endpoint(POST, "/v3/orders", response = private::Hidden)]
pub struct Order {
    pub appid: String,
}

fn main() {
    fn used(order: &Order, client: &Client) {
        let _ = order.send(client);
    }
}
