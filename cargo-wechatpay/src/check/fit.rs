//! Whether a Rust type matches a described type, and the message if it does not.

use crate::language::{Language, text};
use crate::rust::shape::Shape;
use serde_json::Value;
use wechatpay_catalogue::description::{Kind as JsonKind, Schema};

/// The message about a type that does not match.
pub(super) fn mismatch(schema: &Schema, shape: &Shape, place: &str, language: Language) -> (String, String) {
    let (wanted, is) = (words_of(schema, language), words_for(shape, language));
    let kind = rust_type(schema);
    if schema.is_whole() && matches!(shape, Shape::Float) {
        return (
            text!(
                language,
                "`{place}` has no fraction, but its type is a float",
                "{place} 没有小数，却声明为浮点数"
            ),
            text!(language, "use `i64`: amounts are in fen", "使用 i64，金额单位为分"),
        );
    }
    if schema.json.is_some() && matches!(shape, Shape::Object(..) | Shape::List(_)) {
        return (
            text!(
                language,
                "`{place}` is a string that holds JSON",
                "{place} 是内容为 JSON 的字符串"
            ),
            text!(language, "wrap the type in `JsonString`", "用 JsonString 包装该类型"),
        );
    }
    (
        text!(
            language,
            "`{place}` is {wanted}, but its type is {is}",
            "{place} 应为{wanted}，却声明为{is}"
        ),
        if kind.contains("..") {
            String::new()
        } else {
            text!(language, "use `{kind}`", "使用 {kind}")
        },
    )
}

/// Whether a scalar type matches. If the documented example has another type, the description is uncertain.
pub(super) fn fits(schema: &Schema, shape: &Shape) -> bool {
    let as_described = match schema.kind {
        JsonKind::Any => true,
        JsonKind::String => matches!(
            shape,
            Shape::Text | Shape::ClosedText | Shape::Secret | Shape::JsonText(_)
        ),
        JsonKind::Integer => matches!(shape, Shape::Integer),
        JsonKind::Number if schema.is_whole() => matches!(shape, Shape::Integer),
        JsonKind::Number => matches!(shape, Shape::Integer | Shape::Float),
        JsonKind::Boolean => matches!(shape, Shape::Boolean),
        JsonKind::Array => matches!(shape, Shape::List(_)),
        JsonKind::Object => matches!(shape, Shape::Object(..) | Shape::Map),
    };
    let as_example = match (&schema.example, schema.kind) {
        (_, JsonKind::Array | JsonKind::Object) | (None, _) => false,
        (Some(Value::String(_)), JsonKind::Integer | JsonKind::Number | JsonKind::Boolean) => {
            matches!(shape, Shape::Text | Shape::ClosedText)
        }
        (Some(Value::Number(_)), JsonKind::String | JsonKind::Boolean) => {
            matches!(shape, Shape::Integer | Shape::Float)
        }
        (Some(Value::Bool(_)), JsonKind::String | JsonKind::Integer | JsonKind::Number) => {
            matches!(shape, Shape::Boolean)
        }
        (Some(Value::Object(_)), JsonKind::String) => matches!(shape, Shape::Object(..)),
        (Some(Value::Array(_)), JsonKind::String) => matches!(shape, Shape::List(_)),
        _ => false,
    };
    as_described || as_example
}

fn words_of(schema: &Schema, language: Language) -> &'static str {
    match schema.kind {
        JsonKind::Any => language.pick("any JSON", "任意 JSON"),
        JsonKind::String => language.pick("a string", "字符串"),
        JsonKind::Integer => language.pick("an integer", "整数"),
        JsonKind::Number if schema.is_whole() => language.pick("an integer", "整数"),
        JsonKind::Number => language.pick("a number", "数字"),
        JsonKind::Boolean => language.pick("a boolean", "布尔值"),
        JsonKind::Array => language.pick("a list", "列表"),
        JsonKind::Object => language.pick("an object", "对象"),
    }
}

fn words_for(shape: &Shape, language: Language) -> &'static str {
    match shape {
        Shape::Text | Shape::ClosedText | Shape::Secret => language.pick("a string", "字符串"),
        Shape::JsonText(_) => language.pick("a string that holds JSON", "内容为 JSON 的字符串"),
        Shape::Integer => language.pick("an integer", "整数"),
        Shape::Float => language.pick("a float", "浮点数"),
        Shape::Boolean => language.pick("a boolean", "布尔值"),
        Shape::List(_) => language.pick("a list", "列表"),
        Shape::Object(..) | Shape::Map => language.pick("an object", "对象"),
        Shape::Unit => language.pick("`()`", "()"),
        Shape::Download => language.pick("a file", "文件"),
        Shape::Upload => language.pick("an upload", "上传文件"),
        Shape::Any | Shape::Unknown(_) => language.pick("any JSON", "任意 JSON"),
    }
}

/// The type that a person would declare.
pub(super) fn rust_type(schema: &Schema) -> String {
    match schema.kind {
        JsonKind::String if schema.sensitive => "Sensitive<String>".to_owned(),
        JsonKind::String => "String".to_owned(),
        JsonKind::Boolean => "bool".to_owned(),
        JsonKind::Integer => "i64".to_owned(),
        JsonKind::Number if schema.is_whole() => "i64".to_owned(),
        JsonKind::Number => "f64".to_owned(),
        JsonKind::Array => format!(
            "Vec<{}>",
            schema.items.as_deref().map_or_else(|| "..".to_owned(), rust_type)
        ),
        JsonKind::Object => "..".to_owned(),
        JsonKind::Any => "serde_json::Value".to_owned(),
    }
}

/// Whether a shape is known well enough to be compared.
pub(super) fn is_known(shape: &Shape) -> bool {
    !matches!(shape, Shape::Unknown(_) | Shape::Any | Shape::Map)
}
