//! Questions about a change.

use std::sync::Arc;

use super::{Gathered, request};
use crate::analyses::ItemSummary;
use crate::analyses::impact::{AffectedItem, Coverage, HeadlineAnswer, ImpactReport, impact};
use crate::analyses::names::summary_of;
use crate::analyses::questions::answer::Unjudged;
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::domain::{Localized, Model};
use crate::graph::View;

/// Whom a change hits.
pub(super) fn columns() -> Vec<SheetColumn> {
    vec![
        SheetColumn::new("item", "影響を受けるもの", "Affected"),
        SheetColumn::new("kind", "種類", "Kind"),
        SheetColumn::new("effect", "影響", "Effect"),
        SheetColumn::new("department", "所管課", "Department"),
        SheetColumn::new("rto_hours", "目標復旧時間", "RTO (hours)"),
        SheetColumn::new("volume_per_year", "年間件数", "Cases a year"),
        SheetColumn::new("reason", "理由", "Why"),
    ]
}

pub(super) fn run(asking: &Asking<'_>, json: &serde_json::Value) -> Result<Gathered, QuestionError> {
    let report = impact(asking.view, &request(json)?)?;
    Ok(Gathered {
        columns: columns(),
        rows: report.affected.iter().map(|item| row(asking.view, item)).collect(),
        sentence: Some(report.headline.sentence.clone()),
        is_unknown: report.headline.answer == HeadlineAnswer::Unknown,
        judged: report.coverage.complete_items,
        unjudged: unjudged(asking.view, &report.coverage),
        remarks: remarks(&report),
    })
}

fn row(view: &View, item: &AffectedItem) -> Vec<SheetCell> {
    let kind = view.metamodel().kind_named(&item.kind).map(|kind| kind.label.clone()).unwrap_or_default();
    let summary = ItemSummary { id: item.id.clone(), kind: Arc::clone(&item.kind), name: item.name.clone() };
    let fact = |name: &str| item.facts.get(name).and_then(serde_json::Value::as_i64).map(SheetCell::Integer);
    let rto = fact("continuity.rto_hours").or_else(|| fact("availability.rto_hours")).or_else(|| fact("rto_hours"));
    let department = item.facts.get("owner_department").and_then(|id| view.item(id.as_str()?));
    vec![
        SheetCell::Item(summary),
        SheetCell::localized(kind),
        SheetCell::localized(item.effect_label.clone()),
        department.map_or(SheetCell::Empty, |held| SheetCell::Item(summary_of(view, held))),
        rto.unwrap_or_default(),
        fact("volume_per_year").unwrap_or_default(),
        SheetCell::localized(item.sentence.clone()),
    ]
}

/// What of the affected items is not recorded, attribute by attribute.
fn unjudged(view: &View, coverage: &Coverage) -> Vec<Unjudged> {
    let mut found: Vec<Unjudged> = Vec::new();
    for missing in &coverage.missing {
        for attribute in &missing.attributes {
            let held = found.iter_mut().find(|held| held.lacks == *attribute && held.of == missing.item.kind);
            if let Some(held) = held {
                held.count += 1;
                if held.examples.len() < 5 {
                    held.examples.push(missing.item.id.clone());
                }
                continue;
            }
            let kind = view.metamodel().kind_named(&missing.item.kind);
            let label = kind.and_then(|kind| kind.attribute_named(attribute)).map(|held| held.label.clone());
            found.push(Unjudged {
                of: Arc::clone(&missing.item.kind),
                lacks: attribute.clone(),
                label: label.unwrap_or_else(|| Localized::ja_en(attribute, attribute)),
                count: 1,
                examples: vec![missing.item.id.clone()],
            });
        }
    }
    found
}

/// What the report could not decide.
fn remarks(report: &ImpactReport) -> Vec<Localized> {
    let coverage = &report.coverage;
    let unknown = coverage.unknown.iter().map(|held| held.sentence.clone());
    let unrated = coverage.use_without_role.iter().map(|held| held.sentence.clone());
    let counted = |count: usize, ja: &str, en: &str| {
        (count > 0).then(|| Localized::ja_en(&format!("{count}{ja}"), &format!("{count} {en}")))
    };
    let undetermined = counted(
        coverage.undetermined.len(),
        "件の関係は、影響するかどうかを決める属性が記録されていない。",
        "relationships lack the attribute that decides whether they matter.",
    );
    let silent = counted(
        coverage.without_dependents_total,
        "件は、依存するものが記録されていないため、その先は不明である。",
        "affected items have no dependents on record, so what lies beyond them is unknown.",
    );
    unknown.chain(unrated).chain(undetermined).chain(silent).collect()
}
