//! Looking into values.

use super::Value;
use crate::query::QueryError;
use crate::query::source::Facts;

/// Stub.
pub fn property(value: &Value, name: &str, facts: &dyn Facts) -> Result<Value, QueryError> {
    let _ = (value, name, facts);
    Ok(Value::Null)
}

/// Stub.
pub fn index(value: &Value, place: &Value, facts: &dyn Facts) -> Result<Value, QueryError> {
    let _ = (value, place, facts);
    Ok(Value::Null)
}

/// Stub.
pub fn slice(value: &Value, from: Option<&Value>, to: Option<&Value>) -> Result<Value, QueryError> {
    let _ = (value, from, to);
    Ok(Value::Null)
}

/// Stub.
pub fn is_in(item: &Value, list: &Value) -> Result<Option<bool>, QueryError> {
    let _ = (item, list);
    Ok(None)
}

/// Stub.
pub fn starts_with(text: &Value, part: &Value) -> Option<bool> {
    let _ = (text, part);
    None
}

/// Stub.
pub fn ends_with(text: &Value, part: &Value) -> Option<bool> {
    let _ = (text, part);
    None
}

/// Stub.
pub fn contains(text: &Value, part: &Value) -> Option<bool> {
    let _ = (text, part);
    None
}
