//! Reports as tables, for spreadsheets.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::Localized;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name for programs, in `snake_case`.
    pub key: Cow<'static, str>,
    /// What people call it.
    pub label: Localized,
    /// What its cells hold, for forms that tell numbers and days from text.
    #[serde(skip)]
    pub content: ColumnContent,
}

/// What the cells of a column hold. A cell that does not read as such is text; an empty one stays empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColumnContent {
    /// Text.
    #[default]
    Text,
    /// Numbers, as Rust writes them.
    Number,
    /// Days, `YYYY-MM-DD`.
    Date,
}

impl Column {
    /// A column of text with its label in both languages.
    pub fn new(key: impl Into<Cow<'static, str>>, ja: &str, en: &str) -> Self {
        Self { key: key.into(), label: Localized::ja_en(ja, en), content: ColumnContent::Text }
    }

    /// The same column, of numbers.
    #[must_use]
    pub fn of_numbers(self) -> Self {
        Self { content: ColumnContent::Number, ..self }
    }

    /// The same column, of days.
    #[must_use]
    pub fn of_dates(self) -> Self {
        Self { content: ColumnContent::Date, ..self }
    }
}

/// What can be handed on as a table.
pub trait Tabular {
    /// The heading of the table.
    fn title(&self) -> Localized;

    /// The columns, in order.
    fn columns(&self) -> Vec<Column>;

    /// One row a line, one cell a column, in a language. Takes time proportional to the report.
    fn rows(&self, language: &str) -> Vec<Vec<String>>;
}
