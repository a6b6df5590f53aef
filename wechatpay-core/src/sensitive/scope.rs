//! The scope in which sensitive values are encrypted and decrypted: while a request is prepared or a response decoded.
//!
//! serde hands no context to a value that is being serialised, and it buffers (flattened and tagged enums do), so the
//! context cannot travel with the serialiser. It lies in a slot of the thread instead, for exactly as long as one
//! `Endpoint::prepare` or one decoding runs; both are synchronous, so no other task can come in between.

use crate::{
    keys::{PrivateKey, PublicKey},
    support::language::{Language, Speak, Text, say},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{cell::RefCell, fmt};

/// What the slot holds.
enum Scope {
    Encrypting {
        key: Option<PublicKey>,
        used: bool,
        missing: bool,
    },
    Decrypting {
        key: Option<PrivateKey>,
    },
}

thread_local! {
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// Puts the slot back as it was, also when the code in between panics.
struct Restore(Option<Scope>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPE.replace(self.0.take());
    }
}

/// What happened to sensitive values while a request was prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// At least one value was encrypted.
    pub(crate) used: bool,
    /// A value was met, but there is no key to encrypt with.
    pub(crate) missing: bool,
}

/// Runs `prepare`, in which sensitive values encrypt with `key`.
pub(crate) fn encrypting<R>(key: Option<PublicKey>, prepare: impl FnOnce() -> R) -> (R, Encryption) {
    let restore = Restore(SCOPE.replace(Some(Scope::Encrypting {
        key,
        used: false,
        missing: false,
    })));
    let result = prepare();
    let encryption = SCOPE.with_borrow(|scope| match scope {
        Some(Scope::Encrypting { used, missing, .. }) => Encryption {
            used: *used,
            missing: *missing,
        },
        _ => Encryption {
            used: false,
            missing: false,
        },
    });
    drop(restore);
    (result, encryption)
}

/// Runs `decode`, in which sensitive values decrypt with `key`.
pub(crate) fn decrypting<R>(key: Option<PrivateKey>, decode: impl FnOnce() -> R) -> R {
    let _restore = Restore(SCOPE.replace(Some(Scope::Decrypting { key })));
    decode()
}

/// A sensitive value could not be written or read. Never holds the value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SensitiveError {
    Outside,
    NoEncryptionKey,
    TooLong { length: usize, most: usize },
    Encryption,
    NoDecryptionKey,
    DecryptionUnsupported,
    Decryption,
}

impl Speak for SensitiveError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Outside => say!(
                f,
                language,
                "is sensitive and can only be serialised while its request is sent",
                "是敏感信息，只能在发送请求时序列化"
            ),
            Self::NoEncryptionKey => say!(
                f,
                language,
                "is sensitive, but there is no key to encrypt it with; give the client a WeChat Pay public key or platform certificates",
                "是敏感信息，但没有用于加密的密钥；请给客户端配置微信支付公钥或平台证书"
            ),
            Self::TooLong { length, most } => say!(
                f,
                language,
                "is sensitive and has {length} bytes; one ciphertext holds at most {most}",
                "是敏感信息，长 {length} 字节；一段密文最多容纳 {most} 字节"
            ),
            Self::Encryption => say!(
                f,
                language,
                "is sensitive and could not be encrypted",
                "是敏感信息，加密失败"
            ),
            Self::NoDecryptionKey => say!(
                f,
                language,
                "is sensitive, but the signer gives no private key to decrypt it with",
                "是敏感信息，但 Signer 没有提供用于解密的私钥"
            ),
            Self::DecryptionUnsupported => say!(
                f,
                language,
                "is sensitive, but the backend of the merchant's private key does not support decryption",
                "是敏感信息，但商户私钥所在的后端不支持解密"
            ),
            Self::Decryption => say!(
                f,
                language,
                "is sensitive and cannot be decrypted with the merchant's private key",
                "是敏感信息，用商户私钥无法解密"
            ),
        }
    }
}

impl fmt::Display for SensitiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// `text` as the error of this module whose message it is. serde passes errors on as text.
fn of_message(text: &str) -> Option<SensitiveError> {
    let fixed = [
        SensitiveError::Outside,
        SensitiveError::NoEncryptionKey,
        SensitiveError::Encryption,
        SensitiveError::NoDecryptionKey,
        SensitiveError::DecryptionUnsupported,
        SensitiveError::Decryption,
    ];
    let numbers: Vec<usize> = text.split([' ', ';']).filter_map(|word| word.parse().ok()).collect();
    let too_long = match numbers[..] {
        [length, most] => Some(SensitiveError::TooLong { length, most }),
        _ => None,
    };
    fixed
        .into_iter()
        .chain(too_long)
        .find(|error| error.to_string() == text)
}

/// An error that serde passed on as text, in both languages where it is one of this module.
pub(crate) fn in_both_languages(text: String) -> Text {
    of_message(&text).map_or_else(|| Text::foreign(text), |error| Text::of(&error))
}

/// `text` in both languages, if it is a message of this module about decoding, which holds no value.
pub(crate) fn own_message(text: &str) -> Option<Text> {
    let error = of_message(text)?;
    let is_about_decoding = matches!(
        error,
        SensitiveError::NoDecryptionKey | SensitiveError::DecryptionUnsupported | SensitiveError::Decryption
    );
    is_about_decoding.then(|| Text::of(&error))
}

