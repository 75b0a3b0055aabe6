//! Questions about what feeds an item.

use super::{Gathered, request};
use crate::analyses::names::summary_of;
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::analyses::upstream::{FeedingFlow, upstream};
use crate::domain::{Localized, Model};
use crate::graph::View;

/// Flows, the nearest first.
pub(super) fn columns() -> Vec<SheetColumn> {
    vec![
        SheetColumn::new("hop", "段", "Hop"),
        SheetColumn::new("source", "元", "Source"),
        SheetColumn::new("target", "先", "Target"),
        SheetColumn::new("method", "方式", "Method"),
        SheetColumn::new("data", "情報", "Data"),
        SheetColumn::new("text", "説明", "Flow"),
    ]
}

pub(super) fn run(asking: &Asking<'_>, json: &serde_json::Value) -> Result<Gathered, QuestionError> {
    let report = upstream(asking.view, &request(json)?)?;
    let left = report.left_out.total;
    let remark = Localized::ja_en(
        &format!("このほかの方式の連携{left}件はたどっていない。"),
        &format!("{left} flows by other methods were not followed."),
    );
    Ok(Gathered {
        columns: columns(),
        rows: report.flows.iter().map(|flow| row(asking.view, flow)).collect(),
        sentence: Some(report.sentence.clone()),
        is_unknown: !report.is_known,
        judged: report.flows.len(),
        remarks: if left > 0 { vec![remark] } else { Vec::new() },
        ..Gathered::default()
    })
}

fn row(view: &View, flow: &FeedingFlow) -> Vec<SheetCell> {
    let item = |id: &str| view.item(id).map_or(SheetCell::Empty, |item| SheetCell::Item(summary_of(view, item)));
    let data = flow.data.iter().filter_map(|id| view.item(id)).map(|item| summary_of(view, item));
    vec![
        SheetCell::count(flow.hop),
        item(&flow.source),
        item(&flow.target),
        flow.method.as_deref().map_or(SheetCell::Empty, |code| method(view, flow, code)),
        SheetCell::items(data.collect()),
        SheetCell::localized(flow.text.clone()),
    ]
}

/// The method by its label.
fn method(view: &View, flow: &FeedingFlow, code: &str) -> SheetCell {
    let kind = view.item(&flow.id).map(|item| view.metamodel().kind(item.kind()));
    let held = kind.and_then(|kind| kind.attribute_named("method")).and_then(|held| held.enumeration());
    let label = |language| held.map_or(code, |held| held.label(code, language));
    SheetCell::localized(Localized::ja_en(label("ja"), label("en")))
}
