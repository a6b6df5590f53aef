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
        model::{Cause, Delivery, Refund, Sharing, Subject, Transfer},
        orders,
        state::{Edit, Record},
    },
};

/// How many things a list has at most.
const LISTED: usize = 500;

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
    list(service, "transfers", |transfer: Transfer, _| transfer)
}

pub(crate) fn transfer(service: &Service, number: &str) -> Result<Value, Problem> {
    one(service, number, Subject::Transfer, |transfer: Transfer, _| transfer)
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
    let found = simulator(service)?.view(|tables, _| Delivery::table(tables).get(id).cloned());
    let found = found.ok_or_else(|| StateError::NoDelivery { id: id.to_owned() })?;
    Ok(json!(found))
}

/// Does something with one thing, and gives it as it is afterwards.
pub(crate) async fn act(service: &Service, action: Action, name: &str, given: &Value) -> Result<Value, Problem> {
    let simulator = simulator(service)?;
    match action {
        Action::Pay => changed(simulator, |edit| orders::pay(edit, name, Cause::Payer)),
        Action::FailPayment => changed(simulator, |edit| orders::fail_payment(edit, name, Cause::Payer)),
        Action::LeavePayment => changed(simulator, |edit| orders::leave_payment(edit, name, Cause::Payer)),
        _ => { let _ = given; Err(Problem::not_found("not yet", "尚未")) }
    }
}

/// Forgets the whole state.
pub(crate) fn reset(service: &Service) -> Result<(), Problem> {
    let _ = service;
    Ok(())
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
    let (total, rows) = simulator(service)?.view(|tables, now| {
        let table = R::table(tables);
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
    let found = simulator(service)?.view(|tables, now| {
        let found = R::table(tables).get(number).cloned();
        found.map(|row| as_of(row, now))
    });
    let found = found.ok_or_else(|| StateError::not_found(kind, number))?;
    Ok(json!(found))
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        let (status, code) = match error {
            StateError::NotFound { .. } | StateError::NoDelivery { .. } | StateError::NotSimulated => {
                (StatusCode::NOT_FOUND, "NOT_FOUND")
            }
            StateError::WrongState { .. } => (StatusCode::CONFLICT, "WRONG_STATE"),
            StateError::File { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "STATE_FILE"),
        };
        Self::new(status, code, error.to_string(), error.chinese().to_string())
    }
}
