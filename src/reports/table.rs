//! A table whose columns know what they hold: what every tabular result becomes before it is a file.

use jiff::civil::Date;

use crate::analyses::{ColumnContent, Tabular};

/// A heading line and rows of cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The heading; becomes the name of the sheet.
    pub title: String,
    /// The columns, in order.
    pub columns: Vec<TableColumn>,
    /// The rows; a row that is shorter than the heading line ends in empty cells.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// What people call it.
    pub label: String,
    /// What its cells hold; decides how they are aligned and formatted.
    pub kind: CellKind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellKind {
    /// Text.
    #[default]
    Text,
    /// Numbers.
    Number,
    /// Yes or no.
    Boolean,
    /// Days.
    Date,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text; never a formula, whatever it begins with.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(Date),
}

impl TableColumn {
    /// A column.
    pub fn new(label: impl Into<String>, kind: CellKind) -> Self {
        Self { label: label.into(), kind }
    }
}

impl Cell {
    /// The cell for a text: empty if there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl Table {
    /// A report as a table, in a language.
    pub fn of(report: &dyn Tabular, language: &str) -> Self {
        let contents: Vec<ColumnContent> = report.columns().iter().map(|column| column.content).collect();
        let columns = report.columns().into_iter().map(|column| {
            let kind = match column.content {
                ColumnContent::Text => CellKind::Text,
                ColumnContent::Number => CellKind::Number,
                ColumnContent::Date => CellKind::Date,
            };
            TableColumn::new(column.label.get(language), kind)
        });
        let cells = |row: Vec<String>| {
            let content = |place: usize| contents.get(place).copied().unwrap_or_default();
            row.into_iter().enumerate().map(|(place, text)| cell(content(place), text)).collect()
        };
        Self {
            title: report.title().get(language).to_owned(),
            columns: columns.collect(),
            rows: report.rows(language).into_iter().map(cells).collect(),
        }
    }
}

fn cell(content: ColumnContent, text: String) -> Cell {
    let typed = match content {
        ColumnContent::Text => None,
        ColumnContent::Number => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Cell::Number),
        ColumnContent::Date => text.parse().ok().map(Cell::Date),
    };
    typed.unwrap_or_else(|| Cell::text(text))
}
