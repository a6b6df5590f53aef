//! Cryptography and keys: each backend with published vectors, with the other backend, and with damaged input.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod aes_gcm;
mod agreement;
mod certificates;
#[path = "../support/encrypt.rs"]
mod encrypt;
mod pem;
mod vectors;

use wechatpay_core::{PrivateKey, PublicKey, crypto::Backend};

/// Every backend of this build.
fn backends() -> Vec<&'static dyn Backend> {
    vec![
        #[cfg(feature = "aws-lc-rs")]
        &wechatpay_core::crypto::aws_lc_rs::AwsLcRs,
        #[cfg(feature = "rsa")]
        &wechatpay_core::crypto::rsa::Rsa,
    ]
}

/// Every pair of backends.
fn pairs() -> Vec<(&'static dyn Backend, &'static dyn Backend)> {
    let backends = backends();
    backends
        .iter()
        .flat_map(|one| backends.iter().map(|other| (*one, *other)))
        .collect()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

fn private_key(backend: &dyn Backend) -> PrivateKey {
    PrivateKey::from_pem_with(backend, file("pkcs8.pem")).unwrap()
}

fn public_key(backend: &dyn Backend) -> PublicKey {
    PublicKey::from_pem_with(backend, file("spki.pem")).unwrap()
}
