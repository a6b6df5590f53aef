//! Orders (下单): JSAPI, app, native, H5, of a merchant and of a service provider; query and close.

use http::StatusCode;
use serde_json::{Map, Value, json};
use wechatpay_core::notification::payload::{TradeState, TradeType};

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    response::GatewayResponse,
    simulator::{
        clock,
        deliveries::{self, Event},
        error::StateError,
        model::{Cause, Change, Order, OrderKind, Subject},
        operation::{
            Operation, Outcome, check_mchid, check_number, currency, fen, invalid, invalid_request, once, optional,
            owned, query, required,
        },
        state::Edit,
    },
};

/// How long a prepay id can be used, and an order without `time_expire` be paid, in milliseconds.
const LIFE: i64 = 2 * 3600 * 1000;

/// A day in milliseconds: the `time_expire` of an order is at most so many of them away.
const DAY: i64 = 24 * 3600 * 1000;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 14] = [
    ("POST", "/v3/pay/transactions/jsapi", jsapi),
    ("POST", "/v3/pay/transactions/app", app),
    ("POST", "/v3/pay/transactions/native", native),
    ("POST", "/v3/pay/transactions/h5", h5),
    (
        "GET",
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        query_by_number,
    ),
    ("GET", "/v3/pay/transactions/id/{transaction_id}", query_by_transaction),
    ("POST", "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", close),
    ("POST", "/v3/pay/partner/transactions/jsapi", jsapi),
    ("POST", "/v3/pay/partner/transactions/app", app),
    ("POST", "/v3/pay/partner/transactions/native", native),
    ("POST", "/v3/pay/partner/transactions/h5", h5),
    (
        "GET",
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}",
        query_by_number,
    ),
    (
        "GET",
        "/v3/pay/partner/transactions/id/{transaction_id}",
        query_by_transaction,
    ),
    (
        "POST",
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close",
        close,
    ),
];

fn jsapi(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let openid = if is_partner(request) {
        ["payer.sp_openid", "payer.sub_openid"]
    } else {
        ["payer.openid"; 2]
    };
    if openid.iter().all(|path| optional(request, path).is_none()) {
        return Err(invalid("body", openid[0], "JSAPI支付必须传openid"));
    }
    place(edit, request, OrderKind::Jsapi)
}

fn app(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, OrderKind::App)
}

fn native(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, OrderKind::Native)
}

fn h5(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    place(edit, request, OrderKind::H5)
}

/// Whether a service provider (服务商) calls.
pub(crate) fn is_partner(request: &ReceivedRequest) -> bool {
    request.raw_path().starts_with("/v3/pay/partner/")
}

fn place(edit: &mut Edit<'_>, request: &ReceivedRequest, kind: OrderKind) -> Outcome {
    let order = draft(edit, request, kind)?;
    let number = order.out_trade_no.clone();
    once(
        edit,
        request,
        ("out_trade_no", &number),
        |edit| {
            refuse_used(edit, &number)?;
            let order = with_payment_link(edit, order);
            let response = payment_link(&order);
            edit.put(order);
            Ok(response)
        },
        |edit| {
            let order = find(edit, &number).ok_or_else(not_found)?;
            match &order.trade_state {
                TradeState::NotPay | TradeState::PayError => Ok(payment_link(&order)),
                _ => Err(not_payable(&order)),
            }
        },
    )
}

