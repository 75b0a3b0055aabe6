//! What an answer about a change does not know.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::analyses::ItemSummary;
use crate::analyses::names::{LANGUAGES, kind_name, summary_of, words_of};
use crate::domain::metamodel::{Change, KindId};
use crate::domain::naming::fill;
use crate::domain::{Item, Localized, Model};

use super::facts::Facts;
use super::findings::Findings;
use super::probable;
use super::propagation::{Propagation, State};
use super::recorded::Proofs;
use super::request::{ImpactDirection, ImpactRequest};
use super::rules::StateIndex;

/// What the answer does not know, the subjects first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    /// Whether a dependency is recorded for every subject, and for every hub that was reached.
    pub subject_known: bool,
    /// Subjects and reached hubs for which none is.
    pub unknown: Vec<UnknownItem>,
    /// What probably depends on them (asked inward: on what they probably depend).
    pub probable_dependents: Vec<ProbableItem>,
    /// What would follow if an attribute of a relationship were recorded.
    pub undetermined: Vec<UndeterminedStep>,
    /// Subjects and affected items that lack attributes which the answer draws on, as many as are listed.
    pub missing: Vec<MissingFacts>,
    /// Uses that are recorded without saying how much they matter.
    pub use_without_role: Vec<UnratedUse>,
    /// Affected items of which one would expect that something depends on them, and nothing is recorded to, as
    /// many as are listed.
    pub without_dependents: Vec<ItemSummary>,
    /// How many there are, listed or not.
    pub without_dependents_total: usize,
    /// How many subjects and affected items there are.
    pub items: usize,
    /// How many of them lack none of the attributes that the answer draws on.
    pub complete_items: usize,
}

/// An item for which nothing records a dependency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnknownItem {
    /// The item.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// Whether it was reached rather than asked about.
    pub is_reached: bool,
    /// What is not known.
    pub sentence: Localized,
}

/// What probably depends on an item for which nothing is recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbableItem {
    /// What probably depends.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// The id of that on which it probably depends.
    pub of: String,
    /// The attribute that both share.
    pub same: Arc<str>,
    /// What they share.
    pub value: String,
    /// Why it is probable.
    pub why: Localized,
}

/// A step that cannot be decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UndeterminedStep {
    /// The relationship.
    pub relationship: String,
    /// Its kind.
    pub kind: Arc<str>,
    /// The attribute that is not recorded.
    pub attribute: Arc<str>,
    /// What would act.
    pub from: String,
    /// What would be acted on.
    pub to: String,
    /// The effect it might have.
    pub effect: Arc<str>,
    /// The relationship in words.
    pub text: Localized,
}

/// An item that lacks attributes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingFacts {
    /// The item.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// The attributes that are not recorded, by full name.
    pub attributes: Vec<String>,
}

/// A use that is recorded without saying how much it matters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnratedUse {
    /// What uses it, through its parts.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// The ids of the parts that name it.
    pub parts: Vec<String>,
    /// The id of what is used.
    pub uses: String,
    /// What this gap is called.
    pub label: Localized,
    /// The gap in a sentence.
    pub sentence: Localized,
}

