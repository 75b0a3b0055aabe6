//! What an attribute can hold.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::localized::Localized;

/// A value of an attribute; references are relationships and never values.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, a code of an enumeration, a duration (ISO 8601) or an opaque source fragment.
    Text(Arc<str>),
    /// Text in several languages.
    Localized(Localized),
    /// A whole number, or money in whole units.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day in the Gregorian calendar.
    Date(Date),
    /// Values in their order.
    List(Arc<[Value]>),
    /// Named values, in the order of the definition.
    Record(Arc<[(Arc<str>, Value)]>),
}

impl Value {
    /// The value as JSON: dates as `YYYY-MM-DD`, language-tagged text as an object by language.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.to_string()),
            Self::Localized(texts) => {
                Json::Object(texts.iter().map(|(language, text)| (language.to_owned(), text.into())).collect())
            }
            Self::Integer(integer) => (*integer).into(),
            Self::Number(number) => (*number).into(),
            Self::Boolean(boolean) => (*boolean).into(),
            Self::Date(date) => Json::String(date.to_string()),
            Self::List(values) => values.iter().map(Self::to_json).collect(),
            Self::Record(fields) => {
                Json::Object(fields.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect())
            }
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is a whole or other number.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "a comparison beyond 2^53 is of no use to anybody")]
            Self::Integer(integer) => Some(*integer as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The value as one line of text for a name, a table cell or a sentence.
    pub fn to_line(&self, language: &str) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Localized(texts) => texts.get(language).to_owned(),
            Self::Integer(integer) => integer.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::Date(date) => date.to_string(),
            Self::List(values) => values.iter().map(|v| v.to_line(language)).collect::<Vec<_>>().join(", "),
            Self::Record(fields) => fields
                .iter()
                .map(|(name, value)| format!("{name}={}", value.to_line(language)))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}
