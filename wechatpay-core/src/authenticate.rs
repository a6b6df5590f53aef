//! Checking where signed bytes come from: the key is looked up by its serial, and fetched once if it is a new one.

use crate::{
    client::Inner,
    verify::{SignatureHeaders, VerifyError},
};
use http::HeaderMap;
use tokio::time::Instant;

/// Verifies the signature over `body`, of an answer or of a notification.
///
/// Keys may have rotated since the last look. Then, if it may `fetch`, the key store is asked, which refreshes once for
/// everybody and not more often than its cooldown allows, and the same bytes are checked; nothing is sent again.
/// Nothing waits past `deadline`.
pub(crate) async fn authenticate(
    client: &Inner,
    headers: &HeaderMap,
    body: &[u8],
    deadline: Instant,
    fetch: bool,
) -> Result<(), VerifyError> {
    let signature = SignatureHeaders::read(headers, &client.identity)?;
    signature.check(client.system.now())?;
    let keys = &client.keys;
    let key = if fetch {
        let found = tokio::time::timeout_at(deadline, keys.verification_key(signature.serial, client)).await;
        found.ok().flatten()
    } else {
        let keys = keys.snapshot();
        keys.verification_key(signature.serial, client.system.now()).cloned()
    };
    let key = key.ok_or_else(|| VerifyError::UnknownSerial {
        serial: signature.serial.to_owned(),
    })?;
    signature.verify(&key, body)
}
