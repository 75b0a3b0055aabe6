//! Which nodes and edges exist for the asker: valid on the day, and allowed to be seen.

use jiff::civil::Date;

use super::bits::BitSet;
use super::ids::{Edge, Node};
use super::snapshot::Snapshot;
use crate::domain::element::Item;

/// The nodes and edges that a view sees.
#[derive(Debug)]
pub struct Masks {
    /// Nodes that are seen.
    pub nodes: BitSet,
    /// Edges that are seen; their ends are seen too.
    pub edges: BitSet,
}

impl Masks {
    /// What is valid on a day. Takes time proportional to the model.
    pub(super) fn at(snapshot: &Snapshot, date: Date) -> Self {
        Self::by(snapshot, |item| snapshot.is_valid(item.attributes(), date))
    }

    /// What passes a test. A relationship is seen only if both its ends are.
    pub(super) fn by(snapshot: &Snapshot, passes: impl Fn(Item<'_>) -> bool) -> Self {
        let mut nodes = BitSet::with_capacity(snapshot.node_count());
        for node in (0..snapshot.node_count()).map(Node::at) {
            if snapshot.element_at(node).is_some_and(|element| passes(Item::Element(element))) {
                nodes.insert(node.0);
            }
        }
        let mut edges = BitSet::with_capacity(snapshot.edge_capacity());
        // A relationship may be an end of another, so seeing one can make others seen: until nothing changes.
        let mut waiting: Vec<Edge> = edges_passing(snapshot, &passes);
        loop {
            let before = waiting.len();
            waiting.retain(|edge| !see(snapshot, *edge, &mut nodes, &mut edges));
            if waiting.len() == before {
                return Self { nodes, edges };
            }
        }
    }
}

fn edges_passing(snapshot: &Snapshot, passes: &impl Fn(Item<'_>) -> bool) -> Vec<Edge> {
    (0..u32::try_from(snapshot.edge_capacity()).unwrap_or(u32::MAX))
        .map(Edge)
        .filter(|edge| snapshot.relationship_at(*edge).is_some_and(|held| passes(Item::Relationship(held))))
        .collect()
}

fn see(snapshot: &Snapshot, edge: Edge, nodes: &mut BitSet, edges: &mut BitSet) -> bool {
    let Some((source, target)) = snapshot.ends(edge) else {
        return false;
    };
    let seen = nodes.contains(source.0) && nodes.contains(target.0);
    if seen {
        edges.insert(edge.0);
        if let Some(node) = snapshot.node_of_edge(edge) {
            nodes.insert(node.0);
        }
    }
    seen
}
