//! Why an item is affected: the shortest chain of relationships, always the same one.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::analyses::PathStep;
use crate::analyses::names::{kind_name, words_of};
use crate::graph::Edge;

use super::propagation::{Candidate, Key, Propagation, State, Verdict};
use super::rules::{Place, Way};
use super::search::{Reached, far_end};

/// Explains what a search has reached. Steps are worded once and shared.
pub(super) struct Explainer<'p, 'a> {
    propagation: &'p Propagation<'a>,
    before: FxHashMap<State, Option<Candidate<'a>>>,
    worded: FxHashMap<(Edge, Place, Place), Arc<PathStep>>,
}

/// A chain from what changes to what is hit.
pub(super) struct Explanation {
    /// What changes.
    pub(super) origin: Key,
    /// What is hit in the end.
    pub(super) hit: Key,
    /// The relationships between.
    pub(super) path: Vec<Arc<PathStep>>,
}

impl<'p, 'a> Explainer<'p, 'a> {
    pub(super) fn new(propagation: &'p Propagation<'a>) -> Self {
        Self { propagation, before: FxHashMap::default(), worded: FxHashMap::default() }
    }

    /// Forgets the chains of one search before those of another.
    pub(super) fn forget_chains(&mut self) {
        self.before.clear();
    }

    /// The chain between a start of the search and a state it reached.
    pub(super) fn explain(&mut self, reached: &Reached<'_>, state: State) -> Explanation {
        let mut path = Vec::new();
        let mut current = state;
        while let Some(candidate) = self.step_before(reached, current) {
            path.push(self.worded(&candidate));
            current = far_end(reached.way().reversed(), &candidate);
        }
        match reached.way() {
            Way::Onward => {
                path.reverse();
                Explanation { origin: current.item, hit: state.item, path }
            }
            Way::Back => Explanation { origin: state.item, hit: current.item, path },
        }
    }

    /// The step by which a state was reached: of several equally short ones, that over the relationship with
    /// the smallest id. Depends on the content of the model alone, not on the order in which it was recorded.
    fn step_before(&mut self, reached: &Reached<'_>, state: State) -> Option<Candidate<'a>> {
        if let Some(known) = self.before.get(&state) {
            return *known;
        }
        let distance = reached.distance(state).filter(|distance| *distance > 0);
        let found = distance.and_then(|distance| self.nearest_step(reached, state, distance));
        self.before.insert(state, found);
        found
    }

    fn nearest_step(&self, reached: &Reached<'_>, state: State, distance: u32) -> Option<Candidate<'a>> {
        let back = reached.way().reversed();
        let mut best: Option<(&str, u16, Candidate<'a>)> = None;
        let view = self.propagation.view;
        self.propagation.candidates(back, state, |candidate| {
            let before = far_end(back, &candidate);
            if reached.distance(before) != Some(distance - 1) {
                return;
            }
            let Some(relationship) = view.relationship_at(candidate.edge) else {
                return;
            };
            let id = relationship.id.as_str();
            let is_better = best.as_ref().is_none_or(|(held, state, _)| (id, before.state) < (*held, *state));
            if is_better && self.propagation.verdict(&candidate) == Verdict::Yes {
                best = Some((id, before.state, candidate));
            }
        });
        best.map(|(_, _, candidate)| candidate)
    }

    fn worded(&mut self, candidate: &Candidate<'_>) -> Arc<PathStep> {
        let key = (candidate.edge, candidate.rule.acting, candidate.rule.acted);
        if let Some(step) = self.worded.get(&key) {
            return Arc::clone(step);
        }
        let step = Arc::new(self.step(candidate));
        self.worded.insert(key, Arc::clone(&step));
        step
    }

    fn step(&self, candidate: &Candidate<'_>) -> PathStep {
        let view = self.propagation.view;
        let id = |key| self.propagation.item(key).map_or_else(String::new, |item| item.id().to_string());
        let forward = candidate.rule.acting == Place::Source || candidate.rule.acted == Place::Target;
        let relationship = view.relationship_at(candidate.edge).expect("a search sees only relationships of its view");
        PathStep {
            relationship: relationship.id.to_string(),
            kind: kind_name(view, relationship.kind),
            from: id(candidate.from.item),
            to: id(candidate.to.item),
            forward,
            text: words_of(view, relationship, forward),
        }
    }
}
