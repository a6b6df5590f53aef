//! AES-256-GCM and SM4-GCM as WeChat Pay uses them, independent of the code under test.

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

/// The same of 国密, with the key that is derived from an APIv3 key.
#[cfg(feature = "shangmi")]
#[allow(dead_code, reason = "not every test encrypts with it")]
pub(crate) fn sm4_encrypt(api_v3_key: &[u8], nonce: &[u8; 12], associated_data: &[u8], plaintext: &[u8]) -> Vec<u8> {
    use sm3::Digest as _;

    let payload = Payload {
        msg: plaintext,
        aad: associated_data,
    };
    let hash = sm3::Sm3::digest(api_v3_key);
    let cipher = aes_gcm::AesGcm::<sm4::Sm4, aes_gcm::aead::consts::U12>::new_from_slice(&hash[..16]).unwrap();
    cipher.encrypt(nonce.into(), payload).unwrap()
}

/// Without the feature there is nobody who calls it.
#[cfg(not(feature = "shangmi"))]
#[allow(dead_code, reason = "not every test encrypts with it")]
pub(crate) fn sm4_encrypt(_: &[u8], _: &[u8; 12], _: &[u8], _: &[u8]) -> Vec<u8> {
    unreachable!("the feature `shangmi` is off")
}
