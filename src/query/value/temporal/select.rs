//! Temporals from maps of components, perhaps beginning with another temporal of which the components change a part
//! (CIP2015-08-06, "Selecting" and "Constructing").

use super::zone::Zone;
use super::{Amount, Date, DateTime, Duration, LocalDateTime, LocalTime, Time};
use crate::query::value::Map;
use crate::query::{ErrorDetail, QueryError, Value};

/// The names of components of a day.
const DATE: &[&str] =
    &["year", "month", "day", "week", "dayOfWeek", "ordinalDay", "quarter", "dayOfQuarter", "date", "datetime"];
/// The names of components of a time of day.
const TIME: &[&str] = &["hour", "minute", "second", "millisecond", "microsecond", "nanosecond", "time", "datetime"];
/// The names of a zone.
const ZONE: &[&str] = &["timezone"];

/// A map of components.
pub(crate) struct Components<'a> {
    map: &'a Map,
    /// What the components change, where the map names no temporal to begin with.
    pub(crate) date: Option<Date>,
    /// The same for the time of day.
    pub(crate) time: Option<LocalTime>,
    /// Whether small units are added to the time of day instead of replacing what it has of them.
    pub(crate) refine: bool,
}

impl<'a> Components<'a> {
    pub(crate) fn new(map: &'a Map) -> Self {
        Self { map, date: None, time: None, refine: false }
    }

    /// A day.
    pub(crate) fn to_date(&self) -> Result<Date, QueryError> {
        self.only(&[DATE])?;
        self.date()
    }

    /// A time of day without offset.
    pub(crate) fn to_local_time(&self) -> Result<LocalTime, QueryError> {
        self.only(&[TIME])?;
        self.required("hour", &["time", "datetime"], self.time.is_some())?;
        self.time()
    }

    /// A time of day with offset: of the map, of the temporal it begins with, else of the default.
    pub(crate) fn to_time(&self, default: &Zone, now: i64) -> Result<Time, QueryError> {
        self.only(&[TIME, ZONE])?;
        self.required("hour", &["time", "datetime"], self.time.is_some())?;
        let local = self.time()?;
        let wanted = self.zone()?.map(|zone| zone.offset_at(now));
        let held = self.offset_of_time();
        let offset = held.or(wanted).unwrap_or_else(|| default.offset_at(now));
        let target = wanted.unwrap_or(offset);
        let moved = local.plus_nanoseconds(i128::from(target - offset) * i128::from(super::SECOND));
        Ok(Time { local: moved, offset: target })
    }

    /// A day and a time of day.
    pub(crate) fn to_local_date_time(&self) -> Result<LocalDateTime, QueryError> {
        self.only(&[DATE, TIME])?;
        self.local()
    }

    /// An instant: where the temporal it begins with has a zone and the map names another one, the instant stays.
    pub(crate) fn to_date_time(&self, default: &Zone) -> Result<DateTime, QueryError> {
        self.only(&[DATE, TIME, ZONE])?;
        let local = self.local()?;
        let wanted = self.zone()?;
        let (held, preferred) = self.held_zone();
        let zone = held.as_ref().or(wanted.as_ref()).unwrap_or(default);
        let time = zone.at_local(local, preferred).ok_or_else(outside)?;
        match wanted {
            Some(wanted) if held.is_some() => wanted.at_instant(time.instant()).ok_or_else(outside),
            _ => Ok(time),
        }
    }

    fn local(&self) -> Result<LocalDateTime, QueryError> {
        Ok(LocalDateTime { date: self.date()?, time: self.time()? })
    }

    fn only(&self, allowed: &[&[&str]]) -> Result<(), QueryError> {
        let known = |name: &str| allowed.iter().any(|names| names.contains(&name));
        match self.map.keys().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                Err(invalid(format!("{name} is no component of this; there are {}", allowed.concat().join(", "))))
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, QueryError> {
        match self.map.get(name) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(other) => Err(wrong_type(name, "an Integer", other)),
        }
    }

    fn zone(&self) -> Result<Option<Zone>, QueryError> {
        match self.map.get("timezone") {
            None => Ok(None),
            Some(Value::String(name)) => match Zone::parse(name) {
                Some(zone) => Ok(Some(zone)),
                None => Err(invalid(format!("{name} is no time zone; write '+09:00' or 'Asia/Tokyo'"))),
            },
            Some(other) => Err(wrong_type("timezone", "a String", other)),
        }
    }

