//! Of lists, and of what has a size.

use super::arguments::{count, list, one_of, out_of_range, within, wrong};
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::{ErrorDetail, QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let lists = &[Type::any_list()];
    let sized = &[one_of(&[Type::any_list(), Type::String])];
    let container = &[one_of(&[Type::any_list(), Type::String, Type::Map])];
    vec![
        Function::new("size", sized, Type::Integer, size),
        Function::new("isEmpty", container, Type::Boolean, is_empty),
        Function::new("head", lists, Type::Any, |a, _| Ok(list(&a[0])?.first().cloned().unwrap_or_default())),
        Function::new("last", lists, Type::Any, |a, _| Ok(list(&a[0])?.last().cloned().unwrap_or_default())),
        Function::new("tail", lists, Type::any_list(), tail),
        Function::new("reverse", sized, Type::Any, reverse),
        // Of any type: the conformance suite wants the error while the query runs.
        Function::new("range", &[Type::Any, Type::Any, Type::Any], Type::list_of(Type::Integer), range).from(2),
    ]
}

fn size(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::List(items) => Ok(count(items.len())),
        Value::String(text) => Ok(count(text.chars().count())),
        other => Err(wrong("List or String", other)),
    }
}

fn is_empty(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::List(items) => Ok(Value::Boolean(items.is_empty())),
        Value::String(text) => Ok(Value::Boolean(text.is_empty())),
        Value::Map(map) => Ok(Value::Boolean(map.is_empty())),
        other => Err(wrong("List, Map or String", other)),
    }
}

fn tail(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::list(list(&arguments[0])?.iter().skip(1).cloned()))
}

fn reverse(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::List(items) => Ok(Value::list(items.iter().rev().cloned())),
        Value::String(text) => Ok(Value::string(text.chars().rev().collect::<String>())),
        other => Err(wrong("List or String", other)),
    }
}

/// From the start to the end, both included, in steps.
fn range(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let start = bound(&arguments[0])?;
    let end = bound(&arguments[1])?;
    let step = arguments.get(2).map_or(Ok(1), bound)?;
    if step == 0 {
        return Err(out_of_range("the step must not be zero"));
    }
    let distance = (i128::from(end) - i128::from(start)) / i128::from(step);
    if (end > start && step < 0) || (end < start && step > 0) {
        return Ok(Value::list([]));
    }
    let length = usize::try_from(distance + 1).unwrap_or(usize::MAX);
    within(length, context.most)?;
    Ok(Value::list((0..length).scan(start, |place, number| {
        if number > 0 {
            *place += step;
        }
        Some(Value::Integer(*place))
    })))
}

fn bound(value: &Value) -> Result<i64, QueryError> {
    match value {
        Value::Integer(number) => Ok(*number),
        other => {
            let message = format!("a whole number is needed, not a {}", other.type_name());
            Err(QueryError::argument(ErrorDetail::InvalidArgumentType, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failing, shows};
    use super::*;
    use crate::query::ErrorKind;

    fn numbers(values: impl IntoIterator<Item = i64>) -> Value {
        Value::list(values.into_iter().map(Value::Integer))
    }

    fn integers(values: &[i64]) -> Vec<Value> {
        values.iter().copied().map(Value::Integer).collect()
    }

    #[test]
    fn ranges_hold_both_ends() {
        shows("range", &integers(&[-2, 1]), &numbers([-2, -1, 0, 1]));
        shows("range", &integers(&[1381, -3412, -1298]), &numbers([1381, 83, -1215, -2513]));
        shows("range", &integers(&[0, -123]), &numbers([]));
        shows("range", &integers(&[0, 1, -123]), &numbers([]));
        shows("range", &integers(&[0, 0]), &numbers([0]));
        shows("range", &integers(&[i64::MAX, i64::MAX]), &numbers([i64::MAX]));
    }

    #[test]
    fn ranges_stop_before_they_fill_the_memory() {
        let error = failing("range", &integers(&[0, 1_000_000_000_000]));
        assert_eq!((error.kind, error.detail), (ErrorKind::BudgetExceeded, ErrorDetail::MemoryLimit));
        assert_eq!(failing("range", &integers(&[i64::MIN, i64::MAX])).detail, ErrorDetail::MemoryLimit);
        assert_eq!(failing("range", &integers(&[0, 1, 0])).detail, ErrorDetail::NumberOutOfRange);
        let error = failing("range", &[Value::Boolean(true), Value::Integer(1)]);
        assert_eq!((error.kind, error.detail), (ErrorKind::ArgumentError, ErrorDetail::InvalidArgumentType));
    }

    #[test]
    fn lists_have_heads_and_tails() {
        shows("head", &[numbers([1, 2])], &Value::Integer(1));
        shows("head", &[numbers([])], &Value::Null);
        shows("last", &[numbers([1, 2])], &Value::Integer(2));
        shows("tail", &[numbers([1, 2])], &numbers([2]));
        shows("reverse", &[numbers([1, 2])], &numbers([2, 1]));
        shows("reverse", &[Value::string("地図")], &Value::string("図地"));
        shows("size", &[Value::string("地図")], &Value::Integer(2));
        shows("isEmpty", &[Value::map([])], &Value::Boolean(true));
    }
}
