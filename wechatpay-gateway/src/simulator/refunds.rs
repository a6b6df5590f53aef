//! Refunds (退款): of a part or the whole, several of one order, abnormal ones.

use http::StatusCode;
use serde_json::{Map, Value, json};
use wechatpay_core::notification::payload::{RefundStatus, TradeState};

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    simulator::{
        clock,
        deliveries::{self, Event},
        error::StateError,
        model::{Cause, Change, Order, Refund, Subject},
        operation::{
            Operation, Outcome, check_number, currency, fen, invalid, invalid_request, once, optional, owned, required,
        },
        orders::{self, insert},
        state::Edit,
    },
};

/// An order has so many refunds at most.
const MOST: usize = 50;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 3] = [
    ("POST", "/v3/refund/domestic/refunds", create),
    ("GET", "/v3/refund/domestic/refunds/{out_refund_no}", query),
    (
        "POST",
        "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
        apply_abnormal,
    ),
];

fn create(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = required(request, "out_refund_no")?.to_owned();
    check_number("out_refund_no", &number, 1..=64, "@")?;
    let (refund, total) = (fen(request, "amount.refund")?, fen(request, "amount.total")?);
    currency(request, "amount.currency")?;
    if refund > total {
        return Err(invalid("body", "amount.refund", "退款金额不能大于原订单金额"));
    }
    once(
        edit,
        request,
        ("out_refund_no", &number),
        |edit| {
            let mut order = order_of(edit, request)?;
            check(edit, &order, refund, total)?;
            let refund = Refund {
                mchid: order.mchid.clone(),
                sub_mchid: order.sub_mchid.clone(),
                out_refund_no: number.clone(),
                refund_id: edit.number("503", 29),
                out_trade_no: order.out_trade_no.clone(),
                transaction_id: order.transaction_id.clone().unwrap_or_default(),
                reason: owned(request, "reason"),
                refund,
                total,
                status: RefundStatus::Processing,
                channel: "ORIGINAL".to_owned(),
                user_received_account: "支付用户零钱".to_owned(),
                funds_account: owned(request, "funds_account").unwrap_or_else(|| "AVAILABLE".to_owned()),
                notify_url: owned(request, "notify_url"),
                created_at: edit.now,
                finished_at: None,
                history: vec![Change::new(edit.now, &RefundStatus::Processing, Cause::Merchant)],
            };
            if order.trade_state != TradeState::Refund {
                order.move_to(TradeState::Refund, edit.now, Cause::Merchant);
                edit.put(order);
            }
            edit.put(refund.clone());
            Ok(view(&refund).into())
        },
        |edit| {
            edit.get(&number)
                .map(|refund| view(refund).into())
                .ok_or_else(not_found)
        },
    )
}

/// The order that a request names, by either number.
fn order_of(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Result<Order, Refusal> {
    let no_order = || Refusal::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "订单不存在");
    let number = match optional(request, "transaction_id") {
        Some(transaction_id) => {
            let order = edit.order_by_transaction(transaction_id).ok_or_else(no_order)?;
            let number = order.out_trade_no.clone();
            if optional(request, "out_trade_no").is_some_and(|asked| asked != number) {
                return Err(invalid("body", "out_trade_no", "与transaction_id不是同一笔订单"));
            }
            number
        }
        None => required(request, "out_trade_no")?.to_owned(),
    };
    let order = orders::find(edit, &number).ok_or_else(no_order)?;
    if order.sub_mchid.as_deref() != optional(request, "sub_mchid") {
        return Err(match order.sub_mchid {
            Some(_) => invalid("body", "sub_mchid", "子商户号和订单信息不匹配"),
            None => no_order(),
        });
    }
    Ok(order)
}

/// Whether so much of an order can be refunded. The sum of all refunds never exceeds what was paid.
fn check(edit: &Edit<'_>, order: &Order, refund: i64, total: i64) -> Result<(), Refusal> {
    if !matches!(order.trade_state, TradeState::Success | TradeState::Refund) {
        return Err(invalid_request("订单状态错误，只有支付成功的订单可以退款"));
    }
    if total != order.total {
        return Err(invalid_request("订单金额与原订单金额不一致"));
    }
    let refunds = edit.refunds_of(&order.out_trade_no);
    let refunded = refunded(&refunds);
    if refunded >= order.total {
        return Err(invalid_request("订单已全额退款"));
    }
    if refunded + refund > order.total {
        return Err(invalid_request("申请退款金额大于订单剩余可退金额"));
    }
    if refunds.len() >= MOST {
        return Err(invalid_request("部分退款次数超过限制，一笔订单最多支持50次"));
    }
    Ok(())
}

/// What was refunded of an order, or is about to be.
pub(crate) fn refunded(refunds: &[Refund]) -> i64 {
    let live = refunds.iter().filter(|refund| refund.status != RefundStatus::Closed);
    live.map(|refund| refund.refund).sum()
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "退款单不存在")
}

fn query(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let refund: &Refund = edit.get(request.path("out_refund_no")).ok_or_else(not_found)?;
    if refund.sub_mchid.as_deref() != request.query("sub_mchid").filter(|text| !text.is_empty()) {
        return Err(not_found());
    }
    Ok(view(refund).into())
}

