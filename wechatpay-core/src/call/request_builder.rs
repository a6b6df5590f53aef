//! Operations that nobody declared, called by their path.

use super::{
    future::{Receiving, ResponseFuture},
    response::Response,
};
use crate::request::operation::Prepare;
use crate::{
    context::Context,
    error::Error,
    request::{
        self,
        decode::FromResponse,
        operation::{Announce, Operation, Options},
        prepare::{self, Fields, PrepareError, wire::FieldValue},
    },
};
use http::Method;
use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc, time::Duration};

/// A call by path, for an operation that is not declared. Made by [`Client::request`].
///
/// It is signed, verified, repeated and reported like a declared one. Sensitive values are encrypted where they are
/// [`Sensitive`](crate::Sensitive), or by hand with [`Client::encrypt`].
///
/// ```
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::Method;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::POST, "/v3/pay/transactions/native", |_| json!({ "code_url": "weixin://wxpay/bizpayurl?pr=p4" }))
///     .on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |request| {
///         assert_eq!(request.query("mchid"), Some("1900000100"));
///         json!({ "out_trade_no": request.path("out_trade_no"), "trade_state": "NOTPAY" })
///     });
/// let client = gateway.client()?;
///
/// let order = json!({ "mchid": "1900000100", "out_trade_no": "A-1" });
/// let answer = client
///     .request(Method::POST, "/v3/pay/transactions/native")
///     .json(&order)
///     .header("Accept-Language", "en")
///     .idempotent()
///     .send()
///     .await?;
/// assert_eq!(answer["code_url"], "weixin://wxpay/bizpayurl?pr=p4");
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     trade_state: String,
/// }
/// let order = client
///     .request(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")
///     .path("out_trade_no", &"A-1")
///     .query(&json!({ "mchid": "1900000100" }))
///     .deadline(Duration::from_secs(5))
///     .response::<Order>()
///     .send()
///     .await?;
/// assert_eq!(order.trade_state, "NOTPAY");
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until `send` is awaited"]
pub struct RequestBuilder<'a, T = serde_json::Value> {
    context: &'a Arc<Context>,
    method: Method,
    request: Request<'a>,
    options: Options,
    idempotent: bool,
    refused: Option<PrepareError>,
    response: PhantomData<fn() -> T>,
}

struct Request<'a> {
    template: String,
    path: Vec<(&'a str, &'a (dyn FieldValue + Sync))>,
    query: Vec<&'a (dyn FieldValue + Sync)>,
    body: Option<&'a (dyn FieldValue + Sync)>,
}

impl Prepare for Request<'_> {
    fn prepare(&self, fields: &mut Fields) {
        for (name, value) in &self.path {
            fields.path(name, *value);
        }
        for query in &self.query {
            fields.query_all(*query);
        }
        if let Some(body) = self.body {
            fields.body(body);
        }
    }
}

impl<T> fmt::Debug for RequestBuilder<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("path", &self.request.template)
            .finish_non_exhaustive()
    }
}

impl<'a> RequestBuilder<'a> {
    pub(crate) fn new(context: &'a Arc<Context>, method: Method, path: impl Into<String>) -> Self {
        let request = Request {
            template: path.into(),
            path: Vec::new(),
            query: Vec::new(),
            body: None,
        };
        Self {
            context,
            method,
            request,
            options: Options::default(),
            idempotent: false,
            refused: None,
            response: PhantomData,
        }
    }
}

impl<'a, T: FromResponse> RequestBuilder<'a, T> {
    /// Fills the placeholder `{name}` of the path with one scalar.
    pub fn path<V: FieldValue + Sync>(mut self, name: &'a str, value: &'a V) -> Self {
        self.request.path.push((name, value));
        self
    }

    /// Adds the members of a struct or map to the query string.
    pub fn query<V: FieldValue + Sync>(mut self, values: &'a V) -> Self {
        self.request.query.push(values);
        self
    }

    /// Makes `value` the JSON body. `None` in it is left out at every depth.
    pub fn json<V: FieldValue + Sync>(mut self, value: &'a V) -> Self {
        self.request.body = Some(value);
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

    /// How long the whole call may take. Default: the client's, 30 seconds.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.options.deadline = Some(limit);
        self
    }

    /// The server recognises a repeat of this request by its business number, so it may be repeated after a fault
    /// whose outcome is unknown.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Decodes the response as `U` instead of a `serde_json::Value`: a struct, `()`, a
    /// [`Download`](crate::Download).
    pub fn response<U: FromResponse>(self) -> RequestBuilder<'a, U> {
        let Self {
            context,
            method,
            request,
            options,
            idempotent,
            refused,
            ..
        } = self;
        RequestBuilder {
            context,
            method,
            request,
            options,
            idempotent,
            refused,
            response: PhantomData,
        }
    }

    /// Sends the request; the future gives the whole response, which dereferences to the decoded answer.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send(self) -> ResponseFuture<'a, Response<T>> {
        let Self {
            context,
            method,
            request,
            options,
            idempotent,
            refused,
            ..
        } = self;
        let operation = Operation {
            method,
            template: Cow::Owned(request.template.clone()),
            idempotent,
            announce: Announce::Always,
            form: T::FORM,
        };
        let received: Receiving<'a> = match refused {
            Some(error) => Box::pin(std::future::ready(Err(Error::from(error)))),
            None => Box::pin(async move { request::execute(context, operation, &request, options).await }),
        };
        ResponseFuture {
            received,
            decode: Response::decode,
        }
    }
}
