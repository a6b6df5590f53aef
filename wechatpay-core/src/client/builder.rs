//! Configuring a client, and refusing a configuration that cannot work.

use crate::{
    client::Client,
    context::{Context, Limits, Origins},
    crypto::{Backend, Suite, default_backend},
    error::{Error, ErrorKind},
    identity::Identity,
    key_store::{Builder, CertificateRefresh},
    keys::{ApiV3Key, Certificate, KeyError, PrivateKey, PublicKey},
    limit::Rates,
    observe::Observer,
    request::certificates,
    retry::{Retries, RetryPolicy},
    signer::Signer,
    support::{
        language::{In, Language, Text, text},
        system::{OperatingSystem, System},
    },
    transport::{HttpTransport, Transport},
};
use http::HeaderValue;
use std::{fmt, marker::PhantomData, net::IpAddr, sync::Arc, time::Duration};
use url::Url;
use zeroize::Zeroizing;

const MAIN_HOST: &str = "https://api.mch.weixin.qq.com";
const BACKUP_HOST: &str = "https://api2.mch.weixin.qq.com";

/// Configures a [`Client`].
///
/// Needed are [`merchant`](Self::merchant) (or [`brand`](Self::brand)) and a way to verify responses:
/// [`wechatpay_public_key`](Self::wechatpay_public_key), [`platform_certificate`](Self::platform_certificate) or
/// [`platform_certificates`](Self::platform_certificates). Everything else has a default.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::{Client, PrivateKey, PublicKey, RetryPolicy};
/// use wechatpay_gateway::Gateway;
///
/// // The gateway represents WeChat Pay, and has test keys for every setting.
/// let gateway = Gateway::start()?;
/// let backup = gateway.add_host()?;
/// let client = Client::builder()
///     .merchant(gateway.mchid(), gateway.serial_no(), PrivateKey::from_pem(gateway.merchant_private_key_pem())?)
///     .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
///     .api_v3_key(gateway.api_v3_key())
///     .also_api_v3_key("the-APIv3-key-of-before-32-bytes")
///     .base_url(gateway.url())
///     .backup_url(backup.url())
///     .retry(RetryPolicy::default().attempts(2))
///     .attempt_timeout(Duration::from_secs(5))
///     .deadline(Duration::from_secs(10))
///     .max_response_bytes(1 << 20)
///     .user_agent("my-shop/1.2")
///     .build()?;
/// assert_eq!(client.mchid(), gateway.mchid());
///
/// // What cannot work is refused here, before anything is sent.
/// let error = Client::builder().base_url(gateway.url()).build().unwrap_err();
/// assert!(error.to_string().contains("call `merchant(mchid, serial_no, key)`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct ClientBuilder<C = Client> {
    identity: Option<(Identity, String, MerchantKey)>,
    payment_key: Option<Arc<dyn Signer>>,
    public_keys: Vec<(String, PublicKey)>,
    certificates: Vec<Certificate>,
    certificate_refresh: Option<CertificateRefresh>,
    api_v3_key: Option<Zeroizing<Vec<u8>>>,
    also_api_v3_keys: Vec<Zeroizing<Vec<u8>>>,
    base_url: String,
    backup_url: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    system: Arc<dyn System>,
    backend: Option<&'static dyn Backend>,
    retry: RetryPolicy,
    limits: Limits,
    user_agent: Option<String>,
    observer: Option<Arc<dyn Observer>>,
    rates: Option<Rates>,
    client: PhantomData<fn() -> C>,
}

/// The merchant's key as it was given.
enum MerchantKey {
    Signer(Arc<dyn Signer>),
    /// A PEM text, which is read when the backend is known, and where it comes from.
    Pem {
        pem: Zeroizing<Vec<u8>>,
        variable: Option<&'static str>,
    },
}

impl MerchantKey {
    fn signer(self, backend: &dyn Backend) -> Result<Arc<dyn Signer>, Error> {
        match self {
            Self::Signer(signer) => Ok(signer),
            Self::Pem { pem, variable } => match PrivateKey::from_pem_with(backend, &*pem) {
                Ok(key) => Ok(Arc::new(key)),
                Err(error) => Err(refused(match variable {
                    Some(variable) => unusable_key(variable, &error),
                    None => Text::of(&error),
                })),
            },
        }
    }
}

