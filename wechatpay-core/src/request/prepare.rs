//! A request being put together: path, query, headers and body, as plain bytes.

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
        wire::{error::WireError, percent, query, scalar},
    },
    sensitive::{Encrypt, encrypt::Encrypted},
    support::one_line::OneLine,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use std::{borrow::Cow, fmt, ops::Range};

/// A request being put together by [`Endpoint::prepare`](crate::Endpoint::prepare).
///
/// Generated code calls these methods; a hand-written endpoint calls the same ones. The order does not matter.
///
/// ```
/// use serde::{Serialize, Serializer};
/// use serde_json::{Value, json};
/// use wechatpay_core::{Endpoint, Method, Preparation, PrepareError};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(Serialize)]
/// struct AddReceiver {
///     mchid: String,
///     account: String,
///     name: String,
///     share: i64,
///     filter: Filter,
/// }
///
/// #[derive(Serialize)]
/// struct Filter {
///     limit: u32,
///     offset: Option<u32>,
/// }
///
/// /// Fen as yuan.
/// fn yuan<S: Serializer>(fen: &i64, serializer: S) -> Result<S::Ok, S::Error> {
///     serializer.collect_str(&format_args!("{}.{:02}", fen / 100, fen % 100))
/// }
///
/// impl Endpoint for AddReceiver {
///     type Response = Value;
///     const METHOD: Method = Method::POST;
///     const PATH: &'static str = "/v3/receivers/{mchid}";
///
///     fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
///         request.path("mchid", &self.mchid)?;
///         request.query("account", &self.account)?;
///         request.query_with("share", &self.share, |share, writer| yuan(share, writer))?;
///         request.query_encrypted("name", &self.name)?;
///         request.query_all(&self.filter)?;
///         request.header("Accept-Language", "en")?;
///         request.body(&[&self.account])
///     }
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/receivers/{mchid}", |request| {
///     assert_eq!((request.path("mchid"), request.query("name")), ("1900000109", Some("张三")));
///     assert_eq!((request.query("share"), request.query("offset")), (Some("12.30"), None));
///     assert_eq!((request.header("Accept-Language"), request.json()), (Some("en"), &json!(["86693852"])));
///     json!({})
/// });
/// let add = AddReceiver {
///     mchid: "1900000109".into(),
///     account: "86693852".into(),
///     name: "张三".into(),
///     share: 1230,
///     filter: Filter { limit: 20, offset: None },
/// };
/// gateway.client()?.call(&add).await?;
/// # Ok(()) }
/// ```
pub struct Preparation {
    method: Method,
    template: Cow<'static, str>,
    path: Cow<'static, str>,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
    forms: Vec<(Cow<'static, str>, String)>,
    file: Option<(Cow<'static, str>, Upload, FileFields)>,
}

/// Names the operation; what was put in so far may be sensitive.
impl fmt::Debug for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preparation")
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

/// Headers that the client sets itself, in lower case.
const OWN_HEADERS: [&str; 12] = [
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

impl Preparation {
    pub(crate) fn new(method: Method, template: impl Into<Cow<'static, str>>) -> Self {
        let template = template.into();
        Self {
            method,
            path: template.clone(),
            template,
            query: String::new(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            forms: Vec::new(),
            file: None,
        }
    }

    /// Fills the placeholder `{name}` of the path with one scalar, percent-encoded as one segment.
    ///
    /// # Errors
    /// When the value is empty, `.` or `..`, absent, or not a scalar; when the path has no such placeholder.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), PrepareError> {
        let text = scalar::to_text(value).map_err(|error| PrepareError::wire(name, &error))?;
        let text = match text.as_deref() {
            None => return Err(PrepareError::new(name, "is absent, but the path needs it")),
            Some("") => return Err(PrepareError::new(name, "is empty, but the path needs it")),
            Some(dots @ ("." | "..")) => {
                return Err(PrepareError::new(
                    name,
                    format!("is `{dots}`, which means another path"),
                ));
            }
            Some(text) => text,
        };
        // A value's own braces are encoded, so what is found here is always the template's.
        let Some(placeholder) = find_placeholder(&self.path, name) else {
            return Err(PrepareError::new(
                name,
                format!("has no placeholder in the path `{}`", OneLine(&self.template)),
            ));
        };
        let mut segment = String::with_capacity(text.len());
        percent::push_encoded(&mut segment, text);
        self.path.to_mut().replace_range(placeholder, &segment);
        Ok(())
    }

    /// Adds a query parameter. Nothing when the value is absent; a list repeats the name.
    ///
    /// # Errors
    /// When the value is neither a scalar nor a list of scalars.
    pub fn query<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), PrepareError> {
        query::write_one(&mut self.query, name, value).map_err(|error| PrepareError::wire(name, &error))
    }

    /// Adds a query parameter that `serialize` writes, as `#[serde(with = "..")]` asks for.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn query_with<T: ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        serialize: impl FnOnce(&T, query::ParameterWriter<'_>) -> Result<wire::Presence, WireError>,
    ) -> Result<(), PrepareError> {
        serialize(value, query::ParameterWriter::new(&mut self.query, name))
            .map(|_| ())
            .map_err(|error| PrepareError::wire(name, &error))
    }

    /// Adds a query parameter that is encrypted (敏感信息加密), then percent-encoded.
    ///
    /// # Errors
    /// When a text is too long for the key, or there is no key.
    pub fn query_encrypted<T: Encrypt + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), PrepareError> {
        self.query(name, &Encrypted(value))
    }

