//! A ciphertext or a signature of SM2, under a key that the fuzzer does not have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use wechatpay_core::{PrivateKey, PublicKey};

/// The key of the seeds.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MEECAQAwEwYHKoZIzj0CAQYIKoEcz1UBgi0EJzAlAgEBBCD9T1JrPlx4MZCEUEx/
9wciHb6rkvO+GtvwvZIjiw9RHw==
-----END PRIVATE KEY-----";

static KEYS: LazyLock<(PrivateKey, PublicKey)> = LazyLock::new(|| {
    let key = PrivateKey::from_pem(KEY).unwrap();
    let public_key = PublicKey::from_der(&key.public_key_der()).unwrap();
    (key, public_key)
});

fuzz_target!(|data: &[u8]| {
    let (key, public_key) = &*KEYS;
    if let Ok(plaintext) = key.decrypt(data) {
        assert_eq!(plaintext.as_slice(), b"plaintext", "another ciphertext than that of the seed");
    }
    if public_key.verify(b"message", data) {
        assert!(SIGNATURES.contains(&data.len()) && data.starts_with(&[0x30, data.len() as u8 - 2]));
    }
});

/// How long a signature can be: two numbers of 1 to 33 bytes.
const SIGNATURES: std::ops::RangeInclusive<usize> = 8..=72;
