//! Payment parameters (调起支付参数) that are signed with the merchant's private key.

use crate::{
    client::Client,
    context::Context,
    crypto::Suite,
    error::{Error, ErrorKind},
    signature::unix_seconds,
    signer::Signer,
    support::{debug::Redacted, language::text, nonce::Nonce},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use std::{fmt, sync::Arc};

/// The arguments of `WeixinJSBridge.invoke('getBrandWCPayRequest', ..)` on a page (JSAPI支付) and of
/// `wx.requestPayment(..)` in a mini program (小程序支付). Made by [`Client::jsapi_payment_parameters`].
///
/// Its JSON is what the front end passes on, with these very names.
///
/// ```
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Gateway::start()?.client()?;
/// let parameters = client.jsapi_payment_parameters("wxd678efh567hg6787", "wx1").await?;
/// assert_eq!((parameters.package.as_str(), parameters.sign_type), ("prepay_id=wx1", "RSA"));
/// let for_the_front_end = serde_json::to_value(&parameters)?;
/// assert_eq!(for_the_front_end["paySign"], parameters.pay_sign);
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JsapiPaymentParameters {
    /// The app (应用ID). A mini program does without it; it does no harm there.
    pub app_id: String,
    /// Seconds since 1970, as text (时间戳).
    pub time_stamp: String,
    /// A random text (随机字符串).
    pub nonce_str: String,
    /// `prepay_id=` and the id (订单详情扩展字符串).
    pub package: String,
    /// `RSA` (签名方式).
    pub sign_type: &'static str,
    /// The signature (签名), in base64.
    pub pay_sign: String,
}

/// The fields of the request that an app hands to the WeChat SDK (App支付). Made by
/// [`Client::app_payment_parameters`].
///
/// Its JSON is what the app passes on, with these very names.
///
/// ```
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let parameters = gateway.client()?.app_payment_parameters("wxd678efh567hg6787", "wx1").await?;
/// let for_the_app = serde_json::to_value(&parameters)?;
/// assert_eq!((&for_the_app["prepayid"], &for_the_app["package"]), (&"wx1".into(), &"Sign=WXPay".into()));
/// assert_eq!(for_the_app["partnerid"], gateway.mchid());
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppPaymentParameters {
    /// The app (应用ID).
    pub appid: String,
    /// The merchant (商户号): the client's. The signature does not cover it, so a service provider (服务商) puts the
    /// sub-merchant's number here.
    pub partnerid: String,
    /// The prepayment (预支付交易会话ID).
    pub prepayid: String,
    /// `Sign=WXPay` (订单详情扩展字符串).
    pub package: &'static str,
    /// A random text (随机字符串).
    pub noncestr: String,
    /// Seconds since 1970, as text (时间戳).
    pub timestamp: String,
    /// The signature (签名), in base64.
    pub sign: String,
}

/// The general four-line signature, for what has no type here. Made by [`Client::sign_payment`].
///
/// ```
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Gateway::start()?.client()?;
/// let signed = client.sign_payment("wxd678efh567hg6787", "prepay_id=wx1").await?;
/// assert_eq!((signed.nonce_str.len(), signed.signature.len()), (32, 344));
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentSignature {
    /// Seconds since 1970, as it was signed.
    pub timestamp: String,
    /// The random text, as it was signed.
    pub nonce_str: String,
    /// The signature in base64.
    pub signature: String,
}

/// Without the signature: with it the payment can be started.
impl fmt::Debug for JsapiPaymentParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsapiPaymentParameters")
            .field("app_id", &self.app_id)
            .field("time_stamp", &self.time_stamp)
            .field("package", &self.package)
            .field("pay_sign", &Redacted)
            .finish_non_exhaustive()
    }
}

/// Without the signature: with it the payment can be started.
impl fmt::Debug for AppPaymentParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppPaymentParameters")
            .field("appid", &self.appid)
            .field("partnerid", &self.partnerid)
            .field("prepayid", &self.prepayid)
            .field("timestamp", &self.timestamp)
            .field("sign", &Redacted)
            .finish_non_exhaustive()
    }
}

