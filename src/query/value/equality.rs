//! When values are equal, and when they are the same.
//!
//! Equality (`=`) knows three answers: what is compared with null is neither equal nor different (openCypher 9,
//! "Equality and comparison"). Equivalence, by which `DISTINCT`, grouping and `UNION` tell values apart, knows two:
//! null is the same as null there, and NaN the same as NaN (CIP2016-06-14).

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Map, Value};

/// `a = b`: nothing where null decides. Lists and maps are compared deeply; 1 equals 1.0; NaN equals nothing;
/// values of different types are different. Linear in the size of what both hold.
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::List(a), Value::List(b)) => equal_lists(a, b),
        (Value::Map(a), Value::Map(b)) => equal_maps(a, b),
        _ => Some(equal_scalars(a, b)),
    }
}

/// Whether two values are one value for `DISTINCT`, grouping and `UNION`.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        #[expect(clippy::float_cmp, reason = "the language compares exactly")]
        (Value::Float(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => same_maps(a, b),
        _ => equal_scalars(a, b),
    }
}

/// A value as a key: values that are [`same`] are one key.
#[derive(Debug, Clone)]
pub struct Grouped(pub Value);

impl PartialEq for Grouped {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Grouped {}

impl Hash for Grouped {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_value(&self.0, state);
    }
}

/// Hashes a value so that values which are [`same`] hash alike.
pub fn hash_value<H: Hasher>(value: &Value, state: &mut H) {
    std::mem::discriminant(&kind_for_hash(value)).hash(state);
    match value {
        Value::Null => {}
        Value::Boolean(value) => value.hash(state),
        Value::Integer(value) => value.hash(state),
        Value::Float(value) => hash_float(*value, state),
        Value::String(text) => text.hash(state),
        Value::List(items) => items.iter().for_each(|item| hash_value(item, state)),
        Value::Map(map) => hash_map(map, state),
        Value::Node(node) => node.hash(state),
        Value::Relationship(edge) => edge.hash(state),
        Value::Path(path) => path.hash(state),
        Value::Date(date) => date.hash(state),
        Value::LocalTime(time) => time.hash(state),
        Value::Time(time) => time.hash(state),
        Value::LocalDateTime(time) => time.hash(state),
        Value::DateTime(time) => time.hash(state),
        Value::Duration(duration) => duration.hash(state),
    }
}

/// How a whole number and another compare, exactly; nothing for NaN.
pub(super) fn compare_mixed(whole: i64, other: f64) -> Option<Ordering> {
    if other.is_nan() {
        return None;
    }
    // 2^63 is exact as a float; whatever lies outside is beyond every whole number of 64 bits.
    if other >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if other < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "within 64 bits, and the fraction is looked at afterwards")]
    let floor = other.floor() as i64;
    let fraction = other > other.floor();
    Some(whole.cmp(&floor).then(if fraction { Ordering::Less } else { Ordering::Equal }))
}

fn equal_scalars(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Node(a), Value::Node(b)) => a == b,
        (Value::Relationship(a), Value::Relationship(b)) => a == b,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        #[expect(clippy::float_cmp, reason = "the language compares exactly")]
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Integer(whole), Value::Float(other)) | (Value::Float(other), Value::Integer(whole)) => {
            compare_mixed(*whole, *other) == Some(Ordering::Equal)
        }
        (Value::Path(a), Value::Path(b)) => a == b,
        _ => equal_temporals(a, b),
    }
}

fn equal_temporals(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::LocalTime(a), Value::LocalTime(b)) => a == b,
        (Value::Time(a), Value::Time(b)) => a == b,
        (Value::LocalDateTime(a), Value::LocalDateTime(b)) => a == b,
        (Value::DateTime(a), Value::DateTime(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        _ => false,
    }
}

fn equal_lists(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    all_equal(a.iter().zip(b))
}

fn equal_maps(a: &Map, b: &Map) -> Option<bool> {
    if a.len() != b.len() || !a.keys().eq(b.keys()) {
        return Some(false);
    }
    all_equal(a.values().zip(b.values()))
}

/// One pair that differs decides; else one that is not known.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut answer = Some(true);
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => answer = None,
        }
    }
    answer
}

fn same_maps(a: &Map, b: &Map) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((key, a), (other, b))| key == other && same(a, b))
}

/// Whole and other numbers can be the same, so they share a class.
fn kind_for_hash(value: &Value) -> Value {
    match value {
        Value::Integer(_) | Value::Float(_) => Value::Integer(0),
        Value::List(_) => Value::Boolean(true),
        _ => Value::Null,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "used only where it is exact")]
fn hash_float<H: Hasher>(value: f64, state: &mut H) {
    let whole = value as i64;
    if value.is_nan() {
        f64::NAN.to_bits().hash(state);
    } else if compare_mixed(whole, value) == Some(Ordering::Equal) {
        whole.hash(state);
    } else {
        value.to_bits().hash(state);
    }
}

fn hash_map<H: Hasher>(map: &Map, state: &mut H) {
    for (key, value) in map {
        key.hash(state);
        hash_value(value, state);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    fn list(values: &[Option<i64>]) -> Value {
        Value::list(values.iter().map(|value| value.map_or(Value::Null, Value::Integer)))
    }

    #[test]
    fn a_null_inside_decides_only_where_nothing_differs() {
        assert_eq!(equal(&list(&[Some(1), None]), &list(&[Some(1), Some(2)])), None);
        assert_eq!(equal(&list(&[Some(1), None]), &list(&[Some(3), Some(2)])), Some(false));
        assert_eq!(equal(&list(&[None]), &list(&[None, None])), Some(false));
        assert_eq!(equal(&Value::Null, &Value::Null), None);
    }

    #[test]
    fn whole_and_other_numbers_are_compared_exactly() {
        let beyond = (1_i64 << 53) + 1;
        assert_eq!(equal(&Value::Integer(1), &Value::Float(1.0)), Some(true));
        assert_eq!(equal(&Value::Integer(beyond), &Value::Float(9_007_199_254_740_992.0)), Some(false));
        assert_eq!(compare_mixed(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(compare_mixed(-1, -1.5), Some(Ordering::Greater));
    }

    #[test]
    fn what_is_the_same_hashes_alike() {
        let state = RandomState::new();
        let pairs = [
            (Value::Integer(3), Value::Float(3.0)),
            (Value::Float(f64::NAN), Value::Float(-f64::NAN)),
            (Value::Float(0.0), Value::Float(-0.0)),
            (list(&[None, Some(1)]), list(&[None, Some(1)])),
        ];
        for (a, b) in pairs {
            assert!(same(&a, &b), "{a:?} {b:?}");
            assert_eq!(state.hash_one(Grouped(a.clone())), state.hash_one(Grouped(b)), "{a:?}");
        }
        assert_eq!(equal(&Value::Float(f64::NAN), &Value::Float(f64::NAN)), Some(false));
    }
}
