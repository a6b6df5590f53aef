//! The builder of a gateway.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex, RwLock},
    time::UNIX_EPOCH,
};

use http::Method;
use wechatpay_core::{
    crypto::{Backend, Suite, rsa::Rsa},
    system::{OperatingSystem, System},
};

#[cfg(feature = "program")]
use crate::control::access::Access;
use crate::{
    changes::Announcer,
    gateway::Gateway,
    keys::{
        KeyRing, Party, PlatformMode,
        api_v3::ApiV3Key,
        certificate_list,
        published::{BRAND_KEY, Published},
    },
    ledger::Ledger,
    random::SplitMix,
    request::{
        body::Bodies,
        log::Log,
        route::{Route, Routes},
    },
    server::host::GatewayHost,
    service::{Service, Target},
    simulator::{Settings, Simulator, courier::Courier},
};

/// The default mchid.
const MCHID: &str = "1900000100";
const BRAND_ID: &str = "40000100";
const BRAND_SERIAL_NO: &str = "61B0A4F8235D9C7E1E02C6D45A87F39B2ED41F08";
const API_V3_KEY: &str = "GatewayTestApiV3Key0123456789abc";

/// The default number of kept requests.
const KEPT_REQUESTS: usize = 1000;

/// The builder of a [`Gateway`].
///
/// ```
/// use std::sync::Arc;
/// use wechatpay_core::{crypto::rsa::Rsa, system::OperatingSystem};
/// use wechatpay_gateway::{Gateway, PlatformMode, generate};
///
/// let gateway = Gateway::builder()
///     .mode(PlatformMode::Certificates)
///     .mchid("1900000200")
///     .merchant_key("5157F09EFDC096DE15EBE81A47057A7232F1B8E1", generate::private_key_pem()?.as_str())
///     .api_v3_key("0123456789abcdef0123456789abcdef")
///     .backend(&Rsa)
///     .system(Arc::new(OperatingSystem))
///     .keep_requests(10)
///     .start()?;
/// assert_eq!((gateway.mchid(), gateway.certificate_pems().len()), ("1900000200", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct GatewayBuilder {
    backend: &'static dyn Backend,
    system: Arc<dyn System>,
    suite: Suite,
    mode: PlatformMode,
    mchid: String,
    /// The serial number and the private key, if not the published ones.
    merchant_key: Option<(String, String)>,
    api_v3_key: String,
    kept_requests: usize,
    simulate: bool,
    state: Option<PathBuf>,
    seed: Option<u64>,
    compression: u32,
    validate: bool,
    clock: Option<Arc<dyn System>>,
    listen: SocketAddr,
    #[cfg(feature = "program")]
    access: Option<Access>,
}

impl Gateway {
    /// Starts a gateway with default settings: with a WeChat Pay public key (微信支付公钥), as most merchants have.
    ///
    /// # Errors
    /// If binding the port or spawning the thread fails.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// A builder for a custom gateway.
    #[must_use]
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::new()
    }
}

impl GatewayBuilder {
    fn new() -> Self {
        Self {
            backend: &Rsa,
            system: Arc::new(OperatingSystem),
            suite: Suite::default(),
            mode: PlatformMode::default(),
            mchid: MCHID.to_owned(),
            merchant_key: None,
            api_v3_key: API_V3_KEY.to_owned(),
            kept_requests: KEPT_REQUESTS,
            simulate: false,
            state: None,
            seed: None,
            compression: 1,
            validate: true,
            clock: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            #[cfg(feature = "program")]
            access: None,
        }
    }

