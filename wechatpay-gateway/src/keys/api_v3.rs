//! The APIv3 key (APIv3密钥) on the side of WeChat Pay, which encrypts with it.

use std::io;

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::keys;

/// A key, with its text for the configuration of clients.
pub(crate) struct ApiV3Key {
    pub(crate) text: String,
    cipher: Aes256Gcm,
}

impl ApiV3Key {
    pub(crate) fn new(text: String) -> io::Result<Self> {
        // An invalid key gets the same error as from a client.
        keys::ApiV3Key::new(&text).map_err(io::Error::other)?;
        let cipher = Aes256Gcm::new_from_slice(text.as_bytes()).map_err(io::Error::other)?;
        Ok(Self { text, cipher })
    }

    /// Encrypts with AES-256-GCM and returns Base64. `nonce` has 12 bytes and is used only once.
    pub(crate) fn encrypt(&self, nonce: &str, associated_data: &str, plaintext: &str) -> io::Result<String> {
        let nonce: &[u8; 12] = nonce.as_bytes().try_into().map_err(io::Error::other)?;
        let payload = Payload {
            msg: plaintext.as_bytes(),
            aad: associated_data.as_bytes(),
        };
        let ciphertext = self.cipher.encrypt(nonce.into(), payload).map_err(io::Error::other)?;
        Ok(STANDARD.encode(ciphertext))
    }
}
