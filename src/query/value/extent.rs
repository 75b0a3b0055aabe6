//! How large a value is when it is written out: lists and maps share their items in memory, so that a value of a few
//! hundred bytes can stand for more items than any memory holds (`[a, a]` of `[b, b]` of …), or be nested so
//! deeply that whoever walks through it runs out of stack.

use super::Value;
use crate::query::{ErrorDetail, ErrorKind, QueryError};

/// The deepest that lists and maps may stand in each other.
pub const DEEPEST: usize = 128;

/// Refuses a value that has more than `most` items in all its lists and maps together, counted each time they
/// occur, or that is nested deeper than [`DEEPEST`]. Takes at most `most` steps.
///
/// # Errors
/// `BudgetExceeded`.
pub fn check(value: &Value, most: usize) -> Result<(), QueryError> {
    let mut left = most;
    walk(value, &mut left, DEEPEST).map_err(|refusal| refusal.into_error(most))
}

/// Whether a value has items at all; what has none need not be checked.
pub fn is_container(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_))
}

enum Refusal {
    TooLarge,
    TooDeep,
}

impl Refusal {
    fn into_error(self, most: usize) -> QueryError {
        let (detail, message) = match self {
            Self::TooLarge => (
                ErrorDetail::MemoryLimit,
                format!("a list or map would hold more than {most} items in all; keep fewer of them"),
            ),
            Self::TooDeep => (
                ErrorDetail::ComplexityLimit,
                format!("lists and maps may be nested {DEEPEST} deep, not deeper; build a flat list instead"),
            ),
        };
        QueryError::runtime(ErrorKind::BudgetExceeded, detail, message)
    }
}

fn walk(value: &Value, left: &mut usize, deeper: usize) -> Result<(), Refusal> {
    *left = left.checked_sub(1).ok_or(Refusal::TooLarge)?;
    match value {
        Value::List(items) => walk_all(items.iter(), left, deeper),
        Value::Map(map) => walk_all(map.values(), left, deeper),
        _ => Ok(()),
    }
}

fn walk_all<'a>(items: impl Iterator<Item = &'a Value>, left: &mut usize, deeper: usize) -> Result<(), Refusal> {
    let deeper = deeper.checked_sub(1).ok_or(Refusal::TooDeep)?;
    for item in items {
        walk(item, left, deeper)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(times: usize, grow: impl Fn(Value) -> Value) -> Value {
        (0..times).fold(Value::Integer(1), |value, _| grow(value))
    }

    #[test]
    fn shared_items_count_each_time_they_occur() {
        let doubled = |times| grown(times, |value| Value::list([value.clone(), value]));
        // 2^9 leaves and 2^9 - 1 lists.
        assert!(check(&doubled(9), 1023).is_ok());
        assert_eq!(check(&doubled(9), 1022).expect_err("is too large").detail, ErrorDetail::MemoryLimit);
        assert_eq!(check(&doubled(100), 1_000_000).expect_err("is too large").detail, ErrorDetail::MemoryLimit);
    }

    #[test]
    fn nesting_ends_before_the_stack_does() {
        let nested = |times| grown(times, |value| Value::list([value]));
        assert!(check(&nested(DEEPEST), 1_000).is_ok());
        assert_eq!(check(&nested(DEEPEST + 1), 1_000).expect_err("is too deep").detail, ErrorDetail::ComplexityLimit);
    }
}
