// The public interface of wechatpay-gateway, with every feature. A test writes and compares it.

// the root

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Changed {
    Request(u64),
    Order(String),
    Refund(String),
    Transfer(String),
    Sharing(String),
    Delivery(String),
    Lagged(u64),
}
#[derive(Debug)]
pub struct Changes(_);
impl Changes {
    pub async fn next(&mut self) -> Option<Changed> {}
    pub fn try_next(&mut self) -> Option<Changed> {}
}
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    CommitThenFail { status: u16 },
    FailThenCommit { status: u16, after: Duration },
    DelayBefore(Duration),
    DelayAfter(Duration),
    Reset { committed: bool },
    ResetInRequest,
    CloseMidway { after: usize },
    CloseAfterResponse,
    Silence { committed: bool },
    SlowHeaders { pause: Duration },
    SlowBody { pause: Duration },
    EndlessHeaders,
    EndlessInterim,
    Flood { bytes: u64, framing: Framing },
    Chunked,
    WrongKey,
    SwappedKey,
    UnknownSerial,
    Rotate,
    Stale { seconds: i64 },
    Timestamp(String),
    MissingHeaders(Vec<String>),
    DuplicateHeader { name: String, value: String, wrong_first: bool },
    ReplaceHeader { name: String, value: String },
    Unsigned,
    SignatureProbe,
    FlippedBit(usize),
    PrettyPrinted,
    ByteOrderMark,
    Gzip,
    ChangedStatus(u16),
    Status { status: u16, body: Value, committed: bool },
    Html { status: u16 },
    Redirect { status: u16, location: String },
    TooManyRequests { retry_after: Option<String> },
    EarlyResponse,
}
impl Fault {
    pub fn missing(names: impl IntoIterator<Item = impl Into<String>>) -> Self {}
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    Declared,
    Chunked,
    Gzip,
}
pub struct Gateway {
    // and private fields
}
impl Gateway {
    pub fn add_host(&self) -> io::Result<GatewayHost> {}
    #[must_use]
    pub fn api_v3_key(&self) -> &str {}
    pub fn behave(&self) -> &Self {}
    pub fn brand_client_builder(&self) -> ClientBuilder {}
    #[must_use]
    pub fn brand_id(&self) -> &str {}
    #[must_use]
    pub fn brand_private_key_pem(&self) -> &str {}
    #[must_use]
    pub fn brand_serial_no(&self) -> &str {}
    #[must_use]
    pub fn builder() -> GatewayBuilder {}
    pub fn certificate_entry(
        &self,
        serial_no: &str,
        pem: &str,
        not_before: u64,
        not_after: u64,
    ) -> io::Result<Value> {}
    pub fn certificate_list(&self) -> io::Result<Value> {}
    #[must_use]
    pub fn certificate_pems(&self) -> Vec<String> {}
    pub fn change_mode(&self, mode: PlatformMode) -> io::Result<()> {}
    pub fn chaos(
        &self,
        seed: u64,
        percent: u8,
        faults: impl IntoIterator<Item = Fault>,
    ) -> &Self {}
    pub fn client(&self) -> Result<Client, Error> {}
    pub fn client_builder(&self) -> ClientBuilder {}
    pub fn client_builder_with(&self, backend: &'static dyn Backend) -> ClientBuilder {}
    pub fn confirm_transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {}
    #[cfg(feature = "program")]
    #[must_use]
    pub fn console_url(&self) -> Option<String> {}
    pub fn deliver_again(&self, id: &str) -> Result<(), StateError> {}
    pub fn deliver_forged(&self, id: &str) -> Result<(), StateError> {}
    pub fn deliver_late(&self, id: &str, age: Duration) -> Result<(), StateError> {}
    pub fn deliver_twice(&self, id: &str) -> Result<(), StateError> {}
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {}
    pub fn delivery(&self, id: &str) -> Result<Delivery, StateError> {}
    #[must_use]
    pub fn encrypt(&self, plaintext: &str) -> String {}
    pub fn fail_payment(&self, out_trade_no: &str) -> Result<Order, StateError> {}
    pub fn fail_transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {}
    pub fn finish_refund(&self, out_refund_no: &str) -> Result<Refund, StateError> {}
    #[must_use]
    pub fn host(&self) -> &GatewayHost {}
    pub fn issue_certificate(
        &self,
        not_before: u64,
        not_after: u64,
    ) -> io::Result<String> {}
    #[must_use]
    pub fn last_request(&self) -> Option<ReceivedRequest> {}
    pub fn leave_payment(&self, out_trade_no: &str) -> Result<Order, StateError> {}
    #[must_use]
    pub fn ledger(&self) -> Ledger {}
    pub fn make_refund_abnormal(
        &self,
        out_refund_no: &str,
    ) -> Result<Refund, StateError> {}
    #[must_use]
    pub fn mchid(&self) -> &str {}
    #[must_use]
    pub fn merchant_private_key_pem(&self) -> &str {}
    pub fn misbehave(&self, fault: Fault) -> &Self {}
    pub fn misbehave_at(&self, path: &str, fault: Fault) -> &Self {}
    #[must_use]
    pub fn mode(&self) -> PlatformMode {}
    #[must_use]
    pub fn notification(&self, event_type: &str, resource: Value) -> Notification {}
    pub fn on<R: Into<GatewayResponse>>(
        &self,
        method: Method,
        path: &str,
        handler: impl Fn(&ReceivedRequest) -> R + Send + Sync + 'static,
    ) -> &Self {}
    pub fn on_fixed(&self, method: Method, path: &str, body: &Value) -> &Self {}
    pub fn on_order<R: Into<GatewayResponse>>(
        &self,
        method: Method,
        path: &str,
        field: &str,
        handler: impl Fn(&ReceivedRequest) -> R + Send + Sync + 'static,
    ) -> &Self {}
    pub fn order(&self, out_trade_no: &str) -> Result<Order, StateError> {}
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {}
    pub fn pay(&self, out_trade_no: &str) -> Result<Order, StateError> {}
    #[must_use]
    pub fn pending_faults(&self) -> usize {}
    #[must_use]
    pub fn public_key_id(&self) -> String {}
    #[must_use]
    pub fn public_key_pem(&self) -> String {}
    #[must_use]
    pub fn received(&self) -> u64 {}
    pub fn refund(&self, out_refund_no: &str) -> Result<Refund, StateError> {}
    #[must_use]
    pub fn refunds(&self) -> Vec<Refund> {}
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {}
    #[must_use]
    pub fn requests_to(&self, path: &str) -> Vec<ReceivedRequest> {}
    pub fn reset(&self) -> Result<(), StateError> {}
    pub fn rotate(&self) -> io::Result<String> {}
    #[must_use]
    pub fn serial_no(&self) -> &str {}
    #[must_use]
    pub fn sharings(&self) -> Vec<Sharing> {}
    pub fn start() -> io::Result<Self> {}
    #[must_use]
    pub fn subscribe(&self) -> Changes {}
    pub fn transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {}
    #[must_use]
    pub fn transfers(&self) -> Vec<Transfer> {}
    #[must_use]
    pub fn url(&self) -> String {}
}
impl Drop for Gateway {}
impl fmt::Debug for Gateway {}
#[derive(Clone)]
pub struct GatewayBuilder {
    // and private fields
}
impl GatewayBuilder {
    #[must_use]
    pub fn api_v3_key(mut self, key: impl Into<String>) -> Self {}
    #[must_use]
    pub fn backend(mut self, backend: &'static dyn Backend) -> Self {}
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn System>) -> Self {}
    #[must_use]
    pub fn compress_time(mut self, factor: u32) -> Self {}
    #[cfg(feature = "program")]
    #[must_use]
    pub fn console(mut self, token: Option<&str>) -> Self {}
    #[must_use]
    pub fn keep_requests(mut self, limit: usize) -> Self {}
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {}
    #[must_use]
    pub fn mchid(mut self, mchid: impl Into<String>) -> Self {}
    #[must_use]
    pub fn merchant_key(
        mut self,
        serial_no: impl Into<String>,
        private_key_pem: impl Into<String>,
    ) -> Self {}
    #[must_use]
    pub fn mode(mut self, mode: PlatformMode) -> Self {}
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {}
    #[must_use]
    pub fn simulate(mut self) -> Self {}
    pub fn start(self) -> io::Result<Gateway> {}
    #[must_use]
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {}
    #[must_use]
    pub fn suite(mut self, suite: Suite) -> Self {}
    #[must_use]
    pub fn system(mut self, system: Arc<dyn System>) -> Self {}
    #[must_use]
    pub fn validate(mut self, validate: bool) -> Self {}
}
impl fmt::Debug for GatewayBuilder {}
pub struct GatewayHost {
    // and private fields
}
impl GatewayHost {
    #[must_use]
    pub fn address(&self) -> SocketAddr {}
    pub fn come_up(&self) -> io::Result<()> {}
    pub fn go_down(&self) {}
    #[must_use]
    pub fn url(&self) -> String {}
}
impl fmt::Debug for GatewayHost {}
#[derive(Debug, Clone)]
pub struct GatewayResponse {
    // and private fields
}
impl GatewayResponse {
    #[must_use]
    pub fn body(&self) -> &Bytes {}
    #[must_use]
    pub fn bytes(content_type: &str, bytes: impl Into<Bytes>) -> Self {}
    #[must_use]
    pub fn empty(status: impl TryInto<StatusCode>) -> Self {}
    #[must_use]
    pub fn error(status: impl TryInto<StatusCode>, code: &str, message: &str) -> Self {}
    #[must_use]
    pub fn generated<I>(
        content_type: &str,
        pieces: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self
    where
        I: Iterator<Item = Bytes> + Send + 'static,
    {}
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {}
    #[must_use]
    pub fn json(status: impl TryInto<StatusCode>, body: &impl Serialize) -> Self {}
    #[must_use]
    pub fn status(&self) -> StatusCode {}
    #[must_use]
    pub fn unsigned(mut self) -> Self {}
}
impl<T: Into<Self>, E: Into<Self>> From<Result<T, E>> for GatewayResponse {}
impl From<()> for GatewayResponse {}
impl From<Value> for GatewayResponse {}
#[derive(Debug, Clone, Default)]
pub struct Ledger(_);
impl Ledger {
    #[must_use]
    pub fn count(&self, number: &str) -> usize {}
    #[must_use]
    pub fn find(&self, number: &str) -> Option<LedgerRow> {}
    #[must_use]
    pub fn is_empty(&self) -> bool {}
    #[must_use]
    pub fn len(&self) -> usize {}
    #[must_use]
    pub fn rows(&self) -> Vec<LedgerRow> {}
}
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LedgerRow {
    pub field: String,
    pub number: String,
    pub operation: String,
    pub parameters: Value,
    pub response: GatewayResponse,
    pub requests: u64,
    pub conflicts: u64,
    // and private fields
}
pub struct Notification {
    // and private fields
}
impl Notification {
    #[must_use]
    pub fn api_v3_key(mut self, key: impl Into<String>) -> Self {}
    #[must_use]
    pub fn associated_data(mut self, associated_data: Option<&str>) -> Self {}
    #[must_use]
    pub fn edit(mut self, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {}
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {}
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {}
    #[must_use]
    pub fn original_type(mut self, original_type: impl Into<String>) -> Self {}
    pub async fn send(&self, url: &str) -> io::Result<NotificationResponse> {}
    pub fn send_blocking(&self, url: &str) -> io::Result<NotificationResponse> {}
    pub fn sign(&self) -> io::Result<SignedNotification> {}
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {}
}
impl fmt::Debug for Notification {}
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NotificationResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    // and private fields
}
impl Part {
    #[must_use]
    pub fn bytes(&self) -> &Bytes {}
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {}
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {}
    #[must_use]
    pub fn name(&self) -> &str {}
}
impl std::fmt::Debug for Part {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PlatformMode {
    #[default]
    PublicKey,
    Certificates,
    Mixed,
}
#[derive(Clone)]
pub struct ReceivedRequest(_);
impl ReceivedRequest {
    #[must_use]
    pub fn announced_serial(&self) -> Option<&str> {}
    #[must_use]
    pub fn body(&self) -> &Bytes {}
    #[must_use]
    pub fn encrypt(&self, plaintext: &str) -> String {}
    pub fn encrypted_fields(&self) -> impl Iterator<Item = &str> {}
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {}
    #[must_use]
    pub fn field(&self, path: &str) -> &Value {}
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {}
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {}
    #[must_use]
    pub fn is_encrypted(&self, path: &str) -> bool {}
    #[must_use]
    pub fn json(&self) -> &Value {}
    #[must_use]
    pub fn method(&self) -> &Method {}
    #[must_use]
    pub fn nonce_str(&self) -> Option<&str> {}
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Part> {}
    #[must_use]
    pub fn parts(&self) -> &[Part] {}
    #[must_use]
    pub fn path(&self, placeholder: &str) -> &str {}
    #[must_use]
    pub fn plaintext(&self, path: &str) -> Option<&str> {}
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {}
    #[must_use]
    pub fn query_pairs(&self) -> &[(String, String)] {}
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {}
    #[must_use]
    pub fn signed_message(&self) -> Vec<u8> {}
    #[must_use]
    pub fn target(&self) -> &str {}
    #[must_use]
    pub fn template(&self) -> Option<&str> {}
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {}
}
impl fmt::Debug for ReceivedRequest {}
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    // and private fields
}
impl Refusal {
    #[must_use]
    pub fn code(&self) -> &str {}
    #[must_use]
    pub fn message(&self) -> &str {}
    #[must_use]
    pub fn status(&self) -> StatusCode {}
}
impl From<StateError> for Refusal {}
impl fmt::Display for Refusal {}
#[derive(Debug, Clone)]
pub struct SignedNotification {
    // and private fields
}
impl SignedNotification {
    #[must_use]
    pub fn body(&self) -> &Bytes {}
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {}
    pub async fn send(&self, url: &str) -> io::Result<NotificationResponse> {}
    pub fn send_blocking(&self, url: &str) -> io::Result<NotificationResponse> {}
}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    NotSimulated,
    NotFound { kind: Subject, number: String },
    NoDelivery { id: String },
    WrongState { kind: Subject, number: String, state: String },
    Busy,
    File { english: String, chinese: String },
}
impl StateError {
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl fmt::Display for StateError {}
impl std::error::Error for StateError {}

// mod generate

#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    Randomness,
    Key(KeyError),
    SerialNo,
    Date,
    Encoding,
}
impl Error for GenerateError {}
impl From<KeyError> for GenerateError {}
impl fmt::Display for GenerateError {}
pub fn certificate_pem(
    key_pem: impl AsRef<[u8]>,
    issuer_pem: impl AsRef<[u8]>,
    serial_no: &str,
    not_before: u64,
    not_after: u64,
) -> Result<String, GenerateError> {}
pub fn private_key_pem() -> Result<Zeroizing<String>, GenerateError> {}
#[must_use]
pub fn public_key_pem(key: &PrivateKey) -> String {}
pub fn sm2_private_key_pem() -> Result<Zeroizing<String>, GenerateError> {}

// mod model

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct About {
    pub kind: Subject,
    pub number: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    pub at: i64,
    pub manner: Manner,
    pub elapsed_ms: u64,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub response_body: Option<String>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Cause {
    Merchant,
    Payer,
    Console,
    Clock,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    pub at: i64,
    pub state: String,
    pub cause: Cause,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    pub id: String,
    pub event_type: String,
    pub summary: String,
    pub original_type: String,
    pub about: About,
    pub url: String,
    pub resource: Value,
    pub created_at: i64,
    pub next_attempt_at: Option<i64>,
    pub state: DeliveryState,
    pub attempts: Vec<Attempt>,
    pub scheduled_attempts: u32,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DeliveryState {
    Waiting,
    Delivered,
    GivenUp,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Manner {
    #[default]
    Genuine,
    Forged,
    Late,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    pub kind: OrderKind,
    pub mchid: String,
    pub sub_mchid: Option<String>,
    pub appid: String,
    pub sub_appid: Option<String>,
    pub out_trade_no: String,
    pub combine_out_trade_no: Option<String>,
    pub transaction_id: Option<String>,
    pub trade_type: TradeType,
    pub description: String,
    pub attach: Option<String>,
    pub notify_url: Option<String>,
    pub total: i64,
    pub currency: String,
    pub payer: Option<String>,
    pub sub_payer: Option<String>,
    pub device_id: Option<String>,
    pub profit_sharing: bool,
    pub prepay_id: Option<String>,
    pub code_url: Option<String>,
    pub h5_url: Option<String>,
    pub trade_state: TradeState,
    pub bank_type: Option<String>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub paid_at: Option<i64>,
    pub history: Vec<Change>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OrderKind {
    Jsapi,
    App,
    Native,
    H5,
    CodePay,
    Combine,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    pub mchid: String,
    pub sub_mchid: Option<String>,
    pub out_refund_no: String,
    pub refund_id: String,
    pub out_trade_no: String,
    pub transaction_id: String,
    pub reason: Option<String>,
    pub refund: i64,
    pub total: i64,
    pub status: RefundStatus,
    pub channel: String,
    pub user_received_account: String,
    pub funds_account: String,
    pub notify_url: Option<String>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub history: Vec<Change>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReturnResult {
    Processing,
    Success,
    Failed,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sharing {
    pub mchid: String,
    pub sub_mchid: Option<String>,
    pub out_order_no: String,
    pub order_id: String,
    pub transaction_id: String,
    pub state: SharingState,
    pub receivers: Vec<SharingReceiver>,
    pub unfreeze_unsplit: bool,
    pub returns: Vec<SharingReturn>,
    pub created_at: i64,
    pub history: Vec<Change>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SharingReceiver {
    pub kind: String,
    pub account: String,
    pub amount: i64,
    pub description: String,
    pub result: SharingResult,
    pub detail_id: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SharingResult {
    Pending,
    Success,
    Closed,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SharingReturn {
    pub out_return_no: String,
    pub return_id: String,
    pub return_mchid: String,
    pub amount: i64,
    pub description: String,
    pub result: ReturnResult,
    pub created_at: i64,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SharingState {
    Processing,
    Finished,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Subject {
    Order,
    Refund,
    Transfer,
    Sharing,
}
impl fmt::Display for Subject {}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transfer {
    pub mchid: String,
    pub out_bill_no: String,
    pub transfer_bill_no: String,
    pub appid: String,
    pub openid: String,
    pub user_name: Option<String>,
    pub amount: i64,
    pub remark: String,
    pub state: TransferBillState,
    pub fail_reason: Option<String>,
    pub package_info: Option<String>,
    pub notify_url: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub finished_at: Option<i64>,
    pub history: Vec<Change>,
}
