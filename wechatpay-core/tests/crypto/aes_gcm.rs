//! AES-256-GCM with the APIv3 key: the encryption of notifications and certificates.

use wechatpay_core::{
    crypto::Failed,
    keys::{ApiV3Key, KeyError},
};

use crate::{backends, encrypt::encrypt};

const KEY: &[u8; 32] = b"EIe1j2h3k4l5m6n7o8p9q0r1s2t3u4v5";
const NONCE: &[u8; 12] = b"fdasflkja484";

fn key() -> ApiV3Key {
    ApiV3Key::new(KEY).unwrap()
}

fn ciphertext() -> Vec<u8> {
    encrypt(KEY, NONCE, b"transaction", br#"{"mchid":"1230000109"}"#)
}

#[test]
fn every_backend_decrypts_empty_short_and_long_texts() {
    for backend in backends() {
        for aad in [&b""[..], b"certificate"] {
            for plaintext in [&b""[..], b"{}", &[9; 100_000]] {
                let ciphertext = encrypt(KEY, NONCE, aad, plaintext);
                let decrypted = key().decrypt(backend, NONCE, aad, &ciphertext).unwrap();
                assert_eq!(decrypted.as_slice(), plaintext);
            }
        }
    }
}

#[test]
fn f6_a_nonce_that_does_not_have_12_bytes_is_refused() {
    for backend in backends() {
        let ciphertext = ciphertext();
        for nonce in [&b""[..], &NONCE[..11], b"fdasflkja4840", &[0; 16], &[0; 1000]] {
            assert_eq!(
                key().decrypt(backend, nonce, b"transaction", &ciphertext).unwrap_err(),
                Failed
            );
        }
    }
}

#[test]
fn f6_a_ciphertext_shorter_than_its_tag_is_refused() {
    for backend in backends() {
        for length in 0..16 {
            assert_eq!(
                key().decrypt(backend, NONCE, b"", &vec![0; length]).unwrap_err(),
                Failed,
                "{backend:?}"
            );
        }
    }
}

#[test]
fn f6_any_changed_bit_is_refused() {
    for backend in backends() {
        let ciphertext = ciphertext();
        for bit in 0..ciphertext.len() * 8 {
            let mut changed = ciphertext.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                key().decrypt(backend, NONCE, b"transaction", &changed).unwrap_err(),
                Failed,
                "bit {bit}"
            );
        }
        for length in 0..ciphertext.len() {
            assert!(
                key()
                    .decrypt(backend, NONCE, b"transaction", &ciphertext[..length])
                    .is_err()
            );
        }
    }
}

#[test]
fn f6_another_nonce_other_associated_data_or_another_key_is_refused() {
    for backend in backends() {
        let ciphertext = ciphertext();
        assert!(key().decrypt(backend, NONCE, b"transaction", &ciphertext).is_ok());
        assert!(
            key()
                .decrypt(backend, b"fdasflkja485", b"transaction", &ciphertext)
                .is_err()
        );
        assert!(key().decrypt(backend, NONCE, b"refund", &ciphertext).is_err());
        assert!(key().decrypt(backend, NONCE, b"", &ciphertext).is_err());
        assert!(
            ApiV3Key::new([0; 32])
                .unwrap()
                .decrypt(backend, NONCE, b"transaction", &ciphertext)
                .is_err()
        );
    }
}

#[test]
fn an_api_v3_key_has_32_bytes_and_the_error_names_the_length() {
    for bytes in [0, 1, 31, 33, 64] {
        let error = ApiV3Key::new("k".repeat(bytes)).unwrap_err();
        assert!(matches!(error, KeyError::ApiV3KeyLength { bytes: counted, .. } if counted == bytes));
        assert!(error.to_string().contains(&format!("{bytes} bytes")));
    }
    // 32 characters can be more than 32 bytes.
    let error = ApiV3Key::new("密".repeat(32)).unwrap_err();
    assert!(matches!(error, KeyError::ApiV3KeyLength { bytes: 96, .. }));
}

#[test]
fn an_api_v3_key_is_not_printed() {
    assert_eq!(format!("{:?}", key()), "ApiV3Key([redacted])");
    let error = ApiV3Key::new("secret that is too short").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}
