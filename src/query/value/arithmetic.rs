//! Calculating with values: numbers, joining texts and lists, moving temporals by durations.
//!
//! Null in any place gives null. Whole numbers stay whole and never wrap: what does not fit in 64 bits is an
//! `ArithmeticError`, as is dividing a whole number by zero; other numbers follow IEEE 754.

use std::sync::Arc;

use super::Value;
use super::extent::{self, is_container};
use super::temporal::moving;
use crate::query::{ErrorDetail, ErrorKind, QueryError};

/// The longest text (in bytes) or list (in items) that [`add`] joins; [`add_within`] takes another bound.
pub const LONGEST_JOINED: usize = 1 << 26;

/// `a + b`: a sum, a joined text, a joined list, a temporal moved by a duration.
///
/// # Errors
/// `ArithmeticError` where the sum does not fit, `TypeError` where the two have none.
pub fn add(a: &Value, b: &Value) -> Result<Value, QueryError> {
    add_within(a, b, LONGEST_JOINED)
}

/// The same with a bound for joined texts (in bytes) and lists (in items).
///
/// # Errors
/// As [`add`], and `BudgetExceeded` before anything larger than the bound is made.
pub fn add_within(a: &Value, b: &Value, most: usize) -> Result<Value, QueryError> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_add(*b).map(Value::Integer).ok_or_else(overflow),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::String(a), Value::String(b)) => join_texts(a, b, most),
        (Value::List(a), Value::List(b)) => join_lists(a, b, most),
        (Value::List(list), item) => join_lists(list, std::slice::from_ref(item), most),
        (item, Value::List(list)) => join_lists(std::slice::from_ref(item), list, most),
        (Value::String(text), other) => joinable(other).map_or_else(clash("add", a, b), |o| join_texts(text, &o, most)),
        (other, Value::String(text)) => joinable(other).map_or_else(clash("add", a, b), |o| join_texts(&o, text, most)),
        _ => match floats(a, b) {
            Some((a, b)) => Ok(Value::Float(a + b)),
            None => moving::add(a, b).unwrap_or_else(clash("add", a, b)),
        },
    }
}

/// `a - b`: a difference, or a temporal moved back by a duration.
///
/// # Errors
/// `ArithmeticError` where the difference does not fit, `TypeError` where the two have none.
pub fn subtract(a: &Value, b: &Value) -> Result<Value, QueryError> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_sub(*b).map(Value::Integer).ok_or_else(overflow),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        _ => match floats(a, b) {
            Some((a, b)) => Ok(Value::Float(a - b)),
            None => moving::subtract(a, b).unwrap_or_else(clash("subtract", a, b)),
        },
    }
}

/// `a * b`: of numbers, or of a duration and a number.
///
/// # Errors
/// `ArithmeticError` where the product does not fit, `TypeError` where the two have none.
pub fn multiply(a: &Value, b: &Value) -> Result<Value, QueryError> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_mul(*b).map(Value::Integer).ok_or_else(overflow),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        _ => match floats(a, b) {
            Some((a, b)) => Ok(Value::Float(a * b)),
            None => moving::multiply(a, b).unwrap_or_else(clash("multiply", a, b)),
        },
    }
}

/// `a / b`: whole numbers give the whole part of the quotient; also a duration by a number.
///
/// # Errors
/// `ArithmeticError` for a whole number by zero, `TypeError` where the two have no quotient.
pub fn divide(a: &Value, b: &Value) -> Result<Value, QueryError> {
    match (a, b) {
        (Value::Integer(_), Value::Integer(0)) => Err(division_by_zero()),
        (Value::Integer(a), Value::Integer(b)) => a.checked_div(*b).map(Value::Integer).ok_or_else(overflow),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        _ => match floats(a, b) {
            Some((a, b)) => Ok(Value::Float(a / b)),
            None => moving::divide(a, b).unwrap_or_else(clash("divide", a, b)),
        },
    }
}

/// `a % b`: the remainder, with the sign of `a`.
///
/// # Errors
/// `ArithmeticError` for a whole number by zero, `TypeError` for what is not a number.
pub fn modulo(a: &Value, b: &Value) -> Result<Value, QueryError> {
    match (a, b) {
        (Value::Integer(_), Value::Integer(0)) => Err(division_by_zero()),
        (Value::Integer(a), Value::Integer(b)) => Ok(Value::Integer(a.wrapping_rem(*b))),
        _ => of_numbers("take the remainder of", a, b, |a, b| a % b),
    }
}

/// `a ^ b`, always a float.
///
/// # Errors
/// `TypeError` for what is not a number.
pub fn power(a: &Value, b: &Value) -> Result<Value, QueryError> {
    of_numbers("raise", a, b, f64::powf)
}

/// `-a`, of a number or a duration.
///
/// # Errors
/// `ArithmeticError` where the result does not fit, `TypeError` for anything else.
pub fn negate(value: &Value) -> Result<Value, QueryError> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Integer(number) => number.checked_neg().map(Value::Integer).ok_or_else(overflow),
        Value::Float(number) => Ok(Value::Float(-number)),
        Value::Duration(duration) => {
            let negated = duration.negated().ok_or_else(overflow)?;
            Ok(Value::Duration(Arc::new(negated)))
        }
        other => Err(QueryError::type_error(
            ErrorDetail::InvalidArgumentType,
            format!("cannot negate a {}", other.type_name()),
        )),
    }
}

/// The error for a result beyond 64 bits.
pub(crate) fn overflow() -> QueryError {
    QueryError::runtime(
        ErrorKind::ArithmeticError,
        ErrorDetail::NumberOverflow,
        "the result does not fit in a whole number of 64 bits; use a float (1.0 instead of 1)",
    )
}

