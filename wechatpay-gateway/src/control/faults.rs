//! Faults by name, for who is not in this program.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    control::reply::Problem,
    fault::{Fault, flood::Framing},
    lock::lock,
    service::Service,
};

/// A fault that can be asked for: its name, its parameters with a good value for each, and what it does.
struct Known {
    name: &'static str,
    parameters: &'static [(&'static str, Usual)],
    english: &'static str,
    chinese: &'static str,
}

/// The type of a parameter, and the value that it has where none is given.
#[derive(Clone, Copy)]
enum Usual {
    Number(i64),
    Text(&'static str),
    Flag(bool),
    /// A list of texts.
    Texts(&'static [&'static str]),
    Json(&'static str),
}

use Usual::{Flag, Json, Number, Text, Texts};

macro_rules! known {
    ($($name:literal { $($parameter:literal: $default:expr),* } $english:literal $chinese:literal)*) => {
        &[$(Known { name: $name, parameters: &[$(($parameter, $default)),*], english: $english, chinese: $chinese }),*]
    };
}

const SIGNATURE_HEADERS: &[&str] = &["Wechatpay-Signature"];

const KNOWN: &[Known] = known! {
    "commit_then_fail" { "status": Number(500) } "executes, then responds with SYSTEM_ERROR" "执行后返回 SYSTEM_ERROR"
    "fail_then_commit" { "status": Number(500), "after_ms": Number(1000) } "responds with SYSTEM_ERROR, and executes later" "先返回 SYSTEM_ERROR，稍后才执行"
    "delay_before" { "ms": Number(3000) } "waits, then executes and responds" "等待一段时间后才执行并应答"
    "delay_after" { "ms": Number(3000) } "executes, waits, then responds" "执行后等待一段时间才应答"
    "reset" { "committed": Flag(true) } "resets the connection instead of a response" "不应答，直接重置连接"
    "reset_in_request" {} "resets the connection while the request is on its way" "请求尚未收完就重置连接"
    "close_midway" { "after": Number(120) } "closes the connection in the middle of the response" "应答发到一半就关闭连接"
    "close_after_response" {} "closes the connection after the response without announcing it" "应答后关闭连接，且不事先声明"
    "silence" { "committed": Flag(true) } "says nothing" "不应答也不断开"
    "slow_headers" { "pause_ms": Number(50) } "the response headers come byte by byte" "应答头逐字节发送"
    "slow_body" { "pause_ms": Number(50) } "the response body comes byte by byte" "应答体逐字节发送"
    "endless_headers" {} "response headers without end" "应答头没有尽头"
    "endless_interim" {} "interim responses (103) without end" "不断返回 103 中间应答"
    "flood" { "bytes": Number(1 << 30), "framing": Text("declared") } "a response of this many bytes; framing: declared, chunked, gzip" "超大应答体；framing：declared、chunked、gzip"
    "chunked" {} "the right response, chunked; nothing is wrong with it" "正确的应答，以 chunked 传输"
    "wrong_key" {} "signed with a key that nobody knows" "用陌生的密钥签名"
    "swapped_key" {} "signed with another key than the serial names" "签名所用的密钥与序列号不符"
    "unknown_serial" {} "signed under a serial that nobody knows" "签名的序列号未知"
    "rotate" {} "changes to a new key between request and response" "在请求与应答之间更换密钥"
    "stale" { "seconds": Number(-600) } "the timestamp of the response is this many seconds off" "应答的时间戳偏差若干秒"
    "timestamp" { "text": Text("yesterday") } "this text in Wechatpay-Timestamp" "Wechatpay-Timestamp 为指定文本"
    "missing_headers" { "names": Texts(SIGNATURE_HEADERS) } "these headers are missing" "缺少指定的应答头"
    "duplicate_header" { "name": Text("Wechatpay-Signature"), "value": Text("AAAA"), "wrong_first": Flag(true) } "a header comes twice" "某个应答头出现两次"
    "replace_header" { "name": Text("Wechatpay-Nonce"), "value": Text("changed") } "a header has this value, changed after signing" "签名后改动某个应答头"
    "unsigned" {} "no signature headers" "没有签名头"
    "signature_probe" {} "a signature probe" "签名探测流量"
    "flipped_bit" { "bit": Number(42) } "one bit of the body is flipped after signing" "签名后翻转应答体的一个比特"
    "pretty_printed" {} "the body is formatted again after signing" "签名后重新排版应答体"
    "byte_order_mark" {} "a byte order mark before the body, put there after signing" "签名后在应答体前加 BOM"
    "gzip" {} "the body is compressed after signing" "签名后用 gzip 压缩应答体"
    "changed_status" { "status": Number(204) } "another status with the right, signed body" "应答体正确，状态码被改"
    "status" { "status": Number(400), "body": Json(r#"{"code":"PARAM_ERROR","message":"参数错误"}"#), "committed": Flag(false) } "a signed response of your own" "自定义的应答（有签名）"
    "html" { "status": Number(200) } "an unsigned page of a proxy" "代理返回的 HTML 页面（无签名）"
    "redirect" { "status": Number(302), "location": Text("https://example.com/") } "redirects, unsigned" "重定向（无签名）"
    "too_many_requests" { "retry_after": Text("1") } "429 FREQUENCY_LIMITED" "429 频率超限"
    "early_response" {} "413 while the body is still on its way" "请求体未收完就返回 413"
};

/// Every fault with its parameters, and the faults that are waiting for their request.
pub(crate) fn list(service: &Service) -> Value {
    let waiting: Vec<_> = lock(&service.faults)
        .waiting()
        .map(|(path, fault)| json!({ "path": path, "fault": name(fault), "description": format!("{fault:?}") }))
        .collect();
    json!({ "waiting": waiting, "known": KNOWN.iter().map(Known::show).collect::<Vec<_>>() })
}

/// Adds a fault: `{"fault": "reset", "path": "/v3/…", "committed": true}`.
pub(crate) fn add(service: &Service, given: &Value) -> Result<Value, Problem> {
    let wrong = || {
        Problem::bad_request(
            "the body must be a JSON object with the name of a fault in `fault`",
            "请求体须为 JSON 对象，并用 fault 指定故障名",
        )
    };
    let given = given.as_object().ok_or_else(wrong)?;
    let name = given.get("fault").and_then(Value::as_str).ok_or_else(wrong)?;
    let path = match given.get("path") {
        None | Some(Value::Null) => None,
        Some(path) => Some(path.as_str().ok_or_else(|| wrong_parameter("path"))?).filter(|path| !path.is_empty()),
    };
    let known = KNOWN
        .iter()
        .find(|known| known.name == name)
        .ok_or_else(|| Problem::bad_request(format!("no fault is called {name}"), format!("没有名为 {name} 的故障")))?;
    let unknown = given
        .keys()
        .find(|key| !matches!(key.as_str(), "fault" | "path") && !known.parameters.iter().any(|(name, _)| name == key));
    if let Some(unknown) = unknown {
        return Err(Problem::bad_request(
            format!("the fault {name} has no parameter {unknown}"),
            format!("故障 {name} 没有参数 {unknown}"),
        ));
    }
    let fault = fault(known, &Given { known, given })?;
    lock(&service.faults).add(path, fault);
    Ok(list(service))
}

impl Known {
    fn show(&self) -> Value {
        let parameters: Vec<_> = self
            .parameters
            .iter()
            .map(|(name, default)| json!({ "name": name, "type": default.kind(), "default": default.value() }))
            .collect();
        json!({ "fault": self.name, "parameters": parameters, "en": self.english, "zh": self.chinese })
    }
}

impl Usual {
    fn kind(self) -> &'static str {
        match self {
            Number(_) => "integer",
            Text(_) => "string",
            Flag(_) => "boolean",
            Texts(_) => "string[]",
            Json(_) => "object",
        }
    }

    fn value(self) -> Value {
        match self {
            Number(number) => number.into(),
            Text(text) => text.into(),
            Flag(flag) => flag.into(),
            Texts(texts) => texts.into(),
            Json(text) => serde_json::from_str(text).unwrap_or_default(),
        }
    }
}

/// The parameters that were given; the others have their defaults.
struct Given<'a> {
    known: &'a Known,
    given: &'a Map<String, Value>,
}

impl Given<'_> {
    fn get(&self, name: &str) -> Value {
        let default = || {
            let parameters = self.known.parameters.iter();
            let mut found = parameters.filter(|(known, _)| *known == name);
            found.next().map_or(Value::Null, |(_, default)| default.value())
        };
        self.given.get(name).cloned().unwrap_or_else(default)
    }

