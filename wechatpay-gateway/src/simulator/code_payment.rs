//! Code payment (付款码支付): the shop scans the payer's code, and the money moves at once or after a password.

use http::StatusCode;
use serde_json::{Map, Value};
use wechatpay_core::notification::payload::TradeState;

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    response::GatewayResponse,
    simulator::{
        model::{Cause, Order, OrderKind},
        operation::{Operation, Outcome, invalid_request, once, required},
        orders::{self, insert, is_partner},
        state::Edit,
    },
};

/// Above so many fen the payer has to type the password: 1,000 yuan.
const WITHOUT_PASSWORD: i64 = 100_000;

pub(crate) const OPERATIONS: [(&str, &str, Operation); 4] = [
    ("POST", "/v3/pay/transactions/codepay", pay),
    ("POST", "/v3/pay/partner/transactions/codepay", pay),
    (
        "POST",
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse",
        reverse,
    ),
    (
        "POST",
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse",
        reverse,
    ),
];

fn pay(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    check_code(required(request, "payer.auth_code")?)?;
    let order = Order {
        // There is nobody to notify.
        notify_url: None,
        ..orders::draft(edit, request, OrderKind::CodePay)?
    };
    let number = order.out_trade_no.clone();
    once(
        edit,
        request,
        ("out_trade_no", &number),
        |edit| {
            orders::refuse_used(edit, &number)?;
            let order = if order.total > WITHOUT_PASSWORD {
                let mut order = order;
                order.move_to(TradeState::UserPaying, edit.now, Cause::Payer);
                edit.put(order.clone());
                order
            } else {
                orders::paid(edit, order, Cause::Payer)
            };
            Ok(outcome(&order))
        },
        |edit| {
            orders::find(edit, &number)
                .map(|order| outcome(&order))
                .ok_or_else(orders::not_found)
        },
    )
}

/// A payment code has 18 digits and begins with 10 to 15.
fn check_code(code: &str) -> Result<(), Refusal> {
    let prefix = code.get(..2).and_then(|prefix| prefix.parse::<u8>().ok());
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if code.len() == 18 && digits && prefix.is_some_and(|prefix| (10..=15).contains(&prefix)) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::BAD_REQUEST,
        "AUTH_CODE_INVALID",
        "付款码无效，请扫描用户出示的付款码",
    ))
}

/// What a code payment responds, by what became of it.
fn outcome(order: &Order) -> GatewayResponse {
    match order.trade_state {
        TradeState::Success => Value::Object(orders::transaction(order)).into(),
        TradeState::PayError => Refusal::new(
            StatusCode::FORBIDDEN,
            "TRADE_ERROR",
            "交易失败，请用户更换支付方式后重新支付",
        )
        .response(),
        _ => orders::not_payable(order).response(),
    }
}

/// 撤销: the order is closed, and the money goes back if it was paid.
fn reverse(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let partner = is_partner(request);
    let (mchid, sub_mchid) = if partner {
        (required(request, "sp_mchid")?, Some(required(request, "sub_mchid")?))
    } else {
        (required(request, "mchid")?, None)
    };
    let mut order = orders::find(edit, request.path("out_trade_no")).ok_or_else(orders::not_found)?;
    orders::check_owner(edit, &order, mchid, sub_mchid)?;
    if order.kind != OrderKind::CodePay {
        return Err(invalid_request("只有付款码支付的订单可以撤销，其他订单请关单或退款"));
    }
    match order.trade_state {
        TradeState::Refund => return Err(invalid_request("订单已转入退款，不能撤销")),
        TradeState::Revoked => {}
        _ => {
            order.move_to(TradeState::Revoked, edit.now, Cause::Merchant);
            edit.put(order.clone());
        }
    }
    let mut members = Map::new();
    let names = if partner {
        ["sp_appid", "sp_mchid"]
    } else {
        ["appid", "mchid"]
    };
    insert(&mut members, names[0], Some(&order.appid));
    insert(&mut members, names[1], Some(&order.mchid));
    insert(&mut members, "sub_mchid", order.sub_mchid.as_ref());
    insert(&mut members, "out_trade_no", Some(&order.out_trade_no));
    Ok(Value::Object(members).into())
}
