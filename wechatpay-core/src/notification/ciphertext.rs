//! Decrypting the payload of a notification.

use super::{envelope::Resource, error::NotificationError};
use crate::{context::Context, crypto::Suite, support::language::Text};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// An encrypted payload, ready for any number of keys.
pub(super) struct Ciphertext<'a> {
    /// The suite of the algorithm that it names.
    suite: Suite,
    nonce: &'a [u8],
    associated_data: &'a [u8],
    bytes: Vec<u8>,
}

impl<'a> Ciphertext<'a> {
    /// Reads it from the envelope. Nothing is decrypted yet.
    pub(super) fn of(resource: &'a Resource) -> Result<Self, NotificationError> {
        let other_algorithm = || NotificationError::OtherAlgorithm {
            algorithm: resource.algorithm.clone(),
        };
        Ok(Self {
            suite: Suite::of_aead(&resource.algorithm).ok_or_else(other_algorithm)?,
            nonce: resource.nonce.as_bytes(),
            associated_data: resource.associated_data.as_deref().unwrap_or_default().as_bytes(),
            bytes: STANDARD
                .decode(&resource.ciphertext)
                .map_err(|_| NotificationError::Undecryptable)?,
        })
    }

    /// Decrypts it with the first APIv3 key of the client that fits.
    pub(super) fn decrypt(&self, context: &Context) -> Result<Zeroizing<Vec<u8>>, NotificationError> {
        if !context.identity.suite().decrypts(self.suite) {
            let algorithm = self.suite.aead().to_owned();
            return Err(NotificationError::OtherAlgorithm { algorithm });
        }
        let keys = context.keys.snapshot();
        if keys.api_v3_keys().is_empty() {
            return Err(NotificationError::NoApiV3Key);
        }
        keys.api_v3_keys()
            .iter()
            .find_map(|key| {
                key.decrypt_as(
                    self.suite,
                    context.backend,
                    self.nonce,
                    self.associated_data,
                    &self.bytes,
                )
                .ok()
            })
            .ok_or(NotificationError::Undecryptable)
    }
}

/// The JSON of a payload. An error keeps its text to itself.
pub(super) fn json(plaintext: &[u8]) -> Result<(&str, serde_json::Value), NotificationError> {
    let not_json = |reason: (&'static str, &'static str)| NotificationError::Undecodable {
        field: String::new(),
        reason: Text::from(reason).into(),
    };
    let text = std::str::from_utf8(plaintext).map_err(|_| not_json(("it is not UTF-8", "不是 UTF-8")))?;
    let value = serde_json::from_str(text).map_err(|_| not_json(("it is not JSON", "不是 JSON")))?;
    Ok((text, value))
}
