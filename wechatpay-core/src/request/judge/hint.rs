//! The usual causes of the usual errors.

use crate::signature::VerifyError;
use http::StatusCode;

/// What usually causes an error like this, and what to do.
pub(crate) fn of(
    template: &str,
    status: StatusCode,
    code: Option<&str>,
    unverified: Option<&VerifyError>,
) -> Option<&'static str> {
    if let Some(hint) = unverified.and_then(VerifyError::hint) {
        return Some(hint);
    }
    Some(match (status.as_u16(), code) {
        (404, Some("RESOURCE_NOT_EXISTS")) if template.ends_with("/certificates") => {
            "this merchant has no platform certificates; use its WeChat Pay public key (`wechatpay_public_key(..)`)"
        }
        (401, _) | (_, Some("SIGN_ERROR")) => {
            "the service does not accept the signature: check mchid, serial_no and private key, which belong together, and this machine's clock"
        }
        (_, Some("APPID_MCHID_NOT_MATCH")) => "bind the app to the merchant on the merchant platform first",
        (_, Some("NO_AUTH" | "NOAUTH")) => "the merchant has no permission for this operation; apply for it first",
        (407, _) => "a proxy asks for a password",
        (200..=299, None) => {
            "no signature at all: a captive portal or a proxy may have answered in the place of WeChat Pay"
        }
        (300..=399, _) => "check the base URL; WeChat Pay does not redirect",
        (429, _) => "slow down",
        _ => return None,
    })
}
