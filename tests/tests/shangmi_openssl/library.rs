//! OpenSSL as a library for 国密.

use crate::gcm;
use openssl::{
    hash::{MessageDigest, hash},
    pkey::{PKey, Private, Public},
    pkey_ctx::PkeyCtx,
};
use std::sync::Arc;
use wechatpay_core::crypto::{
    Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey, ShangmiBackend, Sm2PrivateKey,
    Sm2PublicKey, default_backend,
};
use zeroize::Zeroizing;

/// RSA as it is by default, 国密 by OpenSSL.
#[derive(Debug)]
pub(crate) struct OpenSsl;

/// What goes before the number of a private key in PKCS#8, and before the point of a public key.
const PKCS8: &str = "3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420";
const SPKI: &str = "3059301306072a8648ce3d020106082a811ccf5501822d034200";

/// The user id with its length in bits, and the numbers a, b, x and y of the curve (GM/T 0003.5).
const BEFORE_POINT: [&str; 5] = [
    "008031323334353637383132333435363738",
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc",
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93",
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7",
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The hash that is signed: of the signer, and of the message.
fn digest(point: &[u8], message: &[u8]) -> Vec<u8> {
    let sm3 = |bytes: &[u8]| hash(MessageDigest::sm3(), bytes).unwrap().to_vec();
    let signer = sm3(&[BEFORE_POINT.map(hex).concat().as_slice(), &point[1..]].concat());
    sm3(&[&signer, message].concat())
}

struct PrivateKey(PKey<Private>, Vec<u8>);

struct PublicKey(PKey<Public>, Vec<u8>);

impl ShangmiBackend for OpenSsl {
    fn private_key(&self, number: &[u8; 32]) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected> {
        let pkcs8 = [&hex(PKCS8), &number[..]].concat();
        let key = PKey::private_key_from_pkcs8(&pkcs8).map_err(|_| KeyRejected)?;
        let public_key = key.public_key_to_der().map_err(|_| KeyRejected)?;
        Ok(Arc::new(PrivateKey(key, public_key)))
    }

    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected> {
        let spki = [&hex(SPKI), &point[..]].concat();
        let key = PKey::public_key_from_der(&spki).map_err(|_| KeyRejected)?;
        Ok(Arc::new(PublicKey(key, point.to_vec())))
    }

    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        gcm::open(key, nonce, associated_data, ciphertext)
            .map(Zeroizing::new)
            .ok_or(Failed)
    }
}

impl Sm2PrivateKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        let mut context = PkeyCtx::new(&self.0).map_err(|_| Failed)?;
        context.sign_init().map_err(|_| Failed)?;
        let mut signature = Vec::new();
        let point = &self.1[self.1.len() - 65..];
        context
            .sign_to_vec(&digest(point, message), &mut signature)
            .map_err(|_| Failed)?;
        Ok(signature)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let mut context = PkeyCtx::new(&self.0).map_err(|_| Failed)?;
        context.decrypt_init().map_err(|_| Failed)?;
        let mut plaintext = Vec::new();
        context.decrypt_to_vec(ciphertext, &mut plaintext).map_err(|_| Failed)?;
        Ok(Zeroizing::new(plaintext))
    }

    fn public_key_der(&self) -> Vec<u8> {
        self.1.clone()
    }
}

impl Sm2PublicKey for PublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = || {
            let mut context = PkeyCtx::new(&self.0)?;
            context.verify_init()?;
            context.verify(&digest(&self.1, message), signature)
        };
        verified().unwrap_or(false)
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        let mut context = PkeyCtx::new(&self.0).map_err(|_| Failed)?;
        context.encrypt_init().map_err(|_| Failed)?;
        let mut ciphertext = Vec::new();
        context.encrypt_to_vec(plaintext, &mut ciphertext).map_err(|_| Failed)?;
        Ok(ciphertext)
    }
}

impl Backend for OpenSsl {
    fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
        default_backend().private_key(der)
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
        default_backend().public_key(spki)
    }

    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        default_backend().aes_256_gcm_decrypt(key, nonce, associated_data, ciphertext)
    }

    fn shangmi(&self) -> Option<&dyn ShangmiBackend> {
        Some(self)
    }
}
