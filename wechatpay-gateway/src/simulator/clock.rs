//! The time: when it is, how it is written, and when notifications are attempted.

use std::{sync::Arc, time::UNIX_EPOCH};

use wechatpay_core::system::System;
use x509_cert::der::DateTime;

/// The pauses before each attempt to deliver a notification, in milliseconds. The first attempt is made at once; the
/// service makes 15 more, over 24 hours and 4 minutes.
const PAUSES: [i64; 15] = {
    const SECOND: i64 = 1000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    [
        15 * SECOND,
        15 * SECOND,
        30 * SECOND,
        3 * MINUTE,
        10 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
        30 * MINUTE,
        30 * MINUTE,
        HOUR,
        3 * HOUR,
        3 * HOUR,
        3 * HOUR,
        6 * HOUR,
        6 * HOUR,
    ]
};

/// The service's time zone, east of Greenwich, in seconds.
const BEIJING: i64 = 8 * 3600;

/// The gateway's clock, and how much faster than in reality its schedules run.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    system: Arc<dyn System>,
    compression: u32,
}

impl Clock {
    pub(crate) fn new(system: Arc<dyn System>, compression: u32) -> Self {
        Self {
            system,
            compression: compression.max(1),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.system
            .now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// When a notification is attempted again after so many attempts, the last of them at `at`; nothing when the
    /// schedule is over.
    pub(crate) fn next_attempt(&self, attempts: u32, at: i64) -> Option<i64> {
        let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
        let pause = PAUSES.get(index)? / i64::from(self.compression);
        Some(at.saturating_add(pause.max(1)))
    }
}

/// A moment as its parts in Beijing.
fn beijing(at: i64) -> Option<DateTime> {
    let seconds = at.div_euclid(1000).checked_add(BEIJING)?;
    let since = std::time::Duration::from_secs(u64::try_from(seconds).ok()?);
    DateTime::from_unix_duration(since).ok()
}

/// A moment as the service writes it: `2018-06-08T10:34:56+08:00`.
pub(crate) fn rfc3339(at: i64) -> String {
    beijing(at).map_or_else(String::new, |time| {
        format!("{}T{}+08:00", date_of(&time), time_of(&time))
    })
}

/// A moment as bills have it: `2018-06-08 10:34:56`.
pub(crate) fn in_bill(at: i64) -> String {
    beijing(at).map_or_else(String::new, |time| format!("{} {}", date_of(&time), time_of(&time)))
}

/// The day in Beijing: `2018-06-08`.
pub(crate) fn day(at: i64) -> String {
    beijing(at).map_or_else(String::new, |time| date_of(&time))
}

/// The day in Beijing without signs between its parts: `20180608`.
pub(crate) fn compact_day(at: i64) -> String {
    day(at).replace('-', "")
}

/// Date and time without signs: `20180608103456`.
pub(crate) fn compact(at: i64) -> String {
    in_bill(at).replace(['-', ' ', ':'], "")
}

fn date_of(time: &DateTime) -> String {
    format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day())
}

fn time_of(time: &DateTime) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minutes(), time.seconds())
}

/// Reads RFC 3339: `2018-06-08T10:34:56+08:00`, `2018-06-08T02:34:56.120Z`.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let offset_at = rest.find(['+', '-', 'Z', 'z'])?;
    let (time, offset) = rest.split_at(offset_at);
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minutes, seconds] = numbers(time, ':', [2, 2, 2])?;
    // A leap second counts as the second before.
    let seconds = seconds.min(59);
    let [month, day, hour, minutes, seconds] =
        [month, day, hour, minutes, seconds].map(|part| u8::try_from(part).unwrap_or(u8::MAX));
    let time = DateTime::new(u16::try_from(year).ok()?, month, day, hour, minutes, seconds).ok()?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milliseconds: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let east = if offset.eq_ignore_ascii_case("z") {
        0
    } else {
        let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
        let east = i64::from(hours) * 3600 + i64::from(minutes) * 60;
        if offset.starts_with('-') { -east } else { east }
    };
    let seconds = i64::try_from(time.unix_duration().as_secs()).ok()? - east;
    Some(seconds * 1000 + milliseconds)
}

/// Numbers of fixed widths with a sign between them.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (number, width) in found.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wechatpay_core::system::OperatingSystem;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        let at = 1_528_425_296_000;
        assert_eq!(rfc3339(at), "2018-06-08T10:34:56+08:00");
        assert_eq!(in_bill(at), "2018-06-08 10:34:56");
        assert_eq!(
            (day(at), compact(at)),
            ("2018-06-08".to_owned(), "20180608103456".to_owned())
        );
        for text in [
            "2018-06-08T10:34:56+08:00",
            "2018-06-08T02:34:56Z",
            "2018-06-07T21:34:56-05:00",
            "2018-06-08T10:34:56.000+08:00",
        ] {
            assert_eq!(parse(text), Some(at), "{text}");
        }
        assert_eq!(parse("2018-06-08T02:34:56.12Z"), Some(at + 120));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2018-06-08",
            "2018-06-08 10:34:56",
            "2018-06-08T10:34:56",
            "2018-6-8T10:34:56Z",
            "2018-13-08T10:34:56Z",
            "2018-02-30T10:34:56Z",
            "2018-06-08T10:34:56.Z",
            "2018-06-08T10:34:56+8",
            "+018-06-08T10:34:56Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_schedule_is_the_official_one_and_can_be_compressed() {
        let clock = Clock::new(Arc::new(OperatingSystem), 1);
        let mut at = 0;
        let mut attempts = 1;
        let mut pauses = Vec::new();
        while let Some(next) = clock.next_attempt(attempts, at) {
            pauses.push((next - at) / 1000);
            at = next;
            attempts += 1;
        }
        assert_eq!(attempts, 16);
        assert_eq!(
            pauses,
            [
                15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600
            ]
        );
        assert_eq!(at, (24 * 3600 + 4 * 60) * 1000);
        let fast = Clock::new(Arc::new(OperatingSystem), 1000);
        assert_eq!(fast.next_attempt(1, 0), Some(15));
        assert_eq!(fast.next_attempt(0, 0), None);
    }
}
