//! Decoding JSON with errors that name the field and keep its value to themselves.

use crate::request::decode::position;

/// Runs `read`, a decoding of `json`. An error gives the path of the field and what is wrong with it.
pub(super) fn json<T>(json: &[u8], read: impl FnOnce() -> Result<T, serde_json::Error>) -> Result<T, (String, String)> {
    read().map_err(|error| {
        let path = position::path(json, error.line(), error.column());
        (path, what(&error))
    })
}

/// What is wrong, without the value: serde shows that between "invalid type" and "expected".
fn what(error: &serde_json::Error) -> String {
    if !error.is_data() {
        return "it is not JSON".to_owned();
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let names_a_field_only = text.starts_with("missing field `") || text.starts_with("duplicate field `");
    match text.rsplit_once(", expected ") {
        _ if names_a_field_only => text.to_owned(),
        Some((_, expected)) => format!("expected {}", expected.escape_debug()),
        None => "its value is not accepted".to_owned(),
    }
}

#[cfg(test)]
mod tests {
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
            super::json(text.as_bytes(), || serde_json::from_str::<Payload>(text))
                .err()
                .unwrap()
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
        for (text, field, reason) in cases {
            assert_eq!(check(text), (field.to_owned(), reason.to_owned()), "{text}");
        }
    }
}
