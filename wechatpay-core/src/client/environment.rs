//! A client from environment variables.

use super::{Client, ClientBuilder};
use crate::{Error, ErrorKind, PrivateKey, PublicKey, keys::KeyError};
use std::env::VarError;
use zeroize::Zeroizing;

const MCHID: &str = "WECHATPAY_MCHID";
const SERIAL_NO: &str = "WECHATPAY_SERIAL_NO";
const PRIVATE_KEY: &str = "WECHATPAY_PRIVATE_KEY";
const PUBLIC_KEY_ID: &str = "WECHATPAY_PUBLIC_KEY_ID";
const PUBLIC_KEY: &str = "WECHATPAY_PUBLIC_KEY";
const API_V3_KEY: &str = "WECHATPAY_API_V3_KEY";
const BASE_URL: &str = "WECHATPAY_BASE_URL";

impl Client {
    /// A client configured by environment variables.
    ///
    /// | Variable | Meaning |
    /// |---|---|
    /// | `WECHATPAY_MCHID` | merchant number (商户号) |
    /// | `WECHATPAY_SERIAL_NO` | serial number of the merchant's certificate (商户API证书序列号) |
    /// | `WECHATPAY_PRIVATE_KEY` | merchant's private key (商户API私钥): the PEM text, or the name of its file |
    /// | `WECHATPAY_PUBLIC_KEY_ID` | id of WeChat Pay's public key (微信支付公钥ID), `PUB_KEY_ID_…` |
    /// | `WECHATPAY_PUBLIC_KEY` | WeChat Pay's public key (微信支付公钥): the PEM text, or the name of its file |
    /// | `WECHATPAY_API_V3_KEY` | APIv3 key (APIv3密钥); optional beside a public key. Without one it downloads the platform certificates |
    /// | `WECHATPAY_BASE_URL` | optional; default `https://api.mch.weixin.qq.com` |
    ///
    /// ```
    /// use wechatpay_core::Client;
    ///
    /// # if std::env::var_os("WECHATPAY_PRIVATE_KEY").is_none() {
    /// // Where nothing is set, the error names what is missing.
    /// let error = Client::from_env().unwrap_err();
    /// assert!(error.to_string().contains("WECHATPAY_PRIVATE_KEY is not set"));
    /// # }
    /// ```
    ///
    /// # Errors
    /// When a variable that is needed is missing, or a key cannot be read; the error names the variable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// A builder filled by the variables of [`Client::from_env`], for settings beyond them.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::{Client, ClientBuilder, Error};
    ///
    /// fn client() -> Result<Client, Error> {
    ///     ClientBuilder::from_env()?.user_agent("my-shop/1.2").deadline(Duration::from_secs(10)).build()
    /// }
    /// # if std::env::var_os("WECHATPAY_PRIVATE_KEY").is_none() {
    /// assert!(client().is_err_and(|error| error.to_string().contains("WECHATPAY_PRIVATE_KEY is not set")));
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(refused(name, "is not UTF-8")),
        })
    }

    fn from_lookup(lookup: impl Fn(&'static str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let optional = |name| Ok::<_, Error>(lookup(name)?.filter(|value| !value.trim().is_empty()));
        let needed = |name| optional(name)?.ok_or_else(|| refused(name, "is not set"));
        let private_key = read_key(PRIVATE_KEY, needed(PRIVATE_KEY)?, |pem| PrivateKey::from_pem(pem))?;
        let mut builder = Client::builder().merchant(needed(MCHID)?, needed(SERIAL_NO)?, private_key);
        let public_key = optional(PUBLIC_KEY)?;
        let api_v3_key = optional(API_V3_KEY)?.map(Zeroizing::new);
        match (public_key, &api_v3_key) {
            (Some(pem), _) => {
                let key = read_key(PUBLIC_KEY, pem, |pem| PublicKey::from_pem(pem))?;
                builder = builder.wechatpay_public_key(needed(PUBLIC_KEY_ID)?, key);
            }
            (None, Some(_)) => builder = builder.platform_certificates(),
            (None, None) => {
                let why = "is not set, and neither is WECHATPAY_API_V3_KEY; one of them is needed to check answers";
                return Err(refused(PUBLIC_KEY, why));
            }
        }
        if let Some(key) = api_v3_key {
            builder = builder.api_v3_key(key.as_bytes());
        }
        if let Some(url) = optional(BASE_URL)? {
            builder = builder.base_url(url);
        }
        Ok(builder)
    }
}

/// Reads a key from the text itself, or from the file it names.
fn read_key<K>(name: &'static str, value: String, read: impl Fn(&[u8]) -> Result<K, KeyError>) -> Result<K, Error> {
    let value = Zeroizing::new(value);
    let text = if value.contains("-----BEGIN") {
        Zeroizing::new(value.as_bytes().to_vec())
    } else {
        let bytes = std::fs::read(value.trim()).map_err(|error| {
            refused(name, "is neither a PEM text nor the name of a file that can be read")
                .with(|inner| inner.source = Some(Box::new(error)))
        })?;
        Zeroizing::new(bytes)
    };
    read(&text).map_err(|error| refused(name, &format!("gives no usable key: {error}")))
}

fn refused(name: &'static str, why: &str) -> Error {
    Error::local(
        ErrorKind::Configuration,
        format!("the environment variable {name} {why}"),
    )
}
