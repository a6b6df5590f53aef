//! Putting a key store together.

use super::{
    key_set::KeySet,
    schedule::{CertificateRefresh, Schedule},
    store::{Downloads, KeyStore, OwnSerial},
    watchers::Watchers,
};
use crate::{
    crypto::Backend,
    keys::{ApiV3Key, Certificate, PublicKey, SerialNo},
};
use std::{
    fmt,
    sync::{Arc, RwLock},
};

/// Collects the keys that a client begins with.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    keys: KeySet,
    downloads: Option<Downloads>,
}

impl Builder {
    /// A WeChat Pay public key and its id. The first one is the one to encrypt with.
    pub(crate) fn public_key(mut self, id: &str, key: PublicKey) -> Self {
        self.keys.add_public_key(SerialNo::new(id), key);
        self
    }

    /// A platform certificate that is at hand.
    pub(crate) fn certificate(mut self, certificate: Certificate) -> Self {
        self.keys.add_certificate(certificate);
        self
    }

    /// The APIv3 keys.
    pub(crate) fn api_v3_keys(mut self, api_v3_keys: Vec<ApiV3Key>) -> Self {
        self.keys.replace_api_v3_keys(api_v3_keys);
        self
    }

    /// Downloads platform certificates, for which an APIv3 key is needed. `random` spreads the downloads of many
    /// clients; it is evenly distributed over all of `u64`.
    pub(crate) fn download(mut self, backend: &'static dyn Backend, refresh: CertificateRefresh, random: u64) -> Self {
        self.downloads = Some(Downloads {
            backend,
            schedule: Schedule::new(refresh, random),
            turn: tokio::sync::Mutex::new(()),
        });
        self
    }

    /// Makes the store of a merchant whose own certificate has this serial number.
    pub(crate) fn build(self, merchant_serial_no: &str) -> Result<KeyStore, Unusable> {
        let merchant_serial_no = SerialNo::new(merchant_serial_no);
        if self.keys.contains(&merchant_serial_no) {
            return Err(Unusable::OwnSerial);
        }
        match &self.downloads {
            None if self.keys.is_empty() => return Err(Unusable::NoKey),
            Some(_) if self.keys.api_v3_keys().is_empty() => return Err(Unusable::NoApiV3Key),
            _ => {}
        }
        Ok(KeyStore {
            keys: RwLock::new(Arc::new(self.keys)),
            merchant_serial_no,
            downloads: self.downloads,
            watchers: Watchers::default(),
        })
    }
}

/// Why these keys are of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// No answer could be verified.
    NoKey,
    /// Certificates are to be downloaded, and could not be opened.
    NoApiV3Key,
    /// A key of WeChat Pay has the serial number of the merchant.
    OwnSerial,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str(
                "there is no key to check answers with; call `wechatpay_public_key(id, key)`, or \
                 `platform_certificates()` for a merchant of the older kind",
            ),
            Self::NoApiV3Key => f.write_str("downloaded platform certificates are encrypted; call `api_v3_key(key)`"),
            Self::OwnSerial => OwnSerial.fmt(f),
        }
    }
}

impl std::error::Error for Unusable {}