/// The order that a request describes, not placed yet.
pub(crate) fn draft(edit: &mut Edit<'_>, request: &ReceivedRequest, kind: OrderKind) -> Result<Order, Refusal> {
    let partner = is_partner(request);
    let (mchid, appid, openid) = if partner {
        ("sp_mchid", "sp_appid", "payer.sp_openid")
    } else {
        ("mchid", "appid", "payer.openid")
    };
    let mchid = required(request, mchid)?.to_owned();
    check_mchid(edit, &mchid)?;
    let sub_mchid = if partner {
        Some(required(request, "sub_mchid")?.to_owned())
    } else {
        None
    };
    if sub_mchid.as_ref() == Some(&mchid) {
        return Err(invalid("body", "sub_mchid", "子商户mchid不能与自身mchid相同"));
    }
    let out_trade_no = required(request, "out_trade_no")?.to_owned();
    check_number("out_trade_no", &out_trade_no, 6..=32, "")?;
    let expires_at = match optional(request, "time_expire") {
        Some(text) => {
            let at = clock::parse(text).ok_or_else(|| invalid("body", "time_expire", "须为RFC 3339格式的时间"))?;
            if at <= edit.now || at > edit.now + 15 * DAY {
                return Err(invalid(
                    "body",
                    "time_expire",
                    "订单失效时间须晚于当前时间，且不超过15天",
                ));
            }
            at
        }
        None => edit.now + LIFE,
    };
    let appid = match kind {
        OrderKind::CodePay if partner => owned(request, appid).unwrap_or_default(),
        _ => required(request, appid)?.to_owned(),
    };
    Ok(Order {
        kind,
        mchid,
        sub_mchid,
        appid,
        sub_appid: owned(request, "sub_appid"),
        out_trade_no,
        combine_out_trade_no: None,
        transaction_id: None,
        trade_type: trade_type(kind),
        description: required(request, "description")?.to_owned(),
        attach: owned(request, "attach"),
        notify_url: owned(request, "notify_url"),
        total: fen(request, "amount.total")?,
        currency: currency(request, "amount.currency")?,
        payer: owned(request, openid),
        sub_payer: owned(request, "payer.sub_openid"),
        device_id: owned(request, "scene_info.device_id"),
        profit_sharing: request
            .field("settle_info.profit_sharing")
            .as_bool()
            .unwrap_or_default(),
        prepay_id: None,
        code_url: None,
        h5_url: None,
        trade_state: TradeState::NotPay,
        bank_type: None,
        created_at: edit.now,
        expires_at: Some(expires_at),
        paid_at: None,
        history: vec![Change::new(edit.now, &TradeState::NotPay, Cause::Merchant)],
    })
}

fn trade_type(kind: OrderKind) -> TradeType {
    match kind {
        OrderKind::Jsapi | OrderKind::Combine => TradeType::Jsapi,
        OrderKind::App => TradeType::App,
        OrderKind::Native => TradeType::Native,
        OrderKind::H5 => TradeType::Mweb,
        OrderKind::CodePay => TradeType::MicroPay,
    }
}

/// An order's number can be that of a part of a combined order already.
pub(crate) fn refuse_used(edit: &Edit<'_>, out_trade_no: &str) -> Result<(), Refusal> {
    if edit.get::<Order>(out_trade_no).is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "OUT_TRADE_NO_USED",
        "商户订单号重复",
    ))
}

/// Adds what the payer's app opens.
pub(crate) fn with_payment_link(edit: &mut Edit<'_>, mut order: Order) -> Order {
    let token = edit.token();
    let prepay_id = format!(
        "wx{}{}00",
        clock::compact(edit.now),
        token.get(14..).unwrap_or_default()
    );
    match order.trade_type {
        TradeType::Native => {
            order.code_url = Some(format!(
                "weixin://wxpay/bizpayurl?pr={}",
                token.get(22..).unwrap_or_default()
            ))
        }
        TradeType::Mweb => {
            let page = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb";
            order.h5_url = Some(format!(
                "{page}?prepay_id={prepay_id}&package={}",
                edit.now % 10_000_000_000
            ));
        }
        _ => order.prepay_id = Some(prepay_id),
    }
    order
}

/// What placing an order responds.
pub(crate) fn payment_link(order: &Order) -> GatewayResponse {
    let links = [
        ("prepay_id", &order.prepay_id),
        ("code_url", &order.code_url),
        ("h5_url", &order.h5_url),
    ];
    let links = links
        .into_iter()
        .filter_map(|(name, link)| Some((name.to_owned(), link.as_ref()?.as_str().into())));
    Value::Object(links.collect()).into()
}

/// The order with this number, as it stands now: one whose time is up is closed.
pub(crate) fn find(edit: &mut Edit<'_>, out_trade_no: &str) -> Option<Order> {
    let order = edit.get::<Order>(out_trade_no)?.clone();
    let now = edit.now;
    let order = as_of(order, now);
    if edit.get::<Order>(out_trade_no) != Some(&order) {
        edit.put(order.clone());
    }
    Some(order)
}

/// An order as it stands at a moment.
pub(crate) fn as_of(mut order: Order, now: i64) -> Order {
    let waits = matches!(
        order.trade_state,
        TradeState::NotPay | TradeState::PayError | TradeState::UserPaying
    );
    if let Some(expires_at) = order.expires_at.filter(|at| waits && *at <= now) {
        order.move_to(TradeState::Closed, expires_at, Cause::Clock);
    }
    order
}

pub(crate) fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "订单不存在")
}

