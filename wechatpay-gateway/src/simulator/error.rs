//! Why the state could not be changed.

use std::fmt;

use crate::simulator::model::Subject;

/// Why a method of the simulator changed nothing. `Display` is one line in English; [`chinese`](Self::chinese) is the
/// same in Chinese.
///
/// ```
/// use wechatpay_gateway::{Gateway, StateError};
///
/// let gateway = Gateway::builder().simulate().start()?;
/// let error = gateway.pay("ORDER-0001").unwrap_err();
/// assert!(matches!(error, StateError::NotFound { .. }));
/// assert_eq!(error.to_string(), "there is no order `ORDER-0001`");
/// assert_eq!(error.chinese().to_string(), "没有订单 `ORDER-0001`");
///
/// // Without `simulate()` there is no state.
/// let error = Gateway::start()?.pay("ORDER-0001").unwrap_err();
/// assert!(error.to_string().contains("simulate()"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The gateway was started without [`GatewayBuilder::simulate`](crate::GatewayBuilder::simulate).
    NotSimulated,
    /// There is nothing with this number.
    NotFound {
        /// What kind of thing.
        kind: Subject,
        /// The number.
        number: String,
    },
    /// There is no notification with this id.
    NoDelivery {
        /// The id.
        id: String,
    },
    /// Its state does not allow this.
    WrongState {
        /// What kind of thing.
        kind: Subject,
        /// The number.
        number: String,
        /// The state, in the official word.
        state: String,
    },
    /// 1,000 attempts to deliver notifications wait already.
    Busy,
    /// The state file could not be read or written.
    File {
        /// What is wrong and what to do, in English.
        english: String,
        /// The same in Chinese.
        chinese: String,
    },
}

impl StateError {
    pub(crate) fn not_found(kind: Subject, number: &str) -> Self {
        Self::NotFound {
            kind,
            number: number.to_owned(),
        }
    }

    /// The same line in Chinese.
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        Chinese(self)
    }
}

/// The Chinese line of an error.
struct Chinese<'a>(&'a StateError);

impl fmt::Display for Chinese<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            StateError::NotSimulated => f.write_str("网关没有开启模拟：请用 Gateway::builder().simulate() 启动"),
            StateError::NotFound { kind, number } => {
                write!(f, "没有{} `{}`", kind.chinese(), number.escape_debug())
            }
            StateError::NoDelivery { id } => write!(f, "没有通知 `{}`", id.escape_debug()),
            StateError::WrongState { kind, number, state } => {
                let (kind, number) = (kind.chinese(), number.escape_debug());
                write!(f, "{kind} `{number}` 的状态是 {state}，不允许该操作")
            }
            StateError::Busy => f.write_str("等待发送的通知过多，请稍后再试"),
            StateError::File { chinese, .. } => f.write_str(chinese),
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSimulated => {
                f.write_str("the gateway does not simulate: start it with Gateway::builder().simulate()")
            }
            Self::NotFound { kind, number } => write!(f, "there is no {kind} `{}`", number.escape_debug()),
            Self::NoDelivery { id } => write!(f, "there is no notification `{}`", id.escape_debug()),
            Self::WrongState { kind, number, state } => {
                write!(
                    f,
                    "the state of {kind} `{}` is {state}, which does not allow this",
                    number.escape_debug()
                )
            }
            Self::Busy => f.write_str("too many notifications wait to be sent: try again later"),
            Self::File { english, .. } => f.write_str(english),
        }
    }
}

impl std::error::Error for StateError {}

impl Subject {
    fn chinese(self) -> &'static str {
        match self {
            Self::Order => "订单",
            Self::Refund => "退款单",
            Self::Transfer => "转账单",
            Self::Sharing => "分账单",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Order => "order",
            Self::Refund => "refund",
            Self::Transfer => "transfer",
            Self::Sharing => "profit sharing",
        })
    }
}