/// The ciphertext of `plaintext`; an empty text stays empty.
pub(super) fn encrypt(plaintext: &str) -> Result<Vec<u8>, SensitiveError> {
    // The borrow ends before the key is used, because a custom key may do anything, such as prepare another request.
    let key = SCOPE.with_borrow_mut(|scope| {
        let Some(Scope::Encrypting { key, used, missing }) = scope else {
            return Err(SensitiveError::Outside);
        };
        let Some(key) = key else {
            *missing = true;
            return Err(SensitiveError::NoEncryptionKey);
        };
        *used = true;
        Ok(key.clone())
    })?;
    if plaintext.is_empty() {
        return Ok(Vec::new());
    }
    encrypt_with(&key, plaintext)
}

/// The ciphertext of `plaintext` under `key`.
pub(crate) fn encrypt_with(key: &PublicKey, plaintext: &str) -> Result<Vec<u8>, SensitiveError> {
    let most = key.max_plaintext();
    if plaintext.len() > most {
        return Err(SensitiveError::TooLong {
            length: plaintext.len(),
            most,
        });
    }
    key.encrypt(plaintext.as_bytes())
        .map_err(|_| SensitiveError::Encryption)
}

/// The plaintext of what a response holds; outside a response the text as it is.
pub(crate) fn decrypt(text: String) -> Result<String, SensitiveError> {
    let key = SCOPE.with_borrow(|scope| match scope {
        Some(Scope::Decrypting { key }) => Some(key.clone()),
        _ => None,
    });
    match key {
        None => Ok(text),
        Some(_) if text.is_empty() => Ok(text),
        Some(key) => decrypt_with(&key.ok_or(SensitiveError::NoDecryptionKey)?, &text),
    }
}

/// The same error for every cause. Different errors would be an oracle.
pub(crate) fn decrypt_with(key: &PrivateKey, text: &str) -> Result<String, SensitiveError> {
    if !key.can_decrypt() {
        return Err(SensitiveError::DecryptionUnsupported);
    }
    let ciphertext = STANDARD.decode(text).map_err(|_| SensitiveError::Decryption)?;
    let plaintext = key.decrypt(&ciphertext).map_err(|_| SensitiveError::Decryption)?;
    std::str::from_utf8(&plaintext)
        .map(str::to_owned)
        .map_err(|_| SensitiveError::Decryption)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Failed;
    use crate::crypto::RsaPrivateKey;
    use crate::crypto::RsaPublicKey;
    use std::sync::Arc;
    use zeroize::Zeroizing;

    /// A key that sends a request before each operation, such as a key service.
    struct Remote;

    fn another_request() {
        let ((), encryption) = encrypting(None, || assert!(encrypt("x").is_err()));
        assert!(encryption.missing && !encryption.used);
        decrypting(None, || {
            assert_eq!(decrypt("x".into()), Err(SensitiveError::NoDecryptionKey))
        });
    }

    impl RsaPublicKey for Remote {
        fn verify(&self, _: &[u8], _: &[u8]) -> bool {
            false
        }

        fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
            another_request();
            Ok(plaintext.to_vec())
        }

        fn modulus_len(&self) -> usize {
            256
        }
    }

    impl RsaPrivateKey for Remote {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
            Err(Failed)
        }

        fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
            another_request();
            Ok(ciphertext.to_vec().into())
        }

        fn public_key_der(&self) -> Vec<u8> {
            Vec::new()
        }
    }

    #[test]
    fn a_key_that_makes_requests_itself_finds_the_slot_free_and_leaves_it_as_it_was() {
        let key = PublicKey::from_parsed(Arc::new(Remote));
        let (ciphertexts, encryption) = encrypting(Some(key), || [encrypt("a"), encrypt("b")]);
        assert_eq!(ciphertexts, [Ok(b"a".to_vec()), Ok(b"b".to_vec())]);
        assert!(encryption.used && !encryption.missing);
        let key = PrivateKey::from_parsed(Arc::new(Remote));
        let plaintexts = decrypting(Some(key), || [decrypt("YQ==".into()), decrypt("Yg==".into())]);
        assert_eq!(plaintexts, [Ok("a".to_owned()), Ok("b".to_owned())]);
    }

    #[test]
    fn e8_one_ciphertext_holds_214_bytes_under_a_key_of_2048_bits() {
        let key = PublicKey::from_parsed(Arc::new(Remote));
        assert!(encrypt_with(&key, &"x".repeat(214)).is_ok());
        let error = encrypt_with(&key, &"x".repeat(215)).unwrap_err();
        assert_eq!(error, SensitiveError::TooLong { length: 215, most: 214 });
        assert_eq!(
            error.to_string(),
            "is sensitive and has 215 bytes; one ciphertext holds at most 214"
        );
    }

    #[test]
    fn an_empty_text_stays_empty_both_ways() {
        let (ciphertext, encryption) = encrypting(Some(PublicKey::from_parsed(Arc::new(Remote))), || encrypt(""));
        assert_eq!(ciphertext, Ok(Vec::new()));
        assert!(encryption.used && !encryption.missing);
        assert_eq!(decrypting(None, || decrypt(String::new())), Ok(String::new()));
    }
}
