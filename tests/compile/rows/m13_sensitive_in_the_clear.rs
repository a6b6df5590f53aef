use wechatpay_core::{wechatpay_endpoint, Client, Sensitive, Upload};

#[wechatpay_endpoint(POST, "/v3/orders/{mchid}")]
struct Order {
    mchid: Sensitive<String>,
    #[wechatpay(header = "X-Name")]
    name: Option<Sensitive<String>>,
    #[wechatpay(form)]
    note: Sensitive,
    #[wechatpay(file)]
    file: Upload,
}

fn used(order: &Order, client: &Client) {
    let _ = order.send(client);
}

fn main() {}
