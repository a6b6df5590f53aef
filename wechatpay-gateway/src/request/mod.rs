//! Received requests.

pub(crate) mod authorization;
pub(crate) mod body;
pub(crate) mod field;
pub(crate) mod log;
pub(crate) mod multipart;
pub(crate) mod refusal;
pub(crate) mod route;
pub(crate) mod sensitive;
mod sm2_ciphertext;

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use wechatpay_catalogue::description::Operation;
use wechatpay_core::PublicKey;

use crate::{
    described::ciphertext,
    fault::Fault,
    keys::PlatformKey,
    request::{
        authorization::Authorization,
        field::Location,
        multipart::Part,
        refusal::Refusal,
        route::PathValues,
        sensitive::{Decryptor, Plaintexts},
    },
};

/// Larger JSON is refused. Parsed, it needs about ten times as much memory.
const LARGEST_JSON: usize = 4 << 20;

static NOTHING: Value = Value::Null;

/// A request that the gateway received: the raw bytes and the decoded values.
///
/// Handlers get one, and [`Gateway::requests`](crate::Gateway::requests) keeps the last ones for the test.
/// Cheap to clone. `Debug` shows neither values nor the `Authorization` header.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::Method;
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/receivers/{mchid}", |request| {
///     // The handler gets verified, decoded and decrypted values.
///     assert_eq!((request.method(), request.path("mchid")), (&Method::POST, "1900000109"));
///     assert_eq!((request.query("type"), request.query_pairs().len()), (Some("a b"), 1));
///     assert_eq!(request.json()["names"][0], "张三");
///     assert_eq!(request.field("names[0]"), "张三");
///     // A response may have sensitive fields too.
///     json!({ "name": request.encrypt("张三") })
/// });
/// let client = gateway.client()?;
/// let body = json!({ "names": [client.encrypt("张三")?] });
/// gateway.misbehave(Fault::Chunked);
/// let call = client.request(Method::POST, "/v3/receivers/{mchid}").path("mchid", &"1900000109");
/// call.query(&json!({ "type": "a b" })).json(&body).send().await?;
///
/// // Afterwards: the bytes that were received.
/// let request = gateway.last_request().expect("a request was sent");
/// assert_eq!(request.template(), Some("/v3/receivers/{mchid}"));
/// assert_eq!(request.target(), "/v3/receivers/1900000109?type=a%20b");
/// assert_eq!(request.body(), serde_json::to_string(&body)?.as_str());
/// assert!(request.headers().contains_key("Authorization"));
/// assert_eq!(request.header("Content-Type"), Some("application/json"));
/// // Only an upload has parts.
/// assert!(request.parts().is_empty() && request.part("meta").is_none());
/// // The encrypted fields, and the key that they were encrypted with.
/// assert!(request.is_encrypted("names[0]"));
/// assert_eq!(request.plaintext("names[0]"), Some("张三"));
/// assert_eq!(request.encrypted_fields().collect::<Vec<_>>(), ["names[0]"]);
/// assert_eq!(request.announced_serial(), Some(gateway.public_key_id().as_str()));
/// // The signed message.
/// let (nonce_str, timestamp) = (request.nonce_str().unwrap(), request.timestamp().unwrap());
/// let message = format!("POST\n{}\n{timestamp}\n{nonce_str}\n{body}\n", request.target());
/// assert_eq!(request.signed_message(), message.as_bytes());
/// // The result.
/// assert_eq!((request.refusal(), request.fault()), (None, Some(&Fault::Chunked)));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ReceivedRequest(Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) parts: Vec<Part>,
    /// What the description says of this request, if it is documented.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) template: Option<String>,
    pub(crate) path: PathValues,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) json: Value,
    pub(crate) plaintexts: Plaintexts,
    pub(crate) authorization: Option<Authorization>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) fault: Option<Fault>,
    /// The public key of the party that sent the request.
    pub(crate) public_key: PublicKey,
}

impl Inner {
    /// The path without the query, as it was sent.
    pub(crate) fn raw_path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// Splits a multipart body. The raw bytes are kept, also on an error.
    pub(crate) fn split_parts(&mut self) -> Result<(), Refusal> {
        if let Some(boundary) = multipart::boundary(&self.headers, &self.body) {
            self.parts = multipart::parts(&self.body, &boundary)
                .filter(|parts| parts.iter().any(|part| part.name() == "meta"))
                .ok_or_else(|| Refusal::param_error("文件上传请求的multipart格式错误"))?;
        }
        Ok(())
    }

    /// The bytes that the signature covers: the body, or the part `meta` of an upload.
    pub(crate) fn signed_body(&self) -> Bytes {
        let meta = self.parts.iter().find(|part| part.name() == "meta");
        meta.map_or_else(|| self.body.clone(), |meta| meta.bytes().clone())
    }

    /// Decodes the query and the JSON, and decrypts ciphertexts with `key`, the platform key that the request
    /// announces.
    pub(crate) fn decode(&mut self, key: Option<&PlatformKey>) -> Result<(), Refusal> {
        let announced = self
            .headers
            .get("wechatpay-serial")
            .and_then(|serial| serial.to_str().ok());
        let mut decryptor = Decryptor {
            announced,
            key,
            plaintexts: Plaintexts::new(),
        };
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let mut query = route::decode_query(query).ok_or_else(|| Refusal::param_error("查询参数编码错误"))?;
        for (name, value) in &mut query {
            decryptor.text(name, Location::Query, value)?;
        }
        self.query = query;
        let body = self.signed_body();
        if body.len() > LARGEST_JSON {
            return Err(Refusal::param_error("请求体过大"));
        }
        if !body.is_empty() {
            let mut json: Value = serde_json::from_slice(&body)
                .map_err(|error| Refusal::param_error(format!("请求的JSON格式错误：{error}")))?;
            decryptor.json(&mut String::new(), &mut json)?;
            self.json = json;
        }
        self.plaintexts = decryptor.plaintexts;
        match self.operation {
            Some(operation) => ciphertext::require(operation, &self.query, &self.json, &self.plaintexts),
            None => Ok(()),
        }
    }
}

