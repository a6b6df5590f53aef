//! The client whose calls return the result at once.

use super::runtime::Runtime;
use crate::{
    call::{Call, Caller, RequestBuilder, ResponseFuture, sealed::Sealed},
    client::{self, ClientBuilder},
    context::Context,
    download::Download,
    endpoint::Endpoint,
    error::Error,
    keys::{ApiV3Key, Certificate, PublicKey},
    notification::NotificationError,
    payment::{ApiV2Key, AppPaymentParameters, JsapiPaymentParameters, PaymentSignature, PayscoreParameters},
    sensitive::Sensitive,
};
use http::Method;
use std::{fmt, future::Future, sync::Arc};

/// A client whose calls return the result at once. See the [module](super).
///
/// It drives an async [`Client`](crate::Client) on its own thread. Cheap to clone and safe to share.
#[derive(Clone)]
pub struct Client {
    client: client::Client,
    runtime: Arc<Runtime>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl Client {
    /// A blocking client that does what `client` does.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn new(client: client::Client) -> Result<Self, Error> {
        let runtime = Arc::new(Runtime::new()?);
        Ok(Self { client, runtime })
    }

    /// A blocking client configured by environment variables; see [`Client::from_env`](crate::Client::from_env).
    ///
    /// ```
    /// use wechatpay_core::blocking::Client;
    ///
    /// # if std::env::var_os("WECHATPAY_PRIVATE_KEY").is_none() {
    /// // Where nothing is set, the error names what is missing.
    /// let error = Client::from_env().unwrap_err();
    /// assert!(error.to_string().contains("WECHATPAY_PRIVATE_KEY"));
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::from_env`](crate::Client::from_env) and [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        Self::new(client::Client::from_env()?)
    }

    /// As [`Client::builder`](crate::Client::builder): configures a blocking client by the same methods.
    ///
    /// ```no_run
    /// use wechatpay_core::{PrivateKey, PublicKey, blocking::Client};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder()
    ///     .merchant("1900000001", "5157F09EFDC096DE15EBE81A47057A72", PrivateKey::from_pem(std::fs::read("key.pem")?)?)
    ///     .wechatpay_public_key("PUB_KEY_ID_0119000000012024101000", PublicKey::from_pem(std::fs::read("pub_key.pem")?)?)
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// The async client inside.
    #[must_use]
    pub fn as_async(&self) -> &client::Client {
        &self.client
    }

