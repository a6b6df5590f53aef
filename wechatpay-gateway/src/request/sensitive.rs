//! Decryption of the sensitive fields (敏感信息) of a request.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    keys::PlatformKey,
    request::{
        field::{self, Field, Location},
        refusal::Refusal,
        sm2_ciphertext,
    },
};

/// The plaintexts of a request, by the path of the field.
pub(crate) type Plaintexts = BTreeMap<String, String>;

/// The length of a ciphertext of RSA in bytes. Every RSA key of the platform has 2048 bits.
const MODULUS: usize = 256;

/// Decrypts ciphertexts with the key that the request names.
pub(crate) struct Decryptor<'a> {
    /// `Wechatpay-Serial`, as it was sent.
    pub(crate) announced: Option<&'a str>,
    pub(crate) key: Option<&'a PlatformKey>,
    pub(crate) plaintexts: Plaintexts,
}

impl Decryptor<'_> {
    /// Replaces a ciphertext with its plaintext. Other strings stay unchanged.
    pub(crate) fn text(&mut self, path: &str, location: Location, text: &mut String) -> Result<(), Refusal> {
        let Some(ciphertext) = ciphertext(text) else {
            return Ok(());
        };
        if self.announced.is_none() {
            return Err(Refusal::param_error(
                "Http头缺少Wechatpay-Serial，请求中含有加密的敏感信息",
            ));
        }
        let Some(key) = self.key else {
            return Err(Refusal::param_error("平台证书序列号Wechatpay-Serial错误"));
        };
        let decrypted = key.private_key.decrypt(&ciphertext).ok();
        let Some(plaintext) = decrypted.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()) else {
            let field = Field {
                location,
                pointer: &field::pointer(path),
            };
            let issue = "the ciphertext cannot be decrypted with the key that Wechatpay-Serial names";
            return Err(field.refuse("平台私钥解密失败".to_owned(), issue, None));
        };
        self.plaintexts.insert(path.to_owned(), plaintext.clone());
        *text = plaintext;
        Ok(())
    }

    /// Does the same for every string of a JSON value. An explicit `null` is refused, as by the service.
    pub(crate) fn json(&mut self, path: &mut String, value: &mut Value) -> Result<(), Refusal> {
        let length = path.len();
        match value {
            Value::Null => {
                let field = Field {
                    location: Location::Body,
                    pointer: &field::pointer(path),
                };
                let issue = "an absent value must be left out, not sent as null";
                return Err(field.refuse("参数错误：不能为null".to_owned(), issue, Some(Value::Null)));
            }
            Value::String(text) => self.text(path, Location::Body, text)?,
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    path.push_str(&format!("[{index}]"));
                    self.json(path, item)?;
                    path.truncate(length);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.json(path, member)?;
                    path.truncate(length);
                }
            }
            Value::Bool(_) | Value::Number(_) => {}
        }
        Ok(())
    }
}

/// The decoded bytes, if the text has the form of a ciphertext.
fn ciphertext(text: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(text)
        .ok()
        .filter(|bytes| bytes.len() == MODULUS || sm2_ciphertext::is_one(bytes))
}
