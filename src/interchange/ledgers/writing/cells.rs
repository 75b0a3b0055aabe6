//! Values as cells, so that the very same values are read again.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::domain::metamodel::{AttributeDefinition, AttributeType, Enumeration};
use crate::domain::value::Value;
use crate::interchange::ledgers::cells::dates::in_japanese_calendar;
use crate::interchange::ledgers::cells::lists::split;
use crate::interchange::ledgers::values::code;

/// The most that a cell holds, in UTF-16 units.
pub(crate) const LONGEST_CELL: usize = 32_767;

/// A cell to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum OutCell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
}

/// An attribute's value as a cell.
pub(super) fn of_value(definition: &AttributeDefinition, value: &Value) -> OutCell {
    match (&definition.value_type, value) {
        #[expect(clippy::cast_precision_loss, reason = "checked to be below 2^53")]
        (_, Value::Integer(integer)) if integer.unsigned_abs() < 1 << 53 => OutCell::Number(*integer as f64),
        // Zero has a sign that a spreadsheet does not keep.
        (_, Value::Number(number)) if *number != 0.0 || number.is_sign_positive() => OutCell::Number(*number),
        (_, Value::Date(date)) if date.year() >= 1901 => OutCell::Date(*date),
        (_, Value::Date(date)) => OutCell::Text(date.to_string()),
        (_, Value::Boolean(true)) => OutCell::Text("○".to_owned()),
        (_, Value::Boolean(false)) => OutCell::Text("×".to_owned()),
        (AttributeType::Enumeration(codes), Value::Text(held)) => OutCell::Text(label(codes, held)),
        (AttributeType::List(item), Value::List(values)) => OutCell::Text(list(item, values, value)),
        (_, Value::Text(text)) => OutCell::Text(quoted(text)),
        (_, other) => OutCell::Text(other.to_json().to_string()),
    }
}

/// The label of a code, where reading the label gives the code again; else the code.
pub(super) fn label(codes: &Enumeration, held: &str) -> String {
    for text in [codes.label(held, "ja"), held] {
        if code(codes, text, "").as_deref() == Some(held) {
            return text.to_owned();
        }
    }
    quoted(held)
}

fn list(item: &AttributeType, values: &[Value], whole: &Value) -> String {
    let texts: Option<Vec<String>> = values.iter().map(|value| simple(item, value)).collect();
    texts.filter(|texts| !texts.is_empty()).map_or_else(|| whole.to_json().to_string(), |texts| texts.join("\n"))
}

/// A value of a list that can stand on a line of its own.
fn simple(item: &AttributeType, value: &Value) -> Option<String> {
    let Value::Text(held) = value else { return None };
    let text = match item {
        AttributeType::Enumeration(codes) => label(codes, held),
        AttributeType::Text => held.to_string(),
        _ => return None,
    };
    let is_one = match item {
        AttributeType::Enumeration(codes) => code(codes, &text, "").is_some() || split(&text) == [text.as_str()],
        _ => true,
    };
    let is_plain = quoted(&text) == text && !text.contains('\n') && !text.starts_with(['[', '{']);
    (is_plain && is_one).then_some(text)
}

/// A text as it stands, or in JSON's quotes where a cell would not keep it or could be taken for something else.
pub(super) fn quoted(text: &str) -> String {
    let is_lost = text.is_empty() || text.trim() != text || text.contains("_x");
    let is_odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    if is_lost || text.starts_with('"') || text.contains(is_odd) {
        return Json::String(text.to_owned()).to_string().replace("_x", "\\u005fx");
    }
    text.to_owned()
}

/// The text of a cell that [`quoted`] may have put into quotes.
pub fn text_of_cell(cell: &str) -> String {
    if cell.starts_with('"')
        && let Ok(text) = serde_json::from_str::<String>(cell)
    {
        return text;
    }
    cell.to_owned()
}

impl OutCell {
    /// The cell as text, for delimited text and for widths.
    pub fn text(&self, japanese_calendar: bool) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) if japanese_calendar => in_japanese_calendar(*date),
            Self::Date(date) => date.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,20}|[\"_x0-9\\n\\t\\r \\[\\]]{0,12}") {
            let cell = quoted(&text);
            prop_assert_eq!(text_of_cell(&cell), text);
            prop_assert!(!cell.trim().is_empty());
        }
    }
}
