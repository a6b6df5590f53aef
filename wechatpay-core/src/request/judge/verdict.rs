//! What a response proves: a function of only its status, its authenticity and its error object.

use crate::error::Outcome;
use http::StatusCode;

/// What is known about the origin of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authenticity {
    /// Signed by WeChat Pay.
    Verified,
    /// Verified elsewhere, or never signed. See [`Verifier`](crate::request::decode::form::Verifier).
    Elsewhere,
    /// Not signed at all.
    Unsigned,
    /// It has a signature that does not verify.
    Refuted,
}

/// The error in the body of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError<'a> {
    /// Nothing.
    Nothing,
    /// An error whose shape does not prove a refusal.
    Error,
    /// The documented error object, with this code.
    Refusal(&'a str),
}

/// The verdict on a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The operation was executed, and this is its result.
    Done,
    /// Accepted, without a result yet.
    NotFinal,
    /// An error, and what it proves.
    Failed(Outcome),
}

/// Judges a response.
///
/// The signature covers the body but not the status. A proxy can change a success into a 404, and a failure during the
/// operation (status 500) into a refusal (status 400). So a refusal is only accepted if the authentic body contains it,
/// and a success only if the body contains no error.
pub(crate) fn judge(status: StatusCode, authenticity: Authenticity, body_error: BodyError<'_>) -> Verdict {
    let authentic = matches!(authenticity, Authenticity::Verified | Authenticity::Elsewhere);
    match (status.as_u16(), body_error) {
        (202, BodyError::Nothing) if authentic => Verdict::NotFinal,
        // The client never requests a part of the content (206).
        (200..=205 | 207..=299, BodyError::Nothing) if authentic => Verdict::Done,
        // 408 and 429 come from a layer in front of the operation, which may have begun.
        (408 | 429, _) => Verdict::Failed(Outcome::Unknown),
        (400..=499, BodyError::Refusal(code)) if authentic && refuses(code) => Verdict::Failed(Outcome::Rejected),
        _ => Verdict::Failed(Outcome::Unknown),
    }
}

/// Whether an error code is a refusal. A proxy may change the status, so only the code counts. An unlisted code is a
/// refusal only if no part of it means an open state.
fn refuses(code: &str) -> bool {
    REFUSALS.contains(&code) || !leaves_open(code)
}

/// The codes that the official error tables (错误码) describe as a refusal of this request, under 400, 401, 403 and 404.
///
/// From the pages of the operations: 下单 (JSAPI, APP, H5, Native, 付款码), 查询订单, 关闭订单, 申请退款, 查询退款, 发起转账,
/// 请求分账 and 委托代扣申请扣款. What they say of the three that move money back and forth:
///
/// - 申请退款 (`/docs/merchant/apis/refund/refunds/create.html`): the application has failed for `NOT_ENOUGH`,
///   `USER_ACCOUNT_ABNORMAL`, `INVALID_REQUEST` and `NO_AUTH`;
/// - 退款申请 of 收付通 (`/wiki/doc/apiv3/wxpay/ecommerce/refunds/chapter3_1.shtml`): the same, and `REQUEST_BLOCKED`;
/// - 请求分账 of 收付通 (`/wiki/doc/apiv3/wxpay/ecommerce/profitsharing/chapter3_1.shtml`): `RULE_LIMIT`, `NOT_ENOUGH`,
///   `NO_AUTH` and `INVALID_REQUEST`.
///
/// The same tables leave the outcome open for `SYSTEM_ERROR` (call again with the same parameters), `BANK_ERROR`,
/// `USER_PAYING` and `FREQUENCY_LIMITED` (the refund may be under way).
const REFUSALS: [&str; 36] = [
    "ACCOUNTERROR",
    "ACCOUNT_ERROR",
    "APPID_MCHID_NOT_MATCH",
    "APPID_NOT_EXIST",
    "AUTH_CODE_EXPIRED",
    "AUTH_CODE_INVALID",
    "CONTRACT_NOT_EXIST",
    "INVALID_REQUEST",
    "INVALID_TRANSACTIONID",
    "MCH_NOT_EXISTS",
    "NOAUTH",
    "NOTENOUGH",
    "NOT_ENOUGH",
    "NOT_FOUND",
    "NO_AUTH",
    "NO_STATEMENT_EXIST",
    "OPENID_MISMATCH",
    "ORDERCLOSED",
    "ORDERNOTEXIST",
    "ORDER_CLOSED",
    "ORDER_NOT_EXIST",
    "ORDER_REVOKED",
    "PARAM_ERROR",
    "QUOTA_EXCEED",
    "RECEIVER_HIGH_RISK",
    "RECEIVER_INVALID",
    "REQUEST_BLOCKED",
    "RESOURCE_NOT_EXISTS",
    "RULELIMIT",
    "RULE_LIMIT",
    "SIGN_ERROR",
    "STATEMENT_CREATING",
    "TRADE_ERROR",
    "TRADE_OVERDUE",
    "USER_ACCOUNT_ABNORMAL",
    "USER_NOT_EXISTS",
];

