//! All keys at one moment.

use super::unusable::Unusable;
use crate::{
    keys::{ApiV3Key, Certificate, PublicKey, SerialNo},
    signature::VerifyError,
};
use http::HeaderValue;
use std::time::{SystemTime, UNIX_EPOCH};

/// The key that encrypts sensitive fields (敏感信息), together with its id. A ciphertext can be decrypted only if
/// `Wechatpay-Serial` announces the key that encrypted it, so the two must stay together.
#[derive(Debug, Clone)]
pub(crate) struct EncryptionKey {
    /// What `Wechatpay-Serial` announces.
    pub(crate) id: SerialNo,
    pub(crate) key: PublicKey,
    is_public_key: bool,
    /// The id as a header, made once; nothing when a header cannot carry it.
    header: Option<HeaderValue>,
}

impl EncryptionKey {
    fn new(id: SerialNo, key: PublicKey, is_public_key: bool) -> Self {
        Self {
            header: HeaderValue::from_str(id.as_str()).ok(),
            id,
            key,
            is_public_key,
        }
    }

    /// The value of `Wechatpay-Serial`; nothing when the id is one that a header cannot carry.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        self.header.clone()
    }

    /// Whether this is a WeChat Pay public key and not that of a certificate. Its id is announced on every request,
    /// because it also tells the service which key to sign the response with.
    pub(crate) fn is_public_key(&self) -> bool {
        self.is_public_key
    }
}

/// WeChat Pay's keys at one moment, and the APIv3 keys that decrypt what it encrypts. While a merchant moves from
/// certificates to a public key, both kinds are in use at once, so a key is always found by its id and never by trying.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeySet {
    /// In the order in which they were added: the first is the one to encrypt with.
    public_keys: Vec<EncryptionKey>,
    /// Added by the program.
    added: Vec<Certificate>,
    /// As the service listed them last.
    downloaded: Vec<Certificate>,
    api_v3_keys: Vec<ApiV3Key>,
}

impl KeySet {
    /// The key that a response or a notification with this `Wechatpay-Serial` is to be verified with. A certificate
    /// only while it is valid.
    pub(crate) fn verification_key(&self, serial: &str, now: SystemTime) -> Option<&PublicKey> {
        self.configured_key(serial, now)
            .or_else(|| valid(&self.downloaded, now, |found| found.is(serial)))
    }

    /// Like [`verification_key`](Self::verification_key), but only among what the program itself gave: what a download
    /// is checked against must not come from the same place.
    pub(super) fn configured_key(&self, serial: &str, now: SystemTime) -> Option<&PublicKey> {
        let public_key = self.public_keys.iter().find(|public_key| public_key.id.is(serial));
        public_key
            .map(|public_key| &public_key.key)
            .or_else(|| valid(&self.added, now, |found| found.is(serial)))
    }

    /// The key to encrypt with: the first public key; without one, of the certificates that are valid the newest.
    pub(crate) fn encryption_key(&self, now: SystemTime) -> Option<EncryptionKey> {
        if let Some(public_key) = self.public_keys.first() {
            return Some(public_key.clone());
        }
        let now = unix_seconds(now);
        let certificates = self.added.iter().chain(&self.downloaded);
        let newest = certificates
            .filter(|certificate| certificate.is_valid_at(now))
            .max_by_key(|certificate| (certificate.not_before(), certificate.not_after()))?;
        let (serial_no, key) = (newest.serial_no().clone(), newest.public_key().clone());
        Some(EncryptionKey::new(serial_no, key, false))
    }

    /// The APIv3 keys (APIv3密钥), which open notifications and downloaded certificates: none, one, or two while the
    /// merchant changes it.
    pub(crate) fn api_v3_keys(&self) -> &[ApiV3Key] {
        &self.api_v3_keys
    }

    /// The ids of the public keys.
    pub(super) fn public_key_ids(&self) -> impl Iterator<Item = &SerialNo> {
        self.public_keys.iter().map(|public_key| &public_key.id)
    }

    /// All keys that verify, valid or not.
    pub(super) fn all(&self) -> impl Iterator<Item = &PublicKey> {
        self.ids().map(|(_, key)| key)
    }

