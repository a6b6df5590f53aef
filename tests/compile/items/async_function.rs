use wechatpay_core::wechatpay_endpoint;

#[wechatpay_endpoint(POST, "/v3/orders")]
async fn order() {}

fn main() {}
