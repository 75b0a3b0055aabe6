//! The metamodel's impact meanings of one change, made ready for a search.

use std::sync::Arc;

use crate::domain::metamodel::{
    AttributeName, Effect, ImpactMeaning, Kind, KindId, MeaningDirection, Metamodel, SUBJECT,
};

/// A state of an item, as an index into [`RuleTable::states`]; 0 is `subject`.
pub(super) type StateIndex = u16;

/// The state of what a question starts from.
pub(super) const SUBJECT_STATE: StateIndex = 0;

/// The three items that a relationship brings together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Where its arrow starts.
    Source,
    /// Where its arrow points.
    Target,
    /// The relationship itself.
    Itself,
}

/// One meaning of a relationship kind: the item at `acting` puts the item at `acted` into a state.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// Attributes of the relationship, and the values one of which each must have.
    pub(super) when: Vec<(AttributeName, Vec<Arc<str>>)>,
    /// States in which an item acts.
    pub(super) from: Vec<StateIndex>,
    /// The state it gives.
    pub(super) gives: StateIndex,
    /// Kinds that act, by kind number; none for all.
    pub(super) from_kinds: Option<Vec<bool>>,
    /// Kinds that are acted on, likewise.
    pub(super) to_kinds: Option<Vec<bool>>,
    /// How many others must remain, and of which kinds of relationship.
    pub(super) remaining: Option<(usize, Vec<KindId>)>,
    /// Where what acts stands.
    pub(super) acting: Place,
    /// Where what is acted on stands.
    pub(super) acted: Place,
}

/// The rules of one change by relationship kind and place.
#[derive(Debug)]
pub(super) struct RuleTable<'m> {
    /// `subject`, then every effect that the change can give, the strongest first.
    pub(super) states: Vec<Option<&'m Effect>>,
    rules: Vec<Rule>,
    acting: [Places; 3],
    acted: [Places; 3],
}

/// The rules for an item that stands at one place of relationships.
#[derive(Debug, Default)]
struct Places {
    /// Rules by relationship kind.
    of_kind: Vec<Vec<usize>>,
    /// By state, the relationship kinds that have a rule for it.
    kinds: Vec<Vec<KindId>>,
}

impl<'m> RuleTable<'m> {
    /// Gathers the rules of a change from the kinds that `occurs` lets through.
    pub(super) fn new(metamodel: &'m Metamodel, change: &str, occurs: impl Fn(KindId) -> bool) -> Self {
        let mut table = Self {
            states: states(metamodel, change),
            rules: Vec::new(),
            acting: Default::default(),
            acted: Default::default(),
        };
        for places in table.acting.iter_mut().chain(&mut table.acted) {
            places.of_kind = vec![Vec::new(); metamodel.kinds().len()];
            places.kinds = vec![Vec::new(); table.states.len()];
        }
        for kind in metamodel.relationship_kinds().filter(|kind| occurs(kind.id)) {
            for meaning in meanings(kind, change) {
                for (acting, acted) in places_of(meaning.direction) {
                    let rule = table.rule(metamodel, kind, change, meaning, acting, acted);
                    table.add(kind.id, rule);
                }
            }
        }
        table
    }

    fn rule(
        &self,
        metamodel: &Metamodel,
        kind: &Kind,
        change: &str,
        meaning: &ImpactMeaning,
        acting: Place,
        acted: Place,
    ) -> Rule {
        let state = |name: &Arc<str>| self.state(name);
        Rule {
            when: meaning.when.clone(),
            from: meaning.from.iter().filter_map(state).collect(),
            // Every effect that a meaning of the change gives is among the states.
            gives: state(&meaning.gives).unwrap_or(SUBJECT_STATE),
            from_kinds: kind_set(metamodel, &meaning.from_kinds),
            to_kinds: kind_set(metamodel, &meaning.to_kinds),
            remaining: meaning
                .remaining
                .map(|count| (count, counted_kinds(metamodel, kind, change, meaning.direction))),
            acting,
            acted,
        }
    }

    fn add(&mut self, kind: KindId, rule: Rule) {
        let place = self.rules.len();
        self.acting[rule.acting as usize].add(kind, place, &rule.from);
        self.acted[rule.acted as usize].add(kind, place, &[rule.gives]);
        self.rules.push(rule);
    }

