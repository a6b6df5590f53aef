//! The body of an error answer: `{"code": .., "message": .., "detail": ..}`, or whatever else came.

use serde::{Deserialize, de::IgnoredAny};

/// The service's own error.
#[derive(Debug)]
pub(crate) struct ErrorBody {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) detail: Option<serde_json::Value>,
}

/// Reads an error object: a code in capitals, a message, perhaps a detail, and nothing else. There are answers with a
/// field `code` too, and they are no errors.
pub(crate) fn read(body: &[u8]) -> Option<ErrorBody> {
    #[derive(Deserialize)]
    struct Outline {
        code: Option<IgnoredAny>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        code: String,
        message: String,
        #[serde(default)]
        detail: Option<serde_json::Value>,
    }
    // An error object is short; what is longer is not worth a second reading.
    if body.len() > LONGEST || !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    // Nearly every answer is none, and is told so without an allocation.
    let Ok(Outline { code: Some(IgnoredAny) }) = serde_json::from_slice(body) else {
        return None;
    };
    let Strict { code, message, detail } = serde_json::from_slice(body).ok()?;
    let in_capitals = code
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (in_capitals && code.starts_with(|first: char| first.is_ascii_uppercase())).then_some(ErrorBody {
        code,
        message,
        detail,
    })
}

const LONGEST: usize = 64 * 1024;

/// The beginning of a body that is not JSON (for example a page of a proxy), escaped so that it stays on its line: the end
/// of a sentence in English and in Chinese. Empty where there is nothing to show.
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

    #[test]
    fn an_error_object_is_told_from_an_answer_that_has_a_code() {
        let error = read(br#"{"code":"PARAM_ERROR","message":"m","detail":{"field":"/amount"}}"#).unwrap();
        assert_eq!((error.code.as_str(), error.message.as_str()), ("PARAM_ERROR", "m"));
        assert!(error.detail.is_some());
        assert!(read(br#" {"code":"V2_ERROR","message":""}"#).is_some());
        for other in [
            "",
            "[]",
            "<html>",
            r#"{"code":1,"message":"m"}"#,
            r#"{"code":"X"}"#,
            r#"{"code":"751234212312"}"#,
            r#"{"code":"751234212312","message":"m"}"#,
            r#"{"code":"X","message":"m","coupon":1}"#,
            r#"{"message":"m"}"#,
        ] {
            assert!(read(other.as_bytes()).is_none(), "{other}");
        }
    }

    #[test]
    fn an_error_object_has_64_kib_at_most() {
        let of_length = |length: usize| {
            let rest = r#"{"code":"PARAM_ERROR","message":""}"#.len();
            let body = format!(r#"{{"code":"PARAM_ERROR","message":"{}"}}"#, "x".repeat(length - rest));
            assert_eq!(body.len(), length);
            read(body.as_bytes())
        };
        assert!(of_length(65_536).is_some());
        assert!(of_length(65_537).is_none());
        assert!(of_length(1_000_000).is_none());
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
