//! What an answer proves: a function of its status and its authenticity, nothing else.

use crate::Outcome;
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

/// Judges an answer. `is_error` says whether the body is an error object of the service, `{"code": .., "message": ..}`.
///
/// The signature covers the body and not the status: a machine on the way can turn a success into a 404 and back. So a
/// refusal is only believed when the authentic body says so itself, and a success only when the body does not speak of
/// an error.
pub(crate) fn judge(status: StatusCode, authenticity: Authenticity, is_error: bool) -> Verdict {
    let authentic = authenticity == Authenticity::Verified;
    match status.as_u16() {
        202 if authentic && !is_error => Verdict::NotFinal,
        200..=299 if authentic && !is_error => Verdict::Done,
        // 408 and 429 come from what stands before the operation, which may have begun.
        408 | 429 => Verdict::Failed(Outcome::Unknown),
        400..=499 if authentic && is_error => Verdict::Failed(Outcome::Rejected),
        _ => Verdict::Failed(Outcome::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Authenticity::{Refuted, Unsigned, Verified};
    use Outcome::{Rejected, Unknown};

    #[test]
    fn every_combination_of_status_authenticity_and_body_has_its_verdict() {
        let every = (100..600).flat_map(|status| {
            [Verified, Unsigned, Refuted]
                .into_iter()
                .flat_map(move |a| [(status, a, false), (status, a, true)])
        });
        for (status, authenticity, is_error) in every {
            let expected = match (status, authenticity, is_error) {
                (202, Verified, false) => Verdict::NotFinal,
                (200..=299, Verified, false) => Verdict::Done,
                (400..=407 | 409..=428 | 430..=499, Verified, true) => Verdict::Failed(Rejected),
                _ => Verdict::Failed(Unknown),
            };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                judge(status, authenticity, is_error),
                expected,
                "{status} {authenticity:?} {is_error}"
            );
        }
    }

    #[test]
    fn a15_status_alone_proves_nothing() {
        // A signed success under a 404, and a signed error under a 200.
        assert_eq!(judge(StatusCode::NOT_FOUND, Verified, false), Verdict::Failed(Unknown));
        assert_eq!(judge(StatusCode::OK, Verified, true), Verdict::Failed(Unknown));
    }
}
