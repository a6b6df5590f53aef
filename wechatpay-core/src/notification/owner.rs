//! Finds the merchant of a notification if one URL serves several merchants.
//!
//! A notification names its merchant only in the encrypted payload. If each merchant has its own WeChat Pay public key,
//! `Wechatpay-Serial` identifies the merchant. Platform certificates are the same for many merchants. So the key that
//! the serial names verifies the signature once, and then the APIv3 key that decrypts the payload identifies the
//! merchant. At last the signature must verify with the keys of that merchant.

use super::{
    ciphertext::{self, Ciphertext},
    envelope::Envelope,
    error::NotificationError,
    merchant,
};
use crate::{
    client::{ByMchid, Client, Clients},
    context::Context,
    identity::ANY_SIGNATURE_TYPE,
    key_store::{Need, may_name_certificate},
    keys::SerialNo,
    request::verify::authenticate,
    signature::{KnownKeys, SignatureHeaders, VerifyError},
};
use http::HeaderMap;
use std::sync::Arc;
use tokio::time::Instant;

/// Verifies a notification and finds the client whose it is.
pub(super) async fn find(
    clients: &Clients,
    also_for: &[String],
    headers: &HeaderMap,
    body: &[u8],
    deadline: Instant,
) -> Result<(Envelope, Arc<Context>), NotificationError> {
    let unverified = |error| NotificationError::unverified(error, body);
    let any = clients.any().ok_or(NotificationError::NoReceiver)?;
    // Whose scheme it must be is not known yet. Each client that verifies it looks again.
    let signature = SignatureHeaders::read(headers, ANY_SIGNATURE_TYPE).map_err(unverified)?;
    signature.check(any.context.system.now()).map_err(unverified)?;
    let serial = signature.serial;

    let mut holders = clients.holders(serial);
    let mut searched = None;
    if holders.is_empty() {
        searched = clients.search(serial, deadline).await;
        holders = clients.holders(serial);
    }
    let mut candidates = verified_by(holders, headers, body, deadline)
        .await
        .map_err(|wrong| wrong.unwrap_or_else(|| unknown(serial, searched.as_ref())))
        .map_err(unverified)?;
    let verified = candidates.len();
    if may_name_certificate(&SerialNo::new(serial)) {
        // They may not have downloaded this certificate yet.
        candidates.push(clients.downloading());
    }

    let envelope = Envelope::read(body)?;
    let owner = decrypted_by(clients, &candidates, &envelope, also_for)?;
    let is_owner = |client: &Client| Arc::ptr_eq(&client.context, &owner.context);
    let mut verifiers = candidates.iter().take(verified);
    if !verifiers.any(|clients| clients.get(owner.mchid()).is_some_and(is_owner)) {
        authenticate(&owner.context, headers, body, deadline, Some(Need::Notification))
            .await
            .map_err(unverified)?;
    }
    Ok((envelope, owner.context))
}

/// Why no client has a key with this serial. The download of the client that searched for it may have failed.
fn unknown(serial: &str, searched: Option<&Client>) -> VerifyError {
    match searched {
        Some(client) => client.context.keys.why_unknown(serial, client.context.system.now()),
        None => VerifyError::UnknownSerial {
            serial: serial.to_owned(),
            known: KnownKeys::default(),
        },
    }
}

/// The holders whose key verifies the signature. One of the holders of a key is asked for all of them, and only keys
/// that have the id in the signature are tried.
async fn verified_by(
    holders: Vec<Arc<ByMchid>>,
    headers: &HeaderMap,
    body: &[u8],
    deadline: Instant,
) -> Result<Vec<Arc<ByMchid>>, Option<VerifyError>> {
    let mut verified = Vec::new();
    let mut refused = None;
    for holders in holders {
        let Some(client) = holders.values().next() else {
            continue;
        };
        match authenticate(&client.context, headers, body, deadline, None).await {
            Ok(()) => verified.push(holders),
            Err(error) => refused = Some(error),
        }
    }
    if verified.is_empty() {
        Err(refused)
    } else {
        Ok(verified)
    }
}

/// The client whose APIv3 key decrypts the payload, and whose merchant the payload names.
fn decrypted_by(
    clients: &Clients,
    candidates: &[Arc<ByMchid>],
    envelope: &Envelope,
    also_for: &[String],
) -> Result<Client, NotificationError> {
    let ciphertext = Ciphertext::of(&envelope.resource)?;
    let mut refused = None;
    for client in candidates.iter().flat_map(|candidates| candidates.values()) {
        let plaintext = match ciphertext.decrypt(&client.context) {
            Ok(plaintext) => plaintext,
            Err(error) => {
                refused.get_or_insert(error);
                continue;
            }
        };
        let (_, payload) = ciphertext::json(&plaintext)?;
        let Err(error) = merchant::check(&payload, &client.context.identity, also_for) else {
            return Ok(client.clone());
        };
        // Several merchants may have the same APIv3 key. Then only the payload identifies the merchant.
        let named = merchant::named(&payload, &client.context.identity)?;
        let is_owner = |client: &Client| {
            ciphertext.decrypt(&client.context).is_ok()
                && merchant::check(&payload, &client.context.identity, also_for).is_ok()
        };
        let owner = named.iter().find_map(|mchid| clients.get(mchid)).filter(is_owner);
        return owner.ok_or(error);
    }
    Err(refused.unwrap_or(NotificationError::Undecryptable))
}