    /// Smaller components need the larger one that they are a part of.
    fn required(&self, name: &str, instead: &[&str], given: bool) -> Result<(), QueryError> {
        if given || self.has(name) || instead.iter().any(|name| self.has(name)) {
            return Ok(());
        }
        Err(invalid(format!("{name} is missing")))
    }

    /// The day that the map begins with.
    fn base_date(&self) -> Result<Option<Date>, QueryError> {
        let Some((name, value)) = self.first(&["date", "datetime"]) else {
            return Ok(self.date);
        };
        date_of(value).map(Some).ok_or_else(|| wrong_type(name, "a temporal with a day", value))
    }

    /// The time of day that the map begins with.
    fn base_time(&self) -> Result<Option<LocalTime>, QueryError> {
        let Some((name, value)) = self.first(&["time", "datetime"]) else {
            return Ok(self.time);
        };
        time_of(value).map(Some).ok_or_else(|| wrong_type(name, "a temporal with a time of day", value))
    }

    fn first(&self, names: &[&'static str]) -> Option<(&'static str, &Value)> {
        names.iter().find_map(|name| self.map.get(*name).map(|value| (*name, value)))
    }

    fn date(&self) -> Result<Date, QueryError> {
        let base = self.base_date()?;
        self.required("year", &[], base.is_some())?;
        let groups = [
            self.has("week") || self.has("dayOfWeek"),
            self.has("quarter") || self.has("dayOfQuarter"),
            self.has("ordinalDay"),
            self.has("month") || self.has("day"),
        ];
        if groups.iter().filter(|given| **given).count() > 1 {
            return Err(invalid(
                "a day is given by month and day, by week, by quarter or by ordinal day, not by several",
            ));
        }
        let date = match groups {
            [true, ..] => self.by_week(base)?,
            [_, true, ..] => self.by_quarter(base)?,
            [_, _, true, _] => self.by_ordinal(base)?,
            _ => self.by_month(base)?,
        };
        date.ok_or_else(outside)
    }

    fn by_week(&self, base: Option<Date>) -> Result<Option<Date>, QueryError> {
        let year = self.integer("year")?.or(base.map(Date::week_year)).unwrap_or(0);
        let week = self.integer("week")?.or(base.map(Date::week));
        let day = self.integer("dayOfWeek")?.or(base.map(Date::week_day)).unwrap_or(1);
        let week = week.ok_or_else(|| invalid("week is missing"))?;
        Ok(Date::from_week(year, week, day))
    }

    fn by_quarter(&self, base: Option<Date>) -> Result<Option<Date>, QueryError> {
        let year = self.integer("year")?.or(base.map(Date::year)).unwrap_or(0);
        let quarter = self.integer("quarter")?.or(base.map(Date::quarter));
        let quarter = quarter.ok_or_else(|| invalid("quarter is missing"))?;
        match (self.integer("dayOfQuarter")?, base) {
            (None, Some(base)) if (1..=4).contains(&quarter) => {
                let (_, month, day) = base.parts();
                Ok(Date::clamped(year, (month - 1) % 3 + quarter * 3 - 2, day))
            }
            (day, _) => Ok(Date::from_quarter(year, quarter, day.unwrap_or(1))),
        }
    }

    fn by_ordinal(&self, base: Option<Date>) -> Result<Option<Date>, QueryError> {
        let year = self.integer("year")?.or(base.map(Date::year)).unwrap_or(0);
        Ok(Date::from_ordinal(year, self.integer("ordinalDay")?.unwrap_or(1)))
    }

    fn by_month(&self, base: Option<Date>) -> Result<Option<Date>, QueryError> {
        let year = self.integer("year")?.or(base.map(Date::year)).unwrap_or(0);
        if self.has("day") {
            self.required("month", &[], base.is_some())?;
        }
        let month = self.integer("month")?.or(base.map(Date::month)).unwrap_or(1);
        match self.integer("day")? {
            Some(day) => Ok(Date::new(year, month, day)),
            None => Ok(Date::clamped(year, month, base.map_or(1, Date::day))),
        }
    }

    fn time(&self) -> Result<LocalTime, QueryError> {
        let base = self.base_time()?;
        let given = base.is_some();
        for (finer, coarser) in [("minute", "hour"), ("second", "minute")] {
            if self.has(finer) {
                self.required(coarser, &[], given)?;
            }
        }
        let start = base.unwrap_or(LocalTime::MIDNIGHT);
        let hour = self.integer("hour")?.unwrap_or(start.hour());
        let minute = self.integer("minute")?.unwrap_or(start.minute());
        let second = self.integer("second")?.unwrap_or(start.second());
        let nanosecond = self.nanosecond(start.nanosecond(), given)?;
        LocalTime::new(hour, minute, second, nanosecond).ok_or_else(outside)
    }

    /// Milliseconds, microseconds and nanoseconds together: each counts what the larger ones given leave.
    fn nanosecond(&self, base: i64, given: bool) -> Result<i64, QueryError> {
        let units = [("millisecond", 1_000_000), ("microsecond", 1_000), ("nanosecond", 1)];
        if !units.iter().any(|(name, _)| self.has(name)) {
            return Ok(base);
        }
        self.required("second", &[], given)?;
        let (mut total, mut room) = (if self.refine { base } else { 0 }, super::SECOND);
        for (name, unit) in units {
            let Some(amount) = self.integer(name)? else { continue };
            if !(0..room / unit).contains(&amount) {
                return Err(invalid(format!("{name} must be from 0 to {}", room / unit - 1)));
            }
            total += amount * unit;
            room = unit;
        }
        Ok(total)
    }

    /// The offset that the time of day comes with: a named zone's on the day it is given with.
    fn offset_of_time(&self) -> Option<i32> {
        match self.first(&["time", "datetime"])?.1 {
            Value::Time(time) => Some(time.offset),
            Value::DateTime(time) => Some(time.offset),
            _ => None,
        }
    }

    /// The zone that the time of day comes with, and its offset where the day is unchanged.
    fn held_zone(&self) -> (Option<Zone>, Option<i32>) {
        match self.first(&["time", "datetime"]).map(|(_, value)| value) {
            Some(Value::Time(time)) => (Some(Zone::Offset(time.offset)), None),
            Some(Value::DateTime(time)) => (Some(Zone::of_date_time(time)), Some(time.offset)),
            _ => (None, None),
        }
    }
}

/// The day of a temporal that has one.
pub(crate) fn date_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::LocalDateTime(time) => Some(time.date),
        Value::DateTime(time) => Some(time.local.date),
        _ => None,
    }
}

