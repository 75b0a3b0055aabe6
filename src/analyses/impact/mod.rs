//! If this changes, who is hit, why, and what is not known?
//!
//! The metamodel's impact meanings are followed over states, each an item with an effect, until nothing new
//! follows; of several effects on an item the strongest is shown.

mod coverage;
mod decisions;
mod explaining;
mod facts;
mod findings;
mod headline;
mod probable;
mod propagation;
mod recorded;
mod report;
mod request;
mod rows;
mod rules;
mod search;
mod suitability;
mod summary;
mod unrated;

use rustc_hash::FxHashSet;

pub use coverage::{Coverage, MissingFacts, ProbableItem, UndeterminedStep, UnknownItem, UnratedUse};
pub use report::{
    AffectedItem, DecisionNote, DepartmentImpact, EffectTotal, Figures, Headline, HeadlineAnswer, ImpactReport,
    KindCount, Omitted,
};
pub use request::{ImpactDirection, ImpactRequest};

use super::answer::Basis;
use super::error::AnalysisError;
use super::names::{find_items, find_kinds, summary_of, unknown_word};
use crate::domain::metamodel::Change;
use crate::domain::{Item, Model};
use crate::graph::View;
use explaining::Explainer;
use findings::Finding;
use propagation::Propagation;
use rules::RuleTable;

/// What a change would hit, or what would hit by it.
///
/// Takes time proportional to what is reached and its relationships, and for each listed item to its path.
///
/// # Errors
/// When the question names something that is not there, or a change that means nothing for a subject.
pub fn impact(view: &View, request: &ImpactRequest) -> Result<ImpactReport, AnalysisError> {
    let change = find_change(view, &request.change)?;
    let subjects = find_items(view, "subjects", &request.subjects)?;
    let kinds = find_kinds(view, "kinds", "kind", &request.kinds, |_| true)?;
    let occurs = |kind| view.snapshot().count_of_kind(kind) > 0;
    let table = RuleTable::new(view.metamodel(), &change.name, occurs);
    let mut propagation = Propagation { view, table: &table, subjects: None };
    let keys: Vec<_> = subjects.iter().filter_map(|item| propagation.key(*item)).collect();
    if request.direction == ImpactDirection::Outward {
        propagation.subjects = Some(keys.iter().copied().collect::<FxHashSet<_>>());
    }
    suitability::check(&propagation, request.direction, change, &subjects)?;
    let findings = findings::find(&propagation, &keys, request);
    Ok(assemble(&propagation, request, change, &subjects, kinds.as_deref(), &findings))
}

fn find_change<'v>(view: &'v View, word: &str) -> Result<&'v Change, AnalysisError> {
    let vocabulary = view.metamodel().vocabulary();
    let known = vocabulary.changes.iter().map(|change| &*change.name);
    vocabulary.change(word).ok_or_else(|| unknown_word("change", "change", word, known))
}

fn assemble(
    propagation: &Propagation<'_>,
    request: &ImpactRequest,
    change: &Change,
    subjects: &[Item<'_>],
    kinds: Option<&[bool]>,
    found: &findings::Findings<'_>,
) -> ImpactReport {
    let view = propagation.view;
    let coverage = coverage::coverage(propagation, request, change, subjects, found);
    let (shown, omitted) = select(found, kinds, request.limit);
    let mut explainer = Explainer::new(propagation);
    let affected = findings::affected_items(propagation, &mut explainer, change, found, &shown);
    let by_kind = summary::by_kind(propagation, &found.items);
    let headline = headline::headline(view, request, change, subjects, &by_kind, found, &coverage);
    ImpactReport {
        basis: Basis::of(view),
        change: change.name.clone(),
        change_label: change.label.clone(),
        direction: request.direction,
        subjects: subjects.iter().map(|item| summary_of(view, *item)).collect(),
        headline,
        affected_total: found.items.len(),
        omitted,
        by_department: summary::by_department(propagation, subjects, &found.items),
        totals: summary::totals(propagation, subjects, &found.items),
        by_kind,
        decisions: decisions::decisions(view, subjects, &found.items, &affected),
        coverage,
        affected,
    }
}

/// The findings to list, and how many are not.
fn select<'f>(
    found: &'f findings::Findings<'_>,
    kinds: Option<&[bool]>,
    limit: Option<usize>,
) -> (Vec<&'f Finding<'f>>, Omitted) {
    let fits = |finding: &&Finding<'_>| kinds.is_none_or(|kinds| kinds[finding.item.kind().index()]);
    let mut shown: Vec<&Finding<'_>> = found.items.iter().filter(fits).collect();
    let by_kind = found.items.len() - shown.len();
    let by_limit = shown.len().saturating_sub(limit.unwrap_or(usize::MAX));
    shown.truncate(shown.len() - by_limit);
    (shown, Omitted { by_kind, by_limit, beyond_depth: found.is_cut })
}
