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

/// Downloads the list of platform certificates, and provides the time.
pub(crate) trait CertificateSource: Send + Sync {
    /// Downloads the list once, within the remaining time of the caller. Dropping the future cancels the download.
    ///
    /// It sends a signed `GET /v3/certificates` to a configured host over TLS and returns the unverified response of a
    /// success. The key store verifies it. This must not request a key from the key store, which would deadlock.
    fn download(&self) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>>;

    /// The merchant or brand that requests the list.
    fn identity(&self) -> &Identity;

    /// The current time.
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
