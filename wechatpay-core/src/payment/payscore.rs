//! The pages of 支付分 (pay score), which are signed with the APIv2 key by HMAC-SHA256 and not with the merchant's
//! private key.

use crate::{
    client::Client,
    error::{Error, ErrorKind},
    request::prepare::wire::percent,
    signature::unix_seconds,
    support::{digest::to_hex, nonce::Nonce},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use sha2::Sha256;
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroizing;

/// The APIv2 key (APIv2密钥): 32 bytes, set on the merchant platform (商户平台). Only 支付分 needs it here.
///
/// `Debug` hides it, and its memory is wiped when it is dropped.
///
/// ```
/// use wechatpay_core::payment::ApiV2Key;
///
/// let key = ApiV2Key::new("0123456789abcdef0123456789abcdef")?;
/// assert_eq!(format!("{key:?}"), "ApiV2Key([redacted])");
/// assert!(ApiV2Key::new("too short").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ApiV2Key(Zeroizing<String>);

impl ApiV2Key {
    /// Takes the key's 32 characters.
    ///
    /// # Errors
    /// When it does not have 32 bytes, as a key with a space or a line end has.
    pub fn new(key: impl Into<String>) -> Result<Self, ApiV2KeyLength> {
        let key = Zeroizing::new(key.into());
        if key.len() == 32 {
            Ok(Self(key))
        } else {
            Err(ApiV2KeyLength { bytes: key.len() })
        }
    }
}

impl fmt::Debug for ApiV2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV2Key([redacted])")
    }
}

/// An APIv2 key does not have 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiV2KeyLength {
    /// How many it has.
    pub bytes: usize,
}

impl fmt::Display for ApiV2KeyLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the APIv2 key has {} bytes, it must have 32: look for spaces, line ends or quotes",
            self.bytes
        )
    }
}

impl std::error::Error for ApiV2KeyLength {}

/// The parameters of a page of 支付分: `wx.openBusinessView(..)` in a mini program, `openBusinessView` of the JS-SDK,
/// `WXOpenBusinessView` in an app. Made by [`Client::payscore_confirm_parameters`] and
/// [`Client::payscore_detail_parameters`].
///
/// As JSON it is the object `extraData` of a mini program. Pages and apps take [`query_string`](Self::query_string).
///
/// ```
/// use wechatpay_core::payment::ApiV2Key;
/// use wechatpay_gateway::Gateway;
///
/// let client = Gateway::start()?.client()?;
/// let key = ApiV2Key::new("0123456789abcdef0123456789abcdef")?;
///
/// let confirm = client.payscore_confirm_parameters(&key, "DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we")?;
/// assert_eq!(confirm.business_type(), "wxpayScoreUse");
/// assert_eq!(serde_json::to_value(&confirm)?["sign_type"], "HMAC-SHA256");
///
/// let detail = client.payscore_detail_parameters(&key, "88888888000011", "1234323JKHDFE1243252")?;
/// assert_eq!(detail.business_type(), "wxpayScoreDetail");
/// assert!(detail.query_string().contains("out_order_no=1234323JKHDFE1243252"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PayscoreParameters {
    business_type: &'static str,
    /// In the order in which they are signed.
    fields: BTreeMap<&'static str, String>,
}

impl PayscoreParameters {
    /// The `businessType` of the page.
    #[must_use]
    pub fn business_type(&self) -> &'static str {
        self.business_type
    }

    /// The parameters as `key=value&key=value`, percent-encoded: the `queryString` of the JS-SDK, the `query` of an
    /// app.
    #[must_use]
    pub fn query_string(&self) -> String {
        let mut query = String::new();
        for (name, value) in &self.fields {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            query.push_str(&percent::encoded(value));
        }
        query
    }
}

