//! The rows of a table, one by one.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::LedgerContext;
use super::columns::{Columns, TableColumn};
use super::references::{self, ReferenceColumn, end_kinds, one_line, tidy_name};
use crate::domain::metamodel::{AttributeType, Kind};
use crate::interchange::ledgers::cells::dates;
use crate::interchange::ledgers::cells::spelling::{heading, name_key, word};
use crate::interchange::ledgers::grid::{Cell, GridRow};
use crate::interchange::ledgers::meaning::Meaning;
use crate::interchange::ledgers::values::{self, CellRead, Column, Remark};
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::read_model::{Ends, ReadItem, ReadModel, Record, RecordOutcome, Statement, Target};
use crate::interchange::source::ReadProgress;

/// After how many rows progress is told.
const PROGRESS_EVERY: u64 = 1_000;

/// How many texts of a column are kept with what they were read as, and how long they may be, in bytes.
const KNOWN_TEXTS: usize = 1_024;
const KNOWN_LENGTH: usize = 256;

/// Reads the rows below a heading.
pub(super) struct Rows<'a, 'm> {
    context: LedgerContext<'a>,
    kind: &'a Kind,
    columns: &'m Columns,
    /// The sheet.
    place: Place,
    model: &'m mut ReadModel,
    /// By column, the last value that stood there.
    above: FxHashMap<usize, Cell>,
    seen: FxHashSet<String>,
    /// By column, what texts were read as: most columns hold few texts, many times each.
    known: FxHashMap<usize, FxHashMap<String, CellRead>>,
    /// How many characters a mark has at most that repeats the cell above.
    longest_mark: usize,
}

/// What becomes of a row.
struct RowRead {
    item: ReadItem,
    problems: Vec<Problem>,
}

impl<'a, 'm> Rows<'a, 'm> {
    pub fn new(
        context: LedgerContext<'a>,
        kind: &'a Kind,
        columns: &'m Columns,
        place: Place,
        model: &'m mut ReadModel,
    ) -> Self {
        let longest_mark = context.dictionary.same.iter().map(|mark| mark.chars().count()).max().unwrap_or(0);
        Self {
            context,
            kind,
            columns,
            place,
            model,
            above: FxHashMap::default(),
            seen: FxHashSet::default(),
            known: FxHashMap::default(),
            longest_mark,
        }
    }

    /// Reads rows, and lets go of each once it is read.
    pub fn read(mut self, rows: Vec<GridRow>) {
        let of = rows.len() as u64;
        for (row, done) in rows.into_iter().zip(0..) {
            if done % PROGRESS_EVERY == 0 {
                (self.context.read.progress)(ReadProgress { done, of });
            }
            self.row(&row);
            self.model.limit_problems(self.context.read.limits.problems);
        }
    }

    fn row(&mut self, row: &GridRow) {
        let place = Place { row: Some(row.number), ..self.place.clone() };
        if let Some((code, why)) = self.says_nothing(row) {
            self.record(row, &place, RecordOutcome::Skipped, None);
            if let Some(why) = why {
                let problem = Problem::new(ProblemKind::Notice, code, place, &row.beginning(), why);
                self.model.problems.push(problem);
            }
            return;
        }
        match self.item(row, &place) {
            Ok(read) => self.keep(row, &place, read),
            Err(problem) => {
                self.record(row, &place, RecordOutcome::Refused, None);
                self.model.problems.push(*problem);
            }
        }
    }

    fn record(&mut self, row: &GridRow, place: &Place, outcome: RecordOutcome, item: Option<usize>) {
        self.model.records.push(&Record { place: place.clone(), outcome, text: row.beginning(), item });
    }

    fn keep(&mut self, row: &GridRow, place: &Place, mut read: RowRead) {
        if row.is_hidden {
            let wrong = Said::new("非表示の行です", "the row is hidden");
            let problem = Problem::new(ProblemKind::Assumed, "hidden_row", place.clone(), &row.beginning(), wrong);
            read.problems.push(problem.assuming("ほかの行と同じく読みました", "it was read like the others"));
        }
        let worst = read.problems.iter().map(|problem| problem.kind).max().unwrap_or(ProblemKind::Notice);
        let outcome = match worst {
            ProblemKind::Notice => RecordOutcome::Read,
            ProblemKind::Assumed => RecordOutcome::Assumed,
            ProblemKind::Question | ProblemKind::Refused => RecordOutcome::Question,
        };
        self.record(row, place, outcome, Some(self.model.items.len()));
        self.model.items.push(&read.item);
        self.model.problems.extend(read.problems);
    }

