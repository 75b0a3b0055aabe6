//! The duration between two temporals: `duration.between` and its forms in one unit.
//!
//! What one of the two lacks it takes from the other: a time of day has the other's day, a temporal without offset
//! the other's zone; where both lack a day, or both an offset, none is needed.

use super::zone::Zone;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime};
use crate::query::Value;

/// The units that a difference is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// Months, then days, then time.
    All,
    /// Whole months only.
    Months,
    /// Whole days only.
    Days,
    /// Time only.
    Seconds,
}

/// From one temporal to another; nothing where one is none, or beyond 64 bits.
pub(crate) fn between(from: &Value, to: &Value, units: Units) -> Option<Duration> {
    let (start, end) = (Parts::of(from)?, Parts::of(to)?);
    let dated = start.date.is_some() && end.date.is_some();
    if !dated && matches!(units, Units::Months | Units::Days) {
        return Duration::new(0, 0, 0);
    }
    let (start, end) = start.beside(&end)?;
    match units {
        Units::Months => Duration::new(months(start.local, end.local), 0, 0),
        Units::Days => Duration::new(0, days(start.local, end.local), 0),
        Units::All if dated => all(&start, &end),
        Units::All | Units::Seconds => Duration::new(0, 0, end.instant() - start.instant()),
    }
}

/// What a temporal tells: perhaps a day, a time (midnight where there is none), perhaps a zone.
struct Parts {
    date: Option<Date>,
    time: LocalTime,
    zone: Option<Zone>,
    offset: Option<i32>,
}

impl Parts {
    fn of(value: &Value) -> Option<Self> {
        let (date, time, zone, offset) = match value {
            Value::Date(date) => (Some(*date), LocalTime::MIDNIGHT, None, None),
            Value::LocalTime(time) => (None, *time, None, None),
            Value::Time(time) => (None, time.local, Some(Zone::Offset(time.offset)), None),
            Value::LocalDateTime(time) => (Some(time.date), time.time, None, None),
            Value::DateTime(time) => {
                (Some(time.local.date), time.local.time, Some(Zone::of_date_time(time)), Some(time.offset))
            }
            _ => return None,
        };
        Some(Self { date, time, zone, offset })
    }

    /// Both as instants that a clock in the zone of the first shows.
    fn beside(&self, other: &Self) -> Option<(DateTime, DateTime)> {
        let date = self.date.or(other.date).unwrap_or(Date { days: 0 });
        let other_date = other.date.unwrap_or(date);
        let utc = Zone::Offset(0);
        let zone = self.zone.as_ref().or(other.zone.as_ref()).unwrap_or(&utc);
        let other_zone = other.zone.as_ref().unwrap_or(zone);
        let start = zone.at_local(LocalDateTime { date, time: self.time }, self.offset)?;
        let end = other_zone.at_local(LocalDateTime { date: other_date, time: other.time }, other.offset)?;
        let end = zone.at_instant(end.instant())?;
        Some((start, end))
    }
}

fn all(start: &DateTime, end: &DateTime) -> Option<Duration> {
    let months = months(start.local, end.local);
    let date = start.local.date.plus_months(months)?;
    let days = days(LocalDateTime { date, time: start.local.time }, end.local);
    let reached = LocalDateTime { date: date.plus_days(days)?, time: start.local.time };
    let zone = Zone::of_date_time(start);
    let reached = zone.at_local(reached, Some(start.offset))?;
    Duration::new(months, days, end.instant() - reached.instant())
}

/// Whole months, towards zero.
fn months(start: LocalDateTime, end: LocalDateTime) -> i64 {
    let ((year, month, day), (end_year, end_month, end_day)) = (start.date.parts(), end.date.parts());
    let months = (end_year - year) * 12 + end_month - month;
    let missing = (end_day, end.time) < (day, start.time);
    let surplus = (end_day, end.time) > (day, start.time);
    towards_zero(months, missing, surplus)
}

/// Whole days, towards zero.
fn days(start: LocalDateTime, end: LocalDateTime) -> i64 {
    towards_zero(end.date.days - start.date.days, end.time < start.time, end.time > start.time)
}

fn towards_zero(amount: i64, missing: bool, surplus: bool) -> i64 {
    match amount {
        1.. if missing => amount - 1,
        ..=-1 if surplus => amount + 1,
        _ => amount,
    }
}
