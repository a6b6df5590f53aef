//! Where certificates come from, as the key store sees it.

use crate::{error::Error, identity::Identity};
use bytes::Bytes;
use http::HeaderMap;
use std::{
    future::Future,
    pin::Pin,
    time::{Instant, SystemTime},
};

/// A point in time on both clocks: the time of day, for the dates of certificates, and the one that only goes forward,
/// for how long ago something was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) time: SystemTime,
    pub(crate) instant: Instant,
}

/// Downloads the list of platform certificates, and tells the time.
pub(crate) trait CertificateSource: Send + Sync {
    /// Downloads the list once, for the time that is left to the caller. Dropping the future gives the download up.
    ///
    /// Its duty is to send a signed `GET /v3/certificates` to a configured host over TLS and to bring back the answer
    /// of a success, unchecked. Whether that is believed is up to the key store; it must not be asked for a key here.
    fn download(&self) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>>;

    /// In whose name the list is asked for.
    fn identity(&self) -> &Identity;

    /// Now.
    fn now(&self) -> Moment;
}

/// The unverified response to the download.
#[derive(Debug, Clone)]
pub(crate) struct DownloadedList {
    /// All headers.
    pub(crate) headers: HeaderMap,
    /// The raw body.
    pub(crate) body: Bytes,
}
