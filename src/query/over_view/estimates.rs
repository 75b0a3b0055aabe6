//! Estimates for the planner: exact counts where the snapshot keeps them, samples where it does not.

use super::catalog::{ELEMENT, RELATIONSHIP};
use super::graph::ViewGraph;
use super::keys::Meaning;
use crate::domain::metamodel::KindId;
use crate::graph::{Direction, EdgeKind, Node};
use crate::query::source::{Key, Label};

/// How many nodes of a kind are looked at.
const SAMPLE: usize = 24;
/// How many of the nodes of a label share a value, where nothing is known.
const SHARED: usize = 20;

impl ViewGraph<'_> {
    pub(super) fn estimated_nodes(&self, label: Option<Label>) -> usize {
        let snapshot = self.view.snapshot();
        match label {
            None => snapshot.node_count(),
            Some(ELEMENT) => snapshot.counts().elements,
            Some(RELATIONSHIP) => snapshot.node_count() - snapshot.counts().elements.min(snapshot.node_count()),
            Some(label) => {
                let kinds = self.catalog.descendants.get(label.0 as usize);
                kinds.map_or(0, |kinds| kinds.iter().map(|kind| snapshot.count_of_kind(*kind)).sum())
            }
        }
    }

    /// Over all nodes the exact average; of a label, the average over a few of its nodes.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn estimated_degree(
        &self,
        label: Option<Label>,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
    ) -> f64 {
        let nodes = label.map(|label| self.some_nodes(label)).unwrap_or_default();
        if nodes.is_empty() {
            return self.average_over_all(direction, kinds);
        }
        let topology = self.view.topology();
        let degree = |node: &Node| match kinds {
            None => topology.degree(*node, direction),
            Some(kinds) => kinds.iter().map(|kind| topology.neighbours_of_kind(*node, direction, *kind).count()).sum(),
        };
        nodes.iter().map(degree).sum::<usize>() as f64 / nodes.len() as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn average_over_all(&self, direction: Direction, kinds: Option<&[EdgeKind]>) -> f64 {
        let snapshot = self.view.snapshot();
        let edges = match kinds {
            None => snapshot.counts().relationships,
            Some(kinds) => kinds.iter().map(|kind| snapshot.count_of_kind(KindId::from_number(kind.0))).sum(),
        };
        edges as f64 * direction.sides().len() as f64 / snapshot.node_count().max(1) as f64
    }

    fn some_nodes(&self, label: Label) -> Vec<Node> {
        let Some(kinds) = self.catalog.descendants.get(label.0 as usize) else {
            return Vec::new();
        };
        kinds.iter().flat_map(|kind| self.view.snapshot().nodes_of_kind(*kind)).take(SAMPLE).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn estimated_matches(&self, label: Option<Label>, key: Key) -> f64 {
        match self.catalog.meaning(key) {
            Some(Meaning::Id) => 1.0,
            Some(Meaning::Name) => 1.5,
            _ => (self.estimated_nodes(label) / SHARED).max(2) as f64,
        }
    }
}
