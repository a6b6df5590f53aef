use wechatpay_core::wechatpay_endpoint;

struct Order;

#[wechatpay_endpoint(POST, "/v3/orders")]
impl Order {}

fn main() {}
