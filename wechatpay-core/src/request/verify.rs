//! Fourth step: verify (验签). The key is looked up by its serial, and downloaded once if it is a new one.

use crate::{
    context::Context,
    error::Error,
    key_store::Need,
    request::operation::Execution,
    signature::{SignatureHeaders, VerifyError},
};
use http::HeaderMap;
use std::sync::Arc;
use tokio::time::Instant;

/// `Ok(true)`: signed by WeChat Pay; `Ok(false)`: not signed at all; `Err`: the signature does not verify. The outer
/// error means that this could not be found out.
pub(crate) async fn verify(
    execution: &Execution<'_>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Result<bool, VerifyError>, Error> {
    if !SignatureHeaders::any(headers) {
        return Ok(Ok(false));
    }
    let fetch = execution
        .operation
        .form
        .readers()
        .may_download_keys
        .then_some(Need::Call);
    Ok(
        authenticate(execution.context, headers, body, execution.deadline, fetch)
            .await
            .map(|()| true),
    )
}

/// Verifies the signature over `body`, of a response or of a notification.
///
/// The keys may have been rotated. Then, if `fetch` allows it, the key store downloads certificates, once for all
/// callers and rate limited, and the same bytes are verified again. The request is not retried. Waiting ends at
/// `deadline`.
pub(crate) async fn authenticate(
    context: &Arc<Context>,
    headers: &HeaderMap,
    body: &[u8],
    deadline: Instant,
    fetch: Option<Need>,
) -> Result<(), VerifyError> {
    let signature = SignatureHeaders::read(headers, context.identity.signature_types())?;
    signature.check(context.system.now())?;
    let keys = context.keys.snapshot();
    let known = keys.verification_key(signature.serial, context.system.now()).cloned();
    let key = match (known, fetch) {
        (None, Some(need)) => {
            let found = tokio::time::timeout_at(deadline, context.verification_key(signature.serial, need)).await;
            found.ok().flatten()
        }
        (known, _) => known,
    };
    let key = key.ok_or_else(|| context.keys.why_unknown(signature.serial, context.system.now()))?;
    signature.verify(&key, body)
}
