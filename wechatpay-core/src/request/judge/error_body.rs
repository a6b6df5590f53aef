//! The service's error object: `{"code": .., "message": .., "detail": ..}`.

use crate::request::judge::{
    members::{self, Response},
    verdict::BodyError,
};
use serde_json::Value;

/// A JSON object with a `code` at the top: an error of the service, or a success that has such a field.
#[derive(Debug)]
pub(crate) struct ErrorBody {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) detail: Option<Value>,
    /// The member `message` is present, of any type.
    has_message: bool,
    /// The documented shape: a code in capitals, a message, an optional detail, and no other member.
    is_strict: bool,
    has_other_members: bool,
}

/// Reads the object, if it has a `code` that is a text or a number.
pub(super) fn of(response: &Response<'_>) -> Option<ErrorBody> {
    // Fast path: most bodies have no code, and until here nothing was allocated.
    let code = response.code.filter(|_| response.is_object)?;
    let text = members::text(code);
    if text.is_none() && !code.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    let message_text = response.message.and_then(members::text);
    let detail = response.detail.map(serde_json::from_str::<Value>);
    let is_strict = !response.has_others
        && !matches!(detail, Some(Err(_)))
        && message_text.is_some()
        && text
            .as_ref()
            .is_some_and(|code| is_word(code) && code.len() <= LONGEST_CODE);
    Some(ErrorBody {
        code: shortened(text.as_deref().unwrap_or(code), LONGEST_CODE),
        message: message_text.map(|message| shortened(&message, LONGEST_MESSAGE)),
        detail: detail.and_then(Result::ok),
        has_message: response.message.is_some_and(|message| message != "null"),
        is_strict,
        has_other_members: response.has_others,
    })
}

impl ErrorBody {
    /// Its meaning with the status of an error.
    pub(crate) fn as_error(&self) -> BodyError<'_> {
        if self.is_strict {
            BodyError::Refusal(&self.code)
        } else {
            BodyError::Error
        }
    }

    /// Its meaning with the status of a success. `declared` are the fields of the response type.
    ///
    /// Some operations have their own `code`. One of them returns zeros for a success. If the type declares `code` and
    /// `message`, its user decides.
    pub(crate) fn as_success(&self, declared: &[&str]) -> BodyError<'_> {
        let is_declared = ["code", "message"].iter().all(|name| declared.contains(name));
        let is_zero = self.code.bytes().all(|byte| byte == b'0');
        let is_error = if self.has_message {
            !is_declared && !is_zero
        } else {
            // A membership card has a `code` as well, and it may be in capitals. Error codes are words with `_`
            // between.
            !self.has_other_members && !declared.contains(&"code") && is_word(&self.code) && self.code.contains('_')
        };
        if is_error { BodyError::Error } else { BodyError::Nothing }
    }
}

/// Whether a code is written as the service writes its error codes: `PARAM_ERROR`.
fn is_word(code: &str) -> bool {
    code.starts_with(|first: char| first.is_ascii_uppercase())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Codes and messages end in logs, so an error keeps this many characters of them. The verified body has the rest.
const LONGEST_CODE: usize = 128;
const LONGEST_MESSAGE: usize = 4096;

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((end, _)) => {
            let mut short = text.get(..end).unwrap_or_default().to_owned();
            short.push('…');
            short
        }
    }
}

