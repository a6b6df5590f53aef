//! Which operation a person means.

use crate::failure::Failure;
use crate::language::{Language, text};
use crate::near::{nearest, shape};
use wechatpay_catalogue::description::{Description, Method, Summary};

/// The one operation that `text` names: `METHOD /path` with any names or values in the placeholders, a title, a link,
/// or an id.
///
/// # Errors
/// The candidates if there are several, or similar names if nothing matches.
pub fn one<'a>(description: &'a Description, text: &str, language: Language) -> Result<&'a Summary, Failure> {
    match *description.resolve(text) {
        [only] => Ok(only),
        [] => Err(Failure::new(unknown(description, text.trim(), language))),
        ref several => {
            let mut message = text!(
                language,
                "`{text}` names several operations; choose one by method and path:",
                "“{text}” 对应多个接口，请用请求方法与路径指定其中一个："
            );
            for summary in several {
                message.push_str(&line(summary));
            }
            Err(Failure::new(message))
        }
    }
}

fn line(summary: &Summary) -> String {
    let title = summary.title.as_deref().unwrap_or_default();
    format!("\n  {} {}  {title}", summary.method, summary.path)
}

fn unknown(description: &Description, text: &str, language: Language) -> String {
    let mut message = text!(language, "`{text}` is not described", "没有描述 “{text}” 这个接口");
    let (method, path) = match text.split_once(char::is_whitespace) {
        Some((method, path)) => (Method::parse(method), path.trim()),
        None => (None, text),
    };
    if path.starts_with('/') {
        let others = method.map(|_| description.resolve(path)).unwrap_or_default();
        if !others.is_empty() {
            let methods: Vec<&str> = others.iter().map(|summary| summary.method.as_str()).collect();
            let methods = methods.join(language.pick(", ", "、"));
            message.push_str(&text!(
                language,
                "; this path has {methods}",
                "；该路径的请求方法为 {methods}"
            ));
        } else if let Some(near) = near_path(description, path) {
            message.push_str(&text!(language, "; did you mean `{near}`?", "；是否想用 {near}？"));
        } else {
            message.push_str(language.pick("; try `cargo wechatpay search`", "；可用 cargo wechatpay search 查找"));
        }
        return message;
    }
    let matches = description.search(text);
    if matches.is_empty() {
        message.push_str(language.pick("; try `cargo wechatpay search`", "；可用 cargo wechatpay search 查找"));
    } else {
        message.push_str(language.pick("; these come near:", "；相近的接口有："));
        for found in matches.iter().take(8) {
            message.push_str(&line(found.summary));
        }
    }
    message
}

/// The described path that `path` is a misspelling of.
pub(crate) fn near_path<'a>(description: &'a Description, path: &str) -> Option<&'a str> {
    let wanted = shape(path);
    let shapes: Vec<(String, &str)> = description
        .operations()
        .iter()
        .map(|summary| (shape(&summary.path), &*summary.path))
        .collect();
    let near = nearest(&wanted, shapes.iter().map(|(shape, _)| shape.as_str()))?;
    shapes.iter().find(|(shape, _)| shape == near).map(|(_, path)| *path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, language: Language) -> String {
        one(Description::embedded(), text, language).unwrap_err().to_string()
    }

    #[test]
    fn an_operation_is_found_with_any_names_or_values_in_its_placeholders() {
        for text in [
            "GET /v3/pay/transactions/out-trade-no/{out_trade_no}",
            "get /v3/pay/transactions/out-trade-no/{number}",
            "GET /v3/pay/transactions/out-trade-no/A-1?mchid=1900000109",
            "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        ] {
            let found = one(Description::embedded(), text, Language::English).unwrap();
            assert_eq!(found.id, "get_v3_pay_transactions_out_trade_no_out_trade_no", "{text}");
        }
        let link = "https://pay.weixin.qq.com/doc/v3/merchant/4012525167";
        let found = one(Description::embedded(), link, Language::English).unwrap();
        assert_eq!(found.id, "post_v3_pay_transactions_jsapi");
    }

    #[test]
    fn several_operations_are_listed() {
        let native = Description::embedded().by_title("Native下单");
        assert!(native.len() > 1);
        let listed = message("Native下单", Language::Chinese);
        for summary in native {
            assert!(listed.contains(&*summary.path), "{listed}");
        }
    }

    #[test]
    fn a_misspelling_names_what_it_may_have_meant() {
        let near = message("POST /v3/refund/domestic/refund", Language::English);
        assert!(near.ends_with("did you mean `/v3/refund/domestic/refunds`?"), "{near}");
        let method = message("PUT /v3/pay/transactions/jsapi", Language::English);
        assert!(method.ends_with("this path has POST"), "{method}");
        let words = message("申请退款单", Language::Chinese);
        assert!(words.contains("没有描述"), "{words}");
    }
}
