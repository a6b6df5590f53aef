use wechatpay_core::wechatpay_endpoint;

#[wechatpay_endpoint(POST, "/v3/orders")]
trait Order {}

fn main() {}