/// Whether a part of the code speaks of an open state. Codes are written with and without `_` (`BANK_ERROR`,
/// `BANKERROR`), so the parts are looked for anywhere.
fn leaves_open(code: &str) -> bool {
    const OPEN: [&str; 39] = [
        // A failure on the service's side, half-way: the operation may have been executed.
        "SYSTEM",
        "BANK",
        "INTERNAL",
        "SERVER",
        "SERVICE",
        "NETWORK",
        "EXCEPTION",
        "UNAVAILABLE",
        "BUSY",
        "OVERLOAD",
        "TIMEOUT",
        "TIME_OUT",
        "TIMED_OUT",
        "UNKNOW",
        "UNCERTAIN",
        // Still going on.
        "PAYING",
        "PROCESS",
        "PROGRESS",
        "PENDING",
        "WAIT",
        "HANDLING",
        "CONFIRMING",
        "NOT_READY",
        "LOCK",
        "CONCURREN",
        "CONFLICT",
        // To be sent again.
        "RETRY",
        "AGAIN",
        "LATER",
        "FREQ",
        "RATELIMIT",
        "RATE_LIMIT",
        "TOO_M",
        // An earlier request with this number was executed, or is being executed.
        "ACCEPTED",
        "ALREADY",
        "DUPLICATE",
        "REPEAT",
        "PAID",
        "USED",
    ];
    let exists = code.contains("EXIST") && !code.contains("NOT_EXIST") && !code.contains("NOTEXIST");
    // The bare words say nothing at all.
    exists || matches!(code, "ERROR" | "FAIL" | "FAILED") || OPEN.iter().any(|part| code.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Authenticity::{Elsewhere, Refuted, Unsigned, Verified};
    use Outcome::{Rejected, Unknown};

    #[test]
    fn every_combination_of_status_authenticity_and_body_has_its_verdict() {
        let bodies = [
            BodyError::Nothing,
            BodyError::Error,
            BodyError::Refusal("PARAM_ERROR"),
            BodyError::Refusal("SYSTEM_ERROR"),
        ];
        let every = (100..600).flat_map(|status| {
            [Verified, Elsewhere, Unsigned, Refuted]
                .into_iter()
                .flat_map(move |authenticity| bodies.map(|body_error| (status, authenticity, body_error)))
        });
        for (status, authenticity, body_error) in every {
            let expected = match (status, authenticity, body_error) {
                (202, Verified | Elsewhere, BodyError::Nothing) => Verdict::NotFinal,
                (206, ..) => Verdict::Failed(Unknown),
                (200..=299, Verified | Elsewhere, BodyError::Nothing) => Verdict::Done,
                (400..=407 | 409..=428 | 430..=499, Verified | Elsewhere, BodyError::Refusal("PARAM_ERROR")) => {
                    Verdict::Failed(Rejected)
                }
                _ => Verdict::Failed(Unknown),
            };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                judge(status, authenticity, body_error),
                expected,
                "{status} {authenticity:?} {body_error:?}"
            );
        }
    }

    #[test]
    fn a15_status_alone_proves_nothing() {
        // A signed success under a 404, and a signed error under a 200.
        let verdict = judge(StatusCode::NOT_FOUND, Verified, BodyError::Nothing);
        assert_eq!(verdict, Verdict::Failed(Unknown));
        let verdict = judge(StatusCode::OK, Verified, BodyError::Refusal("PARAM_ERROR"));
        assert_eq!(verdict, Verdict::Failed(Unknown));
    }

    fn under_every_status_of_a_refusal(code: &str) -> Verdict {
        let verdicts = [400, 403, 404, 409].map(|status| {
            judge(
                StatusCode::from_u16(status).unwrap(),
                Verified,
                BodyError::Refusal(code),
            )
        });
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{code}");
        verdicts[0]
    }

    #[test]
    fn s11_a_code_that_speaks_of_an_open_state_is_no_refusal_under_any_status() {
        for code in [
            "SYSTEM_ERROR",
            "SYSTEMERROR",
            "BANK_ERROR",
            "BANKERROR",
            "USERPAYING",
            "USER_PAYING",
            "FREQUENCY_LIMITED",
            "FREQUENCY_LIMIT_EXCEED",
            "RATELIMIT_EXCEEDED",
            "RATELIMIT_EXCEED",
            "RATE_LIMITED",
            "INTERNAL_ERROR",
            "SERVICE_UNAVAILABLE",
            "SYSTEM_BUSY",
            "PROCESSING",
            "TIMEOUT",
            "UNKNOWN",
            "UNKNOW_ERROR",
            "BIZERR_NEED_RETRY",
            "BIZ_ERR_NEED_RETRY",
            "INVALID_REQ_TOO_MUCH",
            "ORDER_NOT_READY",
            "ORDER_ACCEPTED",
            "ALREADY_EXISTS",
            "RESOURCE_ALREADY_EXISTS",
            "ORDERPAID",
            "ORDER_PAID",
            "OUT_TRADE_NO_USED",
            "ORDER_EXISTS",
            "ERROR",
        ] {
            assert_eq!(
                under_every_status_of_a_refusal(code),
                Verdict::Failed(Unknown),
                "{code}"
            );
        }
    }

    #[test]
    fn s11_a_known_refusal_and_a_new_code_without_an_open_word_are_refusals() {
        assert!(REFUSALS.is_sorted());
        let new = [
            "MERCHANT_BANNED",
            "AMOUNT_MISMATCH",
            "COUPON_NOT_EXIST",
            "V2_ACCOUNT_SIMPLE_BAN",
        ];
        for code in REFUSALS.into_iter().chain(new) {
            assert_eq!(
                under_every_status_of_a_refusal(code),
                Verdict::Failed(Rejected),
                "{code}"
            );
        }
    }
}
