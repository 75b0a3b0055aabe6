//! Reports as tables, for spreadsheets.

use serde::Serialize;

use crate::domain::Localized;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name for programs, in `snake_case`.
    pub key: &'static str,
    /// What people call it.
    pub label: Localized,
}

impl Column {
    /// A column with its label in both languages.
    pub fn new(key: &'static str, ja: &str, en: &str) -> Self {
        Self { key, label: Localized::ja_en(ja, en) }
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
