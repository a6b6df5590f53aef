//! Times as the database has them, and the day in Beijing that a bill belongs to.

use std::time::{Duration, SystemTime};

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    milliseconds(since.unwrap_or_default())
}

/// A length of time in milliseconds.
#[must_use]
pub fn milliseconds(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// The day in Beijing, such as `2026-11-20`. Bills are cut at midnight there.
#[must_use]
pub fn beijing_day(milliseconds: i64) -> String {
    let days = (milliseconds.div_euclid(1000) + 8 * 3600).div_euclid(86_400);
    // Years that begin in March end with the leap day; 146,097 days are 400 years.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + next)
}

/// The day of a time of the service, such as `2026-11-20T09:00:00+08:00`, which is in Beijing's time.
#[must_use]
pub fn day_of(time: &str) -> Option<&str> {
    time.get(..10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_753_599, "2000-02-28"),
            (951_753_600, "2000-02-29"),
            (951_840_000, "2000-03-01"),
            (1_798_732_799, "2026-12-31"),
            (1_798_732_800, "2027-01-01"),
        ] {
            assert_eq!(beijing_day(seconds * 1000), day, "{seconds}");
        }
    }
}
