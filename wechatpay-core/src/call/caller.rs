//! What `request.send(&client)` accepts.

use super::{future::ResponseFuture, sending};
use crate::endpoint::Endpoint;
use std::sync::Arc;

/// A client that can send a declared operation: the async [`Client`](crate::Client), the blocking one, or an
/// `Arc` or a reference of either.
///
/// It lets `request.send(&client)` have one spelling for both. It is not meant to be implemented elsewhere.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::{AskTradeBill, BillLink}, call::Caller};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// One function for the async and for the blocking client.
/// fn ask<'a, C: Caller>(client: &'a C, ask: &'a AskTradeBill) -> C::Sent<'a, BillLink> {
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
    /// What sending gives: a future with the async client, the result itself with the blocking one.
    type Sent<'a, T: 'a>
    where
        Self: 'a;

    /// Sends `request`.
    fn send<'a, E: Endpoint>(&'a self, request: &'a E) -> Self::Sent<'a, E::Response> {
        self.finish(sending::send(self.context(), request))
    }

    #[doc(hidden)]
    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> Self::Sent<'a, T>;
}

impl<C: Caller + ?Sized> Caller for &C {
    type Sent<'a, T: 'a>
        = C::Sent<'a, T>
    where
        Self: 'a;

    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> C::Sent<'a, T> {
        C::finish(self, future)
    }
}

impl<C: Caller + ?Sized> Caller for Arc<C> {
    type Sent<'a, T: 'a>
        = C::Sent<'a, T>
    where
        Self: 'a;

    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> C::Sent<'a, T> {
        C::finish(self, future)
    }
}

pub(crate) mod sealed {
    use crate::context::Context;
    use std::sync::Arc;

    pub trait Sealed {
        fn context(&self) -> &Arc<Context>;
    }

    impl<C: Sealed + ?Sized> Sealed for &C {
        fn context(&self) -> &Arc<Context> {
            C::context(self)
        }
    }

    impl<C: Sealed + ?Sized> Sealed for Arc<C> {
        fn context(&self) -> &Arc<Context> {
            C::context(self)
        }
    }
}