impl ReceivedRequest {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The path and the query exactly as they were sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.0.target
    }

    /// The registered or documented path that matches this request, with its placeholders. `None` if no path matches.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.0.template.as_deref()
    }

    /// The decoded value of a path placeholder. Empty if the path has no such placeholder.
    #[must_use]
    pub fn path(&self, placeholder: &str) -> &str {
        self.0
            .path
            .iter()
            .find(|(name, _)| name == placeholder)
            .map_or("", |(_, value)| value)
    }

    /// The first value of a query parameter, decoded and decrypted.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.0
            .query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every pair of the query in order, decoded and decrypted.
    #[must_use]
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.0.query
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The first value of a header. `None` if it is missing or not visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The JSON of the body (for an upload, of the part `meta`), with every sensitive field decrypted. `null` if the
    /// body is empty or the request was refused before it was decoded.
    ///
    /// Indexing a JSON value with an unknown name gives `null` too, so a handler may write
    /// `request.json()["amount"]["total"]`.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0.json
    }

    /// One value of [`json`](Self::json) by its path, such as `receivers[0].name`. `null` if it is missing.
    #[must_use]
    pub fn field(&self, path: &str) -> &Value {
        let mut steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
        steps
            .try_fold(&self.0.json, |value, step| match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?),
                other => other.get(step),
            })
            .unwrap_or(&NOTHING)
    }

    /// Whether a field was encrypted. `path` is its path in the body, such as `receivers[0].name`, or the name of a
    /// query parameter.
    #[must_use]
    pub fn is_encrypted(&self, path: &str) -> bool {
        self.0.plaintexts.contains_key(path)
    }

    /// The plaintext of an encrypted field, by its path as for [`is_encrypted`](Self::is_encrypted).
    #[must_use]
    pub fn plaintext(&self, path: &str) -> Option<&str> {
        self.0.plaintexts.get(path).map(String::as_str)
    }

    /// The paths of all encrypted fields.
    pub fn encrypted_fields(&self) -> impl Iterator<Item = &str> {
        self.0.plaintexts.keys().map(String::as_str)
    }

    /// The header `Wechatpay-Serial`: the id of the platform key that the client encrypted with.
    #[must_use]
    pub fn announced_serial(&self) -> Option<&str> {
        self.header("wechatpay-serial")
    }

    /// The message that the client must have signed: method, target, timestamp, nonce and body, each followed by a line
    /// feed. Empty if the `Authorization` header could not be parsed.
    #[must_use]
    pub fn signed_message(&self) -> Vec<u8> {
        self.0.authorization.as_ref().map_or_else(Vec::new, |authorization| {
            authorization.message(self.0.method.as_str(), &self.0.target, &self.0.signed_body())
        })
    }

    /// The `nonce_str` of the `Authorization` header.
    #[must_use]
    pub fn nonce_str(&self) -> Option<&str> {
        self.0
            .authorization
            .as_ref()
            .map(|authorization| authorization.nonce_str.as_str())
    }

    /// The `timestamp` of the `Authorization` header, unparsed.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.0
            .authorization
            .as_ref()
            .map(|authorization| authorization.timestamp.as_str())
    }

    /// The parts of an upload, in order. Empty for other requests.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0.parts
    }

    /// One part of an upload by its name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.0.parts.iter().find(|part| part.name() == name)
    }

    /// Why the gateway refused this request. `None` if a handler was called.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// The fault that was applied to this request.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }

    /// Encrypts a sensitive field of the response with the public key of the sender. An empty text stays empty.
    ///
    /// The limit is 214 bytes. A longer text gives a string that cannot be decrypted.
    #[must_use]
    pub fn encrypt(&self, plaintext: &str) -> String {
        encrypt(&self.0.public_key, plaintext)
    }

    pub(crate) fn raw_path(&self) -> &str {
        self.0.raw_path()
    }

    pub(crate) fn size(&self) -> usize {
        // Parsed JSON needs several times its text.
        let json = if self.0.json.is_null() {
            0
        } else {
            self.0.signed_body().len()
        };
        self.0.target.len() + self.0.body.len() + 3 * json
    }

    /// The parts of the `Authorization` header, if it could be read.
    pub(crate) fn authorization(&self) -> Option<&Authorization> {
        self.0.authorization.as_ref()
    }
}

/// Encrypts a sensitive field of a response.
pub(crate) fn encrypt(key: &PublicKey, plaintext: &str) -> String {
    if plaintext.is_empty() {
        return String::new();
    }
    key.encrypt(plaintext.as_bytes())
        .map_or_else(|_| "too long to be encrypted".to_owned(), |it| STANDARD.encode(it))
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.0.method)
            .field("path", &self.0.raw_path())
            .field("encrypted_fields", &self.0.plaintexts.keys())
            .field("refusal", &self.0.refusal)
            .field("fault", &self.0.fault)
            .finish_non_exhaustive()
    }
}