    /// Adds a request header; none when the value is absent.
    ///
    /// # Errors
    /// When the client sets this header itself, when the value is not a scalar, or when it holds a line break or
    /// another control character.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), PrepareError> {
        if let Some(text) = scalar::to_text(value).map_err(|error| PrepareError::wire(name, &error))? {
            let (name, value) = header(name, &text)?;
            self.headers.insert(name, value);
        }
        Ok(())
    }

    /// Adds the payload: the query string of a `GET`, the JSON body of other methods, the JSON part `meta` of an
    /// upload. `None` is left out at every depth.
    ///
    /// ```
    /// use serde::Serialize;
    /// use serde_json::json;
    /// use wechatpay_core::{Endpoint, Method, Preparation, PrepareError};
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
    ///     fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
    ///         request.payload(self)
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
    ///
    /// # Errors
    /// When the value cannot be written: a number that JSON does not have, a sensitive text that is too long.
    pub fn payload<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PrepareError> {
        if self.method == Method::GET {
            return self.query_all(value);
        }
        self.body(value)
    }

    /// Adds the members of a struct or map to the query string, whatever the method.
    ///
    /// # Errors
    /// When the value is neither, or a member is neither a scalar nor a list of scalars.
    pub fn query_all<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PrepareError> {
        query::write_all(&mut self.query, value).map_err(|error| PrepareError::wire("", &error))
    }

    /// Makes this the whole query string. It was encoded elsewhere, by whoever made the URL.
    pub(crate) fn encoded_query(&mut self, query: &str) {
        query.clone_into(&mut self.query);
    }

    /// Makes this one value the whole JSON body; the body stays empty when the value is absent.
    ///
    /// # Errors
    /// As [`payload`](Self::payload); on a `GET`; when there is a body already.
    pub fn body<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PrepareError> {
        if self.method == Method::GET {
            return Err(PrepareError::new("", "a GET request has no body"));
        }
        if !self.body.is_empty() {
            return Err(PrepareError::new("", "the request has a body already"));
        }
        self.body.reserve(BODY_CAPACITY);
        wire::json::write(&mut self.body, value).map_err(|error| PrepareError::wire("", &error))?;
        Ok(())
    }

    /// Adds a text part to a multipart upload; none when the value is absent.
    ///
    /// ```
    /// use wechatpay_core::{DigestAlgorithm, Endpoint, FileFields, Method, Preparation, PrepareError, Upload};
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
    ///     fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
    ///         request.form("file_type", &self.file_type)?;
    ///         let fields = FileFields { filename: None, digest: "digest", algorithm: DigestAlgorithm::Sm3 };
    ///         request.file("file", &self.file, fields)
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
    ///
    /// # Errors
    /// When the value is not a scalar.
    pub fn form<T: Serialize + ?Sized>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: &T,
    ) -> Result<(), PrepareError> {
        let name = name.into();
        if let Some(text) = scalar::to_text(value).map_err(|error| PrepareError::wire(&name, &error))? {
            self.forms.push((name, text));
        }
        Ok(())
    }

    /// Makes the request a multipart upload of this file, in the part `name`. Its name and digest are added to the
    /// part `meta`, which is what is signed.
    ///
    /// ```
    /// use wechatpay_core::{DigestAlgorithm, Endpoint, FileFields, Method, Preparation, PrepareError, Upload};
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
    ///     fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
    ///         let algorithm = DigestAlgorithm::Sha256;
    ///         request.file("file", &self.file, FileFields { filename: Some("filename"), digest: "sha256", algorithm })
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
    ///
    /// # Errors
    /// On a `GET`; when there is a file already; when the media type is not one.
    pub fn file(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        upload: &(impl UploadField + ?Sized),
        fields: FileFields,
    ) -> Result<(), PrepareError> {
        let (name, upload) = (name.into(), upload.upload());
        if self.method == Method::GET {
            return Err(PrepareError::new(&*name, "is a file, but a GET request has no body"));
        }
        if self.file.is_some() {
            return Err(PrepareError::new(&*name, "is a second file; a request carries one"));
        }
        if HeaderValue::from_str(upload.media_type()).is_err() {
            return Err(PrepareError::new(&*name, "has a media type that is not one"));
        }
        self.file = Some((name, upload.clone(), fields));
        Ok(())
    }

    /// Freezes the request.
    pub(crate) fn finish(self) -> Result<Prepared, PrepareError> {
        let Self {
            method,
            template,
            path,
            query,
            headers,
            body,
            forms,
            file,
        } = self;
        if let Some(open) = path.split('{').nth(1) {
            let name = open.split('}').next().unwrap_or_default();
            return Err(PrepareError::new(
                name,
                format!("was not given, but the path `{}` needs it", OneLine(&template)),
            ));
        }
        check_path(&path, &template)?;
        let mut target = path;
        if !query.is_empty() {
            let target = target.to_mut();
            target.push('?');
            target.push_str(&query);
        }
        let (body, multipart) = match file {
            None if forms.is_empty() => (body, None),
            None => {
                return Err(PrepareError::new(
                    "",
                    "text parts belong to an upload, but there is no file",
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

/// Where `{name}` stands in a path.
fn find_placeholder(path: &str, name: &str) -> Option<Range<usize>> {
    let mut braces = path.match_indices('{');
    braces.find_map(|(start, _)| {
        let rest = path.get(start + 1..)?.strip_prefix(name)?.strip_prefix('}')?;
        Some(start..path.len() - rest.len())
    })
}

/// Refuses a path that would be read as another one on its way: what is signed must be what is sent. The error shows the
/// template, which has no values in it.
fn check_path(path: &str, template: &str) -> Result<(), PrepareError> {
    let refused = |why: &str| Err(PrepareError::new("", format!("the path `{}` {why}", OneLine(template))));
    if !path.starts_with('/') || path.starts_with("//") {
        return refused("must start with one `/`; the host is the client's");
    }
    if !path
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' | b'%' | b'/'))
    {
        let first = path.find(['?', '#']).and_then(|place| path.as_bytes().get(place));
        return refused(match first {
            Some(b'?') => "has a query; pass parameters as query fields",
            Some(_) => "has a fragment, which is never sent",
            None => "holds a character that must be percent-encoded",
        });
    }
    if path.split('/').any(is_dots) {
        return refused("has a segment `.` or `..`, which means another path");
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
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), PrepareError> {
    let lower = name.to_ascii_lowercase();
    if OWN_HEADERS.contains(&lower.as_str()) {
        return Err(PrepareError::new(name, "is set by the client on every request"));
    }
    let parsed =
        HeaderName::from_bytes(lower.as_bytes()).map_err(|_| PrepareError::new(name, "is not a valid header name"))?;
    let value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| PrepareError::new(name, "holds a character that a header cannot carry"))?;
    Ok((parsed, value))
}

#[cfg(test)]
mod tests;
