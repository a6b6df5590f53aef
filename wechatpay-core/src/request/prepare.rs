//! Builds a request from its fields: path, query, headers and body, as bytes.

mod error;
mod multipart;
pub(crate) mod upload;
pub(crate) mod wire;
pub(crate) mod with_keys;

pub use error::PrepareError;
pub(crate) use multipart::Multipart;

use crate::{
    request::prepare::{
        upload::{FileFields, Upload, UploadField},
        wire::{FieldValue, Presence, WireError, Writer, percent, value::write_member},
    },
    support::{language::text, one_line::OneLine},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use std::{borrow::Cow, fmt, mem, ops::Range};

/// Takes the fields of a request, each with the place that it goes to. See
/// [`Endpoint::fields`](crate::Endpoint::fields).
///
/// The order matters only within the query string and the body. A field that cannot be sent is reported by the call:
/// the first error is kept, and nothing is sent.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_core::{Endpoint, Method, endpoint::Fields, sensitive::Encrypted};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// struct AddReceiver {
///     sub_mchid: String,
///     key: String,
///     account: String,
///     name: String,
///     custom_relation: Option<String>,
/// }
///
/// impl Endpoint for AddReceiver {
///     type Response = Value;
///     const METHOD: Method = Method::POST;
///     const PATH: &'static str = "/v3/profitsharing/{sub_mchid}/receivers";
///
///     fn fields(&self, fields: &mut Fields) {
///         fields.path("sub_mchid", &self.sub_mchid);
///         fields.header("Idempotency-Key", &self.key);
///         fields.query("notify", &true);
///         fields.payload("account", &self.account);
///         fields.payload("name", &Encrypted::new(&self.name));
///         fields.payload("custom_relation", &self.custom_relation);
///     }
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, AddReceiver::PATH, |request| {
///     assert_eq!((request.path("sub_mchid"), request.query("notify")), ("1900000109", Some("true")));
///     assert_eq!((&request.json()["account"], request.plaintext("name")), (&json!("86693852"), Some("张三")));
///     assert_eq!(request.json().get("custom_relation"), None);
///     json!({})
/// });
/// let add = AddReceiver {
///     sub_mchid: "1900000109".into(),
///     key: "R-1".into(),
///     account: "86693852".into(),
///     name: "张三".into(),
///     custom_relation: None,
/// };
/// gateway.client()?.call(&add).await?;
/// # Ok(()) }
/// ```
pub struct Fields {
    method: Method,
    template: Cow<'static, str>,
    path: Cow<'static, str>,
    query: Vec<u8>,
    headers: HeaderMap,
    body: Vec<u8>,
    /// The body is a JSON object whose closing brace is still missing.
    open: bool,
    forms: Vec<(Cow<'static, str>, Vec<u8>)>,
    file: Option<(Cow<'static, str>, Upload, FileFields)>,
    /// Only the payload is wanted, as JSON: the request is serialised, not sent.
    payload_only: bool,
    refused: Option<PrepareError>,
}

/// Names the operation; the fields may be sensitive.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields")
            .field("method", &self.method)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// A request as it will be sent, but for what each attempt renews: nonce, timestamp and signature.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) method: Method,
    /// The path template: what errors and logs show.
    pub(crate) template: Cow<'static, str>,
    /// Path and query exactly as sent and signed.
    pub(crate) target: Cow<'static, str>,
    pub(crate) headers: HeaderMap,
    /// The bytes that are signed: the JSON body, or the part `meta` of an upload.
    pub(crate) body: Bytes,
    pub(crate) multipart: Option<Multipart>,
}

/// Headers that the client sets itself, in lower case. The attribute has the same list; a test compares them.
pub const CLIENT_HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
    "wechatpay-serial",
];

impl Fields {
    pub(crate) fn new(method: Method, template: impl Into<Cow<'static, str>>) -> Self {
        let template = template.into();
        Self {
            method,
            path: template.clone(),
            template,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            open: false,
            forms: Vec::new(),
            file: None,
            payload_only: false,
            refused: None,
        }
    }

    /// Fills the placeholder `{name}` of the path with one scalar: text, a number, a boolean or an enum without
    /// content. It is percent-encoded as one segment.
    ///
    /// The call fails when the value is empty, `.` or `..`, absent, or no scalar, and when the path has no such
    /// placeholder.
    pub fn path(&mut self, name: &str, value: &dyn FieldValue) {
        if !self.payload_only {
            let filled = self.fill(name, value);
            self.keep(filled);
        }
    }

    /// Adds a field of the payload: a query parameter of a `GET`, a member of the JSON body of other methods, a member
    /// of `meta` in an upload. `None` is left out, at every depth.
    ///
    /// The call fails when the value cannot be written: a number that JSON does not have, a sensitive text that is too
    /// long, in a query anything but scalars and lists of them.
    pub fn payload(&mut self, name: &str, value: &dyn FieldValue) {
        if self.payload_is_query() {
            self.query(name, value);
        } else if self.open_object() {
            let written = write_member(&mut self.body, name, value);
            self.keep_wire(name, written);
        }
    }

    /// Adds the members of a struct or map to the payload, as `#[serde(flatten)]` does.
    ///
    /// The call fails when the value is neither, and as with [`payload`](Self::payload).
    ///
    /// ```
    /// use serde::Serialize;
    /// use serde_json::json;
    /// use wechatpay_core::{Endpoint, Method, endpoint::Fields};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #[derive(Serialize)]
    /// struct Refund {
    ///     out_refund_no: String,
    ///     reason: Option<String>,
    /// }
    ///
    /// impl Endpoint for Refund {
    ///     type Response = ();
    ///     const METHOD: Method = Method::POST;
    ///     const PATH: &'static str = "/v3/refund/domestic/refunds";
    ///
    ///     fn fields(&self, fields: &mut Fields) {
    ///         fields.flatten(self);
    ///     }
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, Refund::PATH, |request| {
    ///     assert_eq!(request.json(), &json!({ "out_refund_no": "R-1" }));
    /// });
    /// let refund = Refund { out_refund_no: "R-1".into(), reason: None };
    /// gateway.client()?.call(&refund).await?;
    /// # Ok(()) }
    /// ```
    pub fn flatten(&mut self, value: &dyn FieldValue) {
        if self.payload_is_query() {
            self.query_all(value);
        } else if self.open_object() {
            let written = value.write(Writer::members(&mut self.body));
            self.keep_wire("", written);
        }
    }

    /// Adds a query parameter, for every method. An absent value adds nothing. A list adds the name for each value.
    ///
    /// The call fails when the value is neither a scalar nor a list of scalars.
    pub fn query(&mut self, name: &str, value: &dyn FieldValue) {
        if !self.payload_only {
            let written = value.write(Writer::parameter(&mut self.query, name));
            self.keep_wire(name, written);
        }
    }

    /// Adds the members of a struct or map to the query string, for every method.
    ///
    /// The call fails when the value is neither, or a member is neither a scalar nor a list of scalars.
    ///
    /// ```
    /// use serde::Serialize;
    /// use wechatpay_core::{Endpoint, Method, endpoint::Fields};
    /// use wechatpay_gateway::Gateway;
    ///
    /// #[derive(Serialize)]
    /// struct Page {
    ///     limit: u32,
    ///     offset: Option<u32>,
    /// }
    ///
    /// /// A list of numbers as the whole body, and the page in the query.
    /// struct FindOrders(Vec<String>, Page);
    ///
    /// impl Endpoint for FindOrders {
    ///     type Response = ();
    ///     const METHOD: Method = Method::POST;
    ///     const PATH: &'static str = "/v3/orders";
    ///
    ///     fn fields(&self, fields: &mut Fields) {
    ///         fields.body(&self.0);
    ///         fields.query_all(&self.1);
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, FindOrders::PATH, |request| {
    ///     assert_eq!((request.query("limit"), request.query("offset")), (Some("20"), None));
    ///     assert_eq!(request.json()[0], "A-1");
    /// });
    /// gateway.client()?.call(&FindOrders(vec!["A-1".into()], Page { limit: 20, offset: None })).await?;
    /// # Ok(()) }
    /// ```
    pub fn query_all(&mut self, value: &dyn FieldValue) {
        if !self.payload_only {
            let written = value.write(Writer::parameters(&mut self.query));
            self.keep_wire("", written);
        }
    }

    /// Sets the whole query string, which is already encoded.
    pub(crate) fn encoded_query(&mut self, query: &str) {
        query.as_bytes().clone_into(&mut self.query);
    }

    /// Adds a request header; none when the value is absent.
    ///
    /// The call fails when the client sets this header itself, when the value is no scalar, and when it holds a line
    /// break or another control character.
    pub fn header(&mut self, name: &str, value: &dyn FieldValue) {
        if self.payload_only {
            return;
        }
        let header = text(name, value).and_then(|text| text.map(|text| header(name, text)).transpose());
        let added = header.map(|header| {
            if let Some((name, value)) = header {
                self.headers.insert(name, value);
            }
        });
        self.keep(added);
    }

    /// As [`query_all`](Self::query_all) shows, makes this one value the whole JSON body. The body stays empty when the
    /// value is absent.
    ///
    /// The call fails on a `GET`, when there is a body already, and as with [`payload`](Self::payload).
    pub fn body(&mut self, value: &dyn FieldValue) {
        if self.payload_is_query() {
            return self.refuse(PrepareError::with_text(
                "",
                ("a GET request has no body", "GET 请求没有请求体"),
            ));
        }
        if self.has_no_body() {
            let written = value.write(Writer::json(&mut self.body));
            self.keep_wire("", written);
        }
    }

    /// Adds a text part to a multipart upload; none when the value is absent.
    ///
    /// The call fails when the value is no scalar.
    ///
    /// ```
    /// use wechatpay_core::{Endpoint, Method, Upload, endpoint::{DigestAlgorithm, Fields, FileFields}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// struct Invoice {
    ///     file_type: Option<String>,
    ///     file: Upload,
    /// }
    ///
    /// impl Endpoint for Invoice {
    ///     type Response = ();
    ///     const METHOD: Method = Method::POST;
    ///     const PATH: &'static str = "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file";
    ///
    ///     fn fields(&self, fields: &mut Fields) {
    ///         fields.form("file_type", &self.file_type);
    ///         let names = FileFields::new(None, "digest", DigestAlgorithm::Sm3);
    ///         fields.file("file", &self.file, names);
    ///     }
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, Invoice::PATH, |request| {
    ///     assert_eq!(request.part("file_type").map(|part| &part.bytes()[..]), Some(&b"PDF"[..]));
    ///     assert_eq!(request.json()["digest"], DigestAlgorithm::Sm3.hex(b"invoice"));
    /// });
    /// let invoice = Invoice { file_type: Some("PDF".into()), file: Upload::new("invoice.pdf", "invoice") };
    /// gateway.client()?.call(&invoice).await?;
    /// # Ok(()) }
    /// ```
    pub fn form(&mut self, name: impl Into<Cow<'static, str>>, value: &dyn FieldValue) {
        if self.payload_only {
            return;
        }
        let name = name.into();
        let text = text(&name, value);
        let added = text.map(|text| self.forms.extend(text.map(|text| (name, text))));
        self.keep(added);
    }

    /// Makes the request a multipart upload of this file, in the part `name`. Its name and digest are added to the
    /// part `meta`, which is what is signed.
    ///
    /// The call fails on a `GET`, when there is a file already, and when the media type is not one.
    ///
    /// ```
    /// use wechatpay_core::{Endpoint, Method, Upload, endpoint::{DigestAlgorithm, Fields, FileFields}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// struct UploadImage {
    ///     file: Upload,
    /// }
    ///
    /// impl Endpoint for UploadImage {
    ///     type Response = ();
    ///     const METHOD: Method = Method::POST;
    ///     const PATH: &'static str = "/v3/merchant/media/upload";
    ///
    ///     fn fields(&self, fields: &mut Fields) {
    ///         let names = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);
    ///         fields.file("file", &self.file, names);
    ///     }
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, UploadImage::PATH, |request| {
    ///     assert_eq!(request.json()["filename"], "licence.png");
    ///     assert_eq!(request.part("file").and_then(|part| part.content_type()), Some("image/png"));
    /// });
    /// gateway.client()?.call(&UploadImage { file: Upload::new("licence.png", "image") }).await?;
    /// # Ok(()) }
    /// ```
    pub fn file(&mut self, name: impl Into<Cow<'static, str>>, file: &dyn UploadField, names: FileFields) {
        if !self.payload_only {
            let added = self.one_file(name.into(), file.upload(), names);
            self.keep(added);
        }
    }

    /// Refuses to send the request, for a reason that the endpoint defines.
    ///
    /// ```
    /// use wechatpay_core::{Endpoint, Method, endpoint::{Fields, PrepareError}};
    ///
    /// struct Query {
    ///     limit: u32,
    /// }
    ///
    /// impl Endpoint for Query {
    ///     type Response = serde_json::Value;
    ///     const METHOD: Method = Method::GET;
    ///     const PATH: &'static str = "/v3/orders";
    ///
    ///     fn fields(&self, fields: &mut Fields) {
    ///         if self.limit > 50 {
    ///             fields.refuse(PrepareError::new("limit", "is more than 50"));
    ///         }
    ///         fields.query("limit", &self.limit);
    ///     }
    /// }
    /// ```
    pub fn refuse(&mut self, error: PrepareError) {
        self.refused.get_or_insert(error);
    }

    /// Keeps the first error.
    fn keep(&mut self, result: Result<(), PrepareError>) {
        if let Err(error) = result {
            self.refuse(error);
        }
    }

    /// Keeps the first error. Results of the writer are as small as a pointer, so they are passed on as they are.
    fn keep_wire<T>(&mut self, name: &str, written: Result<T, WireError>) {
        if let Err(error) = written {
            self.refuse(PrepareError::wire(name, &error));
        }
    }

    fn payload_is_query(&self) -> bool {
        self.method == Method::GET && !self.payload_only
    }

    fn fill(&mut self, name: &str, value: &dyn FieldValue) -> Result<(), PrepareError> {
        let text = text(name, value)?;
        let text = match text.as_deref() {
            None => {
                return Err(PrepareError::with_text(
                    name,
                    ("is absent, but the path needs it", "缺失，而路径需要它"),
                ));
            }
            Some(b"") => {
                return Err(PrepareError::with_text(
                    name,
                    ("is empty, but the path needs it", "为空，而路径需要它"),
                ));
            }
            Some(b".") => {
                return Err(PrepareError::with_text(
                    name,
                    ("is `.`, which means another path", "是 `.`，会变成另一个路径"),
                ));
            }
            Some(b"..") => {
                return Err(PrepareError::with_text(
                    name,
                    ("is `..`, which means another path", "是 `..`，会变成另一个路径"),
                ));
            }
            Some(text) => {
                str::from_utf8(text).map_err(|_| PrepareError::with_text(name, ("is not text", "不是文本")))?
            }
        };
        // A value's own braces are encoded, so what is found here is always the template's.
        let Some(placeholder) = find_placeholder(&self.path, name) else {
            let template = OneLine(&self.template);
            return Err(PrepareError::with_text(
                name,
                text!(
                    "has no placeholder in the path `{template}`",
                    "在路径 `{template}` 中没有占位符"
                ),
            ));
        };
        self.path.to_mut().replace_range(placeholder, &percent::encoded(text));
        Ok(())
    }

    /// Makes the body an object, for the first field of the payload. `false` after refusing a second body.
    fn open_object(&mut self) -> bool {
        if !self.open && self.has_no_body() {
            self.body.push(b'{');
            self.open = true;
        }
        self.open
    }

    fn has_no_body(&mut self) -> bool {
        let has_none = self.body.is_empty();
        if has_none {
            self.body.reserve(BODY_CAPACITY);
        } else {
            self.refuse(PrepareError::with_text(
                "",
                ("the request has a body already", "请求已经有请求体"),
            ));
        }
        has_none
    }

    fn one_file(&mut self, name: Cow<'static, str>, upload: &Upload, names: FileFields) -> Result<(), PrepareError> {
        if self.method == Method::GET {
            return Err(PrepareError::with_text(
                name,
                (
                    "is a file, but a GET request has no body",
                    "是文件，而 GET 请求没有请求体",
                ),
            ));
        }
        if self.file.is_some() {
            return Err(PrepareError::with_text(
                name,
                (
                    "is a second file; a request carries one",
                    "是第二个文件；一个请求只能带一个",
                ),
            ));
        }
        if HeaderValue::from_str(upload.media_type()).is_err() {
            return Err(PrepareError::with_text(
                name,
                ("has a media type that is not one", "的媒体类型无效"),
            ));
        }
        self.file = Some((name, upload.clone(), names));
        Ok(())
    }

    /// The body, complete.
    fn close(&mut self) -> Result<Vec<u8>, PrepareError> {
        if let Some(error) = self.refused.take() {
            return Err(error);
        }
        if self.open {
            self.body.push(b'}');
        }
        Ok(mem::take(&mut self.body))
    }

    /// Freezes the request.
    pub(crate) fn finish(mut self) -> Result<Prepared, PrepareError> {
        let body = self.close()?;
        let Self {
            method,
            template,
            path,
            query,
            headers,
            forms,
            file,
            ..
        } = self;
        if let Some(open) = path.split('{').nth(1) {
            let name = open.split('}').next().unwrap_or_default();
            let template = OneLine(&template);
            return Err(PrepareError::with_text(
                name,
                text!(
                    "was not given, but the path `{template}` needs it",
                    "没有给出，而路径 `{template}` 需要它"
                ),
            ));
        }
        check_path(&path, &template)?;
        let mut target = path;
        if !query.is_empty() {
            let query = str::from_utf8(&query)
                .map_err(|_| PrepareError::with_text("", ("the query string is not text", "查询参数不是文本")))?;
            let target = target.to_mut();
            target.reserve(query.len() + 1);
            target.push('?');
            target.push_str(query);
        }
        let (body, multipart) = match file {
            None if forms.is_empty() => (body, None),
            None => {
                return Err(PrepareError::with_text(
                    "",
                    (
                        "text parts belong to an upload, but there is no file",
                        "文本 part 属于上传请求，但没有文件",
                    ),
                ));
            }
            Some((name, upload, fields)) => {
                let (meta, multipart) = multipart::assemble(body, &forms, &name, &upload, fields)?;
                (meta, Some(multipart))
            }
        };
        Ok(Prepared {
            method,
            template,
            target,
            headers,
            body: body.into(),
            multipart,
        })
    }
}

/// The text of one scalar, or `None` when it is absent.
fn text(name: &str, value: &dyn FieldValue) -> Result<Option<Vec<u8>>, PrepareError> {
    let mut text = Vec::new();
    match value.write(Writer::text(&mut text)) {
        Ok(Presence::Present) => Ok(Some(text)),
        Ok(Presence::Absent) => Ok(None),
        Err(error) => Err(PrepareError::wire(name, &error)),
    }
}

/// The payload of a request as it is sent; `None` when nothing is. Behind `impl Serialize` of a declared request, which
/// logs and other values use; so it may cost more than sending.
pub(crate) fn payload(fill: &dyn Fn(&mut Fields)) -> Result<Option<Value>, PrepareError> {
    let mut fields = Fields::new(Method::POST, "");
    fields.payload_only = true;
    fill(&mut fields);
    let json = fields.close()?;
    if json.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(&json)
        .map(Some)
        .map_err(|_| PrepareError::with_text("", ("cannot be written as JSON", "不能写成 JSON")))
}

/// The position of `{name}` in a path.
fn find_placeholder(path: &str, name: &str) -> Option<Range<usize>> {
    let mut braces = path.match_indices('{');
    braces.find_map(|(start, _)| {
        let rest = path.get(start + 1..)?.strip_prefix(name)?.strip_prefix('}')?;
        Some(start..path.len() - rest.len())
    })
}

/// Refuses a path that would be read as another one on its way: what is signed must be what is sent. The error shows
/// the template, which has no values in it.
fn check_path(path: &str, template: &str) -> Result<(), PrepareError> {
    let refused = |(why, chinese): (&str, &str)| {
        let template = OneLine(template);
        Err(PrepareError::with_text(
            "",
            text!("the path `{template}` {why}", "路径 `{template}` {chinese}"),
        ))
    };
    if !path.starts_with('/') || path.starts_with("//") {
        return refused((
            "must start with one `/`; the host is the client's",
            "必须以一个 `/` 开头；域名由客户端决定",
        ));
    }
    if !path
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' | b'%' | b'/'))
    {
        let first = path.find(['?', '#']).and_then(|place| path.as_bytes().get(place));
        return refused(match first {
            Some(b'?') => ("has a query; pass parameters as query fields", "含有查询参数；请用查询字段传入"),
            Some(_) => ("has a fragment, which is never sent", "含有片段（#），它不会发送"),
            None => ("holds a character that must be percent-encoded", "含有必须百分号编码的字符"),
        });
    }
    if path.split('/').any(is_dots) {
        return refused((
            "has a segment `.` or `..`, which means another path",
            "含有 `.` 或 `..`，会变成另一个路径",
        ));
    }
    Ok(())
}

/// Whether a segment is one dot or two, however they are written.
fn is_dots(segment: &str) -> bool {
    let (mut rest, mut dots) = (segment, 0);
    while let Some(after) = [".", "%2e", "%2E"].iter().find_map(|dot| rest.strip_prefix(dot)) {
        rest = after;
        dots += 1;
    }
    rest.is_empty() && matches!(dots, 1 | 2)
}

/// Enough for most bodies with two ciphertexts, so that a body is allocated once.
const BODY_CAPACITY: usize = 1024;

/// A header that a caller adds, checked.
pub(crate) fn header(name: &str, value: impl AsRef<[u8]>) -> Result<(HeaderName, HeaderValue), PrepareError> {
    let lower = name.to_ascii_lowercase();
    if CLIENT_HEADERS.contains(&lower.as_str()) {
        return Err(PrepareError::with_text(
            name,
            ("is set by the client on every request", "由客户端在每个请求中设置"),
        ));
    }
    let parsed = HeaderName::from_bytes(lower.as_bytes())
        .map_err(|_| PrepareError::with_text(name, ("is not a valid header name", "不是有效的请求头名")))?;
    let value = HeaderValue::from_bytes(value.as_ref()).map_err(|_| {
        PrepareError::with_text(
            name,
            ("holds a character that a header cannot carry", "含有请求头不允许的字符"),
        )
    })?;
    Ok((parsed, value))
}

#[cfg(test)]
mod tests;
