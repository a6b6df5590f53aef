//! Operations without a declaration, called by their path.

use super::{caller::Caller, future::ResponseFuture, options::CallOptions, response::Response};
use crate::request::{
    self,
    decode::FromResponse,
    operation::{Announce, Operation, Prepare},
    prepare::{
        Fields, PrepareError,
        upload::{DigestAlgorithm, FileFields, UploadField},
        wire::FieldValue,
    },
};
use http::Method;
use std::{borrow::Cow, fmt, marker::PhantomData, time::Duration};

/// A call by path, for an operation that is not declared. Made by [`Client::request`](crate::Client::request).
///
/// It is signed, verified, retried and reported like a declared one. Sensitive values are encrypted where they are
/// [`Sensitive`], or by hand with [`Client::encrypt`].
///
/// # Sensitive values in the response
/// Without [`response`](Self::response) the response is a `serde_json::Value`, and **a ciphertext in it stays a
/// ciphertext**: the library does not know which texts are sensitive. `serde_json::from_value` on it does not decrypt
/// either, not even into a [`Sensitive`]. Decode with `.response::<T>()`, where `T` has [`Sensitive`] fields, or decrypt
/// single texts with [`Client::decrypt`].
///
/// [`Sensitive`]: crate::Sensitive
/// [`Client::encrypt`]: crate::Client::encrypt
/// [`Client::decrypt`]: crate::Client::decrypt
/// [`Client::request`]: crate::Client::request
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
/// let response = client
///     .request(Method::POST, "/v3/pay/transactions/native")
///     .json(&order)
///     .header("Accept-Language", "en")
///     .idempotent()
///     .send()
///     .await?;
/// assert_eq!(response["code_url"], "weixin://wxpay/bizpayurl?pr=p4");
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
    forms: Vec<(&'static str, &'a (dyn FieldValue + Sync))>,
    file: Option<(&'static str, &'a (dyn UploadField + Sync), FileFields)>,
}

/// What nearly all uploads add to `meta`: `{"filename": .., "sha256": ..}`.
const USUAL_FIELDS: FileFields = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);

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
        for (name, value) in &self.forms {
            fields.form(*name, *value);
        }
        if let Some((name, upload, names)) = self.file {
            fields.file(name, upload, names);
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

    /// Makes `value` the JSON body; of an upload, the JSON part `meta`. `None` in it is left out at every depth.
    pub fn json<V: FieldValue + Sync>(mut self, value: &'a V) -> Self {
        self.request.body = Some(value);
        self
    }

    /// Uploads a file in the part `file`, as nearly all upload operations take it: its name and SHA-256 are added to
    /// the part `meta` as `filename` and `sha256`. Further members of `meta` come from [`json`](Self::json).
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{Method, Upload};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/merchant/media/upload", |request| {
    ///     assert_eq!(request.json()["filename"], "licence.png");
    ///     json!({ "media_id": "H1ihR9JUtVj" })
    /// });
    /// let client = gateway.client()?;
    ///
    /// let licence = Upload::new("licence.png", "image");
    /// let media = client.request(Method::POST, "/v3/merchant/media/upload").upload(&licence).send().await?;
    /// assert_eq!(media["media_id"], "H1ihR9JUtVj");
    /// # Ok(()) }
    /// ```
    pub fn upload<U: UploadField + Sync>(self, upload: &'a U) -> Self {
        self.file("file", upload, USUAL_FIELDS)
    }

    /// Uploads a file in the part `name`. `fields` are what the library adds to the part `meta`, for the operations
    /// that require other names or another digest than [`upload`](Self::upload).
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{Method, Upload, endpoint::{DigestAlgorithm, FileFields}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file", |request| {
    ///     assert_eq!((&request.json()["sub_mchid"], request.json().get("filename")), (&json!("1900000109"), None));
    ///     assert_eq!(request.part("file_type").map(|part| &part.bytes()[..]), Some(&b"PDF"[..]));
    /// });
    /// let client = gateway.client()?;
    ///
    /// let (meta, invoice) = (json!({ "sub_mchid": "1900000109" }), Upload::new("invoice.pdf", "invoice"));
    /// let fields = FileFields::new(None, "digest", DigestAlgorithm::Sm3);
    /// client
    ///     .request(Method::POST, "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file")
    ///     .json(&meta)
    ///     .form("file_type", &"PDF")
    ///     .file("file", &invoice, fields)
    ///     .response::<()>()
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn file<U: UploadField + Sync>(mut self, name: &'static str, upload: &'a U, fields: FileFields) -> Self {
        if self.request.file.is_some() {
            let error = PrepareError::with_text(
                name,
                (
                    "is a second file; a request carries one",
                    "是第二个文件；一个请求只能带一个",
                ),
            );
            self.options.refuse(error);
        }
        self.request.file = Some((name, upload, fields));
        self
    }

    /// Adds a text part to an upload. A text part without a file is an error of the call.
    ///
    /// ```
    /// use wechatpay_core::{Method, Upload};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/media", |request| {
    ///     assert_eq!(request.part("kind").map(|part| &part.bytes()[..]), Some(&b"LICENCE"[..]));
    /// });
    /// let (client, file) = (gateway.client()?, Upload::new("licence.png", "image"));
    /// client.request(Method::POST, "/v3/media").form("kind", &"LICENCE").upload(&file).response::<()>().send().await?;
    /// # Ok(()) }
    /// ```
    pub fn form<V: FieldValue + Sync>(mut self, name: &'static str, value: &'a V) -> Self {
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

    /// The service recognises a retry of this request by its business number, so it may be retried after a fault with
    /// an unknown outcome.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Decodes the response as `U` instead of a `serde_json::Value`: a struct, `()`, a [`Download`](crate::Download).
    /// [`Sensitive`](crate::Sensitive) fields of a struct are decrypted.
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
            declared_fields: T::declared_fields,
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
