//! The list of platform certificates (平台证书), encrypted with the APIv3 key.

use std::{io, sync::Arc, time::Duration};

use serde_json::{Value, json};
use wechatpay_core::crypto::Suite;
use x509_cert::der::DateTime;

use crate::{
    keys::{PlatformKey, api_v3::ApiV3Key},
    random::SplitMix,
};

/// The paths of the list: for domestic merchants and for overseas merchants.
pub(crate) const PATHS: [&str; 2] = ["/v3/certificates", "/v3/global/certificates"];

/// The list has at most this many entries, the newest ones. The service removes certificates that are out of use.
const LISTED: usize = 10;

/// The offset of the service's time zone from UTC, in seconds.
const BEIJING: u64 = 8 * 3600;

/// The response body of the list.
pub(crate) fn list(keys: &[Arc<PlatformKey>], api_v3_key: &ApiV3Key, random: &mut SplitMix) -> io::Result<Value> {
    let mut data = Vec::new();
    for key in keys.iter().skip(keys.len().saturating_sub(LISTED)) {
        if let Some(issued) = &key.certificate {
            let dates = (issued.not_before, issued.not_after);
            data.push(entry(api_v3_key, random, key.id.as_str(), &issued.pem, dates)?);
        }
    }
    Ok(json!({ "data": data }))
}

/// One entry. The values need not belong to the certificate.
pub(crate) fn entry(
    api_v3_key: &ApiV3Key,
    random: &mut SplitMix,
    serial_no: &str,
    pem: &str,
    (not_before, not_after): (u64, u64),
) -> io::Result<Value> {
    let nonce = random.nonce();
    let nonce = nonce.get(..12).unwrap_or_default();
    let associated_data = "certificate";
    let ciphertext = api_v3_key.encrypt(nonce, associated_data, pem)?;
    Ok(json!({
        "serial_no": serial_no,
        "effective_time": rfc3339(not_before)?,
        "expire_time": rfc3339(not_after)?,
        "encrypt_certificate": {
            "algorithm": api_v3_key.algorithm,
            "nonce": nonce,
            "associated_data": associated_data,
            "ciphertext": ciphertext,
        },
    }))
}

/// A time as the service writes it: `2018-06-08T10:34:56+08:00`.
pub(crate) fn rfc3339(unix_seconds: u64) -> io::Result<String> {
    let time = DateTime::from_unix_duration(Duration::from_secs(unix_seconds.saturating_add(BEIJING)));
    let time = time.map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a date after the year 9999"))?;
    Ok(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    ))
}

/// Whether a request lists the certificates of a suite, by its parameter `algorithm_type`. Without it those with RSA keys
/// are listed.
pub(crate) fn asks_for(algorithm_type: Option<&str>, suite: Suite) -> bool {
    match algorithm_type {
        None | Some("RSA") => suite == Suite::Rsa,
        Some("SM2") => suite == Suite::Shangmi,
        Some("ALL") => true,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_with_sm2_keys_are_listed_only_if_the_request_asks_for_them() {
        for (algorithm_type, rsa, shangmi) in [
            (None, true, false),
            (Some("RSA"), true, false),
            (Some("SM2"), false, true),
            (Some("ALL"), true, true),
            (Some(""), false, false),
        ] {
            let asked = [Suite::Rsa, Suite::Shangmi].map(|suite| asks_for(algorithm_type, suite));
            assert_eq!(asked, [rsa, shangmi], "{algorithm_type:?}");
        }
    }

    #[test]
    fn times_are_formatted_in_beijing_time() {
        assert_eq!(rfc3339(0).unwrap(), "1970-01-01T08:00:00+08:00");
        assert_eq!(rfc3339(1_528_425_296).unwrap(), "2018-06-08T10:34:56+08:00");
        assert!(rfc3339(u64::MAX).is_err());
    }
}
