//! What a database row remembers about a number.

use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// When a request with a number was last sent: what a program keeps in a column beside the number.
///
/// [`Settle::record`](super::Settle::record) hands it out before each sending, and [`Settle::resume`](super::Settle::resume) takes it
/// back. It is an `i64`, in serde as well: seconds since 1970, and 0 when the time is not known. So a column
/// `stage BIGINT NOT NULL DEFAULT 0` is enough.
///
/// The time decides when an unknown outcome ends. The service refuses a request whose timestamp is more than 5 minutes old,
/// so after some time an earlier request can no longer be executed. If the query then finds nothing, nothing happened. The
/// time is 10 minutes and the client's deadline for a call: 5 minutes for the timestamp, 5 minutes for clocks that differ.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use wechatpay_core::settle::Stage;
///
/// let stage = Stage::sent_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_500_000));
/// // Into the database, and back.
/// let column = i64::from(stage);
/// assert_eq!((column, Stage::from(column)), (1_795_500_000, stage));
/// assert_eq!(serde_json::to_string(&stage)?, "1795500000");
/// // For a row that may have been sent, nobody knows when.
/// assert_eq!(Stage::default(), Stage::from(0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stage(i64);

impl Stage {
    /// A request was, or is about to be, sent at this time.
    #[must_use]
    pub fn sent_at(time: SystemTime) -> Self {
        let seconds = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// How long ago that was; nothing when the time is not known. Zero for a time in the future: a clock is wrong.
    pub(super) fn age(self, now: SystemTime) -> Option<Duration> {
        let seconds = u64::try_from(self.0).ok().filter(|seconds| *seconds > 0)?;
        let sent = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        Some(now.duration_since(sent).unwrap_or_default())
    }
}

impl From<i64> for Stage {
    fn from(column: i64) -> Self {
        Self(column)
    }
}

impl From<Stage> for i64 {
    fn from(stage: Stage) -> Self {
        stage.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_known_only_for_a_time_in_the_past() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (column, age) in [
            (1, seconds(999)),
            (1000, seconds(0)),
            (1001, seconds(0)),
            (0, None),
            (-5, None),
            (i64::MIN, None),
        ] {
            assert_eq!(Stage::from(column).age(now), age, "{column}");
        }
        // More than a clock can hold is not known either, or far in the future.
        assert!(Stage::from(i64::MAX).age(now).is_none_or(|age| age.is_zero()));
        assert_eq!(
            i64::from(Stage::sent_at(SystemTime::UNIX_EPOCH - Duration::from_secs(9))),
            0
        );
    }
}
