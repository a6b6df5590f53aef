//! The envelope of a notification: the members around the ciphertext.

use super::error::NotificationError;
use crate::{request::decode::json::JsonError, support::language::Text};
use serde::Deserialize;

/// The body of a notification, as it is signed.
#[derive(Deserialize)]
pub(super) struct Envelope {
    pub(super) id: String,
    pub(super) event_type: String,
    #[serde(default)]
    pub(super) create_time: Option<String>,
    #[serde(default)]
    pub(super) resource_type: Option<String>,
    #[serde(default)]
    pub(super) summary: Option<String>,
    pub(super) resource: Resource,
}

/// The encrypted payload.
#[derive(Deserialize)]
pub(super) struct Resource {
    pub(super) algorithm: String,
    #[serde(default)]
    pub(super) original_type: Option<String>,
    pub(super) nonce: String,
    /// Absent, `null` and empty are the same.
    #[serde(default)]
    pub(super) associated_data: Option<String>,
    pub(super) ciphertext: String,
}

impl Envelope {
    /// Reads the body. Only what was verified may get here.
    pub(super) fn read(body: &[u8]) -> Result<Self, NotificationError> {
        let malformed = |field: String, reason: Text| NotificationError::Malformed {
            field,
            reason: reason.into(),
        };
        let envelope: Self = serde_json::from_slice(body).map_err(|error| {
            let JsonError { path, reason } = JsonError::new(body, &error);
            malformed(path, reason)
        })?;
        // Both are what a shop decides by: whether it has seen this already, and what it is.
        for (name, value) in [("id", &envelope.id), ("event_type", &envelope.event_type)] {
            if value.is_empty() {
                return Err(malformed(name.to_owned(), Text::from(("it is empty", "为空"))));
            }
        }
        Ok(envelope)
    }
}
