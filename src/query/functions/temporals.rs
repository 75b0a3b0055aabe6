//! Days, times and instants: the present, from text, from components, from each other.

use std::sync::Arc;

use super::arguments::{integer, out_of_range, text, wrong};
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::value::Map;
use crate::query::value::temporal::select::{Components, date_of, invalid, outside, time_of};
use crate::query::value::temporal::zone::Zone;
use crate::query::value::temporal::{DateTime, LocalDateTime, Time, parse};
use crate::query::{QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    use Kind::{Date, DateTime, LocalDateTime, LocalTime, Time};
    let made = |name, result, run| Function::new(name, &[Type::Any], result, run).from(0).by_clock();
    vec![
        made("date", Type::Date, |a, context| make(Date, a, context)),
        made("localtime", Type::LocalTime, |a, context| make(LocalTime, a, context)),
        made("time", Type::Time, |a, context| make(Time, a, context)),
        made("localdatetime", Type::LocalDateTime, |a, context| make(LocalDateTime, a, context)),
        made("datetime", Type::DateTime, |a, context| make(DateTime, a, context)),
        made("date.statement", Type::Date, |a, context| clocked(Date, a, context)),
        made("date.transaction", Type::Date, |a, context| clocked(Date, a, context)),
        made("localtime.statement", Type::LocalTime, |a, context| clocked(LocalTime, a, context)),
        made("localtime.transaction", Type::LocalTime, |a, context| clocked(LocalTime, a, context)),
        made("time.statement", Type::Time, |a, context| clocked(Time, a, context)),
        made("time.transaction", Type::Time, |a, context| clocked(Time, a, context)),
        made("localdatetime.statement", Type::LocalDateTime, |a, context| clocked(LocalDateTime, a, context)),
        made("localdatetime.transaction", Type::LocalDateTime, |a, context| clocked(LocalDateTime, a, context)),
        made("datetime.statement", Type::DateTime, |a, context| clocked(DateTime, a, context)),
        made("datetime.transaction", Type::DateTime, |a, context| clocked(DateTime, a, context)),
        made("date.realtime", Type::Date, |a, context| real(Date, a, context)).changing(),
        made("localtime.realtime", Type::LocalTime, |a, context| real(LocalTime, a, context)).changing(),
        made("time.realtime", Type::Time, |a, context| real(Time, a, context)).changing(),
        made("localdatetime.realtime", Type::LocalDateTime, |a, context| real(LocalDateTime, a, context)).changing(),
        made("datetime.realtime", Type::DateTime, |a, context| real(DateTime, a, context)).changing(),
        Function::new("datetime.fromEpoch", &[Type::Integer, Type::Integer], Type::DateTime, from_epoch).from(1),
        Function::new("datetime.fromEpochMillis", &[Type::Integer], Type::DateTime, from_epoch_millis),
        Function::new("timestamp", &[], Type::Integer, |_, context| {
            Ok(Value::Integer(context.clock.now.as_millisecond()))
        })
        .by_clock(),
    ]
}

/// The kinds of temporal instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
}

impl Kind {
    /// This kind's part of an instant.
    pub(super) fn of(self, time: DateTime) -> Value {
        match self {
            Self::Date => Value::Date(time.local.date),
            Self::LocalTime => Value::LocalTime(time.local.time),
            Self::Time => Value::Time(Time { local: time.local.time, offset: time.offset }),
            Self::LocalDateTime => Value::LocalDateTime(time.local),
            Self::DateTime => Value::DateTime(Arc::new(time)),
        }
    }

    /// From components.
    pub(super) fn of_components(self, components: &Components<'_>, context: &Context<'_>) -> Result<Value, QueryError> {
        let zone = context.clock.default_zone();
        match self {
            Self::Date => components.to_date().map(Value::Date),
            Self::LocalTime => components.to_local_time().map(Value::LocalTime),
            Self::Time => components.to_time(&zone, context.clock.seconds()).map(Value::Time),
            Self::LocalDateTime => components.to_local_date_time().map(Value::LocalDateTime),
            Self::DateTime => components.to_date_time(&zone).map(|time| Value::DateTime(Arc::new(time))),
        }
    }

    fn parse(self, text: &str, context: &Context<'_>) -> Option<Value> {
        let zone = context.clock.default_zone();
        match self {
            Self::Date => parse::date(text).map(Value::Date),
            Self::LocalTime => parse::local_time(text).map(Value::LocalTime),
            Self::Time => parse::time(text, zone.offset_at(context.clock.seconds())).map(Value::Time),
            Self::LocalDateTime => parse::local_date_time(text).map(Value::LocalDateTime),
            Self::DateTime => parse::date_time(text, &zone).map(|time| Value::DateTime(Arc::new(time))),
        }
    }

