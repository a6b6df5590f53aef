//! What `cargo wechatpay` is made of.

pub mod read;