/// What a variable holds instead of a key.
pub(super) fn unusable_key(variable: &str, error: &KeyError) -> Text {
    let (english, chinese) = (In(Language::English, error), In(Language::Chinese, error));
    text!(
        "the environment variable {variable} gives no usable key: {english}",
        "环境变量 {variable} 中没有可用的密钥：{chinese}"
    )
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("identity", &self.identity.as_ref().map(|(identity, ..)| identity))
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Starts to configure a client.
    ///
    /// ```
    /// use wechatpay_core::Client;
    ///
    /// // Whose client it is and how responses are verified have no default.
    /// assert!(Client::builder().build().is_err());
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl<C> ClientBuilder<C> {
    pub(crate) fn new() -> Self {
        Self {
            identity: None,
            payment_key: None,
            public_keys: Vec::new(),
            certificates: Vec::new(),
            certificate_refresh: None,
            api_v3_key: None,
            also_api_v3_keys: Vec::new(),
            base_url: MAIN_HOST.to_owned(),
            backup_url: Some(BACKUP_HOST.to_owned()),
            transport: None,
            system: Arc::new(OperatingSystem),
            backend: None,
            retry: RetryPolicy::default(),
            limits: Limits {
                attempt: Duration::from_secs(15),
                deadline: Duration::from_secs(30),
                response_bytes: 4 << 20,
            },
            user_agent: None,
            observer: None,
            rates: None,
            client: PhantomData,
        }
    }

    /// In whose name requests are signed: the merchant number (商户号), the serial number of its certificate
    /// (商户API证书序列号) and its private key (商户API私钥), or a [`Signer`] that has the key elsewhere.
    pub fn merchant(
        mut self,
        mchid: impl Into<String>,
        serial_no: impl Into<String>,
        signer: impl Signer + 'static,
    ) -> Self {
        let (mchid, suite) = (mchid.into(), signer.suite());
        self.identity = Some((
            Identity::Merchant { mchid, suite },
            serial_no.into(),
            MerchantKey::Signer(Arc::new(signer)),
        ));
        self
    }

    /// Like [`merchant`](Self::merchant), with the text of `apiclient_key.pem`. The key is read in
    /// [`build`](Self::build), by the backend that [`crypto_backend`](Self::crypto_backend) chooses.
    ///
    /// ```
    /// use wechatpay_core::{Client, PublicKey, crypto::rsa::Rsa};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// // Everything is computed in pure Rust, signatures too.
    /// let client = Client::builder()
    ///     .crypto_backend(&Rsa)
    ///     .merchant_pem(gateway.mchid(), gateway.serial_no(), gateway.merchant_private_key_pem())
    ///     .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
    ///     .base_url(gateway.url())
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merchant_pem(
        self,
        mchid: impl Into<String>,
        serial_no: impl Into<String>,
        private_key_pem: impl AsRef<[u8]>,
    ) -> Self {
        self.merchant_pem_of(mchid.into(), serial_no.into(), private_key_pem.as_ref(), None)
    }

    /// `variable` is where the text comes from, for the error.
    pub(super) fn merchant_pem_of(
        mut self,
        mchid: String,
        serial_no: String,
        pem: &[u8],
        variable: Option<&'static str>,
    ) -> Self {
        let pem = Zeroizing::new(pem.to_vec());
        let key = MerchantKey::Pem { pem, variable };
        // The key's own suite is known when it is read.
        let suite = Suite::default();
        self.identity = Some((Identity::Merchant { mchid, suite }, serial_no, key));
        self
    }

    /// Signs in the name of a brand (品牌), for operations under `/brand/`: scheme
    /// `WECHATPAY-BRAND-SHA256-RSA2048`, the brand's id, and the brand's own certificate and key.
    ///
    /// ```
    /// use wechatpay_core::{Client, PrivateKey, PublicKey};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let key = PrivateKey::from_pem(gateway.brand_private_key_pem())?;
    /// let client = Client::builder()
    ///     .brand(gateway.brand_id(), gateway.brand_serial_no(), key)
    ///     .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
    ///     .base_url(gateway.url())
    ///     .build()?;
    /// assert_eq!(client.mchid(), gateway.brand_id());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn brand(
        mut self,
        brand_id: impl Into<String>,
        serial_no: impl Into<String>,
        signer: impl Signer + 'static,
    ) -> Self {
        self.identity = Some((
            Identity::Brand {
                brand_id: brand_id.into(),
            },
            serial_no.into(),
            MerchantKey::Signer(Arc::new(signer)),
        ));
        self
    }

    /// The RSA key that signs payment parameters (调起支付参数) for a client whose [`merchant`](Self::merchant) key is an SM2
    /// key (国密): payments are started with RSA signatures only. A merchant who uses 国密 has an RSA certificate (商户API证书)
    /// beside the one with SM2; this is its private key.
    ///
    /// ```
    /// use wechatpay_core::{Client, PrivateKey, PublicKey};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let rsa = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
    /// // A client with an RSA key signs everything with that one.
    /// let error = gateway.client_builder().payment_key(rsa).build().unwrap_err();
    /// assert!(error.to_string().contains("`payment_key(..)`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payment_key(mut self, signer: impl Signer + 'static) -> Self {
        self.payment_key = Some(Arc::new(signer));
        self
    }

    /// WeChat Pay's public key (微信支付公钥) and its id, `PUB_KEY_ID_…`: verifies responses and encrypts sensitive fields.
    /// Call it again for a second key while keys change; the first one encrypts. The merchant's own key and an id that
    /// begins otherwise are refused in [`build`](Self::build).
    pub fn wechatpay_public_key(mut self, public_key_id: impl Into<String>, key: PublicKey) -> Self {
        self.public_keys.push((public_key_id.into(), key));
        self
    }

    /// Adds a platform certificate (微信支付平台证书) that the program has. One that is not valid at the moment is not used,
    /// and a warning is logged; when there is no other key, [`build`](Self::build) refuses it.
    ///
    /// ```
    /// use wechatpay_core::{Client, PrivateKey, keys::Certificate};
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let pem = gateway.certificate_pems().remove(0);
    /// let client = Client::builder()
    ///     .merchant(gateway.mchid(), gateway.serial_no(), PrivateKey::from_pem(gateway.merchant_private_key_pem())?)
    ///     .platform_certificate(Certificate::from_pem(pem)?)
    ///     .base_url(gateway.url())
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn platform_certificate(mut self, certificate: Certificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// Downloads the platform certificates, and again when they are about to rotate. Needs the
    /// [`api_v3_key`](Self::api_v3_key). Merchants that only have a public key have no certificates to download.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{Client, Method, PrivateKey};
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// gateway.on(Method::GET, "/v3/pay/transactions/id/4200000001", |_| json!({ "trade_state": "SUCCESS" }));
    /// let client = Client::builder()
    ///     .merchant(gateway.mchid(), gateway.serial_no(), PrivateKey::from_pem(gateway.merchant_private_key_pem())?)
    ///     .api_v3_key(gateway.api_v3_key())
    ///     .platform_certificates()
    ///     .base_url(gateway.url())
    ///     .build()?;
    /// client.request(Method::GET, "/v3/pay/transactions/id/4200000001").send().await?;
    /// assert_eq!(gateway.requests_to("/v3/certificates").len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn platform_certificates(mut self) -> Self {
        self.certificate_refresh.get_or_insert_default();
        self
    }

    /// Downloads the platform certificates like [`platform_certificates`](Self::platform_certificates), at custom
    /// intervals.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::client::CertificateRefresh;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let hourly = CertificateRefresh::default().interval(Duration::from_secs(3600));
    /// let client = gateway.client_builder().certificate_refresh(hourly).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn certificate_refresh(mut self, refresh: CertificateRefresh) -> Self {
        self.certificate_refresh = Some(refresh);
        self
    }

    /// The APIv3 key (APIv3密钥), 32 bytes: decrypts notifications and platform certificates.
    pub fn api_v3_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.api_v3_key = Some(Zeroizing::new(key.as_ref().to_vec()));
        self
    }

    /// A second APIv3 key, tried on a notification that the first one does not decrypt: the new one before and the old
    /// one after it is changed on the merchant platform (商户平台). Retries of older notifications can still be encrypted
    /// with the old key for a day.
    pub fn also_api_v3_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.also_api_v3_keys.push(Zeroizing::new(key.as_ref().to_vec()));
        self
    }

    /// Where the service is. Default: `https://api.mch.weixin.qq.com`, with `https://api2.mch.weixin.qq.com` as the
    /// backup host. Scheme and host only, no path. Plain HTTP is accepted for loopback addresses only. Setting it
    /// takes the backup host away; see [`backup_url`](Self::backup_url).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self.backup_url = None;
        self
    }

    /// The backup host (备用域名), used while the main one is down.
    pub fn backup_url(mut self, url: impl Into<String>) -> Self {
        self.backup_url = Some(url.into());
        self
    }

    /// How and when to retry. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the response. Default: 15 seconds. A
    /// [`Download`](crate::Download) counts up to its first byte; after that, this is how long it may be silent.
    ///
    /// A host that does not respond for this time counts as down. An attempt that had less time, because of the
    /// deadline of its call, does not change the host of other calls.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// How long a call may take with all its attempts and pauses. Default: 30 seconds.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.limits.deadline = limit;
        self
    }

    /// The largest response that is read, in bytes. Default: 4 MiB. A [`Download`](crate::Download) has its own limit.
    pub fn max_response_bytes(mut self, most: usize) -> Self {
        self.limits.response_bytes = most;
        self
    }

    /// Sends through this transport instead of the default one. Clients that are given clones of one [`HttpTransport`]
    /// share their connections.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::transport::HttpTransport;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let transport = HttpTransport::builder().connect_timeout(Duration::from_secs(1)).build()?;
    /// let first = gateway.client_builder().transport(transport.clone()).build()?;
    /// let second = gateway.brand_client_builder().transport(transport).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Takes time and randomness from here instead of the operating system.
    ///
    /// ```
    /// use std::{io, time::{Duration, SystemTime}};
    /// use wechatpay_core::{Method, system::{OperatingSystem, System}};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// /// A clock that is slow by an hour.
    /// #[derive(Debug)]
    /// struct Slow;
    ///
    /// impl System for Slow {
    ///     fn now(&self) -> SystemTime {
    ///         SystemTime::now() - Duration::from_secs(3600)
    ///     }
    ///
    ///     fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
    ///         OperatingSystem.random(bytes)
    ///     }
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// let client = gateway.client_builder().system(Slow).build()?;
    /// let error = client.request(Method::GET, "/v3/pay/transactions/id/1").send().await.unwrap_err();
    /// assert_eq!(error.code(), Some("SIGN_ERROR"));
    /// # Ok(()) }
    /// ```
    pub fn system(mut self, system: impl System + 'static) -> Self {
        self.system = Arc::new(system);
        self
    }

    /// The backend for everything that the client computes: it verifies, encrypts, decrypts notifications and
    /// certificates, and signs with a key that was given as text ([`merchant_pem`](Self::merchant_pem),
    /// [`from_env`](Self::from_env)). Default: [`default_backend`].
    ///
    /// A [`PrivateKey`] or another [`Signer`] that the program made keeps the backend that it was made with.
    ///
    /// ```
    /// use wechatpay_core::crypto::rsa::Rsa;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let client = gateway.client_builder_with(&Rsa).crypto_backend(&Rsa).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn crypto_backend(mut self, backend: &'static dyn Backend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Begins the `User-Agent` header with the name of your program.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Tells `observer` of each attempt and each call, the downloads of platform certificates included. Default: nobody,
    /// and then nothing is measured. See [`observe`](crate::observe) for an example.
    ///
    /// ```
    /// use wechatpay_core::observe::{CallEvent, Observer};
    /// use wechatpay_gateway::Gateway;
    ///
    /// struct Slow;
    ///
    /// impl Observer for Slow {
    ///     fn call(&self, event: &CallEvent<'_>) {
    ///         if event.elapsed.as_secs() > 5 {
    ///             eprintln!("{} {} took {:?}", event.method, event.template, event.elapsed);
    ///         }
    ///     }
    /// }
    ///
    /// let client = Gateway::start()?.client_builder().observer(Slow).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Limits how often operations are called, by all tasks that use this client and its clones. Default: no limits. See
    /// [`limit`](crate::limit) for an example.
    ///
    /// ```
    /// use wechatpay_core::{Method, limit::Rates};
    /// use wechatpay_gateway::Gateway;
    ///
    /// let rates = Rates::new().per_second(Method::POST, "/v3/fund-app/mch-transfer/transfer-bills", 100);
    /// let client = Gateway::start()?.client_builder().rates(rates).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rates(mut self, rates: Rates) -> Self {
        self.rates = Some(rates);
        self
    }
}