/// Why an order cannot be paid or closed any more.
pub(crate) fn not_payable(order: &Order) -> Refusal {
    match order.trade_state {
        TradeState::Closed => Refusal::new(StatusCode::BAD_REQUEST, "ORDER_CLOSED", "该订单已关闭"),
        TradeState::Revoked => Refusal::new(StatusCode::BAD_REQUEST, "ORDER_REVOKED", "该订单已撤销"),
        TradeState::UserPaying => Refusal::new(StatusCode::ACCEPTED, "USERPAYING", "用户支付中，需要输入密码"),
        _ => Refusal::new(StatusCode::BAD_REQUEST, "ORDERPAID", "该订单已支付"),
    }
}

/// The order of a request must be one of its merchant, and of its sub-merchant when a service provider asks.
pub(crate) fn check_owner(edit: &Edit<'_>, order: &Order, mchid: &str, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    check_mchid(edit, mchid)?;
    match (&order.sub_mchid, sub_mchid) {
        (None, None) => Ok(()),
        (Some(known), Some(asked)) if known == asked => Ok(()),
        (Some(_), Some(_)) => Err(invalid_request("子商户号和订单信息不匹配")),
        _ => Err(not_found()),
    }
}

fn query_by_number(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let order = find(edit, request.path("out_trade_no"));
    respond_to_query(edit, request, order)
}

fn query_by_transaction(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let order = edit.order_by_transaction(request.path("transaction_id")).cloned();
    respond_to_query(edit, request, order)
}

fn respond_to_query(edit: &Edit<'_>, request: &ReceivedRequest, order: Option<Order>) -> Outcome {
    let (mchid, sub_mchid) = if is_partner(request) {
        (query(request, "sp_mchid")?, Some(query(request, "sub_mchid")?))
    } else {
        (query(request, "mchid")?, None)
    };
    check_mchid(edit, mchid)?;
    let order = order.ok_or_else(not_found)?;
    check_owner(edit, &order, mchid, sub_mchid)?;
    let mut response = transaction(&order);
    response.insert("description".to_owned(), order.description.as_str().into());
    // Documented as always there; a code payment has none.
    insert(
        &mut response,
        "notify_url",
        Some(order.notify_url.as_deref().unwrap_or_default()),
    );
    if let Some(at) = order.expires_at {
        response.insert("time_expire".to_owned(), clock::rfc3339(at).into());
    }
    Ok(Value::Object(response).into())
}

fn close(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let (mchid, sub_mchid) = if is_partner(request) {
        (required(request, "sp_mchid")?, Some(required(request, "sub_mchid")?))
    } else {
        (required(request, "mchid")?, None)
    };
    check_mchid(edit, mchid)?;
    let order = find(edit, request.path("out_trade_no")).ok_or_else(not_found)?;
    check_owner(edit, &order, mchid, sub_mchid)?;
    if order.kind == OrderKind::CodePay {
        return Err(invalid_request("当前交易不允许进行普通关单，只能撤销"));
    }
    close_order(edit, order)?;
    Ok(().into())
}

/// Closes an order that is not paid.
pub(crate) fn close_order(edit: &mut Edit<'_>, mut order: Order) -> Result<(), Refusal> {
    match order.trade_state {
        TradeState::NotPay | TradeState::PayError => {
            order.move_to(TradeState::Closed, edit.now, Cause::Merchant);
            edit.put(order);
            Ok(())
        }
        _ => Err(not_payable(&order)),
    }
}

/// An order as the service shows it: in the response to a query, and in the notification.
pub(crate) fn transaction(order: &Order) -> Map<String, Value> {
    let mut members = Map::new();
    match &order.sub_mchid {
        Some(sub_mchid) => {
            insert(&mut members, "sp_mchid", Some(&order.mchid));
            insert(
                &mut members,
                "sp_appid",
                Some(&order.appid).filter(|appid| !appid.is_empty()),
            );
            insert(&mut members, "sub_mchid", Some(sub_mchid));
            insert(&mut members, "sub_appid", order.sub_appid.as_ref());
        }
        None => {
            insert(&mut members, "mchid", Some(&order.mchid));
            insert(&mut members, "appid", Some(&order.appid));
        }
    }
    insert(&mut members, "out_trade_no", Some(&order.out_trade_no));
    insert(&mut members, "transaction_id", order.transaction_id.as_ref());
    insert(&mut members, "attach", order.attach.as_ref());
    insert(&mut members, "bank_type", order.bank_type.as_ref());
    members.insert("trade_state".to_owned(), json!(order.trade_state));
    insert(&mut members, "trade_state_desc", Some(describe(&order.trade_state)));
    // An order that nobody has begun to pay has no type yet, unless it was placed for one.
    members.insert("trade_type".to_owned(), json!(order.trade_type));
    if let Some(at) = order.paid_at {
        insert(&mut members, "success_time", Some(clock::rfc3339(at)));
    }
    if let Some(payer) = payer(order) {
        members.insert("payer".to_owned(), payer);
    }
    let amount = json!({
        "total": order.total,
        "payer_total": order.total,
        "currency": order.currency,
        "payer_currency": order.currency,
    });
    members.insert("amount".to_owned(), amount);
    if let Some(device_id) = &order.device_id {
        members.insert("scene_info".to_owned(), json!({ "device_id": device_id }));
    }
    members
}

