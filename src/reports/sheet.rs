//! Documents and answers as workbooks.

use super::table::{Cell, CellKind, Table, TableColumn};
use super::xlsx::{WorkbookError, tables_to_xlsx};
use crate::analyses::questions::QuestionAnswer;
use crate::analyses::sheets::{Sheet, SheetCell, SheetTable};
use crate::analyses::{Basis, ColumnContent, Tabular as _};

/// A document as a workbook: a sheet that says what it is, then a sheet a table.
///
/// # Errors
/// [`WorkbookError`].
pub fn sheet_to_xlsx(sheet: &Sheet, language: &str) -> Result<Vec<u8>, WorkbookError> {
    let mut lines = vec![
        (word(language, "題名", "Title"), sheet.title.get(language).to_owned()),
        (word(language, "取扱い", "Handling"), sheet.stamp.text.get(language).to_owned()),
    ];
    lines.extend(basis(sheet.basis, language));
    lines.extend(sheet.summary.iter().map(|held| (word(language, "要点", "Summary"), held.get(language).to_owned())));
    let counted = sheet.tables.iter().map(|table| (table.heading.get(language), table.rows.len().to_string()));
    lines.extend(counted);
    let notes = sheet.tables.iter().flat_map(|table| table.notes.iter().map(move |note| (table, note)));
    lines.extend(notes.map(|(table, note)| (table.heading.get(language), note.get(language).to_owned())));
    let cover = cover(word(language, "表紙", "Cover"), lines, language);
    let tables = sheet.tables.iter().map(|table| typed(table, language));
    tables_to_xlsx(&std::iter::once(cover).chain(tables).collect::<Vec<_>>())
}

/// An answer as a workbook: what was asked and answered, then the table.
///
/// # Errors
/// [`WorkbookError`].
pub fn answer_to_xlsx(answer: &QuestionAnswer, language: &str) -> Result<Vec<u8>, WorkbookError> {
    let mut lines = vec![
        (word(language, "問い", "Question"), answer.ask.get(language).to_owned()),
        (word(language, "答え", "Answer"), answer.headline.get(language).to_owned()),
    ];
    let supporting = answer.supporting.iter();
    lines.extend(supporting.map(|held| (word(language, "根拠", "Because"), held.get(language).to_owned())));
    let unknown = word(language, "分からないこと", "Not known");
    lines.push((unknown, answer.coverage.sentence.get(language).to_owned()));
    lines.extend(answer.coverage.remarks.iter().map(|held| (unknown, held.get(language).to_owned())));
    let next = answer.next.iter();
    lines.extend(next.map(|held| (word(language, "次に聞くこと", "Ask next"), held.ask.get(language).to_owned())));
    lines.extend(basis(answer.basis, language));
    let cover = cover(word(language, "答え", "Answer"), lines, language);
    let table = Table { title: word(language, "一覧", "Table").to_owned(), ..typed(&answer.table, language) };
    tables_to_xlsx(&[cover, table])
}

fn word<'a>(language: &str, ja: &'a str, en: &'a str) -> &'a str {
    if language == "en" { en } else { ja }
}

fn basis(basis: Basis, language: &str) -> [(&str, String); 2] {
    [
        (word(language, "基準日", "As of"), basis.date.to_string()),
        (word(language, "版", "Revision"), basis.revision.to_string()),
    ]
}

fn cover(title: &str, lines: Vec<(&str, String)>, language: &str) -> Table {
    let columns = [word(language, "項目", "Item"), word(language, "内容", "Content")];
    Table {
        title: title.to_owned(),
        columns: columns.map(|label| TableColumn::new(label, CellKind::Text)).to_vec(),
        rows: lines.into_iter().map(|(label, text)| vec![Cell::text(label), Cell::text(text)]).collect(),
    }
}

/// A table whose cells keep their kinds.
fn typed(table: &SheetTable, language: &str) -> Table {
    let column = |column: crate::analyses::Column| {
        let kind = match column.content {
            ColumnContent::Text => CellKind::Text,
            ColumnContent::Number => CellKind::Number,
            ColumnContent::Date => CellKind::Date,
        };
        TableColumn::new(column.label.get(language), kind)
    };
    Table {
        title: table.heading.get(language).to_owned(),
        columns: table.columns().into_iter().map(column).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(|held| cell(held, language)).collect()).collect(),
    }
}

fn cell(held: &SheetCell, language: &str) -> Cell {
    match held {
        SheetCell::Date(date) => Cell::Date(*date),
        other => other.as_number().map_or_else(|| Cell::text(other.to_text(language)), Cell::Number),
    }
}
