//! From the sheets of a file to items: which table is where, what its columns mean, what each row says.

mod columns;
mod references;
mod rows;

use std::sync::Arc;

use super::dictionary::Dictionary;
use super::grid::{Book, BookNote, Grid};
use super::headings::{self, Heading};
use super::meaning::{TableChoice, TableRead};
use super::vocabulary::{KindVocabulary, Memory, Vocabularies};
use super::{delimited, own, workbook};
use crate::interchange::format::Format;
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::read_model::{ReadModel, Record, RecordOutcome};
use crate::interchange::source::{ReadContext, SourceFile, Unreadable};
use columns::Columns;
use rows::Rows;

/// What ledgers are read with.
#[derive(Clone, Copy)]
pub struct LedgerContext<'a> {
    /// The metamodel, the limits, where progress is told.
    pub read: ReadContext<'a>,
    /// The words of ledgers.
    pub dictionary: &'a Dictionary,
    /// The headings of all kinds, kept from file to file; always used with the same dictionary.
    pub vocabularies: &'a Vocabularies,
    /// Columns that somebody corrected in earlier imports.
    pub memory: &'a Memory,
    /// What somebody said for this import.
    pub choices: &'a [TableChoice],
}

/// Reads a workbook or delimited text, and uses its bytes up: they are not held beside what they say.
///
/// # Errors
/// When the file cannot be read at all; a sheet or a row that cannot is among the problems.
pub fn read(format: Format, name: &str, bytes: Vec<u8>, context: LedgerContext<'_>) -> Result<ReadModel, Unreadable> {
    let (limits, file) = (context.read.limits, &SourceFile { name, bytes: &bytes });
    if file.bytes.len() as u64 > limits.file_bytes {
        return Err(Unreadable::beyond(Place::file(file.name), "file_bytes", limits.file_bytes));
    }
    let book = match format {
        Format::Workbook => workbook::read(file, limits)?,
        _ => delimited::read(file, limits)?,
    };
    drop(bytes);
    if let Some(read) = own::read(name, &book, context) {
        return Ok(read);
    }
    Ok(Reading::new(format, name, context).book(book))
}

struct Reading<'a> {
    file: &'a str,
    context: LedgerContext<'a>,
    vocabularies: Arc<Vec<KindVocabulary>>,
    model: ReadModel,
    keys: Vec<String>,
}

impl<'a> Reading<'a> {
    fn new(format: Format, file: &'a str, context: LedgerContext<'a>) -> Self {
        let LedgerContext { read, dictionary, memory, .. } = context;
        let vocabularies = context.vocabularies.of_all_kinds(read.metamodel, dictionary, memory);
        let model = ReadModel::new(format, "ledger", file);
        Self { file, context, vocabularies, model, keys: Vec::new() }
    }

    fn book(mut self, book: Book) -> ReadModel {
        for note in &book.notes {
            self.note(note);
        }
        for mut grid in book.sheets {
            grid.fill_merges();
            self.sheet(grid);
        }
        if self.model.tables.iter().all(|table| table.kind.is_none()) {
            self.nothing_found();
        }
        self.keys.sort();
        self.model.source = format!("ledger:{}", self.keys.join("+"));
        self.model
    }

    fn note(&mut self, note: &BookNote) {
        let place = match note {
            BookNote::BrokenLine(line) => Place::line(self.file, *line),
            BookNote::Garbled(_) => Place::file(self.file),
        };
        let problem = match note {
            BookNote::Garbled(count) => Problem::new(
                ProblemKind::Assumed,
                "garbled_text",
                place,
                "",
                Said::new(
                    format!("読めない文字が{count}か所あります"),
                    format!("{count} place(s) hold no valid characters"),
                ),
            )
            .assuming("「�」に置き換えました", "they were replaced by \"�\"")
            .advising("文字コードをUTF-8かシフトJISにして保存し直してください", "save it again in UTF-8 or Shift JIS"),
            BookNote::BrokenLine(_) => {
                let wrong = Said::new("行として読めません", "it does not read as a row");
                Problem::new(ProblemKind::Refused, "broken_row", place, "", wrong)
            }
        };
        self.model.problems.push(problem);
    }

