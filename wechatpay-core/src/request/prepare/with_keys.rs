//! Preparation under one snapshot of the keys.

use crate::{
    context::no_encryption_key,
    error::Error,
    key_store::EncryptionKey,
    request::{
        operation::{Announce, Execution, Prepare},
        prepare::{Fields, Prepared},
    },
    sensitive::scope,
};

/// Puts the request together and returns the key to announce. Platform certificates are downloaded first only when the
/// request has sensitive values and no key is there yet.
pub(crate) async fn prepare(
    execution: &Execution<'_>,
    request: &dyn Prepare,
) -> Result<(Prepared, Option<EncryptionKey>), Error> {
    let (context, operation) = (execution.context, &execution.operation);
    for last in [false, true] {
        let snapshot = context.keys.snapshot();
        let key = snapshot.encryption_key(context.system.now());
        let mut fields = Fields::new(operation.method.clone(), operation.template.clone());
        let (result, encryption) = scope::encrypting(key.as_ref().map(|key| key.key.clone()), || {
            request.prepare(&mut fields);
            fields.finish()
        });
        if encryption.missing && !last && context.keys.can_refresh() {
            let refreshed = execution.within_deadline(context.refresh_certificates()).await?;
            refreshed.map_err(|error| error.to_error())?;
            continue;
        }
        if encryption.missing {
            return Err(no_encryption_key());
        }
        // A public key is always announced: it also tells the service which key to sign the response with.
        let announced =
            key.filter(|key| encryption.used || operation.announce == Announce::Always || key.is_public_key());
        return Ok((result?, announced));
    }
    Err(no_encryption_key())
}
