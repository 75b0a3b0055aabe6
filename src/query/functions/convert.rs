//! From one type to another: `toInteger`, `toString`, their forms for lists and those that give null instead of an error.

use super::Function;
use super::arguments::{list, wrong_value};
use crate::query::types::Type;
use crate::query::value::arithmetic::overflow;
use crate::query::value::show::show_float;
use crate::query::value::temporal::text_of;
use crate::query::{QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let any = &[Type::Any];
    let lists = &[Type::any_list()];
    vec![
        Function::new("toBoolean", any, Type::Boolean, |a, _| boolean(&a[0])),
        Function::new("toInteger", any, Type::Integer, |a, _| integer(&a[0])),
        Function::new("toFloat", any, Type::Float, |a, _| float(&a[0])),
        Function::new("toString", any, Type::String, |a, _| string(&a[0])),
        Function::new("toBooleanOrNull", any, Type::Boolean, |a, _| Ok(boolean(&a[0]).unwrap_or_default())),
        Function::new("toIntegerOrNull", any, Type::Integer, |a, _| Ok(integer(&a[0]).unwrap_or_default())),
        Function::new("toFloatOrNull", any, Type::Float, |a, _| Ok(float(&a[0]).unwrap_or_default())),
        Function::new("toStringOrNull", any, Type::String, |a, _| Ok(string(&a[0]).unwrap_or_default())),
        Function::new("toBooleanList", lists, Type::list_of(Type::Boolean), |a, _| each(&a[0], boolean)),
        Function::new("toIntegerList", lists, Type::list_of(Type::Integer), |a, _| each(&a[0], integer)),
        Function::new("toFloatList", lists, Type::list_of(Type::Float), |a, _| each(&a[0], float)),
        Function::new("toStringList", lists, Type::list_of(Type::String), |a, _| each(&a[0], string)),
        Function::new("valueType", any, Type::String, |a, _| Ok(Value::string(a[0].type_name()))).sees_null(),
    ]
}

fn boolean(value: &Value) -> Result<Value, QueryError> {
    match value {
        Value::Null | Value::Boolean(_) => Ok(value.clone()),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
        Value::String(_) => Ok(Value::Null),
        other => Err(wrong_value("Boolean or String", other)),
    }
}

/// Fractions are cut off; a text that is no number is null.
fn integer(value: &Value) -> Result<Value, QueryError> {
    match value {
        Value::Null | Value::Integer(_) => Ok(value.clone()),
        Value::Float(number) => whole(*number).map(Value::Integer).ok_or_else(overflow),
        Value::String(text) => {
            let text = text.trim();
            let number = text.parse().ok().or_else(|| whole(parse_float(text)?));
            Ok(number.map_or(Value::Null, Value::Integer))
        }
        other => Err(wrong_value("number or String", other)),
    }
}

fn float(value: &Value) -> Result<Value, QueryError> {
    match value {
        Value::Null | Value::Float(_) => Ok(value.clone()),
        Value::Integer(_) => Ok(crate::query::value::arithmetic::float(value).map_or(Value::Null, Value::Float)),
        Value::String(text) => Ok(parse_float(text.trim()).map_or(Value::Null, Value::Float)),
        other => Err(wrong_value("number or String", other)),
    }
}

fn string(value: &Value) -> Result<Value, QueryError> {
    match value {
        Value::Null | Value::String(_) => Ok(value.clone()),
        Value::Boolean(truth) => Ok(Value::string(truth.to_string())),
        Value::Integer(number) => Ok(Value::string(number.to_string())),
        Value::Float(number) => Ok(Value::string(show_float(*number))),
        other => match text_of(other) {
            Some(text) => Ok(Value::string(text)),
            None => Err(wrong_value("Boolean, number, String or temporal", other)),
        },
    }
}

/// The whole part, where it fits in 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "within 64 bits")]
fn whole(number: f64) -> Option<i64> {
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number).then_some(number as i64)
}

/// Written with digits: `inf` and `nan` are words, not numbers.
fn parse_float(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    plain.then(|| text.parse().ok()).flatten()
}

fn each(value: &Value, convert: fn(&Value) -> Result<Value, QueryError>) -> Result<Value, QueryError> {
    Ok(Value::list(list(value)?.iter().map(|item| convert(item).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failing, shows};
    use super::*;
    use crate::query::ErrorDetail;

    #[test]
    fn texts_and_numbers_become_each_other() {
        let text = Value::string;
        shows("toInteger", &[text("1.7")], &Value::Integer(1));
        shows("toInteger", &[Value::Float(82.9)], &Value::Integer(82));
        shows("toInteger", &[text("foo")], &Value::Null);
        shows("toInteger", &[text("9223372036854775807")], &Value::Integer(i64::MAX));
        shows("toFloat", &[text("5")], &Value::Float(5.0));
        shows("toFloat", &[text("inf")], &Value::Null);
        shows("toBoolean", &[text("TRUE")], &Value::Boolean(true));
        shows("toBoolean", &[text(" tru ")], &Value::Null);
        shows("toString", &[Value::Float(2.3)], &text("2.3"));
        shows("toString", &[Value::Float(1.0)], &text("1.0"));
    }

    #[test]
    fn what_cannot_be_converted_is_an_error_or_null() {
        for name in ["toBoolean", "toInteger", "toFloat", "toString"] {
            let error = failing(name, &[Value::list([])]);
            assert_eq!(
                (error.kind, error.detail),
                (crate::query::ErrorKind::TypeError, ErrorDetail::InvalidArgumentValue)
            );
            shows(&format!("{name}OrNull"), &[Value::list([])], &Value::Null);
        }
        shows(
            "toIntegerList",
            &[Value::list([Value::string("1"), Value::list([])])],
            &Value::list([Value::Integer(1), Value::Null]),
        );
    }
}
