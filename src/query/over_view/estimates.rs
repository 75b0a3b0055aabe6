//! Estimates for the planner: exact counts where the snapshot keeps them, counted samples where it does not.

use std::ops::ControlFlow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::catalog::{ELEMENT, RELATIONSHIP};
use super::graph::ViewGraph;
use super::indexes::hash_of;
use super::keys::Meaning;
use super::shape::{ANY, Shape};
use crate::graph::{Direction, EdgeKind};
use crate::query::source::{Key, Label, PropertyGraph};

/// How many nodes of a label are looked at, to learn how much its values differ.
const SAMPLE: usize = 128;
/// More combinations of kinds than this are not looked up one by one.
const MANY: usize = 1024;

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

    /// Steps of some kinds that lead from a node of a label to one of another, on average.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn estimated_degree(
        &self,
        label: Option<Label>,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        to: Option<Label>,
    ) -> f64 {
        let shape = self.shape();
        let (from, to) = (self.kinds_of(label), self.kinds_of(to));
        let kinds = kinds.map_or_else(|| vec![ANY], |kinds| kinds.iter().map(|kind| kind.0).collect());
        let rough = from.len() * kinds.len() * to.len() > MANY;
        let to = if rough { vec![ANY] } else { to };
        let joined = |side: &Direction| match side {
            Direction::Incoming => shape.joined(&to, &kinds, &from),
            _ => shape.joined(&from, &kinds, &to),
        };
        let steps: f64 = direction.sides().iter().map(joined).sum();
        steps / (self.estimated_nodes(label).max(1) as f64)
    }

    fn shape(&self) -> Arc<Shape> {
        let shape = self.shape.get_or_init(|| self.catalog.shapes.of(self.view.snapshot()));
        Arc::clone(shape)
    }

    /// The kinds of a label; [`ANY`] where there is none that narrows them.
    fn kinds_of(&self, label: Option<Label>) -> Vec<u16> {
        let kinds = label.and_then(|label| self.catalog.descendants.get(label.0 as usize));
        kinds.map_or_else(|| vec![ANY], |kinds| kinds.iter().map(|kind| kind.number()).collect())
    }

    pub(super) fn estimated_matches(&self, label: Option<Label>, key: Key) -> f64 {
        match self.catalog.meaning(key) {
            Some(Meaning::Id) => 1.0,
            Some(Meaning::Name) => 1.5,
            _ => self.shape().matches(label, key, || self.sampled_matches(label, key)),
        }
    }

    /// How many nodes share a value, by how many different ones the first nodes have.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn sampled_matches(&self, label: Option<Label>, key: Key) -> f64 {
        let (mut looked, mut valued, mut values) = (0_usize, 0_usize, FxHashSet::default());
        let ended = self.for_each_node(label, |node| {
            let value = self.node_property(node, key);
            looked += 1;
            if !value.is_null() {
                valued += 1;
                values.insert(hash_of(&value));
            }
            if looked < SAMPLE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let all = self.estimated_nodes(label) as f64 * valued as f64 / looked.max(1) as f64;
        // Where hardly any value came twice, there are as many values as nodes as far as anybody can tell.
        let seldom = values.len() * 10 > valued * 9 && ended.is_break();
        if seldom { 2.0 } else { (all / values.len().max(1) as f64).max(1.0) }
    }
}
