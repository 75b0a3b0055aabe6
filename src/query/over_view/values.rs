//! Values of the model as values of a query.

use std::sync::Arc;

use crate::domain;
use crate::query::value::Value;
use crate::query::value::temporal::Date;

/// An attribute's value.
pub(super) fn of_attribute(value: &domain::Value) -> Value {
    match value {
        domain::Value::Text(text) => Value::String(Arc::clone(text)),
        domain::Value::Localized(texts) => {
            Value::map(texts.iter().map(|(language, text)| (language.into(), Value::string(text))))
        }
        domain::Value::Integer(integer) => Value::Integer(*integer),
        domain::Value::Number(number) => Value::Float(*number),
        domain::Value::Boolean(boolean) => Value::Boolean(*boolean),
        domain::Value::Date(date) => {
            let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
            Date::new(year, month, day).map_or(Value::Null, Value::Date)
        }
        domain::Value::List(values) => Value::list(values.iter().map(of_attribute)),
        domain::Value::Record(fields) => {
            Value::map(fields.iter().map(|(name, value)| (Arc::clone(name), of_attribute(value))))
        }
    }
}
