//! The handle of a running gateway.

use std::{
    fmt, io,
    net::SocketAddr,
    panic::resume_unwind,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use http::Method;
use serde_json::Value;

use crate::{
    fault::Fault,
    keys::{PlatformMode, certificate_list},
    ledger::Ledger,
    lock::lock,
    notification::Notification,
    request::{self, ReceivedRequest, route::Route},
    response::GatewayResponse,
    server::host::GatewayHost,
    service::{Fixed, Service, Target},
    simulator::courier::Courier,
};

/// A running gateway. Dropping it closes the connections and the port, and ends the thread.
///
/// Starting takes a few milliseconds and works with and without an async runtime. If a handler panics, for example in
/// an assertion, the client gets a 500. The panic resumes when the gateway is dropped, so the test fails.
///
/// ```
/// use http::Method;
/// use serde_json::json;
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |request| {
///         json!({ "out_trade_no": request.path("out_trade_no"), "trade_state": "SUCCESS" })
///     })
///     .on(Method::POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", |_| ())
///     .on(Method::POST, "/v3/refund/domestic/refunds", |_| GatewayResponse::error(403, "NOT_ENOUGH", "余额不足"));
/// println!("listening at {}", gateway.url());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A program under test that builds its own client gets its configuration from the gateway:
///
/// ```
/// use wechatpay_core::{Client, PrivateKey, PublicKey};
/// use wechatpay_gateway::{Gateway, PlatformMode};
///
/// let gateway = Gateway::builder().mode(PlatformMode::Mixed).start()?;
/// let client = Client::builder()
///     .base_url(gateway.url())
///     .merchant(gateway.mchid(), gateway.serial_no(), PrivateKey::from_pem(gateway.merchant_private_key_pem())?)
///     .api_v3_key(gateway.api_v3_key())
///     .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
///     .platform_certificates()
///     .build()?;
/// let brand_key = PrivateKey::from_pem(gateway.brand_private_key_pem())?;
/// let brand = Client::builder()
///     .base_url(gateway.url())
///     .brand(gateway.brand_id(), gateway.brand_serial_no(), brand_key)
///     .wechatpay_public_key(gateway.public_key_id(), PublicKey::from_pem(gateway.public_key_pem())?)
///     .build()?;
/// assert_eq!((gateway.mode(), gateway.certificate_pems().len()), (PlatformMode::Mixed, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In this example the response of an order is lost, and the query fails too. The ledger shows what was executed:
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::Method;
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway
///     .on_order(Method::POST, "/v3/pay/transactions/native", "out_trade_no", |_| json!({ "code_url": "weixin://1" }))
///     .on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |_| json!({ "trade_state": "NOTPAY" }))
///     .misbehave(Fault::Reset { committed: true })
///     .misbehave_at("/v3/pay/transactions/out-trade-no/{out_trade_no}", Fault::CommitThenFail { status: 500 });
/// assert_eq!(gateway.pending_faults(), 2);
///
/// let client = gateway.client()?;
/// let order = json!({ "out_trade_no": "A-1" });
/// let place = || client.request(Method::POST, "/v3/pay/transactions/native").json(&order).send();
/// let query = || client.request(Method::GET, "/v3/pay/transactions/out-trade-no/A-1").send();
/// assert!(place().await.is_err());
/// // A query is retried automatically.
/// assert_eq!(query().await?["trade_state"], "NOTPAY");
/// assert_eq!(place().await?["code_url"], "weixin://1");
///
/// assert_eq!(gateway.ledger().len(), 1);
/// assert_eq!((gateway.requests().len(), gateway.received()), (4, 4));
/// assert_eq!(gateway.requests_to("/v3/pay/transactions/out-trade-no/{out_trade_no}").len(), 2);
/// assert!(gateway.last_request().is_some_and(|request| request.fault().is_none()));
///
/// gateway.misbehave(Fault::Unsigned).behave();
/// assert_eq!(gateway.pending_faults(), 0);
/// # Ok(()) }
/// ```
///
/// With [`simulate`](crate::GatewayBuilder::simulate) the everyday operations have state. The test plays the payer and
/// the bank, and decides about the notifications:
///
/// ```
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::{Method, notification::payload::{RefundStatus, TradeState, TransferBillState}};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::builder().simulate().start()?;
/// let client = gateway.client()?;
/// let order = json!({
///     "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "Coffee",
///     "out_trade_no": "ORDER-0001", "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": 100 },
/// });
/// client.request(Method::POST, "/v3/pay/transactions/native").json(&order).send().await?;
/// gateway.leave_payment("ORDER-0001")?;
/// gateway.fail_payment("ORDER-0001")?;
/// gateway.pay("ORDER-0001")?;
/// assert_eq!(gateway.order("ORDER-0001")?.trade_state, TradeState::Success);
///
/// let refund = json!({
///     "out_trade_no": "ORDER-0001", "out_refund_no": "REFUND-1",
///     "amount": { "refund": 30, "total": 100, "currency": "CNY" },
/// });
/// client.request(Method::POST, "/v3/refund/domestic/refunds").json(&refund).send().await?;
/// gateway.finish_refund("REFUND-1")?;
/// assert_eq!(gateway.refund("REFUND-1")?.status, RefundStatus::Success);
/// // The other end, while the refund is being processed.
/// assert!(gateway.make_refund_abnormal("REFUND-1").is_err());
///
/// let transfer = json!({
///     "appid": "wxd678efh567hg6787", "out_bill_no": "TRANSFER1", "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
///     "transfer_amount": 500, "transfer_remark": "Prize", "transfer_scene_id": "1000",
///     "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "Raffle" }],
/// });
/// client.request(Method::POST, "/v3/fund-app/mch-transfer/transfer-bills").json(&transfer).send().await?;
/// gateway.confirm_transfer("TRANSFER1")?;
/// assert_eq!(gateway.transfer("TRANSFER1")?.state, TransferBillState::Success);
/// // The other end, before the user confirms.
/// assert!(gateway.fail_transfer("TRANSFER1").is_err());
///
/// assert_eq!((gateway.orders().len(), gateway.refunds().len(), gateway.transfers().len()), (1, 1, 1));
/// assert!(gateway.sharings().is_empty());
///
/// // The notification of the payment, once more in four ways.
/// let id = gateway.deliveries()[0].id.clone();
/// let mut changes = gateway.subscribe();
/// gateway.deliver_again(&id)?;
/// gateway.deliver_twice(&id)?;
/// gateway.deliver_late(&id, Duration::from_secs(600))?;
/// gateway.deliver_forged(&id)?;
/// while gateway.delivery(&id)?.attempts.len() < 6 {
///     changes.next().await;
/// }
/// # Ok(()) }
/// ```
pub struct Gateway {
    pub(crate) host: GatewayHost,
    /// What delivers notifications.
    pub(crate) courier: Option<Courier>,
    pub(crate) service: Arc<Service>,
}

impl Gateway {
    /// The base URL, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        self.host.url()
    }

    /// Where the console is, for the browser; nothing without
    /// [`GatewayBuilder::console`](crate::GatewayBuilder::console).
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// assert_eq!(Gateway::start()?.console_url(), None);
    /// let gateway = Gateway::builder().console(None).start()?;
    /// assert_eq!(gateway.console_url(), Some(format!("{}/_gateway/", gateway.url())));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "program")]
    #[must_use]
    pub fn console_url(&self) -> Option<String> {
        self.service
            .access
            .as_ref()
            .map(|_| format!("{}/_gateway/", self.url()))
    }

    /// Signs with other kinds of keys from now on, as after a migration. Keys that were used before still decrypt.
    ///
    /// ```
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::start()?;
    /// gateway.change_mode(PlatformMode::Mixed)?;
    /// assert_eq!((gateway.mode(), gateway.certificate_pems().len()), (PlatformMode::Mixed, 1));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a certificate cannot be made.
    pub fn change_mode(&self, mode: PlatformMode) -> io::Result<()> {
        let now = self.service.now();
        lock(&self.service.keys).change_mode(mode, now)
    }

    /// The merchant id (商户号) of the requests.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.service.merchant.id
    }

    /// The serial number of the merchant's certificate (商户API证书序列号).
    #[must_use]
    pub fn serial_no(&self) -> &str {
        self.service.merchant.serial_no.as_str()
    }

    /// The merchant's private key (商户API私钥), as PKCS#8 PEM.
    #[must_use]
    pub fn merchant_private_key_pem(&self) -> &str {
        &self.service.merchant.private_key_pem
    }

    /// The brand's id, for the operations under `/brand/`, which are signed with the scheme
    /// `WECHATPAY-BRAND-SHA256-RSA2048`.
    #[must_use]
    pub fn brand_id(&self) -> &str {
        &self.service.brand.id
    }

    /// The serial number of the brand's certificate.
    #[must_use]
    pub fn brand_serial_no(&self) -> &str {
        self.service.brand.serial_no.as_str()
    }

    /// The brand's private key, as PKCS#8 PEM.
    #[must_use]
    pub fn brand_private_key_pem(&self) -> &str {
        &self.service.brand.private_key_pem
    }

    /// The APIv3 key (APIv3密钥): 32 characters.
    #[must_use]
    pub fn api_v3_key(&self) -> &str {
        &self.service.api_v3_key.text
    }

    /// The id of the WeChat Pay public key in use (微信支付公钥ID). Empty in the mode [`PlatformMode::Certificates`].
    #[must_use]
    pub fn public_key_id(&self) -> String {
        lock(&self.service.keys)
            .public_key()
            .map(|key| key.id.to_string())
            .unwrap_or_default()
    }

    /// The WeChat Pay public key in use, as PEM. Empty in the mode [`PlatformMode::Certificates`].
    #[must_use]
    pub fn public_key_pem(&self) -> String {
        lock(&self.service.keys)
            .public_key()
            .map(|key| key.public_key_pem())
            .unwrap_or_default()
    }

    /// The kinds of keys that sign responses.
    #[must_use]
    pub fn mode(&self) -> PlatformMode {
        lock(&self.service.keys).mode()
    }

    /// Every platform certificate (平台证书) as PEM, the oldest first. Empty in the mode [`PlatformMode::PublicKey`].
    #[must_use]
    pub fn certificate_pems(&self) -> Vec<String> {
        let keys = lock(&self.service.keys);
        keys.certificates()
            .iter()
            .filter_map(|key| Some(key.certificate.as_ref()?.pem.clone()))
            .collect()
    }

    /// Registers the handler of an operation. `{name}` in the path matches one segment.
    ///
    /// The handler is called only with verified and decrypted requests. It may return a [`serde_json::Value`], `()` for
    /// a 204, a [`GatewayResponse`], or a `Result` of these. Registering the same method and path again replaces the
    /// handler.
    pub fn on<R: Into<GatewayResponse>>(
        &self,
        method: Method,
        path: &str,
        handler: impl Fn(&ReceivedRequest) -> R + Send + Sync + 'static,
    ) -> &Self {
        self.register(
            method,
            path,
            Target::Handler(Arc::new(move |request| handler(request).into())),
        )
    }

    /// Registers the handler of an operation that creates an order. `field` is the field of the body or of the path
    /// with the business number (商户单号), such as `out_trade_no`.
    ///
    /// The first request with a number calls the handler. If the handler returns a success, the order is recorded in
    /// the [`ledger`](Self::ledger). A retry with the same parameters gets the same response without calling the
    /// handler. Other parameters are refused with `INVALID_REQUEST`. Parameters are compared after decryption, so a new
    /// ciphertext of the same text is the same parameter.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::{Fault, Gateway};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on_order(Method::POST, "/v3/pay/transactions/jsapi", "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
    /// // The order is created, and the response is lost.
    /// gateway.misbehave(Fault::Reset { committed: true });
    /// let order = json!({ "out_trade_no": "A-1" });
    /// let client = gateway.client()?;
    /// let call = client.request(Method::POST, "/v3/pay/transactions/jsapi").json(&order).idempotent();
    /// assert_eq!(call.send().await?["prepay_id"], "wx1");
    /// assert_eq!((gateway.received(), gateway.ledger().len()), (2, 1));
    /// # Ok(()) }
    /// ```
    pub fn on_order<R: Into<GatewayResponse>>(
        &self,
        method: Method,
        path: &str,
        field: &str,
        handler: impl Fn(&ReceivedRequest) -> R + Send + Sync + 'static,
    ) -> &Self {
        let ledger = self.ledger();
        let field = field.to_owned();
        self.register(
            method,
            path,
            Target::Handler(Arc::new(move |request| {
                ledger.commit(&field, request, |request| handler(request).into())
            })),
        )
    }

    /// Registers a fixed JSON response, which is sent as fast as possible. Requests are not verified or recorded,
    /// faults are not applied, and the response is signed once a minute. Use it for measurements.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on_fixed(Method::GET, "/v3/pay/transactions/id/1", &json!({ "trade_state": "SUCCESS" }));
    /// let client = gateway.client()?;
    /// for _ in 0..10 {
    ///     client.request(Method::GET, "/v3/pay/transactions/id/1").send().await?;
    /// }
    /// assert_eq!(gateway.received(), 0);
    /// # Ok(()) }
    /// ```
    pub fn on_fixed(&self, method: Method, path: &str, body: &Value) -> &Self {
        self.register(
            method,
            path,
            Target::Fixed(Box::new(Fixed {
                response: GatewayResponse::json(200, body),
                signed: Mutex::new(None),
            })),
        )
    }

    fn register(&self, method: Method, path: &str, target: Target) -> &Self {
        let mut routes = self.service.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.add(Route::new(method, path, target));
        self
    }

    /// The last requests in the order of their arrival, including refused ones. Requests to
    /// [`on_fixed`](Self::on_fixed) are not recorded. At most 1,000 requests (see
    /// [`GatewayBuilder::keep_requests`](crate::GatewayBuilder::keep_requests)) and 64 MiB are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        lock(&self.service.log).all()
    }

    /// The last request.
    #[must_use]
    pub fn last_request(&self) -> Option<ReceivedRequest> {
        lock(&self.service.log).last()
    }

    /// The kept requests to one path: a registered path with its placeholders, or a path as it was sent.
    #[must_use]
    pub fn requests_to(&self, path: &str) -> Vec<ReceivedRequest> {
        let mut requests = self.requests();
        requests.retain(|request| request.template() == Some(path) || request.raw_path() == path);
        requests
    }

    /// How many requests were received since the start, including those that are no longer kept.
    #[must_use]
    pub fn received(&self) -> u64 {
        lock(&self.service.log).received
    }

    /// The orders that were executed.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.service.ledger.clone()
    }

    /// Encrypts a text for the merchant, for a sensitive field (敏感信息) of a response or notification. In a handler,
    /// [`ReceivedRequest::encrypt`] does the same.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::Sensitive;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #[derive(serde::Deserialize)]
    /// struct Payee {
    ///     name: Sensitive,
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// let resource = json!({ "name": gateway.encrypt("张三") });
    /// let posted = gateway.notification("APPLYMENT.STATE_CHANGE", resource).sign()?;
    /// let receiver = gateway.client()?.notifications();
    /// let payee = receiver.receive::<Payee>(posted.headers(), posted.body()).await?.payload;
    /// assert_eq!(payee.name.expose(), "张三");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn encrypt(&self, plaintext: &str) -> String {
        request::encrypt(&self.service.merchant.public_key, plaintext)
    }

    /// Applies a fault to the next request of any path. Faults are queued, and each applies to one request.
    pub fn misbehave(&self, fault: Fault) -> &Self {
        lock(&self.service.faults).add(None, fault);
        self
    }

    /// Applies a fault to the next request to one path: a registered path with its placeholders, or a path as it is
    /// sent.
    pub fn misbehave_at(&self, path: &str, fault: Fault) -> &Self {
        lock(&self.service.faults).add(Some(path), fault);
        self
    }

    /// Applies one of these faults to a random `percent` of the requests. The same seed gives the same sequence of
    /// decisions. Faults of [`misbehave`](Self::misbehave) take precedence.
    ///
    /// ```
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::{Fault, Gateway};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| ());
    /// gateway.chaos(7, 50, [Fault::Unsigned, Fault::CommitThenFail { status: 500 }]);
    /// let client = gateway.client()?;
    /// let mut failures = 0;
    /// for _ in 0..16 {
    ///     let refund = client.request(Method::POST, "/v3/refund/domestic/refunds").response::<()>().send().await;
    ///     failures += u32::from(refund.is_err());
    /// }
    /// assert!((1..16).contains(&failures));
    /// # Ok(()) }
    /// ```
    pub fn chaos(&self, seed: u64, percent: u8, faults: impl IntoIterator<Item = Fault>) -> &Self {
        lock(&self.service.faults).chaos(seed, percent, faults.into_iter().collect());
        self
    }

    /// Removes all pending faults.
    pub fn behave(&self) -> &Self {
        lock(&self.service.faults).clear();
        self
    }

    /// How many faults of [`misbehave`](Self::misbehave) were not applied yet.
    #[must_use]
    pub fn pending_faults(&self) -> usize {
        lock(&self.service.faults).pending()
    }

    /// Rotates to a new key, which signs from now on: a platform certificate, or in the mode
    /// [`PlatformMode::PublicKey`] a public key with another id. The old keys still decrypt. Returns the id of the new
    /// key.
    ///
    /// ```
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let serial_no = gateway.rotate()?;
    /// assert_eq!(gateway.certificate_pems().len(), 2);
    ///
    /// gateway.on(Method::GET, "/v3/pay/transactions/id/1", |_| ());
    /// let response = gateway.client()?.request(Method::GET, "/v3/pay/transactions/id/1").response::<()>().send().await?;
    /// assert_eq!(response.headers()["Wechatpay-Serial"], *serial_no);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the certificate cannot be issued.
    pub fn rotate(&self) -> io::Result<String> {
        let now = self.service.now();
        Ok(lock(&self.service.keys).rotate(now)?.to_string())
    }

    /// Adds a new platform certificate to the list without signing with it yet, as the service does one day before it
    /// uses a certificate. The dates are seconds since 1970-01-01T00:00:00Z. Returns the serial number.
    ///
    /// ```
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let serial_no = gateway.issue_certificate(1_800_000_000, 1_900_000_000)?;
    /// assert!(serial_no.starts_with("5F1C"));
    /// assert_eq!(gateway.certificate_pems().len(), 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a date is after the year 9999.
    pub fn issue_certificate(&self, not_before: u64, not_after: u64) -> io::Result<String> {
        Ok(lock(&self.service.keys).issue(not_before, not_after)?.to_string())
    }

    /// The response body of `/v3/certificates`: the ten newest certificates. To return another list, change this value
    /// and register a handler for that path.
    ///
    /// ```
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let mut list = gateway.certificate_list()?;
    /// list["data"][0]["encrypt_certificate"]["nonce"] = "another".into();
    /// gateway.on(Method::GET, "/v3/certificates", move |_| list.clone());
    /// assert!(gateway.client()?.refresh_certificates().await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If a date is after the year 9999.
    pub fn certificate_list(&self) -> io::Result<Value> {
        self.service.certificate_list()
    }

    /// One entry for a list of platform certificates, encrypted with the APIv3 key. The values are not checked. The
    /// dates are seconds since 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// // A genuine certificate with the serial number of another one.
    /// let pem = gateway.certificate_pems().remove(0);
    /// let entry = gateway.certificate_entry("7777", &pem, 1_700_000_000, 1_900_000_000)?;
    /// assert_eq!(entry["serial_no"], "7777");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a date is after the year 9999.
    pub fn certificate_entry(&self, serial_no: &str, pem: &str, not_before: u64, not_after: u64) -> io::Result<Value> {
        let mut random = lock(&self.service.random);
        let dates = (not_before, not_after);
        certificate_list::entry(&self.service.api_v3_key, &mut random, serial_no, pem, dates)
    }

    /// The first address of the gateway.
    ///
    /// ```
    /// use wechatpay_core::{Method, Outcome, RetryPolicy};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let client = gateway.client_builder().retry(RetryPolicy::never()).build()?;
    /// gateway.host().go_down();
    /// let error = client.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
    /// assert_eq!(error.outcome(), Outcome::NotSent);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn host(&self) -> &GatewayHost {
        &self.host
    }

    /// Adds an address of the same service, to represent the backup host.
    ///
    /// ```
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/v3/pay/transactions/id/1", |_| ());
    /// let backup = gateway.add_host()?;
    /// let client = gateway.client_builder().backup_url(backup.url()).build()?;
    /// gateway.host().go_down();
    /// client.request(Method::GET, "/v3/pay/transactions/id/1").response::<()>().send().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If binding the port or spawning the thread fails.
    pub fn add_host(&self) -> io::Result<GatewayHost> {
        GatewayHost::start(Arc::clone(&self.service), SocketAddr::new(self.host.address().ip(), 0))
    }

    /// A notification (通知), encrypted with the APIv3 key and signed by the platform.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let signed = gateway
    ///     .notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1", "trade_state": "SUCCESS" }))
    ///     .sign()?;
    /// assert!(signed.headers().contains_key("Wechatpay-Signature"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn notification(&self, event_type: &str, resource: Value) -> Notification {
        Notification::new(Arc::clone(&self.service), event_type, resource)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.host.go_down();
        // Ended before the service is gone, so that nothing is sent afterwards.
        drop(self.courier.take());
        if let Some(panic) = lock(&self.service.panic).take()
            && !thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("url", &self.url())
            .field("mchid", &self.mchid())
            .finish_non_exhaustive()
    }
}
