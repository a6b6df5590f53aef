//! What arrived: a request as the service saw it.

pub(crate) mod authorization;
pub(crate) mod body;
pub(crate) mod field;
pub(crate) mod log;
pub(crate) mod multipart;
pub(crate) mod refusal;
pub(crate) mod route;
pub(crate) mod sensitive;

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
        sensitive::{Opener, Plaintexts},
    },
};

/// Larger JSON is refused. Parsed, it needs about ten times as much memory.
const LARGEST_JSON: usize = 4 << 20;

static NOTHING: Value = Value::Null;

/// A request that the gateway received: its raw bytes, and what they mean.
///
/// Handlers get one, and [`Gateway::requests`](crate::Gateway::requests) keeps the last ones for the test to look at.
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
///     // What it means: decoded, verified, decrypted.
///     assert_eq!((request.method(), request.path("mchid")), (&Method::POST, "1900000109"));
///     assert_eq!((request.query("type"), request.query_pairs().len()), (Some("a b"), 1));
///     assert_eq!(request.json()["names"][0], "张三");
///     assert_eq!(request.field("names[0]"), "张三");
///     // An answer may be sensitive too.
///     json!({ "name": request.encrypt("张三") })
/// });
/// let client = gateway.client()?;
/// let body = json!({ "names": [client.encrypt("张三")?] });
/// gateway.misbehave(Fault::Chunked);
/// let call = client.request(Method::POST, "/v3/receivers/{mchid}").path("mchid", &"1900000109");
/// call.query(&json!({ "type": "a b" })).json(&body).send().await?;
///
/// // Afterwards: what came over the wire, byte for byte.
/// let request = gateway.last_request().expect("one was sent");
/// assert_eq!(request.template(), Some("/v3/receivers/{mchid}"));
/// assert_eq!(request.target(), "/v3/receivers/1900000109?type=a%20b");
/// assert_eq!(request.body(), serde_json::to_string(&body)?.as_str());
/// assert!(request.headers().contains_key("Authorization"));
/// assert_eq!(request.header("Content-Type"), Some("application/json"));
/// // An upload would have parts.
/// assert!(request.parts().is_empty() && request.part("meta").is_none());
/// // What came encrypted, and with which key.
/// assert!(request.is_encrypted("names[0]"));
/// assert_eq!(request.plaintext("names[0]"), Some("张三"));
/// assert_eq!(request.encrypted_fields().collect::<Vec<_>>(), ["names[0]"]);
/// assert_eq!(request.announced_serial(), Some(gateway.public_key_id().as_str()));
/// // What was signed.
/// let (nonce_str, timestamp) = (request.nonce_str().unwrap(), request.timestamp().unwrap());
/// let message = format!("POST\n{}\n{timestamp}\n{nonce_str}\n{body}\n", request.target());
/// assert_eq!(request.signed_message(), message.as_bytes());
/// // What became of it.
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
    /// Of the party that sent the request.
    pub(crate) public_key: PublicKey,
}

impl Inner {
    /// The path without the query, as it was sent.
    pub(crate) fn raw_path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// Splits a multipart body. Whatever is wrong with it, the raw bytes stay.
    pub(crate) fn take_apart(&mut self) -> Result<(), Refusal> {
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

    /// Reads the query and the JSON, opening ciphertexts with the platform's key of the announced id.
    pub(crate) fn understand(&mut self, key: Option<&PlatformKey>) -> Result<(), Refusal> {
        let announced = self
            .headers
            .get("wechatpay-serial")
            .and_then(|serial| serial.to_str().ok());
        let mut opener = Opener {
            announced,
            key,
            opened: Plaintexts::new(),
        };
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let mut query = route::decode_query(query).ok_or_else(|| Refusal::param_error("查询参数编码错误"))?;
        for (name, value) in &mut query {
            opener.text(name, Location::Query, value)?;
        }
        self.query = query;
        let body = self.signed_body();
        if body.len() > LARGEST_JSON {
            return Err(Refusal::param_error("请求体过大"));
        }
        if !body.is_empty() {
            let mut json: Value = serde_json::from_slice(&body)
                .map_err(|error| Refusal::param_error(format!("请求的JSON格式错误：{error}")))?;
            opener.json(&mut String::new(), &mut json)?;
            self.json = json;
        }
        self.plaintexts = opener.opened;
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

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// Path and query exactly as they were sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.0.target
    }

    /// The registered or documented path that this request belongs to, with its placeholders; nothing when there is none.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.0.template.as_deref()
    }

    /// What stood in the place of a placeholder, decoded; empty when the path has no such placeholder.
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

    /// The first value of a header, when it is readable text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The JSON of the body (of the part `meta` for an upload), with every sensitive field decrypted. `null` when there
    /// is no body, or the request was refused before it was read.
    ///
    /// Indexing a JSON value with a name that it does not have gives `null` too, so a handler may write
    /// `request.json()["amount"]["total"]`.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0.json
    }

    /// One value of [`json`](Self::json) by its path, such as `receivers[0].name`; `null` when there is none.
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

    /// Whether a field came encrypted: its path in the body, such as `receivers[0].name`, or the name of a query
    /// parameter.
    #[must_use]
    pub fn is_encrypted(&self, path: &str) -> bool {
        self.0.plaintexts.contains_key(path)
    }

    /// What an encrypted field says, by its path as for [`is_encrypted`](Self::is_encrypted).
    #[must_use]
    pub fn plaintext(&self, path: &str) -> Option<&str> {
        self.0.plaintexts.get(path).map(String::as_str)
    }

    /// The paths of all fields that came encrypted.
    pub fn encrypted_fields(&self) -> impl Iterator<Item = &str> {
        self.0.plaintexts.keys().map(String::as_str)
    }

    /// The header `Wechatpay-Serial`: which key of the platform the client encrypted with.
    #[must_use]
    pub fn announced_serial(&self) -> Option<&str> {
        self.header("wechatpay-serial")
    }

    /// What the client has to have signed: method, target, timestamp, nonce and body, each line ended. Empty when the
    /// `Authorization` header could not be read.
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

    /// The `timestamp` of the `Authorization` header, as it stands there.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.0
            .authorization
            .as_ref()
            .map(|authorization| authorization.timestamp.as_str())
    }

    /// The parts of an upload, in order; empty for any other request.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0.parts
    }

    /// One part of an upload by its name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.0.parts.iter().find(|part| part.name() == name)
    }

    /// Why the gateway refused this request; nothing when a handler got it.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// The misbehaviour that met this request.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }

    /// Encrypts a sensitive field of the answer for whoever sent this request. An empty text stays empty.
    ///
    /// More than 214 bytes cannot be encrypted: that gives a text that opens nowhere.
    #[must_use]
    pub fn encrypt(&self, plaintext: &str) -> String {
        encrypt(&self.0.public_key, plaintext)
    }

    pub(crate) fn raw_path(&self) -> &str {
        self.0.raw_path()
    }

    /// The documented operation that this request calls.
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    pub(crate) fn size(&self) -> usize {
        // Parsed JSON needs several times its text.
        let times = if self.0.json.is_null() { 1 } else { 4 };
        self.0.target.len() + self.0.body.len() * times
    }

    /// The parts of the `Authorization` header, if it could be read.
    pub(crate) fn authorization(&self) -> Option<&Authorization> {
        self.0.authorization.as_ref()
    }
}

/// Encrypts a sensitive field of an answer.
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
