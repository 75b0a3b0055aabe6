//! Looking into values: properties, places of lists, parts of texts.

use super::temporal::components;
use super::{Map, Value};
use crate::query::source::Facts;
use crate::query::{ErrorDetail, QueryError};

/// `value.name`: of maps, nodes, relationships and temporals. Null has null properties, and what is not there is null.
///
/// # Errors
/// `TypeError` for anything else, and for a component that a temporal does not have.
pub fn property(value: &Value, name: &str, facts: &dyn Facts) -> Result<Value, QueryError> {
    match value {
        Value::Node(node) => Ok(facts.node_property_named(*node, name)),
        Value::Relationship(edge) => Ok(facts.relationship_property_named(*edge, name)),
        Value::Map(map) => Ok(entry(map, name)),
        Value::Null => Ok(Value::Null),
        temporal => components::component(temporal, name).unwrap_or_else(|| Err(no_properties(temporal, name))),
    }
}

/// `value[place]`: an item of a list (from its end where negative, null outside), or a property by its name.
///
/// # Errors
/// `TypeError` where the value has no items, or the place is of the wrong type.
pub fn index(value: &Value, place: &Value, facts: &dyn Facts) -> Result<Value, QueryError> {
    match (value, place) {
        (Value::List(list), Value::Integer(place)) => Ok(item(list, *place)),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::List(_), place) => Err(not_a_place(place)),
        (value, Value::String(name)) => property(value, name, facts),
        (Value::Map(_) | Value::Node(_) | Value::Relationship(_), place) => Err(not_a_key(place)),
        (value, _) => Err(QueryError::type_error(
            ErrorDetail::InvalidArgumentType,
            format!("a {} has no items; [ ] looks into lists, maps, nodes and relationships", value.type_name()),
        )),
    }
}

/// `value[from..to]`: a part of a list; places outside are cut off, and null anywhere gives null.
///
/// # Errors
/// `TypeError` for anything but a list and whole numbers.
pub fn slice(value: &Value, from: Option<&Value>, to: Option<&Value>) -> Result<Value, QueryError> {
    let absent = |bound: Option<&Value>| bound.is_some_and(Value::is_null);
    let list = match value {
        Value::Null => return Ok(Value::Null),
        Value::List(list) => list,
        other => return Err(not_a_list(other)),
    };
    if absent(from) || absent(to) {
        return Ok(Value::Null);
    }
    let start = from.map_or(Ok(0), |from| bound(from, list.len()))?;
    let end = to.map_or(Ok(list.len()), |to| bound(to, list.len()))?;
    Ok(Value::list(list.get(start..end.max(start)).unwrap_or_default().iter().cloned()))
}

/// `item IN list`: nothing where null decides. Linear in the list.
///
/// # Errors
/// `TypeError` where the list is none.
pub fn is_in(item: &Value, list: &Value) -> Result<Option<bool>, QueryError> {
    match list {
        Value::Null => Ok(None),
        Value::List(items) => Ok(is_among(item, items)),
        other => Err(not_a_list(other)),
    }
}

/// `text STARTS WITH part`: nothing where one is not a text.
pub fn starts_with(text: &Value, part: &Value) -> Option<bool> {
    texts(text, part).map(|(text, part)| text.starts_with(part))
}

/// `text ENDS WITH part`: nothing where one is not a text.
pub fn ends_with(text: &Value, part: &Value) -> Option<bool> {
    texts(text, part).map(|(text, part)| text.ends_with(part))
}

/// `text CONTAINS part`: nothing where one is not a text.
pub fn contains(text: &Value, part: &Value) -> Option<bool> {
    texts(text, part).map(|(text, part)| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some())
}

fn texts<'a>(text: &'a Value, part: &'a Value) -> Option<(&'a str, &'a str)> {
    match (text, part) {
        (Value::String(text), Value::String(part)) => Some((text, part)),
        _ => None,
    }
}

fn entry(map: &Map, name: &str) -> Value {
    map.get(name).cloned().unwrap_or_default()
}

