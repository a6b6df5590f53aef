//! The PEM text of a key or a certificate.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wechatpay_core::{
    PrivateKey, PublicKey,
    keys::{Certificate, KeyError},
};
use wechatpay_fuzz::{check_text, crypto::Transparent};

fuzz_target!(|pem: &[u8]| {
    // The arithmetic is not what is looked at, and it is slow.
    let results: [Option<KeyError>; 3] = [
        PrivateKey::from_pem_with(&Transparent, pem).err(),
        PublicKey::from_pem_with(&Transparent, pem).err(),
        Certificate::from_pem_with(&Transparent, pem).err(),
    ];
    assert!(
        results[0].is_some() || results[1].is_some(),
        "a private key where a public one belongs"
    );
    assert!(
        results[2].is_some() || results[1].is_none(),
        "a certificate has a public key"
    );
    results.iter().flatten().for_each(check_text);
});