#[cfg(feature = "blocking")]
impl<C> ClientBuilder<C> {
    /// The same configuration, for another kind of client.
    pub(crate) fn into_other<D>(self) -> ClientBuilder<D> {
        ClientBuilder {
            identity: self.identity,
            payment_key: self.payment_key,
            public_keys: self.public_keys,
            certificates: self.certificates,
            certificate_refresh: self.certificate_refresh,
            api_v3_key: self.api_v3_key,
            also_api_v3_keys: self.also_api_v3_keys,
            base_url: self.base_url,
            backup_url: self.backup_url,
            transport: self.transport,
            system: self.system,
            backend: self.backend,
            retry: self.retry,
            limits: self.limits,
            user_agent: self.user_agent,
            observer: self.observer,
            rates: self.rates,
            client: PhantomData,
        }
    }
}

impl ClientBuilder {
    /// Makes the client.
    ///
    /// # Errors
    /// If a setting is missing or invalid. The error says what to change. Building sends nothing.
    pub fn build(self) -> Result<Client, Error> {
        let Some((identity, serial_no, key)) = self.identity else {
            return Err(refused((
                "the client has no merchant; call `merchant(mchid, serial_no, key)`",
                "客户端没有商户信息；请调用 `merchant(mchid, serial_no, key)`",
            )));
        };
        check_id("mchid", identity.id())?;
        check_id("serial_no", &serial_no)?;
        // The first use of the random source can be slow, and can fail: better here than in the first payment.
        let mut random = [0; 8];
        self.system.random(&mut random).map_err(|error| {
            Error::local(ErrorKind::System, ("the random source failed", "无法获取随机数")).because(error)
        })?;
        let backend = self.backend.unwrap_or_else(default_backend);
        let signer = key.signer(backend)?;
        let identity = of_suite(identity, &*signer)?;
        check_payment_key(self.payment_key.as_deref(), identity.suite())?;
        let mut keys = Builder::default().suite(identity.suite());
        let mut api_v3_keys = Vec::new();
        for bytes in self.api_v3_key.iter().chain(&self.also_api_v3_keys) {
            api_v3_keys.push(ApiV3Key::new(bytes).map_err(|error| refused(Text::of(&error)))?);
        }
        keys = keys.api_v3_keys(api_v3_keys);
        for (id, key) in self.public_keys {
            check_id("public key id", &id)?;
            let key = match self.backend {
                Some(chosen) => key.with_backend(chosen).map_err(|error| refused(Text::of(&error)))?,
                None => key,
            };
            keys = keys.public_key(&id, key).map_err(|reason| refused(Text::of(&reason)))?;
        }
        for certificate in self.certificates {
            let certificate = match self.backend {
                Some(chosen) => certificate
                    .with_backend(chosen)
                    .map_err(|error| refused(Text::of(&error)))?,
                None => certificate,
            };
            keys = keys.certificate(certificate);
        }
        if let Some(refresh) = self.certificate_refresh {
            keys = keys.download(backend, refresh, u64::from_ne_bytes(random));
        }
        let keys = keys
            .build(&serial_no, signer.private_key(), self.system.now())
            .map_err(|reason| refused(Text::of(&reason)))?;
        let origins = Origins {
            main: origin(&self.base_url)?,
            backup: self.backup_url.as_deref().map(origin).transpose()?,
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None if origins.all_plain() => Arc::new(HttpTransport::for_loopback()?),
            None => Arc::new(HttpTransport::new()?),
        };
        let own = concat!("wechatpay-core/", env!("CARGO_PKG_VERSION"));
        let user_agent = self
            .user_agent
            .map_or_else(|| own.to_owned(), |name| format!("{name} {own}"));
        let user_agent = HeaderValue::from_str(&user_agent).map_err(|_| {
            refused((
                "the user agent holds a character that a header cannot carry",
                "User-Agent 含有请求头不允许的字符",
            ))
        })?;
        let retries = Retries::new(self.retry, origins.backup.is_some());
        let context = Context {
            identity,
            serial_no,
            signer,
            payment_signer: self.payment_key,
            keys,
            transport,
            system: self.system,
            origins,
            retries,
            limits: self.limits,
            user_agent,
            observer: self.observer,
            limiter: self.rates.map(Rates::build).transpose().map_err(refused)?,
            backend,
            download_certificates: certificates::download,
        };
        Ok(Client {
            context: Arc::new(context),
        })
    }
}

