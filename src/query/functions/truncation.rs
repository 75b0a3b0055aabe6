//! `date.truncate` and its like: the beginning of a unit, with components that change it.

use std::sync::Arc;

use super::arguments::{map, text, wrong};
use super::temporals::Kind;
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::value::Map;
use crate::query::value::temporal::select::{Components, date_of, invalid, outside, time_of};
use crate::query::value::temporal::truncate::Unit;
use crate::query::value::temporal::zone::{Zone, show_offset};
use crate::query::value::temporal::{Date, LocalTime};
use crate::query::{QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    use Kind::{Date, DateTime, LocalDateTime, LocalTime, Time};
    let cutting =
        |name, result, run| Function::new(name, &[Type::String, Type::Any, Type::Map], result, run).from(1).by_clock();
    vec![
        cutting("date.truncate", Type::Date, |a, context| truncate(Date, a, context)),
        cutting("localtime.truncate", Type::LocalTime, |a, context| truncate(LocalTime, a, context)),
        cutting("time.truncate", Type::Time, |a, context| truncate(Time, a, context)),
        cutting("localdatetime.truncate", Type::LocalDateTime, |a, context| truncate(LocalDateTime, a, context)),
        cutting("datetime.truncate", Type::DateTime, |a, context| truncate(DateTime, a, context)),
    ]
}

fn truncate(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let unit = unit(kind, text(&arguments[0])?)?;
    let now = match arguments.get(1) {
        Some(_) => None,
        None => Some(context.clock.in_zone(&context.clock.default_zone()).ok_or_else(outside)?),
    };
    let now = now.map(|time| Value::DateTime(Arc::new(time)));
    let value = arguments.get(1).or(now.as_ref()).unwrap_or(&Value::Null);
    let changes = arguments.get(2).map(map).transpose()?;
    if changes.is_some_and(|changes| changes.values().any(Value::is_null)) {
        return Ok(Value::Null);
    }
    let (date, time) = parts(kind, value)?;
    let map = with_zone(kind, changes, value);
    let mut components = Components::new(&map);
    components.date = Some(unit.cut_date(date).ok_or_else(outside)?);
    components.time = Some(unit.cut_time(time));
    components.refine = true;
    kind.of_components(&components, context)
}

fn unit(kind: Kind, name: &str) -> Result<Unit, QueryError> {
    let unit = Unit::find(name).ok_or_else(|| invalid(format!("there is no unit {name} to cut to")))?;
    let fits = match kind {
        Kind::Date => !unit.is_time(),
        Kind::LocalTime | Kind::Time => unit.is_time() || unit == Unit::Day,
        Kind::LocalDateTime | Kind::DateTime => true,
    };
    if fits { Ok(unit) } else { Err(invalid(format!("this kind of temporal cannot be cut to a {name}"))) }
}

/// The day and the time of day to cut; a day alone begins at midnight.
fn parts(kind: Kind, value: &Value) -> Result<(Date, LocalTime), QueryError> {
    let dated = !matches!(kind, Kind::LocalTime | Kind::Time);
    match (date_of(value), time_of(value)) {
        (Some(date), time) if dated => Ok((date, time.unwrap_or(LocalTime::MIDNIGHT))),
        (date, Some(time)) if !dated => Ok((date.unwrap_or(Date { days: 0 }), time)),
        _ => Err(wrong("temporal that has what is cut", value)),
    }
}

/// The changes, and the zone of the temporal where they name none. The time of day stays, whatever the zone.
fn with_zone(kind: Kind, changes: Option<&Map>, value: &Value) -> Map {
    let mut map = changes.cloned().unwrap_or_default();
    let zone = match value {
        Value::Time(time) => Some(show_offset(time.offset)),
        Value::DateTime(time) if kind == Kind::Time => Some(show_offset(time.offset)),
        Value::DateTime(time) => Some(zone_name(&Zone::of_date_time(time))),
        _ => None,
    };
    if let (Kind::Time | Kind::DateTime, Some(zone)) = (kind, zone) {
        map.entry("timezone".into()).or_insert_with(|| Value::string(zone));
    }
    map
}

fn zone_name(zone: &Zone) -> String {
    match zone {
        Zone::Offset(offset) => show_offset(*offset),
        Zone::Named(name, _) => name.to_string(),
    }
}
