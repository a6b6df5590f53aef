//! What operations have in common: reading a request, and executing what a number names once.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    ledger::{self, LedgerRow},
    request::{ReceivedRequest, refusal::Refusal},
    response::GatewayResponse,
    simulator::state::Edit,
};

/// What an operation gives. A refusal leaves the state as it was.
pub(crate) type Outcome = Result<GatewayResponse, Refusal>;

/// An operation of the service.
pub(crate) type Operation = fn(&mut Edit<'_>, &ReceivedRequest) -> Outcome;

/// Executes what a number names, once: a retry with the same parameters gets what `replay` gives, one with other
/// parameters is refused.
pub(crate) fn once(
    edit: &mut Edit<'_>,
    request: &ReceivedRequest,
    (field, number): (&str, &str),
    create: impl FnOnce(&mut Edit<'_>) -> Outcome,
    replay: impl FnOnce(&mut Edit<'_>) -> Outcome,
) -> Outcome {
    match edit.row(field, number) {
        Some(mut row) if row.is_of(request) => {
            row.requests += 1;
            edit.write(row);
            replay(edit)
        }
        Some(mut row) => {
            row.conflicts += 1;
            edit.write(row);
            Ok(ledger::conflict(field))
        }
        None => {
            let response = create(edit)?;
            edit.write(LedgerRow::new(field, number, request, &response));
            Ok(response)
        }
    }
}

/// A member of the body that is needed.
pub(crate) fn required<'a>(request: &'a ReceivedRequest, path: &str) -> Result<&'a str, Refusal> {
    optional(request, path).ok_or_else(|| missing("body", path))
}

/// A text of the body; an empty one counts as none.
pub(crate) fn optional<'a>(request: &'a ReceivedRequest, path: &str) -> Option<&'a str> {
    request.field(path).as_str().filter(|text| !text.is_empty())
}

/// The same as an owned text.
pub(crate) fn owned(request: &ReceivedRequest, path: &str) -> Option<String> {
    optional(request, path).map(str::to_owned)
}

/// A query parameter that is needed.
pub(crate) fn query<'a>(request: &'a ReceivedRequest, name: &str) -> Result<&'a str, Refusal> {
    request
        .query(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| missing("query", name))
}

/// An amount in fen that is needed, at least one.
pub(crate) fn fen(request: &ReceivedRequest, path: &str) -> Result<i64, Refusal> {
    fen_of(request.field(path), path)
}

/// The same of a JSON value. The service also takes whole numbers that are written `100.0`.
pub(crate) fn fen_of(value: &Value, path: &str) -> Result<i64, Refusal> {
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64);
    match value.as_i64().or_else(|| value.as_f64().and_then(whole)) {
        Some(fen) if fen > 0 => Ok(fen),
        _ if value.is_null() => Err(missing("body", path)),
        _ => Err(invalid("body", path, "金额须为大于0的整数，单位为分")),
    }
}

/// The currency of an amount. The default is CNY.
pub(crate) fn currency(request: &ReceivedRequest, path: &str) -> Result<String, Refusal> {
    match optional(request, path) {
        None | Some("CNY") => Ok("CNY".to_owned()),
        Some(_) => Err(invalid("body", path, "货币类型只支持CNY")),
    }
}

/// A business number: so many characters, of digits, letters and `_-|*` and those given.
pub(crate) fn check_number(
    path: &str,
    number: &str,
    lengths: std::ops::RangeInclusive<usize>,
    more: &str,
) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-|*".contains(c) || more.contains(c);
    if lengths.contains(&number.len()) && number.chars().all(allowed) {
        return Ok(());
    }
    let (least, most) = (lengths.start(), lengths.end());
    Err(invalid(
        "body",
        path,
        &format!("须为{least}到{most}个字符的数字、大小写字母或_-|*{more}"),
    ))
}

/// The merchant of a body must be the one that signed.
pub(crate) fn check_mchid(edit: &Edit<'_>, mchid: &str) -> Result<(), Refusal> {
    if mchid == edit.mchid {
        return Ok(());
    }
    Err(invalid_request(
        "Http头Authorization中的mchid与请求参数中的商户号不匹配",
    ))
}

/// 400: a parameter is not as it must be.
pub(crate) fn invalid(location: &str, field: &str, issue: &str) -> Refusal {
    Refusal::param_error(format!("参数错误：{field}{issue}"))
        .detail(json!({ "location": location, "field": field, "issue": issue }))
}

fn missing(location: &str, field: &str) -> Refusal {
    Refusal::param_error(format!("缺少参数{field}"))
        .detail(json!({ "location": location, "field": field, "issue": "必填" }))
}

/// 400: the request is well-formed, but the state does not allow it.
pub(crate) fn invalid_request(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
}
