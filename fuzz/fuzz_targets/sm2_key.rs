//! The DER of a private key of SM2: a byte that says whether it is PKCS#8 or SEC1, and the key.
#![no_main]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use wechatpay_core::{PrivateKey, PublicKey, crypto::Suite};
use wechatpay_fuzz::check_text;

fuzz_target!(|data: &[u8]| {
    let Some((form, der)) = data.split_first() else {
        return;
    };
    let label = if form % 2 == 0 { "PRIVATE KEY" } else { "EC PRIVATE KEY" };
    let text = STANDARD.encode(der);
    let key = match PrivateKey::from_pem(format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----")) {
        Ok(key) => key,
        Err(error) => return check_text(&error),
    };
    assert_eq!(format!("{key:?}"), "PrivateKey([redacted])");
    if key.suite() == Suite::Shangmi {
        let public_key = PublicKey::from_der(&key.public_key_der()).unwrap();
        assert!(public_key.verify(b"message", &key.sign(b"message").unwrap()));
        assert_eq!(key.decrypt(&public_key.encrypt(b"text").unwrap()).unwrap().as_slice(), b"text");
    }
});
