//! The handle that users hold: cheap to clone, one for each merchant.

use crate::{
    call::{Call, Caller, RequestBuilder, ResponseFuture, sealed::Sealed},
    context::{Context, no_encryption_key},
    endpoint::Endpoint,
    error::{Error, ErrorKind},
    sensitive::{
        Sensitive,
        scope::{self, SensitiveError},
    },
    support::language::{In, Language, text},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use std::{fmt, sync::Arc};

/// A client of WeChat Pay API v3, for one merchant.
///
/// Cheap to clone and safe to share: clones use the same keys and connections. Several merchants are several clients;
/// there is no global state.
///
/// ```no_run
/// use wechatpay_core::{Client, PrivateKey, PublicKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder()
///     .merchant("1900000001", "5157F09EFDC096DE15EBE81A47057A72", PrivateKey::from_pem(std::fs::read("key.pem")?)?)
///     .wechatpay_public_key("PUB_KEY_ID_0119000000012024101000", PublicKey::from_pem(std::fs::read("pub_key.pem")?)?)
///     .build()?;
/// # Ok(()) }
/// ```
///
/// What it does, with the gateway of this library in the place of WeChat Pay:
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, bill::AskTradeBill};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::GET, "/v3/bill/tradebill", |_| json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" }))
///     .on(Method::POST, "/v3/profitsharing/receivers/add", |request| {
///         assert_eq!(request.json()["name"], "张三");
///         json!({ "account": request.json()["account"] })
///     });
/// let client = gateway.client()?;
/// assert_eq!((client.mchid(), client.serial_no()), (gateway.mchid(), gateway.serial_no()));
///
/// // A declared operation, with the status, headers and attempts of its response.
/// let ask = AskTradeBill::on("2026-11-20");
/// let response = client.call(&ask).await?;
/// assert_eq!((response.hash_type.as_str(), response.attempts()), ("SHA1", 1));
///
/// // An operation without a declaration, with a sensitive text.
/// let receiver = json!({ "account": "86693852", "name": client.encrypt("张三")? });
/// let response = client.request(Method::POST, "/v3/profitsharing/receivers/add").json(&receiver).send().await?;
/// assert_eq!(response["account"], "86693852");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) context: Arc<Context>,
}

impl Client {
    /// A call with options (deadline, extra header) that returns the whole response: status, headers, Request-ID and
    /// raw body beside the decoded value. `request.send(&client)` is its short form.
    pub fn call<'a, E: Endpoint>(&'a self, request: &'a E) -> Call<'a, E, Self> {
        Call::new(self, request)
    }

    /// A call of an operation that is not declared, by its path: `/v3/pay/transactions/native`. The path may have
    /// `{placeholders}`; it has no host and no query.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RequestBuilder<'_, Self> {
        RequestBuilder::new(self, method, path)
    }

    /// Encrypts a sensitive text (敏感信息加密) as a field of a request is encrypted. The base64 ciphertext belongs to
    /// the key that this client announces in `Wechatpay-Serial` at the moment; send it soon.
    ///
    /// # Errors
    /// When there is no key yet, or the text is longer than one ciphertext holds (214 bytes with RSA-2048).
    pub fn encrypt(&self, plaintext: &str) -> Result<String, Error> {
        let keys = self.context.keys.snapshot();
        let key = keys
            .encryption_key(self.context.system.now())
            .ok_or_else(no_encryption_key)?;
        if plaintext.is_empty() {
            return Ok(String::new());
        }
        scope::encrypt_with(&key.key, plaintext)
            .map(|ciphertext| STANDARD.encode(ciphertext))
            .map_err(|error| unusable_text(ErrorKind::Request, &error))
    }

    /// Decrypts a sensitive text of a response: the base64 ciphertext that the service encrypted for this merchant.
    ///
    /// A [`Sensitive`] field of a response type is decrypted without this. It is for a ciphertext that was decoded
    /// elsewhere, such as from a `serde_json::Value`. An empty text stays an empty text.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let ciphertext = gateway.encrypt("张三");
    /// gateway.on(Method::GET, "/v3/merchant-service/complaints-v2/1", move |_| json!({ "payer_phone": ciphertext }));
    /// let client = gateway.client()?;
    ///
    /// let complaint = client.request(Method::GET, "/v3/merchant-service/complaints-v2/1").send().await?;
    /// let phone = client.decrypt(complaint["payer_phone"].as_str().unwrap_or_default())?;
    /// assert_eq!(phone.expose(), "张三");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the text is not a ciphertext for this merchant's key, or if the signer has no private key. One error whatever is
    /// wrong with the text, and nothing of it is in the error.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Sensitive, Error> {
        scope::decrypting(self.context.signer.private_key().cloned(), || {
            scope::decrypt(ciphertext.to_owned())
        })
        .map(Sensitive::new)
        .map_err(|error| unusable_text(ErrorKind::Key, &error))
    }

    /// The merchant number (商户号), or the brand's id for a brand's client.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.context.identity.id()
    }

    /// The serial number of the merchant's certificate (商户API证书序列号).
    #[must_use]
    pub fn serial_no(&self) -> &str {
        &self.context.serial_no
    }
}

/// The error of a text that is encrypted or decrypted outside of a request.
fn unusable_text(kind: ErrorKind, error: &SensitiveError) -> Error {
    let (why, chinese) = (In(Language::English, error), In(Language::Chinese, error));
    Error::local(kind, text!("the text {why}", "该文本{chinese}"))
}

/// Whose client it is, nothing secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("identity", &self.context.identity)
            .field("serial_no", &self.context.serial_no)
            .field("origins", &self.context.origins)
            .finish_non_exhaustive()
    }
}

impl Sealed for Client {
    fn context(&self) -> &Arc<Context> {
        &self.context
    }
}

impl Caller for Client {
    type Sent<'a, T: 'a> = ResponseFuture<'a, T>;

    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> ResponseFuture<'a, T> {
        future
    }
}
