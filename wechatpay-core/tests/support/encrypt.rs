//! AES-256-GCM as WeChat Pay uses it, independent of the code under test.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};

/// The ciphertext, which ends with the tag.
pub(crate) fn encrypt(key: &[u8; 32], nonce: &[u8; 12], associated_data: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let payload = Payload {
        msg: plaintext,
        aad: associated_data,
    };
    Aes256Gcm::new(key.into()).encrypt(nonce.into(), payload).unwrap()
}
