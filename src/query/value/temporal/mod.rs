//! Days, times, instants and spans of time (openCypher CIP2015-08-06 "Date and Time").
//!
//! Years go from -999,999,999 to 999,999,999, so days are counted in 64 bits here; only the rules of time zones
//! come from a library.

use std::sync::Arc;

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

/// A span of time: months, days, seconds and nanoseconds of a second, each with a sign of its own
/// (nanoseconds are always from 0 to 999,999,999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: i32,
}
