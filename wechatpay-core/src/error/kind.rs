//! What went wrong, in one word.

use std::fmt;

/// What went wrong, in one word.
///
/// ```
/// use wechatpay_core::{ErrorKind, Method};
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| ()).misbehave(Fault::WrongKey);
/// let refund = gateway.client()?.request(Method::POST, "/v3/refund/domestic/refunds").send().await;
/// let reaction = match refund.unwrap_err().kind() {
///     ErrorKind::Unverified => "not from WeChat Pay",
///     ErrorKind::Service => "the service refuses",
///     _ => "look at the log",
/// };
/// assert_eq!(reaction, "not from WeChat Pay");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's configuration.
    Configuration,
    /// A value of the request.
    Request,
    /// No key for what was to be done.
    Key,
    /// The signer failed.
    Signing,
    /// The clock or the random source failed.
    System,
    /// The program could not write down what it was about to send; see [`Settle::record`](crate::settle::Settle::record).
    NotRecorded,
    /// No connection: DNS, refused, TLS.
    Connect,
    /// The connection broke after the first byte of the request may have left.
    Interrupted,
    /// The time limit of the attempt or of the call was reached.
    Timeout,
    /// The response is larger than allowed.
    TooLarge,
    /// The signature of the response is missing or wrong: it is not what WeChat Pay sent.
    Unverified,
    /// The response is authentic but cannot be decoded into the response type.
    Undecodable,
    /// The response is authentic but is about another order than the request.
    Mismatched,
    /// The server accepted the request and has no result yet (status 202).
    NotFinal,
    /// The server responded with an error.
    Service,
}

impl ErrorKind {
    /// The name of the kind: what the log calls `error.type`.
    ///
    /// ```
    /// use wechatpay_core::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::NotFinal.name(), "NotFinal");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::Request => "Request",
            Self::Key => "Key",
            Self::Signing => "Signing",
            Self::System => "System",
            Self::NotRecorded => "NotRecorded",
            Self::Connect => "Connect",
            Self::Interrupted => "Interrupted",
            Self::Timeout => "Timeout",
            Self::TooLarge => "TooLarge",
            Self::Unverified => "Unverified",
            Self::Undecodable => "Undecodable",
            Self::Mismatched => "Mismatched",
            Self::NotFinal => "NotFinal",
            Self::Service => "Service",
        }
    }

    /// The kind in Chinese.
    ///
    /// ```
    /// use wechatpay_core::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::Unverified.to_string(), "unverified");
    /// assert_eq!(ErrorKind::Unverified.chinese(), "验签失败");
    /// ```
    #[must_use]
    pub fn chinese(self) -> &'static str {
        self.labels().1
    }

    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Configuration => ("configuration", "配置"),
            Self::Request => ("request value", "请求参数"),
            Self::Key => ("key", "密钥"),
            Self::Signing => ("signing", "签名"),
            Self::System => ("system", "系统"),
            Self::NotRecorded => ("not recorded", "未能记录"),
            Self::Connect => ("no connection", "无法连接"),
            Self::Interrupted => ("interrupted", "连接中断"),
            Self::Timeout => ("timeout", "超时"),
            Self::TooLarge => ("too large", "应答过大"),
            Self::Unverified => ("unverified", "验签失败"),
            Self::Undecodable => ("undecodable", "应答无法解析"),
            Self::Mismatched => ("mismatched", "应答与请求不符"),
            Self::NotFinal => ("not final", "尚无最终结果"),
            Self::Service => ("service error", "服务端返回错误"),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.labels().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Outcome;

    #[test]
    fn each_kind_and_outcome_has_a_label_in_both_languages() {
        use ErrorKind::*;
        let kinds = [
            Configuration,
            Request,
            Key,
            Signing,
            System,
            NotRecorded,
            Connect,
            Interrupted,
            Timeout,
            TooLarge,
            Unverified,
            Undecodable,
            Mismatched,
            NotFinal,
            Service,
        ];
        let outcomes = [Outcome::Local, Outcome::NotSent, Outcome::Unknown, Outcome::Rejected];
        for kind in kinds {
            assert_eq!(kind.name(), format!("{kind:?}"));
        }
        let labels = kinds.map(|kind| (kind.to_string(), kind.chinese()));
        for (english, chinese) in labels
            .into_iter()
            .chain(outcomes.map(|outcome| (outcome.to_string(), outcome.chinese())))
        {
            assert!(english.is_ascii() && !english.is_empty(), "{english}");
            assert!(
                chinese
                    .chars()
                    .any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character)),
                "{chinese}"
            );
        }
    }
}
