//! Moments as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment in the computer's time zone, to the second.
pub(super) fn local(moment: Timestamp) -> String {
    moment.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// Microseconds since 1970 as a moment.
pub(super) fn moment(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
