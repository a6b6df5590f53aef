//! What an answer proves: a function of its status and its authenticity, nothing else.

use crate::error::Outcome;
use http::StatusCode;

/// What is known about where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authenticity {
    /// Signed by WeChat Pay.
    Verified,
    /// Not signed at all.
    Unsigned,
    /// It claims to be signed, and the signature does not hold.
    Refuted,
}

/// What an answer is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The operation was executed, and this is its result.
    Done,
    /// Accepted, without a result yet.
    NotFinal,
    /// An error, and what it proves.
    Failed(Outcome),
}

/// Judges an answer. `code` is that of the service's error object, `{"code": .., "message": ..}`, if the body is one.
///
/// The signature covers the body and not the status: a machine on the way can turn a success into a 404, and a failure
/// half-way (status 500) into a refusal (status 400). So a refusal is only believed when the authentic body says so
/// itself, and a success only when the body does not speak of an error.
pub(crate) fn judge(status: StatusCode, authenticity: Authenticity, code: Option<&str>) -> Verdict {
    let authentic = authenticity == Authenticity::Verified;
    match status.as_u16() {
        202 if authentic && code.is_none() => Verdict::NotFinal,
        200..=299 if authentic && code.is_none() => Verdict::Done,
        // 408 and 429 come from what stands before the operation, which may have begun.
        408 | 429 => Verdict::Failed(Outcome::Unknown),
        400..=499 if authentic && code.is_some_and(refuses) => Verdict::Failed(Outcome::Rejected),
        _ => Verdict::Failed(Outcome::Unknown),
    }
}

/// Whether an error code is a refusal. Those that belong to the statuses 500 and 429 leave open what happened, and so
/// does a payer who is still at it; under which status they come is up to whoever stands in between.
fn refuses(code: &str) -> bool {
    let open = [
        "SYSTEM_ERROR",
        "SYSTEMERROR",
        "BANK_ERROR",
        "BANKERROR",
        "USER_PAYING",
        "USERPAYING",
    ];
    let too_many = ["FREQUENCY_LIMIT", "RATELIMIT", "RATE_LIMIT"];
    !open.contains(&code) && !too_many.iter().any(|beginning| code.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Authenticity::{Refuted, Unsigned, Verified};
    use Outcome::{Rejected, Unknown};

    #[test]
    fn every_combination_of_status_authenticity_and_body_has_its_verdict() {
        let codes = [None, Some("PARAM_ERROR"), Some("SYSTEM_ERROR")];
        let every = (100..600).flat_map(|status| {
            [Verified, Unsigned, Refuted]
                .into_iter()
                .flat_map(move |authenticity| codes.map(|code| (status, authenticity, code)))
        });
        for (status, authenticity, code) in every {
            let expected = match (status, authenticity, code) {
                (202, Verified, None) => Verdict::NotFinal,
                (200..=299, Verified, None) => Verdict::Done,
                (400..=407 | 409..=428 | 430..=499, Verified, Some("PARAM_ERROR")) => Verdict::Failed(Rejected),
                _ => Verdict::Failed(Unknown),
            };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                judge(status, authenticity, code),
                expected,
                "{status} {authenticity:?} {code:?}"
            );
        }
    }

    #[test]
    fn a15_status_alone_proves_nothing() {
        // A signed success under a 404, and a signed error under a 200.
        assert_eq!(judge(StatusCode::NOT_FOUND, Verified, None), Verdict::Failed(Unknown));
        let code = Some("PARAM_ERROR");
        assert_eq!(judge(StatusCode::OK, Verified, code), Verdict::Failed(Unknown));
    }

    #[test]
    fn a15_a_failure_half_way_is_no_refusal_under_any_status() {
        for code in [
            "SYSTEM_ERROR",
            "BANKERROR",
            "USERPAYING",
            "FREQUENCY_LIMITED",
            "FREQUENCY_LIMIT_EXCEED",
            "RATELIMIT_EXCEEDED",
            "RATELIMIT_EXCEED",
            "RATE_LIMITED",
        ] {
            for status in [400, 403, 404, 409] {
                let status = StatusCode::from_u16(status).unwrap();
                assert_eq!(judge(status, Verified, Some(code)), Verdict::Failed(Unknown), "{code}");
            }
        }
    }
}
