//! Putting a key store together.

use super::{
    key_set::KeySet,
    schedule::{CertificateRefresh, Schedule},
    store::{Downloads, KeyStore, public_key_id},
    unusable::Unusable,
    watchers::Watchers,
};
use crate::{
    crypto::{Backend, Suite},
    keys::{ApiV3Key, Certificate, PrivateKey, PublicKey, SerialNo, utc},
};
use std::{
    sync::{Arc, RwLock},
    time::SystemTime,
};

/// Collects the keys that a client begins with.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    keys: KeySet,
    suite: Suite,
    downloads: Option<Downloads>,
}

impl Builder {
    /// The suite that every key must be of.
    pub(crate) fn suite(mut self, suite: Suite) -> Self {
        self.suite = suite;
        self
    }

    /// A WeChat Pay public key and its id. The first one is the one to encrypt with.
    pub(crate) fn public_key(mut self, id: &str, key: PublicKey) -> Result<Self, Unusable> {
        self.keys.add_public_key(public_key_id(id)?, key)?;
        Ok(self)
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

    /// Makes the store of a merchant whose own certificate has this serial number, and whose private key is `own` where
    /// it is at hand.
    pub(crate) fn build(
        self,
        merchant_serial_no: &str,
        own: Option<&PrivateKey>,
        now: SystemTime,
    ) -> Result<KeyStore, Unusable> {
        let merchant_serial_no = SerialNo::new(merchant_serial_no);
        if self.keys.contains(&merchant_serial_no) {
            return Err(Unusable::OwnSerial);
        }
        if own.is_some_and(|own| self.keys.all().any(|key| key.is_half_of(own))) {
            return Err(Unusable::OwnKey);
        }
        if let Some((id, _)) = self.keys.ids().find(|(_, key)| key.suite() != self.suite) {
            let (id, suite) = (id.clone(), self.suite);
            return Err(Unusable::OtherSuite { id, suite });
        }
        match &self.downloads {
            None if self.keys.is_empty() => return Err(Unusable::NoKey),
            Some(_) if self.keys.api_v3_keys().is_empty() => return Err(Unusable::NoApiV3Key),
            _ => {}
        }
        let rest = self.downloads.is_some() || self.keys.has_valid(now);
        for certificate in self.keys.invalid(now) {
            let serial_no = certificate.serial_no().clone();
            let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
            if !rest {
                return Err(Unusable::OutOfDate {
                    serial_no,
                    not_before,
                    not_after,
                });
            }
            tracing::warn!(
                wechatpay.serial_no = %serial_no,
                not_before = utc(not_before),
                not_after = utc(not_after),
                "a configured platform certificate is not valid now and is not used"
            );
        }
        Ok(KeyStore {
            keys: RwLock::new(Arc::new(self.keys)),
            merchant_serial_no,
            suite: self.suite,
            downloads: self.downloads,
            watchers: Watchers::default(),
        })
    }
}
