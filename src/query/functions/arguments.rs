//! What functions take, and what they say where they get something else.

use std::sync::Arc;

use crate::query::types::Type;
use crate::query::value::arithmetic::{float, too_large};
use crate::query::value::{Map, Path};
use crate::query::{ErrorDetail, QueryError, Value};

/// One of several types, for a table that is made once.
pub(super) fn one_of(types: &[Type]) -> Type {
    Type::OneOf(Vec::leak(types.to_vec()))
}

/// The argument at a place; null where it was left out.
pub(super) fn at(arguments: &[Value], place: usize) -> &Value {
    arguments.get(place).unwrap_or(&Value::Null)
}

pub(super) fn wrong(wanted: &str, value: &Value) -> QueryError {
    let message = format!("a {wanted} is needed, not a {}", value.type_name());
    QueryError::type_error(ErrorDetail::InvalidArgumentType, message)
}

/// As [`wrong`], for the functions of which the conformance suite says that it is the value which is wrong.
pub(super) fn wrong_value(wanted: &str, value: &Value) -> QueryError {
    QueryError { detail: ErrorDetail::InvalidArgumentValue, ..wrong(wanted, value) }
}

pub(super) fn out_of_range(message: impl Into<String>) -> QueryError {
    QueryError::argument(ErrorDetail::NumberOutOfRange, message)
}

pub(super) fn text(value: &Value) -> Result<&str, QueryError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong("String", other)),
    }
}

pub(super) fn integer(value: &Value) -> Result<i64, QueryError> {
    match value {
        Value::Integer(number) => Ok(*number),
        other => Err(wrong("whole number", other)),
    }
}

pub(super) fn number(value: &Value) -> Result<f64, QueryError> {
    float(value).ok_or_else(|| wrong("number", value))
}

pub(super) fn list(value: &Value) -> Result<&Arc<[Value]>, QueryError> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(wrong("List", other)),
    }
}

pub(super) fn map(value: &Value) -> Result<&Map, QueryError> {
    match value {
        Value::Map(map) => Ok(map),
        other => Err(wrong("Map", other)),
    }
}

pub(super) fn path(value: &Value) -> Result<&Path, QueryError> {
    match value {
        Value::Path(path) => Ok(path),
        other => Err(wrong("Path", other)),
    }
}

/// A count as a value.
pub(super) fn count(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Refuses what would be larger than a query may make.
pub(super) fn within(wanted: usize, most: usize) -> Result<(), QueryError> {
    if wanted > most { Err(too_large(wanted, most)) } else { Ok(()) }
}