fn item(list: &[Value], place: i64) -> Value {
    place_in(place, list.len()).and_then(|place| list.get(place)).cloned().unwrap_or_default()
}

/// A place counted from the start, or from the end where negative; nothing before the start.
fn place_in(place: i64, length: usize) -> Option<usize> {
    if place >= 0 {
        return usize::try_from(place).ok();
    }
    length.checked_sub(usize::try_from(place.unsigned_abs()).ok()?)
}

fn bound(place: &Value, length: usize) -> Result<usize, QueryError> {
    match place {
        Value::Integer(place) => Ok(place_in(*place, length).unwrap_or(0).min(length)),
        other => Err(not_a_place(other)),
    }
}

fn is_among(item: &Value, items: &[Value]) -> Option<bool> {
    let mut answer = Some(false);
    for other in items {
        match super::equality::equal(item, other) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

fn no_properties(value: &Value, name: &str) -> QueryError {
    let message = format!("a {} has no property {name}; maps, nodes and relationships have", value.type_name());
    QueryError::type_error(ErrorDetail::InvalidArgumentType, message)
}

fn not_a_place(value: &Value) -> QueryError {
    let message = format!("a place in a list is an Integer, not a {}", value.type_name());
    QueryError::type_error(ErrorDetail::ListElementAccessByNonInteger, message)
}

fn not_a_key(value: &Value) -> QueryError {
    let message = format!("a property's name is a String, not a {}", value.type_name());
    QueryError::type_error(ErrorDetail::MapElementAccessByNonString, message)
}

fn not_a_list(value: &Value) -> QueryError {
    let message = format!("a List is needed, not a {}", value.type_name());
    QueryError::type_error(ErrorDetail::InvalidArgumentType, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::functions::testing::Nothing;
    use crate::query::value::equality::same;

    fn numbers(values: impl IntoIterator<Item = i64>) -> Value {
        Value::list(values.into_iter().map(Value::Integer))
    }

    fn sliced(from: i64, to: i64) -> Value {
        slice(&numbers(1..=3), Some(&Value::Integer(from)), Some(&Value::Integer(to))).expect("is a slice")
    }

    #[test]
    fn places_outside_are_null_and_negative_ones_count_from_the_end() {
        let list = numbers(1..=3);
        for (place, expected) in [(0, Value::Integer(1)), (-1, Value::Integer(3)), (3, Value::Null), (-4, Value::Null)]
        {
            let found = index(&list, &Value::Integer(place), &Nothing).expect("is a place");
            assert!(same(&found, &expected), "{place}: {found:?}");
        }
    }

    #[test]
    fn slices_are_cut_to_the_list() {
        assert!(same(&sliced(-5, 5), &numbers(1..=3)));
        assert!(same(&sliced(-3, -1), &numbers(1..=2)));
        assert!(same(&sliced(3, 1), &numbers([])));
        assert!(same(&sliced(i64::MIN, i64::MAX), &numbers(1..=3)));
        assert!(slice(&numbers(1..=3), Some(&Value::Null), None).expect("is null").is_null());
    }

    #[test]
    fn membership_knows_three_answers() {
        let list = Value::list([Value::Integer(1), Value::Null]);
        assert_eq!(is_in(&Value::Integer(1), &list), Ok(Some(true)));
        assert_eq!(is_in(&Value::Integer(2), &list), Ok(None));
        assert_eq!(is_in(&Value::Null, &numbers([])), Ok(Some(false)));
        assert!(is_in(&Value::Null, &Value::Boolean(true)).is_err());
    }

    #[test]
    fn the_wrong_kind_of_place_is_named() {
        let detail = |value: &Value, place: &Value| index(value, place, &Nothing).expect_err("is wrong").detail;
        assert_eq!(detail(&Value::map([]), &Value::Integer(0)), ErrorDetail::MapElementAccessByNonString);
        assert_eq!(detail(&numbers([1]), &Value::string("1")), ErrorDetail::ListElementAccessByNonInteger);
        assert_eq!(detail(&Value::Integer(100), &Value::Integer(0)), ErrorDetail::InvalidArgumentType);
    }
}
