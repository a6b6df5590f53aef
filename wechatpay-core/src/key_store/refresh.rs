//! One download for all concurrent callers.

use super::{
    certificate_list,
    error::RefreshError,
    key_set::KeySet,
    schedule::Need,
    source::CertificateSource,
    store::{Downloads, KeyStore},
};
use crate::{
    keys::{PublicKey, SerialNo},
    support::language::Language,
};
use std::sync::Arc;

/// A certificate's serial number has 20 bytes at most (RFC 5280, section 4.1.2.2).
const LONGEST_SERIAL: usize = 40;

impl KeyStore {
    /// The key that a response or a notification with this `Wechatpay-Serial` is to be verified with; nothing when no
    /// key of this id is known.
    ///
    /// An unknown certificate is looked for in a fresh download. What cannot be the serial number of one, such as a
    /// `PUB_KEY_ID_…`, is refused at once.
    pub(crate) async fn verification_key<S: CertificateSource>(&self, serial: &str, source: &S) -> Option<PublicKey> {
        self.find_or_download(serial, source, Need::Call).await
    }

    /// The same for a notification. Anyone can send one, so a new download waits for the cooldown.
    pub(crate) async fn notification_key<S: CertificateSource>(&self, serial: &str, source: &S) -> Option<PublicKey> {
        self.find_or_download(serial, source, Need::Notification).await
    }

    async fn find_or_download<S: CertificateSource>(&self, serial: &str, source: &S, need: Need) -> Option<PublicKey> {
        let find = |keys: &KeySet| keys.verification_key(serial, source.now().time).cloned();
        if let Some(key) = find(&self.snapshot()) {
            return Some(key);
        }
        let downloads = self.downloads.as_ref()?;
        if !may_name_certificate(&SerialNo::new(serial)) {
            return None;
        }
        self.wait_for_download(downloads, source, need).await;
        find(&self.snapshot())
    }

    /// Downloads certificates, or waits for the download that is under way. When one ended a moment ago, its result is
    /// the result. Does nothing if certificates are not downloaded.
    pub(crate) async fn refresh<S: CertificateSource>(&self, source: &S) -> Result<(), Arc<RefreshError>> {
        let Some(downloads) = &self.downloads else {
            return Ok(());
        };
        self.wait_for_download(downloads, source, Need::Call).await;
        downloads.schedule.error().map_or(Ok(()), Err)
    }

    /// Returns when no download is under way and none may begin, after one that was under way or could be begun.
    async fn wait_for_download<S: CertificateSource>(&self, downloads: &Downloads, source: &S, need: Need) {
        // If this task is dropped, the next waiting task gets the turn, and the schedule allows it to start again.
        // After a finished download the schedule allows no other for a while, so all waiting tasks return.
        let _turn = downloads.turn.lock().await;
        if !downloads.schedule.begin(source.now().instant, need) {
            return;
        }
        let result = self.download(downloads, source).await;
        match &result {
            Ok(certificates) => tracing::debug!(certificates, "platform certificates downloaded"),
            Err(error) => tracing::warn!(
                error.message = %error,
                wechatpay.hint = error.hint().as_ref().map(|hint| hint.get(Language::English)),
                "platform certificates not downloaded; the present ones stay"
            ),
        }
        let result = result.map(drop).map_err(Arc::new);
        downloads.schedule.end(source.now().instant, result);
    }

    /// Downloads once and stores the certificates if they are verified. Returns their number.
    async fn download<S: CertificateSource>(&self, downloads: &Downloads, source: &S) -> Result<usize, RefreshError> {
        let list = tokio::time::timeout(downloads.schedule.timeout(), source.download())
            .await
            .map_err(|_| RefreshError::TimedOut)??;
        let now = source.now().time;
        let certificates =
            certificate_list::verify(&list, &self.snapshot(), downloads.backend, source.identity(), now)?;
        let count = certificates.len();
        self.update(|keys| keys.replace_downloaded(certificates));
        Ok(count)
    }
}

/// Whether this can be the serial number of a certificate; the id of a public key cannot.
pub(crate) fn may_name_certificate(serial: &SerialNo) -> bool {
    let digits = serial.as_str();
    (1..=LONGEST_SERIAL).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}
