//! Signing a request (签名): the five lines, the header, and who holds the key.

use crate::{PrivateKey, crypto::Failed};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fmt::{self, Write as _},
    future::Future,
    io::Write as _,
    pin::Pin,
    sync::Arc,
};

/// Signs with the merchant's private key (商户API私钥), wherever that is.
///
/// [`PrivateKey`] is the usual signer. A key that must not leave a KMS or an HSM stands behind a signer of its own,
/// which is why signing is async. Its duty is one thing: SHA-256 with RSA, PKCS#1 v1.5, over the bytes as they are.
///
/// ```
/// use std::{future::Future, pin::Pin};
/// use wechatpay_core::{PrivateKey, SignError, Signer};
///
/// /// A key in another process.
/// struct Remote;
/// # async fn ask_the_other_process(message: &[u8]) -> Result<Vec<u8>, std::io::Error> { Ok(vec![]) }
///
/// impl Signer for Remote {
///     fn sign<'a>(
///         &'a self,
///         message: &'a [u8],
///     ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
///         Box::pin(async move { ask_the_other_process(message).await.map_err(SignError::new) })
///     }
/// }
/// ```
pub trait Signer: Send + Sync {
    /// The signature over `message`, as bytes (not base64).
    ///
    /// A signer that takes long delays the request: the deadline of the call covers it.
    ///
    /// # Errors
    /// When there is no signature. The request is not sent then.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>>;

    /// The private key itself, where the signer has it: it decrypts the sensitive fields of answers. Without it such a
    /// field is an error.
    ///
    /// ```
    /// use std::pin::Pin;
    /// use wechatpay_core::{PrivateKey, SignError, Signer};
    /// use wechatpay_gateway::Gateway;
    ///
    /// /// Signs in memory and writes down how often.
    /// struct Audited(PrivateKey);
    ///
    /// impl Signer for Audited {
    ///     fn sign<'a>(
    ///         &'a self,
    ///         message: &'a [u8],
    ///     ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
    ///         println!("a signature over {} bytes", message.len());
    ///         Signer::sign(&self.0, message)
    ///     }
    ///
    ///     fn private_key(&self) -> Option<&PrivateKey> {
    ///         Some(&self.0)
    ///     }
    /// }
    ///
    /// let gateway = Gateway::start()?;
    /// let signer = Audited(PrivateKey::from_pem(gateway.merchant_private_key_pem())?);
    /// let client = gateway.client_builder().merchant(gateway.mchid(), gateway.serial_no(), signer).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn private_key(&self) -> Option<&PrivateKey> {
        None
    }
}

impl Signer for PrivateKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        Box::pin(std::future::ready(Self::sign(self, message).map_err(SignError::new)))
    }

    fn private_key(&self) -> Option<&PrivateKey> {
        Some(self)
    }
}

impl<S: Signer + ?Sized> Signer for Arc<S> {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        S::sign(self, message)
    }

    fn private_key(&self) -> Option<&PrivateKey> {
        S::private_key(self)
    }
}

/// A signer gave no signature.
///
/// ```
/// use std::{error::Error as _, io};
/// use wechatpay_core::SignError;
///
/// let error = SignError::new(io::Error::new(io::ErrorKind::TimedOut, "the security module does not answer"));
/// assert!(error.source().unwrap().is::<io::Error>());
/// ```
#[derive(Debug)]
pub struct SignError(Box<dyn std::error::Error + Send + Sync>);

impl SignError {
    /// Wraps the signer's own error. It must not hold the key.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl From<Failed> for SignError {
    fn from(error: Failed) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signer gave no signature")
    }
}

impl std::error::Error for SignError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// In whose name requests are signed, which also decides the scheme of the Authorization header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// `WECHATPAY2-SHA256-RSA2048 mchid="…"`.
    Merchant { mchid: String },
    /// `WECHATPAY-BRAND-SHA256-RSA2048 brand_id="…"`.
    Brand { brand_id: String },
}

