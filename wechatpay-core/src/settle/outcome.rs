//! The three ways in which settling ends.

use crate::{
    error::Error,
    support::language::{In, Language, Speak, say},
};
use std::{fmt, time::Duration};

/// What became of a number. `C` is the response of the create operation, `Q` that of the query.
///
/// ```
/// use wechatpay_core::settle::Settled;
///
/// /// What the column `state` of the row becomes.
/// fn column<C, Q>(settled: &Settled<C, Q>) -> &'static str {
///     match settled {
///         Settled::Done(_) => "done",
///         Settled::NothingHappened(_) => "closed",
///         Settled::Open(_) => "open",
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "an open number has to be settled again"]
pub enum Settled<C, Q> {
    /// The query found a final state, and this is the response. The state can be a failure: look at it.
    Done(Q),
    /// Proved: no request with this number was executed or will be. The error says why: the service refused the request,
    /// it was not sent, or the query finds nothing and no request can be under way any more.
    ///
    /// Close the number only after [`Rejected`](crate::error::Outcome::Rejected). After `Local` or `NotSent` nothing was
    /// sent because something was in the way, for example the database or the network: settle the number again later.
    NothingHappened(Error),
    /// Neither is proved. The number stays as it is, and is settled again later.
    Open(Open<C, Q>),
}

/// A number that is not settled yet.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{Method, settle::{Settle, Settled, State, Why}};
/// # use wechatpay_core::wechatpay_endpoint;
/// use wechatpay_gateway::Gateway;
///
/// # #[wechatpay_endpoint(POST, "/v3/pay/transactions/native", idempotent)]
/// # struct Place { out_trade_no: String }
/// # #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
/// # struct Query { out_trade_no: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::POST, "/v3/pay/transactions/native", |_| json!({ "code_url": "weixin://wxpay/bizpayurl?pr=p4" }))
///     .on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |_| json!({ "trade_state": "NOTPAY" }));
/// let client = gateway.client()?;
///
/// let (place, query) = (Place { out_trade_no: "A-1".into() }, Query { out_trade_no: "A-1".into() });
/// let state = |order: &serde_json::Value| State::of_trade(order["trade_state"].as_str().unwrap_or_default());
/// let Settled::Open(open) = Settle::by(&client, &place, &query, state).await else {
///     return Err("nobody has paid yet".into());
/// };
/// // What the payer needs, and where the order stands.
/// assert_eq!(open.created.as_ref().map(|order| &order["code_url"]), Some(&json!("weixin://wxpay/bizpayurl?pr=p4")));
/// assert_eq!(open.found.as_ref().map(|order| &order["trade_state"]), Some(&json!("NOTPAY")));
/// assert!(matches!(open.why, Why::Waiting));
/// assert_eq!((open.look_again.as_secs(), open.chinese().to_string()), (60, "微信支付已受理，尚未到终态".to_owned()));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Open<C, Q> {
    /// Why it is open.
    pub why: Why,
    /// How long to wait before it is worth to settle it again.
    pub look_again: Duration,
    /// The response of the create operation, if it succeeded in this run: what the payer needs (`prepay_id`, `code_url`,
    /// `package_info`). For an order that an earlier run created, and that is not paid yet, send the create operation again:
    /// the same request gets it again (原单重入).
    pub created: Option<C>,
    /// The last response of the query, if there was one.
    pub found: Option<Q>,
}

/// Why a number is not settled.
///
/// ```
/// use wechatpay_core::settle::Why;
///
/// assert_eq!(Why::Waiting.to_string(), "the service has it, and it has not reached a final state");
/// assert_eq!(Why::Absent.chinese().to_string(), "已创建成功，但暂时查询不到");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Why {
    /// It exists, in a state that still changes. The payer has not paid, the bank has not responded.
    Waiting,
    /// The create operation succeeded, and the query does not find it yet.
    Absent,
    /// The query finds nothing, but an earlier request with this number may still be executed. The error is the last one.
    InDoubt(Error),
    /// A call failed, and this is its error.
    Failed(Error),
}

impl Why {
    /// The error, where there is one.
    ///
    /// ```
    /// use wechatpay_core::settle::Why;
    ///
    /// assert!(Why::Waiting.error().is_none());
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Waiting | Self::Absent => None,
            Self::InDoubt(error) | Self::Failed(error) => Some(error),
        }
    }

    /// The line that `Display` shows, in Chinese.
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for Why {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Waiting => say!(
                f,
                language,
                "the service has it, and it has not reached a final state",
                "微信支付已受理，尚未到终态"
            ),
            Self::Absent => say!(
                f,
                language,
                "it was created, and the query does not find it yet",
                "已创建成功，但暂时查询不到"
            ),
            Self::InDoubt(error) => {
                say!(
                    f,
                    language,
                    "an earlier request with this number may still be executed; last error: ",
                    "此前用该单号发出的请求仍可能执行；最近一次错误："
                )?;
                error.speak(f, language)
            }
            Self::Failed(error) => error.speak(f, language),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

impl<C, Q> Open<C, Q> {
    /// The line that `Display` shows, in Chinese.
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        self.why.chinese()
    }
}

impl<C, Q> fmt::Display for Open<C, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}