    /// Sums, repeated headings and notes are no records.
    fn says_nothing(&self, row: &GridRow) -> Option<(&'static str, Option<Said>)> {
        let mut held = row.cells.iter().filter(|cell| !cell.is_empty());
        let total = &self.context.dictionary.total;
        let named = self.columns.all.iter().filter(|column| self.is_name(column) || column.place == 0);
        let is_total = named.map(|column| word(&row.cell(column.place).text())).any(|text| total.contains(&text));
        let first = held.next();
        let first_is_total = first.is_some_and(|cell| total.contains(&word(&cell.text())));
        if is_total || first_is_total {
            return Some(("total_row", Some(Said::new("合計の行です", "it is a row of sums"))));
        }
        let repeats = |column: &TableColumn| heading(&row.cell(column.place).text()) == heading(&column.heading);
        if self.columns.all.len() > 1 && self.columns.all.iter().all(repeats) {
            return Some(("repeated_heading", None));
        }
        let is_note = held.next().is_none() && first.is_some_and(starts_a_note);
        is_note.then(|| ("note_row", Some(Said::new("注記の行です", "it is a note"))))
    }

    fn is_name(&self, column: &TableColumn) -> bool {
        match &column.meaning {
            Some(Meaning::Name) => true,
            Some(Meaning::Attribute { name, .. }) => self.naming_attribute().is_some_and(|held| held == name),
            _ => false,
        }
    }

    fn naming_attribute(&self) -> Option<&str> {
        let crate::domain::metamodel::Naming::Attribute(name) = &self.kind.naming else { return None };
        self.kind.attribute(*name).map(|definition| &*definition.text)
    }

    fn item(&mut self, row: &GridRow, place: &Place) -> Result<RowRead, Box<Problem>> {
        let mut read = RowRead { item: ReadItem::new(&*self.kind.name, place.clone()), problems: Vec::new() };
        let (mut source, mut target) = (None, None);
        let columns = self.columns;
        for column in &columns.all {
            let Some(meaning) = &column.meaning else { continue };
            let at = Place { column: Some(Arc::clone(&column.letter)), ..place.clone() };
            let cell = self.cell(row, column, &at, &mut read.problems);
            match meaning {
                Meaning::Id => read.item.id = text_of(&cell),
                Meaning::Name => read.item.name = text_of(&cell).map(|text| tidy_name(&text)),
                Meaning::Source => source = self.end(&cell, true),
                Meaning::Target => target = self.end(&cell, false),
                Meaning::Ignored(_) => {}
                Meaning::Span { from, to } => self.span(&cell, (from, to), &at, &mut read),
                Meaning::Attribute { .. } => self.attribute(&cell, column, meaning, &at, &mut read),
            }
        }
        self.identify(row, place, &mut read, source, target)?;
        Ok(read)
    }

    /// The cell, or the one above where an empty cell or a mark repeats it.
    fn cell(&mut self, row: &GridRow, column: &TableColumn, at: &Place, problems: &mut Vec<Problem>) -> Cell {
        let cell = row.cell(column.place);
        let repeats = self.is_mark(cell);
        if !cell.is_empty() && !repeats {
            if self.above.get(&column.place) != Some(cell) {
                self.above.insert(column.place, cell.clone());
            }
            return cell.clone();
        }
        let above = self.above.get(&column.place);
        match above {
            Some(above) if repeats => above.clone(),
            Some(above) if column.carry_down => {
                let wrong = Said::new("空欄です", "the cell is empty");
                let text = above.text();
                let problem = Problem::new(ProblemKind::Assumed, "carried_down", at.clone(), "", wrong);
                problems.push(problem.assuming(
                    format!("上の行の「{text}」が続くとしました"),
                    format!("\"{text}\" of the rows above was taken to go on"),
                ));
                above.clone()
            }
            _ => Cell::Empty,
        }
    }

