//! `cargo wechatpay`, as a library: what the commands do, without the terminal.

pub mod generate;
pub mod read;
