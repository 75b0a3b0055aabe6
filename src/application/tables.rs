//! The model as a workbook or as delimited text, for people who work in a spreadsheet.

use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{Kind, KindId};
use crate::graph::View;
use crate::interchange::ledgers::writing::{self, Sheet, WorkbookOptions, WorkbookRefused};
use crate::interchange::native::ItemsByKind;

/// What is written, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableRequest {
    /// Kinds by name, those that specialise them included; all when empty.
    pub kinds: Vec<String>,
    /// Whether days are shown in the Japanese calendar.
    pub japanese_calendar: bool,
}

/// Why a table is not written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There is no such kind.
    #[error("there is no kind {0:?}{1}")]
    UnknownKind(String, String),
    /// Delimited text holds one kind.
    #[error("CSV holds one kind: say which with `kinds` (found: {0})")]
    OneKind(String),
    /// It does not fit into a workbook.
    #[error(transparent)]
    Workbook(#[from] WorkbookRefused),
}

/// A workbook with a sheet a kind. Read again after somebody edited it, it comes to exactly the edits.
///
/// # Errors
/// [`TableError`].
pub fn to_workbook(view: &View, request: &TableRequest) -> Result<Vec<u8>, TableError> {
    let options = WorkbookOptions {
        japanese_calendar: request.japanese_calendar,
        revision: view.revision(),
        hash: view.snapshot().hash().to_owned(),
        ids: Vec::new(),
    };
    Ok(writing::write(&sheets(view, request)?, &options)?)
}

/// One kind as delimited text with the mark by which spreadsheets recognise UTF-8. No cell is a formula.
///
/// # Errors
/// [`TableError`].
pub fn to_csv(view: &View, request: &TableRequest) -> Result<String, TableError> {
    let sheets = sheets(view, request)?;
    let [sheet] = &sheets[..] else {
        let found: Vec<&str> = sheets.iter().map(|sheet| sheet.kind.as_str()).collect();
        return Err(TableError::OneKind(found.join(", ")));
    };
    Ok(crate::reports::rows_to_csv(rows(sheet, request.japanese_calendar)))
}

fn rows(sheet: &Sheet, japanese_calendar: bool) -> Vec<Vec<String>> {
    let is_seen = |place: &usize| !sheet.columns[*place].is_hidden || *place == 0;
    let seen: Vec<usize> = (0..sheet.columns.len()).filter(is_seen).collect();
    let heading = seen.iter().map(|place| sheet.columns[*place].heading.clone()).collect();
    let text = |row: &Vec<writing::OutCell>, place: usize| {
        writing::text_of_cell(&row.get(place).map(|cell| cell.text(japanese_calendar)).unwrap_or_default())
    };
    let cells = |row: &Vec<writing::OutCell>| seen.iter().map(|place| text(row, *place)).collect();
    std::iter::once(heading).chain(sheet.rows.iter().map(cells)).collect()
}

fn sheets(view: &View, request: &TableRequest) -> Result<Vec<Sheet>, TableError> {
    let metamodel = view.metamodel();
    let wanted = wanted(view, request)?;
    let items = |kind: &Kind| (kind.id, view.items_of_kinds(&[kind.id], None).collect::<Vec<Item<'_>>>());
    let held = metamodel.kinds().iter().filter(|kind| wanted.contains(&kind.id)).map(items).collect();
    let snapshot: &dyn Model = &**view.snapshot();
    Ok(writing::sheets(snapshot, &ItemsByKind(held)))
}

/// The kinds that are written: those asked for, else all but records.
fn wanted(view: &View, request: &TableRequest) -> Result<Vec<KindId>, TableError> {
    let metamodel = view.metamodel();
    if request.kinds.is_empty() {
        let records = metamodel.kind_named("record").map(|kind| kind.id);
        let is_record = |kind: &&Kind| records.is_some_and(|records| metamodel.is_a(kind.id, records));
        return Ok(metamodel.kinds().iter().filter(|kind| !is_record(kind)).map(|kind| kind.id).collect());
    }
    let mut wanted = Vec::new();
    for name in &request.kinds {
        let kind = metamodel.kind_named(name).or_else(|| metamodel.kind_of_collection(name));
        let kind = kind.ok_or_else(|| TableError::UnknownKind(name.clone(), metamodel.kind_hint(name)))?;
        wanted.extend(metamodel.descendants(kind.id));
    }
    Ok(wanted)
}
