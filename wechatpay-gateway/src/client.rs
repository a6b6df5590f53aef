//! Clients that are configured for the gateway.

use wechatpay_core::{
    Client, ClientBuilder, Error, PrivateKey, PublicKey,
    crypto::{Backend, default_backend},
};

use crate::{gateway::Gateway, keys::PlatformMode};

impl Gateway {
    /// A client of the gateway's merchant, with the keys and the address of the gateway.
    ///
    /// # Errors
    /// If the transport cannot be set up.
    pub fn client(&self) -> Result<Client, Error> {
        self.client_builder().build()
    }

    /// The builder of [`client`](Self::client), for custom settings: timeouts, retries, a backup host.
    ///
    /// The client has the WeChat Pay public key. In the modes with certificates it also downloads the platform
    /// certificates.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::{ErrorKind, Method};
    /// use wechatpay_gateway::{Fault, Gateway};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.misbehave(Fault::Silence { committed: false });
    /// let client = gateway.client_builder().deadline(Duration::from_millis(50)).build()?;
    /// let error = client.request(Method::GET, "/v3/pay/transactions/id/1").send().await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Timeout);
    /// # Ok(()) }
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        self.client_builder_with(default_backend())
    }

    /// The builder of [`client`](Self::client), with the given crypto backend.
    ///
    /// ```
    /// use wechatpay_core::{Method, crypto::rsa::Rsa};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/v3/pay/transactions/id/1", |_| ());
    /// let client = gateway.client_builder_with(&Rsa).build()?;
    /// client.request(Method::GET, "/v3/pay/transactions/id/1").response::<()>().send().await?;
    /// # Ok(()) }
    /// ```
    pub fn client_builder_with(&self, backend: &'static dyn Backend) -> ClientBuilder {
        // The gateway has parsed the same key. If parsing fails here, `build()` reports a missing key.
        let key = PrivateKey::from_pem_with(backend, self.merchant_private_key_pem());
        let builder = self.platform_of(Client::builder(), backend);
        match key {
            Ok(key) => builder.merchant(self.mchid(), self.serial_no(), key),
            Err(_) => builder,
        }
    }

    /// The builder of a client that signs as the brand, for the operations under `/brand/`.
    ///
    /// ```
    /// use wechatpay_core::Method;
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/brand/product-coupon/product-coupons/1", |_| ());
    /// let client = gateway.brand_client_builder().build()?;
    /// client.request(Method::GET, "/brand/product-coupon/product-coupons/1").response::<()>().send().await?;
    /// # Ok(()) }
    /// ```
    pub fn brand_client_builder(&self) -> ClientBuilder {
        let backend = default_backend();
        let key = PrivateKey::from_pem_with(backend, self.brand_private_key_pem());
        let builder = self.platform_of(Client::builder(), backend);
        match key {
            Ok(key) => builder.brand(self.brand_id(), self.brand_serial_no(), key),
            Err(_) => builder,
        }
    }

    /// The settings that a merchant's and a brand's client share.
    fn platform_of(&self, builder: ClientBuilder, backend: &'static dyn Backend) -> ClientBuilder {
        let mut builder = builder
            .base_url(self.url())
            .crypto_backend(backend)
            .api_v3_key(self.api_v3_key());
        if let Ok(key) = PublicKey::from_pem_with(backend, self.public_key_pem()) {
            builder = builder.wechatpay_public_key(self.public_key_id(), key);
        }
        if self.mode() == PlatformMode::PublicKey {
            builder
        } else {
            builder.platform_certificates()
        }
    }
}
