//! One message in English and in Chinese.

use crate::support::language::{Language, Speak, Text};
use std::fmt;

/// One message in English and in Chinese: a hint, or why a notification does not fit.
///
/// ```
/// use wechatpay_core::{Method, error::Message};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/pay/transactions/jsapi", |_| GatewayResponse::error(403, "NO_AUTH", "没有权限"));
/// let error = gateway.client()?.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// let hint: &Message = error.hint().unwrap();
/// assert!(hint.english().contains("permission") && hint.chinese().contains("权限"));
/// assert_eq!(hint.to_string(), hint.english());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(Text);

impl Message {
    /// The message in English, as [`Display`](fmt::Display) shows it.
    #[must_use]
    pub fn english(&self) -> &str {
        self.0.get(Language::English)
    }

    /// The message in Chinese.
    #[must_use]
    pub fn chinese(&self) -> &str {
        self.0.get(Language::Chinese)
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self(text)
    }
}

impl Speak for Message {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        self.0.speak(f, language)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}
