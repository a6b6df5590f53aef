//! The usual causes of the usual errors.

use crate::{
    error::Message,
    error_codes,
    signature::VerifyError,
    support::language::{Text, text},
};
use http::StatusCode;

/// What a hint is derived from.
pub(crate) struct Evidence<'a> {
    pub(crate) template: &'a str,
    pub(crate) status: StatusCode,
    /// The service's error code.
    pub(crate) code: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) unverified: Option<&'a VerifyError>,
}

/// What usually causes an error like this, and what to do.
pub(crate) fn of(evidence: &Evidence<'_>) -> Option<Message> {
    let text = evidence
        .unverified
        .and_then(VerifyError::hint)
        .or_else(|| of_operation(evidence))
        .or_else(|| of_request_id(evidence.request_id?))
        .or_else(|| of_code(evidence.code?))
        .or_else(|| of_status(evidence.status, evidence.code))?;
    Some(text.into())
}

/// Where this client knows more than the table of codes: which operation it is, and that it signs the bytes it sends.
fn of_operation(evidence: &Evidence<'_>) -> Option<Text> {
    let both = match (evidence.status.as_u16(), evidence.code) {
        (404, Some(error_codes::RESOURCE_NOT_EXISTS)) if evidence.template.ends_with("/certificates") => (
            "this merchant has no platform certificates; use its WeChat Pay public key (`wechatpay_public_key(..)`)",
            "该商户号没有平台证书，请改用微信支付公钥（`wechatpay_public_key(..)`）",
        ),
        (401, _) | (_, Some(error_codes::SIGN_ERROR)) => (
            "the service does not accept the signature: check mchid, serial_no and private key, which belong together, and this machine's clock",
            "微信支付验签不通过：核对商户号（mchid）、证书序列号（serial_no）与私钥是否配套，并检查本机时间",
        ),
        _ => return None,
    };
    Some(both.into())
}

/// The number at the end of a `Request-ID` is more exact than the name in the body.
fn of_request_id(request_id: &str) -> Option<Text> {
    let error_codes::ErrorCode {
        code, message, advice, ..
    } = error_codes::of_request_id(request_id)?;
    let (english, chinese) = (advice.english, advice.chinese);
    Some(text!(
        "the Request-ID ends with {code} ({message}). {english}",
        "Request-ID 末尾的错误码是 {code}（{message}）。{chinese}"
    ))
}

fn of_code(code: &str) -> Option<Text> {
    let advice = error_codes::find(code)?.advice;
    Some(Text::from((advice.english, advice.chinese)))
}

fn of_status(status: StatusCode, code: Option<&str>) -> Option<Text> {
    let both = match (status.as_u16(), code) {
        (407, _) => ("a proxy asks for a password", "代理服务器要求认证"),
        (200..=299, None) => (
            "no signature at all: a captive portal or a proxy may have responded in the place of WeChat Pay",
            "应答没有签名：可能是网络认证页面或代理服务器代替微信支付返回的",
        ),
        (300..=399, _) => (
            "check the base URL; WeChat Pay does not redirect",
            "检查 base URL；微信支付不会重定向",
        ),
        (429, _) => ("send fewer requests", "降低调用频率"),
        _ => return None,
    };
    Some(both.into())
}
