//! Temporals and durations in calculations: `date + duration`, `duration * 2`.

use std::sync::Arc;

use super::zone::Zone;
use super::{DAY, Date, DateTime, Duration, LocalDateTime, Time};
use crate::query::value::arithmetic::{float, overflow};
use crate::query::{QueryError, Value};

type Outcome = Option<Result<Value, QueryError>>;

/// The sum where one is a duration and the other a duration or temporal; nothing for other values.
pub(crate) fn add(a: &Value, b: &Value) -> Outcome {
    match (a, b) {
        (Value::Duration(a), Value::Duration(b)) => Some(of_duration(a.plus(b))),
        (Value::Duration(duration), temporal) | (temporal, Value::Duration(duration)) => moved(temporal, duration),
        _ => None,
    }
}

/// The difference where the second is a duration; nothing for other values.
pub(crate) fn subtract(a: &Value, b: &Value) -> Outcome {
    let Value::Duration(duration) = b else {
        return None;
    };
    match duration.negated() {
        Some(negated) => add(a, &Value::Duration(Arc::new(negated))),
        None => Some(Err(overflow())),
    }
}

/// A duration and a number; nothing for other values.
pub(crate) fn multiply(a: &Value, b: &Value) -> Outcome {
    match (a, b) {
        (Value::Duration(duration), Value::Integer(factor)) | (Value::Integer(factor), Value::Duration(duration)) => {
            Some(of_duration(duration.times(*factor)))
        }
        (Value::Duration(duration), Value::Float(factor)) | (Value::Float(factor), Value::Duration(duration)) => {
            Some(of_duration(duration.scaled(*factor)))
        }
        _ => None,
    }
}

/// A duration by a number; nothing for other values.
pub(crate) fn divide(a: &Value, b: &Value) -> Outcome {
    let Value::Duration(duration) = a else {
        return None;
    };
    float(b).map(|divisor| of_duration(duration.divided(divisor)))
}

fn of_duration(duration: Option<Duration>) -> Result<Value, QueryError> {
    duration.map(|duration| Value::Duration(Arc::new(duration))).ok_or_else(overflow)
}

fn moved(temporal: &Value, by: &Duration) -> Outcome {
    let moved = match temporal {
        Value::Date(date) => move_date(*date, by).map(Value::Date),
        Value::LocalTime(time) => Some(Value::LocalTime(time.plus_nanoseconds(by.time()))),
        Value::Time(time) => {
            let local = time.local.plus_nanoseconds(by.time());
            Some(Value::Time(Time { local, offset: time.offset }))
        }
        Value::LocalDateTime(time) => move_local(*time, by).map(Value::LocalDateTime),
        Value::DateTime(time) => move_zoned(time, by).map(|moved| Value::DateTime(Arc::new(moved))),
        _ => return None,
    };
    Some(moved.ok_or_else(overflow))
}

/// A day has no time: of the time of a duration only the whole days count.
fn move_date(date: Date, by: &Duration) -> Option<Date> {
    let days = i64::try_from(by.time() / i128::from(DAY)).ok()?;
    date.plus_months(by.months)?.plus_days(by.days.checked_add(days)?)
}

fn move_local(time: LocalDateTime, by: &Duration) -> Option<LocalDateTime> {
    let date = time.date.plus_months(by.months)?.plus_days(by.days)?;
    LocalDateTime { date, time: time.time }.plus_nanoseconds(by.time())
}

/// Months and days are moved on the calendar of the zone, time by the clock.
fn move_zoned(time: &DateTime, by: &Duration) -> Option<DateTime> {
    let zone = Zone::of_date_time(time);
    let date = time.local.date.plus_months(by.months)?.plus_days(by.days)?;
    let local = LocalDateTime { date, time: time.local.time };
    let day = zone.at_local(local, Some(time.offset))?;
    zone.at_instant(day.instant().checked_add(by.time())?)
}
