//! Transfers to users (商家转账), which the user confirms.

use http::StatusCode;
use serde_json::{Map, Value, json};
use wechatpay_core::notification::payload::TransferBillState;

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    simulator::{
        clock,
        deliveries::{self, Event},
        error::StateError,
        model::{Cause, Change, Subject, Transfer},
        operation::{Operation, Outcome, fen, invalid, invalid_request, once, optional, owned, required},
        orders::insert,
        state::Edit,
    },
};

/// From so many fen on, the name of the user is needed: 2,000 yuan.
const NAME_NEEDED: i64 = 200_000;

/// The user can confirm for so long, in milliseconds: 24 hours.
const LIFE: i64 = 24 * 3600 * 1000;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 4] = [
    ("POST", "/v3/fund-app/mch-transfer/transfer-bills", create),
    (
        "GET",
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
        query,
    ),
    (
        "GET",
        "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
        query_by_bill,
    ),
    (
        "POST",
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
        cancel,
    ),
];

fn create(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = required(request, "out_bill_no")?.to_owned();
    if number.len() > 32 || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(invalid("body", "out_bill_no", "须为1到32个字符的数字或大小写字母"));
    }
    let amount = fen(request, "transfer_amount")?;
    if amount >= NAME_NEEDED && optional(request, "user_name").is_none() {
        return Err(invalid(
            "body",
            "user_name",
            "转账金额大于等于2,000元时，收款用户姓名必填",
        ));
    }
    let (appid, openid) = (
        required(request, "appid")?.to_owned(),
        required(request, "openid")?.to_owned(),
    );
    let remark = required(request, "transfer_remark")?.to_owned();
    required(request, "transfer_scene_id")?;
    once(
        edit,
        request,
        ("out_bill_no", &number),
        |edit| {
            let state = TransferBillState::WaitUserConfirm;
            let transfer = Transfer {
                mchid: edit.mchid.to_owned(),
                out_bill_no: number.clone(),
                transfer_bill_no: edit.number("1330000071", 40),
                appid,
                openid,
                user_name: owned(request, "user_name"),
                amount,
                remark,
                state: state.clone(),
                fail_reason: None,
                package_info: Some(format!("{}==", edit.token())),
                notify_url: owned(request, "notify_url"),
                created_at: edit.now,
                updated_at: edit.now,
                finished_at: None,
                history: vec![Change::new(edit.now, &state, Cause::Merchant)],
            };
            edit.put(transfer.clone());
            Ok(created(&transfer).into())
        },
        |edit| {
            find(edit, &number)
                .map(|transfer| created(&transfer).into())
                .ok_or_else(not_found)
        },
    )
}

/// What making a transfer responds.
fn created(transfer: &Transfer) -> Value {
    let mut members = Map::new();
    insert(&mut members, "out_bill_no", Some(&transfer.out_bill_no));
    insert(&mut members, "transfer_bill_no", Some(&transfer.transfer_bill_no));
    insert(&mut members, "create_time", Some(clock::rfc3339(transfer.created_at)));
    members.insert("state".to_owned(), json!(transfer.state));
    insert(&mut members, "fail_reason", transfer.fail_reason.as_ref());
    insert(&mut members, "package_info", transfer.package_info.as_ref());
    Value::Object(members)
}

/// The transfer with this number, as it stands now: one that is not confirmed in time has failed.
fn find(edit: &mut Edit<'_>, out_bill_no: &str) -> Option<Transfer> {
    let known = edit.get::<Transfer>(out_bill_no)?.clone();
    let transfer = as_of(known.clone(), edit.now);
    if transfer != known {
        edit.put(transfer.clone());
    }
    Some(transfer)
}

/// A transfer as it stands at a moment.
pub(crate) fn as_of(mut transfer: Transfer, now: i64) -> Transfer {
    let end = transfer.created_at.saturating_add(LIFE);
    if transfer.state == TransferBillState::WaitUserConfirm && end <= now {
        transfer.fail_reason = Some("OVERDUE_CLOSE".to_owned());
        finish(&mut transfer, TransferBillState::Fail, end, Cause::Clock);
    }
    transfer
}

fn finish(transfer: &mut Transfer, state: TransferBillState, at: i64, cause: Cause) {
    transfer.package_info = None;
    transfer.finished_at = Some(at);
    transfer.move_to(state, at, cause);
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", "记录不存在")
}

fn query(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let transfer = find(edit, request.path("out_bill_no")).ok_or_else(not_found)?;
    Ok(view(request, &transfer).into())
}

