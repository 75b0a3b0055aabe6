//! One cell.

use jiff::civil::Date;
use serde::Serialize;

use crate::analyses::ItemSummary;
use crate::domain::Localized;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(untagged)]
pub enum SheetCell {
    /// Nothing is recorded.
    #[default]
    Empty,
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A text as it is recorded.
    Text(String),
    /// A text in several languages.
    Localized(Localized),
    /// An item.
    Item(ItemSummary),
    /// Items.
    Items(Vec<ItemSummary>),
}

impl SheetCell {
    /// A text; nothing if it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A text in both languages; nothing if there is none.
    pub fn localized(text: Localized) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Localized(text) }
    }

    /// Items; nothing if there are none.
    pub fn items(items: Vec<ItemSummary>) -> Self {
        if items.is_empty() { Self::Empty } else { Self::Items(items) }
    }

    /// A count.
    pub fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// As a number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "figures of a city")]
            Self::Integer(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The items in it.
    pub fn held_items(&self) -> &[ItemSummary] {
        match self {
            Self::Item(item) => std::slice::from_ref(item),
            Self::Items(items) => items,
            _ => &[],
        }
    }

    /// As people read it: names of items, yes and no in words; numbers as programs write them.
    pub fn to_text(&self, language: &str) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(truth) => yes_or_no(*truth, language).to_owned(),
            Self::Date(date) => date.to_string(),
            Self::Text(text) => text.clone(),
            Self::Localized(text) => text.get(language).to_owned(),
            Self::Item(item) => item.name.get(language).to_owned(),
            Self::Items(items) => {
                let names: Vec<&str> = items.iter().map(|item| item.name.get(language)).collect();
                names.join(if language == "en" { ", " } else { "、" })
            }
        }
    }
}

fn yes_or_no(truth: bool, language: &str) -> &'static str {
    match (truth, language) {
        (true, "en") => "yes",
        (false, "en") => "no",
        (true, _) => "はい",
        (false, _) => "いいえ",
    }
}