/// The error for a text or a list that would become too large.
pub(crate) fn too_large(wanted: usize, most: usize) -> QueryError {
    QueryError::runtime(
        ErrorKind::BudgetExceeded,
        ErrorDetail::MemoryLimit,
        format!(
            "a text or list of {wanted} bytes or items would be made, and {most} is the most a query may make; ask for less at a time"
        ),
    )
}

/// A number as a float.
#[expect(clippy::cast_precision_loss, reason = "as the language converts")]
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn division_by_zero() -> QueryError {
    QueryError::runtime(ErrorKind::ArithmeticError, ErrorDetail::DivisionByZero, "a whole number is divided by zero")
}

fn floats(a: &Value, b: &Value) -> Option<(f64, f64)> {
    Some((float(a)?, float(b)?))
}

fn of_numbers(verb: &'static str, a: &Value, b: &Value, with: fn(f64, f64) -> f64) -> Result<Value, QueryError> {
    if a.is_null() || b.is_null() {
        return Ok(Value::Null);
    }
    floats(a, b).map_or_else(clash(verb, a, b), |(a, b)| Ok(Value::Float(with(a, b))))
}

fn clash(verb: &'static str, a: &Value, b: &Value) -> impl FnOnce() -> Result<Value, QueryError> {
    let (a, b) = (a.type_name(), b.type_name());
    move || {
        let message = format!("cannot {verb} {a} and {b}; convert one of them first");
        Err(QueryError::type_error(ErrorDetail::InvalidArgumentType, message))
    }
}

/// How a number or a truth value is written where it is joined to a text.
fn joinable(value: &Value) -> Option<String> {
    match value {
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(super::show::show_float(*number)),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn join_texts(a: &str, b: &str, most: usize) -> Result<Value, QueryError> {
    let length = a.len() + b.len();
    if length > most {
        return Err(too_large(length, most));
    }
    let mut joined = String::with_capacity(length);
    joined.push_str(a);
    joined.push_str(b);
    Ok(Value::String(joined.into()))
}

fn join_lists(a: &[Value], b: &[Value], most: usize) -> Result<Value, QueryError> {
    let length = a.len() + b.len();
    if length > most {
        return Err(too_large(length, most));
    }
    let joined = Value::list(a.iter().chain(b).cloned());
    // A list that is joined to a list of itself doubles what it stands for each time.
    if a.last().is_some_and(is_container) || b.iter().take(1).any(is_container) {
        extent::check(&joined, most)?;
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::value::equality::same;

    fn shows(result: Result<Value, QueryError>, expected: Value) {
        let value = result.expect("has a result");
        assert!(same(&value, &expected), "{value:?} instead of {expected:?}");
    }

    fn detail(result: Result<Value, QueryError>) -> ErrorDetail {
        result.expect_err("has no result").detail
    }

    #[test]
    fn whole_numbers_stay_whole_and_never_wrap() {
        shows(divide(&Value::Integer(7), &Value::Integer(-2)), Value::Integer(-3));
        shows(modulo(&Value::Integer(-7), &Value::Integer(2)), Value::Integer(-1));
        shows(modulo(&Value::Integer(i64::MIN), &Value::Integer(-1)), Value::Integer(0));
        let (most, least, minus) = (Value::Integer(i64::MAX), Value::Integer(i64::MIN), Value::Integer(-1));
        for result in [add(&most, &most), subtract(&least, &most), multiply(&most, &most), divide(&least, &minus)] {
            assert_eq!(detail(result), ErrorDetail::NumberOverflow);
        }
        assert_eq!(detail(negate(&least)), ErrorDetail::NumberOverflow);
        assert_eq!(detail(divide(&most, &Value::Integer(0))), ErrorDetail::DivisionByZero);
    }

    #[test]
    fn floats_follow_ieee_754() {
        shows(divide(&Value::Float(1.0), &Value::Integer(0)), Value::Float(f64::INFINITY));
        shows(power(&Value::Integer(2), &Value::Integer(3)), Value::Float(8.0));
        shows(add(&Value::Integer(1), &Value::Float(0.5)), Value::Float(1.5));
    }

    #[test]
    fn plus_joins_texts_and_lists() {
        shows(add(&Value::string("a"), &Value::Integer(1)), Value::string("a1"));
        shows(add(&Value::Float(1.0), &Value::string("a")), Value::string("1.0a"));
        let list = Value::list([Value::Boolean(false)]);
        shows(add(&list, &Value::Boolean(true)), Value::list([Value::Boolean(false), Value::Boolean(true)]));
        shows(add(&Value::Boolean(true), &list), Value::list([Value::Boolean(true), Value::Boolean(false)]));
        shows(add(&list, &Value::Null), Value::Null);
    }

    #[test]
    fn joining_stops_before_it_grows_too_large() {
        let text = Value::string("abc");
        assert_eq!(detail(add_within(&text, &text, 5)), ErrorDetail::MemoryLimit);
        let list = Value::list([Value::Null, Value::Null]);
        assert_eq!(detail(add_within(&list, &list, 3)), ErrorDetail::MemoryLimit);
    }

    #[test]
    fn types_that_do_not_go_together_are_type_errors() {
        assert_eq!(detail(add(&Value::Boolean(true), &Value::Integer(1))), ErrorDetail::InvalidArgumentType);
        assert_eq!(detail(power(&Value::string("a"), &Value::Integer(1))), ErrorDetail::InvalidArgumentType);
        shows(subtract(&Value::Boolean(true), &Value::Null), Value::Null);
    }
}
