//! `cargo wechatpay`.

fn main() {}