impl Identity {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Merchant { mchid } => mchid,
            Self::Brand { brand_id } => brand_id,
        }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "WECHATPAY2-SHA256-RSA2048",
            Self::Brand { .. } => "WECHATPAY-BRAND-SHA256-RSA2048",
        }
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "mchid",
            Self::Brand { .. } => "brand_id",
        }
    }

    /// The Authorization header of one attempt.
    pub(crate) fn authorization(&self, serial_no: &str, nonce: Nonce, timestamp: u64, signature: &[u8]) -> String {
        let (scheme, label, id) = (self.scheme(), self.label(), self.id());
        let names = " =\"\",nonce_str=\"\",timestamp=\"\",serial_no=\"\",signature=\"\"".len();
        let values = scheme.len() + label.len() + id.len() + Nonce::LENGTH + digits(timestamp) + serial_no.len();
        let mut text = String::with_capacity(names + values + signature.len().div_ceil(3) * 4);
        // Writing into a `String` cannot fail.
        let _ = write!(
            text,
            "{scheme} {label}=\"{id}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial_no}\",signature=\"",
        );
        STANDARD.encode_string(signature, &mut text);
        text.push('"');
        text
    }
}

/// What is signed of a request: five lines, the last one ended by a line feed too. `target` is path and query exactly
/// as sent, `body` the exact bytes; for an upload the bytes of its part `meta`.
pub(crate) fn request_message(method: &str, target: &str, timestamp: u64, nonce: Nonce, body: &[u8]) -> Vec<u8> {
    let length = method.len() + target.len() + digits(timestamp) + Nonce::LENGTH + body.len() + 5;
    let mut message = Vec::with_capacity(length);
    // Writing into a `Vec` cannot fail.
    let _ = write!(message, "{method}\n{target}\n{timestamp}\n{nonce}\n");
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}

/// A nonce_str (随机串): 32 letters and digits that carry 128 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nonce(u128);

impl Nonce {
    const LENGTH: usize = 32;

    pub(crate) fn new(random: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(random))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// How many decimal digits a number has.
fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or_default() as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::RsaPrivateKey;
    use zeroize::Zeroizing;

    #[test]
    fn what_is_signed_and_the_header_are_allocated_once() {
        let identity = Identity::Merchant {
            mchid: "1900000001".to_owned(),
        };
        let nonce = Nonce::new([0x0a; 16]);
        let message = request_message("POST", "/v3/refund", 1_554_208_460, nonce, b"{\"a\":1}");
        let expected = "POST\n/v3/refund\n1554208460\n0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\n{\"a\":1}\n";
        assert_eq!(String::from_utf8_lossy(&message), expected);
        assert_eq!(message.capacity(), message.len());
        let header = identity.authorization(
            "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",
            nonce,
            1_554_208_460,
            b"signature",
        );
        let expected = "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\",nonce_str=\"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\",\
            timestamp=\"1554208460\",serial_no=\"1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C\",signature=\"c2lnbmF0dXJl\"";
        assert_eq!(header, expected);
        assert_eq!(header.capacity(), header.len());
    }

    #[test]
    fn a_brand_is_named_by_its_own_scheme_and_label() {
        let identity = Identity::Brand {
            brand_id: "40001".to_owned(),
        };
        let header = identity.authorization("7777", Nonce::new([0; 16]), 1, b"");
        let expected = "WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"40001\",nonce_str=\"00000000000000000000000000000000\",\
            timestamp=\"1\",serial_no=\"7777\",signature=\"\"";
        assert_eq!(header, expected);
        assert_eq!(header.capacity(), header.len());
    }

    #[test]
    fn what_a_signer_says_about_its_failure_is_the_source() {
        let error = SignError::new("the module is locked");
        assert_eq!(error.to_string(), "the signer gave no signature");
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "the module is locked");
    }

    #[test]
    fn a_private_key_signs_and_opens_and_so_does_one_that_is_shared() {
        struct Key;
        impl RsaPrivateKey for Key {
            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
                Ok(message.to_vec())
            }

            fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
                Err(Failed)
            }

            fn public_key_der(&self) -> Vec<u8> {
                Vec::new()
            }
        }
        let key = PrivateKey::from_parsed(Arc::new(Key));
        assert!(Signer::private_key(&key).is_some());
        assert!(Arc::new(key).private_key().is_some());

        /// A key that stays elsewhere.
        struct Remote;
        impl Signer for Remote {
            fn sign<'a>(
                &'a self,
                _: &'a [u8],
            ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
                Box::pin(std::future::ready(Err(SignError::new(Failed))))
            }
        }
        assert!(Arc::new(Remote).private_key().is_none());
    }
}
