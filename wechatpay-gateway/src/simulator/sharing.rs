//! Profit sharing (分账): receivers, sharing, returns, and the release of what is left.

use http::StatusCode;
use serde_json::{Map, Value, json};
use wechatpay_core::notification::payload::TradeState;

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    simulator::{
        clock,
        model::{
            Cause, Change, Order, ReturnResult, Sharing, SharingReceiver, SharingResult, SharingReturn, SharingState,
        },
        operation::{
            Operation, Outcome, check_number, fen, fen_of, invalid, invalid_request, once, optional, owned, query,
            required,
        },
        orders::insert,
        refunds,
        state::{Edit, Receiver},
    },
};

/// A sharing has so many receivers at most.
const MOST: usize = 50;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 8] = [
    ("POST", "/v3/profitsharing/receivers/add", add_receiver),
    ("POST", "/v3/profitsharing/receivers/delete", delete_receiver),
    ("POST", "/v3/profitsharing/orders", share),
    ("GET", "/v3/profitsharing/orders/{out_order_no}", query_sharing),
    ("POST", "/v3/profitsharing/orders/unfreeze", unfreeze),
    ("POST", "/v3/profitsharing/return-orders", give_back),
    ("GET", "/v3/profitsharing/return-orders/{out_return_no}", query_return),
    (
        "GET",
        "/v3/profitsharing/transactions/{transaction_id}/amounts",
        amounts,
    ),
];

/// The key of a receiver: sub-merchant, type, account.
fn key(sub_mchid: Option<&str>, kind: &str, account: &str) -> String {
    format!("{}/{kind}/{account}", sub_mchid.unwrap_or_default())
}

fn add_receiver(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let (kind, account) = (required(request, "type")?, required(request, "account")?);
    let relation = required(request, "relation_type")?;
    required(request, "appid")?;
    let name = owned(request, "name");
    edit.put(Receiver {
        key: key(optional(request, "sub_mchid"), kind, account),
        present: true,
    });
    let mut members = Map::new();
    insert(&mut members, "sub_mchid", owned(request, "sub_mchid"));
    insert(&mut members, "type", Some(kind));
    insert(&mut members, "account", Some(account));
    insert(&mut members, "name", name.map(|name| request.encrypt(&name)));
    insert(&mut members, "relation_type", Some(relation));
    insert(&mut members, "custom_relation", owned(request, "custom_relation"));
    Ok(Value::Object(members).into())
}

fn delete_receiver(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let (kind, account) = (required(request, "type")?, required(request, "account")?);
    let key = key(optional(request, "sub_mchid"), kind, account);
    if !is_receiver(edit, &key) {
        return Err(invalid_request("分账接收方不存在，不能删除"));
    }
    edit.put(Receiver { key, present: false });
    let mut members = Map::new();
    insert(&mut members, "sub_mchid", owned(request, "sub_mchid"));
    insert(&mut members, "type", Some(kind));
    insert(&mut members, "account", Some(account));
    Ok(Value::Object(members).into())
}

fn is_receiver(edit: &Edit<'_>, key: &str) -> bool {
    edit.get::<Receiver>(key).is_some_and(|receiver| receiver.present)
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "记录不存在")
}

/// The order that a request names, which must wait for its sharing.
fn order_of(edit: &Edit<'_>, request: &ReceivedRequest) -> Result<Order, Refusal> {
    let order = edit.order_by_transaction(required(request, "transaction_id")?).cloned();
    let order = order.filter(|order| order.sub_mchid.as_deref() == optional(request, "sub_mchid"));
    let order = order.ok_or_else(|| invalid_request("订单不存在，请确认微信订单号与商户号"))?;
    if !order.profit_sharing {
        return Err(invalid_request("非分账订单不支持分账"));
    }
    if !matches!(order.trade_state, TradeState::Success | TradeState::Refund) {
        return Err(invalid_request("订单状态不支持分账"));
    }
    Ok(order)
}

/// What of an order waits for its sharing, in fen.
fn unsplit(edit: &Edit<'_>, order: &Order) -> i64 {
    let Some(transaction_id) = order.transaction_id.as_ref().filter(|_| order.profit_sharing) else {
        return 0;
    };
    let sharings = edit.sharings_of(transaction_id);
    if sharings.iter().any(|sharing| sharing.unfreeze_unsplit) {
        return 0;
    }
    let shared: i64 = sharings
        .iter()
        .flat_map(|sharing| &sharing.receivers)
        .map(|receiver| receiver.amount)
        .sum();
    let refunded = refunds::refunded(&edit.refunds_of(&order.out_trade_no));
    (order.total - refunded - shared).max(0)
}

