//! The usual cause of an error, in both languages.

use crate::support::language::{Language, Speak, Text};
use std::fmt;

/// What usually causes an error like this, and what to do about it.
///
/// ```
/// use wechatpay_core::{Client, Method, StatusCode};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/pay/transactions/jsapi", |_| GatewayResponse::error(403, "NO_AUTH", "没有权限"));
/// let error = gateway.client()?.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// let hint = error.hint().unwrap();
/// assert!(hint.english().contains("permission") && hint.chinese().contains("权限"));
/// assert_eq!(hint.to_string(), hint.english());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(Text);

impl Hint {
    /// The hint in English, as [`Display`](fmt::Display) shows it.
    #[must_use]
    pub fn english(&self) -> &str {
        self.0.get(Language::English)
    }

    /// The hint in Chinese.
    #[must_use]
    pub fn chinese(&self) -> &str {
        self.0.get(Language::Chinese)
    }
}

impl From<Text> for Hint {
    fn from(text: Text) -> Self {
        Self(text)
    }
}

impl Speak for Hint {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        self.0.speak(f, language)
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}