    /// What a text of it looks like.
    fn example(self) -> &'static str {
        match self {
            Self::Date => "2028-04-01",
            Self::LocalTime => "09:30:00",
            Self::Time => "09:30:00+09:00",
            Self::LocalDateTime => "2028-04-01T09:30:00",
            Self::DateTime => "2028-04-01T09:30:00+09:00[Asia/Tokyo]",
        }
    }

    /// What it shares with another temporal; nothing where that lacks something.
    fn of_temporal(self, value: &Value, context: &Context<'_>) -> Option<Result<Value, QueryError>> {
        let (date, time) = (date_of(value), time_of(value));
        let converted = match self {
            Self::Date => Value::Date(date?),
            Self::LocalTime => Value::LocalTime(time?),
            Self::LocalDateTime => Value::LocalDateTime(LocalDateTime { date: date?, time: time? }),
            Self::Time | Self::DateTime => {
                let name = if self == Self::Time { "time" } else { "datetime" };
                time?;
                let map = Map::from([(name.into(), value.clone())]);
                return Some(self.of_components(&Components::new(&map), context));
            }
        };
        Some(Ok(converted))
    }
}

/// The present, or what the argument says.
fn make(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    match arguments.first() {
        None => present(kind, None, context),
        Some(Value::String(text)) => kind.parse(text, context).ok_or_else(|| unreadable(kind, text)),
        Some(Value::Map(map)) => of_map(kind, map, context),
        Some(value) => {
            let none = || Err(wrong("String, Map or temporal that has what is needed", value));
            kind.of_temporal(value, context).unwrap_or_else(none)
        }
    }
}

fn unreadable(kind: Kind, text: &str) -> QueryError {
    invalid(format!("'{text}' cannot be read; write for example '{}'", kind.example()))
}

fn of_map(kind: Kind, map: &Map, context: &Context<'_>) -> Result<Value, QueryError> {
    if map.values().any(Value::is_null) {
        return Ok(Value::Null);
    }
    match map.get("timezone") {
        Some(zone) if map.len() == 1 => present(kind, Some(zone), context),
        _ => kind.of_components(&Components::new(map), context),
    }
}

/// The present; the date of the view where no zone is asked for.
fn present(kind: Kind, zone: Option<&Value>, context: &Context<'_>) -> Result<Value, QueryError> {
    if let (Kind::Date, None, Some(today)) = (kind, zone, context.clock.view_date()) {
        return Ok(Value::Date(today));
    }
    clocked(kind, zone.map_or(&[], std::slice::from_ref), context)
}

/// The moment at which the statement began, in a zone.
fn clocked(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let zone = zone_of(arguments, context)?;
    context.clock.in_zone(&zone).map(|time| kind.of(time)).ok_or_else(outside)
}

/// This very moment, in a zone.
fn real(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let zone = zone_of(arguments, context)?;
    let now = jiff::Timestamp::now().as_nanosecond();
    zone.at_instant(now).map(|time| kind.of(time)).ok_or_else(outside)
}

fn zone_of(arguments: &[Value], context: &Context<'_>) -> Result<Zone, QueryError> {
    let name = match arguments.first() {
        None => return Ok(context.clock.default_zone()),
        Some(Value::Map(map)) => text(map.get("timezone").unwrap_or(&Value::Null))?,
        Some(name) => text(name)?,
    };
    Zone::parse(name).ok_or_else(|| invalid(format!("{name} is no time zone; write '+09:00' or 'Asia/Tokyo'")))
}

/// Seconds and nanoseconds since 1970-01-01T00:00Z.
fn from_epoch(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let nanoseconds = arguments.get(1).map_or(Ok(0), integer)?;
    if !(0..1_000_000_000).contains(&nanoseconds) {
        return Err(out_of_range("nanoseconds are from 0 to 999999999"));
    }
    at_instant(i128::from(integer(&arguments[0])?) * 1_000_000_000 + i128::from(nanoseconds))
}

fn from_epoch_millis(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    at_instant(i128::from(integer(&arguments[0])?) * 1_000_000)
}

fn at_instant(nanoseconds: i128) -> Result<Value, QueryError> {
    Zone::Offset(0).at_instant(nanoseconds).map(|time| Kind::DateTime.of(time)).ok_or_else(outside)
}