    /// Whether a cell holds a mark that repeats the one above; spaces and half-width letters make it longer.
    fn is_mark(&self, cell: &Cell) -> bool {
        let text = cell.text();
        text.trim().chars().count() <= 4 * self.longest_mark && self.context.dictionary.same.contains(&word(&text))
    }

    fn end(&self, cell: &Cell, at_source: bool) -> Option<Target> {
        let text = one_line(&text_of(cell)?);
        let kinds = end_kinds(self.context.read.metamodel, self.kind, at_source);
        let canonical = kinds.iter().map(|kind| self.context.dictionary.canonical(kind, &text));
        let name = canonical.into_iter().find(|name| *name != text).unwrap_or(&text).to_owned();
        Some(Target::Name(name))
    }

    fn span(&self, cell: &Cell, (from, to): (&str, &str), at: &Place, read: &mut RowRead) {
        let text = cell.text();
        let (first, last) = match dates::span(&text) {
            Some(both) => both,
            None if cell.is_empty() => (String::new(), String::new()),
            None => {
                let wrong = Said::new("期間として読めません", "it does not read as a span of days");
                let problem = Problem::new(ProblemKind::Question, "not_a_span", at.clone(), &text, wrong);
                read.problems.push(problem.assuming("取り込みません", "it is not imported"));
                return;
            }
        };
        for (name, text) in [(from, first), (to, last)] {
            let Some(definition) = self.kind.attribute_named(name) else { continue };
            let column = Column { heading: "", definition, values: &[], dictionary: self.context.dictionary };
            let cell_read = values::read(&Cell::of(&text), column);
            push(read, name, cell_read, at, &text);
        }
    }

    fn attribute(&mut self, cell: &Cell, column: &TableColumn, meaning: &Meaning, at: &Place, read: &mut RowRead) {
        let Meaning::Attribute { name, with, suffix, values } = meaning else { return };
        let Some(definition) = self.kind.attribute_named(name) else { return };
        let text = cell.text();
        if let AttributeType::Reference(reference) = &definition.value_type {
            let column = ReferenceColumn { reference, with, suffix: suffix.as_deref(), place: at };
            let statement = references::read(&text, self.context, column);
            return put(&mut read.item, name, statement);
        }
        let is_name = self.is_name(column);
        let place = column.place;
        let column = Column { heading: &column.heading, definition, values, dictionary: self.context.dictionary };
        let mut cell_read = self.cell_read(place, cell, &text, column);
        if is_name && let Statement::Value(serde_json::Value::String(text)) = &mut cell_read.statement {
            *text = tidy_name(text);
        }
        push(read, name, cell_read, at, &text);
    }

    /// What a cell says; a text that stood in the column before says the same again.
    fn cell_read(&mut self, place: usize, cell: &Cell, text: &str, column: Column<'_>) -> CellRead {
        // A number and a day are read otherwise than the text that looks like them.
        if !matches!(cell, Cell::Text(_) | Cell::Empty) {
            return values::read(cell, column);
        }
        let known = self.known.entry(place).or_default();
        if let Some(held) = known.get(text) {
            return held.clone();
        }
        let read = values::read(cell, column);
        if known.len() < KNOWN_TEXTS && text.len() <= KNOWN_LENGTH {
            known.insert(text.to_owned(), read.clone());
        }
        read
    }

    /// Gives the item what it is known by, or refuses a row that names nothing.
    fn identify(
        &mut self,
        row: &GridRow,
        place: &Place,
        read: &mut RowRead,
        source: Option<Target>,
        target: Option<Target>,
    ) -> Result<(), Box<Problem>> {
        let item = &mut read.item;
        let key = if self.kind.is_relationship() {
            let (Some(source), Some(target)) = (source, target) else { return Err(no_end(row, place)) };
            let key = relationship_key(&source, &target, item);
            item.ends = Some(Ends { source, target });
            key
        } else {
            let naming = self.naming_attribute().map(str::to_owned);
            let held = naming.as_deref().and_then(|name| item.field(name)).and_then(|statement| match statement {
                Statement::Value(serde_json::Value::String(text)) => Some(text.clone()),
                _ => None,
            });
            let name = item.name.clone().or(held);
            match (&item.id, name) {
                (None, None) => return Err(no_name(row, place)),
                (_, name) => format!("name:{}", name_key(&name.unwrap_or_default())),
            }
        };
        let key = item.id.as_ref().map_or(key, |id| format!("id:{id}"));
        let key = if self.kind.is_relationship() { self.numbered(key) } else { key };
        if !self.seen.insert(key.clone()) {
            return Err(twice(row, place));
        }
        item.source_id = Some(key);
        Ok(())
    }

