//! How a state of one item follows from a state of another, over one relationship.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::domain::metamodel::{AttributeName, KindId};
use crate::domain::{Item, Value};
use crate::graph::{Direction, Edge, EdgeKind, Neighbour, Node, Place as PlaceInSnapshot, View};

use super::rules::{Place, Rule, RuleTable, SUBJECT_STATE, StateIndex, Way};

/// An item of the graph: a node, or a relationship that is no end of another and so has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// An element, or a relationship that is an end of another.
    Node(Node),
    /// Any other relationship.
    Edge(Edge),
}

/// An item in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// The item.
    pub(super) item: Key,
    /// What is the matter with it.
    pub(super) state: StateIndex,
}

/// That one state may follow from another, as far as kinds and states tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'t> {
    /// The rule by which it follows.
    pub(super) rule: &'t Rule,
    /// The relationship over which it follows.
    pub(super) edge: Edge,
    /// The relationship's kind.
    pub(super) kind: KindId,
    /// What acts.
    pub(super) from: State,
    /// What is acted on.
    pub(super) to: State,
}

/// Whether a state follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on an attribute of the relationship that nobody has recorded.
    Unrecorded(AttributeName),
}

/// The rules of a change over a view.
#[derive(Debug)]
pub(super) struct Propagation<'a> {
    /// What is asked.
    pub(super) view: &'a View,
    /// By which rules.
    pub(super) table: &'a RuleTable<'a>,
    /// What the question starts from; none when any item may be where it started.
    pub(super) subjects: Option<FxHashSet<Key>>,
}

impl<'a> Propagation<'a> {
    /// The key of an item that is seen.
    pub(super) fn key(&self, item: Item<'_>) -> Option<Key> {
        let snapshot = self.view.snapshot();
        match snapshot.place(item.id().as_str())? {
            PlaceInSnapshot::Element(node) => Some(Key::Node(node)),
            PlaceInSnapshot::Relationship(edge) => Some(self.key_of_edge(edge)),
        }
    }

    fn key_of_edge(&self, edge: Edge) -> Key {
        self.view.snapshot().node_of_edge(edge).map_or(Key::Edge(edge), Key::Node)
    }

    /// The node of a key, if it has one.
    pub(super) fn node(key: Key) -> Option<Node> {
        match key {
            Key::Node(node) => Some(node),
            Key::Edge(_) => None,
        }
    }

