//! What is read of an X.509 certificate.

use super::error::KeyError;
use std::time::Duration;
use x509_cert::{
    Certificate,
    der::{DateTime, Decode as _, Encode as _},
    time::Time,
};

/// The fields that matter here.
pub(super) struct X509 {
    pub(super) serial_number: Vec<u8>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    /// The DER of the `SubjectPublicKeyInfo`.
    pub(super) public_key: Vec<u8>,
}

/// Reads the DER of a certificate.
pub(super) fn read(der: &[u8]) -> Result<X509, KeyError> {
    let certificate = Certificate::from_der(der).map_err(|_| KeyError::Damaged)?;
    let tbs = certificate.tbs_certificate();
    let public_key = tbs.subject_public_key_info().to_der().map_err(|_| KeyError::Damaged)?;
    Ok(X509 {
        serial_number: tbs.serial_number().as_bytes().to_vec(),
        not_before: unix_seconds(tbs.validity().not_before),
        not_after: unix_seconds(tbs.validity().not_after),
        public_key,
    })
}

/// A date of a certificate as text: `2026-11-24T08:30:00Z`.
pub(crate) fn utc(unix_seconds: i64) -> String {
    u64::try_from(unix_seconds)
        .ok()
        .and_then(|seconds| DateTime::from_unix_duration(Duration::from_secs(seconds)).ok())
        .map_or_else(|| format!("{unix_seconds} s since 1970"), |date| date.to_string())
}

/// The encoding reaches from 1970 to 9999, so every date has its seconds.
fn unix_seconds(time: Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}
