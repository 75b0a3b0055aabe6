//! Attribute values in an image.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ImageError;
use crate::domain::localized::Localized;
use crate::domain::sharing;
use crate::domain::value::Value;

/// A value; text is borrowed from the image.
#[derive(Serialize, Deserialize)]
pub(super) enum ValueImage<'a> {
    Text(&'a str),
    #[serde(borrow)]
    Localized(Vec<(&'a str, &'a str)>),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Date(i16, i8, i8),
    #[serde(borrow)]
    List(Vec<ValueImage<'a>>),
    #[serde(borrow)]
    Record(Vec<(&'a str, ValueImage<'a>)>),
}

impl<'a> From<&'a Value> for ValueImage<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Localized(texts) => Self::Localized(texts.iter().collect()),
            Value::Integer(integer) => Self::Integer(*integer),
            Value::Number(number) => Self::Number(*number),
            Value::Boolean(boolean) => Self::Boolean(*boolean),
            Value::Date(date) => Self::Date(date.year(), date.month(), date.day()),
            Value::List(values) => Self::List(values.iter().map(Self::from).collect()),
            Value::Record(fields) => {
                Self::Record(fields.iter().map(|(name, value)| (&**name, Self::from(value))).collect())
            }
        }
    }
}

impl TryFrom<ValueImage<'_>> for Value {
    type Error = ImageError;

    fn try_from(image: ValueImage<'_>) -> Result<Self, ImageError> {
        Ok(match image {
            ValueImage::Text(text) => Self::Text(sharing::text(text)),
            ValueImage::Localized(texts) => Self::Localized(sharing::localized(Localized::from_iter(texts))),
            ValueImage::Integer(integer) => Self::Integer(integer),
            ValueImage::Number(number) => Self::Number(number),
            ValueImage::Boolean(boolean) => Self::Boolean(boolean),
            ValueImage::Date(year, month, day) => {
                Self::Date(Date::new(year, month, day).map_err(|_| ImageError::Damaged("a day that no calendar has"))?)
            }
            ValueImage::List(values) => {
                Self::List(values.into_iter().map(Self::try_from).collect::<Result<Vec<_>, _>>()?.into())
            }
            ValueImage::Record(fields) => {
                let fields = fields.into_iter().map(|(name, value)| Ok((sharing::text(name), Self::try_from(value)?)));
                Self::Record(fields.collect::<Result<Vec<_>, ImageError>>()?.into())
            }
        })
    }
}
