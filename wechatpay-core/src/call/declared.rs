//! A call of a declared operation, with options.

use super::{caller::Caller, future::ResponseFuture, options::CallOptions, response::Response, sending::receive};
use crate::{endpoint::Endpoint, error::Error};
use std::{
    fmt,
    future::{Future, IntoFuture},
    time::Duration,
};

/// A call with options, created by [`Client::call`](crate::Client::call); awaiting it sends the request.
///
/// ```
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::{Method, bill::AskTradeBill};
/// use wechatpay_gateway::Gateway;
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
/// let response = call.send().await?;
/// assert_eq!((response.status().as_u16(), response.hash_type.as_str()), (200, "SHA1"));
///
/// // What the client sets itself is not for a call to change.
/// let error = client.call(&ask).header("Authorization", "mine").await.unwrap_err();
/// assert_eq!((error.attempts(), error.field()), (0, Some("Authorization")));
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until `send`"]
pub struct Call<'a, E, C> {
    caller: &'a C,
    request: &'a E,
    options: CallOptions,
}

impl<E, C> fmt::Debug for Call<'_, E, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("deadline", &self.options.options.deadline)
            .finish_non_exhaustive()
    }
}

impl<'a, E: Endpoint, C: Caller> Call<'a, E, C> {
    pub(crate) fn new(caller: &'a C, request: &'a E) -> Self {
        Self {
            caller,
            request,
            options: CallOptions::default(),
        }
    }

    /// How long the whole call may take, including all attempts and the pauses between them. Default: the client's,
    /// 30 seconds.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.options.deadline(limit);
        self
    }

    /// Adds a request header. A name that the client sets itself, or a value that a header cannot carry, is an error
    /// of the call; nothing is sent then.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.header(name, value);
        self
    }

    /// Sends the request and gives the whole response: a future with the async client, the result itself with the
    /// blocking one.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send(self) -> C::Sent<'a, Response<E::Response>> {
        let (context, request) = (self.caller.context(), self.request);
        self.caller.finish(ResponseFuture {
            received: self.options.begin(|options| receive(context, request, options)),
            decode: Response::decode,
        })
    }
}

/// Awaiting a call is the same as awaiting [`send`](Call::send).
impl<'a, E: Endpoint, C: Caller> IntoFuture for Call<'a, E, C>
where
    E::Response: 'a,
    C::Sent<'a, Response<E::Response>>: Future<Output = Result<Response<E::Response>, Error>>,
{
    type Output = Result<Response<E::Response>, Error>;
    type IntoFuture = C::Sent<'a, Response<E::Response>>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}
