//! A table as CSV (RFC 4180), with the mark by which spreadsheets recognise UTF-8.

use crate::analyses::Tabular;

/// The table with a heading line, in a language. A cell that a spreadsheet would take for a formula
/// is marked as text.
pub fn to_csv(table: &dyn Tabular, language: &str) -> String {
    let heading: Vec<String> = table.columns().iter().map(|column| column.label.get(language).to_owned()).collect();
    rows_to_csv(std::iter::once(heading).chain(table.rows(language)))
}

/// Rows of cells, the first being the heading line; likewise.
pub fn rows_to_csv(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

/// A leading `=`, `+`, `-`, `@`, tab or carriage return makes a spreadsheet calculate.
fn harmless(cell: &str) -> String {
    let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if dangerous { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyses::Column;
    use crate::domain::Localized;

    struct Table;

    impl Tabular for Table {
        fn title(&self) -> Localized {
            Localized::ja_en("表", "Table")
        }

        fn columns(&self) -> Vec<Column> {
            vec![Column::new("a", "甲", "A"), Column::new("b", "乙", "B")]
        }

        fn rows(&self, _: &str) -> Vec<Vec<String>> {
            vec![vec!["x,\"y\"".into(), "=1+1".into()], vec!["-3".into(), "二\n行".into()]]
        }
    }

    #[test]
    fn quotes_and_formulas_are_harmless() {
        let expected = "\u{feff}甲,乙\r\n\"x,\"\"y\"\"\",'=1+1\r\n-3,\"二\n行\"\r\n";
        assert_eq!(to_csv(&Table, "ja"), expected);
    }
}
