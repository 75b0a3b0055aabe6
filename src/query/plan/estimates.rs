//! What the planner asks of a graph, without knowing which graph it is.

use crate::graph::{Direction, EdgeKind};
use crate::query::source::{Key, Label, PropertyGraph};

/// Numbers about a graph; estimates are enough.
pub trait Statistics {
    /// How many nodes there are, of a label if one is given.
    fn nodes(&self, label: Option<Label>) -> f64;
    /// How many steps of some kinds lead from a node of a label to nodes of another on average.
    fn degree(&self, from: Option<Label>, direction: Direction, kinds: Option<&[EdgeKind]>, to: Option<Label>) -> f64;
    /// How many nodes of a label a value of a property picks out on average.
    fn matches(&self, label: Option<Label>, key: Key) -> f64;
    /// Whether no two nodes share a value of a property.
    fn unique(&self, key: Key) -> bool;
}

impl<G: PropertyGraph> Statistics for G {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn nodes(&self, label: Option<Label>) -> f64 {
        self.count_nodes(label) as f64
    }

    fn degree(&self, from: Option<Label>, direction: Direction, kinds: Option<&[EdgeKind]>, to: Option<Label>) -> f64 {
        self.average_degree(from, direction, kinds, to)
    }

    fn matches(&self, label: Option<Label>, key: Key) -> f64 {
        self.average_matches(label, key)
    }

    fn unique(&self, key: Key) -> bool {
        self.is_unique(key)
    }
}

/// What is known of a graph before there is one.
#[derive(Debug, Clone, Copy)]
pub struct UnknownStatistics;

impl Statistics for UnknownStatistics {
    fn nodes(&self, _: Option<Label>) -> f64 {
        1_000.0
    }

    fn degree(&self, _: Option<Label>, _: Direction, _: Option<&[EdgeKind]>, _: Option<Label>) -> f64 {
        4.0
    }

    fn matches(&self, _: Option<Label>, _: Key) -> f64 {
        10.0
    }

    fn unique(&self, _: Key) -> bool {
        false
    }
}
