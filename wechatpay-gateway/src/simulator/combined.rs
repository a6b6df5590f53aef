//! Combined orders (合单支付): several orders that are paid at once.

use serde_json::{Map, Value, json};
use wechatpay_core::notification::payload::{TradeState, TradeType};

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    simulator::{
        clock,
        deliveries::{self, Event},
        error::StateError,
        model::{Cause, Change, Order, OrderKind, Subject},
        operation::{
            Operation, Outcome, check_mchid, check_number, fen_of, invalid, invalid_request, once, optional, owned,
            required,
        },
        orders::{self, insert},
        state::Edit,
    },
};

/// A combination has so many orders at most.
const MOST: usize = 50;

/// How long a combination without `time_expire` can be paid, in milliseconds.
const LIFE: i64 = 2 * 3600 * 1000;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 7] = [
    ("POST", "/v3/combine-transactions/jsapi", jsapi),
    ("POST", "/v3/combine-transactions/miniprogram", jsapi),
    ("POST", "/v3/combine-transactions/app", app),
    ("POST", "/v3/combine-transactions/native", native),
    ("POST", "/v3/combine-transactions/h5", h5),
    (
        "GET",
        "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
        query,
    ),
    (
        "POST",
        "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close",
        close,
    ),
];

fn jsapi(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let openids = ["combine_payer_info.openid", "combine_payer_info.sub_openid"];
    if openids.iter().all(|path| optional(request, path).is_none()) {
        return Err(invalid("body", "combine_payer_info.openid", "JSAPI支付必须传openid"));
    }
    place(edit, request, TradeType::Jsapi)
}

fn app(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, TradeType::App)
}

fn native(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, TradeType::Native)
}

fn h5(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, TradeType::Mweb)
}

fn place(edit: &mut Edit<'_>, request: &ReceivedRequest, trade_type: TradeType) -> Outcome {
    check_mchid(edit, required(request, "combine_mchid")?)?;
    let number = required(request, "combine_out_trade_no")?.to_owned();
    check_number("combine_out_trade_no", &number, 6..=32, "")?;
    let drafts = drafts(edit, request, &number, &trade_type)?;
    once(
        edit,
        request,
        ("combine_out_trade_no", &number),
        |edit| {
            for draft in &drafts {
                orders::refuse_used(edit, &draft.out_trade_no)?;
            }
            let mut response = None;
            let mut link: Option<Order> = None;
            for mut order in drafts {
                // All of them are opened with one link.
                order = match &link {
                    None => orders::with_payment_link(edit, order),
                    Some(first) => Order {
                        prepay_id: first.prepay_id.clone(),
                        code_url: first.code_url.clone(),
                        h5_url: first.h5_url.clone(),
                        ..order
                    },
                };
                response.get_or_insert_with(|| orders::payment_link(&order));
                link.get_or_insert_with(|| order.clone());
                edit.put(order);
            }
            response.ok_or_else(orders::not_found)
        },
        |edit| {
            let parts = find(edit, &number);
            let first = parts.first().ok_or_else(orders::not_found)?;
            match parts.iter().find(|order| !is_open(order)) {
                Some(over) => Err(orders::not_payable(over)),
                None => Ok(orders::payment_link(first)),
            }
        },
    )
}

/// The orders that a request describes, not placed yet.
fn drafts(
    edit: &Edit<'_>,
    request: &ReceivedRequest,
    number: &str,
    trade_type: &TradeType,
) -> Result<Vec<Order>, Refusal> {
    let items = request.field("sub_orders").as_array().map(Vec::len).unwrap_or_default();
    if !(1..=MOST).contains(&items) {
        return Err(invalid("body", "sub_orders", "子单须为1到50笔"));
    }
    let expires_at = match optional(request, "time_expire") {
        Some(text) => {
            let at = clock::parse(text).ok_or_else(|| invalid("body", "time_expire", "须为RFC 3339格式的时间"))?;
            if at <= edit.now {
                return Err(invalid("body", "time_expire", "订单失效时间须晚于当前时间"));
            }
            at
        }
        None => edit.now + LIFE,
    };
    let mut drafts: Vec<Order> = Vec::new();
    for index in 0..items {
        let at = |name: &str| format!("sub_orders[{index}].{name}");
        let out_trade_no = required(request, &at("out_trade_no"))?.to_owned();
        check_number(&at("out_trade_no"), &out_trade_no, 6..=32, "")?;
        if drafts.iter().any(|order| order.out_trade_no == out_trade_no) {
            return Err(invalid("body", &at("out_trade_no"), "子单商户订单号不能重复"));
        }
        let total = at("amount.total_amount");
        let sharing = [at("settle_info.profit_sharing"), at("profit_sharing")];
        drafts.push(Order {
            kind: OrderKind::Combine,
            mchid: required(request, &at("mchid"))?.to_owned(),
            sub_mchid: owned(request, &at("sub_mchid")),
            appid: required(request, "combine_appid")?.to_owned(),
            sub_appid: owned(request, &at("sub_appid")),
            out_trade_no,
            combine_out_trade_no: Some(number.to_owned()),
            transaction_id: None,
            trade_type: trade_type.clone(),
            description: required(request, &at("description"))?.to_owned(),
            attach: owned(request, &at("attach")),
            notify_url: owned(request, "notify_url"),
            total: fen_of(request.field(&total), &total)?,
            currency: "CNY".to_owned(),
            payer: owned(request, "combine_payer_info.openid"),
            sub_payer: owned(request, "combine_payer_info.sub_openid"),
            device_id: owned(request, "scene_info.device_id"),
            profit_sharing: sharing.iter().any(|path| request.field(path) == &json!(true)),
            prepay_id: None,
            code_url: None,
            h5_url: None,
            trade_state: TradeState::NotPay,
            bank_type: None,
            created_at: edit.now,
            expires_at: Some(expires_at),
            paid_at: None,
            history: vec![Change::new(edit.now, &TradeState::NotPay, Cause::Merchant)],
        });
    }
    Ok(drafts)
}

