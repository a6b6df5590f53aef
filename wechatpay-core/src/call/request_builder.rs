//! Operations that nobody declared, called by their path.

use super::{caller::Caller, future::ResponseFuture, options::CallOptions, response::Response};
use crate::request::{
    self,
    decode::FromResponse,
    operation::{Announce, Operation, Prepare},
    prepare::{
        Fields,
        upload::{FileFields, Upload},
        wire::FieldValue,
    },
};
use http::Method;
use std::{borrow::Cow, fmt, marker::PhantomData, time::Duration};

/// A call by path, for an operation that is not declared. Made by [`Client::request`](crate::Client::request).
///
/// It is signed, verified, repeated and reported like a declared one. Sensitive values are encrypted where they are
/// [`Sensitive`](crate::Sensitive), or by hand with [`Client::encrypt`](crate::Client::encrypt).
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
pub struct RequestBuilder<'a, C, T = serde_json::Value> {
    caller: &'a C,
    method: Method,
    request: Request<'a>,
    options: CallOptions,
    idempotent: bool,
    response: PhantomData<fn() -> T>,
}

struct Request<'a> {
    template: String,
    path: Vec<(&'a str, &'a (dyn FieldValue + Sync))>,
    query: Vec<&'a (dyn FieldValue + Sync)>,
    body: Option<&'a (dyn FieldValue + Sync)>,
    forms: Vec<(&'a str, &'a (dyn FieldValue + Sync))>,
    file: Option<(&'a str, &'a Upload, FileFields)>,
}

impl Prepare for Request<'_> {
    fn prepare(&self, fields: &mut Fields) {
        for (name, value) in &self.path {
            fields.path(name, *value);
        }
        for query in &self.query {
            fields.query_all(*query);
        }
        for (name, value) in &self.forms {
            fields.form((*name).to_owned(), *value);
        }
        match (self.body, &self.file) {
            (body, Some((part, file, names))) => {
                if let Some(meta) = body {
                    fields.flatten(meta);
                }
                fields.file((*part).to_owned(), *file, *names);
            }
            (Some(body), None) => fields.body(body),
            (None, None) => {}
        }
    }
}

impl<C, T> fmt::Debug for RequestBuilder<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("path", &self.request.template)
            .finish_non_exhaustive()
    }
}

impl<'a, C: Caller> RequestBuilder<'a, C> {
    pub(crate) fn new(caller: &'a C, method: Method, path: impl Into<String>) -> Self {
        let request = Request {
            template: path.into(),
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            forms: Vec::new(),
            file: None,
        };
        Self {
            caller,
            method,
            request,
            options: CallOptions::default(),
            idempotent: false,
            response: PhantomData,
        }
    }
}

impl<'a, C: Caller, T: FromResponse> RequestBuilder<'a, C, T> {
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

    /// Makes the request a multipart upload of `file`, in the part `part`. The members of the [`json`](Self::json)
    /// value go into the part `meta`, beside the file's name and digest.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{DigestAlgorithm, FileFields, Method, Upload};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file", |request| {
    ///     assert_eq!(request.json()["digest"], DigestAlgorithm::Sm3.hex(b"invoice"));
    ///     assert_eq!(request.json()["file_type"], "PDF");
    /// });
    /// let names = FileFields { filename: None, digest: "digest", algorithm: DigestAlgorithm::Sm3 };
    /// let (meta, invoice) = (json!({ "file_type": "PDF" }), Upload::new("invoice.pdf", "invoice"));
    /// gateway
    ///     .client()?
    ///     .request(Method::POST, "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file")
    ///     .json(&meta)
    ///     .upload("file", &invoice, names)
    ///     .response::<()>()
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(mut self, part: &'a str, file: &'a Upload, names: FileFields) -> Self {
        self.request.file = Some((part, file, names));
        self
    }

    /// Adds a text part to a multipart upload.
    ///
    /// ```
    /// # use serde_json::json;
    /// # use wechatpay_core::{DigestAlgorithm, FileFields, Method, Upload};
    /// # use wechatpay_gateway::Gateway;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/marketing/favor/media/image-upload", |request| {
    ///     assert_eq!(request.part("scene").map(|part| &part.bytes()[..]), Some(&b"coupon"[..]));
    ///     json!({ "media_url": "https://example.com/a.png" })
    /// });
    /// let names = FileFields { filename: Some("filename"), digest: "sha256", algorithm: DigestAlgorithm::Sha256 };
    /// let image = Upload::new("a.png", "image");
    /// gateway
    ///     .client()?
    ///     .request(Method::POST, "/v3/marketing/favor/media/image-upload")
    ///     .upload("file", &image, names)
    ///     .form("scene", &"coupon")
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn form<V: FieldValue + Sync>(mut self, name: &'a str, value: &'a V) -> Self {
        self.request.forms.push((name, value));
        self
    }

    /// Adds a request header. A name that the client sets itself, or a value that a header cannot carry, is an error
    /// of the call; nothing is sent then.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.header(name, value);
        self
    }

    /// How long the whole call may take. Default: the client's, 30 seconds.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.options.deadline(limit);
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
    pub fn response<U: FromResponse>(self) -> RequestBuilder<'a, C, U> {
        let Self {
            caller,
            method,
            request,
            options,
            idempotent,
            response: _,
        } = self;
        RequestBuilder {
            caller,
            method,
            request,
            options,
            idempotent,
            response: PhantomData,
        }
    }

    /// Sends the request and gives the whole response, which dereferences to the decoded value: a future with the async
    /// client, the result itself with the blocking one.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub fn send(self) -> C::Sent<'a, Response<T>>
    where
        T: 'a,
    {
        let Self {
            caller,
            method,
            request,
            options,
            idempotent,
            response: _,
        } = self;
        let operation = Operation {
            method,
            template: Cow::Owned(request.template.clone()),
            idempotent,
            announce: Announce::Always,
            form: T::FORM,
        };
        let context = caller.context();
        let received = options
            .begin(|options| Box::pin(async move { request::execute(context, operation, &request, options).await }));
        caller.finish(ResponseFuture {
            received,
            decode: Response::decode,
        })
    }
}
