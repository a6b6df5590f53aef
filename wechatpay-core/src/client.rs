//! The client: whose name requests are signed in, which keys answers are checked with, and how they travel.

mod builder;
mod certificates;
mod download_url;
mod environment;
mod keys;

pub use builder::ClientBuilder;

use crate::{
    Call, Endpoint, Error, ErrorKind, RawCall,
    crypto::Backend,
    key_store::KeyStore,
    retry::{Host, Retries},
    sensitive::scope,
    sign::{Identity, Signer},
    system::System,
    transport::Transport,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use std::{fmt, sync::Arc, time::Duration};

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
/// // A declared operation, with all that came around its answer.
/// let ask = AskTradeBill::on("2026-11-20");
/// let reply = client.call(&ask).await?;
/// assert_eq!((reply.hash_type.as_str(), reply.attempts()), ("SHA1", 1));
///
/// // One that nobody declared, with a sensitive text.
/// let receiver = json!({ "account": "86693852", "name": client.encrypt("张三")? });
/// let answer = client.request(Method::POST, "/v3/profitsharing/receivers/add").json(&receiver).send().await?;
/// assert_eq!(answer["account"], "86693852");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) identity: Identity,
    pub(crate) serial_no: String,
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) keys: KeyStore,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) system: Arc<dyn System>,
    /// Scheme and authority of the main and, if there is one, the backup host.
    pub(crate) origins: Origins,
    pub(crate) retries: Retries,
    pub(crate) limits: Limits,
    pub(crate) user_agent: http::HeaderValue,
    pub(crate) backend: &'static dyn Backend,
}

/// Where requests go: scheme and authority, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    pub(crate) main: String,
    pub(crate) backup: Option<String>,
}

impl Origins {
    /// Where the platform certificates are listed; overseas merchants have a list of their own.
    pub(crate) fn certificates_path(&self) -> &'static str {
        if self.main.ends_with("//apihk.mch.weixin.qq.com") {
            "/v3/global/certificates"
        } else {
            "/v3/certificates"
        }
    }

    /// Whether nothing goes over TLS, which only loopback addresses are allowed.
    fn all_plain(&self) -> bool {
        [Some(&self.main), self.backup.as_ref()]
            .into_iter()
            .flatten()
            .all(|origin| origin.starts_with("http:"))
    }

    pub(crate) fn of(&self, host: Host) -> &str {
        match (host, &self.backup) {
            (Host::Backup, Some(backup)) => backup,
            _ => &self.main,
        }
    }
}

/// Time and size limits of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) deadline: Duration,
    pub(crate) answer_bytes: usize,
}

impl Client {
    /// Starts to configure a client.
    ///
    /// ```
    /// use wechatpay_core::Client;
    ///
    /// // Whose client it is and how answers are checked have no default.
    /// assert!(Client::builder().build().is_err());
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A call with options of its own (deadline, extra header), giving the whole reply (status, headers, Request-ID,
    /// raw body beside the decoded value). `request.send(&client)` is its short form.
    pub fn call<'a, E: Endpoint>(&'a self, request: &'a E) -> Call<'a, E> {
        Call::new(self, request)
    }

    /// A call of an operation that is not declared, by its path: `/v3/pay/transactions/native`. The path may have
    /// `{placeholders}`; it has no host and no query.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawCall<'_> {
        RawCall::new(self, method, path)
    }

    /// Encrypts a sensitive text (敏感信息加密) as a field of a request is encrypted. The base64 ciphertext belongs to
    /// the key that this client announces in `Wechatpay-Serial` at the moment; send it soon.
    ///
    /// # Errors
    /// When there is no key yet, or the text is longer than one ciphertext holds (214 bytes with RSA-2048).
    pub fn encrypt(&self, plaintext: &str) -> Result<String, Error> {
        let keys = self.inner.keys.snapshot();
        let key = keys
            .encryption_key(self.inner.system.now())
            .ok_or_else(no_encryption_key)?;
        if plaintext.is_empty() {
            return Ok(String::new());
        }
        scope::seal_with(&key.key, plaintext)
            .map(|ciphertext| STANDARD.encode(ciphertext))
            .map_err(|error| Error::local(ErrorKind::Request, format!("the text {error}")))
    }

    /// The merchant number (商户号), or the brand's id for a brand's client.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.inner.identity.id()
    }

    /// The serial number of the merchant's certificate (商户API证书序列号).
    #[must_use]
    pub fn serial_no(&self) -> &str {
        &self.inner.serial_no
    }
}

pub(crate) fn no_encryption_key() -> Error {
    Error::local(
        ErrorKind::Key,
        "there is no key to encrypt with; give the client a WeChat Pay public key or platform certificates",
    )
}

/// Whose client it is, nothing secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("identity", &self.inner.identity)
            .field("serial_no", &self.inner.serial_no)
            .field("origins", &self.inner.origins)
            .finish_non_exhaustive()
    }
}
