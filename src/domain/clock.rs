//! The one place that reads the time.

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};

/// Tells the time; a fixed one makes tests repeatable.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    /// The computer's clock and time zone.
    #[default]
    System,
    /// Always this moment.
    Fixed(Timestamp),
}

impl Clock {
    /// This moment.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(moment) => moment,
        }
    }

    /// Today's date in the local time zone (UTC for a fixed clock).
    pub fn today(self) -> Date {
        match self {
            Self::System => ZonedDateTime::now().date(),
            Self::Fixed(moment) => moment.to_zoned_datetime(jiff::tz::TimeZone::UTC).date(),
        }
    }
}