fn payer(order: &Order) -> Option<Value> {
    let mut payer = Map::new();
    let name = if order.sub_mchid.is_some() {
        "sp_openid"
    } else {
        "openid"
    };
    insert(&mut payer, name, order.payer.as_ref());
    insert(&mut payer, "sub_openid", order.sub_payer.as_ref());
    (!payer.is_empty()).then_some(Value::Object(payer))
}

pub(crate) fn insert(members: &mut Map<String, Value>, name: &str, value: Option<impl Into<String>>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), Value::String(value.into()));
    }
}

/// The state in words (交易状态描述).
fn describe(state: &TradeState) -> &'static str {
    match state {
        TradeState::Success => "支付成功",
        TradeState::Refund => "订单发生过退款，退款详情请查询退款单",
        TradeState::NotPay => "订单未支付",
        TradeState::Closed => "订单已关闭",
        TradeState::Revoked => "订单已撤销",
        TradeState::UserPaying => "用户支付中，需要输入密码",
        TradeState::PayError => "支付失败，请重新下单支付",
        _ => "",
    }
}

/// The payer pays an order. The notification follows.
pub(crate) fn pay(edit: &mut Edit<'_>, out_trade_no: &str, cause: Cause) -> Result<Order, StateError> {
    let order = find_to_pay(edit, out_trade_no)?;
    let order = paid(edit, order, cause);
    let event = Event {
        event_type: "TRANSACTION.SUCCESS",
        summary: "支付成功",
        original_type: "transaction",
        kind: Subject::Order,
        number: order.out_trade_no.clone(),
        resource: Value::Object(transaction(&order)),
    };
    deliveries::notify(edit, order.notify_url.as_deref(), event);
    Ok(order)
}

/// Makes an order a paid one, without a notification.
pub(crate) fn paid(edit: &mut Edit<'_>, mut order: Order, cause: Cause) -> Order {
    order.transaction_id = Some(edit.number("4200", 28));
    order.bank_type = Some("OTHERS".to_owned());
    order.paid_at = Some(edit.now);
    if order.payer.is_none() {
        order.payer = Some(edit.openid());
    }
    order.move_to(TradeState::Success, edit.now, cause);
    edit.put(order.clone());
    order
}

/// An order that the payer can still pay.
pub(crate) fn find_to_pay(edit: &mut Edit<'_>, out_trade_no: &str) -> Result<Order, StateError> {
    let order = find(edit, out_trade_no).ok_or_else(|| StateError::not_found(Subject::Order, out_trade_no))?;
    match order.trade_state {
        TradeState::NotPay | TradeState::PayError | TradeState::UserPaying => Ok(order),
        _ => Err(wrong_state(&order)),
    }
}

pub(crate) fn wrong_state(order: &Order) -> StateError {
    StateError::WrongState {
        kind: Subject::Order,
        number: order.out_trade_no.clone(),
        state: Change::new(0, &order.trade_state, Cause::Console).state,
    }
}

/// The payment fails: the payer's bank refuses it, for instance. The payer can try again.
pub(crate) fn fail_payment(edit: &mut Edit<'_>, out_trade_no: &str, cause: Cause) -> Result<Order, StateError> {
    let mut order = find_to_pay(edit, out_trade_no)?;
    order.move_to(TradeState::PayError, edit.now, cause);
    edit.put(order.clone());
    Ok(order)
}

/// The payer goes away without paying. The order stays as it is, which its history tells.
pub(crate) fn leave_payment(edit: &mut Edit<'_>, out_trade_no: &str, cause: Cause) -> Result<Order, StateError> {
    let mut order = find_to_pay(edit, out_trade_no)?;
    order.move_to(order.trade_state.clone(), edit.now, cause);
    edit.put(order.clone());
    Ok(order)
}
