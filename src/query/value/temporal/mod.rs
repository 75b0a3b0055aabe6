//! Days, times, instants and spans of time (openCypher CIP2015-08-06 "Date and Time").
//!
//! Years go from -999,999,999 to 999,999,999, so days are counted in 64 bits here; only the rules of time zones
//! come from a library, with the database that is built into the program.

pub mod between;
mod calendar;
pub mod components;
mod duration;
pub mod moving;
pub mod parse;
pub mod select;
mod text;
pub mod truncate;
pub mod zone;

use std::cmp::Ordering;
use std::sync::Arc;

pub(crate) use duration::Amount;

use super::Value;

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a day.
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    pub(crate) days: i64,
}

/// A time of day without offset, in nanoseconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalTime {
    pub(crate) nanoseconds: i64,
}

/// A time of day with its offset from UTC in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    pub(crate) local: LocalTime,
    pub(crate) offset: i32,
}

/// A day and a time of day without offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalDateTime {
    pub(crate) date: Date,
    pub(crate) time: LocalTime,
}

/// An instant: a day and time of day at an offset from UTC, perhaps because of the rules of a named zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime {
    pub(crate) local: LocalDateTime,
    pub(crate) offset: i32,
    pub(crate) zone: Option<Arc<str>>,
}

/// A span of time: months, days, seconds and nanoseconds of a second. Months, days and seconds have signs of their
/// own; nanoseconds are from 0 to 999,999,999 and count upwards from the seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: i32,
}

impl Time {
    /// Nanoseconds since midnight in UTC; before and after that day for offsets across midnight.
    pub(crate) fn instant(self) -> i64 {
        self.local.nanoseconds - i64::from(self.offset) * SECOND
    }
}

impl Ord for Time {
    /// By the instant, then by the offset, so that only equal times are equal in order.
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant().cmp(&other.instant()).then(self.offset.cmp(&other.offset))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl LocalDateTime {
    /// Nanoseconds since 1970-01-01T00:00.
    pub(crate) fn nanoseconds(self) -> i128 {
        i128::from(self.date.days) * i128::from(DAY) + i128::from(self.time.nanoseconds)
    }

    /// Seconds since 1970-01-01T00:00, rounded down.
    pub(crate) fn seconds(self) -> i64 {
        self.date.days * 86_400 + self.time.nanoseconds / SECOND
    }

    /// The day and time so many nanoseconds after 1970-01-01T00:00; nothing outside the calendar.
    pub(crate) fn from_nanoseconds(nanoseconds: i128) -> Option<Self> {
        let day = i128::from(DAY);
        let date = Date::from_days(i64::try_from(nanoseconds.div_euclid(day)).ok()?)?;
        let time = LocalTime { nanoseconds: i64::try_from(nanoseconds.rem_euclid(day)).ok()? };
        Some(Self { date, time })
    }

    /// Moved by nanoseconds; nothing outside the calendar.
    pub(crate) fn plus_nanoseconds(self, nanoseconds: i128) -> Option<Self> {
        Self::from_nanoseconds(self.nanoseconds().checked_add(nanoseconds)?)
    }
}

impl DateTime {
    /// Nanoseconds since 1970-01-01T00:00Z.
    pub(crate) fn instant(&self) -> i128 {
        self.local.nanoseconds() - i128::from(self.offset) * i128::from(SECOND)
    }

    /// Seconds since 1970-01-01T00:00Z, rounded down.
    pub(crate) fn epoch_seconds(&self) -> i64 {
        self.local.seconds() - i64::from(self.offset)
    }
}

impl Ord for DateTime {
    /// By the instant, then by offset and zone, so that only equal ones are equal in order.
    fn cmp(&self, other: &Self) -> Ordering {
        let instants = self.instant().cmp(&other.instant());
        instants.then(self.offset.cmp(&other.offset)).then_with(|| self.zone.cmp(&other.zone))
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A temporal as ISO 8601 text; nothing for any other value.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Date(date) => Some(date.to_string()),
        Value::LocalTime(time) => Some(time.to_string()),
        Value::Time(time) => Some(time.to_string()),
        Value::LocalDateTime(time) => Some(time.to_string()),
        Value::DateTime(time) => Some(time.to_string()),
        Value::Duration(duration) => Some(duration.to_string()),
        _ => None,
    }
}