/// The time of day of a temporal that has one.
pub(crate) fn time_of(value: &Value) -> Option<LocalTime> {
    match value {
        Value::LocalTime(time) => Some(*time),
        Value::Time(time) => Some(time.local),
        Value::LocalDateTime(time) => Some(time.time),
        Value::DateTime(time) => Some(time.local.time),
        _ => None,
    }
}

/// A duration from a map of amounts.
pub(crate) fn duration(map: &Map) -> Result<Duration, QueryError> {
    const MONTHS: &[(&str, i64)] = &[("years", 12), ("quarters", 3), ("months", 1)];
    const DAYS: &[(&str, i64)] = &[("weeks", 7), ("days", 1)];
    const SECONDS: &[(&str, i64)] = &[("hours", 3_600), ("minutes", 60), ("seconds", 1)];
    const FINE: &[(&str, i64)] = &[("milliseconds", 1_000_000), ("microseconds", 1_000), ("nanoseconds", 1)];
    let known = |name: &str| [MONTHS, DAYS, SECONDS, FINE].concat().iter().any(|(unit, _)| *unit == name);
    if let Some(name) = map.keys().find(|name| !known(name)) {
        return Err(invalid(format!("a Duration has no component {name}")));
    }
    let fine = sum(map, FINE)?;
    let (months, days, seconds) = (sum(map, MONTHS)?, sum(map, DAYS)?, sum(map, SECONDS)?);
    Duration::of_amounts(months, days, seconds, i128::from(fine.whole)).ok_or_else(outside)
}

fn sum(map: &Map, units: &[(&str, i64)]) -> Result<Amount, QueryError> {
    let mut total = Amount::default();
    for (name, factor) in units {
        if let Some(value) = map.get(*name) {
            let amount = match value {
                Value::Integer(whole) => Some(Amount { whole: *whole, fraction: 0.0 }),
                Value::Float(number) => Amount::of_float(*number),
                other => return Err(wrong_type(name, "a number", other)),
            };
            total = amount.and_then(|amount| total.plus(amount.times(*factor)?)).ok_or_else(outside)?;
        }
    }
    Ok(total)
}

/// The error for components without meaning.
pub(crate) fn invalid(message: impl Into<String>) -> QueryError {
    QueryError::argument(ErrorDetail::InvalidArgumentValue, message)
}

/// The error for a day, time or duration that does not exist.
pub(crate) fn outside() -> QueryError {
    invalid("there is no such day or time; years go from -999999999 to 999999999")
}

fn wrong_type(name: &str, wanted: &str, value: &Value) -> QueryError {
    QueryError::type_error(ErrorDetail::InvalidArgumentType, format!("{name} is {wanted}, not a {}", value.type_name()))
}