    /// The item of a key.
    pub(super) fn item(&self, key: Key) -> Option<Item<'a>> {
        match key {
            Key::Node(node) => self.view.item_at(node),
            Key::Edge(edge) => self.view.relationship_at(edge).map(Item::Relationship),
        }
    }

    /// Calls `visit` with everything that may follow from a state (`Way::Onward`), or from which it may follow
    /// (`Way::Back`). Takes time proportional to the relationships of kinds that have a rule for the state.
    pub(super) fn candidates(&self, way: Way, state: State, mut visit: impl FnMut(Candidate<'a>)) {
        if let Key::Node(node) = state.item {
            for (place, direction) in [(Place::Source, Direction::Outgoing), (Place::Target, Direction::Incoming)] {
                for kind in self.table.kinds(way, place, state.state) {
                    let edge_kind = EdgeKind(kind.number());
                    let neighbours = self.view.topology().neighbours_of_kind(node, direction, edge_kind);
                    for neighbour in neighbours.filter(|neighbour| self.view.sees_edge(neighbour.edge)) {
                        self.over_neighbour(way, state, place, *kind, neighbour, &mut visit);
                    }
                }
            }
        }
        if !self.table.kinds(way, Place::Itself, state.state).is_empty() {
            self.over_itself(way, state, &mut visit);
        }
    }

    /// The rules over a relationship from one of its ends.
    fn over_neighbour(
        &self,
        way: Way,
        state: State,
        place: Place,
        kind: KindId,
        neighbour: Neighbour,
        visit: &mut impl FnMut(Candidate<'a>),
    ) {
        for rule in self.table.rules(way, place, kind, state.state) {
            let far = match way {
                Way::Onward => rule.acted,
                Way::Back => rule.acting,
            };
            let item = match far {
                Place::Itself => self.key_of_edge(neighbour.edge),
                Place::Source | Place::Target => Key::Node(neighbour.node),
            };
            offer(way, state, item, rule, (neighbour.edge, kind), visit);
        }
    }

    /// The rules from a relationship to its ends.
    fn over_itself(&self, way: Way, state: State, visit: &mut impl FnMut(Candidate<'a>)) {
        let snapshot = self.view.snapshot();
        let edge = match state.item {
            Key::Edge(edge) => Some(edge),
            Key::Node(node) => snapshot.edge_of_node(node),
        };
        let Some((edge, relationship)) = edge.and_then(|edge| Some((edge, self.view.relationship_at(edge)?))) else {
            return;
        };
        let Some((source, target)) = snapshot.ends(edge) else {
            return;
        };
        for rule in self.table.rules(way, Place::Itself, relationship.kind, state.state) {
            let far = match way {
                Way::Onward => rule.acted,
                Way::Back => rule.acting,
            };
            let end = if far == Place::Source { source } else { target };
            offer(way, state, Key::Node(end), rule, (edge, relationship.kind), visit);
        }
    }

    /// Whether what may follow does.
    pub(super) fn verdict(&self, candidate: &Candidate<'_>) -> Verdict {
        let rule = candidate.rule;
        if !self.kinds_fit(candidate) {
            return Verdict::No;
        }
        match self.condition(candidate) {
            Verdict::Yes => {}
            other => return other,
        }
        match &rule.remaining {
            Some((count, kinds)) if self.remaining(candidate, kinds) != *count => Verdict::No,
            _ => Verdict::Yes,
        }
    }

    /// Whether the rule is meant for items of these kinds.
    pub(super) fn kinds_fit(&self, candidate: &Candidate<'_>) -> bool {
        self.has_kind(candidate.from.item, candidate.rule.from_kinds.as_deref())
            && self.has_kind(candidate.to.item, candidate.rule.to_kinds.as_deref())
    }

    fn has_kind(&self, key: Key, kinds: Option<&[bool]>) -> bool {
        kinds.is_none_or(|kinds| self.item(key).is_some_and(|item| kinds[item.kind().index()]))
    }

    fn condition(&self, candidate: &Candidate<'_>) -> Verdict {
        if candidate.rule.when.is_empty() {
            return Verdict::Yes;
        }
        let Some(relationship) = self.view.relationship_at(candidate.edge) else {
            return Verdict::No;
        };
        let mut unrecorded = None;
        for (name, codes) in &candidate.rule.when {
            match relationship.attributes.get(*name) {
                None => unrecorded = Some(*name),
                Some(value) if is_one_of(value, codes) => {}
                Some(_) => return Verdict::No,
            }
        }
        unrecorded.map_or(Verdict::Yes, Verdict::Unrecorded)
    }

    /// How many other relationships of these kinds, to items that are no subjects, the item acted on has.
    fn remaining(&self, candidate: &Candidate<'_>, kinds: &[KindId]) -> usize {
        let (direction, Key::Node(node)) = (
            if candidate.rule.acted == Place::Source { Direction::Outgoing } else { Direction::Incoming },
            candidate.to.item,
        ) else {
            return 0;
        };
        let topology = self.view.topology();
        let others =
            kinds.iter().flat_map(|kind| topology.neighbours_of_kind(node, direction, EdgeKind(kind.number())));
        others
            .filter(|other| other.edge != candidate.edge && self.view.sees_edge(other.edge))
            .filter(|other| !self.is_subject(Key::Node(other.node), candidate))
            .count()
    }

    /// Without subjects, what acts as one is the only one.
    fn is_subject(&self, item: Key, candidate: &Candidate<'_>) -> bool {
        match &self.subjects {
            Some(subjects) => subjects.contains(&item),
            None => candidate.from.state == SUBJECT_STATE && candidate.from.item == item,
        }
    }
}

/// Whether a value, or one of a list, is written like one of these codes.
fn is_one_of(value: &Value, codes: &[Arc<str>]) -> bool {
    match value {
        Value::Text(text) => codes.contains(text),
        Value::List(values) => values.iter().any(|value| is_one_of(value, codes)),
        other => codes.iter().any(|code| *other.to_line("en") == **code),
    }
}

fn offer<'a>(
    way: Way,
    state: State,
    item: Key,
    rule: &'a Rule,
    (edge, kind): (Edge, KindId),
    visit: &mut impl FnMut(Candidate<'a>),
) {
    match way {
        Way::Onward => visit(Candidate { rule, edge, kind, from: state, to: State { item, state: rule.gives } }),
        Way::Back => {
            for from in &rule.from {
                visit(Candidate { rule, edge, kind, from: State { item, state: *from }, to: state });
            }
        }
    }
}