fn query_by_bill(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = edit
        .transfer_by_bill(request.path("transfer_bill_no"))
        .ok_or_else(not_found)?;
    let transfer = find(edit, &number).ok_or_else(not_found)?;
    Ok(view(request, &transfer).into())
}

/// A transfer as a query shows it.
fn view(request: &ReceivedRequest, transfer: &Transfer) -> Value {
    let mut members = resource(transfer);
    insert(&mut members, "appid", Some(&transfer.appid));
    insert(&mut members, "transfer_remark", Some(&transfer.remark));
    let name = transfer.user_name.as_deref().map(|name| request.encrypt(name));
    insert(&mut members, "user_name", name);
    Value::Object(members)
}

/// A transfer as its notification shows it.
fn resource(transfer: &Transfer) -> Map<String, Value> {
    let mut members = Map::new();
    insert(&mut members, "mch_id", Some(&transfer.mchid));
    insert(&mut members, "out_bill_no", Some(&transfer.out_bill_no));
    insert(&mut members, "transfer_bill_no", Some(&transfer.transfer_bill_no));
    members.insert("transfer_amount".to_owned(), transfer.amount.into());
    members.insert("state".to_owned(), json!(transfer.state));
    insert(&mut members, "openid", Some(&transfer.openid));
    insert(&mut members, "fail_reason", transfer.fail_reason.as_ref());
    insert(&mut members, "create_time", Some(clock::rfc3339(transfer.created_at)));
    insert(&mut members, "update_time", Some(clock::rfc3339(transfer.updated_at)));
    members
}

/// 撤销转账, while the user has not confirmed.
fn cancel(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let mut transfer = find(edit, request.path("out_bill_no")).ok_or_else(not_found)?;
    match transfer.state {
        TransferBillState::Accepted | TransferBillState::WaitUserConfirm => {
            transfer.move_to(TransferBillState::Cancelling, edit.now, Cause::Merchant);
            let response = cancelled(&transfer);
            end(edit, transfer, TransferBillState::Cancelled, Cause::Merchant);
            Ok(response.into())
        }
        TransferBillState::Cancelling | TransferBillState::Cancelled => Ok(cancelled(&transfer).into()),
        _ => Err(invalid_request("当前转账单状态不支持撤销")),
    }
}

fn cancelled(transfer: &Transfer) -> Value {
    json!({
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state,
        "update_time": clock::rfc3339(transfer.updated_at),
    })
}

/// The user confirms: the money arrives.
pub(crate) fn confirm(edit: &mut Edit<'_>, out_bill_no: &str, cause: Cause) -> Result<Transfer, StateError> {
    let mut transfer = find_waiting(edit, out_bill_no)?;
    transfer.move_to(TransferBillState::Transferring, edit.now, cause);
    Ok(end(edit, transfer, TransferBillState::Success, cause))
}

/// The transfer fails: the user's account cannot take the money.
pub(crate) fn fail(edit: &mut Edit<'_>, out_bill_no: &str, cause: Cause) -> Result<Transfer, StateError> {
    let mut transfer = find_waiting(edit, out_bill_no)?;
    transfer.fail_reason = Some("PAYEE_ACCOUNT_ABNORMAL".to_owned());
    Ok(end(edit, transfer, TransferBillState::Fail, cause))
}

fn find_waiting(edit: &mut Edit<'_>, out_bill_no: &str) -> Result<Transfer, StateError> {
    let transfer = find(edit, out_bill_no).ok_or_else(|| StateError::not_found(Subject::Transfer, out_bill_no))?;
    if transfer.state == TransferBillState::WaitUserConfirm {
        return Ok(transfer);
    }
    Err(StateError::WrongState {
        kind: Subject::Transfer,
        number: out_bill_no.to_owned(),
        state: Change::new(0, &transfer.state, Cause::Console).state,
    })
}

/// Gives a transfer its last state. The notification follows.
fn end(edit: &mut Edit<'_>, mut transfer: Transfer, state: TransferBillState, cause: Cause) -> Transfer {
    finish(&mut transfer, state, edit.now, cause);
    edit.put(transfer.clone());
    let event = Event {
        event_type: "MCHTRANSFER.BILL.FINISHED",
        summary: "商家转账单据终态通知",
        original_type: "mch_payment",
        kind: Subject::Transfer,
        number: transfer.out_bill_no.clone(),
        resource: Value::Object(resource(&transfer)),
    };
    deliveries::notify(edit, transfer.notify_url.as_deref(), event);
    transfer
}