    fn choice(&self, grid: &Grid) -> Option<&'a TableChoice> {
        let fits = |held: &Option<String>, name: Option<&str>| held.as_deref().is_none_or(|held| Some(held) == name);
        let choices = self.context.choices.iter();
        choices.rev().find(|choice| fits(&choice.file, Some(self.file)) && fits(&choice.sheet, grid.name.as_deref()))
    }

    fn sheet(&mut self, mut grid: Grid) {
        let choice = self.choice(&grid);
        let skipped = choice.is_some_and(|choice| choice.skip);
        let found = if skipped { None } else { self.heading(&grid, choice) };
        let Some(found) = found else { return self.without_table(&grid) };
        let kind = &self.vocabularies[found.kind];
        let Some(definition) = self.context.read.metamodel.kind_named(&kind.kind) else { return };
        let columns = Columns::of(&found, kind, definition, choice);
        self.keys.push(format!("{}:{}", kind.kind, columns.fingerprint()));
        let place = Place { sheet: grid.name.as_deref().map(Into::into), ..Place::file(self.file) };
        self.model.problems.extend(columns.problems(&grid, &found, &place));
        self.model.problems.extend(hidden(&grid, &place));
        self.model.problems.extend(no_rows(&grid, &found, &place));
        self.model.tables.push(TableRead {
            file: self.file.to_owned(),
            sheet: grid.name.clone(),
            kind: Some(kind.kind.clone()),
            heading_rows: grid.rows[found.first..=found.last].iter().map(|row| row.number).collect(),
            columns: columns.described(),
        });
        for row in &grid.rows[..=found.last] {
            self.skip(&grid, row.number, row.beginning());
        }
        let rows = Rows::new(self.context, definition, &columns, place, &mut self.model);
        rows.read(grid.rows.split_off(found.last + 1));
    }

    fn heading(&self, grid: &Grid, choice: Option<&TableChoice>) -> Option<Heading> {
        let title = super::cells::spelling::heading(&format!("{}{}", self.file, grid.name.as_deref().unwrap_or("")));
        let kind = choice.and_then(|choice| choice.kind.as_deref());
        let rows = choice.and_then(|choice| choice.heading_rows);
        headings::find(grid, &title, &self.vocabularies, kind, rows)
    }

    fn skip(&mut self, grid: &Grid, number: u32, text: String) {
        let place = Place::row(self.file, grid.name.as_deref(), number);
        self.model.records.push(&Record { place, outcome: RecordOutcome::Skipped, text, item: None });
    }

    fn without_table(&mut self, grid: &Grid) {
        for row in &grid.rows {
            self.skip(grid, row.number, row.beginning());
        }
        self.model.tables.push(TableRead {
            file: self.file.to_owned(),
            sheet: grid.name.clone(),
            kind: None,
            heading_rows: Vec::new(),
            columns: Vec::new(),
        });
    }

    /// A file without any table: its rows are not passed over in silence.
    fn nothing_found(&mut self) {
        if self.model.records.is_empty() {
            return self.nothing_in();
        }
        let refused = |record| Record { outcome: RecordOutcome::Refused, ..record };
        self.model.records = std::mem::take(&mut self.model.records).into_iter().map(refused).collect();
        let wrong = Said::new(
            "見出しの行が見つからず、何の一覧か分かりません",
            "no row of headings was found, so it is not known what it lists",
        );
        let problem = Problem::new(ProblemKind::Refused, "no_table", Place::file(self.file), "", wrong);
        let advised = if self.file.to_ascii_lowercase().ends_with(".dsl") {
            problem.advising(
                "Structurizrの定義（DSL）は、StructurizrでJSONに書き出して取り込んでください",
                "export a definition of Structurizr (DSL) as JSON with Structurizr, and import that",
            )
        } else {
            problem.advising(
                "種類（例: system）、見出しの行、列の意味を指定してください",
                "say which kind it lists (system, for one), which rows are the heading, and what its columns mean",
            )
        };
        self.model.problems.push(advised);
    }

    fn nothing_in(&mut self) {
        let wrong = Said::new("何も書かれていません", "there is nothing in it");
        let problem = Problem::new(ProblemKind::Refused, "empty_file", Place::file(self.file), "", wrong);
        self.model.problems.push(
            problem.advising("保存し直すか、別のファイルを選んでください", "save it again, or choose another file"),
        );
    }
}

/// What there is to say of a heading without any row below it.
fn no_rows(grid: &Grid, found: &Heading, place: &Place) -> Option<Problem> {
    let place = Place { row: Some(grid.rows[found.last].number), ..place.clone() };
    let wrong = Said::new("見出しの下に行がありません", "there are no rows below the heading");
    let is_last = found.last + 1 == grid.rows.len();
    is_last.then(|| Problem::new(ProblemKind::Notice, "no_rows", place, "", wrong))
}

/// What there is to say of hidden sheets and columns.
fn hidden(grid: &Grid, place: &Place) -> Vec<Problem> {
    let read = |problem: Problem| problem.assuming("ほかと同じく読みました", "it was read like the others");
    let mut problems = Vec::new();
    if grid.is_hidden {
        let wrong = Said::new("非表示のシートです", "the sheet is hidden");
        problems.push(read(Problem::new(ProblemKind::Assumed, "hidden_sheet", place.clone(), "", wrong)));
    }
    for column in &grid.hidden_columns {
        let wrong = Said::new("非表示の列です", "the column is hidden");
        let place = place.in_column(*column as usize);
        problems.push(read(Problem::new(ProblemKind::Notice, "hidden_column", place, "", wrong)));
    }
    problems
}
