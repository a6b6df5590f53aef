//! The clock of the state, when it is not the machine's.

use std::{
    io,
    time::{Duration, Instant, SystemTime},
};

use wechatpay_core::system::{OperatingSystem, System};

/// What `--clock` says: from when, and how much faster schedules run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockOption {
    pub(crate) start: Option<SystemTime>,
    pub(crate) speed: u32,
}

/// A clock that started at another time than the machine's.
#[derive(Debug)]
pub(crate) struct ShiftedClock {
    start: SystemTime,
    started: Instant,
}

impl ShiftedClock {
    pub(crate) fn new(start: SystemTime) -> Self {
        Self {
            start,
            started: Instant::now(),
        }
    }
}

impl System for ShiftedClock {
    fn now(&self) -> SystemTime {
        self.start.checked_add(self.started.elapsed()).unwrap_or(self.start)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        OperatingSystem.random(bytes)
    }
}

impl ClockOption {
    /// Reads `2026-01-01T00:00:00+08:00`, `x60`, or both with a comma between.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut clock = Self { start: None, speed: 1 };
        for part in text.split(',') {
            match part.strip_prefix('x') {
                Some(speed) => clock.speed = speed.parse().ok().filter(|speed| (1..=100_000).contains(speed))?,
                None => clock.start = Some(moment(part)?),
            }
        }
        Some(clock)
    }
}

/// Reads RFC 3339 without fractions of a second, in any offset.
fn moment(text: &str) -> Option<SystemTime> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let time = rest.get(..8)?;
    let offset = rest.get(8..)?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let valid = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !valid {
        return None;
    }
    // Days since 1970-01-01 in the proleptic Gregorian calendar, years counted from March.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - seconds_of_offset(offset)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

fn seconds_of_offset(text: &str) -> Option<i64> {
    if text == "Z" || text == "z" {
        return Some(0);
    }
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| digits)
    });
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_a_start_a_speed_or_both() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_528_425_296);
        for text in [
            "2018-06-08T10:34:56+08:00",
            "2018-06-08T02:34:56Z",
            "2018-06-07T22:04:56-04:30",
        ] {
            let expected = ClockOption {
                start: Some(start),
                speed: 1,
            };
            assert_eq!(ClockOption::parse(text), Some(expected), "{text}");
        }
        assert_eq!(ClockOption::parse("x60"), Some(ClockOption { start: None, speed: 60 }));
        let both = ClockOption {
            start: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(951_782_400)),
            speed: 1000,
        };
        assert_eq!(ClockOption::parse("2000-02-29T00:00:00Z,x1000"), Some(both));
        for wrong in [
            "",
            "x0",
            "xx",
            "2018-06-08",
            "2018-13-08T10:34:56Z",
            "2018-06-08T10:34:56",
            "x-1",
            "2018-06-08T10:34:56+08",
            "1969-01-01T00:00:00Z",
        ] {
            assert_eq!(ClockOption::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_shifted_clock_goes_on_from_its_start() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let clock = ShiftedClock::new(start);
        let first = clock.now();
        assert!(first >= start && first < start + Duration::from_secs(60));
        assert!(clock.now() >= first);
    }
}
