//! Checking where signed bytes come from: the key is looked up by its serial, and fetched once if it is a new one.

use crate::{
    client::Inner,
    verify::{SignatureHeaders, VerifyError},
};
use http::HeaderMap;
use tokio::time::Instant;

/// Verifies the signature over `body`, of an answer or of a notification.
///
/// Keys may have rotated since the last look. Then the key store is asked to refresh, which it does once for everybody
/// and not more often than its cooldown allows, and the same bytes are checked again. Nothing waits past `deadline`.
pub(crate) async fn authenticate(
    client: &Inner,
    headers: &HeaderMap,
    body: &[u8],
    deadline: Instant,
) -> Result<(), VerifyError> {
    let signature = SignatureHeaders::read(headers, &client.identity)?;
    signature.check(client.system.now())?;
    let find = || {
        client
            .keys
            .snapshot()
            .verification_key(signature.serial, client.system.now())
    };
    let mut key = find();
    if key.is_none() && client.keys.can_refresh() {
        let _ = tokio::time::timeout_at(deadline, client.keys.refresh_for(signature.serial, client)).await;
        key = find();
    }
    let key = key.ok_or_else(|| VerifyError::UnknownSerial {
        serial: signature.serial.to_owned(),
    })?;
    signature.verify(&key, body)
}
