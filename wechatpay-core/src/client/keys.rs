//! Changing WeChat Pay's keys while a client is at work.

use super::Client;
use crate::{
    error::{Error, ErrorKind},
    keys::{ApiV3Key, Certificate, PublicKey},
    support::language::Text,
};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// How long a sleeping refresh needs at most to notice that its client is gone.
const LONGEST_NAP: Duration = Duration::from_secs(60);

/// A call that is under way stays with the key that it has encrypted with.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, PublicKey};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/pay/transactions/id/1", |_| json!({ "trade_state": "SUCCESS" }));
/// let client = gateway.client()?;
/// let old_id = gateway.public_key_id();
///
/// // The merchant platform shows the new key before the service signs with it.
/// let new_id = gateway.rotate()?;
/// let new_key = PublicKey::from_pem(gateway.public_key_pem())?;
/// client.add_wechatpay_public_key(&new_id, new_key.clone())?;
/// client.request(Method::GET, "/v3/pay/transactions/id/1").send().await?;
///
/// // When the service has switched, the old one is forgotten: step by step, or both steps in one.
/// assert!(client.remove_wechatpay_key(&old_id));
/// client.replace_wechatpay_public_key(&new_id, new_key)?;
/// client.request(Method::GET, "/v3/pay/transactions/id/1").send().await?;
/// # Ok(()) }
/// ```
impl Client {
    /// Accepts responses and notifications that are signed with one more WeChat Pay public key (微信支付公钥).
    ///
    /// Sensitive fields are encrypted with the key that was there first. To change keys, add the new one here and
    /// [remove](Self::remove_wechatpay_key) the old one when the service has switched.
    ///
    /// # Errors
    /// If the id does not begin with `PUB_KEY_ID_` or contains an invalid character, if the key is the merchant's, or if
    /// the id is bound to another key. To replace that key, call
    /// [`replace_wechatpay_public_key`](Self::replace_wechatpay_public_key), or remove it first.
    pub fn add_wechatpay_public_key(&self, public_key_id: &str, key: PublicKey) -> Result<(), Error> {
        super::builder::check_id("public key id", public_key_id)?;
        self.context
            .keys
            .add_public_key(public_key_id, key, self.context.signer.private_key())
            .map_err(|error| Error::local(ErrorKind::Configuration, Text::of(&error)))
    }

    /// Makes this the only WeChat Pay public key, in one step, also under an id that was bound to another key.
    /// Responses that are signed with an earlier one are refused from now on, those to calls under way included.
    ///
    /// # Errors
    /// When the id does not begin with `PUB_KEY_ID_` or holds a character that no id has, and when the key is the
    /// merchant's own. The keys stay as they were.
    pub fn replace_wechatpay_public_key(&self, public_key_id: &str, key: PublicKey) -> Result<(), Error> {
        super::builder::check_id("public key id", public_key_id)?;
        self.context
            .keys
            .replace_public_key(public_key_id, key, self.context.signer.private_key())
            .map_err(|error| Error::local(ErrorKind::Configuration, Text::of(&error)))
    }

    /// Accepts responses and notifications that are signed with one more platform certificate (微信支付平台证书), while
    /// that is valid. Downloads do not remove it.
    ///
    /// ```
    /// use wechatpay_core::keys::Certificate;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let client = gateway.client()?;
    /// let pem = gateway.certificate_pems().remove(0);
    /// client.add_platform_certificate(Certificate::from_pem(pem)?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If it is the merchant's certificate or contains the merchant's key.
    pub fn add_platform_certificate(&self, certificate: Certificate) -> Result<(), Error> {
        self.context
            .keys
            .add_certificate(certificate, self.context.signer.private_key())
            .map_err(|error| Error::local(ErrorKind::Configuration, Text::of(&error)))
    }

    /// Removes the public key with this id or the platform certificate with this serial number. Returns whether it
    /// existed. A certificate that the service still lists comes back with the next download.
    pub fn remove_wechatpay_key(&self, id: &str) -> bool {
        self.context.keys.remove(id)
    }

    /// Replaces the APIv3 key (APIv3密钥). While the merchant changes it, give the old and the new one: what the service
    /// encrypts is decrypted with either.
    ///
    /// ```
    /// use wechatpay_core::keys::ApiV3Key;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::start()?;
    /// let client = gateway.client()?;
    /// let old = ApiV3Key::new(gateway.api_v3_key())?;
    /// let new = ApiV3Key::new("the-APIv3-key-to-come-of-32-byte")?;
    /// client.replace_api_v3_keys([new.clone(), old]);
    /// // A day later nothing is encrypted with the old one any more.
    /// client.replace_api_v3_keys([new]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace_api_v3_keys(&self, keys: impl IntoIterator<Item = ApiV3Key>) {
        self.context.keys.replace_api_v3_keys(keys.into_iter().collect());
    }

    /// Downloads the platform certificates now, unless that was done a moment ago. Call it at the start of a program,
    /// so that the first call does not wait for it.
    ///
    /// Does nothing for a client without [`platform_certificates`](crate::ClientBuilder::platform_certificates).
    ///
    /// ```
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let client = gateway.client()?;
    /// client.refresh_certificates().await?;
    /// assert_eq!(gateway.requests_to("/v3/certificates").len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the download fails or its verification fails. The present certificates stay.
    pub async fn refresh_certificates(&self) -> Result<(), Error> {
        self.context
            .refresh_certificates()
            .await
            .map_err(|error| error.to_error())
    }

    /// Downloads the platform certificates whenever it is time, and ends within a minute after the last clone of the
    /// client is gone. At once for a client that downloads none.
    ///
    /// Without it certificates are downloaded too, in the background of a call when it is time, and when a response
    /// names one that is not known; only then does that call wait. This is for programs that call seldom and must not
    /// wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// let client = gateway.client()?;
    /// tokio::spawn(client.keep_certificates_fresh());
    /// // The first download follows at once, without a call.
    /// while gateway.requests_to("/v3/certificates").is_empty() {
    ///     tokio::time::sleep(Duration::from_millis(5)).await;
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use = "nothing is downloaded until the future is spawned"]
    pub fn keep_certificates_fresh(&self) -> impl Future<Output = ()> + Send + use<> {
        let client = Arc::downgrade(&self.context);
        async move {
            while let Some(context) = client.upgrade() {
                match context.keys.due(Instant::now().into_std()) {
                    None => return,
                    // A failure is logged where it happens, and the next time is later then.
                    Some(Duration::ZERO) => drop(context.keys.refresh(&context).await),
                    Some(due) => {
                        drop(context);
                        sleep(due.min(LONGEST_NAP)).await;
                    }
                }
            }
        }
    }
}
