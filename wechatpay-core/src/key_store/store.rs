//! The keys of one client, and how they change.

use crate::{
    crypto::Backend,
    key_store::{
        key_set::KeySet,
        schedule::{Need, Schedule},
        watchers::Watchers,
    },
    keys::{ApiV3Key, Certificate, PublicKey, SerialNo},
};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// The keys of a client.
#[derive(Debug)]
pub(crate) struct KeyStore {
    pub(super) keys: RwLock<Arc<KeySet>>,
    pub(super) merchant_serial_no: SerialNo,
    /// Nothing when certificates are not downloaded: then an unknown serial is refused at once.
    pub(super) downloads: Option<Downloads>,
    pub(crate) watchers: Watchers,
}

/// What downloading takes.
#[derive(Debug)]
pub(super) struct Downloads {
    pub(super) backend: &'static dyn Backend,
    pub(super) schedule: Schedule,
    /// Held by whoever downloads. It is a lock that hands over to the next in line when its holder is dropped, be it by
    /// cancellation or by a panic.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl KeyStore {
    /// All keys as they are now. A request takes this once and works with it to its end.
    pub(crate) fn snapshot(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a WeChat Pay public key, or replaces the one of the same id. Answers signed with it are accepted from now
    /// on; the one to encrypt with stays the same until it is removed.
    pub(crate) fn add_public_key(&self, id: &str, key: PublicKey) -> Result<(), OwnSerial> {
        let id = self.check(SerialNo::new(id))?;
        self.update(|keys| keys.add_public_key(id, key));
        Ok(())
    }

    /// Makes this the only WeChat Pay public key. Certificates stay.
    pub(crate) fn replace_public_key(&self, id: &str, key: PublicKey) -> Result<(), OwnSerial> {
        let id = self.check(SerialNo::new(id))?;
        self.update(|keys| {
            keys.clear_public_keys();
            keys.add_public_key(id, key);
        });
        Ok(())
    }

    /// Adds a platform certificate, or replaces the one of the same serial number. Downloads do not remove it.
    pub(crate) fn add_certificate(&self, certificate: Certificate) -> Result<(), OwnSerial> {
        self.check(certificate.serial_no().clone())?;
        self.update(|keys| keys.add_certificate(certificate));
        Ok(())
    }

    /// Removes the public key or certificate of this id, and says whether there was one. A certificate that the service
    /// still lists comes back with the next download.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let id = SerialNo::new(id);
        let mut removed = false;
        self.update(|keys| removed = keys.remove(&id));
        removed
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

    /// How long one attempt to download may take: a third of what a download may, so that a silent main host leaves time
    /// for the backup host.
    pub(crate) fn download_attempt(&self) -> Duration {
        let downloads = self.downloads.as_ref();
        downloads.map_or(Duration::MAX, |downloads| downloads.schedule.timeout() / 3)
    }

    /// Whether a download may begin now that is for this need.
    pub(crate) fn allows_download(&self, now: Instant, need: Need) -> bool {
        let allows = |downloads: &Downloads| downloads.schedule.allows(now, need);
        self.downloads.as_ref().is_some_and(allows)
    }

    /// Whether certificates are downloaded, and nobody is at it.
    pub(crate) fn may_begin_download(&self) -> bool {
        self.downloads
            .as_ref()
            .is_some_and(|downloads| downloads.turn.try_lock().is_ok())
    }

    /// Whether what was downloaded has become old, and nobody is downloading it again.
    pub(crate) fn waits_for_download(&self, now: Instant) -> bool {
        let is_stale = |downloads: &Downloads| downloads.schedule.is_stale(now);
        self.downloads.as_ref().is_some_and(is_stale) && self.may_begin_download()
    }

    /// Puts a changed set in the place of the present one. The lock covers reading and writing, so that of two changes
    /// at once none is lost; those who hold the old set keep it.
    pub(super) fn update(&self, change: impl FnOnce(&mut KeySet)) {
        let mut place = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let mut keys = KeySet::clone(&place);
        change(&mut keys);
        *place = Arc::new(keys);
        drop(place);
        self.watchers.notify();
    }

    fn check(&self, id: SerialNo) -> Result<SerialNo, OwnSerial> {
        if id == self.merchant_serial_no {
            Err(OwnSerial)
        } else {
            Ok(id)
        }
    }
}

/// A key of WeChat Pay was given the serial number of the merchant's own certificate: the usual mistake of taking one
/// for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnSerial;

impl fmt::Display for OwnSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a key of WeChat Pay has the serial number of the merchant's own certificate: a public key's id begins \
             with `PUB_KEY_ID_`, and a platform certificate is not apiclient_cert.pem",
        )
    }
}

impl std::error::Error for OwnSerial {}