    /// The state of this name, if the change can bring it about.
    pub(super) fn state(&self, name: &str) -> Option<StateIndex> {
        if name == SUBJECT {
            return Some(SUBJECT_STATE);
        }
        let place = self.states.iter().position(|held| held.is_some_and(|effect| &*effect.name == name))?;
        StateIndex::try_from(place).ok()
    }

    /// The relationship kinds over which an item at `place` in `state` acts, or may have been acted on.
    pub(super) fn kinds(&self, way: Way, place: Place, state: StateIndex) -> &[KindId] {
        self.places(way, place).kinds.get(usize::from(state)).map_or(&[], Vec::as_slice)
    }

    /// The rules of a relationship kind for an item at `place` in `state`.
    pub(super) fn rules(&self, way: Way, place: Place, kind: KindId, state: StateIndex) -> impl Iterator<Item = &Rule> {
        let rules = self.places(way, place).of_kind[kind.index()].iter().map(|index| &self.rules[*index]);
        rules.filter(move |rule| match way {
            Way::Onward => rule.from.contains(&state),
            Way::Back => rule.gives == state,
        })
    }

    fn places(&self, way: Way, place: Place) -> &Places {
        match way {
            Way::Onward => &self.acting[place as usize],
            Way::Back => &self.acted[place as usize],
        }
    }
}

/// Whether rules are followed from what acts, or from what is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From what acts to what is acted on.
    Onward,
    /// From what is acted on to what acts.
    Back,
}

impl Way {
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Onward => Self::Back,
            Self::Back => Self::Onward,
        }
    }
}

impl Places {
    fn add(&mut self, kind: KindId, rule: usize, states: &[StateIndex]) {
        self.of_kind[kind.index()].push(rule);
        for state in states {
            let kinds = &mut self.kinds[usize::from(*state)];
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
}

/// A kind's meanings for a change.
pub(super) fn meanings<'m>(kind: &'m Kind, change: &str) -> impl Iterator<Item = &'m ImpactMeaning> {
    let all = kind.relationship.as_ref().map_or(&[][..], |traits| traits.impact.as_slice());
    all.iter().filter(move |meaning| meaning.changes.iter().any(|held| **held == *change))
}

/// The places between which a meaning runs; two pairs where it concerns both ends.
pub(super) fn places_of(direction: MeaningDirection) -> Vec<(Place, Place)> {
    let ends = |source: bool, target: bool| {
        [(source, Place::Source), (target, Place::Target)].into_iter().filter(|(meant, _)| *meant).map(|(_, end)| end)
    };
    match direction {
        MeaningDirection::Forward => vec![(Place::Source, Place::Target)],
        MeaningDirection::Backward => vec![(Place::Target, Place::Source)],
        MeaningDirection::ToRelationship { source, target } => {
            ends(source, target).map(|end| (end, Place::Itself)).collect()
        }
        MeaningDirection::ToEnds { source, target } => ends(source, target).map(|end| (Place::Itself, end)).collect(),
    }
}

fn states<'m>(metamodel: &'m Metamodel, change: &str) -> Vec<Option<&'m Effect>> {
    let given = |effect: &&Effect| {
        metamodel.relationship_kinds().any(|kind| meanings(kind, change).any(|meaning| meaning.gives == effect.name))
    };
    let effects = metamodel.vocabulary().effects.iter().filter(given).map(Some);
    std::iter::once(None).chain(effects).collect()
}

/// A set of kinds with those that specialise them; none for all.
fn kind_set(metamodel: &Metamodel, kinds: &[KindId]) -> Option<Vec<bool>> {
    if kinds.is_empty() {
        return None;
    }
    Some(metamodel.kinds().iter().map(|held| kinds.iter().any(|kind| metamodel.is_a(held.id, *kind))).collect())
}

/// The kinds of relationship that are counted for `remaining`: the most general one that counts in the same
/// way for the same change, and those that specialise it without meaning something else.
fn counted_kinds(metamodel: &Metamodel, kind: &Kind, change: &str, direction: MeaningDirection) -> Vec<KindId> {
    let counts = |kind: &Kind| {
        meanings(kind, change).any(|meaning| meaning.remaining.is_some() && meaning.direction == direction)
    };
    let general = kind.lineage.iter().rev().find(|ancestor| counts(metamodel.kind(**ancestor)));
    let all = metamodel.descendants(general.copied().unwrap_or(kind.id));
    all.into_iter().filter(|held| counts(metamodel.kind(*held))).collect()
}
