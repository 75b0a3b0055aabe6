//! What probably depends on something that nothing is recorded to depend on.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::analyses::names::{kind_name, summary_of};
use crate::domain::description::describe_attribute;
use crate::domain::metamodel::{AttributeName, KindId, ProbableDependents};
use crate::domain::{Identifier, Item, Model};
use crate::graph::View;

use super::coverage::ProbableItem;
use super::findings::Findings;
use super::request::ImpactDirection;

/// What shares with the unknown items what the metamodel says is telling; neither subjects nor what is
/// known to be affected. Takes time proportional to the number of items of the kinds concerned.
pub(super) fn probable(
    view: &View,
    direction: ImpactDirection,
    unknown: &[(Item<'_>, bool)],
    subjects: &[Item<'_>],
    found: &Findings<'_>,
) -> Vec<ProbableItem> {
    if unknown.is_empty() {
        return Vec::new();
    }
    let affected = found.items.iter().map(|finding| finding.item.id());
    let known: FxHashSet<&Identifier> = subjects.iter().map(|item| item.id()).chain(affected).collect();
    let mut likely = Vec::new();
    for (item, _) in unknown {
        for rule in &view.metamodel().vocabulary().probable_dependents {
            let (kinds, sharing) = match direction {
                ImpactDirection::Outward => (&rule.subject, &rule.item),
                ImpactDirection::Inward => (&rule.item, &rule.subject),
            };
            if kinds.iter().any(|kind| view.metamodel().is_a(item.kind(), *kind)) {
                likely.extend(sharers(view, *item, rule, sharing, &known));
            }
        }
    }
    likely
}

fn sharers(
    view: &View,
    item: Item<'_>,
    rule: &ProbableDependents,
    kinds: &[KindId],
    known: &FxHashSet<&Identifier>,
) -> Vec<ProbableItem> {
    let Some(shared) = value(view, item, rule.same) else {
        return Vec::new();
    };
    let metamodel = view.metamodel();
    let mut concerned: Vec<KindId> = kinds.iter().flat_map(|kind| metamodel.descendants(*kind)).collect();
    concerned.sort_by_key(|kind| kind_name(view, *kind));
    concerned.dedup();
    let others = concerned.iter().flat_map(|kind| view.items_of_kinds(&[*kind], None));
    others
        .filter(|other| !known.contains(other.id()) && value(view, *other, rule.same).as_ref() == Some(&shared))
        .map(|other| ProbableItem {
            item: summary_of(view, other),
            of: item.id().to_string(),
            same: Arc::clone(metamodel.attribute_text(rule.same)),
            value: shared.as_str().map_or_else(|| shared.to_string(), str::to_owned),
            why: rule.label.clone(),
        })
        .collect()
}

/// An attribute's value, or the ids that a reference points to.
fn value(view: &View, item: Item<'_>, name: AttributeName) -> Option<serde_json::Value> {
    let definition = view.metamodel().kind(item.kind()).attribute(name)?;
    describe_attribute(view, item, definition)
}
