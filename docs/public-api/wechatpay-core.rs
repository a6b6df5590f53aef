// The public interface of wechatpay-core, with every feature. A test writes and compares it.

// the root

#[must_use = "nothing is sent until `send`"]
pub struct Call<'a, E, C> {
    // and private fields
}
impl<'a, E: Endpoint, C: Caller> Call<'a, E, C> {
    pub fn deadline(mut self, limit: Duration) -> Self {}
    pub fn header(mut self, name: &str, value: &str) -> Self {}
    pub fn send(self) -> C::Sent<'a, Response<E::Response>> {}
}
impl<'a, E: Endpoint, C: Caller> IntoFuture for Call<'a, E, C>
where
    E::Response: 'a,
    C::Sent<
        'a,
        Response<E::Response>,
    >: Future<Output = Result<Response<E::Response>, Error>>,
{
    type IntoFuture = C::Sent<'a, Response<E::Response>>;
    type Output = Result<Response<E::Response>, Error>;
}
impl<E, C> fmt::Debug for Call<'_, E, C> {}
#[derive(Clone)]
pub struct Client {
    // and private fields
}
impl Client {
    pub fn add_platform_certificate(
        &self,
        certificate: Certificate,
    ) -> Result<(), Error> {}
    pub fn add_wechatpay_public_key(
        &self,
        public_key_id: &str,
        key: PublicKey,
    ) -> Result<(), Error> {}
    pub async fn app_payment_parameters(
        &self,
        appid: &str,
        prepay_id: &str,
    ) -> Result<AppPaymentParameters, Error> {}
    pub fn builder() -> ClientBuilder {}
    pub fn call<'a, E: Endpoint>(&'a self, request: &'a E) -> Call<'a, E, Self> {}
    pub fn decrypt(&self, ciphertext: &str) -> Result<Sensitive, Error> {}
    pub async fn download(&self, download_url: &str) -> Result<Download, Error> {}
    pub async fn download_bill(&self, link: &BillLink) -> Result<Download, Error> {}
    pub fn encrypt(&self, plaintext: &str) -> Result<String, Error> {}
    pub fn from_env() -> Result<Self, Error> {}
    pub fn items<E: Paged>(&self, request: E) -> Items<E> {}
    pub async fn jsapi_payment_parameters(
        &self,
        appid: &str,
        prepay_id: &str,
    ) -> Result<JsapiPaymentParameters, Error> {}
    #[must_use = "nothing is downloaded until the future is spawned"]
    pub fn keep_certificates_fresh(&self) -> impl Future<Output = ()> + Send + use<> {}
    #[must_use]
    pub fn mchid(&self) -> &str {}
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {}
    pub fn pages<E: Paged>(&self, request: E) -> Pages<E> {}
    pub fn payscore_confirm_parameters(
        &self,
        key: &ApiV2Key,
        package: &str,
    ) -> Result<PayscoreParameters, Error> {}
    pub fn payscore_detail_parameters(
        &self,
        key: &ApiV2Key,
        service_id: &str,
        out_order_no: &str,
    ) -> Result<PayscoreParameters, Error> {}
    pub async fn refresh_certificates(&self) -> Result<(), Error> {}
    pub fn remove_wechatpay_key(&self, id: &str) -> bool {}
    pub fn replace_api_v3_keys(&self, keys: impl IntoIterator<Item = ApiV3Key>) {}
    pub fn replace_wechatpay_public_key(
        &self,
        public_key_id: &str,
        key: PublicKey,
    ) -> Result<(), Error> {}
    pub fn request(
        &self,
        method: Method,
        path: impl Into<String>,
    ) -> RequestBuilder<'_, Self> {}
    #[must_use]
    pub fn serial_no(&self) -> &str {}
    pub async fn sign_payment(
        &self,
        appid: &str,
        last: &str,
    ) -> Result<PaymentSignature, Error> {}
}
impl Caller for Client {
    type Sent<'a, T: 'a> = ResponseFuture<'a, T>;
}
impl fmt::Debug for Client {}
#[must_use]
pub struct ClientBuilder<C = Client> {
    // and private fields
}
#[cfg(feature = "blocking")]
impl ClientBuilder<Client> {
    pub fn build(self) -> Result<Client, Error> {}
}
impl<C> ClientBuilder<C> {
    pub fn also_api_v3_key(mut self, key: impl AsRef<[u8]>) -> Self {}
    pub fn api_v3_key(mut self, key: impl AsRef<[u8]>) -> Self {}
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {}
    pub fn backup_url(mut self, url: impl Into<String>) -> Self {}
    pub fn base_url(mut self, url: impl Into<String>) -> Self {}
    pub fn brand(
        mut self,
        brand_id: impl Into<String>,
        serial_no: impl Into<String>,
        signer: impl Signer + 'static,
    ) -> Self {}
    pub fn certificate_refresh(mut self, refresh: CertificateRefresh) -> Self {}
    pub fn crypto_backend(mut self, backend: &'static dyn Backend) -> Self {}
    pub fn deadline(mut self, limit: Duration) -> Self {}
    pub fn max_response_bytes(mut self, most: usize) -> Self {}
    pub fn merchant(
        mut self,
        mchid: impl Into<String>,
        serial_no: impl Into<String>,
        signer: impl Signer + 'static,
    ) -> Self {}
    pub fn merchant_pem(
        self,
        mchid: impl Into<String>,
        serial_no: impl Into<String>,
        private_key_pem: impl AsRef<[u8]>,
    ) -> Self {}
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {}
    pub fn payment_key(mut self, signer: impl Signer + 'static) -> Self {}
    pub fn platform_certificate(mut self, certificate: Certificate) -> Self {}
    pub fn platform_certificates(mut self) -> Self {}
    pub fn rates(mut self, rates: Rates) -> Self {}
    pub fn retry(mut self, policy: RetryPolicy) -> Self {}
    pub fn system(mut self, system: impl System + 'static) -> Self {}
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {}
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {}
    pub fn wechatpay_public_key(
        mut self,
        public_key_id: impl Into<String>,
        key: PublicKey,
    ) -> Self {}
}
impl ClientBuilder {
    pub fn build(self) -> Result<Client, Error> {}
    pub fn from_env() -> Result<Self, Error> {}
}
impl<C> fmt::Debug for ClientBuilder<C> {}
pub struct Download {
    // and private fields
}
impl Download {
    pub async fn bytes(mut self) -> Result<Bytes, Error> {}
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {}
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {}
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {}
    #[must_use]
    pub fn expect_sha1(mut self, hex: &str) -> Self {}
    #[must_use]
    pub fn max_bytes(mut self, most: u64) -> Self {}
    #[must_use]
    pub fn max_silence(mut self, limit: Duration) -> Self {}
    #[must_use]
    pub fn received(&self) -> u64 {}
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {}
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64, Error> {}
    pub async fn write_to<W: AsyncWrite + Unpin + ?Sized>(
        mut self,
        writer: &mut W,
    ) -> Result<u64, Error> {}
}
impl FromResponse for Download {
    const FORM: ResponseForm = ResponseForm::Stream;
}
impl fmt::Debug for Download {}
pub trait Endpoint: Sync {
    type Response: FromResponse;
    const METHOD: Method;
    const PATH: &'static str;
    const IDEMPOTENT: bool = false;
    fn fields(&self, fields: &mut Fields);
}
pub struct Error(_);
impl Error {
    #[must_use]
    pub fn attempts(&self) -> u32 {}
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {}
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
    #[must_use]
    pub fn code(&self) -> Option<&str> {}
    pub fn decode_body<T: DeserializeOwned>(&self) -> Result<T, Self> {}
    #[must_use]
    pub fn detail(&self) -> Option<&serde_json::Value> {}
    #[must_use]
    pub fn field(&self) -> Option<&str> {}
    #[must_use]
    pub fn hint(&self) -> Option<&Message> {}
    #[must_use]
    pub fn host(&self) -> Option<&str> {}
    #[must_use]
    pub fn is_authenticated(&self) -> bool {}
    #[must_use]
    pub fn kind(&self) -> ErrorKind {}
    #[must_use]
    pub fn message(&self) -> Option<&str> {}
    #[must_use]
    pub fn operation(&self) -> Option<(&Method, &str)> {}
    #[must_use]
    pub fn outcome(&self) -> Outcome {}
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {}
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {}
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {}
    #[must_use]
    pub fn verified_body(&self) -> Option<&Bytes> {}
}
impl From<PrepareError> for Error {}
impl fmt::Debug for Error {}
impl fmt::Display for Error {}
impl std::error::Error for Error {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    Configuration,
    Request,
    Key,
    Signing,
    System,
    NotRecorded,
    Connect,
    Interrupted,
    Timeout,
    TooLarge,
    Unverified,
    Undecodable,
    Mismatched,
    NotFinal,
    Service,
}
impl ErrorKind {
    #[must_use]
    pub fn chinese(self) -> &'static str {}
    #[must_use]
    pub fn name(self) -> &'static str {}
}
impl fmt::Display for ErrorKind {}
pub use http::HeaderMap;
pub use http::Method;
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Local,
    NotSent,
    Unknown,
    Rejected,
}
impl Outcome {
    #[must_use]
    pub fn chinese(self) -> &'static str {}
}
impl fmt::Display for Outcome {}
#[derive(Clone)]
pub struct PrivateKey(_);
impl PrivateKey {
    #[must_use]
    pub fn can_decrypt(&self) -> bool {}
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {}
    pub fn from_parsed(key: Arc<dyn RsaPrivateKey>) -> Self {}
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {}
    pub fn from_pem_with(
        backend: &dyn Backend,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {}
    pub fn from_sm2(key: Arc<dyn Sm2PrivateKey>) -> Self {}
    pub fn public_key_der(&self) -> Vec<u8> {}
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {}
    #[must_use]
    pub fn suite(&self) -> Suite {}
}
impl Signer for PrivateKey {}
impl fmt::Debug for PrivateKey {}
#[derive(Clone)]
pub struct PublicKey {
    // and private fields
}
impl PublicKey {
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {}
    pub fn from_der(spki: &[u8]) -> Result<Self, KeyError> {}
    pub fn from_der_with(backend: &dyn Backend, spki: &[u8]) -> Result<Self, KeyError> {}
    pub fn from_parsed(key: Arc<dyn RsaPublicKey>) -> Self {}
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {}
    pub fn from_pem_with(
        backend: &dyn Backend,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {}
    pub fn from_sm2(key: Arc<dyn Sm2PublicKey>) -> Self {}
    #[must_use]
    pub fn max_plaintext(&self) -> usize {}
    #[must_use]
    pub fn modulus_len(&self) -> usize {}
    #[must_use]
    pub fn suite(&self) -> Suite {}
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {}
}
impl fmt::Debug for PublicKey {}
#[must_use = "nothing is sent until `send` is awaited"]
pub struct RequestBuilder<'a, C, T = serde_json::Value> {
    // and private fields
}
impl<'a, C: Caller, T: FromResponse> RequestBuilder<'a, C, T> {
    pub fn deadline(mut self, limit: Duration) -> Self {}
    pub fn file<U: UploadField + Sync>(
        mut self,
        name: &'static str,
        upload: &'a U,
        fields: FileFields,
    ) -> Self {}
    pub fn form<V: FieldValue + Sync>(
        mut self,
        name: &'static str,
        value: &'a V,
    ) -> Self {}
    pub fn header(mut self, name: &str, value: &str) -> Self {}
    pub fn idempotent(mut self) -> Self {}
    pub fn json<V: FieldValue + Sync>(mut self, value: &'a V) -> Self {}
    pub fn path<V: FieldValue + Sync>(mut self, name: &'a str, value: &'a V) -> Self {}
    pub fn query<V: FieldValue + Sync>(mut self, values: &'a V) -> Self {}
    pub fn response<U: FromResponse>(self) -> RequestBuilder<'a, C, U> {}
    pub fn send(self) -> C::Sent<'a, Response<T>>
    where
        T: 'a,
    {}
    pub fn upload<U: UploadField + Sync>(self, upload: &'a U) -> Self {}
}
impl<C, T> fmt::Debug for RequestBuilder<'_, C, T> {}
#[derive(Clone)]
pub struct Response<T> {
    // and private fields
}
impl<T> Response<T> {
    #[must_use]
    pub fn attempts(&self) -> u32 {}
    #[must_use]
    pub fn body(&self) -> &Bytes {}
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {}
    pub fn into_inner(self) -> T {}
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {}
    #[must_use]
    pub fn status(&self) -> StatusCode {}
}
impl<T: fmt::Debug> fmt::Debug for Response<T> {}
impl<T> Deref for Response<T> {
    type Target = T;
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    // and private fields
}
impl RetryPolicy {
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {}
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {}
    #[must_use]
    pub fn backup_stay(mut self, stay: Duration) -> Self {}
    #[must_use]
    pub fn budget_burst(mut self, tokens: u32) -> Self {}
    #[must_use]
    pub fn budget_percent(mut self, percent: u32) -> Self {}
    #[must_use]
    pub fn never() -> Self {}
    #[must_use]
    pub fn throttled_cost(mut self, tokens: u32) -> Self {}
    #[must_use]
    pub fn throttled_wait(mut self, wait: Duration) -> Self {}
}
impl Default for RetryPolicy {}
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Sensitive<T: Plaintext = String>(_);
impl<T: Plaintext> Sensitive<T> {
    #[must_use]
    pub fn expose(&self) -> &str {}
}
impl Sensitive<String> {
    pub fn new(text: impl Into<String>) -> Self {}
}
impl<'de, T: Plaintext + From<String>> Deserialize<'de> for Sensitive<T> {}
impl<T: Plaintext> Drop for Sensitive<T> {}
impl<T: Plaintext> From<T> for Sensitive<T> {}
impl<T: Plaintext> Serialize for Sensitive<T> {}
impl<T: Plaintext> fmt::Debug for Sensitive<T> {}
pub trait Signer: Send + Sync {
    fn sign<'a>(
        &'a self,
        message: &'a [u8],
    ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>>;
    fn private_key(&self) -> Option<&PrivateKey> {}
    fn suite(&self) -> Suite {}
}
impl<S: Signer + ?Sized> Signer for Arc<S> {}
pub use http::StatusCode;
#[derive(Clone, Default)]
pub struct Upload {
    // and private fields
}
impl Upload {
    #[must_use]
    pub fn bytes(&self) -> &Bytes {}
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {}
    #[must_use]
    pub fn file_name(&self) -> &str {}
    #[must_use]
    pub fn media_type(&self) -> &str {}
    pub fn new(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {}
}
impl UploadField for Upload {}
impl fmt::Debug for Upload {}
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])* $visibility:vis enum $name:ident { $($(#[$variant_meta:meta])*
        $variant:ident = $text:literal),* $(,)? }
    ) => {};
}
pub use wechatpay_macros::wechatpay_endpoint;

// mod bill

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskFundFlowBill {
    pub bill_date: String,
    pub account_type: Option<FundAccount>,
    pub tar_type: Option<Compression>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskProfitSharingBill {
    pub bill_date: String,
    pub sub_mchid: Option<String>,
    pub tar_type: Option<Compression>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskTradeBill {
    pub bill_date: String,
    pub sub_mchid: Option<String>,
    pub bill_type: Option<TradeBillKind>,
    pub tar_type: Option<Compression>,
}
#[derive(Debug)]
#[non_exhaustive]
pub enum BillError {
    Download(Error),
    Read(io::Error),
    #[non_exhaustive]
    Malformed { line: u64, reason: Message },
    #[non_exhaustive]
    Cell { line: u64, column: String, reason: Message },
}
impl BillError {
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl From<Error> for BillError {}
impl From<io::Error> for BillError {}
impl fmt::Display for BillError {}
impl std::error::Error for BillError {}
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BillLink {
    pub hash_type: String,
    pub hash_value: String,
    pub download_url: String,
}
impl fmt::Debug for BillLink {}
pub struct BillReader {
    // and private fields
}
impl BillReader {
    #[must_use]
    pub fn columns(&self) -> &[String] {}
    pub fn from_async_read(stream: impl AsyncRead + Send + 'static) -> Self {}
    #[must_use]
    pub fn new(download: Download) -> Self {}
    pub async fn next_as<T: for<'a> Deserialize<'a>>(
        &mut self,
    ) -> Result<Option<T>, BillError> {}
    pub async fn next_row(&mut self) -> Result<Option<Row<'_>>, BillError> {}
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {}
    #[must_use]
    pub fn summary(&self) -> Option<Row<'_>> {}
}
impl fmt::Debug for BillReader {}
pub struct BlockingBillReader<R> {
    // and private fields
}
impl<R: io::Read> BlockingBillReader<R> {
    pub fn new(stream: R) -> Self {}
    pub fn next_as<T: for<'a> Deserialize<'a>>(
        &mut self,
    ) -> Result<Option<T>, BillError> {}
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, BillError> {}
}
impl<R> BlockingBillReader<R> {
    #[must_use]
    pub fn columns(&self) -> &[String] {}
    #[must_use]
    pub fn summary(&self) -> Option<Row<'_>> {}
}
impl<R> fmt::Debug for BlockingBillReader<R> {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Compression {
    Gzip,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum FundAccount {
    Basic,
    Operation,
    Fees,
}
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FundFlowBillRow {
    pub booked_at: String,
    pub business_no: String,
    pub flow_no: String,
    pub business_name: String,
    pub business_type: String,
    pub direction: String,
    pub amount: i64,
    pub balance: i64,
    pub applicant: Option<String>,
    pub remark: Option<String>,
    pub voucher_no: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FundFlowBillSummary {
    pub count: String,
    pub income_count: String,
    pub income: i64,
    pub expense_count: String,
    pub expense: i64,
}
#[derive(Clone, Copy)]
pub struct Row<'a> {
    // and private fields
}
impl<'a> Row<'a> {
    pub fn decode<T: Deserialize<'a>>(&self) -> Result<T, BillError> {}
    pub fn fen(&self, column: &str) -> Result<i64, BillError> {}
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {}
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {}
    #[must_use]
    pub fn line(&self) -> u64 {}
}
impl fmt::Debug for Row<'_> {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum TradeBillKind {
    All,
    Success,
    Refund,
    RechargeRefund,
}
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeBillRow {
    pub trade_time: String,
    pub appid: String,
    pub mchid: String,
    pub sub_mchid: Option<String>,
    pub device_id: Option<String>,
    pub transaction_id: String,
    pub out_trade_no: String,
    pub openid: Option<String>,
    pub trade_type: String,
    pub trade_state: String,
    pub bank_type: Option<String>,
    pub currency: String,
    pub settlement_total: Option<i64>,
    pub coupon: Option<i64>,
    pub refund_create_time: Option<String>,
    pub refund_success_time: Option<String>,
    pub refund_id: Option<String>,
    pub out_refund_no: Option<String>,
    pub refund: Option<i64>,
    pub coupon_refund: Option<i64>,
    pub refund_type: Option<String>,
    pub refund_state: Option<String>,
    pub description: Option<String>,
    pub attach: Option<String>,
    pub fee: Option<String>,
    pub rate: Option<String>,
    pub total: i64,
    pub requested_refund: Option<i64>,
    pub rate_remark: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeBillSummary {
    pub count: u64,
    pub settlement_total: Option<i64>,
    pub refund: Option<i64>,
    pub coupon_refund: Option<i64>,
    pub fee: Option<String>,
    pub total: Option<i64>,
    pub requested_refund: Option<i64>,
}
pub fn fen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {}
pub fn optional_fen<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {}
#[must_use]
pub fn parse_fen(yuan: &str) -> Option<i64> {}

// mod blocking, feature = "blocking"

#[derive(Clone)]
pub struct Client {
    // and private fields
}
impl Client {
    pub fn add_platform_certificate(
        &self,
        certificate: Certificate,
    ) -> Result<(), Error> {}
    pub fn add_wechatpay_public_key(
        &self,
        public_key_id: &str,
        key: PublicKey,
    ) -> Result<(), Error> {}
    pub fn app_payment_parameters(
        &self,
        appid: &str,
        prepay_id: &str,
    ) -> Result<AppPaymentParameters, Error> {}
    #[must_use]
    pub fn as_async(&self) -> &client::Client {}
    pub fn builder() -> ClientBuilder<Self> {}
    pub fn call<'a, E: Endpoint>(&'a self, request: &'a E) -> Call<'a, E, Self> {}
    pub fn decrypt(&self, ciphertext: &str) -> Result<Sensitive, Error> {}
    pub fn download(&self, download_url: &str) -> Result<Download, Error> {}
    pub fn encrypt(&self, plaintext: &str) -> Result<String, Error> {}
    pub fn from_env() -> Result<Self, Error> {}
    pub fn items<E: Paged>(
        &self,
        request: E,
    ) -> impl Iterator<Item = Result<E::Item, Error>> {}
    pub fn jsapi_payment_parameters(
        &self,
        appid: &str,
        prepay_id: &str,
    ) -> Result<JsapiPaymentParameters, Error> {}
    pub fn keep_certificates_fresh(&self) {}
    #[must_use]
    pub fn mchid(&self) -> &str {}
    pub fn new(client: client::Client) -> Result<Self, Error> {}
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {}
    #[must_use]
    pub fn notifications_of(&self, clients: &Clients) -> NotificationReceiver {}
    pub fn pages<E: Paged>(
        &self,
        request: E,
    ) -> impl Iterator<Item = Result<E::Response, Error>> {}
    pub fn payscore_confirm_parameters(
        &self,
        key: &ApiV2Key,
        package: &str,
    ) -> Result<PayscoreParameters, Error> {}
    pub fn payscore_detail_parameters(
        &self,
        key: &ApiV2Key,
        service_id: &str,
        out_order_no: &str,
    ) -> Result<PayscoreParameters, Error> {}
    pub fn refresh_certificates(&self) -> Result<(), Error> {}
    pub fn remove_wechatpay_key(&self, id: &str) -> bool {}
    pub fn replace_api_v3_keys(&self, keys: impl IntoIterator<Item = ApiV3Key>) {}
    pub fn replace_wechatpay_public_key(
        &self,
        public_key_id: &str,
        key: PublicKey,
    ) -> Result<(), Error> {}
    pub fn request(
        &self,
        method: Method,
        path: impl Into<String>,
    ) -> RequestBuilder<'_, Self> {}
    #[must_use]
    pub fn serial_no(&self) -> &str {}
    pub fn sign_payment(
        &self,
        appid: &str,
        last: &str,
    ) -> Result<PaymentSignature, Error> {}
    pub fn wait<T, E: From<Error>>(
        &self,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {}
}
impl Caller for Client {
    type Sent<'a, T: 'a> = Result<T, Error>;
}
impl fmt::Debug for Client {}
#[derive(Debug, Clone)]
pub struct NotificationReceiver {
    // and private fields
}
impl NotificationReceiver {
    #[must_use]
    pub fn also_for(mut self, mchid: impl Into<String>) -> Self {}
    #[must_use]
    pub fn max_bytes(mut self, most: usize) -> Self {}
    pub fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification<T>, NotificationError> {}
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {}
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationError> {}
}

// mod call

pub use crate::Call;
pub trait Caller: sealed::Sealed {
    type Sent<'a, T: 'a> where Self: 'a;
    fn send<'a, E: Endpoint>(&'a self, request: &'a E) -> Self::Sent<'a, E::Response> {}
    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> Self::Sent<'a, T>;
}
impl<C: Caller + ?Sized> Caller for &C {
    type Sent<'a, T: 'a> = C::Sent<'a, T> where Self: 'a;
}
impl<C: Caller + ?Sized> Caller for Arc<C> {
    type Sent<'a, T: 'a> = C::Sent<'a, T> where Self: 'a;
}
pub use crate::RequestBuilder;
pub use crate::Response;
#[must_use = "nothing is sent until the future is awaited"]
pub struct ResponseFuture<'a, T> {
    // and private fields
}
impl<T> Future for ResponseFuture<'_, T> {
    type Output = Result<T, Error>;
}
impl<T> fmt::Debug for ResponseFuture<'_, T> {}

// mod client

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRefresh {
    // and private fields
}
impl CertificateRefresh {
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {}
    #[must_use]
    pub fn cooldown(mut self, cooldown: Duration) -> Self {}
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {}
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {}
}
impl Default for CertificateRefresh {}
pub use crate::Client;
pub use crate::ClientBuilder;
#[derive(Clone, Default)]
pub struct Clients(_);
impl Clients {
    pub fn add(&self, client: Client) -> Option<Client> {}
    #[must_use]
    pub fn all(&self) -> Vec<Client> {}
    #[must_use]
    pub fn get(&self, mchid: &str) -> Option<Client> {}
    #[must_use]
    pub fn is_empty(&self) -> bool {}
    #[must_use]
    pub fn len(&self) -> usize {}
    #[must_use]
    pub fn new() -> Self {}
    #[must_use]
    pub fn notifications(&self) -> NotificationReceiver {}
    #[must_use]
    pub fn receiver(&self, mchid: &str) -> Option<NotificationReceiver> {}
    pub fn remove(&self, mchid: &str) -> Option<Client> {}
}
impl FromIterator<Client> for Clients {}
impl fmt::Debug for Clients {}

// mod crypto

pub trait Backend: fmt::Debug + Send + Sync {
    fn private_key(
        &self,
        der: PrivateKeyDer<'_>,
    ) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected>;
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected>;
    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed>;
    fn shangmi(&self) -> Option<&dyn ShangmiBackend> {}
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;
#[cfg(feature = "aws-lc-rs")]
impl From<Unspecified> for Failed {}
#[cfg(feature = "shangmi")]
impl From<der::Error> for Failed {}
impl fmt::Display for Failed {}
impl std::error::Error for Failed {}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRejected;
#[cfg(feature = "aws-lc-rs")]
impl From<Rejected> for KeyRejected {}
#[cfg(feature = "aws-lc-rs")]
impl From<Unspecified> for KeyRejected {}
impl From<Refusal> for KeyRejected {}
impl fmt::Display for KeyRejected {}
impl std::error::Error for KeyRejected {}
#[derive(Clone, Copy)]
pub enum PrivateKeyDer<'a> {
    Pkcs8(&'a [u8]),
    Pkcs1(&'a [u8]),
}
impl fmt::Debug for PrivateKeyDer<'_> {}
pub trait RsaPrivateKey: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed>;
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed>;
    fn can_decrypt(&self) -> bool {}
    fn public_key_der(&self) -> Vec<u8>;
}
pub trait RsaPublicKey: Send + Sync {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed>;
    fn modulus_len(&self) -> usize;
    fn max_plaintext(&self) -> usize {}
}
pub trait ShangmiBackend: fmt::Debug + Send + Sync {
    fn private_key(
        &self,
        number: &[u8; 32],
    ) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected>;
    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected>;
    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed>;
}
pub trait Sm2PrivateKey: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed>;
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed>;
    fn can_decrypt(&self) -> bool {}
    fn public_key_der(&self) -> Vec<u8>;
}
pub trait Sm2PublicKey: Send + Sync {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed>;
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Suite {
    #[default]
    Rsa,
    Shangmi,
}
#[must_use]
pub fn default_backend() -> &'static dyn Backend {}

// mod download

pub use crate::Download;

// mod endpoint

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    Sha256,
    Sm3,
}
impl DigestAlgorithm {
    #[must_use]
    pub fn hex(self, bytes: &[u8]) -> String {}
}
pub use crate::Endpoint;
pub trait FieldValue {
    fn write(&self, writer: Writer<'_>) -> Result<Presence, WireError>;
}
impl<T: Serialize> FieldValue for T {}
pub struct Fields {
    // and private fields
}
impl Fields {
    pub fn body(&mut self, value: &dyn FieldValue) {}
    pub fn file(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        file: &dyn UploadField,
        names: FileFields,
    ) {}
    pub fn flatten(&mut self, value: &dyn FieldValue) {}
    pub fn form(&mut self, name: impl Into<Cow<'static, str>>, value: &dyn FieldValue) {}
    pub fn header(&mut self, name: &str, value: &dyn FieldValue) {}
    pub fn path(&mut self, name: &str, value: &dyn FieldValue) {}
    pub fn payload(&mut self, name: &str, value: &dyn FieldValue) {}
    pub fn query(&mut self, name: &str, value: &dyn FieldValue) {}
    pub fn query_all(&mut self, value: &dyn FieldValue) {}
    pub fn refuse(&mut self, error: PrepareError) {}
}
impl fmt::Debug for Fields {}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFields {
    pub filename: Option<&'static str>,
    pub digest: &'static str,
    pub algorithm: DigestAlgorithm,
}
impl FileFields {
    #[must_use]
    pub const fn new(
        filename: Option<&'static str>,
        digest: &'static str,
        algorithm: DigestAlgorithm,
    ) -> Self {}
}
pub trait FromResponse: Sized {
    const FORM: ResponseForm;
    fn declared_fields() -> &'static [&'static str] {}
    fn decode(received: &mut RawResponse) -> Result<Self, Error>;
}
impl<T: DeserializeOwned> FromResponse for T {
    const FORM: ResponseForm = ResponseForm::Json;
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrepareError {
    // and private fields
}
impl PrepareError {
    #[must_use]
    pub fn field(&self) -> &str {}
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {}
}
impl fmt::Display for PrepareError {}
impl std::error::Error for PrepareError {}
pub trait UploadField {
    fn upload(&self) -> &Upload;
}

// mod error

pub use crate::Error;
pub use crate::ErrorKind;
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(_);
impl Message {
    #[must_use]
    pub fn chinese(&self) -> &str {}
    #[must_use]
    pub fn english(&self) -> &str {}
}
impl From<Text> for Message {}
impl fmt::Display for Message {}
pub use crate::Outcome;

// mod error_codes

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    pub english: &'static str,
    pub chinese: &'static str,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    Parameter,
    Amount,
    Signature,
    Permission,
    Binding,
    Configuration,
    Frequency,
    Order,
    OrderState,
    Reentry,
    Funds,
    User,
    Risk,
    BusinessRule,
    CouponState,
    CouponRule,
    Insurance,
    System,
}
impl Class {
    #[must_use]
    pub fn chinese(self) -> &'static str {}
    #[must_use]
    pub fn english(self) -> &'static str {}
}
impl fmt::Display for Class {}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorCode {
    pub code: &'static str,
    pub message: &'static str,
    pub class: Class,
    pub products: &'static [Product],
    pub advice: Advice,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    BasicPayment,
    PayScore,
    MedicalInsurance,
    ProductCoupon,
}
impl Product {
    #[must_use]
    pub fn chinese(self) -> &'static str {}
    #[must_use]
    pub fn english(self) -> &'static str {}
}
#[must_use]
pub fn all() -> &'static [ErrorCode] {}
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorCode> {}
#[must_use]
pub fn of_request_id(request_id: &str) -> Option<&'static ErrorCode> {}

// mod json_string

pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {}
pub fn serialize<T: Serialize + ?Sized, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {}

// mod keys

#[derive(Clone)]
pub struct ApiV3Key(_);
impl ApiV3Key {
    pub fn decrypt(
        &self,
        backend: &dyn Backend,
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {}
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, KeyError> {}
}
impl fmt::Debug for ApiV3Key {}
#[derive(Clone)]
pub struct Certificate {
    // and private fields
}
impl Certificate {
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {}
    pub fn from_der_with(backend: &dyn Backend, der: &[u8]) -> Result<Self, KeyError> {}
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {}
    pub fn from_pem_with(
        backend: &dyn Backend,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {}
    #[must_use]
    pub fn is_valid_at(&self, unix_seconds: i64) -> bool {}
    #[must_use]
    pub fn not_after(&self) -> i64 {}
    #[must_use]
    pub fn not_before(&self) -> i64 {}
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {}
    #[must_use]
    pub fn serial_no(&self) -> &SerialNo {}
}
impl fmt::Debug for Certificate {}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    #[non_exhaustive]
    TooLong { length: usize },
    NotPem,
    Pkcs12,
    Truncated,
    NotBase64,
    #[non_exhaustive]
    SeveralBlocks { count: usize },
    #[non_exhaustive]
    WrongKind { wanted: KeyKind, found: KeyKind },
    Encrypted,
    NotRsa,
    ShangmiOff,
    #[non_exhaustive]
    WrongSize { bits: usize },
    Damaged,
    #[non_exhaustive]
    ApiV3KeyLength { bytes: usize },
}
impl KeyError {
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl Error for KeyError {}
impl From<KeyRejected> for KeyError {}
impl From<Refusal> for KeyError {}
impl fmt::Display for KeyError {}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    PrivateKey,
    PublicKey,
    Certificate,
    CertificateRequest,
    Other,
}
impl fmt::Display for KeyKind {}
pub use crate::PrivateKey;
pub use crate::PublicKey;
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialNo(_);
impl SerialNo {
    #[must_use]
    pub fn as_str(&self) -> &str {}
    #[must_use]
    pub fn new(text: &str) -> Self {}
}
impl Borrow<str> for SerialNo {}
impl From<&str> for SerialNo {}
impl fmt::Debug for SerialNo {}
impl fmt::Display for SerialNo {}

// mod limit

#[derive(Debug, Clone, Default)]
pub struct Rates {
    // and private fields
}
impl Rates {
    #[must_use]
    pub fn new() -> Self {}
    #[must_use]
    pub fn per_minute(
        self,
        method: Method,
        template: impl Into<String>,
        requests: u32,
    ) -> Self {}
    #[must_use]
    pub fn per_second(
        self,
        method: Method,
        template: impl Into<String>,
        requests: u32,
    ) -> Self {}
}

// mod notification

#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an acknowledgement does nothing until it is sent as the response"]
pub struct Acknowledgement {
    // and private fields
}
impl Acknowledgement {
    pub fn accepted() -> Self {}
    #[must_use]
    pub fn body(&self) -> &str {}
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {}
    pub fn failed(message: &str) -> Self {}
    pub fn failed_with(status: StatusCode, message: &str) -> Self {}
    #[must_use]
    pub fn is_accepted(&self) -> bool {}
    #[must_use]
    pub fn status(&self) -> StatusCode {}
    pub fn success() -> Self {}
}
#[cfg(feature = "actix-web-4")]
impl Responder for Acknowledgement {
    type Body = BoxBody;
}
#[cfg(feature = "axum-08")]
impl IntoResponse for Acknowledgement {}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    pub field: Cow<'static, str>,
    pub expected: String,
    pub received: Option<String>,
}
impl fmt::Display for Difference {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differences(_);
impl Differences {
    pub fn iter(&self) -> impl Iterator<Item = &Difference> {}
}
impl fmt::Display for Differences {}
impl std::error::Error for Differences {}
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    Transaction(Box<Transaction>),
    CombinedTransaction(Box<CombinedTransaction>),
    Refund(Box<Refund>),
    ProfitSharing(Box<ProfitSharing>),
    TransferBill(Box<TransferBill>),
    Complaint(Box<Complaint>),
    Contract(Box<Contract>),
    Other(OtherEvent),
}
impl Payload for Event {}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected<'a> {
    pub mchid: &'a str,
    pub appid: &'a str,
    pub out_trade_no: &'a str,
    pub total: i64,
    pub currency: &'a str,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedRefund<'a> {
    pub mchid: &'a str,
    pub out_trade_no: &'a str,
    pub out_refund_no: &'a str,
    pub total: i64,
    pub refund: i64,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedTransfer<'a> {
    pub mchid: &'a str,
    pub out_bill_no: &'a str,
    pub transfer_amount: i64,
}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification<T> {
    pub id: String,
    pub mchid: String,
    pub create_time: Option<String>,
    pub event_type: String,
    pub resource_type: Option<String>,
    pub summary: Option<String>,
    pub original_type: Option<String>,
    pub payload: T,
}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationError {
    #[non_exhaustive]
    Unverified { error: VerifyError, hint: Option<Message> },
    #[non_exhaustive]
    TooLarge { most: usize },
    #[non_exhaustive]
    Timeout { limit: Duration },
    Interrupted,
    #[non_exhaustive]
    Malformed { field: String, reason: Message },
    #[non_exhaustive]
    OtherAlgorithm { algorithm: String },
    NoApiV3Key,
    Undecryptable,
    #[non_exhaustive]
    Undecodable { field: String, reason: Message },
    #[non_exhaustive]
    OtherMerchant { mchid: String },
    NoReceiver,
    InsideAsyncTask,
}
impl NotificationError {
    pub fn acknowledgement(&self) -> Acknowledgement {}
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
    #[must_use]
    pub fn hint(&self) -> Option<Message> {}
    #[must_use]
    pub fn status(&self) -> StatusCode {}
}
#[cfg(feature = "actix-web-4")]
impl ResponseError for NotificationError {}
#[cfg(feature = "axum-08")]
impl IntoResponse for NotificationError {}
impl fmt::Display for NotificationError {}
impl std::error::Error for NotificationError {}
#[derive(Debug, Clone)]
pub struct NotificationReceiver {
    // and private fields
}
impl NotificationReceiver {
    #[must_use]
    pub fn also_for(mut self, mchid: impl Into<String>) -> Self {}
    #[must_use]
    pub fn max_bytes(mut self, most: usize) -> Self {}
    pub async fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification<T>, NotificationError> {}
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {}
    pub async fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationError> {}
}
#[cfg(feature = "axum-08")]
impl FromRef<Client> for NotificationReceiver {}
#[cfg(feature = "axum-08")]
impl FromRef<Clients> for NotificationReceiver {}
impl From<Client> for NotificationReceiver {}
impl From<Clients> for NotificationReceiver {}
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherEvent {
    pub event_type: String,
    pub original_type: Option<String>,
    pub json: String,
}
impl fmt::Debug for OtherEvent {}
pub trait Payload: Sized {
    fn decode(decrypted: &Decrypted<'_>) -> Result<Self, NotificationError>;
}
impl<T: DeserializeOwned> Payload for T {}
pub struct VerifiedNotification {
    // and private fields
}
impl VerifiedNotification {
    pub fn decrypt<T: Payload>(&self) -> Result<Notification<T>, NotificationError> {}
    #[must_use]
    pub fn event_type(&self) -> &str {}
    #[must_use]
    pub fn id(&self) -> &str {}
    #[must_use]
    pub fn mchid(&self) -> &str {}
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {}
}
impl fmt::Debug for VerifiedNotification {}
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
#[derive(Clone, PartialEq, Eq)]
pub struct WechatpayNotification<T>(pub Notification<T>);
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
impl<T: fmt::Debug> fmt::Debug for WechatpayNotification<T> {}
#[cfg(any(feature = "actix-web-4", feature = "axum-08"))]
impl<T> Deref for WechatpayNotification<T> {
    type Target = Notification<T>;
}
#[cfg(feature = "actix-web-4")]
impl<T: Payload + 'static> FromRequest for WechatpayNotification<T> {
    type Error = NotificationError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, NotificationError>>>>;
}
#[cfg(feature = "axum-08")]
impl<S, T> FromRequest<S> for WechatpayNotification<T>
where
    NotificationReceiver: FromRef<S>,
    S: Send + Sync,
    T: Payload,
{
    type Rejection = NotificationError;
}

// mod observe

#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    pub method: &'a Method,
    pub template: &'a str,
    pub mchid: &'a str,
    pub host: &'a str,
    pub attempt: u32,
    pub status: Option<StatusCode>,
    pub outcome: Option<Outcome>,
    pub error: Option<&'a Error>,
    pub retry: Option<RetryCause>,
    pub elapsed: Duration,
    pub bytes_sent: u64,
    pub bytes_received: u64,
}
impl AttemptEvent<'_> {
    #[must_use]
    pub fn code(&self) -> Option<&str> {}
}
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallEvent<'a> {
    pub method: &'a Method,
    pub template: &'a str,
    pub mchid: &'a str,
    pub host: Option<&'a str>,
    pub status: Option<StatusCode>,
    pub error: Option<&'a Error>,
    pub attempts: u32,
    pub elapsed: Duration,
    pub bytes_sent: u64,
    pub bytes_received: u64,
}
impl CallEvent<'_> {
    #[must_use]
    pub fn code(&self) -> Option<&str> {}
    #[must_use]
    pub fn error_type(&self) -> Option<&'static str> {}
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {}
}
pub trait Observer: Send + Sync {
    fn attempt(&self, event: &AttemptEvent<'_>) {}
    fn call(&self, event: &CallEvent<'_>) {}
}
impl<O: Observer + ?Sized> Observer for Arc<O> {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    NotSent,
    NoResponse,
    ServerError,
    Throttled,
    NotFinal,
    SignatureProbe,
}

// mod paging

#[must_use = "nothing is sent until the stream is polled"]
pub struct Items<E: Paged> {
    // and private fields
}
impl<E: Paged + Send + 'static> Items<E> {
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {}
}
impl<E: Paged + Send + 'static> Stream for Items<E> {
    type Item = Result<E::Item, Error>;
}
impl<E: Paged> Unpin for Items<E> {}
impl<E: Paged> fmt::Debug for Items<E> {}
pub trait Offset {
    fn get(&self) -> i64;
    fn set(&mut self, offset: i64);
}
impl<T: Offset + Default> Offset for Option<T> {}
impl Offset for i64 {}
impl Offset for u64 {}
pub trait Paged: Endpoint + Clone {
    type Item;
    const STEP: Step = Step::Items;
    fn offset(&mut self) -> &mut dyn Offset;
    fn total(page: &Self::Response) -> Option<i64> {}
    fn items(page: &mut Self::Response) -> &mut Vec<Self::Item>;
}
#[must_use = "nothing is sent until the stream is polled"]
pub struct Pages<E: Paged> {
    // and private fields
}
impl<E: Paged + Send + 'static> Pages<E> {
    pub async fn next(&mut self) -> Option<Result<E::Response, Error>> {}
}
impl<E: Paged> Pages<E> {
    pub fn request(&self) -> &E {}
}
impl<E: Paged + Send + 'static> Stream for Pages<E> {
    type Item = Result<E::Response, Error>;
}
impl<E: Paged> Unpin for Pages<E> {}
impl<E: Paged> fmt::Debug for Pages<E> {}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Items,
    Pages,
}

// mod payment

#[derive(Clone)]
pub struct ApiV2Key(_);
impl ApiV2Key {
    pub fn new(key: impl Into<String>) -> Result<Self, ApiV2KeyLength> {}
}
impl fmt::Debug for ApiV2Key {}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiV2KeyLength {
    pub bytes: usize,
}
impl fmt::Display for ApiV2KeyLength {}
impl std::error::Error for ApiV2KeyLength {}
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppPaymentParameters {
    pub appid: String,
    pub partnerid: String,
    pub prepayid: String,
    pub package: &'static str,
    pub noncestr: String,
    pub timestamp: String,
    pub sign: String,
}
impl fmt::Debug for AppPaymentParameters {}
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JsapiPaymentParameters {
    pub app_id: String,
    pub time_stamp: String,
    pub nonce_str: String,
    pub package: String,
    pub sign_type: &'static str,
    pub pay_sign: String,
}
impl fmt::Debug for JsapiPaymentParameters {}
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentSignature {
    pub timestamp: String,
    pub nonce_str: String,
    pub signature: String,
}
impl fmt::Debug for PaymentSignature {}
#[derive(Clone, PartialEq, Eq)]
pub struct PayscoreParameters {
    // and private fields
}
impl PayscoreParameters {
    #[must_use]
    pub fn business_type(&self) -> &'static str {}
    #[must_use]
    pub fn query_string(&self) -> String {}
}
impl Serialize for PayscoreParameters {}
impl fmt::Debug for PayscoreParameters {}

// mod reconcile

#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    MissingHere { there: i64 },
    MissingThere { here: i64 },
    OtherAmount { here: i64, there: i64 },
    OtherState { here: Standing, there: String },
    Twice { in_bill: bool },
}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    pub kind: Kind,
    pub number: String,
    pub sub_mchid: Option<String>,
    pub line: Option<u64>,
    pub difference: Difference,
}
impl Finding {
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl fmt::Display for Finding {}
#[derive(Debug, Default)]
pub struct Join {
    // and private fields
}
impl Join {
    pub fn bill(&mut self, row: &Row<'_>) -> Result<(), BillError> {}
    #[must_use]
    pub fn finish(mut self) -> Report {}
    #[must_use]
    pub fn new() -> Self {}
    pub async fn of(
        bill: &mut BillReader,
        own: impl IntoIterator<Item = Own>,
    ) -> Result<Report, ReconcileError> {}
    pub fn own(&mut self, entry: Own) {}
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    Payment,
    Refund,
    Revocation,
}
impl Kind {
    #[must_use]
    pub fn chinese(self) -> &'static str {}
}
impl std::fmt::Display for Kind {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    // and private fields
}
impl Own {
    #[must_use]
    pub fn payment(out_trade_no: impl Into<String>, total: i64) -> Self {}
    #[must_use]
    pub fn refund(out_refund_no: impl Into<String>, refund: i64) -> Self {}
    #[must_use]
    pub fn revocation(out_trade_no: impl Into<String>, total: i64) -> Self {}
    #[must_use]
    pub fn standing(mut self, standing: Standing) -> Self {}
    #[must_use]
    pub fn sub_mchid(mut self, sub_mchid: impl Into<String>) -> Self {}
}
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    Bill(BillError),
    #[non_exhaustive]
    Incomplete { rows: u64, stated: u64 },
}
impl ReconcileError {
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl From<BillError> for ReconcileError {}
impl fmt::Display for ReconcileError {}
impl std::error::Error for ReconcileError {}
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    // and private fields
}
impl Report {
    #[must_use]
    pub fn agreed(&self) -> u64 {}
    #[must_use]
    pub fn bill_rows(&self) -> u64 {}
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
    #[must_use]
    pub fn findings(&self) -> &[Finding] {}
    #[must_use]
    pub fn is_clean(&self) -> bool {}
    #[must_use]
    pub fn own_entries(&self) -> u64 {}
}
impl fmt::Display for Report {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Done,
    Open,
    Nothing,
}

// mod sensitive

pub trait Encrypt {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}
impl<T: Encrypt + ?Sized> Encrypt for &T {}
impl<T: Encrypt + ?Sized> Encrypt for Box<T> {}
impl<T: Encrypt> Encrypt for Option<T> {}
impl<T: Encrypt> Encrypt for Vec<T> {}
impl Encrypt for Cow<'_, str> {}
impl Encrypt for String {}
impl Encrypt for str {}
pub struct Encrypted<'a>(_);
impl<'a> Encrypted<'a> {
    #[must_use]
    pub fn new(value: &'a dyn EncryptedValue) -> Self {}
}
impl FieldValue for Encrypted<'_> {}
impl fmt::Debug for Encrypted<'_> {}
pub trait Plaintext: AsRef<str> + sealed::Sealed {
    fn wipe(&mut self);
}
impl Plaintext for &str {}
impl Plaintext for Box<str> {}
impl Plaintext for Cow<'_, str> {}
impl Plaintext for String {}
pub use crate::Sensitive;

// mod settle

#[derive(Debug)]
#[non_exhaustive]
pub struct Open<C, Q> {
    pub why: Why,
    pub look_again: Duration,
    pub created: Option<C>,
    pub found: Option<Q>,
}
impl<C, Q> Open<C, Q> {
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl<C, Q> fmt::Display for Open<C, Q> {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polling {
    // and private fields
}
impl Polling {
    #[must_use]
    pub fn every(interval: Duration) -> Self {}
    #[must_use]
    pub fn interval(&self, age: Duration) -> Duration {}
    #[must_use]
    pub fn retry(mut self, first: Duration, longest: Duration) -> Self {}
    #[must_use]
    pub fn steps(intervals: impl IntoIterator<Item = Duration>) -> Self {}
}
impl Default for Polling {}
pub trait Progress {
    fn state(&self) -> State;
}
#[must_use = "nothing is sent until it is awaited"]
pub struct Settle<'a, C: Endpoint, Q: Endpoint> {
    // and private fields
}
impl<'a, C: Endpoint, Q: Endpoint> Settle<'a, C, Q> {
    pub fn by(
        client: &'a Client,
        create: &'a C,
        query: &'a Q,
        state: impl Fn(&Q::Response) -> State + Send + Sync + 'a,
    ) -> Self {}
    pub fn deadline(mut self, limit: Duration) -> Self {}
    pub fn new(client: &'a Client, create: &'a C, query: &'a Q) -> Self
    where
        Q::Response: Progress,
    {}
    pub fn polling(mut self, polling: Polling) -> Self {}
    pub fn record<F, W, E>(mut self, mut save: F) -> Self
    where
        F: FnMut(Stage) -> W + Send + 'a,
        W: Future<Output = Result<(), E>> + Send + 'a,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {}
    pub fn resume(mut self, stage: impl Into<Option<Stage>>) -> Self {}
}
impl<'a, C: Endpoint, Q: Endpoint> IntoFuture for Settle<'a, C, Q>
where
    C::Response: Send,
    Q::Response: Send,
{
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;
    type Output = Settled<C::Response, Q::Response>;
}
impl<C: Endpoint, Q: Endpoint> fmt::Debug for Settle<'_, C, Q> {}
#[derive(Debug)]
#[must_use = "an open number has to be settled again"]
pub enum Settled<C, Q> {
    Done(Q),
    NothingHappened(Error),
    Open(Open<C, Q>),
}
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stage(_);
impl Stage {
    #[must_use]
    pub fn sent_at(time: SystemTime) -> Self {}
}
impl From<i64> for Stage {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Final,
    Open,
    Absent,
}
impl State {
    #[must_use]
    pub fn of_refund(status: &str) -> Self {}
    #[must_use]
    pub fn of_trade(trade_state: &str) -> Self {}
    #[must_use]
    pub fn of_transfer(state: &str) -> Self {}
}
#[derive(Debug)]
#[non_exhaustive]
pub enum Why {
    Waiting,
    Absent,
    InDoubt(Error),
    Failed(Error),
}
impl Why {
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
    #[must_use]
    pub fn error(&self) -> Option<&Error> {}
}
impl fmt::Display for Why {}

// mod signature

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownKeys {
    // and private fields
}
impl KnownKeys {
    #[must_use]
    pub fn public_key_ids(&self) -> &[String] {}
}
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    #[non_exhaustive]
    Missing { header: &'static str },
    #[non_exhaustive]
    Repeated { header: &'static str },
    #[non_exhaustive]
    Malformed { header: &'static str },
    #[non_exhaustive]
    Stale { seconds: u64 },
    #[non_exhaustive]
    UnknownSerial { serial: String, known: KnownKeys },
    #[non_exhaustive]
    OutOfDate { serial: String, not_before: i64, not_after: i64, expired: bool },
    OtherAlgorithm,
    SignatureProbe,
    Wrong,
    NoClock,
}
impl VerifyError {
    pub fn chinese(&self) -> impl fmt::Display + '_ {}
}
impl fmt::Display for VerifyError {}
impl std::error::Error for VerifyError {}

// mod signer

#[derive(Debug)]
pub struct SignError(_);
impl SignError {
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {}
}
impl From<Failed> for SignError {}
impl fmt::Display for SignError {}
impl std::error::Error for SignError {}
pub use crate::Signer;

// mod system

#[derive(Debug, Clone, Copy, Default)]
pub struct OperatingSystem;
impl System for OperatingSystem {}
pub trait System: fmt::Debug + Send + Sync {
    fn now(&self) -> SystemTime;
    fn random(&self, bytes: &mut [u8]) -> io::Result<()>;
}

// mod transport

#[derive(Clone)]
pub struct HttpTransport {
    // and private fields
}
impl HttpTransport {
    pub fn builder() -> HttpTransportBuilder {}
    pub fn new() -> Result<Self, Error> {}
}
impl Transport for HttpTransport {}
impl fmt::Debug for HttpTransport {}
#[must_use]
pub struct HttpTransportBuilder {
    // and private fields
}
impl HttpTransportBuilder {
    pub fn build(self) -> Result<HttpTransport, Error> {}
    pub fn connect_timeout(mut self, limit: Duration) -> Self {}
    pub fn environment_proxy(mut self) -> Self {}
    pub fn idle_timeout(mut self, limit: Duration) -> Self {}
    pub fn proxy(mut self, url: impl Into<String>) -> Self {}
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {}
}
impl fmt::Debug for HttpTransportBuilder {}
pub trait ResponseBody: Send {
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, TransportError>>;
    fn verified(&mut self) {}
}
pub trait Transport: Send + Sync {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<
        Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>,
    >;
}
#[derive(Debug)]
pub struct TransportError {
    // and private fields
}
impl TransportError {
    pub fn interrupted(
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {}
    #[must_use]
    pub fn is_not_sent(&self) -> bool {}
    pub fn not_sent(
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {}
    #[must_use]
    pub fn with_hint(
        self,
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {}
}
impl fmt::Display for TransportError {}
impl std::error::Error for TransportError {}
#[non_exhaustive]
pub struct TransportRequest<'a> {
    pub method: Method,
    pub origin: &'a str,
    pub target: &'a str,
    pub headers: HeaderMap,
    pub body: &'a [Bytes],
}
#[non_exhaustive]
pub struct TransportResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Box<dyn ResponseBody>,
}
impl TransportResponse {
    #[must_use]
    pub fn new(
        status: StatusCode,
        headers: HeaderMap,
        body: Box<dyn ResponseBody>,
    ) -> Self {}
}

// mod crypto::aws_lc_rs, feature = "aws-lc-rs"

#[derive(Debug, Clone, Copy, Default)]
pub struct AwsLcRs;
impl Backend for AwsLcRs {}

// mod crypto::rsa, feature = "rsa"

#[derive(Debug, Clone, Copy, Default)]
pub struct Rsa;
impl Backend for Rsa {}

// mod crypto::shangmi, feature = "shangmi"

#[derive(Debug, Clone, Copy, Default)]
pub struct Shangmi;
impl ShangmiBackend for Shangmi {}

// mod notification::payload

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CombinedTransaction {
    pub combine_appid: Option<String>,
    pub combine_mchid: Option<String>,
    pub combine_out_trade_no: String,
    pub scene_info: Option<SceneInfo>,
    pub sub_orders: Vec<SubOrder>,
    pub combine_payer_info: Option<Payer>,
}
impl CombinedTransaction {
    pub fn compare(
        &self,
        combine_out_trade_no: &str,
        orders: &[Expected<'_>],
    ) -> Result<(), Differences> {}
    #[must_use]
    pub fn is_paid(&self) -> bool {}
    #[must_use]
    pub fn sub_order(&self, out_trade_no: &str) -> Option<&SubOrder> {}
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Complaint {
    pub complaint_id: String,
    pub action_type: ComplaintAction,
}
#[non_exhaustive]
pub enum ComplaintAction {
    CreateComplaint = "CREATE_COMPLAINT",
    ContinueComplaint = "CONTINUE_COMPLAINT",
    UserResponse = "USER_RESPONSE",
    ResponseByPlatform = "RESPONSE_BY_PLATFORM",
    SellerRefund = "SELLER_REFUND",
    MerchantResponse = "MERCHANT_RESPONSE",
    MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contract {
    pub mchid: Option<String>,
    pub appid: Option<String>,
    pub sp_mchid: Option<String>,
    pub sp_appid: Option<String>,
    pub sub_mchid: Option<String>,
    pub sub_appid: Option<String>,
    pub openid: Option<String>,
    pub sp_openid: Option<String>,
    pub sub_openid: Option<String>,
    pub plan_id: Option<String>,
    pub out_contract_code: Option<String>,
    pub contract_id: Option<String>,
    pub contract_state: Option<ContractState>,
    pub contract_display_account: Option<String>,
    pub out_user_code: Option<String>,
    pub contract_signed_time: Option<String>,
    pub contract_expired_time: Option<String>,
    pub operate_time: Option<String>,
    pub contract_terminate_info: Option<ContractTermination>,
    pub deduct_schedule: Option<DeductSchedule>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContractAmount {
    pub total: i64,
    pub currency: Option<String>,
}
#[non_exhaustive]
pub enum ContractState {
    Signed = "SIGNED",
    Terminated = "TERMINATED",
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContractTermination {
    pub contract_termination_mode: Option<String>,
    pub contract_terminated_time: Option<String>,
    pub contract_termination_remark: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeductSchedule {
    pub schedule_state: Option<String>,
    pub estimated_deduct_date: Option<String>,
    pub estimated_deduct_amount: Option<ContractAmount>,
    pub scheduled_amount: Option<ContractAmount>,
    pub deduct_date: Option<String>,
    pub deduct_amount: Option<ContractAmount>,
}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Payer {
    pub openid: Option<String>,
    pub sp_openid: Option<String>,
    pub sub_openid: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfitSharing {
    pub mchid: Option<String>,
    pub sp_mchid: Option<String>,
    pub sub_mchid: Option<String>,
    pub transaction_id: Option<String>,
    pub order_id: Option<String>,
    pub out_order_no: Option<String>,
    pub receiver: ProfitSharingReceiver,
    pub success_time: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfitSharingReceiver {
    pub kind: ReceiverType,
    pub account: String,
    pub amount: i64,
    pub description: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Promotion {
    pub coupon_id: Option<String>,
    pub name: Option<String>,
    pub scope: Option<PromotionScope>,
    pub kind: Option<PromotionType>,
    pub amount: Option<i64>,
    pub stock_id: Option<String>,
    pub wechatpay_contribute: Option<i64>,
    pub merchant_contribute: Option<i64>,
    pub other_contribute: Option<i64>,
    pub currency: Option<String>,
    pub goods_detail: Vec<PromotionGoods>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromotionGoods {
    pub goods_id: String,
    pub quantity: Option<i64>,
    pub unit_price: Option<i64>,
    pub discount_amount: Option<i64>,
    pub goods_remark: Option<String>,
}
#[non_exhaustive]
pub enum PromotionScope {
    Global = "GLOBAL",
    Single = "SINGLE",
}
#[non_exhaustive]
pub enum PromotionType {
    Cash = "CASH",
    NoCash = "NOCASH",
}
#[non_exhaustive]
pub enum ReceiverType {
    MerchantId = "MERCHANT_ID",
    PersonalOpenid = "PERSONAL_OPENID",
    PersonalSubOpenid = "PERSONAL_SUB_OPENID",
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    pub mchid: Option<String>,
    pub sp_mchid: Option<String>,
    pub sub_mchid: Option<String>,
    pub out_trade_no: String,
    pub transaction_id: Option<String>,
    pub out_refund_no: String,
    pub refund_id: Option<String>,
    pub refund_status: RefundStatus,
    pub success_time: Option<String>,
    pub user_received_account: Option<String>,
    pub amount: RefundAmount,
}
impl Refund {
    pub fn compare(&self, expected: &ExpectedRefund<'_>) -> Result<(), Differences> {}
}
impl Progress for Refund {}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefundAmount {
    pub total: i64,
    pub refund: i64,
    pub payer_total: Option<i64>,
    pub payer_refund: Option<i64>,
}
#[non_exhaustive]
pub enum RefundStatus {
    Success = "SUCCESS",
    Closed = "CLOSED",
    Processing = "PROCESSING",
    Abnormal = "ABNORMAL",
}
impl Progress for RefundStatus {}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SceneInfo {
    pub device_id: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubOrder {
    pub mchid: Option<String>,
    pub sub_mchid: Option<String>,
    pub sub_appid: Option<String>,
    pub sub_openid: Option<String>,
    pub out_trade_no: String,
    pub transaction_id: Option<String>,
    pub trade_type: Option<TradeType>,
    pub trade_state: TradeState,
    pub bank_type: Option<String>,
    pub attach: Option<String>,
    pub success_time: Option<String>,
    pub amount: Option<SubOrderAmount>,
    pub promotion_detail: Vec<Promotion>,
}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubOrderAmount {
    pub total_amount: Option<i64>,
    pub payer_amount: Option<i64>,
    pub currency: Option<String>,
    pub payer_currency: Option<String>,
    pub settlement_rate: Option<i64>,
}
#[non_exhaustive]
pub enum TradeState {
    Success = "SUCCESS",
    Refund = "REFUND",
    NotPay = "NOTPAY",
    Closed = "CLOSED",
    Revoked = "REVOKED",
    UserPaying = "USERPAYING",
    PayError = "PAYERROR",
    Accept = "ACCEPT",
}
impl Progress for TradeState {}
#[non_exhaustive]
pub enum TradeType {
    Jsapi = "JSAPI",
    Native = "NATIVE",
    App = "APP",
    MicroPay = "MICROPAY",
    Mweb = "MWEB",
    FacePay = "FACEPAY",
    Pap = "PAP",
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    pub appid: Option<String>,
    pub mchid: Option<String>,
    pub sp_appid: Option<String>,
    pub sp_mchid: Option<String>,
    pub sub_appid: Option<String>,
    pub sub_mchid: Option<String>,
    pub out_trade_no: String,
    pub transaction_id: Option<String>,
    pub trade_type: Option<TradeType>,
    pub trade_state: TradeState,
    pub trade_state_desc: Option<String>,
    pub bank_type: Option<String>,
    pub attach: Option<String>,
    pub success_time: Option<String>,
    pub payer: Option<Payer>,
    pub amount: Option<TransactionAmount>,
    pub scene_info: Option<SceneInfo>,
    pub promotion_detail: Vec<Promotion>,
}
impl Transaction {
    pub fn compare(&self, expected: &Expected<'_>) -> Result<(), Differences> {}
    #[must_use]
    pub fn is_paid(&self) -> bool {}
}
impl Progress for Transaction {}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TransactionAmount {
    pub total: Option<i64>,
    pub payer_total: Option<i64>,
    pub currency: Option<String>,
    pub payer_currency: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TransferBill {
    pub mch_id: Option<String>,
    pub out_bill_no: String,
    pub transfer_bill_no: Option<String>,
    pub state: TransferBillState,
    pub transfer_amount: i64,
    pub openid: Option<String>,
    pub fail_reason: Option<String>,
    pub create_time: Option<String>,
    pub update_time: Option<String>,
}
impl TransferBill {
    pub fn compare(&self, expected: &ExpectedTransfer<'_>) -> Result<(), Differences> {}
}
impl Progress for TransferBill {}
#[non_exhaustive]
pub enum TransferBillState {
    Accepted = "ACCEPTED",
    Processing = "PROCESSING",
    WaitUserConfirm = "WAIT_USER_CONFIRM",
    Transferring = "TRANSFERING",
    Success = "SUCCESS",
    Fail = "FAIL",
    Cancelling = "CANCELING",
    Cancelled = "CANCELLED",
}
impl Progress for TransferBillState {}

// traits of other crates for types of other crates

impl<B: From<String>> From<Acknowledgement> for Response<B> {}
impl From<Stage> for i64 {}