/// Without the signature.
impl fmt::Debug for PaymentSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentSignature")
            .field("timestamp", &self.timestamp)
            .field("signature", &Redacted)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Signs the payment parameters of a page or a mini program. `appid` is the app that the order was placed
    /// with (a sub-merchant's `sub_appid`, if it was placed with that), `prepay_id` what placing it returned.
    ///
    /// The parameters are valid for as long as the `prepay_id` is: two hours.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Gateway::start()?.client()?;
    /// let parameters = client.jsapi_payment_parameters("wxd678efh567hg6787", "wx1").await?;
    /// let for_the_front_end = serde_json::to_string(&parameters)?;
    /// assert!(for_the_front_end.contains(r#""package":"prepay_id=wx1""#));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When an argument is empty or holds white space, and when the signer or the random source fails.
    #[doc(alias = "mini program")]
    #[doc(alias = "requestPayment")]
    pub async fn jsapi_payment_parameters(
        &self,
        appid: &str,
        prepay_id: &str,
    ) -> Result<JsapiPaymentParameters, Error> {
        check("prepay_id", prepay_id)?;
        let package = format!("prepay_id={prepay_id}");
        let signed = self.sign_payment(appid, &package).await?;
        Ok(JsapiPaymentParameters {
            app_id: appid.to_owned(),
            time_stamp: signed.timestamp,
            nonce_str: signed.nonce_str,
            package,
            sign_type: "RSA",
            pay_sign: signed.signature,
        })
    }

    /// Signs the payment parameters of an app, from the app's id and the `prepay_id` of the placed order.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Gateway::start()?.client()?;
    /// let mut parameters = client.app_payment_parameters("wxd678efh567hg6787", "wx1").await?;
    /// // A service provider names the sub-merchant that is paid.
    /// parameters.partnerid = "1900000109".into();
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`jsapi_payment_parameters`](Self::jsapi_payment_parameters).
    pub async fn app_payment_parameters(&self, appid: &str, prepay_id: &str) -> Result<AppPaymentParameters, Error> {
        check("prepay_id", prepay_id)?;
        let signed = self.sign_payment(appid, prepay_id).await?;
        Ok(AppPaymentParameters {
            appid: appid.to_owned(),
            partnerid: self.mchid().to_owned(),
            prepayid: prepay_id.to_owned(),
            package: "Sign=WXPay",
            noncestr: signed.nonce_str,
            timestamp: signed.timestamp,
            sign: signed.signature,
        })
    }

    /// Signs four lines: the app's id, the time, a random text, and `last`, which differs from product to product.
    ///
    /// ```
    /// use base64::{Engine as _, engine::general_purpose::STANDARD};
    /// use wechatpay_core::{PrivateKey, PublicKey};
    /// use wechatpay_gateway::Gateway;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let signed = gateway.client()?.sign_payment("wxd678efh567hg6787", "prepay_id=wx1").await?;
    ///
    /// let message = format!("wxd678efh567hg6787\n{}\n{}\nprepay_id=wx1\n", signed.timestamp, signed.nonce_str);
    /// let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
    /// let public_key = PublicKey::from_der(&key.public_key_der())?;
    /// assert!(public_key.verify(message.as_bytes(), &STANDARD.decode(signed.signature)?));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When an argument is empty or holds white space, when the signer or the random source fails, and for a client with an
    /// SM2 key (国密) that has no [`payment_key`](crate::ClientBuilder::payment_key).
    pub async fn sign_payment(&self, appid: &str, last: &str) -> Result<PaymentSignature, Error> {
        check("appid", appid)?;
        check("last line", last)?;
        let context = &self.context;
        let signer = signer(context)?;
        let mut random = [0; 16];
        context.system.random(&mut random).map_err(|error| {
            let reason = (
                "the random source failed, so there is no signature",
                "无法获取随机数，因此没有签名",
            );
            Error::local(ErrorKind::System, reason).because(error)
        })?;
        let nonce_str = Nonce::new(random).to_string();
        let timestamp = unix_seconds(context.system.now())
            .ok_or_else(|| {
                Error::local(
                    ErrorKind::System,
                    (
                        "this machine's clock is before 1970; set it",
                        "本机时间早于 1970 年，请校准",
                    ),
                )
            })?
            .to_string();
        let message = format!("{appid}\n{timestamp}\n{nonce_str}\n{last}\n");
        let signature = signer.sign(message.as_bytes()).await.map_err(|error| {
            Error::local(ErrorKind::Signing, ("the request cannot be signed", "签名失败")).because(error)
        })?;
        Ok(PaymentSignature {
            timestamp,
            nonce_str,
            signature: STANDARD.encode(signature),
        })
    }
}

/// Who signs: the documentation of every kind of payment says of `signType` that it is `RSA` and nothing else.
fn signer(context: &Context) -> Result<&Arc<dyn Signer>, Error> {
    match (&context.payment_signer, context.identity.suite()) {
        (Some(signer), _) => Ok(signer),
        (None, Suite::Rsa) => Ok(&context.signer),
        (None, Suite::Shangmi) => Err(Error::local(
            ErrorKind::Configuration,
            (
                "payment parameters are signed with RSA only (signType is RSA), and this client has an SM2 key; give it the \
                 merchant's RSA key too, with `payment_key(..)`",
                "调起支付只支持 RSA 签名（signType 为 RSA），而该客户端使用 SM2 私钥；请用 `payment_key(..)` 另外配置商户的 RSA 私钥",
            ),
        )),
    }
}

/// A value that is empty or has a line break would be signed as another message than the one that is meant.
pub(super) fn check(what: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() || value.contains(char::is_whitespace) {
        return Err(Error::local(
            ErrorKind::Request,
            text!("the {what} is empty or holds white space", "{what} 为空或含有空白字符"),
        )
        .with(|inner| inner.field = Some(what.to_owned())));
    }
    Ok(())
}
