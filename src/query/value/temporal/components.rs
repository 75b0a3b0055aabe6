//! The components of temporals as properties: `date.year`, `datetime.epochMillis`, `duration.minutesOfHour`.

use std::sync::Arc;

use super::zone::show_offset;
use super::{Date, DateTime, Duration, LocalTime, SECOND};
use crate::query::value::arithmetic::overflow;
use crate::query::{ErrorDetail, QueryError, Value};

/// A component by its name; nothing where the value is no temporal.
///
/// # Errors
/// The temporal has no component of this name.
pub(crate) fn component(value: &Value, name: &str) -> Option<Result<Value, QueryError>> {
    let found = match value {
        Value::Date(date) => of_date(*date, name),
        Value::LocalTime(time) => of_time(*time, name),
        Value::Time(time) => of_time(time.local, name).or_else(|| of_offset(time.offset, None, name)),
        Value::LocalDateTime(time) => of_date(time.date, name).or_else(|| of_time(time.time, name)),
        Value::DateTime(time) => of_date_time(time, name),
        Value::Duration(duration) => return Some(of_duration(duration, name)),
        _ => return None,
    };
    Some(found.ok_or_else(|| unknown(value, name)))
}

fn unknown(value: &Value, name: &str) -> QueryError {
    let message = format!("a {} has no component {name}", value.type_name());
    QueryError::type_error(ErrorDetail::InvalidArgumentType, message)
}

fn of_date(date: Date, name: &str) -> Option<Value> {
    Some(Value::Integer(match name {
        "year" => date.year(),
        "quarter" => date.quarter(),
        "month" => date.month(),
        "week" => date.week(),
        "weekYear" => date.week_year(),
        "day" => date.day(),
        "ordinalDay" => date.ordinal_day(),
        "weekDay" | "dayOfWeek" => date.week_day(),
        "dayOfQuarter" => date.day_of_quarter(),
        _ => return None,
    }))
}

fn of_time(time: LocalTime, name: &str) -> Option<Value> {
    Some(Value::Integer(match name {
        "hour" => time.hour(),
        "minute" => time.minute(),
        "second" => time.second(),
        "millisecond" => time.nanosecond() / 1_000_000,
        "microsecond" => time.nanosecond() / 1_000,
        "nanosecond" => time.nanosecond(),
        _ => return None,
    }))
}

fn of_offset(offset: i32, zone: Option<&Arc<str>>, name: &str) -> Option<Value> {
    Some(match name {
        "timezone" => Value::String(zone.cloned().unwrap_or_else(|| show_offset(offset).into())),
        "offset" => Value::string(show_offset(offset)),
        "offsetMinutes" => Value::Integer(i64::from(offset) / 60),
        "offsetSeconds" => Value::Integer(i64::from(offset)),
        _ => return None,
    })
}

fn of_date_time(time: &DateTime, name: &str) -> Option<Value> {
    match name {
        "epochSeconds" => Some(Value::Integer(time.epoch_seconds())),
        "epochMillis" => {
            let millis = time.local.time.nanosecond() / 1_000_000;
            Some(Value::Integer(time.epoch_seconds() * 1_000 + millis))
        }
        _ => of_date(time.local.date, name)
            .or_else(|| of_time(time.local.time, name))
            .or_else(|| of_offset(time.offset, time.zone.as_ref(), name)),
    }
}

/// Whole amounts: `months` counts years, too; `monthsOfYear` does not.
fn of_duration(duration: &Duration, name: &str) -> Result<Value, QueryError> {
    let nanosecond = i64::from(duration.nanoseconds);
    let fine = |unit: i64, per_second: i64| duration.seconds.checked_mul(per_second)?.checked_add(nanosecond / unit);
    let amount = match name {
        "years" => Some(duration.months / 12),
        "quarters" => Some(duration.months / 3),
        "months" => Some(duration.months),
        "weeks" => Some(duration.days / 7),
        "days" => Some(duration.days),
        "hours" => Some(duration.seconds / 3_600),
        "minutes" => Some(duration.seconds / 60),
        "seconds" => Some(duration.seconds),
        "milliseconds" => fine(1_000_000, 1_000),
        "microseconds" => fine(1_000, 1_000_000),
        "nanoseconds" => fine(1, SECOND),
        "quartersOfYear" => Some(duration.months / 3 % 4),
        "monthsOfQuarter" => Some(duration.months % 3),
        "monthsOfYear" => Some(duration.months % 12),
        "daysOfWeek" => Some(duration.days % 7),
        "minutesOfHour" => Some(duration.seconds / 60 % 60),
        "secondsOfMinute" => Some(duration.seconds % 60),
        "millisecondsOfSecond" => Some(nanosecond / 1_000_000),
        "microsecondsOfSecond" => Some(nanosecond / 1_000),
        "nanosecondsOfSecond" => Some(nanosecond),
        _ => return Err(unknown(&Value::Duration(Arc::new(*duration)), name)),
    };
    amount.map(Value::Integer).ok_or_else(overflow)
}
