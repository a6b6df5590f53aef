//! The keys of one client, and how they change.

use crate::{
    crypto::{Backend, Suite},
    key_store::{
        key_set::KeySet,
        schedule::{Need, Schedule},
        unusable::Unusable,
        watchers::Watchers,
    },
    keys::{ApiV3Key, Certificate, PrivateKey, PublicKey, SerialNo},
    signature::{FailedDownload, KnownDownloads, KnownKeys, VerifyError},
    support::language::Text,
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant, SystemTime},
};

/// The keys of a client.
#[derive(Debug)]
pub(crate) struct KeyStore {
    pub(super) keys: RwLock<Arc<KeySet>>,
    pub(super) merchant_serial_no: SerialNo,
    /// The suite of every key here.
    pub(super) suite: Suite,
    /// Nothing when certificates are not downloaded: then an unknown serial is refused at once.
    pub(super) downloads: Option<Downloads>,
    pub(crate) watchers: Watchers,
}

/// The state of downloads.
#[derive(Debug)]
pub(super) struct Downloads {
    pub(super) backend: &'static dyn Backend,
    pub(super) schedule: Schedule,
    /// Held during a download. If its holder is dropped, by cancellation or by a panic, the next waiting task gets the
    /// lock.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl KeyStore {
    /// All keys as they are now. A request takes this once and works with it to its end.
    pub(crate) fn snapshot(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a WeChat Pay public key. Responses signed with it are accepted from now on; the one to encrypt with stays
    /// the same until it is removed.
    pub(crate) fn add_public_key(&self, id: &str, key: PublicKey, own: Option<&PrivateKey>) -> Result<(), Unusable> {
        self.check(&SerialNo::new(id), &key, own)?;
        let id = public_key_id(id)?;
        self.update(|keys| keys.add_public_key(id, key))
    }

    /// Makes this the only WeChat Pay public key. Certificates stay.
    pub(crate) fn replace_public_key(
        &self,
        id: &str,
        key: PublicKey,
        own: Option<&PrivateKey>,
    ) -> Result<(), Unusable> {
        self.check(&SerialNo::new(id), &key, own)?;
        let id = public_key_id(id)?;
        self.update(|keys| {
            keys.clear_public_keys();
            keys.add_public_key(id, key)
        })
    }

    /// Adds a platform certificate, or replaces the one of the same serial number. Downloads do not remove it.
    pub(crate) fn add_certificate(&self, certificate: Certificate, own: Option<&PrivateKey>) -> Result<(), Unusable> {
        self.check(certificate.serial_no(), certificate.public_key(), own)?;
        self.update(|keys| keys.add_certificate(certificate));
        Ok(())
    }

    /// Removes the public key or certificate of this id, and says whether there was one. A certificate that the service
    /// still lists comes back with the next download.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let id = SerialNo::new(id);
        self.update(|keys| keys.remove(&id))
    }

    /// Replaces the APIv3 keys: one, or two while the merchant changes it.
    pub(crate) fn replace_api_v3_keys(&self, api_v3_keys: Vec<ApiV3Key>) {
        self.update(|keys| keys.replace_api_v3_keys(api_v3_keys));
    }

    /// Whether certificates are downloaded at all.
    pub(crate) fn can_refresh(&self) -> bool {
        self.downloads.is_some()
    }

    /// How long until certificates should be downloaded; zero when it is time. Nothing when they are not downloaded.
    pub(crate) fn due(&self, now: Instant) -> Option<Duration> {
        self.downloads.as_ref().map(|downloads| downloads.schedule.due(now))
    }

    /// The timeout of one download attempt: a third of the timeout of a download, so that there is time for the backup
    /// host if the main host does not respond.
    pub(crate) fn download_attempt(&self) -> Duration {
        let downloads = self.downloads.as_ref();
        downloads.map_or(Duration::MAX, |downloads| downloads.schedule.timeout() / 3)
    }

    /// Whether a download for this need may start now.
    pub(crate) fn allows_download(&self, now: Instant, need: Need) -> bool {
        let allows = |downloads: &Downloads| downloads.schedule.allows(now, need);
        self.downloads.as_ref().is_some_and(allows)
    }

    /// Whether certificates are downloaded, and no download is running.
    pub(crate) fn may_begin_download(&self) -> bool {
        self.downloads
            .as_ref()
            .is_some_and(|downloads| downloads.turn.try_lock().is_ok())
    }

    /// Whether the downloaded certificates are stale, and no download is running.
    pub(crate) fn waits_for_download(&self, now: Instant) -> bool {
        let is_stale = |downloads: &Downloads| downloads.schedule.is_stale(now);
        self.downloads.as_ref().is_some_and(is_stale) && self.may_begin_download()
    }

    /// Puts a changed set in the place of the present one. The lock covers reading and writing, so that of two changes
    /// at once none is lost; those who hold the old set keep it.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut KeySet) -> T) -> T {
        let mut place = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let mut keys = KeySet::clone(&place);
        let result = change(&mut keys);
        *place = Arc::new(keys);
        drop(place);
        self.watchers.notify();
        result
    }

    /// Why there is no key to verify a signature by `serial` with.
    pub(crate) fn why_unknown(&self, serial: &str, now: SystemTime) -> VerifyError {
        let keys = self.snapshot();
        let downloads = self.downloads.as_ref().map_or(KnownDownloads::Off, |downloads| {
            downloads.schedule.error().map_or(KnownDownloads::On, |error| {
                KnownDownloads::Failed(Box::new(FailedDownload {
                    reason: Text::of(&*error),
                    hint: error.hint(),
                }))
            })
        });
        keys.out_of_date(serial, now)
            .unwrap_or_else(|| VerifyError::UnknownSerial {
                serial: serial.to_owned(),
                known: KnownKeys::new(keys.public_key_ids().map(ToString::to_string).collect(), downloads),
            })
    }

    /// Refuses the merchant's key and serial number, because confusing them with WeChat Pay's is a usual mistake. Refuses
    /// a key of the other suite, which must never verify.
    fn check(&self, id: &SerialNo, key: &PublicKey, own: Option<&PrivateKey>) -> Result<(), Unusable> {
        if *id == self.merchant_serial_no {
            Err(Unusable::OwnSerial)
        } else if own.is_some_and(|own| key.is_half_of(own)) {
            Err(Unusable::OwnKey)
        } else if key.suite() != self.suite {
            let (id, suite) = (id.clone(), self.suite);
            Err(Unusable::OtherSuite { id, suite })
        } else {
            Ok(())
        }
    }
}

/// The id of a WeChat Pay public key (微信支付公钥ID), which has a beginning that no serial number has.
pub(super) fn public_key_id(id: &str) -> Result<SerialNo, Unusable> {
    if id.starts_with("PUB_KEY_ID_") {
        Ok(SerialNo::new(id))
    } else {
        Err(Unusable::NotAnId { id: id.to_owned() })
    }
}
