//! The pure Rust backend: the crates `rsa` and `aes-gcm` of the RustCrypto project.
//!
//! It needs no C compiler, and is slower than the default.
//!
//! Every operation with a private key is blinded with randomness of the operating system, so that its time does not
//! depend on the message. The crate `rsa` does not claim constant time beyond that; where an attacker can measure
//! decryptions precisely, prefer the default backend.
//!
//! A key is wiped when it is dropped: the private exponent, the primes and the CRT exponents by the crate `rsa`, and
//! what this module computes to check a key. What the crate does not wipe can stay in freed memory: the CRT coefficient
//! in Montgomery form, and what it computes from the primes on the way.
//!
//! In one point the two differ: RFC 8017 (section 7.1.2) refuses a ciphertext whose encoded message does not begin with
//! a zero byte. The crate `rsa` ignores this byte, because Manger's attack needs to distinguish its values.
//! No sender makes such a ciphertext, and one who did would learn nothing from it.

use std::sync::Arc;

use ::rsa::{
    BoxedUint, PrivateKey as Private, PublicKey as Public,
    pkcs1::DecodeRsaPrivateKey,
    pkcs8::EncodePublicKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use getrandom::SysRng;
use sha1::Sha1;
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use crate::crypto::{
    backend::{Backend, PrivateKeyDer, RsaPrivateKey, RsaPublicKey},
    encoding,
    error::{Failed, KeyRejected},
};

/// The backend of the feature `rsa`.
///
/// ```
/// use base64::{Engine as _, engine::general_purpose::STANDARD};
/// use wechatpay_core::crypto::{Backend, rsa::Rsa};
///
/// let ciphertext = STANDARD.decode("DZyfHEH0mUS8QYPYP/LPSVU0")?;
/// let plaintext = Rsa.aes_256_gcm_decrypt(&[7; 32], &[1; 12], b"transaction", &ciphertext)?;
/// assert_eq!(plaintext.as_slice(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Rsa;

impl Backend for Rsa {
    fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
        let pkcs1 = encoding::private_key_pkcs1(der)?;
        let key = Private::from_pkcs1_der(pkcs1).map_err(|_| KeyRejected)?;
        // The crate computes the CRT values itself and ignores the given ones. A key in which they are wrong is
        // damaged.
        if !crt_values_fit(&key, encoding::crt_values(pkcs1)?) {
            return Err(KeyRejected);
        }
        let public_key_der = key
            .to_public_key()
            .to_public_key_der()
            .map_err(|_| KeyRejected)?
            .into_vec();
        Ok(Arc::new(PrivateKey { key, public_key_der }))
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
        let numbers = encoding::public_numbers(spki)?;
        let modulus = BoxedUint::from_be_slice_vartime(numbers.modulus);
        let exponent = BoxedUint::from_be_slice_vartime(numbers.exponent);
        Ok(Arc::new(PublicKey(
            Public::new(modulus, exponent).map_err(|_| KeyRejected)?,
        )))
    }

    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let nonce: &[u8; 12] = nonce.try_into().map_err(|_| Failed)?;
        let payload = Payload {
            msg: ciphertext,
            aad: associated_data,
        };
        let plaintext = Aes256Gcm::new(key.into())
            .decrypt(nonce.into(), payload)
            .map_err(|_| Failed)?;
        Ok(Zeroizing::new(plaintext))
    }
}

/// Whether these are the CRT values of a key: d mod (p - 1), d mod (q - 1), and the inverse of q mod p. What is
/// computed for it is wiped.
fn crt_values_fit(key: &Private, [dp, dq, inverse]: [&[u8]; 3]) -> bool {
    let [p, q] = key.primes() else {
        return false;
    };
    let is_exponent = |prime: &BoxedUint, given| {
        let less_one = Zeroizing::new(prime.wrapping_sub(BoxedUint::one()));
        let bytes = Zeroizing::new(less_one.to_be_bytes());
        // As wide as what it divides.
        let wide = BoxedUint::from_be_slice(&bytes, key.d().bits_precision()).map(Zeroizing::new);
        let Some(mut divisor) = wide.ok().and_then(|wide| wide.to_nz().into_option()) else {
            return false;
        };
        let fits = is(key.d() % &divisor, given);
        divisor.zeroize();
        fits
    };
    // The crate does not wipe what it needs to compute an inverse, so the given one is multiplied.
    let is_inverse = || {
        // Wide enough for the product.
        let inverse = BoxedUint::from_be_slice(inverse, key.n().bits_precision()).map(Zeroizing::new);
        inverse.is_ok_and(|inverse| {
            let product = inverse.checked_mul(q.as_ref()).into_option().map(Zeroizing::new);
            *inverse < **p && product.is_some_and(|product| is(&*product % p.as_nz_ref(), &[1]))
        })
    };
    is_exponent(p, dp) && is_exponent(q, dq) && is_inverse()
}

/// Whether a number has these big-endian bytes. It is wiped.
fn is(number: BoxedUint, bytes: &[u8]) -> bool {
    let number = Zeroizing::new(number);
    let own = Zeroizing::new(number.to_be_bytes());
    let zeros = own.len().saturating_sub(bytes.len());
    own.get(zeros..) == Some(bytes) && own.iter().take(zeros).all(|byte| *byte == 0)
}

struct PrivateKey {
    key: Private,
    public_key_der: Vec<u8>,
}

impl RsaPrivateKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        self.key
            .pkcs1v15_sign_with_rng::<Sha256, _>(&mut SysRng, message)
            .map_err(|_| Failed)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        self.key
            .oaep_decrypt_with_rng::<Sha1, _>(&mut SysRng, ciphertext)
            .map(Zeroizing::new)
            .map_err(|_| Failed)
    }

    fn public_key_der(&self) -> Vec<u8> {
        self.public_key_der.clone()
    }
}

struct PublicKey(Public);

impl RsaPublicKey for PublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.pkcs1v15_verify::<Sha256>(message, signature).is_ok()
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        self.0
            .oaep_encrypt_with_rng::<Sha1, _>(&mut SysRng, plaintext)
            .map_err(|_| Failed)
    }

    fn modulus_len(&self) -> usize {
        self.0.size()
    }
}
