//! The body of a response that WeChat Pay signed and that no result was made of.

use crate::{keys::PrivateKey, request::decode::json::JsonError, sensitive::scope};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// What an error keeps of an authentic response, so that nothing authentic is lost. It has no `Debug`: a body holds what
/// errors must not show.
pub(crate) struct VerifiedBody {
    bytes: Bytes,
    private_key: Option<PrivateKey>,
}

impl VerifiedBody {
    /// The verified bytes, and the key that sensitive values in them are decrypted with.
    pub(crate) fn new(bytes: Bytes, private_key: Option<PrivateKey>) -> Self {
        Self { bytes, private_key }
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Decodes the body as the body of a success is decoded.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode(&self.bytes, self.private_key.clone())
    }
}

/// Decodes a verified body. Sensitive values in it are decrypted.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8], private_key: Option<PrivateKey>) -> Result<T, JsonError> {
    scope::decrypting(private_key, || serde_json::from_slice(body)).map_err(|error| JsonError::new(body, &error))
}