/// 发起异常退款: the money goes another way.
fn apply_abnormal(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let mut refund: Refund = edit
        .get(required(request, "out_refund_no")?)
        .cloned()
        .ok_or_else(not_found)?;
    if refund.refund_id != request.path("refund_id") || refund.sub_mchid.as_deref() != optional(request, "sub_mchid") {
        return Err(not_found());
    }
    if refund.status != RefundStatus::Abnormal {
        return Err(invalid_request("退款单状态不是退款异常，不能发起异常退款"));
    }
    let account = match required(request, "type")? {
        "USER_BANK_CARD" => {
            for field in ["bank_type", "bank_account", "real_name"] {
                required(request, field)?;
            }
            "用户银行卡"
        }
        "MERCHANT_BANK_CARD" => "交易商户结算银行账户",
        _ => return Err(invalid("body", "type", "须为USER_BANK_CARD或MERCHANT_BANK_CARD")),
    };
    refund.channel = "OTHER_BANKCARD".to_owned();
    refund.user_received_account = account.to_owned();
    refund.finished_at = None;
    refund.move_to(RefundStatus::Processing, edit.now, Cause::Merchant);
    edit.put(refund.clone());
    Ok(view(&refund).into())
}

/// A refund as the service shows it.
fn view(refund: &Refund) -> Value {
    let mut members = Map::new();
    for (name, text) in [
        ("refund_id", &refund.refund_id),
        ("out_refund_no", &refund.out_refund_no),
        ("transaction_id", &refund.transaction_id),
        ("out_trade_no", &refund.out_trade_no),
        ("channel", &refund.channel),
        ("user_received_account", &refund.user_received_account),
        ("funds_account", &refund.funds_account),
    ] {
        insert(&mut members, name, Some(text));
    }
    insert(&mut members, "create_time", Some(clock::rfc3339(refund.created_at)));
    insert(&mut members, "success_time", success_time(refund));
    members.insert("status".to_owned(), json!(refund.status));
    let amount = json!({
        "total": refund.total,
        "refund": refund.refund,
        "from": [],
        "payer_total": refund.total,
        "payer_refund": refund.refund,
        "settlement_refund": refund.refund,
        "settlement_total": refund.total,
        "discount_refund": 0,
        "currency": "CNY",
    });
    members.insert("amount".to_owned(), amount);
    members.insert("promotion_detail".to_owned(), json!([]));
    Value::Object(members)
}

fn success_time(refund: &Refund) -> Option<String> {
    let at = refund.finished_at.filter(|_| refund.status == RefundStatus::Success)?;
    Some(clock::rfc3339(at))
}

/// The money is back.
pub(crate) fn finish(edit: &mut Edit<'_>, out_refund_no: &str, cause: Cause) -> Result<Refund, StateError> {
    end(edit, out_refund_no, RefundStatus::Success, cause)
}

/// The bank cannot take the money back.
pub(crate) fn make_abnormal(edit: &mut Edit<'_>, out_refund_no: &str, cause: Cause) -> Result<Refund, StateError> {
    end(edit, out_refund_no, RefundStatus::Abnormal, cause)
}

fn end(edit: &mut Edit<'_>, out_refund_no: &str, status: RefundStatus, cause: Cause) -> Result<Refund, StateError> {
    let refund: Option<&Refund> = edit.get(out_refund_no);
    let refund = refund.cloned();
    let mut refund = refund.ok_or_else(|| StateError::not_found(Subject::Refund, out_refund_no))?;
    if refund.status != RefundStatus::Processing {
        return Err(StateError::WrongState {
            kind: Subject::Refund,
            number: out_refund_no.to_owned(),
            state: Change::new(0, &refund.status, cause).state,
        });
    }
    let (event_type, summary) = match status {
        RefundStatus::Success => ("REFUND.SUCCESS", "退款成功"),
        _ => ("REFUND.ABNORMAL", "退款异常"),
    };
    refund.finished_at = Some(edit.now);
    refund.move_to(status, edit.now, cause);
    edit.put(refund.clone());
    let event = Event {
        event_type,
        summary,
        original_type: "refund",
        kind: Subject::Refund,
        number: out_refund_no.to_owned(),
        resource: resource(&refund),
    };
    deliveries::notify(edit, refund.notify_url.as_deref(), event);
    Ok(refund)
}

/// A refund as its notification shows it.
fn resource(refund: &Refund) -> Value {
    let mut members = Map::new();
    let mchid = if refund.sub_mchid.is_some() {
        "sp_mchid"
    } else {
        "mchid"
    };
    insert(&mut members, mchid, Some(&refund.mchid));
    insert(&mut members, "sub_mchid", refund.sub_mchid.as_ref());
    for (name, text) in [
        ("out_trade_no", &refund.out_trade_no),
        ("transaction_id", &refund.transaction_id),
        ("out_refund_no", &refund.out_refund_no),
        ("refund_id", &refund.refund_id),
        ("user_received_account", &refund.user_received_account),
    ] {
        insert(&mut members, name, Some(text));
    }
    members.insert("refund_status".to_owned(), json!(refund.status));
    insert(&mut members, "success_time", success_time(refund));
    let amount = json!({
        "total": refund.total,
        "refund": refund.refund,
        "payer_total": refund.total,
        "payer_refund": refund.refund,
    });
    members.insert("amount".to_owned(), amount);
    Value::Object(members)
}
