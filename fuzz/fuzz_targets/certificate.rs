//! The DER of a certificate or a public key, by a backend that does arithmetic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wechatpay_core::{PublicKey, crypto::Suite, keys::Certificate};

fuzz_target!(|der: &[u8]| {
    let key = PublicKey::from_der(der).ok();
    let certificate = Certificate::from_der(der).ok();
    if let Some(certificate) = &certificate {
        assert!(!certificate.serial_no().as_str().is_empty());
        assert!(certificate.not_before() >= 0 && certificate.not_after() >= 0);
        assert!(!certificate.is_valid_at(i64::MIN));
    }
    for key in key.iter().chain(certificate.as_ref().map(Certificate::public_key)) {
        assert!(key.suite() == Suite::Shangmi || (256..=1024).contains(&key.modulus_len()));
        assert!(!key.verify(b"message", &vec![0; key.modulus_len()]));
    }
});
