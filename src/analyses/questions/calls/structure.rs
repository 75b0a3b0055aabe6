//! Questions about the structure of the model.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Gathered, request};
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::analyses::structure::{Cell, ask, question};

/// A question about structure and what it is asked with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    question: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

pub(super) fn run(asking: &Asking<'_>, json: &serde_json::Value) -> Result<Gathered, QuestionError> {
    let wanted: Wanted = request(json)?;
    let found = question(&wanted.question)
        .ok_or_else(|| QuestionError::UnknownQuestion { id: wanted.question.clone(), suggestion: None })?;
    let report = ask(found, asking.view, asking.rules.terms(), &wanted.parameters)?;
    let columns = report.columns.iter();
    Ok(Gathered {
        columns: columns
            .map(|column| SheetColumn { key: column.key.to_string(), label: column.label.clone() })
            .collect(),
        rows: report.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
        sentence: Some(report.sentence),
        judged: report.coverage.judged,
        remarks: report.coverage.unknown,
        ..Gathered::default()
    })
}

fn cell(cell: Cell) -> SheetCell {
    match cell {
        Cell::Nothing => SheetCell::Empty,
        Cell::Text(text) => SheetCell::text(text),
        Cell::Words(words) => SheetCell::localized(words),
        Cell::Integer(number) => SheetCell::Integer(number),
        Cell::Number(number) => SheetCell::Number(number),
        Cell::Boolean(truth) => SheetCell::Boolean(truth),
        Cell::Date(date) => SheetCell::Date(date),
        Cell::Item(item) => SheetCell::Item(item),
        Cell::Items(items) => SheetCell::items(items),
    }
}