fn share(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = required(request, "out_order_no")?.to_owned();
    check_number("out_order_no", &number, 1..=64, "@")?;
    let items = request.field("receivers").as_array().map(Vec::len).unwrap_or_default();
    let unfreeze_unsplit = request.field("unfreeze_unsplit").as_bool().unwrap_or_default();
    if items > MOST || (items == 0 && !unfreeze_unsplit) {
        return Err(invalid("body", "receivers", "分账接收方须为1到50个"));
    }
    once(
        edit,
        request,
        ("out_order_no", &number),
        |edit| {
            let order = order_of(edit, request)?;
            let mut receivers = Vec::new();
            for index in 0..items {
                receivers.push(receiver(edit, request, index)?);
            }
            let sum: i64 = receivers.iter().map(|receiver| receiver.amount).sum();
            if sum > unsplit(edit, &order) {
                return Err(Refusal::new(StatusCode::FORBIDDEN, "NOT_ENOUGH", "分账金额不足"));
            }
            let sharing = finished(edit, &order, &number, receivers, unfreeze_unsplit);
            edit.put(sharing.clone());
            Ok(view(&sharing).into())
        },
        |edit| {
            edit.get(&number)
                .map(|sharing| view(sharing).into())
                .ok_or_else(not_found)
        },
    )
}

/// A receiver of a request, who must have been added before.
fn receiver(edit: &mut Edit<'_>, request: &ReceivedRequest, index: usize) -> Result<SharingReceiver, Refusal> {
    let at = |name: &str| format!("receivers[{index}].{name}");
    let (kind, account) = (required(request, &at("type"))?, required(request, &at("account"))?);
    if !is_receiver(edit, &key(optional(request, "sub_mchid"), kind, account)) {
        let message = format!("分账接收方{account}不存在，请先添加分账接收方");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "RECEIVER_INVALID", message));
    }
    let amount = at("amount");
    Ok(SharingReceiver {
        kind: kind.to_owned(),
        account: account.to_owned(),
        amount: fen_of(request.field(&amount), &amount)?,
        description: required(request, &at("description"))?.to_owned(),
        result: SharingResult::Success,
        detail_id: edit.number("3601", 28),
    })
}

fn finished(
    edit: &mut Edit<'_>,
    order: &Order,
    number: &str,
    receivers: Vec<SharingReceiver>,
    unfreeze_unsplit: bool,
) -> Sharing {
    let mut sharing = Sharing {
        mchid: order.mchid.clone(),
        sub_mchid: order.sub_mchid.clone(),
        out_order_no: number.to_owned(),
        order_id: edit.number("3008", 28),
        transaction_id: order.transaction_id.clone().unwrap_or_default(),
        state: SharingState::Processing,
        receivers,
        unfreeze_unsplit,
        returns: Vec::new(),
        created_at: edit.now,
        history: vec![Change::new(edit.now, &SharingState::Processing, Cause::Merchant)],
    };
    sharing.move_to(SharingState::Finished, edit.now, Cause::Clock);
    sharing
}

/// A sharing as the service shows it.
fn view(sharing: &Sharing) -> Value {
    let time = clock::rfc3339(sharing.created_at);
    let receivers: Vec<Value> = sharing
        .receivers
        .iter()
        .map(|receiver| {
            json!({
                "amount": receiver.amount,
                "description": receiver.description,
                "type": receiver.kind,
                "account": receiver.account,
                "result": receiver.result,
                "detail_id": receiver.detail_id,
                "create_time": time,
                "finish_time": time,
            })
        })
        .collect();
    let mut members = Map::new();
    insert(&mut members, "sub_mchid", sharing.sub_mchid.as_ref());
    insert(&mut members, "transaction_id", Some(&sharing.transaction_id));
    insert(&mut members, "out_order_no", Some(&sharing.out_order_no));
    insert(&mut members, "order_id", Some(&sharing.order_id));
    members.insert("state".to_owned(), json!(sharing.state));
    members.insert("receivers".to_owned(), receivers.into());
    Value::Object(members)
}

fn query_sharing(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let transaction_id = query(request, "transaction_id")?;
    let sharing: &Sharing = edit.get(request.path("out_order_no")).ok_or_else(not_found)?;
    if sharing.transaction_id != transaction_id || sharing.sub_mchid.as_deref() != request.query("sub_mchid") {
        return Err(not_found());
    }
    Ok(view(sharing).into())
}

