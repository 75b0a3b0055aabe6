//! The order of values: the total one of `ORDER BY`, `min` and `max`, and the partial one of `<`.
//!
//! Orderability (CIP2016-06-14): maps, nodes, relationships, lists, paths, temporals, texts, booleans, numbers,
//! NaN, null. Comparability knows only values of one kind that have an order; all others compare to null.

use std::cmp::Ordering;

use super::equality::{compare_mixed, equal};
use super::{Map, Path, Value};
use crate::query::syntax::tree::ComparisonOperator;

/// The order of `ORDER BY`: total across all types, null last. Values that are the same are equal in it.
pub fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Node(a), Value::Node(b)) => a.cmp(b),
        _ => order_by_rank(a, b),
    }
}

/// `a operator b`: nothing where null decides, or where the two have no common order. NaN is neither less nor
/// greater than any number.
pub fn compare(operator: ComparisonOperator, a: &Value, b: &Value) -> Option<bool> {
    match operator {
        ComparisonOperator::Equal => equal(a, b),
        ComparisonOperator::NotEqual => equal(a, b).map(|equal| !equal),
        _ => match comparison(a, b) {
            Comparison::Ordered(ordering) => Some(holds(operator, ordering)),
            Comparison::Never => Some(false),
            Comparison::Unknown => None,
        },
    }
}

/// How two values stand to each other for `<`.
enum Comparison {
    Ordered(Ordering),
    /// NaN is involved.
    Never,
    /// Null, or types without a common order.
    Unknown,
}

fn holds(operator: ComparisonOperator, ordering: Ordering) -> bool {
    match operator {
        ComparisonOperator::Equal => ordering.is_eq(),
        ComparisonOperator::NotEqual => ordering.is_ne(),
        ComparisonOperator::Less => ordering.is_lt(),
        ComparisonOperator::LessOrEqual => ordering.is_le(),
        ComparisonOperator::Greater => ordering.is_gt(),
        ComparisonOperator::GreaterOrEqual => ordering.is_ge(),
    }
}

fn comparison(a: &Value, b: &Value) -> Comparison {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Comparison::Ordered(a.cmp(b)),
        (Value::Integer(a), Value::Float(b)) => numbers(compare_mixed(*a, *b)),
        (Value::Float(a), Value::Integer(b)) => numbers(compare_mixed(*b, *a).map(Ordering::reverse)),
        (Value::Float(a), Value::Float(b)) => numbers(a.partial_cmp(b)),
        (Value::List(a), Value::List(b)) => compare_lists(a, b),
        (Value::String(a), Value::String(b)) => Comparison::Ordered(a.cmp(b)),
        (Value::Boolean(a), Value::Boolean(b)) => Comparison::Ordered(a.cmp(b)),
        (Value::Duration(_), _) => Comparison::Unknown,
        _ => temporals(a, b).map_or(Comparison::Unknown, Comparison::Ordered),
    }
}

fn numbers(ordering: Option<Ordering>) -> Comparison {
    ordering.map_or(Comparison::Never, Comparison::Ordered)
}

/// The first two items that differ decide; where one list is the beginning of the other, it is the smaller one.
fn compare_lists(a: &[Value], b: &[Value]) -> Comparison {
    for (a, b) in a.iter().zip(b) {
        match comparison(a, b) {
            Comparison::Ordered(Ordering::Equal) => {}
            decided => return if equal(a, b) == Some(true) { continue } else { decided },
        }
    }
    Comparison::Ordered(a.len().cmp(&b.len()))
}

fn temporals(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::LocalTime(a), Value::LocalTime(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::LocalDateTime(a), Value::LocalDateTime(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Map(_) => 0,
        Value::Node(_) => 1,
        Value::Relationship(_) => 2,
        Value::List(_) => 3,
        Value::Path(_) => 4,
        Value::DateTime(_) => 5,
        Value::LocalDateTime(_) => 6,
        Value::Date(_) => 7,
        Value::Time(_) => 8,
        Value::LocalTime(_) => 9,
        Value::Duration(_) => 10,
        Value::String(_) => 11,
        Value::Boolean(_) => 12,
        Value::Float(number) if number.is_nan() => 14,
        Value::Integer(_) | Value::Float(_) => 13,
        Value::Null => 15,
    }
}

fn order_by_rank(a: &Value, b: &Value) -> Ordering {
    rank(a).cmp(&rank(b)).then_with(|| order_alike(a, b))
}

/// The order of two values of one rank.
fn order_alike(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => order_maps(a, b),
        (Value::Node(a), Value::Node(b)) => a.cmp(b),
        (Value::Relationship(a), Value::Relationship(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => order_lists(a.iter(), b.iter()),
        (Value::Path(a), Value::Path(b)) => order_paths(a, b),
        _ => match comparison(a, b) {
            Comparison::Ordered(ordering) => ordering,
            _ => temporals(a, b).unwrap_or(Ordering::Equal),
        },
    }
}

fn order_lists<'a>(a: impl Iterator<Item = &'a Value>, mut b: impl Iterator<Item = &'a Value>) -> Ordering {
    for a in a {
        let Some(b) = b.next() else {
            return Ordering::Greater;
        };
        let ordering = order(a, b);
        if ordering.is_ne() {
            return ordering;
        }
    }
    if b.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

/// Smaller maps first, then by their keys, then by their values.
fn order_maps(a: &Map, b: &Map) -> Ordering {
    let sizes = a.len().cmp(&b.len());
    sizes.then_with(|| a.keys().cmp(b.keys())).then_with(|| order_lists(a.values(), b.values()))
}

fn order_paths(a: &Path, b: &Path) -> Ordering {
    a.nodes.cmp(&b.nodes).then_with(|| a.relationships.cmp(&b.relationships))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComparisonOperator::{GreaterOrEqual, Less};

    fn list(values: &[Value]) -> Value {
        Value::list(values.iter().cloned())
    }

    #[test]
    fn lists_compare_item_by_item_and_null_decides_only_where_it_stands_first() {
        let (one, two, three) = (Value::Integer(1), Value::Integer(2), Value::Integer(3));
        let known = list(&[one.clone(), two]);
        assert_eq!(compare(GreaterOrEqual, &known, &list(&[one.clone(), Value::Null])), None);
        assert_eq!(compare(GreaterOrEqual, &known, &list(&[three, Value::Null])), Some(false));
        assert_eq!(compare(GreaterOrEqual, &list(&[one.clone(), Value::Null]), &list(&[one])), Some(true));
    }

    #[test]
    fn nan_is_never_less_and_other_types_are_not_known() {
        let nan = Value::Float(f64::NAN);
        assert_eq!(compare(Less, &nan, &Value::Integer(1)), Some(false));
        assert_eq!(compare(Less, &nan, &Value::string("a")), None);
        assert_eq!(compare(Less, &Value::string("1"), &Value::Integer(1)), None);
    }

    #[test]
    fn the_total_order_runs_from_maps_to_null() {
        let ordered = [
            Value::map([]),
            list(&[]),
            list(&[Value::string("a"), Value::Integer(1)]),
            list(&[Value::Integer(1)]),
            list(&[Value::Integer(1), Value::string("a")]),
            list(&[Value::Integer(1), Value::Null]),
            Value::string("text"),
            Value::Boolean(false),
            Value::Float(1.5),
            Value::Float(f64::NAN),
            Value::Null,
        ];
        for (place, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(order(a, b), place.cmp(&other), "{a:?} {b:?}");
            }
        }
    }
}
