//! A table of a document.

use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::cell::SheetCell;
use crate::analyses::{Column, ColumnContent, Tabular};
use crate::domain::Localized;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetColumn {
    /// Its name for programs.
    pub key: String,
    /// What people call it.
    pub label: Localized,
}

impl SheetColumn {
    /// A column with its label in both languages.
    pub fn new(key: &str, ja: &str, en: &str) -> Self {
        Self { key: key.to_owned(), label: Localized::ja_en(ja, en) }
    }
}

/// A table with its heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetTable {
    /// Its name for programs.
    pub key: String,
    /// Its heading.
    pub heading: Localized,
    /// Sentences between heading and table.
    pub notes: Vec<Localized>,
    /// The columns, in order.
    pub columns: Vec<SheetColumn>,
    /// The rows, a cell a column.
    pub rows: Vec<Vec<SheetCell>>,
    /// Whether people are to write into empty cells.
    pub is_form: bool,
}

impl SheetTable {
    /// An empty table with a heading.
    pub fn new(key: &str, ja: &str, en: &str, columns: Vec<SheetColumn>) -> Self {
        Self { key: key.to_owned(), heading: Localized::ja_en(ja, en), columns, ..Self::default() }
    }

    /// The place of a column.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// What the cells of a column hold, judged by those that are not empty.
    pub fn content(&self, place: usize) -> ColumnContent {
        let cells = || self.rows.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.is_empty());
        if cells().next().is_none() {
            ColumnContent::Text
        } else if cells().all(|cell| matches!(cell, SheetCell::Date(_))) {
            ColumnContent::Date
        } else if cells().all(|cell| cell.as_number().is_some()) {
            ColumnContent::Number
        } else {
            ColumnContent::Text
        }
    }
}

impl Tabular for SheetTable {
    fn title(&self) -> Localized {
        self.heading.clone()
    }

    fn columns(&self) -> Vec<Column> {
        let column = |(place, column): (usize, &SheetColumn)| Column {
            key: column.key.clone().into(),
            label: column.label.clone(),
            content: self.content(place),
        };
        self.columns.iter().enumerate().map(column).collect()
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| row.iter().map(|cell| cell.to_text(language)).collect()).collect()
    }
}

/// Rows are objects: a cell by the key of its column.
impl Serialize for SheetTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut table = serializer.serialize_struct("SheetTable", 5)?;
        table.serialize_field("key", &self.key)?;
        table.serialize_field("heading", &self.heading)?;
        table.serialize_field("notes", &self.notes)?;
        table.serialize_field("columns", &self.columns)?;
        table.serialize_field("rows", &Rows(self))?;
        table.end()
    }
}

struct Rows<'t>(&'t SheetTable);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&Row(&self.0.columns, row))?;
        }
        rows.end()
    }
}

struct Row<'t>(&'t [SheetColumn], &'t [SheetCell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cells = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            cells.serialize_entry(&column.key, cell)?;
        }
        cells.end()
    }
}
