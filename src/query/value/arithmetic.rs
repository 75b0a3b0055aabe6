//! Calculating with values.

use super::Value;
use crate::query::QueryError;

/// Stub.
pub fn add(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn subtract(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn multiply(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn divide(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn modulo(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn power(a: &Value, b: &Value) -> Result<Value, QueryError> {
    let _ = (a, b);
    Ok(Value::Null)
}

/// Stub.
pub fn negate(value: &Value) -> Result<Value, QueryError> {
    Ok(value.clone())
}
