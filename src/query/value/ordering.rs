//! The order of values.

use std::cmp::Ordering;

use super::Value;
use crate::query::syntax::tree::ComparisonOperator;

/// Stub.
pub fn order(a: &Value, b: &Value) -> Ordering {
    let _ = (a, b);
    Ordering::Equal
}

/// Stub.
pub fn compare(operator: ComparisonOperator, a: &Value, b: &Value) -> Option<bool> {
    let _ = (operator, a, b);
    None
}
