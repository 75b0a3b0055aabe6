//! One step from an item to the next: across a relationship, onto it, or off it.

use rustc_hash::FxHashSet;

use crate::domain::Item;
use crate::domain::metamodel::KindId;
use crate::graph::{Direction, Edge, Neighbour, Node, Place, View};

/// An item of the graph: a node, or a relationship that is no end of another and so has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// An element, or a relationship that is an end of another.
    Node(Node),
    /// Any other relationship.
    Edge(Edge),
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hop {
    /// The relationship.
    pub(super) edge: Edge,
    /// What the step leaves.
    pub(super) from: Key,
    /// What it reaches.
    pub(super) to: Key,
    /// Whether it goes along the arrow.
    pub(super) forward: bool,
    /// Whether it steps onto the relationship or off it.
    pub(super) form: Form,
}

/// How a step relates to its relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// From one end to the other.
    Across,
    /// From an end onto the relationship itself, which is an end of another.
    Onto,
    /// From the relationship itself to an end.
    Off,
}

/// The steps that are allowed.
#[derive(Debug)]
pub(super) struct Walker<'a> {
    pub(super) view: &'a View,
    pub(super) direction: Direction,
    pub(super) kinds: Option<Vec<bool>>,
    /// Relationships that are asked about, and so can be stepped onto although they are no ends of others.
    pub(super) asked: FxHashSet<Edge>,
}

impl<'a> Walker<'a> {
    /// The key of an item that is seen.
    pub(super) fn key(view: &View, item: Item<'_>) -> Option<Key> {
        match view.snapshot().place(item.id().as_str())? {
            Place::Element(node) => Some(Key::Node(node)),
            Place::Relationship(edge) => Some(view.snapshot().node_of_edge(edge).map_or(Key::Edge(edge), Key::Node)),
        }
    }

    /// The item of a key.
    pub(super) fn item(&self, key: Key) -> Option<Item<'a>> {
        match key {
            Key::Node(node) => self.view.item_at(node),
            Key::Edge(edge) => self.view.relationship_at(edge).map(Item::Relationship),
        }
    }

    /// The steps from an item, sorted by the relationship's id; `back` for the steps that lead to it, reversed.
    pub(super) fn hops(&self, key: Key, back: bool) -> Vec<Hop> {
        let direction = if back { self.direction.reversed() } else { self.direction };
        let mut hops = Vec::new();
        if let Key::Node(node) = key {
            for side in direction.sides() {
                for neighbour in self.view.topology().neighbours(node, *side) {
                    self.add_hops(key, *side, neighbour, &mut hops);
                }
            }
        }
        self.add_hops_off(key, direction, &mut hops);
        hops
    }

    fn allows(&self, kind: KindId) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds[kind.index()])
    }

    fn add_hops(&self, from: Key, side: Direction, neighbour: Neighbour, hops: &mut Vec<Hop>) {
        let Neighbour { kind, node, edge } = neighbour;
        if !self.allows(KindId::from_number(kind.0)) || !self.view.sees_edge(edge) {
            return;
        }
        let forward = side == Direction::Outgoing;
        hops.push(Hop { edge, from, to: Key::Node(node), forward, form: Form::Across });
        let itself = match self.view.snapshot().node_of_edge(edge) {
            Some(node) => Some(Key::Node(node)),
            None => self.asked.contains(&edge).then_some(Key::Edge(edge)),
        };
        hops.extend(itself.map(|to| Hop { edge, from, to, forward, form: Form::Onto }));
    }

    fn add_hops_off(&self, from: Key, direction: Direction, hops: &mut Vec<Hop>) {
        let snapshot = self.view.snapshot();
        let edge = match from {
            Key::Edge(edge) => Some(edge),
            Key::Node(node) => snapshot.edge_of_node(node),
        };
        let Some(edge) = edge else { return };
        if !self.view.relationship_at(edge).is_some_and(|relationship| self.allows(relationship.kind)) {
            return;
        }
        let Some((source, target)) = snapshot.ends(edge) else {
            return;
        };
        for side in direction.sides() {
            let forward = *side == Direction::Outgoing;
            let end = if forward { target } else { source };
            hops.push(Hop { edge, from, to: Key::Node(end), forward, form: Form::Off });
        }
    }
}