    /// Several relationships between the same two items are several.
    fn numbered(&self, key: String) -> String {
        let taken = |key: &String| self.seen.contains(key);
        if !taken(&key) {
            return key;
        }
        let most = self.seen.len() + 2;
        (2..=most).map(|number| format!("{key}#{number}")).find(|key| !taken(key)).unwrap_or(key)
    }
}

fn starts_a_note(cell: &Cell) -> bool {
    let text = cell.text();
    let text = text.trim_start();
    ["※", "*", "注", "（注", "(注", "＊"].iter().any(|mark| text.starts_with(mark))
}

fn text_of(cell: &Cell) -> Option<String> {
    let text = cell.text();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn relationship_key(source: &Target, target: &Target, item: &ReadItem) -> String {
    let text = |target: &Target| match target {
        Target::Named(named) => name_key(&named.name),
        Target::Id(text) | Target::Source(text) | Target::Name(text) => name_key(text),
    };
    let said: Vec<String> = item
        .fields
        .iter()
        .filter_map(|(name, statement)| match statement {
            Statement::References(all) => {
                Some(format!("{name}={}", all.iter().map(|one| text(&one.target)).collect::<Vec<_>>().join(",")))
            }
            _ => None,
        })
        .collect();
    format!("from:{}>to:{}>{}", text(source), text(target), said.join(";"))
}

/// Adds a statement; references of several columns add up, and what says more wins over what says less.
fn put(item: &mut ReadItem, name: &str, statement: Statement) {
    let Some((_, held)) = item.fields.iter_mut().find(|(held, _)| held == name) else {
        item.fields.push((name.to_owned(), statement));
        return;
    };
    match (&mut *held, statement) {
        (Statement::References(all), Statement::References(more)) => all.extend(more),
        (Statement::References(_), _) => {}
        (Statement::Blank, other) | (_, other @ (Statement::References(_) | Statement::Value(_))) => *held = other,
        _ => {}
    }
}

fn push(read: &mut RowRead, name: &str, cell: CellRead, at: &Place, text: &str) {
    put(&mut read.item, name, cell.statement);
    for Remark { code, wrong, assumed } in cell.remarks {
        let kind = if assumed.is_some() { ProblemKind::Assumed } else { ProblemKind::Question };
        let mut problem = Problem::new(kind, code, at.clone(), text, wrong);
        problem.assumed = assumed.or_else(|| Some(Said::new("この欄は取り込みません", "the cell is not imported")));
        if kind == ProblemKind::Question {
            problem = problem
                .advising("元の表を直すか、取込後に入力してください", "mend the table, or enter it after the import");
        }
        read.problems.push(problem);
    }
}

fn no_name(row: &GridRow, place: &Place) -> Box<Problem> {
    let wrong = Said::new("名称もIDもない行です", "the row has neither a name nor an id");
    let problem = Problem::new(ProblemKind::Refused, "no_name", place.clone(), &row.beginning(), wrong);
    Box::new(problem.advising("名称を書くか、行を消してください", "write a name, or remove the row"))
}

fn no_end(row: &GridRow, place: &Place) -> Box<Problem> {
    let wrong = Said::new("どこからどこへの関係か書かれていません", "it does not say from where to where it runs");
    let problem = Problem::new(ProblemKind::Refused, "no_end", place.clone(), &row.beginning(), wrong);
    Box::new(problem.advising("両端の名称を書いてください", "write the names of both ends"))
}

fn twice(row: &GridRow, place: &Place) -> Box<Problem> {
    let wrong = Said::new("同じ名称又はIDの行が前にあります", "an earlier row has the same name or id");
    let problem = Problem::new(ProblemKind::Refused, "said_twice", place.clone(), &row.beginning(), wrong);
    Box::new(problem.advising(
        "同じものなら行を一つにし、別のものなら名称かIDを分けてください",
        "if they are one thing, make it one row; if not, tell them apart by name or id",
    ))
}
