//! `cargo wechatpay`, as a library: what the commands do, without the terminal.

pub mod changelog;
pub mod generate;
pub mod import;
pub mod read;
pub mod write;
