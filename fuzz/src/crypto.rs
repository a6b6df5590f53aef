//! Cryptography that hides nothing.

use std::{pin::Pin, sync::LazyLock};
use wechatpay_core::{
    PrivateKey, Signer, crypto::{Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey},
    signer::SignError,
};
use zeroize::Zeroizing;

/// The signature over `message`: 8 bytes (FNV-1a).
#[must_use]
pub fn signature(message: &[u8]) -> Vec<u8> {
    let hash = message.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.to_be_bytes().into()
}

/// Every key there is: the merchant's and WeChat Pay's.
#[derive(Debug, Clone, Copy)]
pub struct Key;

impl RsaPublicKey for Key {
    fn verify(&self, message: &[u8], claimed: &[u8]) -> bool {
        signature(message) == claimed
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(plaintext.to_vec())
    }

    fn modulus_len(&self) -> usize {
        256
    }
}

impl RsaPrivateKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(signature(message))
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Ok(ciphertext.to_vec().into())
    }

    fn public_key_der(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl Signer for Key {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(signature(message))))
    }

    fn private_key(&self) -> Option<&PrivateKey> {
        static PRIVATE_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::from_parsed(std::sync::Arc::new(Key)));
        Some(&PRIVATE_KEY)
    }
}

/// A backend whose every key is [`Key`] and that decrypts nothing.
#[derive(Debug)]
pub struct Transparent;

impl Backend for Transparent {
    fn private_key(&self, _: PrivateKeyDer<'_>) -> Result<std::sync::Arc<dyn RsaPrivateKey>, KeyRejected> {
        Ok(std::sync::Arc::new(Key))
    }

    fn public_key(&self, _: &[u8]) -> Result<std::sync::Arc<dyn RsaPublicKey>, KeyRejected> {
        Ok(std::sync::Arc::new(Key))
    }

    fn aes_256_gcm_decrypt(
        &self,
        _: &[u8; 32],
        _: &[u8],
        _: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Ok(ciphertext.to_vec().into())
    }
}