/// The identity of a client with this signer, whose suite the client has.
fn of_suite(identity: Identity, signer: &dyn Signer) -> Result<Identity, Error> {
    let suite = signer.suite();
    if signer.private_key().is_some_and(|key| key.suite() != suite) {
        return Err(refused((
            "the signer's `suite()` is another one than that of its `private_key()`; return the same from both",
            "Signer 的 `suite()` 与其 `private_key()` 的算法不一致；两者必须相同",
        )));
    }
    match identity {
        Identity::Merchant { mchid, .. } => Ok(Identity::Merchant { mchid, suite }),
        brand if suite == Suite::Rsa => Ok(brand),
        _ => Err(refused((
            "a brand signs with an RSA key; 国密 is for merchants",
            "品牌只能用 RSA 私钥签名；国密只用于商户",
        ))),
    }
}

fn check_payment_key(key: Option<&dyn Signer>, suite: Suite) -> Result<(), Error> {
    match key.map(|key| (suite, key.suite())) {
        None | Some((Suite::Shangmi, Suite::Rsa)) => Ok(()),
        Some((Suite::Shangmi, Suite::Shangmi)) => Err(refused((
            "the key for `payment_key(..)` is an SM2 key; payments are started with RSA signatures only",
            "`payment_key(..)` 的密钥是 SM2；调起支付只支持 RSA 签名",
        ))),
        Some((Suite::Rsa, _)) => Err(refused((
            "`payment_key(..)` is for a client with an SM2 key; an RSA key signs the payment parameters itself",
            "`payment_key(..)` 只用于国密客户端；RSA 私钥本身就能签调起支付参数",
        ))),
    }
}

