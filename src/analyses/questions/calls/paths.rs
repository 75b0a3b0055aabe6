//! Questions about ways between items.

use super::{Gathered, request};
use crate::analyses::paths::{FoundPath, PathsEnded, paths};
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::domain::Localized;

/// Ways, step by step.
pub(super) fn columns() -> Vec<SheetColumn> {
    vec![
        SheetColumn::new("path", "経路", "Path"),
        SheetColumn::new("step", "段", "Step"),
        SheetColumn::new("from", "元", "From"),
        SheetColumn::new("to", "先", "To"),
        SheetColumn::new("text", "説明", "Relationship"),
    ]
}

pub(super) fn run(asking: &Asking<'_>, json: &serde_json::Value) -> Result<Gathered, QuestionError> {
    let report = paths(asking.view, &request(json)?)?;
    let is_cut = report.ended != PathsEnded::Complete;
    let nothing = report.paths.is_empty();
    let remark = Localized::ja_en(
        "記録されていない連携があれば、ほかの経路もあり得る。",
        "There may be other ways over flows that nobody has recorded.",
    );
    Ok(Gathered {
        columns: columns(),
        rows: report.paths.iter().enumerate().flat_map(|(number, path)| rows(number, path)).collect(),
        sentence: Some(report.sentence.clone()),
        is_unknown: nothing || is_cut,
        judged: report.paths.len(),
        remarks: if nothing || is_cut { vec![remark] } else { Vec::new() },
        ..Gathered::default()
    })
}

fn rows(number: usize, path: &FoundPath) -> Vec<Vec<SheetCell>> {
    let steps = path.steps.iter().enumerate();
    steps
        .map(|(place, step)| {
            let end = |place: usize| path.items.get(place).cloned().map_or(SheetCell::Empty, SheetCell::Item);
            vec![
                SheetCell::count(number + 1),
                SheetCell::count(place + 1),
                end(place),
                end(place + 1),
                SheetCell::localized(step.text.clone()),
            ]
        })
        .collect()
}
