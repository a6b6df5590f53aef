//! The APIv3 key (APIv3密钥) on the side of WeChat Pay, which encrypts with it.

use std::io;

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead, Payload, consts::U12},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{crypto::Suite, keys};

/// A key, with its text for the configuration of clients.
pub(crate) struct ApiV3Key {
    pub(crate) text: String,
    /// The name of the algorithm, in notifications and certificate lists.
    pub(crate) algorithm: &'static str,
    cipher: Box<Cipher>,
}

/// Encrypts under a nonce.
type Cipher = dyn Fn(&[u8; 12], Payload<'_, '_>) -> Option<Vec<u8>> + Send + Sync;

impl ApiV3Key {
    pub(crate) fn new(text: String, suite: Suite) -> io::Result<Self> {
        // An invalid key gets the same error as from a client.
        keys::ApiV3Key::new(&text).map_err(io::Error::other)?;
        let (algorithm, cipher) = match suite {
            Suite::Rsa => {
                let cipher = Aes256Gcm::new_from_slice(text.as_bytes()).map_err(io::Error::other)?;
                ("AEAD_AES_256_GCM", boxed(cipher))
            }
            Suite::Shangmi => ("AEAD_SM4_GCM", sm4(text.as_bytes())?),
        };
        Ok(Self {
            text,
            algorithm,
            cipher,
        })
    }

    /// Encrypts with the algorithm of the suite and returns Base64. `nonce` has 12 bytes and is used only once.
    pub(crate) fn encrypt(&self, nonce: &str, associated_data: &str, plaintext: &str) -> io::Result<String> {
        let nonce: &[u8; 12] = nonce.as_bytes().try_into().map_err(io::Error::other)?;
        let payload = Payload {
            msg: plaintext.as_bytes(),
            aad: associated_data.as_bytes(),
        };
        let ciphertext = (self.cipher)(nonce, payload).ok_or_else(|| io::Error::other("the text is too long"))?;
        Ok(STANDARD.encode(ciphertext))
    }
}

fn boxed(cipher: impl Aead<NonceSize = U12> + Send + Sync + 'static) -> Box<Cipher> {
    Box::new(move |nonce, payload| cipher.encrypt(nonce.into(), payload).ok())
}

/// SM4-GCM. The key is the first half of the SM3 of the APIv3 key.
#[cfg(feature = "shangmi")]
fn sm4(key: &[u8]) -> io::Result<Box<Cipher>> {
    use aes_gcm::AesGcm;
    use sm3::{Digest as _, Sm3};

    let hash = Sm3::digest(key);
    let (key, _) = hash.split_at(16);
    let cipher = AesGcm::<sm4::Sm4, U12>::new_from_slice(key).map_err(io::Error::other)?;
    Ok(boxed(cipher))
}

#[cfg(not(feature = "shangmi"))]
fn sm4(_: &[u8]) -> io::Result<Box<Cipher>> {
    Err(io::Error::other("turn on the feature `shangmi` of wechatpay-gateway"))
}
