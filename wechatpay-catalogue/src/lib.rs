//! Every documented operation of WeChat Pay API v3 (微信支付 APIv3).
//!
//! Without a feature the crate holds only the [`description`].

pub mod description;
