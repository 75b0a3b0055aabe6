//! Did anybody record that something depends on this?

use crate::domain::Model;
use crate::domain::metamodel::{EndKind, Kind, KindId, Metamodel};

use super::propagation::{Candidate, Key, Propagation, State};
use super::request::ImpactDirection;
use super::rules::{Place, SUBJECT_STATE, StateIndex, Way, meanings, places_of};

/// The change by which the metamodel decides, where a kind says nothing else, whether it shows a dependency.
const DEFAULT_CHANGE: &str = "stop";

/// The relationship kinds that prove, for one change, that a dependency was recorded.
pub(super) struct Proofs<'p, 'a> {
    propagation: &'p Propagation<'a>,
    change: &'p str,
    way: Way,
    proves: Vec<bool>,
}

impl<'p, 'a> Proofs<'p, 'a> {
    pub(super) fn new(propagation: &'p Propagation<'a>, change: &'p str, direction: ImpactDirection) -> Self {
        let kinds = propagation.view.metamodel().kinds();
        let proves = kinds.iter().map(|kind| proves_dependency(kind, change)).collect();
        let way = match direction {
            ImpactDirection::Outward => Way::Onward,
            ImpactDirection::Inward => Way::Back,
        };
        Self { propagation, change, way, proves }
    }

    /// Whether a dependency is recorded over which the subject could act (or, asked inward, be acted on).
    pub(super) fn of_subject(&self, subject: Key) -> bool {
        let states = match self.way {
            Way::Onward => SUBJECT_STATE..1,
            Way::Back => 1..self.number_of_states(),
        };
        states.into_iter().any(|state| self.of_state(State { item: subject, state }))
    }

    /// Whether a dependency is recorded over which an item in this state could act (or be acted on), be it
    /// essential or not: what is recorded as inessential is known as well.
    pub(super) fn of_state(&self, state: State) -> bool {
        let mut is_recorded = false;
        self.propagation.candidates(self.way, state, |candidate| {
            is_recorded = is_recorded || self.is_proof(&candidate);
        });
        is_recorded
    }

    fn is_proof(&self, candidate: &Candidate<'_>) -> bool {
        self.proves[candidate.kind.index()] && self.propagation.kinds_fit(candidate)
    }

    /// Whether items of this kind are usually depended upon when in this state: a relationship kind that is made
    /// for such ends says so.
    pub(super) fn is_expected(&self, kind: KindId, state: StateIndex) -> bool {
        let metamodel = self.propagation.view.metamodel();
        let state_name = self.propagation.table.states[usize::from(state)].map(|effect| &*effect.name);
        metamodel.relationship_kinds().filter(|held| self.proves[held.id.index()]).any(|held| {
            meanings(held, self.change).any(|meaning| {
                let acts = meaning.from.iter().any(|from| Some(&**from) == state_name);
                let places = places_of(meaning.direction);
                acts && places.iter().any(|(acting, _)| is_named_end(metamodel, held, *acting, kind))
            })
        })
    }

    fn number_of_states(&self) -> StateIndex {
        StateIndex::try_from(self.propagation.table.states.len()).unwrap_or(StateIndex::MAX)
    }
}

fn proves_dependency(kind: &Kind, change: &str) -> bool {
    let shows = kind.relationship.as_ref().is_some_and(|traits| traits.shows_dependency);
    // A kind that says nothing of a stop shows no dependency by default, but may well do for other changes.
    meanings(kind, change).next().is_some() && (shows || meanings(kind, DEFAULT_CHANGE).next().is_none())
}

/// Whether the ends that a kind declares name this kind of item, or one that it specialises.
pub(super) fn is_named_end(metamodel: &Metamodel, relationship: &Kind, place: Place, kind: KindId) -> bool {
    let rules = relationship.relationship.as_ref().map_or(&[][..], |traits| traits.ends.as_slice());
    let ends = rules.iter().flat_map(|rule| match place {
        Place::Source => rule.sources.as_slice(),
        Place::Target => rule.targets.as_slice(),
        Place::Itself => &[],
    });
    ends.into_iter().any(|end| matches!(end, EndKind::Kind(named) if metamodel.is_a(kind, *named)))
}
