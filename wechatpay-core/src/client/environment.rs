//! A client from environment variables.

use super::{Client, ClientBuilder, builder::unusable_key};
use crate::{
    error::{Error, ErrorKind},
    keys::PublicKey,
    support::language::{Text, text},
};
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
    /// assert!(error.to_string().contains("WECHATPAY_PRIVATE_KEY"));
    /// # }
    /// ```
    ///
    /// # Errors
    /// When a variable that is needed is missing, or a key cannot be read; the error names every variable that is missing.
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
    /// assert!(client().is_err_and(|error| error.to_string().contains("WECHATPAY_PRIVATE_KEY")));
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(refused(text!(
                "the environment variable {name} is not UTF-8",
                "环境变量 {name} 不是 UTF-8"
            ))),
        })
    }

    fn from_lookup(lookup: impl Fn(&'static str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let optional = |name| Ok::<_, Error>(lookup(name)?.filter(|value| !value.trim().is_empty()));
        let api_v3_key = optional(API_V3_KEY)?.map(Zeroizing::new);
        let mut needed = vec![MCHID, SERIAL_NO, PRIVATE_KEY];
        // Without a public key the platform certificates are downloaded and decrypted with the APIv3 key.
        if api_v3_key.is_none() || optional(PUBLIC_KEY)?.is_some() || optional(PUBLIC_KEY_ID)?.is_some() {
            needed.extend([PUBLIC_KEY_ID, PUBLIC_KEY]);
        }
        let mut missing = Vec::new();
        for name in needed {
            if optional(name)?.is_none() {
                missing.push(name);
            }
        }
        if !missing.is_empty() {
            return Err(not_set(&missing));
        }

        let needed = |name| optional(name)?.ok_or_else(|| not_set(&[name]));
        let private_key = pem(PRIVATE_KEY, needed(PRIVATE_KEY)?)?;
        let mut builder =
            Client::builder().merchant_pem_of(needed(MCHID)?, needed(SERIAL_NO)?, &private_key, Some(PRIVATE_KEY));
        if let Some(value) = optional(PUBLIC_KEY)? {
            let key = PublicKey::from_pem(&*pem(PUBLIC_KEY, value)?)
                .map_err(|error| refused(unusable_key(PUBLIC_KEY, &error)))?;
            builder = builder.wechatpay_public_key(needed(PUBLIC_KEY_ID)?, key);
        } else {
            builder = builder.platform_certificates();
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

/// The PEM text of a key: the value itself, or what is in the file that it names.
fn pem(name: &'static str, value: String) -> Result<Zeroizing<Vec<u8>>, Error> {
    let value = Zeroizing::new(value);
    if value.contains("-----BEGIN") {
        return Ok(Zeroizing::new(value.as_bytes().to_vec()));
    }
    let path = value.trim();
    match std::fs::read(path) {
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        // The value may be a key that was pasted without its first line, so it is not shown.
        Err(error) => Err(refused(text!(
            "the environment variable {name} holds no PEM text, and the file that it names cannot be read",
            "环境变量 {name} 不是 PEM 文本，按文件路径读取也失败"
        ))
        .because(error)),
    }
}

/// Names all missing variables at once.
fn not_set(missing: &[&'static str]) -> Error {
    let (names, chinese_names) = (missing.join(", "), missing.join("、"));
    let text = match missing {
        [one] => text!("the environment variable {one} is not set", "没有设置环境变量 {one}"),
        _ => text!(
            "these environment variables are not set: {names}",
            "没有设置这些环境变量：{chinese_names}"
        ),
    };
    let error = refused(text);
    if !missing.contains(&PUBLIC_KEY) {
        return error;
    }
    let hint = Text::from((
        "for a merchant with platform certificates set WECHATPAY_API_V3_KEY instead of the public key and its id",
        "仍在使用平台证书的商户，请设置 WECHATPAY_API_V3_KEY，不必设置公钥及其 ID",
    ));
    error.with(|inner| inner.hint = Some(hint.into()))
}

fn refused(reason: Text) -> Error {
    Error::local(ErrorKind::Configuration, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const MERCHANT_KEY: &str = include_str!("../../tests/keys/second_pkcs8.pem");
    const WECHATPAY_KEY: &str = include_str!("../../tests/keys/spki.pem");

    fn all() -> HashMap<&'static str, String> {
        HashMap::from([
            (MCHID, "1900000001".to_owned()),
            (SERIAL_NO, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned()),
            (PRIVATE_KEY, MERCHANT_KEY.to_owned()),
            (
                PUBLIC_KEY_ID,
                "PUB_KEY_ID_0119000001002024101500000000000001".to_owned(),
            ),
            (PUBLIC_KEY, WECHATPAY_KEY.to_owned()),
            (API_V3_KEY, "0123456789abcdef0123456789ABCDEF".to_owned()),
        ])
    }

    fn without<const N: usize>(names: [&str; N]) -> Result<Client, String> {
        let mut variables = all();
        variables.retain(|name, _| !names.contains(name));
        read(&variables)
    }

    fn read(variables: &HashMap<&'static str, String>) -> Result<Client, String> {
        ClientBuilder::from_lookup(|name| Ok(variables.get(name).cloned()))
            .and_then(ClientBuilder::<Client>::build)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_client_is_made_of_the_variables_with_a_public_key_or_with_certificates() {
        assert!(without([]).is_ok());
        assert!(without([API_V3_KEY]).is_ok());
        assert!(without([PUBLIC_KEY, PUBLIC_KEY_ID]).is_ok());
    }

    #[test]
    fn all_variables_that_are_missing_are_named_at_once() {
        let error = without([MCHID, SERIAL_NO, PRIVATE_KEY, PUBLIC_KEY_ID, PUBLIC_KEY, API_V3_KEY]).unwrap_err();
        for name in [MCHID, SERIAL_NO, PRIVATE_KEY, PUBLIC_KEY_ID, PUBLIC_KEY, API_V3_KEY] {
            assert!(error.contains(name), "{name}: {error}");
        }
        let error = without([SERIAL_NO]).unwrap_err();
        assert!(
            error == "the environment variable WECHATPAY_SERIAL_NO is not set",
            "{error}"
        );
    }

    #[test]
    fn a_public_key_and_its_id_belong_together() {
        assert!(
            without([PUBLIC_KEY])
                .unwrap_err()
                .contains("WECHATPAY_PUBLIC_KEY is not set")
        );
        assert!(
            without([PUBLIC_KEY_ID])
                .unwrap_err()
                .contains("WECHATPAY_PUBLIC_KEY_ID is not set")
        );
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let mut variables = all();
        variables.insert(MCHID, " ".to_owned());
        assert!(read(&variables).unwrap_err().contains("WECHATPAY_MCHID is not set"));
    }

    #[test]
    fn u12_a_key_is_read_from_the_file_that_is_named_or_the_operating_system_says_why_not() {
        let place = std::env::temp_dir().join(format!("wechatpay-environment-{}.pem", std::process::id()));
        std::fs::write(&place, MERCHANT_KEY).unwrap();
        let mut variables = all();
        variables.insert(PRIVATE_KEY, place.display().to_string());
        let read_from_file = read(&variables);
        std::fs::remove_file(&place).unwrap();
        assert!(read_from_file.is_ok());
        let error = read(&variables).unwrap_err();
        assert!(
            error.contains(
                "WECHATPAY_PRIVATE_KEY holds no PEM text, and the file that it names cannot be read: No such file"
            ),
            "{error}"
        );
    }

    #[test]
    fn u12_a_pkcs12_file_is_recognised_and_its_conversion_named() {
        let place = std::env::temp_dir().join(format!("wechatpay-environment-{}.bin", std::process::id()));
        // The beginning of every PKCS#12 file, under whatever name.
        std::fs::write(&place, [0x30, 0x82, 0x0a, 0x10, 0x02, 0x01, 0x03, 0x30, 0x82]).unwrap();
        let mut variables = all();
        variables.insert(PRIVATE_KEY, place.display().to_string());
        let error = read(&variables).unwrap_err();
        std::fs::remove_file(&place).unwrap();
        assert!(
            error.contains("WECHATPAY_PRIVATE_KEY") && error.contains("openssl pkcs12 -in apiclient_cert.p12"),
            "{error}"
        );
    }

    #[test]
    fn a_key_that_cannot_be_used_is_not_shown() {
        let mut variables = all();
        let broken = MERCHANT_KEY.replace('A', "");
        variables.insert(PRIVATE_KEY, broken.clone());
        let error = read(&variables).unwrap_err();
        assert!(error.contains("WECHATPAY_PRIVATE_KEY gives no usable key"), "{error}");
        let secret = broken.lines().nth(1).unwrap();
        assert!(!error.contains(secret), "{error}");
    }
}