    /// The merchant number (商户号), or the brand's.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.client.mchid()
    }

    /// The serial number of the merchant's certificate (商户API证书序列号).
    #[must_use]
    pub fn serial_no(&self) -> &str {
        self.client.serial_no()
    }

    /// A call of a declared operation with options: `client.call(&request).deadline(limit).send()?`.
    pub fn call<'a, E: Endpoint>(&'a self, request: &'a E) -> Call<'a, E, Self> {
        Call::new(self, request)
    }

    /// A call of an operation that is not declared, by its path: `client.request(Method::GET, "/v3/..").send()?`.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RequestBuilder<'_, Self> {
        RequestBuilder::new(self, method, path)
    }

    /// Waits for an async method of this library, such as [`Download::save`]: `client.wait(download.save(path))?`.
    ///
    /// # Errors
    /// What the method returns, and inside an async task.
    pub fn wait<T, E: From<Error>>(&self, future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        self.runtime.block_on(future)?
    }

    pub(super) fn receive<T>(
        &self,
        future: impl Future<Output = Result<T, NotificationError>>,
    ) -> Result<T, NotificationError> {
        self.runtime
            .block_on(future)
            .unwrap_or(Err(NotificationError::InsideAsyncTask))
    }

    /// As [`Client::encrypt`](crate::Client::encrypt).
    ///
    /// # Errors
    /// Without a key, and when the text is too long for it.
    pub fn encrypt(&self, plaintext: &str) -> Result<String, Error> {
        self.client.encrypt(plaintext)
    }

    /// As [`Client::decrypt`](crate::Client::decrypt).
    ///
    /// # Errors
    /// When the text is no ciphertext for this merchant's key, or the signer holds no private key.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Sensitive, Error> {
        self.client.decrypt(ciphertext)
    }

    /// As [`Client::download`](crate::Client::download): the URL comes from a response. Read it with
    /// [`wait`](Self::wait).
    ///
    /// # Errors
    /// See [`Error`].
    pub fn download(&self, download_url: &str) -> Result<Download, Error> {
        self.wait(self.client.download(download_url))
    }

    /// As [`Client::jsapi_payment_parameters`](crate::Client::jsapi_payment_parameters).
    ///
    /// # Errors
    /// When an argument is empty or holds white space, and when the signer or the random source fails.
    pub fn jsapi_payment_parameters(&self, appid: &str, prepay_id: &str) -> Result<JsapiPaymentParameters, Error> {
        self.wait(self.client.jsapi_payment_parameters(appid, prepay_id))
    }

    /// As [`Client::app_payment_parameters`](crate::Client::app_payment_parameters).
    ///
    /// # Errors
    /// As [`jsapi_payment_parameters`](Self::jsapi_payment_parameters).
    pub fn app_payment_parameters(&self, appid: &str, prepay_id: &str) -> Result<AppPaymentParameters, Error> {
        self.wait(self.client.app_payment_parameters(appid, prepay_id))
    }

    /// As [`Client::sign_payment`](crate::Client::sign_payment).
    ///
    /// # Errors
    /// As [`jsapi_payment_parameters`](Self::jsapi_payment_parameters).
    pub fn sign_payment(&self, appid: &str, last: &str) -> Result<PaymentSignature, Error> {
        self.wait(self.client.sign_payment(appid, last))
    }

    /// As [`Client::payscore_confirm_parameters`](crate::Client::payscore_confirm_parameters).
    ///
    /// # Errors
    /// When `package` is empty or holds white space, and when the clock or the random source fails.
    pub fn payscore_confirm_parameters(&self, key: &ApiV2Key, package: &str) -> Result<PayscoreParameters, Error> {
        self.client.payscore_confirm_parameters(key, package)
    }

    /// As [`Client::payscore_detail_parameters`](crate::Client::payscore_detail_parameters).
    ///
    /// # Errors
    /// When an argument is empty or holds white space, and when the clock or the random source fails.
    pub fn payscore_detail_parameters(
        &self,
        key: &ApiV2Key,
        service_id: &str,
        out_order_no: &str,
    ) -> Result<PayscoreParameters, Error> {
        self.client.payscore_detail_parameters(key, service_id, out_order_no)
    }

    /// As [`Client::add_wechatpay_public_key`](crate::Client::add_wechatpay_public_key).
    ///
    /// # Errors
    /// When the id cannot be that of a WeChat Pay public key.
    pub fn add_wechatpay_public_key(&self, public_key_id: &str, key: PublicKey) -> Result<(), Error> {
        self.client.add_wechatpay_public_key(public_key_id, key)
    }

    /// As [`Client::replace_wechatpay_public_key`](crate::Client::replace_wechatpay_public_key).
    ///
    /// # Errors
    /// When the id cannot be that of a WeChat Pay public key.
    pub fn replace_wechatpay_public_key(&self, public_key_id: &str, key: PublicKey) -> Result<(), Error> {
        self.client.replace_wechatpay_public_key(public_key_id, key)
    }

    /// As [`Client::add_platform_certificate`](crate::Client::add_platform_certificate).
    ///
    /// # Errors
    /// When the certificate is the merchant's own.
    pub fn add_platform_certificate(&self, certificate: Certificate) -> Result<(), Error> {
        self.client.add_platform_certificate(certificate)
    }

    /// As [`Client::remove_wechatpay_key`](crate::Client::remove_wechatpay_key).
    pub fn remove_wechatpay_key(&self, id: &str) -> bool {
        self.client.remove_wechatpay_key(id)
    }

    /// As [`Client::replace_api_v3_keys`](crate::Client::replace_api_v3_keys).
    pub fn replace_api_v3_keys(&self, keys: impl IntoIterator<Item = ApiV3Key>) {
        self.client.replace_api_v3_keys(keys);
    }

    /// As [`Client::refresh_certificates`](crate::Client::refresh_certificates).
    ///
    /// # Errors
    /// Why the certificates could not be downloaded.
    pub fn refresh_certificates(&self) -> Result<(), Error> {
        self.wait(self.client.refresh_certificates())
    }

    /// As [`Client::keep_certificates_fresh`](crate::Client::keep_certificates_fresh), on the thread of this client.
    pub fn keep_certificates_fresh(&self) {
        self.runtime.spawn(self.client.keep_certificates_fresh());
    }
}

impl ClientBuilder<Client> {
    /// Checks the configuration and makes the blocking client.
    ///
    /// # Errors
    /// When something is missing or cannot work, as with the async client, and when the operating system gives no thread.
    pub fn build(self) -> Result<Client, Error> {
        Client::new(self.into_other::<client::Client>().build()?)
    }
}

impl Sealed for Client {
    fn context(&self) -> &Arc<Context> {
        &self.client.context
    }
}

impl Caller for Client {
    type Sent<'a, T: 'a> = Result<T, Error>;

    fn finish<'a, T: 'a>(&'a self, future: ResponseFuture<'a, T>) -> Result<T, Error> {
        self.wait(future)
    }
}