    /// Simulates WeChat Pay: the everyday operations have state, and changes of the state send notifications. Every other
    /// documented operation responds from the examples of its description, and repeats what the request says of a field
    /// of the same name. Requests are compared with the description first: what differs gets PARAM_ERROR, with the name of
    /// the field in `detail`.
    ///
    /// Registered handlers go before. Without this call the gateway responds with 404 to a path that nobody has
    /// registered, so a test notices a path that it has forgotten.
    ///
    /// ```
    /// use serde_json::{Value, json};
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().simulate().start()?;
    /// let client = gateway.client()?;
    /// let order = json!({
    ///     "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "Coffee",
    ///     "out_trade_no": "ORDER-0001", "notify_url": "https://shop.example/notify", "amount": { "total": 100 },
    /// });
    /// client.request(Method::POST, "/v3/pay/transactions/native").json(&order).send().await?;
    /// gateway.pay("ORDER-0001")?;
    ///
    /// let query = client.request(Method::GET, "/v3/pay/transactions/out-trade-no/ORDER-0001");
    /// let order: Value = query.query(&json!({ "mchid": gateway.mchid() })).send().await?.into_inner();
    /// assert_eq!(order["trade_state"], "SUCCESS");
    ///
    /// let path = "/v3/marketing/favor/stocks/{stock_id}/pause";
    /// let pause = async |body: Value| {
    ///     client.request(Method::POST, path).path("stock_id", &"9856888").json(&body).send().await
    /// };
    /// let paused: Value = pause(json!({ "stock_creator_mchid": gateway.mchid() })).await?.into_inner();
    /// assert_eq!(paused["stock_id"], "9856888");
    /// let error = pause(json!({})).await.unwrap_err();
    /// assert_eq!(error.detail().map(|detail| &detail["field"]), Some(&json!("/stock_creator_mchid")));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn simulate(mut self) -> Self {
        self.simulate = true;
        self
    }

    /// Simulates with a state file: what is acknowledged survives a restart, and a crash. The file is made when it is
    /// not there. It holds orders, refunds, transfers, profit sharing, notifications with their schedule, and the
    /// [ledger](Gateway::ledger) of the simulated operations, sensitive fields included.
    ///
    /// [`start`](Self::start) fails when another program uses the file, when it is not a state file, when it is
    /// damaged, and when it belongs to another merchant. The file stays as it is then.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// # let folder = std::env::temp_dir().join(format!("wechatpay-gateway-example-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let file = folder.join("state.redb");
    /// let gateway = Gateway::builder().state(&file).start()?;
    /// let error = Gateway::builder().state(&file).start().unwrap_err();
    /// assert!(error.to_string().contains("another program uses the state file"));
    /// # drop(gateway);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self.simulate()
    }

    /// The seed of the gateway's randomness: nonces, ids, the service's own numbers. Without a choice it is random.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::builder().seed(7).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Divides the pauses between the attempts to deliver a notification by this factor. The official schedule has 15
    /// pauses, of 15 seconds to 6 hours: with a factor of 1,000 it is over after 87 seconds.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::builder().simulate().compress_time(1000).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn compress_time(mut self, factor: u32) -> Self {
        self.compression = factor;
        self
    }

    /// The kinds of keys that sign responses.
    #[must_use]
    pub fn mode(mut self, mode: PlatformMode) -> Self {
        self.mode = mode;
        self
    }

    /// The algorithms of the merchant and of WeChat Pay. [`Suite::Shangmi`] is 国密 and needs the feature `shangmi`. Its
    /// merchants have platform certificates: [`PlatformMode::Certificates`]. Operations of a brand are RSA only, and are
    /// for another gateway.
    ///
    /// ```
    /// use wechatpay_core::crypto::Suite;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let started = Gateway::builder().suite(Suite::Shangmi).mode(PlatformMode::Certificates).start();
    /// assert_eq!(started.is_ok(), cfg!(feature = "shangmi"));
    /// ```
    #[must_use]
    pub fn suite(mut self, suite: Suite) -> Self {
        self.suite = suite;
        self
    }

    /// The crypto backend that verifies, decrypts and signs. The default is [`Rsa`]. Clients use `AwsLcRs` by default,
    /// so each backend checks the other. `AwsLcRs` signs about eight times as fast.
    #[must_use]
    pub fn backend(mut self, backend: &'static dyn Backend) -> Self {
        self.backend = backend;
        self
    }

    /// The clock for checking and creating timestamps.
    #[must_use]
    pub fn system(mut self, system: Arc<dyn System>) -> Self {
        self.system = system;
        self
    }

    /// The merchant's number (商户号).
    #[must_use]
    pub fn mchid(mut self, mchid: impl Into<String>) -> Self {
        self.mchid = mchid.into();
        self
    }

    /// The serial number of the merchant's certificate and the merchant's private key (PEM; 2048 bits, or SM2 where the
    /// [`suite`](Self::suite) is 国密).
    #[must_use]
    pub fn merchant_key(mut self, serial_no: impl Into<String>, private_key_pem: impl Into<String>) -> Self {
        self.merchant_key = Some((serial_no.into(), private_key_pem.into()));
        self
    }

    /// The APIv3 key (APIv3密钥): 32 characters.
    #[must_use]
    pub fn api_v3_key(mut self, key: impl Into<String>) -> Self {
        self.api_v3_key = key.into();
        self
    }

    /// How many requests [`Gateway::requests`] keeps.
    #[must_use]
    pub fn keep_requests(mut self, limit: usize) -> Self {
        self.kept_requests = limit;
        self
    }

    /// Whether requests to documented operations are checked against the description: fields that are missing, of the wrong
    /// type, too long. The default is yes.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().validate(false).start()?;
    /// let nothing = json!({});
    /// gateway.client()?.request(Method::POST, "/v3/marketing/favor/coupon-stocks").json(&nothing).send().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn validate(mut self, validate: bool) -> Self {
        self.validate = validate;
        self
    }

    /// The clock of the state: when orders are placed, paid and expire, and which day a bill is of. The default is that of
    /// [`system`](Self::system), by which signatures are judged and made.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wechatpay_core::system::OperatingSystem;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::builder().simulate().clock(Arc::new(OperatingSystem)).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn System>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The address at which it listens. The default is a free port of the loopback interface.
    ///
    /// The keys of the gateway are known to everybody. At another address than the loopback interface anybody who reaches it
    /// can send it requests, so give [`console`](Self::console) a token there.
    ///
    /// ```
    /// use std::net::{Ipv6Addr, SocketAddr};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # if std::net::TcpListener::bind("[::1]:0").is_ok() {
    /// let gateway = Gateway::builder().listen(SocketAddr::from((Ipv6Addr::LOCALHOST, 0))).start()?;
    /// assert!(gateway.url().starts_with("http://[::1]:"));
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves the console, a page for the browser, and the control interface under `/_gateway/`. Without a token they are
    /// for this machine alone: a request that names another host is refused.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::builder().console(None).start()?;
    /// println!("see what your test does at {}", gateway.console_url().expect("it is served"));
    /// # assert!(gateway.console_url().is_some_and(|url| url.ends_with("/_gateway/")));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "program")]
    #[must_use]
    pub fn console(mut self, token: Option<&str>) -> Self {
        self.access = Some(Access::new(token));
        self
    }

    /// Starts the gateway.
    ///
    /// # Errors
    /// If a given key is not usable, if binding the port fails, or if spawning the thread fails.
    pub fn start(self) -> io::Result<Gateway> {
        let Self {
            backend,
            system,
            suite,
            mode,
            mchid,
            merchant_key,
            api_v3_key,
            kept_requests,
            simulate,
            state,
            seed,
            compression,
            validate,
            clock,
            listen,
            #[cfg(feature = "program")]
            access,
        } = self;
        let published = Published::of(suite);
        let (serial_no, private_key_pem) =
            merchant_key.unwrap_or_else(|| (published.merchant_serial_no.to_owned(), published.merchant.to_owned()));
        let merchant = Party::new(backend, mchid, &serial_no, private_key_pem)?;
        if merchant.public_key.suite() != suite {
            return Err(io::Error::other("the merchant's key is not of the gateway's suite"));
        }
        let seed = seed.map_or_else(random_seed, Ok)?;
        let (ledger, announcer) = (Ledger::default(), Announcer::default());
        let simulator = simulate.then(|| {
            Simulator::new(Settings {
                mchid: merchant.id.clone(),
                system: clock.unwrap_or_else(|| Arc::clone(&system)),
                compression,
                // Not the sequence of the nonces.
                seed: !seed,
                ledger: ledger.clone(),
                announcer: announcer.clone(),
                state,
            })
        });
        let simulator = simulator.transpose().map_err(io::Error::other)?;
        let now = system
            .now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let mut routes = Routes::default();
        for path in certificate_list::PATHS {
            routes.add(Route::new(Method::GET, path, Target::CertificateList));
        }
        let service = Arc::new(Service {
            system,
            keys: Mutex::new(KeyRing::new(backend, suite, mode, &merchant.id, now)?),
            merchant,
            brand: Party::new(backend, BRAND_ID.to_owned(), BRAND_SERIAL_NO, BRAND_KEY.to_owned())?,
            api_v3_key: ApiV3Key::new(api_v3_key, suite)?,
            ledger,
            routes: RwLock::new(routes),
            faults: Mutex::default(),
            log: Mutex::new(Log::new(kept_requests)),
            random: Mutex::new(SplitMix::new(seed)),
            nonces: Mutex::default(),
            panic: Mutex::new(None),
            announcer,
            addresses: Mutex::default(),
            simulator: simulator.map(Arc::new),
            validate,
            bodies: Bodies::default(),
            #[cfg(feature = "program")]
            access,
        });
        let host = GatewayHost::start(Arc::clone(&service), listen)?;
        let courier = service.simulator.clone();
        let courier = courier.map(|simulator| Courier::start(Arc::clone(&service), simulator));
        Ok(Gateway {
            host,
            courier: courier.transpose()?,
            service,
        })
    }
}

fn random_seed() -> io::Result<u64> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    Ok(u64::from_le_bytes(seed))
}

impl fmt::Debug for GatewayBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayBuilder")
            .field("mode", &self.mode)
            .field("mchid", &self.mchid)
            .finish_non_exhaustive()
    }
}
