//! A request against its description. What differs is refused as the service refuses it: PARAM_ERROR, with a `detail` that
//! names the field.

use serde_json::Value;
use wechatpay_catalogue::description::{
    Algorithm, Body, Kind, Operation, Parameter, Place, Property, Rule, Schema, Secrets, Upload, Violation,
};
use wechatpay_core::endpoint::DigestAlgorithm;

use crate::request::{
    Inner,
    field::{Field, Location},
    refusal::Refusal,
    route::{self, PathValues},
};

/// Refuses a request that is not as described. Its ciphertexts are decrypted: limits are those of the plaintext. Members
/// that are not described are ignored, as the service ignores them.
pub(crate) fn check(operation: &Operation, request: &Inner) -> Result<(), Refusal> {
    let path = route::values(&operation.path, request.raw_path()).unwrap_or_default();
    for parameter in &operation.parameters {
        check_parameter(parameter, &path, request)?;
    }
    match &operation.body {
        None => Ok(()),
        Some(Body::Json(schema)) => check_body(schema, &request.json),
        Some(Body::Upload(upload)) => check_upload(upload, request),
    }
}

fn check_parameter(parameter: &Parameter, path: &PathValues, request: &Inner) -> Result<(), Refusal> {
    let Parameter {
        place,
        name,
        required,
        schema,
        ..
    } = parameter;
    let same = |known: &str| known == name;
    let checked = |location, text: &str| {
        let checked = schema.check_text(text, *required);
        checked.map_err(|violation| refusal(location, name, violation, Some(text.into())))
    };
    let missing = |location| match required {
        true => Err(missing(location, name, schema)),
        false => Ok(()),
    };
    match place {
        Place::Path => match path.iter().find(|(known, _)| same(known)) {
            Some((_, text)) => checked(Location::Path, text),
            None => missing(Location::Path),
        },
        Place::Query => {
            let mut values = request.query.iter().filter(|(known, _)| same(known)).peekable();
            if values.peek().is_none() {
                return missing(Location::Query);
            }
            values.try_for_each(|(_, text)| checked(Location::Query, text))
        }
        Place::Header => match request.headers.get(name).map(|value| value.to_str()) {
            Some(Ok(text)) => checked(Location::Header, text),
            Some(Err(_)) => checked(Location::Header, ""),
            None => missing(Location::Header),
        },
    }
}

fn check_body(schema: &Schema, json: &Value) -> Result<(), Refusal> {
    // No body at all: what is missing is its first required member.
    let nothing = Value::Object(serde_json::Map::new());
    let json = if json.is_null() { &nothing } else { json };
    schema.check(json, Secrets::Decrypted).map_err(|violation| {
        let value = json.pointer(&violation.pointer).cloned();
        refusal(Location::Body, "", violation, value)
    })
}

fn check_upload(upload: &Upload, request: &Inner) -> Result<(), Refusal> {
    check_body(&upload.meta, &request.json)?;
    let part = |name: &str| request.parts.iter().find(|part| part.name() == name);
    let Some(file) = part(&upload.file) else {
        return Err(missing(Location::Body, &upload.file, &Schema::default()));
    };
    for Property {
        name, required, schema, ..
    } in &upload.form
    {
        match part(name).map(|part| String::from_utf8_lossy(part.bytes())) {
            Some(text) => schema
                .check_text(&text, *required)
                .map_err(|violation| refusal(Location::Body, name, violation, Some((&*text).into())))?,
            None if *required => return Err(missing(Location::Body, name, schema)),
            None => {}
        }
    }
    let sent = upload
        .digest
        .as_deref()
        .and_then(|digest| Some((digest, request.json.get(digest)?.as_str()?)));
    let Some((digest, sent)) = sent else { return Ok(()) };
    let algorithm = match upload.algorithm {
        Algorithm::Sha256 => DigestAlgorithm::Sha256,
        Algorithm::Sm3 => DigestAlgorithm::Sm3,
    };
    if algorithm.hex(file.bytes()).eq_ignore_ascii_case(sent) {
        return Ok(());
    }
    let pointer = format!("/{digest}");
    let field = Field {
        location: Location::Body,
        pointer: &pointer,
    };
    let name = upload.algorithm.as_str();
    Err(field.refuse(
        format!("文件的{name}摘要与“{field}”不一致"),
        &format!("the file has another {name} digest"),
        Some(sent.into()),
    ))
}