fn is_open(order: &Order) -> bool {
    matches!(order.trade_state, TradeState::NotPay | TradeState::PayError)
}

/// The parts of a combination as they stand now.
fn find(edit: &mut Edit<'_>, number: &str) -> Vec<Order> {
    let parts = edit.orders_of_combination(number);
    parts
        .iter()
        .filter_map(|order| orders::find(edit, &order.out_trade_no))
        .collect()
}

fn query(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let number = request.path("combine_out_trade_no");
    let parts = find(edit, number);
    if parts.is_empty() {
        return Err(orders::not_found());
    }
    Ok(Value::Object(view(edit.mchid, number, &parts)).into())
}

/// A combination as the service shows it: in the response to a query, and in the notification.
fn view(mchid: &str, number: &str, parts: &[Order]) -> Map<String, Value> {
    let mut members = Map::new();
    let first = parts.first();
    insert(&mut members, "combine_appid", first.map(|order| &order.appid));
    insert(&mut members, "combine_mchid", Some(mchid));
    insert(&mut members, "combine_out_trade_no", Some(number));
    // Documented as always there; before the payment there is no number yet.
    let id = first.and_then(|order| order.transaction_id.clone()).unwrap_or_default();
    insert(
        &mut members,
        "combine_transaction_id",
        Some(id.replacen("4200", "4201", 1)),
    );
    if let Some(device_id) = first.and_then(|order| order.device_id.as_ref()) {
        members.insert("scene_info".to_owned(), json!({ "device_id": device_id }));
    }
    members.insert("sub_orders".to_owned(), parts.iter().map(part).collect());
    if let Some(openid) = first.and_then(|order| order.payer.as_ref()) {
        members.insert("combine_payer_info".to_owned(), json!({ "openid": openid }));
    }
    members
}

fn part(order: &Order) -> Value {
    let mut members = Map::new();
    insert(&mut members, "mchid", Some(&order.mchid));
    insert(&mut members, "sub_mchid", order.sub_mchid.as_ref());
    insert(&mut members, "sub_appid", order.sub_appid.as_ref());
    insert(&mut members, "sub_openid", order.sub_payer.as_ref());
    insert(&mut members, "out_trade_no", Some(&order.out_trade_no));
    insert(&mut members, "transaction_id", order.transaction_id.as_ref());
    members.insert("trade_type".to_owned(), json!(order.trade_type));
    members.insert("trade_state".to_owned(), json!(order.trade_state));
    insert(&mut members, "bank_type", order.bank_type.as_ref());
    insert(&mut members, "attach", order.attach.as_ref());
    insert(&mut members, "success_time", order.paid_at.map(clock::rfc3339));
    let amount = json!({
        "total_amount": order.total,
        "payer_amount": order.total,
        "currency": order.currency,
        "payer_currency": order.currency,
    });
    members.insert("amount".to_owned(), amount);
    Value::Object(members)
}

/// Closes the orders that the request lists.
fn close(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let parts = find(edit, request.path("combine_out_trade_no"));
    let appid = required(request, "combine_appid")?;
    let first = parts.first().ok_or_else(orders::not_found)?;
    if first.appid != appid {
        return Err(invalid_request("combine_appid与下单时不一致"));
    }
    let items = request.field("sub_orders").as_array().map(Vec::len).unwrap_or_default();
    if items == 0 {
        return Err(invalid("body", "sub_orders", "必填"));
    }
    for index in 0..items {
        let number = required(request, &format!("sub_orders[{index}].out_trade_no"))?;
        let order = parts.iter().find(|order| order.out_trade_no == number);
        orders::close_order(edit, order.ok_or_else(orders::not_found)?.clone())?;
    }
    Ok(().into())
}

/// The payer pays the orders of a combination, by its number. One notification follows.
pub(crate) fn pay(edit: &mut Edit<'_>, number: &str, cause: Cause) -> Result<Order, StateError> {
    let parts = find(edit, number);
    if let Some(over) = parts.iter().find(|order| !is_open(order)) {
        return Err(orders::wrong_state(over));
    }
    let payer = parts
        .first()
        .and_then(|order| order.payer.clone())
        .unwrap_or_else(|| edit.openid());
    let mut paid = Vec::new();
    for order in parts {
        let payer = Some(payer.clone());
        paid.push(orders::paid(edit, Order { payer, ..order }, cause));
    }
    let first = paid
        .first()
        .ok_or_else(|| StateError::not_found(Subject::Order, number))?;
    let event = Event {
        event_type: "TRANSACTION.SUCCESS",
        summary: "支付成功",
        original_type: "transaction",
        kind: Subject::Order,
        number: number.to_owned(),
        resource: Value::Object(view(edit.mchid, number, &paid)),
    };
    deliveries::notify(edit, first.notify_url.as_deref(), event);
    Ok(first.clone())
}
