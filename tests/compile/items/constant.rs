use wechatpay_core::wechatpay_endpoint;

#[wechatpay_endpoint(POST, "/v3/orders")]
const ORDER: u8 = 1;

fn main() {}
