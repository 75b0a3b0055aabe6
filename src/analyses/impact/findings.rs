//! Which items are affected, in the order in which they are shown.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyses::names::{LANGUAGES, kind_name, name_of};
use crate::domain::metamodel::{Change, Effect};
use crate::domain::naming::{display_name, fill};
use crate::domain::{Item, Localized, Model};

use super::explaining::{Explainer, Explanation};
use super::facts::Facts;
use super::propagation::{Key, Propagation, State};
use super::report::AffectedItem;
use super::request::{ImpactDirection, ImpactRequest};
use super::rules::{SUBJECT_STATE, StateIndex, Way};
use super::search::{Reached, spread};

/// An item and its strongest effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding<'a> {
    /// The item.
    pub(super) item: Item<'a>,
    /// The effect on it; asked inward, its effect on a subject.
    pub(super) effect: &'a Effect,
    /// How many steps away it is.
    pub(super) distance: u32,
    /// The state that was reached.
    pub(super) state: State,
    /// Which search reached it.
    pub(super) search: usize,
}

/// All that was found.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    /// Affected items, the strongest effect first, then by distance, kind and id.
    pub(super) items: Vec<Finding<'a>>,
    /// What was reached: one search outward; inward, one for each effect, the strongest first.
    pub(super) searches: Vec<Reached<'a>>,
    /// Whether the limit of depth kept something out.
    pub(super) is_cut: bool,
}

/// Follows the rules from the subjects, or back from what may befall them.
pub(super) fn find<'a>(propagation: &Propagation<'a>, subjects: &[Key], request: &ImpactRequest) -> Findings<'a> {
    let mut found = match request.direction {
        ImpactDirection::Outward => outward(propagation, subjects, request.max_depth),
        ImpactDirection::Inward => inward(propagation, subjects, request.max_depth),
    };
    let metamodel = propagation.view.metamodel();
    found.items.sort_by_cached_key(|finding| {
        let kind = &*metamodel.kind(finding.item.kind()).name;
        (Reverse(finding.effect.rank), finding.distance, kind, finding.item.id())
    });
    found.is_cut = found.searches.iter().any(|reached| reached.is_cut);
    found
}

fn outward<'a>(propagation: &Propagation<'a>, subjects: &[Key], depth: Option<usize>) -> Findings<'a> {
    let starts: Vec<State> = subjects.iter().map(|item| State { item: *item, state: SUBJECT_STATE }).collect();
    let reached = spread(propagation, Way::Onward, &starts, depth);
    let mut strongest: FxHashMap<Key, StateIndex> = FxHashMap::default();
    let is_subject = |item: Key| propagation.subjects.as_ref().is_some_and(|subjects| subjects.contains(&item));
    for state in reached.order.iter().filter(|state| !is_subject(state.item)) {
        // States are numbered by rank, the strongest first.
        let held = strongest.entry(state.item).or_insert(state.state);
        *held = state.state.min(*held);
    }
    let states = strongest.into_iter().map(|(item, state)| State { item, state });
    let items = states.filter_map(|state| finding(propagation, &reached, 0, state, state.state)).collect();
    Findings { items, searches: vec![reached], is_cut: false }
}

/// One search for each effect, so that the strongest effect an item would have is known with its distance.
fn inward<'a>(propagation: &Propagation<'a>, subjects: &[Key], depth: Option<usize>) -> Findings<'a> {
    let mut found = Findings { items: Vec::new(), searches: Vec::new(), is_cut: false };
    let mut known: FxHashSet<Key> = subjects.iter().copied().collect();
    let effects = StateIndex::try_from(propagation.table.states.len()).unwrap_or(StateIndex::MAX);
    for effect in 1..effects {
        let starts: Vec<State> = subjects.iter().map(|item| State { item: *item, state: effect }).collect();
        let reached = spread(propagation, Way::Back, &starts, depth);
        for state in reached.order.iter().filter(|state| state.state == SUBJECT_STATE) {
            if known.insert(state.item) {
                found.items.extend(finding(propagation, &reached, found.searches.len(), *state, effect));
            }
        }
        found.searches.push(reached);
    }
    found
}

fn finding<'a>(
    propagation: &Propagation<'a>,
    reached: &Reached<'_>,
    search: usize,
    state: State,
    effect: StateIndex,
) -> Option<Finding<'a>> {
    Some(Finding {
        item: propagation.item(state.item)?,
        effect: propagation.table.states[usize::from(effect)]?,
        distance: reached.distance(state)?,
        state,
        search,
    })
}

/// The findings with their explanations.
pub(super) fn affected_items<'a>(
    propagation: &Propagation<'a>,
    explainer: &mut Explainer<'_, 'a>,
    change: &Change,
    found: &Findings<'a>,
    shown: &[&Finding<'_>],
) -> Vec<AffectedItem> {
    let facts = Facts::new(propagation.view, &change.name);
    let mut items = Vec::with_capacity(shown.len());
    let mut search = 0;
    for finding in shown {
        if finding.search != search {
            search = finding.search;
            explainer.forget_chains();
        }
        let explanation = explainer.explain(&found.searches[search], finding.state);
        items.push(affected_item(propagation, &facts, finding, explanation));
    }
    items
}

fn affected_item(
    propagation: &Propagation<'_>,
    facts: &Facts<'_>,
    finding: &Finding<'_>,
    explanation: Explanation,
) -> AffectedItem {
    let view = propagation.view;
    let item = finding.item;
    AffectedItem {
        id: item.id().to_string(),
        kind: kind_name(view, item.kind()),
        name: name_of(view, item),
        effect: finding.effect.name.clone(),
        effect_label: finding.effect.label.clone(),
        distance: finding.distance as usize,
        sentence: sentence(propagation, finding.effect, &explanation),
        path: explanation.path,
        facts: facts.recorded(item),
    }
}

fn sentence(propagation: &Propagation<'_>, effect: &Effect, explanation: &Explanation) -> Localized {
    let name = |key, language| {
        propagation.item(key).map_or_else(String::new, |item| display_name(propagation.view, item, language))
    };
    let [ja, en] = LANGUAGES.map(|language| {
        let (subject, item) = (name(explanation.origin, language), name(explanation.hit, language));
        fill(effect.sentence.get(language), &[("subject", &subject), ("item", &item)])
    });
    Localized::ja_en(&ja, &en)
}
