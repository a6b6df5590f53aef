//! A declared operation with options of its own.

use super::{
    future::{Receiving, ResponseFuture},
    response::Response,
};
use crate::{
    context::Context,
    endpoint::Endpoint,
    error::Error,
    request::{
        self,
        decode::FromResponse as _,
        operation::{Announce, Operation, Options, Prepare},
        prepare::{self, Preparation, PrepareError},
    },
};
use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

/// Sends a declared operation.
pub(crate) fn send<'a, E: Endpoint>(context: &'a Arc<Context>, request: &'a E) -> ResponseFuture<'a, E::Response> {
    ResponseFuture {
        received: receive(context, request, Options::default()),
        decode: E::Response::decode,
    }
}

/// The one place where the type of a request is still known; everything behind it is compiled once.
fn receive<'a, E: Endpoint>(context: &'a Arc<Context>, request: &'a E, options: Options) -> Receiving<'a> {
    let operation = Operation {
        method: E::METHOD,
        template: E::PATH.into(),
        idempotent: E::IDEMPOTENT,
        announce: Announce::WhenUsed,
        form: E::Response::FORM,
        declared_fields: E::Response::declared_fields,
    };
    Box::pin(request::execute(context, operation, request, options))
}

impl<E: Endpoint> Prepare for E {
    fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
        Endpoint::prepare(self, request)
    }
}

/// A call with options of its own. Made by [`Client::call`]; awaiting it sends the request.
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
    context: &'a Arc<Context>,
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
    pub(crate) fn new(context: &'a Arc<Context>, request: &'a E) -> Self {
        Self {
            context,
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
        match prepare::header(name, value) {
            Ok((name, value)) => {
                self.options.headers.insert(name, value);
            }
            Err(error) => self.refused = self.refused.or(Some(error)),
        }
        self
    }

    /// Sends the request and gives the whole response. The same as awaiting the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<E::Response>, Error> {
        self.await
    }
}

impl<'a, E: Endpoint> IntoFuture for Call<'a, E>
where
    E::Response: 'a,
{
    type Output = Result<Response<E::Response>, Error>;
    type IntoFuture = ResponseFuture<'a, Response<E::Response>>;

    fn into_future(self) -> Self::IntoFuture {
        let received = match self.refused {
            Some(error) => Box::pin(std::future::ready(Err(error.into()))) as Receiving<'a>,
            None => receive(self.context, self.request, self.options),
        };
        ResponseFuture {
            received,
            decode: Response::decode,
        }
    }
}
