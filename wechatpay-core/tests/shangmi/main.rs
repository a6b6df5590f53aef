//! 国密: test vectors, keys and configurations, and the tests of notifications with these keys.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../notification/authentic.rs"]
mod authentic;
mod clients;
#[path = "../notification/decryption.rs"]
mod decryption;
#[path = "../support/encrypt.rs"]
mod encrypt;
mod keys;
#[path = "../notification/rotation.rs"]
mod rotation;
#[path = "../notification/sender.rs"]
mod sender;
mod vectors;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{PrivateKey, PublicKey};

/// The bytes of a text in hexadecimal.
fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// PKCS#8 of an SM2 key that gives its number and nothing else.
fn pkcs8(number: &[u8]) -> Vec<u8> {
    let head = hex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420");
    [head, number.to_vec()].concat()
}

fn key_of(number: &str) -> PrivateKey {
    PrivateKey::from_pem(pem("PRIVATE KEY", &pkcs8(&hex(number)))).unwrap()
}

fn public(key: &PrivateKey) -> PublicKey {
    PublicKey::from_der(&key.public_key_der()).unwrap()
}
