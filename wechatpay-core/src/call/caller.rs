//! What `request.send(&client)` accepts.

use crate::endpoint::Endpoint;

/// A client that can send a declared operation: the async [`Client`] or the blocking one.
///
/// It lets `request.send(&client)` have one spelling for both. It is not meant to be implemented elsewhere.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Caller, Method, bill::AskTradeBill};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// One function for the async and for the blocking client.
/// fn ask<'a, C: Caller>(client: &'a C, ask: &'a AskTradeBill) -> C::Sent<'a, AskTradeBill> {
///     client.send(ask)
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/bill/tradebill", |_| {
///     json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" })
/// });
/// let link = ask(&gateway.client()?, &AskTradeBill::on("2026-11-20")).await?;
/// assert_eq!(link.hash_type, "SHA1");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a WeChat Pay client; pass a `wechatpay_core::Client` or a `wechatpay_core::blocking::Client`",
    label = "not a WeChat Pay client"
)]
pub trait Caller: sealed::Sealed {
    /// What `send` gives: a future with the async client, the result itself with the blocking one.
    type Sent<'a, E: Endpoint + 'a>
    where
        Self: 'a;

    /// Sends `request`.
    fn send<'a, E: Endpoint>(&'a self, request: &'a E) -> Self::Sent<'a, E>;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
