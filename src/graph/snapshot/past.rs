//! The snapshot as it was at an earlier revision.

use std::sync::Arc;

use super::super::adjacency::{EdgeRecord, TopologyBuilder};
use super::super::ids::{Edge, EdgeKind, Node};
use super::slots::{EdgeSlot, NodeSlot, Touches, Version};
use super::{Place, Snapshot};
use crate::domain::element::{Element, Item, Relationship};
use crate::domain::identifier::Identifier;

impl Snapshot {
    /// The model as it was at an earlier revision, but none before the floor. Takes time proportional to the
    /// model.
    ///
    /// Change summaries and versions of that time come along, so history can be asked there too.
    /// Items have the nodes and edges that they have here.
    pub fn at_revision(&self, revision: u64) -> Option<Self> {
        if revision >= self.revision {
            return (revision == self.revision).then(|| self.clone());
        }
        if revision < self.floor() {
            return None;
        }
        let mut past = Self::empty(Arc::clone(&self.metamodel));
        if revision == 0 {
            return Some(past);
        }
        past.revision = revision;
        past.time = self.change(revision)?.time;
        past.changes = self.changes.clone();
        past.changes.truncate(usize::try_from((revision + 1).saturating_sub(self.first_change)).ok()?);
        past.first_change = self.first_change;
        past.earlier = Arc::clone(&self.earlier);
        past.nodes = self.nodes.iter().map(|slot| node_at(slot, revision)).collect();
        past.edges = self.edges.iter().map(|slot| edge_at(slot, revision)).collect();
        past.take_places(self);
        past.join_relationships();
        past.count_and_index();
        Some(past)
    }

    /// The places of those ids that were known by now, with the nature that each had last.
    fn take_places(&mut self, later: &Self) {
        self.ids = later.ids.clone();
        self.former = later.former.clone();
        for id in later.former.keys() {
            let places = [later.ids.get(id).copied(), later.former.get(id).copied()];
            let mut known: Vec<(u64, Place)> = places
                .into_iter()
                .flatten()
                .map(|place| (self.last_change(place), place))
                .filter(|(last, _)| *last > 0)
                .collect();
            known.sort_unstable_by_key(|(last, _)| *last);
            match known[..] {
                [(_, former), (_, current)] => {
                    self.ids.insert(id.clone(), current);
                    self.former.insert(id.clone(), former);
                }
                [(_, only)] => {
                    self.ids.insert(id.clone(), only);
                    self.former.remove(id);
                }
                _ => drop(self.former.remove(id)),
            }
        }
        let unknown: Vec<Identifier> =
            self.ids.iter().filter(|(_, place)| self.last_change(**place) == 0).map(|(id, _)| id.clone()).collect();
        for id in &unknown {
            self.ids.remove(id);
        }
    }

    /// The revision of the newest version at a place, 0 if there is none.
    fn last_change(&self, place: Place) -> u64 {
        match place {
            Place::Element(node) => match self.nodes.get(node.index()) {
                Some(NodeSlot::Element(version, _)) => version.revision,
                _ => 0,
            },
            Place::Relationship(edge) => self.edges.get(edge.index()).map_or(0, |slot| slot.version.revision),
        }
    }

    fn join_relationships(&mut self) {
        let nodes = u32::try_from(self.nodes.len()).expect("a topology holds fewer than 2^32 nodes");
        let mut topology = TopologyBuilder::with_capacity(nodes, self.edges.len());
        let held: Vec<(Edge, Arc<Relationship>)> = self.relationships().collect();
        for (edge, relationship) in held {
            // A relationship that was an end then has kept its node; its ends may have been others later.
            let ends = (self.node(relationship.source.as_str()), self.node(relationship.target.as_str()));
            let ((Some(source), Some(target)), Some(slot)) = (ends, self.edges.get_mut(edge.index())) else { continue };
            (slot.source, slot.target) = (source, target);
            topology.add(EdgeRecord { edge, kind: EdgeKind(relationship.kind.number()), source, target });
        }
        self.topology = topology.build();
    }

    fn count_and_index(&mut self) {
        let elements: Vec<(Node, Arc<Element>)> = (0..self.nodes.len())
            .map(Node::at)
            .filter_map(|node| Some((node, Arc::clone(self.element_at(node)?))))
            .collect();
        for (node, element) in elements {
            self.count(Some((element.kind, &element.id, &element.attributes)), node.0, true, false);
            self.index_words(node, None, Some(Item::Element(&element)));
        }
        let relationships: Vec<(Edge, Arc<Relationship>)> = self.relationships().collect();
        for (edge, relationship) in relationships {
            self.count(Some((relationship.kind, &relationship.id, &relationship.attributes)), edge.0, true, true);
            if let Some(node) = self.node_of_edge(edge) {
                self.index_words(node, None, Some(Item::Relationship(&relationship)));
            }
        }
    }

    /// The relationships that exist, with their edges.
    fn relationships(&self) -> impl Iterator<Item = (Edge, Arc<Relationship>)> {
        (0..)
            .map(Edge)
            .zip(&self.edges)
            .filter_map(|(edge, slot)| Some((edge, Arc::clone(slot.version.state.as_ref()?))))
    }
}

fn node_at(slot: &NodeSlot, revision: u64) -> NodeSlot {
    match slot {
        NodeSlot::Element(version, touches) => {
            NodeSlot::Element(version_at(version, revision), touches_at(touches, revision))
        }
        NodeSlot::Relationship(edge) => NodeSlot::Relationship(*edge),
    }
}

fn edge_at(slot: &EdgeSlot, revision: u64) -> EdgeSlot {
    EdgeSlot {
        version: version_at(&slot.version, revision),
        touches: touches_at(&slot.touches, revision),
        ..slot.clone()
    }
}

fn version_at<T>(version: &Arc<Version<T>>, revision: u64) -> Arc<Version<T>> {
    let nothing = || Arc::new(Version { revision: 0, state: None, previous: None });
    version.at(revision).map_or_else(nothing, Arc::clone)
}

fn touches_at(touches: &Touches, revision: u64) -> Touches {
    touches.as_ref()?.at(revision).cloned()
}
