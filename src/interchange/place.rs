//! Where in a file something stands.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a file, as exactly as its form allows; rows and lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// The file's name as given.
    pub file: Arc<str>,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Arc<str>>,
    /// The row of a table, as a spreadsheet program numbers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The column of a table, as a spreadsheet program names it (`A`, `AB`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Arc<str>>,
    /// The line of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The place in a tree: the source's own id of the part, or an `XPath`-like path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Arc<str>>,
}

impl Place {
    /// The file as a whole.
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), ..Self::default() }
    }

    /// A line of a text.
    pub fn line(file: &str, line: u32) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    /// A row of a sheet; a file of delimited text has no sheet.
    pub fn row(file: &str, sheet: Option<&str>, row: u32) -> Self {
        Self { sheet: sheet.map(Into::into), row: Some(row), ..Self::file(file) }
    }

    /// The same row, in a column counted from 0.
    #[must_use]
    pub fn in_column(&self, column: usize) -> Self {
        Self { column: Some(column_name(column).into()), ..self.clone() }
    }

    /// The same place, at a part of a tree.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        Self { path: Some(path.into()), ..self.clone() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(formatter, " [{sheet}]")?;
        }
        match (&self.column, self.row) {
            (Some(column), Some(row)) => write!(formatter, " {column}{row}")?,
            (None, Some(row)) => write!(formatter, " {row}")?,
            (Some(column), None) => write!(formatter, " {column}")?,
            (None, None) => {}
        }
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if let Some(path) = &self.path {
            write!(formatter, " {path}")?;
        }
        Ok(())
    }
}

/// How a spreadsheet program names a column counted from 0: `A` … `Z`, `AA` ….
pub fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702, 16_383].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn a_place_reads_like_a_cell() {
        let place = Place::row("台帳.xlsx", Some("調査票"), 12).in_column(3);
        assert_eq!(place.to_string(), "台帳.xlsx [調査票] D12");
        assert_eq!(Place::line("a.xml", 7).at("id-1").to_string(), "a.xml:7 id-1");
    }
}
