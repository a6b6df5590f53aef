//! The APIv3 key.

use std::{fmt, sync::Arc};

use sm3::{Digest as _, Sm3};
use zeroize::Zeroizing;

use super::error::KeyError;
use crate::crypto::{Backend, Failed, Suite, shangmi_of};

/// The APIv3 key (APIv3密钥): 32 bytes that the merchant has set on the merchant platform (商户平台), with which
/// notifications and downloaded platform certificates are encrypted.
///
/// Cheap to clone; wiped when the last clone is dropped.
///
/// ```
/// use wechatpay_core::keys::{ApiV3Key, KeyError};
///
/// let key = ApiV3Key::new("0123456789abcdef0123456789abcdef")?;
/// assert_eq!(format!("{key:?}"), "ApiV3Key([redacted])");
/// assert!(matches!(ApiV3Key::new("too short"), Err(KeyError::ApiV3KeyLength { bytes: 9, .. })));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone)]
pub struct ApiV3Key(Arc<Zeroizing<[u8; 32]>>);

impl ApiV3Key {
    /// Takes the key's 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::ApiV3KeyLength`] when there are more or fewer.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let key = key.as_ref();
        match key.try_into() {
            Ok(key) => Ok(Self(Arc::new(Zeroizing::new(key)))),
            Err(_) => Err(KeyError::ApiV3KeyLength { bytes: key.len() }),
        }
    }

    /// Decrypts AES-256-GCM: the `resource` of a notification or an `encrypt_certificate`, with its nonce and its
    /// associated data. `ciphertext` is decoded from Base64 already and ends with the tag.
    ///
    /// ```
    /// use base64::{Engine as _, engine::general_purpose::STANDARD};
    /// use wechatpay_core::{crypto::default_backend, keys::ApiV3Key};
    ///
    /// let (key, backend) = (ApiV3Key::new("0123456789abcdef0123456789abcdef")?, default_backend());
    /// let ciphertext = STANDARD.decode("H50PbKPVUrupmMeq/3L8cfAD")?;
    /// assert_eq!(key.decrypt(backend, b"12 bytes non", b"transaction", &ciphertext)?.as_slice(), b"{}");
    /// assert!(key.decrypt(backend, b"12 bytes non", b"refund", &ciphertext).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The same error for every cause: another key, another nonce or associated data, a changed ciphertext.
    pub fn decrypt(
        &self,
        backend: &dyn Backend,
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        backend.aes_256_gcm_decrypt(&self.0, nonce, associated_data, ciphertext)
    }
}

impl ApiV3Key {
    /// Decrypts with the algorithm of a suite.
    pub(crate) fn decrypt_as(
        &self,
        suite: Suite,
        backend: &dyn Backend,
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        match suite {
            Suite::Rsa => self.decrypt(backend, nonce, associated_data, ciphertext),
            Suite::Shangmi => {
                let shangmi = shangmi_of(backend).ok_or(Failed)?;
                shangmi.sm4_gcm_decrypt(&self.sm4_key(), nonce, associated_data, ciphertext)
            }
        }
    }

    /// The key for SM4: the first 16 bytes of the SM3 of the APIv3 key.
    fn sm4_key(&self) -> Zeroizing<[u8; 16]> {
        let hash: Zeroizing<[u8; 32]> = Zeroizing::new(Sm3::digest(self.0.as_slice()).into());
        let mut key = Zeroizing::new([0; 16]);
        key.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
        key
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key([redacted])")
    }
}

#[cfg(all(test, feature = "shangmi"))]
mod tests {
    use super::*;
    use crate::crypto::default_backend;
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    /// A test vector of a client library in another language.
    #[test]
    fn what_is_encrypted_with_sm4_is_opened_with_the_key_that_is_derived() {
        let key = ApiV3Key::new("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb").unwrap();
        assert_eq!(key.sm4_key()[..4], [0xfa, 0x20, 0x28, 0x80]);
        let opened = |suite, ciphertext: &str| {
            let ciphertext = STANDARD.decode(ciphertext).unwrap();
            key.decrypt_as(
                suite,
                default_backend(),
                b"uluk4a9R25RW",
                b"associatedData",
                &ciphertext,
            )
        };
        let right = "+lcLNfkZQQx+iQm20Apa3x9Mb/5L7PgZ7w==";
        assert_eq!(opened(Suite::Shangmi, right).unwrap().as_slice(), b"plaintext");
        assert!(opened(Suite::Shangmi, "+lcLNfkZQQx+iQm20Apa3x9Mb/5L7PgZ8w==").is_err());
        assert!(opened(Suite::Rsa, right).is_err());
    }
}
