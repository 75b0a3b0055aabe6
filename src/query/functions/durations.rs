//! Durations: made of text or amounts, and measured between temporals.

use std::sync::Arc;

use super::arguments::wrong;
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::value::temporal::between::{Units, between};
use crate::query::value::temporal::{Duration, parse, select};
use crate::query::{QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let two = &[Type::Any, Type::Any];
    vec![
        Function::new("duration", &[Type::Any], Type::Duration, duration),
        Function::new("duration.between", two, Type::Duration, |a, _| measured(a, Units::All)),
        Function::new("duration.inMonths", two, Type::Duration, |a, _| measured(a, Units::Months)),
        Function::new("duration.inDays", two, Type::Duration, |a, _| measured(a, Units::Days)),
        Function::new("duration.inSeconds", two, Type::Duration, |a, _| measured(a, Units::Seconds)),
    ]
}

fn value(duration: Duration) -> Value {
    Value::Duration(Arc::new(duration))
}

fn duration(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::Duration(duration) => Ok(Value::Duration(duration.clone())),
        Value::Map(map) if map.values().any(Value::is_null) => Ok(Value::Null),
        Value::Map(map) => select::duration(map).map(value),
        Value::String(text) => match parse::duration(text) {
            Some(duration) => Ok(value(duration)),
            None => Err(select::invalid(format!("'{text}' is no duration; write P1Y2M3DT4H5M6.7S"))),
        },
        other => Err(wrong("String or Map", other)),
    }
}

fn measured(arguments: &[Value], units: Units) -> Result<Value, QueryError> {
    let (from, to) = (&arguments[0], &arguments[1]);
    for value in [from, to] {
        if select::date_of(value).is_none() && select::time_of(value).is_none() {
            return Err(wrong("temporal instant", value));
        }
    }
    between(from, to, units).map(value).ok_or_else(select::outside)
}
