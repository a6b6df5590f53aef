//! The future of a call.

use crate::{error::Error, request::decode::RawResponse};
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

pub(crate) type Receiving<'a> = Pin<Box<dyn Future<Output = Result<RawResponse, Error>> + Send + 'a>>;

/// An operation on its way; the future that `request.send(&client)` returns. Nothing happens before it is awaited.
///
/// Dropping it gives the call up. What was sent by then may have been executed all the same.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::AskTradeBill};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/bill/tradebill", |_| {
///     json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" })
/// });
/// let (client, ask) = (gateway.client()?, AskTradeBill::on("2026-11-20"));
///
/// let sending = ask.send(&client);
/// assert_eq!(gateway.received(), 0);
/// sending.await?;
/// assert_eq!(gateway.received(), 1);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the future is awaited"]
pub struct ResponseFuture<'a, T> {
    pub(crate) received: Receiving<'a>,
    pub(crate) decode: fn(&mut RawResponse) -> Result<T, Error>,
}

impl<T> fmt::Debug for ResponseFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}

impl<T> Future for ResponseFuture<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let decode = self.decode;
        self.received.as_mut().poll(context).map(|received| {
            let mut received = received?;
            // A response of another type can be the response to another request.
            let decoded = decode(&mut received)?;
            received.accept();
            Ok(decoded)
        })
    }
}
