//! The rows of an import, as a list and as a table.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::analyses::{Column, Tabular};
use crate::application::imports::{ImportReport, Place, Problem as ImportProblem, Proposal, Record, RecordOutcome};
use crate::domain::Localized;
use crate::http::listing::Cursor;
use crate::http::problem::{Problem, ProblemCode};

/// A page of the rows that are wanted; the cursor belongs to this proposal's rows.
pub(super) fn page(
    id: &str,
    proposal: &Proposal,
    wanted: impl Fn(&Record) -> bool,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Json, Problem> {
    let rows = || proposal.report.rows.iter().filter(&wanted);
    let total = rows().count();
    let list = crc32c::crc32c(format!("imports/{id}/{}/{total}", proposal.report.digest).as_bytes());
    let start = match cursor {
        None => 0,
        Some(text) => {
            let cursor = Cursor::decode(text, list)?;
            let foreign = || Problem::new(ProblemCode::InvalidCursor, "start again without a cursor");
            cursor.id.parse::<usize>().map_err(|_| foreign())?
        }
    };
    let items: Vec<Record> = rows().skip(start).take(limit).collect();
    let end = start.saturating_add(items.len());
    let next = (end < total).then(|| Cursor { list, key: json!(null), id: end.to_string() }.encode());
    Ok(json!({
        "items": items,
        "next_cursor": next,
        "revision": proposal.report.revision,
        "total": total,
    }))
}

/// Rows with all that is to be said of each.
pub(super) struct RowTable {
    rows: Vec<[Localized; 5]>,
}

impl RowTable {
    pub fn of(report: &ImportReport, rows: impl Iterator<Item = Record>) -> Self {
        let mut by_row: HashMap<Row<'_>, Vec<&ImportProblem>> = HashMap::new();
        for problem in &report.problems {
            by_row.entry(row_of(&problem.place)).or_default().push(problem);
        }
        let row = |record: Record| {
            let said = by_row.get(&row_of(&record.place)).map_or(&[][..], Vec::as_slice);
            let same = |text: &str| Localized::ja_en(text, text);
            let joined =
                |language: &str| said.iter().map(|problem| sentence(problem, language)).collect::<Vec<_>>().join(" / ");
            let place = record.place.sheet.as_deref().unwrap_or_default();
            [
                same(&record.place.file),
                same(place),
                same(&record.place.row.map_or_else(String::new, |row| row.to_string())),
                outcome(record.outcome),
                Localized::ja_en(
                    &format!("{} {}", record.text, joined("ja")),
                    &format!("{} {}", record.text, joined("en")),
                ),
            ]
        };
        Self { rows: rows.map(row).collect() }
    }
}

/// The file, sheet and number of a row.
type Row<'a> = (&'a str, Option<&'a str>, Option<u32>);

fn row_of(place: &Place) -> Row<'_> {
    (&place.file, place.sheet.as_deref(), place.row)
}

fn sentence(problem: &ImportProblem, language: &str) -> String {
    let column = problem.place.column.as_deref().map_or_else(String::new, |column| format!("{column}: "));
    let parts = [Some(&problem.wrong), problem.assumed.as_ref(), problem.remedy.as_ref()];
    let said: Vec<&str> = parts.into_iter().flatten().map(|said| said.get(language)).collect();
    format!("{column}{}", said.join(if language.starts_with("en") { "; " } else { "。" }))
}

/// What became of a row, in words.
fn outcome(outcome: RecordOutcome) -> Localized {
    match outcome {
        RecordOutcome::Read => Localized::ja_en("読めた", "read"),
        RecordOutcome::Assumed => Localized::ja_en("読めた（推定あり）", "read with an assumption"),
        RecordOutcome::Question => Localized::ja_en("質問", "question"),
        RecordOutcome::Refused => Localized::ja_en("読めない", "not read"),
        RecordOutcome::Skipped => Localized::ja_en("対象外", "skipped"),
    }
}

impl Tabular for RowTable {
    fn title(&self) -> Localized {
        Localized::ja_en("取込の行", "Rows of the import")
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("file", "ファイル", "File"),
            Column::new("sheet", "シート", "Sheet"),
            Column::new("row", "行", "Row").of_numbers(),
            Column::new("outcome", "結果", "Outcome"),
            Column::new("text", "内容", "Text"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| row.iter().map(|cell| cell.get(language).to_owned()).collect()).collect()
    }
}