fn refused(reason: impl Into<Text>) -> Error {
    Error::local(ErrorKind::Configuration, reason)
}

/// An id is quoted in the Authorization header, so it must not contain a quotation mark.
pub(super) fn check_id(what: &str, id: &str) -> Result<(), Error> {
    if id.is_empty() {
        return Err(refused(text!("the {what} is empty", "{what} 为空")));
    }
    if !id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        return Err(refused(text!(
            "the {what} may have letters, digits, `_` and `-` only; look for white space or quotes around it",
            "{what} 只能包含字母、数字、`_` 和 `-`；检查前后是否有空白或引号"
        )));
    }
    Ok(())
}

/// The scheme and authority of a base URL, or why it is invalid.
fn origin(url: &str) -> Result<String, Error> {
    let parsed = Url::parse(url).map_err(|_| {
        refused((
            "the base URL cannot be read; write scheme and host, `https://api.mch.weixin.qq.com`",
            "base URL 无法解析；请写协议与域名，如 `https://api.mch.weixin.qq.com`",
        ))
    })?;
    let Some(host) = parsed.host_str() else {
        return Err(refused(("the base URL has no host", "base URL 没有域名")));
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(refused((
            "the base URL has user info, which WeChat Pay never asks for",
            "base URL 含有用户名或密码，微信支付从不需要",
        )));
    }
    if parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(refused((
            "the base URL has a path; the path belongs to the operation, because it is signed",
            "base URL 含有路径；路径属于接口，因为它参与签名",
        )));
    }
    match parsed.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => {
            return Err(refused((
                "plain HTTP goes to loopback addresses only; write https",
                "明文 HTTP 只能用于本机地址；请使用 https",
            )));
        }
        _ => {
            return Err(refused((
                "the base URL must begin with https",
                "base URL 必须以 https 开头",
            )));
        }
    }
    Ok(parsed.origin().ascii_serialization())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
