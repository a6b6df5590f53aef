//! Orders, refunds, transfers, profit sharing and notifications: what they are, and what happens to them.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    control::reply::Problem,
    service::Service,
    simulator::{
        Simulator,
        error::StateError,
        model::{Cause, Delivery, Manner, Refund, Sharing, Subject},
        orders, refunds,
        state::{Edit, Record},
        transfers,
    },
};

/// How many things a list has at most.
const LISTED: usize = 500;

/// How old a late notification is, in seconds, unless another age is given. The service allows 5 minutes.
const LATE: u64 = 600;

/// The greatest age: 30 days.
const LATEST: u64 = 30 * 86_400;

/// What can be done with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Pay,
    FailPayment,
    LeavePayment,
    FinishRefund,
    MakeRefundAbnormal,
    ConfirmTransfer,
    FailTransfer,
    DeliverAgain,
    DeliverTwice,
    DeliverLate,
    DeliverForged,
}

pub(crate) fn orders(service: &Service) -> Result<Value, Problem> {
    list(service, "orders", orders::as_of)
}

pub(crate) fn order(service: &Service, number: &str) -> Result<Value, Problem> {
    one(service, number, Subject::Order, orders::as_of)
}

pub(crate) fn refunds(service: &Service) -> Result<Value, Problem> {
    list(service, "refunds", |refund: Refund, _| refund)
}

pub(crate) fn refund(service: &Service, number: &str) -> Result<Value, Problem> {
    one(service, number, Subject::Refund, |refund: Refund, _| refund)
}

pub(crate) fn transfers(service: &Service) -> Result<Value, Problem> {
    list(service, "transfers", transfers::as_of)
}

pub(crate) fn transfer(service: &Service, number: &str) -> Result<Value, Problem> {
    one(service, number, Subject::Transfer, transfers::as_of)
}

pub(crate) fn sharings(service: &Service) -> Result<Value, Problem> {
    list(service, "sharings", |sharing: Sharing, _| sharing)
}

pub(crate) fn sharing(service: &Service, number: &str) -> Result<Value, Problem> {
    one(service, number, Subject::Sharing, |sharing: Sharing, _| sharing)
}

pub(crate) fn deliveries(service: &Service) -> Result<Value, Problem> {
    list(service, "notifications", |delivery: Delivery, _| delivery)
}

pub(crate) fn delivery(service: &Service, id: &str) -> Result<Value, Problem> {
    let found = simulator(service)?.view(|state| Delivery::table(state.tables()).get(id).cloned());
    let found = found.ok_or_else(|| StateError::NoDelivery { id: id.to_owned() })?;
    Ok(json!(found))
}

/// Does something with one thing, and gives it as it is afterwards. A notification is sent in the background.
pub(crate) fn act(service: &Service, action: Action, name: &str, given: &Value) -> Result<Value, Problem> {
    let simulator = simulator(service)?;
    match action {
        Action::Pay => Ok(json!(simulator.pay(name)?)),
        Action::FailPayment => changed(simulator, |edit| orders::fail_payment(edit, name, Cause::Payer)),
        Action::LeavePayment => changed(simulator, |edit| orders::leave_payment(edit, name, Cause::Payer)),
        Action::FinishRefund => changed(simulator, |edit| refunds::finish(edit, name, Cause::Console)),
        Action::MakeRefundAbnormal => changed(simulator, |edit| refunds::make_abnormal(edit, name, Cause::Console)),
        Action::ConfirmTransfer => changed(simulator, |edit| transfers::confirm(edit, name, Cause::Payer)),
        Action::FailTransfer => changed(simulator, |edit| transfers::fail(edit, name, Cause::Console)),
        Action::DeliverAgain => delivered(service, simulator.deliver(name, Manner::Genuine, 0, 1), name),
        Action::DeliverTwice => delivered(service, simulator.deliver(name, Manner::Genuine, 0, 2), name),
        Action::DeliverForged => delivered(service, simulator.deliver(name, Manner::Forged, 0, 1), name),
        Action::DeliverLate => delivered(service, simulator.deliver(name, Manner::Late, age(given)?, 1), name),
    }
}

/// How old the signature of a late notification is, in seconds.
fn age(given: &Value) -> Result<u64, Problem> {
    match given.get("seconds") {
        None => Ok(LATE),
        Some(seconds) => seconds.as_u64().filter(|seconds| *seconds <= LATEST).ok_or_else(|| {
            Problem::bad_request(
                format!("seconds must be a number up to {LATEST}"),
                format!("seconds 须为不大于 {LATEST} 的整数"),
            )
        }),
    }
}

fn delivered(service: &Service, sent: Result<(), StateError>, id: &str) -> Result<Value, Problem> {
    sent?;
    delivery(service, id)
}

/// Forgets the whole state.
pub(crate) fn reset(service: &Service) -> Result<(), Problem> {
    Ok(simulator(service)?.reset()?)
}

fn changed<T: Serialize>(
    simulator: &Simulator,
    work: impl FnOnce(&mut Edit<'_>) -> Result<T, StateError>,
) -> Result<Value, Problem> {
    Ok(json!(simulator.edit(work)?))
}

fn simulator(service: &Service) -> Result<&Simulator, Problem> {
    Ok(service.simulator.as_deref().ok_or(StateError::NotSimulated)?)
}

/// The newest first, each as it is at this moment.
fn list<R: Record>(service: &Service, name: &str, as_of: impl Fn(R, i64) -> R) -> Result<Value, Problem> {
    let simulator = simulator(service)?;
    let now = simulator.clock().now();
    let (total, rows) = simulator.view(|state| {
        let table = R::table(state.tables());
        let newest = table.iter().rev().take(LISTED).cloned();
        (table.len(), newest.map(|row| as_of(row, now)).collect::<Vec<_>>())
    });
    Ok(json!({ "total": total, name: rows }))
}

fn one<R: Record>(
    service: &Service,
    number: &str,
    kind: Subject,
    as_of: impl FnOnce(R, i64) -> R,
) -> Result<Value, Problem> {
    let simulator = simulator(service)?;
    let found = simulator.view(|state| R::table(state.tables()).get(number).cloned());
    let found = found.ok_or_else(|| StateError::not_found(kind, number))?;
    Ok(json!(as_of(found, simulator.clock().now())))
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        let (status, code) = match error {
            StateError::NotFound { .. } | StateError::NoDelivery { .. } | StateError::NotSimulated => {
                (StatusCode::NOT_FOUND, "NOT_FOUND")
            }
            StateError::WrongState { .. } => (StatusCode::CONFLICT, "WRONG_STATE"),
            StateError::Busy => (StatusCode::TOO_MANY_REQUESTS, "BUSY"),
            StateError::File { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "STATE_FILE"),
        };
        Self::new(status, code, error.to_string(), error.chinese().to_string())
    }
}
