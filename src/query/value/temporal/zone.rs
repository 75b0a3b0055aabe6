//! Offsets from UTC, and named time zones with their rules.

use std::sync::{Arc, OnceLock};

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::{DateTime, LocalDateTime, SECOND};

/// The largest offset: 18 hours.
const MOST: i32 = 18 * 3_600;
/// Seconds in 400 years, after which calendar and weekdays repeat.
const CYCLE_SECONDS: i64 = 146_097 * 86_400;

/// Where a clock stands: at a fixed offset, or in a place with rules.
#[derive(Debug, Clone)]
pub enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    /// A zone of the IANA database by its name.
    Named(Arc<str>, TimeZone),
}

/// The database that is built in, so that answers do not depend on the machine.
fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

impl Zone {
    /// `Z`, `+09:00`, `+0900`, `+09`, `-02:05:07` or `Asia/Tokyo`; nothing for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes().first()? {
            b'+' | b'-' | b'Z' | b'z' => parse_offset(text).map(Self::Offset),
            _ => Self::named(text),
        }
    }

    /// A zone of the IANA database, however its name is capitalised.
    pub fn named(name: &str) -> Option<Self> {
        let zone = database().get(name).ok()?;
        let name = zone.iana_name().map_or_else(|| Arc::from(name), Arc::from);
        Some(Self::Named(name, zone))
    }

    /// The zone of the operator's choice.
    pub fn of(zone: &TimeZone) -> Self {
        match (zone.iana_name(), zone.to_fixed_offset()) {
            (Some("UTC"), _) | (None, Err(_)) => Self::Offset(0),
            (_, Ok(offset)) => Self::Offset(offset.seconds()),
            (Some(name), Err(_)) => Self::Named(name.into(), zone.clone()),
        }
    }

    /// The zone that an instant was given with.
    pub(crate) fn of_date_time(time: &DateTime) -> Self {
        time.zone.as_deref().and_then(Self::named).unwrap_or(Self::Offset(time.offset))
    }

    /// Its name, if it is more than an offset.
    fn name(&self) -> Option<Arc<str>> {
        match self {
            Self::Offset(_) => None,
            Self::Named(name, _) => Some(name.clone()),
        }
    }

    /// The instant of a day and time of day here. Where the clocks go back, the earlier one, or the one of the
    /// preferred offset; where they go forward, as much later as is left out. Nothing outside the calendar.
    pub(crate) fn at_local(&self, local: LocalDateTime, preferred: Option<i32>) -> Option<DateTime> {
        let (skipped, offset) = match self {
            Self::Offset(offset) => (0, *offset),
            Self::Named(_, zone) => resolve(zone, local, preferred),
        };
        let local = local.plus_nanoseconds(i128::from(skipped) * i128::from(SECOND))?;
        Some(DateTime { local, offset, zone: self.name() })
    }

    /// What the clock shows here at an instant, in nanoseconds since 1970-01-01T00:00Z. Nothing outside the calendar.
    pub(crate) fn at_instant(&self, instant: i128) -> Option<DateTime> {
        let offset = self.offset_at(i64::try_from(instant.div_euclid(i128::from(SECOND))).ok()?);
        let local = LocalDateTime::from_nanoseconds(instant + i128::from(offset) * i128::from(SECOND))?;
        Some(DateTime { local, offset, zone: self.name() })
    }

    /// The offset at an instant in seconds since 1970-01-01T00:00Z.
    pub(crate) fn offset_at(&self, seconds: i64) -> i32 {
        match self {
            Self::Offset(offset) => *offset,
            Self::Named(_, zone) => {
                let timestamp = jiff::Timestamp::from_second(within_library(seconds)).unwrap_or_default();
                zone.to_offset(timestamp).seconds()
            }
        }
    }
}

/// The library knows the years -9999 to 9999. The rules of a zone repeat with the calendar after its last change,
/// and before its first one there is only one offset, so other years are moved there by whole cycles.
fn within_library(seconds: i64) -> i64 {
    const LATEST: i64 = 7_000 * 31_556_952;
    const EARLIEST: i64 = -11_000 * 31_556_952;
    if seconds > LATEST {
        LATEST - CYCLE_SECONDS + (seconds - LATEST).rem_euclid(CYCLE_SECONDS)
    } else {
        seconds.max(EARLIEST)
    }
}

/// By how many seconds a time of day is skipped, and the offset that holds then.
fn resolve(zone: &TimeZone, local: LocalDateTime, preferred: Option<i32>) -> (i32, i32) {
    match zone.to_ambiguous_timestamp(civil_of(local)).offset() {
        AmbiguousOffset::Unambiguous { offset } => (0, offset.seconds()),
        AmbiguousOffset::Gap { before, after } => (after.seconds() - before.seconds(), after.seconds()),
        AmbiguousOffset::Fold { before, after } => {
            let later = preferred == Some(after.seconds());
            (0, if later { after.seconds() } else { before.seconds() })
        }
    }
}

fn civil_of(local: LocalDateTime) -> civil::DateTime {
    let seconds = within_library(local.seconds());
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    TimeZone::UTC.to_datetime(timestamp)
}

/// Seconds east of UTC, of `Z`, `±hh`, `±hh:mm`, `±hhmm`, `±hh:mm:ss` or `±hhmmss`; at most 18 hours.
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let mut parts = [0, 0, 0];
    for (place, part) in pairs(rest)?.into_iter().enumerate() {
        *parts.get_mut(place)? = part;
    }
    let seconds = parts[0] * 3_600 + parts[1] * 60 + parts[2];
    (parts[1] < 60 && parts[2] < 60 && seconds <= MOST).then_some(sign * seconds)
}

/// Numbers of two digits, all of them separated by colons or none.
fn pairs(text: &str) -> Option<Vec<i32>> {
    let pair = |part: &str| -> Option<i32> {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    if text.contains(':') {
        return text.split(':').map(pair).collect();
    }
    if text.is_empty() || !text.is_ascii() {
        return None;
    }
    text.as_bytes().chunks(2).map(|chunk| pair(std::str::from_utf8(chunk).ok()?)).collect()
}

/// `Z`, `+09:00`, `-02:05:07`.
pub(crate) fn show_offset(offset: i32) -> String {
    if offset == 0 {
        return "Z".to_owned();
    }
    let (sign, seconds) = (if offset < 0 { '-' } else { '+' }, offset.abs());
    let shown = format!("{sign}{:02}:{:02}", seconds / 3_600, seconds / 60 % 60);
    if seconds % 60 == 0 { shown } else { format!("{shown}:{:02}", seconds % 60) }
}
