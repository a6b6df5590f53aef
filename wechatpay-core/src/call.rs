//! Calls: what a user does with a client and a request.

mod raw;
mod reply;

pub use raw::RawCall;
pub use reply::Reply;

use crate::{
    Answer, Client, Endpoint, Error, Fields, PrepareError,
    answer::Received,
    execute::{self, Operation, Options},
    preparation,
};
use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// A client that can send a declared operation: the async [`Client`] or the blocking one.
///
/// It lets `request.send(&client)` have one spelling for both. It is not meant to be implemented elsewhere.
///
#[cfg_attr(feature = "gateway", doc = "```")]
#[cfg_attr(not(feature = "gateway"), doc = "```ignore")]
/// use serde_json::json;
/// use wechatpay_core::{Caller, Method, bill::AskTradeBill, gateway::Gateway};
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
    impl Sealed for crate::Client {}
    #[cfg(feature = "blocking")]
    impl Sealed for crate::blocking::Client {}
}

impl Caller for Client {
    type Sent<'a, E: Endpoint + 'a> = Sending<'a, E::Response>;

    fn send<'a, E: Endpoint>(&'a self, request: &'a E) -> Sending<'a, E::Response> {
        Sending {
            received: receive(self, request, Options::default()),
            decode: E::Response::decode,
        }
    }
}

type Receiving<'a> = Pin<Box<dyn Future<Output = Result<Received, Error>> + Send + 'a>>;

/// The one place where the type of a request is still known; everything behind it is compiled once.
fn receive<'a, E: Endpoint>(client: &'a Client, request: &'a E, options: Options) -> Receiving<'a> {
    let operation = Operation {
        method: E::METHOD,
        template: E::PATH.into(),
        idempotent: E::IDEMPOTENT,
        streamed: E::Response::STREAMED,
        announce: false,
        brings_keys: false,
    };
    Box::pin(execute::execute(client, operation, request, options))
}

/// What [`execute`](execute::execute) needs of a request.
pub(crate) trait Prepare: Sync {
    fn prepare(&self, fields: &mut Fields);
}

impl<E: Endpoint> Prepare for E {
    fn prepare(&self, fields: &mut Fields) {
        self.fields(fields);
    }
}

/// An operation on its way; the future that `request.send(&client)` returns. Nothing happens before it is awaited.
///
/// Dropping it gives the call up. What was sent by then may have been executed all the same.
///
#[cfg_attr(feature = "gateway", doc = "```")]
#[cfg_attr(not(feature = "gateway"), doc = "```ignore")]
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::AskTradeBill, gateway::Gateway};
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
pub struct Sending<'a, T> {
    received: Receiving<'a>,
    decode: fn(&mut Received) -> Result<T, Error>,
}

impl<T> fmt::Debug for Sending<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sending")
    }
}

impl<T> Future for Sending<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let decode = self.decode;
        self.received
            .as_mut()
            .poll(context)
            .map(|received| decode(&mut received?))
    }
}

/// A call with options of its own. Made by [`Client::call`]; awaiting it sends the request.
///
#[cfg_attr(feature = "gateway", doc = "```")]
#[cfg_attr(not(feature = "gateway"), doc = "```ignore")]
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::{Method, bill::AskTradeBill, gateway::Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/bill/tradebill", |request| {
///     assert_eq!(request.header("Accept-Language"), Some("en"));
///     json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" })
/// });
/// let client = gateway.client()?;
///
/// let ask = AskTradeBill::on("2026-11-20");
/// let call = client.call(&ask).deadline(Duration::from_secs(5)).header("Accept-Language", "en");
/// let reply = call.send().await?;
/// assert_eq!((reply.status().as_u16(), reply.hash_type.as_str()), (200, "SHA1"));
///
/// // What the client sets itself is not for a call to change.
/// let error = client.call(&ask).header("Authorization", "mine").await.unwrap_err();
/// assert_eq!((error.attempts(), error.field()), (0, Some("Authorization")));
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<'a, E> {
    client: &'a Client,
    request: &'a E,
    options: Options,
    refused: Option<PrepareError>,
}

impl<E> fmt::Debug for Call<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("deadline", &self.options.deadline)
            .finish_non_exhaustive()
    }
}

impl<'a, E: Endpoint> Call<'a, E> {
    pub(crate) fn new(client: &'a Client, request: &'a E) -> Self {
        Self {
            client,
            request,
            options: Options::default(),
            refused: None,
        }
    }

    /// How long the whole call may take, all attempts and the pauses between them included. Default: the client's,
    /// 30 seconds.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.options.deadline = Some(limit);
        self
    }

    /// Adds a request header. A name that the client sets itself, or a value that a header cannot carry, is an error
    /// of the call; nothing is sent then.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match preparation::header(name, value) {
            Ok((name, value)) => {
                self.options.headers.insert(name, value);
            }
            Err(error) => self.refused = self.refused.or(Some(error)),
        }
        self
    }

    /// Sends the request and gives the whole reply. The same as awaiting the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Reply<E::Response>, Error> {
        self.await
    }
}

impl<'a, E: Endpoint> IntoFuture for Call<'a, E>
where
    E::Response: 'a,
{
    type Output = Result<Reply<E::Response>, Error>;
    type IntoFuture = Sending<'a, Reply<E::Response>>;

    fn into_future(self) -> Self::IntoFuture {
        let received = match self.refused {
            Some(error) => Box::pin(std::future::ready(Err(error.into()))) as Receiving<'a>,
            None => receive(self.client, self.request, self.options),
        };
        Sending {
            received,
            decode: Reply::decode,
        }
    }
}