/// 解冻剩余资金: what is left goes to the merchant.
fn unfreeze(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = required(request, "out_order_no")?.to_owned();
    check_number("out_order_no", &number, 1..=64, "@")?;
    let description = required(request, "description")?.to_owned();
    once(
        edit,
        request,
        ("out_order_no", &number),
        |edit| {
            let order = order_of(edit, request)?;
            let rest = unsplit(edit, &order);
            if rest == 0 {
                return Err(invalid_request("订单没有待分账的资金，无需解冻"));
            }
            let merchant = SharingReceiver {
                kind: "MERCHANT_ID".to_owned(),
                account: order.sub_mchid.clone().unwrap_or_else(|| order.mchid.clone()),
                amount: rest,
                description,
                result: SharingResult::Success,
                detail_id: edit.number("3601", 28),
            };
            let sharing = finished(edit, &order, &number, vec![merchant], true);
            edit.put(sharing.clone());
            Ok(view(&sharing).into())
        },
        |edit| {
            edit.get(&number)
                .map(|sharing| view(sharing).into())
                .ok_or_else(not_found)
        },
    )
}

/// 请求分账回退: a receiver gives back what it got.
fn give_back(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = required(request, "out_return_no")?.to_owned();
    check_number("out_return_no", &number, 1..=64, "@")?;
    let (amount, account) = (fen(request, "amount")?, required(request, "return_mchid")?.to_owned());
    let description = required(request, "description")?.to_owned();
    let sharing_of = |edit: &Edit<'_>| {
        let sharing: Option<&Sharing> = match optional(request, "out_order_no") {
            Some(out_order_no) => edit.get(out_order_no),
            None => edit.sharing_by_id(required(request, "order_id")?),
        };
        let sharing = sharing.filter(|sharing| sharing.sub_mchid.as_deref() == optional(request, "sub_mchid"));
        sharing.cloned().ok_or_else(not_found)
    };
    once(
        edit,
        request,
        ("out_return_no", &number),
        |edit| {
            let mut sharing = sharing_of(edit)?;
            let got = sharing
                .receivers
                .iter()
                .filter(|it| it.kind == "MERCHANT_ID" && it.account == account);
            let got: i64 = got.map(|receiver| receiver.amount).sum();
            let returned = sharing.returns.iter().filter(|back| back.return_mchid == account);
            let returned: i64 = returned.map(|back| back.amount).sum();
            if got == 0 {
                return Err(invalid_request("回退商户号不是该分账单的分账接收方"));
            }
            if returned + amount > got {
                return Err(invalid_request("回退金额大于可回退金额"));
            }
            let back = SharingReturn {
                out_return_no: number.clone(),
                return_id: edit.number("3008", 28),
                return_mchid: account,
                amount,
                description,
                result: ReturnResult::Success,
                created_at: edit.now,
            };
            let response = view_return(&sharing, &back);
            sharing.returns.push(back);
            edit.put(sharing);
            Ok(response.into())
        },
        |edit| {
            let sharing = sharing_of(edit)?;
            let back = sharing.returns.iter().find(|back| back.out_return_no == number);
            back.map(|back| view_return(&sharing, back).into())
                .ok_or_else(not_found)
        },
    )
}

fn query_return(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let sharing: &Sharing = edit.get(query(request, "out_order_no")?).ok_or_else(not_found)?;
    let number = request.path("out_return_no");
    let back = sharing.returns.iter().find(|back| back.out_return_no == number);
    back.map(|back| view_return(sharing, back).into()).ok_or_else(not_found)
}

fn view_return(sharing: &Sharing, back: &SharingReturn) -> Value {
    let time = clock::rfc3339(back.created_at);
    let mut members = Map::new();
    insert(&mut members, "sub_mchid", sharing.sub_mchid.as_ref());
    insert(&mut members, "order_id", Some(&sharing.order_id));
    insert(&mut members, "out_order_no", Some(&sharing.out_order_no));
    insert(&mut members, "out_return_no", Some(&back.out_return_no));
    insert(&mut members, "return_id", Some(&back.return_id));
    insert(&mut members, "return_mchid", Some(&back.return_mchid));
    members.insert("amount".to_owned(), back.amount.into());
    insert(&mut members, "description", Some(&back.description));
    members.insert("result".to_owned(), json!(back.result));
    insert(&mut members, "create_time", Some(&time));
    insert(&mut members, "finish_time", Some(&time));
    Value::Object(members)
}

fn amounts(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let transaction_id = request.path("transaction_id");
    let order = edit
        .order_by_transaction(transaction_id)
        .cloned()
        .ok_or_else(not_found)?;
    Ok(json!({ "transaction_id": transaction_id, "unsplit_amount": unsplit(edit, &order) }).into())
}
