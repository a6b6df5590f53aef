//! What the shop knows.

/// What an entry is about.
///
/// ```
/// use wechatpay_core::reconcile::Kind;
///
/// assert_eq!((Kind::Refund.to_string(), Kind::Refund.chinese()), ("refund".to_owned(), "退款"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A payment (支付), by the order number.
    Payment,
    /// A refund (退款), by the refund number.
    Refund,
    /// A revoked payment (撤销, 付款码支付), by the order number.
    Revocation,
}

impl Kind {
    /// The kind in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        self.labels().1
    }

    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Payment => ("payment", "支付"),
            Self::Refund => ("refund", "退款"),
            Self::Revocation => ("revocation", "撤销"),
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.labels().0)
    }
}

/// The state of an entry in the books of the shop.
///
/// ```
/// use wechatpay_core::{notification::payload::RefundStatus, reconcile::Standing};
///
/// fn standing(status: &RefundStatus) -> Standing {
///     match status {
///         RefundStatus::Success => Standing::Done,
///         RefundStatus::Closed | RefundStatus::Abnormal => Standing::Nothing,
///         _ => Standing::Open,
///     }
/// }
/// assert_eq!(standing(&RefundStatus::Closed), Standing::Nothing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The money has moved: paid, refunded.
    Done,
    /// Not known yet.
    Open,
    /// No money has moved: closed, failed.
    Nothing,
}

impl Standing {
    pub(super) fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Done => ("done", "已完成"),
            Self::Open => ("open", "进行中"),
            Self::Nothing => ("nothing happened", "未发生"),
        }
    }
}

/// One entry of the shop.
///
/// ```
/// use wechatpay_core::reconcile::{Own, Standing};
///
/// // An order that a customer has not paid, of a sub-merchant.
/// let order = Own::payment("A-1", 1230).standing(Standing::Open).sub_mchid("1900000109");
/// let refund = Own::refund("R-1", 30);
/// let revoked = Own::revocation("A-2", 500);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub(super) kind: Kind,
    pub(super) number: String,
    pub(super) amount: i64,
    pub(super) standing: Standing,
    pub(super) sub_mchid: Option<String>,
}

impl Own {
    /// An order (商户订单号) that was paid, with its total in fen.
    #[must_use]
    pub fn payment(out_trade_no: impl Into<String>, total: i64) -> Self {
        Self::new(Kind::Payment, out_trade_no.into(), total)
    }

    /// A refund (商户退款单号) that was done, with its amount in fen.
    #[must_use]
    pub fn refund(out_refund_no: impl Into<String>, refund: i64) -> Self {
        Self::new(Kind::Refund, out_refund_no.into(), refund)
    }

    /// An order (商户订单号) that was revoked, with its total in fen.
    #[must_use]
    pub fn revocation(out_trade_no: impl Into<String>, total: i64) -> Self {
        Self::new(Kind::Revocation, out_trade_no.into(), total)
    }

    fn new(kind: Kind, number: String, amount: i64) -> Self {
        Self {
            kind,
            number,
            amount,
            standing: Standing::Done,
            sub_mchid: None,
        }
    }

    /// What the shop believes. Default: [`Standing::Done`].
    #[must_use]
    pub fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The sub-merchant (特约商户号), in the bill of a service provider.
    #[must_use]
    pub fn sub_mchid(mut self, sub_mchid: impl Into<String>) -> Self {
        self.sub_mchid = Some(sub_mchid.into());
        self
    }
}
