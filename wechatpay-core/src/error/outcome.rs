//! What an error proves about the operation.

use crate::support::language::{Language, Speak};
use std::fmt;

/// What an error proves about the operation. Look at this first: money moves.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, Outcome};
/// use wechatpay_gateway::{Fault, Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| GatewayResponse::error(403, "NOT_ENOUGH", "余额不足"));
/// let client = gateway.client()?;
/// let refund = json!({ "out_refund_no": "R-1" });
/// let ask = || client.request(Method::POST, "/v3/refund/domestic/refunds").json(&refund).send();
///
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::Rejected);
/// // The refund may have been made before the connection broke.
/// gateway.misbehave(Fault::Reset { committed: true });
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::Unknown);
/// gateway.host().go_down();
/// assert_eq!(ask().await.unwrap_err().outcome(), Outcome::NotSent);
/// let wrong = client.request(Method::POST, "no path").send().await.unwrap_err();
/// assert_eq!(wrong.outcome(), Outcome::Local);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Refused by this library, for example because of a bad field or a missing key. Nothing was sent.
    Local,
    /// Proved not to have reached the server: DNS, connect, TLS. Nothing happened.
    NotSent,
    /// May have been executed. Query by the business number (商户单号) before you retry, and retry only with the same
    /// number and the same parameters.
    Unknown,
    /// WeChat Pay refused, and its signature proves it. Nothing happened.
    Rejected,
}

impl Outcome {
    /// The outcome in Chinese, as [`Error::chinese`](crate::error::Error::chinese) shows it.
    ///
    /// ```
    /// use wechatpay_core::Outcome;
    ///
    /// assert_eq!(Outcome::Local.to_string(), "refused locally, nothing was sent");
    /// assert_eq!(Outcome::Local.chinese(), "本地拒绝，请求未发送");
    /// ```
    #[must_use]
    pub fn chinese(self) -> &'static str {
        self.labels().1
    }

    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Local => ("refused locally, nothing was sent", "本地拒绝，请求未发送"),
            Self::NotSent => ("did not reach the server", "未到达服务器"),
            Self::Unknown => ("outcome unknown", "结果未知"),
            Self::Rejected => ("rejected by WeChat Pay", "微信支付已拒绝"),
        }
    }
}

impl Speak for Outcome {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let (english, chinese) = self.labels();
        f.write_str(match language {
            Language::English => english,
            Language::Chinese => chinese,
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}
