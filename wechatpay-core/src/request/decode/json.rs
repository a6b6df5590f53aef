//! Decoding JSON with errors that name the field and withhold its value.

use crate::{
    request::decode::position,
    sensitive::scope,
    support::language::{Language, Text, text},
};

/// Why a JSON text does not fit a type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// The path of the field, such as `data[2].amount`; empty for the text as a whole.
    pub(crate) path: String,
    /// What is wrong with it, without its value.
    pub(crate) reason: Text,
}

impl JsonError {
    /// Explains an `error` that serde_json returned for `json`.
    pub(crate) fn new(json: &[u8], error: &serde_json::Error) -> Self {
        Self {
            path: position::path(json, error.line(), error.column()),
            reason: reason(error),
        }
    }
}

/// What is wrong, without the value: serde writes that between "invalid type" and "expected".
fn reason(error: &serde_json::Error) -> Text {
    if !error.is_data() {
        return Text::from(("it is not JSON", "不是 JSON"));
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    if let Some(own) = scope::own_message(text) {
        let (own, chinese) = (own.get(Language::English), own.get(Language::Chinese));
        return text!("it {own}", "{chinese}");
    }
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
    for (beginning, chinese) in [("missing field ", "缺少字段 "), ("duplicate field ", "字段重复：")] {
        if let Some(field) = text.strip_prefix(beginning).filter(|field| field.starts_with('`')) {
            return text!("{text}", "{chinese}{field}");
        }
    }
    // Only serde's own messages have what is expected at their end. A message of a type's own may have the value there.
    match text.rsplit_once(", expected ") {
        Some((_, expected)) if begins(&["invalid ", "unknown variant `", "unknown field `"]) => {
            let expected = expected.escape_debug();
            text!("expected {expected}", "应为 {expected}")
        }
        _ => Text::from(("its value is not accepted", "取值不被接受")),
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonError, Language};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Payload {
        #[expect(dead_code, reason = "only decoded")]
        amount: Amount,
    }

    #[derive(Deserialize)]
    struct Amount {
        #[expect(dead_code, reason = "only decoded")]
        total: i64,
    }

    #[test]
    fn an_error_names_the_field_and_never_its_value() {
        let check = |text: &str| {
            let error = serde_json::from_str::<Payload>(text).err().unwrap();
            JsonError::new(text.as_bytes(), &error)
        };
        let cases = [
            (r#"{"amount":{"total":"secret"}}"#, "amount.total", "expected i64"),
            (
                r#"{"amount":{"total":", expected secret"}}"#,
                "amount.total",
                "expected i64",
            ),
            (r#"{"amount":{}}"#, "amount", "missing field `total`"),
            (
                r#"{"amount":{"total":1,"total":2}}"#,
                "amount.total",
                "duplicate field `total`",
            ),
            (r#"{"amount":"secret"}"#, "amount", "expected struct Amount"),
            (r#"{"amount":"#, "amount", "it is not JSON"),
            ("secret", "", "it is not JSON"),
        ];
        for (text, path, reason) in cases {
            let error = check(text);
            assert_eq!(
                (error.path.as_str(), error.reason.get(Language::English)),
                (path, reason),
                "{text}"
            );
        }
    }
}