    fn number<N: TryFrom<i64>>(&self, name: &str) -> Result<N, Problem> {
        let number = self.get(name).as_i64().and_then(|number| N::try_from(number).ok());
        number.ok_or_else(|| wrong_parameter(name))
    }

    fn status(&self) -> Result<u16, Problem> {
        let status: u16 = self.number("status")?;
        if (200..=999).contains(&status) {
            Ok(status)
        } else {
            Err(wrong_parameter("status"))
        }
    }

    /// At most ten minutes.
    fn milliseconds(&self, name: &str) -> Result<Duration, Problem> {
        let milliseconds: u64 = self.number(name)?;
        if milliseconds > 600_000 {
            return Err(wrong_parameter(name));
        }
        Ok(Duration::from_millis(milliseconds))
    }

    fn text(&self, name: &str) -> Result<String, Problem> {
        let text = self.get(name);
        text.as_str().map(str::to_owned).ok_or_else(|| wrong_parameter(name))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let texts = self.get(name);
        let texts = texts.as_array().ok_or_else(|| wrong_parameter(name))?;
        let texts = texts.iter().map(|text| text.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().ok_or_else(|| wrong_parameter(name))
    }

    fn flag(&self, name: &str) -> Result<bool, Problem> {
        self.get(name).as_bool().ok_or_else(|| wrong_parameter(name))
    }
}

fn wrong_parameter(name: &str) -> Problem {
    Problem::bad_request(
        format!("the parameter {name} has the wrong type or is out of range"),
        format!("参数 {name} 的类型错误或超出范围"),
    )
}

fn fault(known: &Known, given: &Given<'_>) -> Result<Fault, Problem> {
    Ok(match known.name {
        "commit_then_fail" => Fault::CommitThenFail {
            status: given.status()?,
        },
        "fail_then_commit" => Fault::FailThenCommit {
            status: given.status()?,
            after: given.milliseconds("after_ms")?,
        },
        "delay_before" => Fault::DelayBefore(given.milliseconds("ms")?),
        "delay_after" => Fault::DelayAfter(given.milliseconds("ms")?),
        "reset" => Fault::Reset {
            committed: given.flag("committed")?,
        },
        "reset_in_request" => Fault::ResetInRequest,
        "close_midway" => Fault::CloseMidway {
            after: given.number("after")?,
        },
        "close_after_response" => Fault::CloseAfterResponse,
        "silence" => Fault::Silence {
            committed: given.flag("committed")?,
        },
        "slow_headers" => Fault::SlowHeaders {
            pause: given.milliseconds("pause_ms")?,
        },
        "slow_body" => Fault::SlowBody {
            pause: given.milliseconds("pause_ms")?,
        },
        "endless_headers" => Fault::EndlessHeaders,
        "endless_interim" => Fault::EndlessInterim,
        "flood" => Fault::Flood {
            bytes: given.number("bytes")?,
            framing: match given.text("framing")?.as_str() {
                "declared" => Framing::Declared,
                "chunked" => Framing::Chunked,
                "gzip" => Framing::Gzip,
                _ => return Err(wrong_parameter("framing")),
            },
        },
        "chunked" => Fault::Chunked,
        "wrong_key" => Fault::WrongKey,
        "swapped_key" => Fault::SwappedKey,
        "unknown_serial" => Fault::UnknownSerial,
        "rotate" => Fault::Rotate,
        "stale" => Fault::Stale {
            seconds: given.number("seconds")?,
        },
        "timestamp" => Fault::Timestamp(given.text("text")?),
        "missing_headers" => Fault::MissingHeaders(given.texts("names")?),
        "duplicate_header" => Fault::DuplicateHeader {
            name: given.text("name")?,
            value: given.text("value")?,
            wrong_first: given.flag("wrong_first")?,
        },
        "replace_header" => Fault::ReplaceHeader {
            name: given.text("name")?,
            value: given.text("value")?,
        },
        "unsigned" => Fault::Unsigned,
        "signature_probe" => Fault::SignatureProbe,
        "flipped_bit" => Fault::FlippedBit(given.number("bit")?),
        "pretty_printed" => Fault::PrettyPrinted,
        "byte_order_mark" => Fault::ByteOrderMark,
        "gzip" => Fault::Gzip,
        "changed_status" => Fault::ChangedStatus(given.status()?),
        "status" => Fault::Status {
            status: given.status()?,
            body: given.get("body"),
            committed: given.flag("committed")?,
        },
        "html" => Fault::Html {
            status: given.status()?,
        },
        "redirect" => Fault::Redirect {
            status: given.status()?,
            location: given.text("location")?,
        },
        "too_many_requests" => Fault::TooManyRequests {
            retry_after: match given.get("retry_after") {
                Value::Null => None,
                _ => Some(given.text("retry_after")?),
            },
        },
        "early_response" => Fault::EarlyResponse,
        _ => return Err(wrong_parameter("fault")),
    })
}

/// The name of a fault. A new fault needs one.
pub(crate) fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::CommitThenFail { .. } => "commit_then_fail",
        Fault::FailThenCommit { .. } => "fail_then_commit",
        Fault::DelayBefore(_) => "delay_before",
        Fault::DelayAfter(_) => "delay_after",
        Fault::Reset { .. } => "reset",
        Fault::ResetInRequest => "reset_in_request",
        Fault::CloseMidway { .. } => "close_midway",
        Fault::CloseAfterResponse => "close_after_response",
        Fault::Silence { .. } => "silence",
        Fault::SlowHeaders { .. } => "slow_headers",
        Fault::SlowBody { .. } => "slow_body",
        Fault::EndlessHeaders => "endless_headers",
        Fault::EndlessInterim => "endless_interim",
        Fault::Flood { .. } => "flood",
        Fault::Chunked => "chunked",
        Fault::WrongKey => "wrong_key",
        Fault::SwappedKey => "swapped_key",
        Fault::UnknownSerial => "unknown_serial",
        Fault::Rotate => "rotate",
        Fault::Stale { .. } => "stale",
        Fault::Timestamp(_) => "timestamp",
        Fault::MissingHeaders(_) => "missing_headers",
        Fault::DuplicateHeader { .. } => "duplicate_header",
        Fault::ReplaceHeader { .. } => "replace_header",
        Fault::Unsigned => "unsigned",
        Fault::SignatureProbe => "signature_probe",
        Fault::FlippedBit(_) => "flipped_bit",
        Fault::PrettyPrinted => "pretty_printed",
        Fault::ByteOrderMark => "byte_order_mark",
        Fault::Gzip => "gzip",
        Fault::ChangedStatus(_) => "changed_status",
        Fault::Status { .. } => "status",
        Fault::Html { .. } => "html",
        Fault::Redirect { .. } => "redirect",
        Fault::TooManyRequests { .. } => "too_many_requests",
        Fault::EarlyResponse => "early_response",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_fault_is_made_from_its_defaults_and_keeps_its_name() {
        for known in KNOWN {
            let given = Map::new();
            let made = fault(known, &Given { known, given: &given }).unwrap();
            assert_eq!(name(&made), known.name);
        }
    }

    #[test]
    fn every_fault_of_the_library_is_known() {
        // The compiler sees to it that `name` names every variant.
        let source = include_str!("faults.rs");
        let (_, names) = source.split_once("pub(crate) fn name(").unwrap();
        let (names, _) = names.split_once("#[cfg(test)]").unwrap();
        for line in names.lines().filter_map(|line| line.split_once("=> \"")) {
            let name = line.1.trim_end_matches("\",");
            assert!(KNOWN.iter().any(|known| known.name == name), "{name}");
        }
        assert_eq!(names.matches("=> \"").count(), KNOWN.len());
    }

    #[test]
    fn a_parameter_of_the_wrong_type_is_refused() {
        for (name, parameter, value) in [
            ("stale", "seconds", json!("600")),
            ("status", "status", json!(99)),
            ("slow_body", "pause_ms", json!(3_600_000)),
            ("missing_headers", "names", json!([1])),
            ("flood", "framing", json!("never")),
        ] {
            let known = KNOWN.iter().find(|known| known.name == name).unwrap();
            let given = Map::from_iter([(parameter.to_owned(), value)]);
            let problem = fault(known, &Given { known, given: &given }).unwrap_err();
            assert!(problem.english.contains(parameter), "{}", problem.english);
        }
    }
}