/// The beginning of a body that is not JSON (such as the page of a proxy), escaped so that it stays on its line: the
/// end of a sentence in English and in Chinese. Empty where there is nothing to show.
pub(crate) fn excerpt(body: &[u8]) -> (String, String) {
    if body.is_empty() || matches!(body.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return (String::new(), String::new());
    }
    let text = String::from_utf8_lossy(body.get(..200).unwrap_or(body));
    let short: String = text.trim().chars().take(80).collect();
    let short = short.escape_debug();
    (format!("; it begins with `{short}`"), format!("，开头是 `{short}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &[&str] = &["code", "id", "message"];

    fn read(body: &[u8]) -> Option<ErrorBody> {
        of(&Response::read(body, |_| false))
    }

    fn under_success(body: &str, declared: &[&str]) -> bool {
        read(body.as_bytes()).is_some_and(|error| error.as_success(declared) == BodyError::Error)
    }

    #[test]
    fn only_the_documented_shape_is_a_refusal() {
        let error = read(br#"{"code":"PARAM_ERROR","message":"m","detail":{"field":"/amount"}}"#).unwrap();
        assert_eq!(error.as_error(), BodyError::Refusal("PARAM_ERROR"));
        assert_eq!(error.message.as_deref(), Some("m"));
        assert!(error.detail.is_some());
        assert_eq!(
            read(br#" {"code":"V2_ERROR","message":""}"#).unwrap().as_error(),
            BodyError::Refusal("V2_ERROR")
        );
        for other in [
            "",
            "[]",
            "<html>",
            r#"{"message":"m"}"#,
            r#"{"code":null,"message":"m"}"#,
            r#"{"code":{}}"#,
            "{",
        ] {
            assert!(read(other.as_bytes()).is_none(), "{other}");
        }
    }

    #[test]
    fn u13_an_error_of_another_shape_shows_code_and_message_and_proves_nothing() {
        for (body, code, message) in [
            (
                r#"{"code":"PARAM_ERROR","message":"m","trace":1}"#,
                "PARAM_ERROR",
                Some("m"),
            ),
            (r#"{"code":"param_error","message":"m"}"#, "param_error", Some("m")),
            (r#"{"code":-1,"message":"m"}"#, "-1", Some("m")),
            (r#"{"code":"PARAM_ERROR"}"#, "PARAM_ERROR", None),
            (r#"{"code":"PARAM_ERROR","message":{"zh":"m"}}"#, "PARAM_ERROR", None),
            (r#"{"code":"","message":""}"#, "", Some("")),
        ] {
            let error = read(body.as_bytes()).unwrap();
            assert_eq!(
                (error.code.as_str(), error.message.as_deref()),
                (code, message),
                "{body}"
            );
            assert_eq!(error.as_error(), BodyError::Error, "{body}");
        }
    }

    #[test]
    fn s5_code_with_message_under_a_success_is_an_error_whatever_stands_beside() {
        let long = format!(r#"{{"code":"PARAM_ERROR","message":"{}"}}"#, "x".repeat(100_000));
        for body in [
            r#"{"code":"PARAM_ERROR","message":"m"}"#,
            r#"{"code":"PARAM_ERROR","message":"m","coupon":1}"#,
            r#"{"code":"ParamError","message":"m"}"#,
            r#"{"code":"751234212312","message":"m"}"#,
            r#"{"code":1,"message":"m"}"#,
            r#"{"code":"PARAM_ERROR","message":7}"#,
            r#"{"code":"PARAM_ERROR"}"#,
            r#"{"code":"PARAM_ERROR","detail":{}}"#,
            &long,
        ] {
            assert!(under_success(body, &[]), "{body}");
            assert!(under_success(body, &["id", "message"]), "{body}");
            assert!(!under_success(body, BOTH), "{body}");
        }
        // The message is required of a type that has only a code.
        assert!(under_success(r#"{"code":"PARAM_ERROR","message":"m"}"#, &["code"]));
    }

    #[test]
    fn s5_a_code_that_belongs_to_the_success_is_left_alone() {
        for body in [
            r#"{"code":"000000","message":"成功"}"#,
            r#"{"code":0,"message":"ok","data":[]}"#,
            r#"{"code":"478515832665"}"#,
            r#"{"code":"VIP2026"}"#,
            r#"{"code":"VIP_2026","card_id":"p1"}"#,
            r#"{"code":"PARAM_ERROR","message":null,"card_id":"p1"}"#,
            r#"{"deep":{"code":"PARAM_ERROR","message":"m"}}"#,
            r#"[{"code":"PARAM_ERROR","message":"m"}]"#,
        ] {
            assert!(!under_success(body, &[]), "{body}");
        }
        assert!(!under_success(r#"{"code":"VIP_2026"}"#, &["code"]));
    }

    #[test]
    fn code_and_message_of_an_error_have_a_limit() {
        let body = format!(
            r#"{{"code":"{}","message":"{}"}}"#,
            "X".repeat(1_000),
            "中".repeat(100_000)
        );
        let error = read(body.as_bytes()).unwrap();
        assert_eq!(error.code.chars().count(), LONGEST_CODE + 1);
        assert_eq!(error.message.unwrap().chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn an_excerpt_is_short_and_stays_on_its_line() {
        let page = format!("<html>\r\n\u{1b}[31m{}", "x".repeat(10_000));
        let (text, _) = excerpt(page.as_bytes());
        assert!(text.len() < 200 && !text.contains(['\n', '\u{1b}']), "{text}");
        let html = ("; it begins with `<html>`".to_owned(), "，开头是 `<html>`".to_owned());
        assert_eq!(excerpt(b" <html> "), html);
        assert_eq!(excerpt("中".repeat(100).as_bytes()).0.matches('中').count(), 66);
        for nothing_to_show in ["", "{}", " []"] {
            assert_eq!(excerpt(nothing_to_show.as_bytes()), Default::default());
        }
        assert!(excerpt(&[0xff; 300]).0.len() < 500);
    }
}