fn missing(location: Location, name: &str, schema: &Schema) -> Refusal {
    let pointer = format!("/{name}");
    let field = Field {
        location,
        pointer: &pointer,
    };
    absent(&field, schema)
}

fn absent(field: &Field<'_>, schema: &Schema) -> Refusal {
    field.refuse(
        format!(
            "输入源“{field}”映射到字段“{}”必填性规则校验失败，此字段为必填项",
            title(schema, field.pointer)
        ),
        "the value is required",
        Some("".into()),
    )
}

/// The official name of a field; the name on the wire if it has no official name.
fn title<'a>(schema: &'a Schema, pointer: &'a str) -> &'a str {
    let name = pointer
        .rsplit('/')
        .find(|step| step.parse::<usize>().is_err())
        .unwrap_or(pointer);
    schema.title.as_deref().unwrap_or(name)
}

/// What a field must be, in the service's words.
fn kind(schema: &Schema) -> &'static str {
    match schema.kind {
        Kind::String if schema.json.is_some() => "一个合法的 Json 字符串",
        Kind::String => "一个 string 类型的 Json 值",
        Kind::Boolean => "一个 bool 类型的 Json 值",
        Kind::Array => "一个合法的 Json 数组",
        Kind::Object | Kind::Any => "一个合法的 Json 对象",
        Kind::Integer | Kind::Number if schema.format.as_deref() == Some("uint64") => "一个合法的 64 位无符号整数",
        Kind::Integer | Kind::Number if schema.is_whole() => "一个合法的 64 位有符号整数",
        Kind::Integer | Kind::Number => "一个合法的数值",
    }
}

/// `parameter` is the name of a value beside the body. `value` is what was sent.
fn refusal(location: Location, parameter: &str, violation: Violation<'_>, value: Option<Value>) -> Refusal {
    let Violation {
        pointer, schema, rule, ..
    } = violation;
    let pointer = match parameter {
        "" => pointer,
        name => format!("/{name}{pointer}"),
    };
    let field = Field {
        location,
        pointer: &pointer,
    };
    let value = value.filter(|_| !schema.sensitive);
    let title = title(schema, &pointer);
    let mapping = |needs: &str, issue: &str, value| {
        let json = if location == Location::Body { " JSON " } else { "" };
        let message = format!("无法将{json}输入源“{field}”映射到目标字段“{title}”中，此字段需要{needs}");
        field.refuse(message, issue, value)
    };
    let rule_of = |of: &str, what: String, issue: String, value| {
        let message = format!("输入源“{field}”映射到{of}字段“{title}”{what}");
        field.refuse(message, &issue, value)
    };
    // The service gives the length as the value of a text that has the wrong one.
    let length_of = |of: &str, what: &str, length: u64, limit: u64, least: bool| {
        let (compared, allowed) = match least {
            true => ("小于最小值", "at least"),
            false => ("大于最大值", "at most"),
        };
        let (unit, issue) = match of {
            "值" => ("字符数", "characters"),
            _ => ("元素个数", "items"),
        };
        rule_of(
            of,
            format!("{what}校验失败，{unit} {length}，{compared} {limit}"),
            format!("the value has {length} {issue}, {allowed} {limit} are allowed"),
            Some(length.into()),
        )
    };
    match rule {
        Rule::Required => absent(&field, schema),
        Rule::MinLength { length, limit } => length_of("值", "字符串规则", length, limit, true),
        Rule::MaxLength { length, limit } => length_of("值", "字符串规则", length, limit, false),
        Rule::MinItems { length, limit } => length_of("数组", "规则", length, limit, true),
        Rule::MaxItems { length, limit } => length_of("数组", "规则", length, limit, false),
        Rule::Minimum(limit) => rule_of(
            "数值",
            format!("规则校验失败，值低于最小值 {limit}"),
            format!("the value is less than {limit}"),
            value,
        ),
        Rule::Maximum(limit) => rule_of(
            "数值",
            format!("规则校验失败，值高于最大值 {limit}"),
            format!("the value is greater than {limit}"),
            value,
        ),
        Rule::Listed => mapping("一个合法的枚举值", "the value is not one of the documented ones", value),
        _ => mapping(
            kind(schema),
            &format!("the value is not of the type {}", schema.kind.as_str()),
            value,
        ),
    }
}
