//! The default backend: the crate `aws-lc-rs`.
//!
//! AWS-LC does the arithmetic, in assembler where the processor allows it. The TLS of the default transport needs the
//! same library, so it costs no further build.

use std::sync::Arc;

use ::aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    error::{KeyRejected as Rejected, Unspecified},
    rand::{self, SystemRandom},
    rsa::{
        OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
        PublicEncryptingKey,
    },
    signature::{KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair},
};
use zeroize::Zeroizing;

use crate::crypto::{
    backend::{Backend, PrivateKeyDer, RsaPrivateKey, RsaPublicKey},
    encoding,
    error::{Failed, KeyRejected},
};

/// The backend of the feature `aws-lc-rs`.
///
/// ```
/// use base64::{Engine as _, engine::general_purpose::STANDARD};
/// use wechatpay_core::crypto::{Backend, aws_lc_rs::AwsLcRs};
///
/// let ciphertext = STANDARD.decode("DZyfHEH0mUS8QYPYP/LPSVU0")?;
/// let plaintext = AwsLcRs.aes_256_gcm_decrypt(&[7; 32], &[1; 12], b"transaction", &ciphertext)?;
/// assert_eq!(plaintext.as_slice(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct AwsLcRs;

impl Backend for AwsLcRs {
    fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
        let signer = RsaKeyPair::from_der(encoding::private_key_pkcs1(der)?)?;
        // The decrypting key is read from PKCS#8 only; these bytes are wiped when dropped.
        let pkcs8: Pkcs8V1Der<'_> = signer.as_der()?;
        let opener = OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref())?)?;
        // The first use of AWS-LC's random source gathers entropy for 20 ms: better here than in the first payment.
        // Should it fail, so will whatever needs it.
        let _ = rand::fill(&mut [0]);
        let public_key: PublicKeyX509Der<'_> = signer.public_key().as_der()?;
        let public_key_der = public_key.as_ref().to_vec();
        Ok(Arc::new(PrivateKey {
            signer,
            opener,
            public_key_der,
        }))
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
        encoding::public_numbers(spki)?;
        let verifier = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)?;
        let encryptor = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(spki)?)?;
        Ok(Arc::new(PublicKey { verifier, encryptor }))
    }

    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let (ciphertext, tag) = ciphertext.split_last_chunk::<16>().ok_or(Failed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut plaintext = Zeroizing::new(vec![0; ciphertext.len()]);
        aes_256_gcm(key)?.open_separate_gather(nonce, Aad::from(associated_data), ciphertext, tag, &mut plaintext)?;
        Ok(plaintext)
    }
}

fn aes_256_gcm(key: &[u8; 32]) -> Result<LessSafeKey, Unspecified> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new)
}

struct PrivateKey {
    signer: RsaKeyPair,
    opener: OaepPrivateDecryptingKey,
    public_key_der: Vec<u8>,
}

impl RsaPrivateKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        let mut signature = vec![0; self.signer.public_modulus_len()];
        self.signer
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
        Ok(signature)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let mut plaintext = Zeroizing::new(vec![0; self.opener.min_output_size()]);
        let length = self
            .opener
            .decrypt(&OAEP_SHA1_MGF1SHA1, ciphertext, &mut plaintext, None)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    fn public_key_der(&self) -> Vec<u8> {
        self.public_key_der.clone()
    }
}

struct PublicKey {
    verifier: ParsedPublicKey,
    encryptor: OaepPublicEncryptingKey,
}

impl RsaPublicKey for PublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify_sig(message, signature).is_ok()
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        let mut ciphertext = vec![0; self.encryptor.ciphertext_size()];
        self.encryptor
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)?;
        Ok(ciphertext)
    }

    fn modulus_len(&self) -> usize {
        self.encryptor.key_size_bytes()
    }
}

impl From<Unspecified> for Failed {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

impl From<Unspecified> for KeyRejected {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

impl From<Rejected> for KeyRejected {
    fn from(_: Rejected) -> Self {
        Self
    }
}