    /// All keys that verify, each with its id, valid or not.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&SerialNo, &PublicKey)> {
        let certificates = self.added.iter().chain(&self.downloaded);
        let public_keys = self
            .public_keys
            .iter()
            .map(|public_key| (&public_key.id, &public_key.key));
        public_keys.chain(certificates.map(|certificate| (certificate.serial_no(), certificate.public_key())))
    }

    /// Whether there is no key to verify with, valid or not.
    pub(super) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// The certificates that the program added and that are not valid at this time.
    pub(super) fn invalid(&self, now: SystemTime) -> impl Iterator<Item = &Certificate> {
        let now = unix_seconds(now);
        self.added
            .iter()
            .filter(move |certificate| !certificate.is_valid_at(now))
    }

    /// Whether there is a key to verify with at this time.
    pub(super) fn has_valid(&self, now: SystemTime) -> bool {
        !self.public_keys.is_empty()
            || valid(&self.added, now, |_| true).is_some()
            || valid(&self.downloaded, now, |_| true).is_some()
    }

    /// Why there is no key to verify this serial with, if its certificate is known and not valid at this time.
    pub(super) fn out_of_date(&self, serial: &str, now: SystemTime) -> Option<VerifyError> {
        let mut certificates = self.added.iter().chain(&self.downloaded);
        let found = certificates.find(|certificate| certificate.serial_no().is(serial))?;
        Some(VerifyError::OutOfDate {
            serial: serial.to_owned(),
            not_before: found.not_before(),
            not_after: found.not_after(),
            expired: unix_seconds(now) > found.not_after(),
        })
    }

    /// Whether one of the keys has this id.
    pub(super) fn contains(&self, id: &SerialNo) -> bool {
        self.public_keys.iter().any(|public_key| public_key.id == *id)
            || self
                .added
                .iter()
                .chain(&self.downloaded)
                .any(|certificate| certificate.serial_no() == id)
    }

    /// Adds a public key. An id names one key: it is not bound to another one.
    pub(super) fn add_public_key(&mut self, id: SerialNo, key: PublicKey) -> Result<(), Unusable> {
        match self.public_keys.iter().find(|public_key| public_key.id == id) {
            Some(same) if same.key.is_same(&key) => {}
            Some(_) => return Err(Unusable::Rebinding { id }),
            None => self.public_keys.push(EncryptionKey::new(id, key, true)),
        }
        Ok(())
    }

    pub(super) fn clear_public_keys(&mut self) {
        self.public_keys.clear();
    }

    /// Adds a certificate, or replaces the one of the same serial number.
    pub(super) fn add_certificate(&mut self, certificate: Certificate) {
        self.added.retain(|added| added.serial_no() != certificate.serial_no());
        self.added.push(certificate);
    }

    pub(super) fn replace_downloaded(&mut self, certificates: Vec<Certificate>) {
        self.downloaded = certificates;
    }

    pub(super) fn replace_api_v3_keys(&mut self, api_v3_keys: Vec<ApiV3Key>) {
        self.api_v3_keys = api_v3_keys;
    }

    /// Removes the key with this id. Returns whether it existed.
    pub(super) fn remove(&mut self, id: &SerialNo) -> bool {
        let found = self.contains(id);
        self.public_keys.retain(|public_key| public_key.id != *id);
        self.added.retain(|certificate| certificate.serial_no() != id);
        self.downloaded.retain(|certificate| certificate.serial_no() != id);
        found
    }
}

/// The key of the certificate of which `is_wanted` is true, if it is valid.
pub(super) fn valid(
    certificates: &[Certificate],
    now: SystemTime,
    is_wanted: impl Fn(&SerialNo) -> bool,
) -> Option<&PublicKey> {
    let now = unix_seconds(now);
    certificates
        .iter()
        .find(|certificate| is_wanted(certificate.serial_no()) && certificate.is_valid_at(now))
        .map(Certificate::public_key)
}

/// Seconds since 1970. No certificate is valid before that.
fn unix_seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(i64::MIN, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
