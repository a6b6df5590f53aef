//! Who signs requests: the merchant's private key (商户API私钥) in this process, or elsewhere.

use crate::{
    crypto::{Failed, Suite},
    keys::PrivateKey,
};
use std::{fmt, future::Future, pin::Pin, sync::Arc};

/// Signs with the merchant's private key (商户API私钥), wherever that is.
///
/// [`PrivateKey`] is the usual signer. Implement this trait for a key in a KMS or an HSM. Signing is async for that
/// reason. The signature is SHA-256 with RSA, PKCS#1 v1.5, over the unchanged bytes. For 国密 it is SM2 with SM3 and the
/// user id (distid) `1234567812345678`, as DER, and [`suite`](Self::suite) must return that suite.
///
/// ```
/// use std::{future::Future, pin::Pin};
/// use wechatpay_core::{PrivateKey, Signer, signer::SignError};
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

    /// The private key itself, where the signer has it: it decrypts the sensitive fields of responses. Without it such
    /// a field is an error.
    ///
    /// ```
    /// use std::pin::Pin;
    /// use wechatpay_core::{PrivateKey, Signer, signer::SignError};
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

    /// By which algorithms it signs: those of its [`private_key`](Self::private_key), and RSA without one. It does not
    /// change; the client asks once.
    ///
    /// ```
    /// use std::pin::Pin;
    /// use wechatpay_core::{Signer, crypto::Suite, signer::SignError};
    ///
    /// /// A security module with an SM2 key (国密).
    /// struct Module;
    /// # impl Module {
    /// #     async fn sm2_sign(&self, message: &[u8]) -> Result<Vec<u8>, std::io::Error> { Ok(message.to_vec()) }
    /// # }
    ///
    /// impl Signer for Module {
    ///     fn sign<'a>(
    ///         &'a self,
    ///         message: &'a [u8],
    ///     ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
    ///         Box::pin(async move { self.sm2_sign(message).await.map_err(SignError::new) })
    ///     }
    ///
    ///     fn suite(&self) -> Suite {
    ///         Suite::Shangmi
    ///     }
    /// }
    /// assert_eq!(Module.suite(), Suite::Shangmi);
    /// ```
    fn suite(&self) -> Suite {
        self.private_key().map_or(Suite::Rsa, PrivateKey::suite)
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

    fn suite(&self) -> Suite {
        S::suite(self)
    }
}

/// A signer gave no signature.
///
/// ```
/// use std::{error::Error as _, io};
/// use wechatpay_core::signer::SignError;
///
/// let error = SignError::new(io::Error::new(io::ErrorKind::TimedOut, "the security module does not respond"));
/// assert!(error.source().unwrap().is::<io::Error>());
/// ```
#[derive(Debug)]
pub struct SignError(Box<dyn std::error::Error + Send + Sync>);

impl SignError {
    /// Wraps the error of the signer. It must not contain the key.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::RsaPrivateKey;
    use zeroize::Zeroizing;

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
