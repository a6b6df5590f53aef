//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

/// How long the server asks to wait: seconds or an HTTP date (RFC 9110, section 10.2.3). Nothing for anything else; zero
/// for a date that is over.
pub(crate) fn wait(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are still a number, and it is cut to the longest backoff anyway.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn seconds_and_dates_are_read_and_nothing_else() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (text, expected) in [
            ("0", seconds(0)),
            ("3", seconds(3)),
            (" 3\t", seconds(3)),
            ("007", seconds(7)),
            ("1000000000", seconds(1_000_000_000)),
            ("99999999999999999999999999", seconds(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", seconds(3)),
            ("Sunday, 06-Nov-94 08:49:40 GMT", seconds(3)),
            ("Sun Nov  6 08:49:40 1994", seconds(3)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", seconds(0)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", seconds(0)),
            ("", None),
            (" ", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e9", None),
            ("1 2", None),
            ("٣", None),
            ("soon", None),
            ("Sun, 99 Nov 1994 08:49:40 GMT", None),
            ("1994-11-06T08:49:40Z", None),
        ] {
            assert_eq!(wait(text, now), expected, "{text:?}");
        }
    }

    #[test]
    fn a_clock_before_1970_does_no_harm() {
        let now = UNIX_EPOCH - Duration::from_secs(10);
        assert_eq!(
            wait("Thu, 01 Jan 1970 00:00:00 GMT", now),
            Some(Duration::from_secs(10))
        );
    }
}
