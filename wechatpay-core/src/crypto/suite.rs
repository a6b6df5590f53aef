//! The two suites of algorithms that WeChat Pay has.

/// Which algorithms a key belongs to. A client has one suite: that of the merchant's private key. Keys of the other suite
/// are refused.
///
/// ```
/// use wechatpay_core::{PrivateKey, crypto::Suite};
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let key = PrivateKey::from_pem(gateway.merchant_private_key_pem())?;
/// assert_eq!(key.suite(), Suite::Rsa);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Suite {
    /// RSA, SHA-256 and AES: `WECHATPAY2-SHA256-RSA2048` and `AEAD_AES_256_GCM`.
    #[default]
    Rsa,
    /// 国密: SM2, SM3 and SM4: `WECHATPAY2-SM2-WITH-SM3` and `AEAD_SM4_GCM`. Needs the feature `shangmi`, or a
    /// [`ShangmiBackend`](super::ShangmiBackend).
    Shangmi,
}

impl Suite {
    /// The algorithm by which notifications and platform certificates of this suite are encrypted.
    pub(crate) const fn aead(self) -> &'static str {
        match self {
            Self::Rsa => "AEAD_AES_256_GCM",
            Self::Shangmi => "AEAD_SM4_GCM",
        }
    }

    /// The suite whose encryption this is.
    pub(crate) fn of_aead(name: &str) -> Option<Self> {
        [Self::Rsa, Self::Shangmi]
            .into_iter()
            .find(|suite| suite.aead() == name)
    }

    /// Whether a client of this suite decrypts what is encrypted by the algorithm of `other`.
    ///
    /// Both use the same APIv3 key. It is not documented which one a merchant with both suites gets, so a client of 国密 takes
    /// either. The signature was verified before.
    pub(crate) fn decrypts(self, other: Self) -> bool {
        self == Self::Shangmi || other == Self::Rsa
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f6_sm4_is_decrypted_by_a_client_of_shangmi_alone() {
        for (client, name, expected) in [
            (Suite::Rsa, "AEAD_AES_256_GCM", Some(true)),
            (Suite::Rsa, "AEAD_SM4_GCM", Some(false)),
            (Suite::Shangmi, "AEAD_AES_256_GCM", Some(true)),
            (Suite::Shangmi, "AEAD_SM4_GCM", Some(true)),
            (Suite::Shangmi, "SM4_GCM", None),
            (Suite::Shangmi, "", None),
        ] {
            let decrypted = Suite::of_aead(name).map(|suite| client.decrypts(suite));
            assert_eq!(decrypted, expected, "{client:?} {name}");
        }
    }
}
