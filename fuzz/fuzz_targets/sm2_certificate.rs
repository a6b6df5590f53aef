//! The DER of a certificate or a public key of SM2.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wechatpay_core::{PublicKey, crypto::Suite, keys::Certificate};
use wechatpay_fuzz::check_text;

fuzz_target!(|der: &[u8]| {
    let (key, certificate) = (PublicKey::from_der(der), Certificate::from_der(der));
    assert!(key.is_err() || certificate.is_err(), "a key is no certificate");
    key.as_ref().err().into_iter().chain(certificate.as_ref().err()).for_each(check_text);
    for key in key.iter().chain(certificate.as_ref().ok().map(Certificate::public_key)) {
        if key.suite() == Suite::Shangmi {
            assert!(!key.verify(b"message", der));
            assert_ne!(key.encrypt(b"text").unwrap(), key.encrypt(b"text").unwrap());
        }
    }
});
