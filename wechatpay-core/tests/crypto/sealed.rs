//! AES-256-GCM: the resource of a notification, and the APIv3 key that opens it.

use wechatpay_core::{
    crypto::{Backend, Failed},
    keys::{ApiV3Key, KeyError},
};

use crate::{backends, pairs};

const KEY: &str = "EIe1j2h3k4l5m6n7o8p9q0r1s2t3u4v5";
const NONCE: &[u8] = b"fdasflkja484";

fn key() -> ApiV3Key {
    ApiV3Key::new(KEY).unwrap()
}

fn sealed(backend: &dyn Backend) -> Vec<u8> {
    key()
        .seal(backend, NONCE, b"transaction", br#"{"mchid":"1230000109"}"#)
        .unwrap()
}

#[test]
fn what_one_backend_seals_the_other_opens() {
    for (sealer, opener) in pairs() {
        for aad in [&b""[..], b"certificate"] {
            for plaintext in [&b""[..], b"{}", &[9; 100_000]] {
                let sealed = key().seal(sealer, NONCE, aad, plaintext).unwrap();
                assert_eq!(sealed.len(), plaintext.len() + 16);
                assert_eq!(key().open(opener, NONCE, aad, &sealed).unwrap().as_slice(), plaintext);
            }
        }
    }
}

#[test]
fn f6_a_nonce_that_does_not_have_12_bytes_is_refused() {
    for backend in backends() {
        let sealed = sealed(backend);
        for nonce in [&b""[..], &NONCE[..11], b"fdasflkja4840", &[0; 16], &[0; 1000]] {
            assert_eq!(key().open(backend, nonce, b"transaction", &sealed).unwrap_err(), Failed);
            assert_eq!(key().seal(backend, nonce, b"transaction", b"{}").unwrap_err(), Failed);
        }
    }
}

#[test]
fn f6_a_ciphertext_shorter_than_its_tag_is_refused() {
    for backend in backends() {
        for length in 0..16 {
            assert_eq!(
                key().open(backend, NONCE, b"", &vec![0; length]).unwrap_err(),
                Failed,
                "{backend:?}"
            );
        }
    }
}

#[test]
fn f6_any_changed_bit_is_refused() {
    for backend in backends() {
        let sealed = sealed(backend);
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                key().open(backend, NONCE, b"transaction", &changed).unwrap_err(),
                Failed,
                "bit {bit}"
            );
        }
        for length in 0..sealed.len() {
            assert!(key().open(backend, NONCE, b"transaction", &sealed[..length]).is_err());
        }
    }
}

#[test]
fn f6_another_nonce_other_associated_data_or_another_key_is_refused() {
    for backend in backends() {
        let sealed = sealed(backend);
        assert!(key().open(backend, NONCE, b"transaction", &sealed).is_ok());
        assert!(key().open(backend, b"fdasflkja485", b"transaction", &sealed).is_err());
        assert!(key().open(backend, NONCE, b"refund", &sealed).is_err());
        assert!(key().open(backend, NONCE, b"", &sealed).is_err());
        assert!(
            ApiV3Key::new([0; 32])
                .unwrap()
                .open(backend, NONCE, b"transaction", &sealed)
                .is_err()
        );
    }
}

#[test]
fn an_api_v3_key_has_32_bytes_and_the_error_tells_how_many_there_are() {
    for bytes in [0, 1, 31, 33, 64] {
        let error = ApiV3Key::new("k".repeat(bytes)).unwrap_err();
        assert_eq!(error, KeyError::ApiV3KeyLength { bytes });
        assert!(error.to_string().contains(&format!("{bytes} bytes")));
    }
    // 32 characters are not 32 bytes.
    assert_eq!(
        ApiV3Key::new("密".repeat(32)).unwrap_err(),
        KeyError::ApiV3KeyLength { bytes: 96 }
    );
}

#[test]
fn an_api_v3_key_is_not_printed() {
    assert_eq!(format!("{:?}", key()), "ApiV3Key([redacted])");
    let error = ApiV3Key::new("secret that is too short").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}