/// Looks for the gaps in what was found.
pub(super) fn coverage(
    propagation: &Propagation<'_>,
    request: &ImpactRequest,
    change: &Change,
    subjects: &[Item<'_>],
    found: &Findings<'_>,
) -> Coverage {
    let (direction, limit) = (request.direction, request.limit);
    let proofs = Proofs::new(propagation, &change.name, direction);
    let mut unknown: Vec<(Item<'_>, bool)> = Vec::new();
    unknown.extend(unknown_subjects(propagation, &proofs, subjects));
    let (hubs, without) = match direction {
        ImpactDirection::Outward => dependents_not_recorded(propagation, &proofs, found),
        ImpactDirection::Inward => (Vec::new(), Vec::new()),
    };
    unknown.extend(hubs.into_iter().map(|hub| (hub, true)));
    let view = propagation.view;
    let most = limit.unwrap_or(usize::MAX);
    let (missing, incomplete_items) = missing_facts(propagation, change, subjects, found, most);
    let items = subjects.len() + found.items.len();
    Coverage {
        subject_known: unknown.is_empty(),
        probable_dependents: probable::probable(view, direction, &unknown, subjects, found),
        unknown: unknown
            .into_iter()
            .map(|(item, reached)| unknown_item(propagation, direction, item, reached))
            .collect(),
        undetermined: undetermined(propagation, found),
        complete_items: items - incomplete_items,
        items,
        missing,
        use_without_role: super::unrated::unrated_uses(propagation, direction, change, subjects, found),
        without_dependents_total: without.len(),
        without_dependents: without.into_iter().take(most).map(|item| summary_of(view, item)).collect(),
    }
}

fn unknown_subjects<'s>(
    propagation: &Propagation<'_>,
    proofs: &Proofs<'_, '_>,
    subjects: &[Item<'s>],
) -> Vec<(Item<'s>, bool)> {
    let is_unknown = |item: &&Item<'_>| propagation.key(**item).is_none_or(|key| !proofs.of_subject(key));
    subjects.iter().filter(is_unknown).map(|item| (*item, false)).collect()
}

/// Reached items on which something should depend and nothing is recorded to: hubs, and others.
///
/// A hub is an item of a kind whose dependents the metamodel can guess.
fn dependents_not_recorded<'a>(
    propagation: &Propagation<'a>,
    proofs: &Proofs<'_, 'a>,
    found: &Findings<'a>,
) -> (Vec<Item<'a>>, Vec<Item<'a>>) {
    let metamodel = propagation.view.metamodel();
    let guesses = &metamodel.vocabulary().probable_dependents;
    let is_hub = |kind: KindId| guesses.iter().any(|rule| rule.subject.iter().any(|hub| metamodel.is_a(kind, *hub)));
    let mut expected: FxHashMap<(KindId, StateIndex), bool> = FxHashMap::default();
    let (mut hubs, mut others) = (Vec::new(), Vec::new());
    for finding in &found.items {
        let State { state, .. } = finding.state;
        let kind = finding.item.kind();
        let is_expected = *expected.entry((kind, state)).or_insert_with(|| proofs.is_expected(kind, state));
        if is_expected && !proofs.of_state(finding.state) {
            let list = if is_hub(kind) { &mut hubs } else { &mut others };
            list.push(finding.item);
        }
    }
    (hubs, others)
}

fn unknown_item(
    propagation: &Propagation<'_>,
    direction: ImpactDirection,
    item: Item<'_>,
    is_reached: bool,
) -> UnknownItem {
    let summary = summary_of(propagation.view, item);
    let template = match direction {
        ImpactDirection::Outward => {
            Localized::ja_en("「{item}」に依存するものが記録されていない。", "Nothing is recorded to depend on {item}.")
        }
        ImpactDirection::Inward => Localized::ja_en(
            "「{item}」が何に依存するかが記録されていない。",
            "Nothing is recorded on which {item} depends.",
        ),
    };
    let [ja, en] = LANGUAGES.map(|language| fill(template.get(language), &[("item", summary.name.get(language))]));
    UnknownItem { item: summary, is_reached, sentence: Localized::ja_en(&ja, &en) }
}

/// The first items that lack facts, and how many lack some.
fn missing_facts(
    propagation: &Propagation<'_>,
    change: &Change,
    subjects: &[Item<'_>],
    found: &Findings<'_>,
    most: usize,
) -> (Vec<MissingFacts>, usize) {
    let facts = Facts::new(propagation.view, &change.name);
    let subjects = subjects.iter().map(|item| (*item, propagation.key(*item).and_then(Propagation::node)));
    let reached = found.items.iter().map(|finding| (finding.item, Propagation::node(finding.state.item)));
    let (mut missing, mut count) = (Vec::new(), 0);
    for (item, node) in subjects.chain(reached).filter(|(item, node)| !facts.are_complete(*item, *node)) {
        count += 1;
        if missing.len() < most {
            let attributes = facts.missing(item, node);
            missing.push(MissingFacts { item: summary_of(propagation.view, item), attributes });
        }
    }
    (missing, count)
}

/// The steps that wait for an attribute; what is reached in another way with the same effect does not wait.
fn undetermined(propagation: &Propagation<'_>, found: &Findings<'_>) -> Vec<UndeterminedStep> {
    let view = propagation.view;
    let mut seen = FxHashSet::default();
    let mut steps = Vec::new();
    for (candidate, attribute) in found.searches.iter().flat_map(|reached| &reached.unrecorded) {
        let Some(relationship) = view.relationship_at(candidate.edge) else {
            continue;
        };
        let ends = (propagation.item(candidate.from.item), propagation.item(candidate.to.item));
        let effect = propagation.table.states[usize::from(candidate.to.state)];
        let ((Some(from), Some(to)), Some(effect)) = (ends, effect) else {
            continue;
        };
        if !seen.insert((candidate.edge, candidate.to)) {
            continue;
        }
        steps.push(UndeterminedStep {
            relationship: relationship.id.to_string(),
            kind: kind_name(view, relationship.kind),
            attribute: Arc::clone(view.metamodel().attribute_text(*attribute)),
            from: from.id().to_string(),
            to: to.id().to_string(),
            effect: effect.name.clone(),
            text: words_of(view, relationship, from.id() == &relationship.source),
        });
    }
    steps.sort_by(|a, b| (&a.relationship, &a.to, &a.effect).cmp(&(&b.relationship, &b.to, &b.effect)));
    steps
}