impl Serialize for PayscoreParameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Without the signature: with it the page can be opened in the payer's name.
impl fmt::Debug for PayscoreParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayscoreParameters")
            .field("business_type", &self.business_type)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// As [`PayscoreParameters`] shows, signs the parameters of the page on which the payer confirms a 支付分 order
    /// (`wxpayScoreUse`). `package` comes from the response of 创建支付分订单.
    ///
    /// # Errors
    /// When `package` is empty or holds white space, and when the clock or the random source fails.
    pub fn payscore_confirm_parameters(&self, key: &ApiV2Key, package: &str) -> Result<PayscoreParameters, Error> {
        self.payscore(key, "wxpayScoreUse", [("package", package)])
    }

    /// As [`PayscoreParameters`] shows, signs the parameters of the page that shows a 支付分 order (`wxpayScoreDetail`).
    ///
    /// # Errors
    /// When an argument is empty or holds white space, and when the clock or the random source fails.
    pub fn payscore_detail_parameters(
        &self,
        key: &ApiV2Key,
        service_id: &str,
        out_order_no: &str,
    ) -> Result<PayscoreParameters, Error> {
        let fields = [("service_id", service_id), ("out_order_no", out_order_no)];
        self.payscore(key, "wxpayScoreDetail", fields)
    }

    fn payscore<const N: usize>(
        &self,
        key: &ApiV2Key,
        business_type: &'static str,
        fields: [(&'static str, &str); N],
    ) -> Result<PayscoreParameters, Error> {
        for (name, value) in fields {
            super::parameters::check(name, value)?;
        }
        let mut random = [0; 16];
        self.context.system.random(&mut random).map_err(|error| {
            let reason = (
                "the random source failed, so there is no signature",
                "无法获取随机数，因此没有签名",
            );
            Error::local(ErrorKind::System, reason).because(error)
        })?;
        let timestamp = unix_seconds(self.context.system.now()).ok_or_else(|| {
            Error::local(
                ErrorKind::System,
                (
                    "this machine's clock is before 1970; set it",
                    "本机时间早于 1970 年，请校准",
                ),
            )
        })?;
        let mut fields: BTreeMap<_, _> = fields.map(|(name, value)| (name, value.to_owned())).into();
        fields.insert("mch_id", self.mchid().to_owned());
        fields.insert("timestamp", timestamp.to_string());
        fields.insert("nonce_str", Nonce::new(random).to_string());
        fields.insert("sign_type", "HMAC-SHA256".to_owned());
        let sign = sign(key, &fields)?;
        fields.insert("sign", sign);
        Ok(PayscoreParameters { business_type, fields })
    }
}

/// The signature of APIv2: the parameters in the order of their names, then the key; HMAC-SHA256 in upper-case hex.
fn sign(key: &ApiV2Key, fields: &BTreeMap<&'static str, String>) -> Result<String, Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).map_err(|_| {
        Error::local(
            ErrorKind::Key,
            (
                "the APIv2 key cannot be used for HMAC-SHA256",
                "APIv2密钥 无法用于 HMAC-SHA256",
            ),
        )
    })?;
    for (name, value) in fields {
        for part in [name, "=", value, "&"] {
            mac.update(part.as_bytes());
        }
    }
    mac.update(b"key=");
    mac.update(key.0.as_bytes());
    Ok(to_hex(&mac.finalize().into_bytes()).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signature was made by OpenSSL:
    /// `printf %s "$text" | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef`, where `$text` is the sorted
    /// parameters followed by `&key=0123456789abcdef0123456789abcdef`.
    #[test]
    fn u19_the_signature_is_the_one_that_openssl_makes() {
        let key = ApiV2Key::new("0123456789abcdef0123456789abcdef").unwrap();
        let fields = BTreeMap::from(
            [
                ("mch_id", "1230000109"),
                ("service_id", "88888888000011"),
                ("out_order_no", "1234323JKHDFE1243252"),
                ("timestamp", "1530097563"),
                ("nonce_str", "zyx53Nkey8o4bHpxTQvd8m7e92nG5mG2"),
                ("sign_type", "HMAC-SHA256"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        assert_eq!(
            sign(&key, &fields).unwrap(),
            "C9CDCF2A4ECC5AB518B07294D07D19708AF0D21A9364DDA3B8167885DBCDBC8F"
        );
    }

    #[test]
    fn s9_debug_shows_no_signature() {
        let parameters = PayscoreParameters {
            business_type: "wxpayScoreUse",
            fields: BTreeMap::from([("sign", "029B52F6".to_owned())]),
        };
        assert!(!format!("{parameters:?}").contains("029B52F6"));
        assert_eq!(parameters.query_string(), "sign=029B52F6");
    }
}
