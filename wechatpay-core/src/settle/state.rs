//! Which states of a business object are final.

use crate::notification::payload::{Refund, RefundStatus, TradeState, Transaction, TransferBill, TransferBillState};

/// How far the object is that a query found.
///
/// ```
/// use wechatpay_core::settle::State;
///
/// assert_eq!(State::of_refund("PROCESSING"), State::Open);
/// assert_eq!(State::of_transfer("CANCELLED"), State::Final);
/// // What is not documented yet may still change.
/// assert_eq!(State::of_trade("A_NEW_STATE"), State::Open);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The service does nothing more of itself: done, failed, closed.
    Final,
    /// It exists and still changes.
    Open,
    /// The response says that it does not exist, such as an empty list.
    Absent,
}

impl State {
    /// Of an order's `trade_state` (交易状态). Final: `SUCCESS`, `REFUND`, `CLOSED`, `REVOKED`, `PAYERROR`.
    #[must_use]
    pub fn of_trade(trade_state: &str) -> Self {
        Self::final_if(matches!(
            trade_state,
            "SUCCESS" | "REFUND" | "CLOSED" | "REVOKED" | "PAYERROR"
        ))
    }

    /// Of a refund's `status` (退款状态). Final: `SUCCESS`, `CLOSED`, `ABNORMAL`. An abnormal refund waits for the merchant
    /// (发起异常退款), so the service does nothing more of itself.
    #[must_use]
    pub fn of_refund(status: &str) -> Self {
        Self::final_if(matches!(status, "SUCCESS" | "CLOSED" | "ABNORMAL"))
    }

    /// Of a transfer's `state` (单据状态). Final: `SUCCESS`, `FAIL`, `CANCELLED`.
    #[must_use]
    pub fn of_transfer(state: &str) -> Self {
        Self::final_if(matches!(state, "SUCCESS" | "FAIL" | "CANCELLED"))
    }

    fn final_if(is_final: bool) -> Self {
        if is_final { Self::Final } else { Self::Open }
    }
}

/// What knows how far it is: the response to a query, or the state in it.
///
/// Implemented for the payloads that have the same form as a response to a query, and for their states, so that an own type
/// only hands over. For a type of another crate use [`Settle::by`](super::Settle::by).
///
/// ```
/// use wechatpay_core::{notification::payload::TransferBillState, settle::{Progress, State}};
///
/// struct Transfer {
///     state: TransferBillState,
/// }
///
/// impl Progress for Transfer {
///     fn state(&self) -> State {
///         self.state.state()
///     }
/// }
///
/// assert_eq!(Transfer { state: TransferBillState::WaitUserConfirm }.state(), State::Open);
/// assert_eq!(Transfer { state: TransferBillState::Fail }.state(), State::Final);
/// ```
pub trait Progress {
    /// How far it is.
    fn state(&self) -> State;
}

impl Progress for TradeState {
    fn state(&self) -> State {
        match self {
            Self::Success | Self::Refund | Self::Closed | Self::Revoked | Self::PayError => State::Final,
            Self::NotPay | Self::UserPaying | Self::Accept | _ => State::Open,
        }
    }
}

impl Progress for RefundStatus {
    fn state(&self) -> State {
        match self {
            Self::Success | Self::Closed | Self::Abnormal => State::Final,
            Self::Processing | _ => State::Open,
        }
    }
}

impl Progress for TransferBillState {
    fn state(&self) -> State {
        match self {
            Self::Success | Self::Fail | Self::Cancelled => State::Final,
            Self::Accepted | Self::Processing | Self::WaitUserConfirm | Self::Transferring | Self::Cancelling | _ => {
                State::Open
            }
        }
    }
}

impl Progress for Transaction {
    fn state(&self) -> State {
        self.trade_state.state()
    }
}

impl Progress for Refund {
    fn state(&self) -> State {
        self.refund_status.state()
    }
}

impl Progress for TransferBill {
    fn state(&self) -> State {
        self.state.state()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    fn typed<T: DeserializeOwned + Progress>(text: &str) -> State {
        serde_json::from_value::<T>(json!(text)).unwrap().state()
    }

    #[test]
    fn a_state_is_final_in_the_same_way_as_a_text_and_as_a_type() {
        for text in [
            "SUCCESS",
            "REFUND",
            "NOTPAY",
            "CLOSED",
            "REVOKED",
            "USERPAYING",
            "PAYERROR",
            "ACCEPT",
            "LATER",
        ] {
            assert_eq!(typed::<TradeState>(text), State::of_trade(text), "{text}");
        }
        for text in ["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL", "LATER"] {
            assert_eq!(typed::<RefundStatus>(text), State::of_refund(text), "{text}");
        }
        for text in [
            "ACCEPTED",
            "PROCESSING",
            "WAIT_USER_CONFIRM",
            "TRANSFERING",
            "SUCCESS",
            "FAIL",
            "CANCELING",
            "CANCELLED",
            "LATER",
        ] {
            assert_eq!(typed::<TransferBillState>(text), State::of_transfer(text), "{text}");
        }
    }
}
