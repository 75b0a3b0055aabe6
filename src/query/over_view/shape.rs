//! What leads where, in numbers: how many relationships of a kind join two kinds.
//!
//! Counted once, over a part of a large graph, and kept until the graph has grown or shrunk by a good part: an
//! estimate that is somewhat old chooses the same plan.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::graph::{Direction, Node, Snapshot};
use crate::query::source::{Key, Label};

/// Stands for any kind.
pub(super) const ANY: u16 = u16::MAX;
/// About how many nodes are looked at.
const SAMPLE: usize = 1 << 16;

/// The numbers of one graph.
#[derive(Debug)]
pub(super) struct Shape {
    nodes: usize,
    relationships: usize,
    /// By kind of source, of relationship and of target, each perhaps [`ANY`]: how many.
    joins: FxHashMap<(u16, u16, u16), f64>,
    /// By label and property, how many nodes a value picks out, as far as somebody asked.
    matches: Mutex<FxHashMap<(Option<Label>, Key), f64>>,
}

impl Shape {
    /// Counts. Time: the sampled nodes and their relationships.
    fn of(snapshot: &Snapshot) -> Self {
        let nodes = snapshot.node_count();
        let stride = nodes.div_ceil(SAMPLE).max(1);
        let mut counted: FxHashMap<(u16, u16, u16), usize> = FxHashMap::default();
        for node in (0..nodes).step_by(stride).map(Node::at) {
            let Some(kind) = snapshot.node_kind(node) else { continue };
            for step in snapshot.topology().neighbours(node, Direction::Outgoing) {
                let target = snapshot.node_kind(step.node).map_or(ANY, crate::domain::metamodel::KindId::number);
                *counted.entry((kind.number(), step.kind.0, target)).or_default() += stride;
            }
        }
        let mut shape = Self {
            nodes,
            relationships: snapshot.counts().relationships,
            joins: FxHashMap::default(),
            matches: Mutex::default(),
        };
        counted.iter().for_each(|(join, count)| shape.add(*join, *count));
        shape
    }

    /// Adds to the number of the three kinds, and wherever any of them does not matter.
    fn add(&mut self, (source, relationship, target): (u16, u16, u16), count: usize) {
        for mask in 0..8 {
            let kind = |bit: u8, kind: u16| if mask & bit == 0 { kind } else { ANY };
            let join = (kind(1, source), kind(2, relationship), kind(4, target));
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let count = count as f64;
            *self.joins.entry(join).or_default() += count;
        }
    }

    /// How many relationships of some kinds lead from some kinds to some kinds.
    pub(super) fn joined(&self, sources: &[u16], relationships: &[u16], targets: &[u16]) -> f64 {
        let mut sum = 0.0;
        for source in sources {
            for relationship in relationships {
                for target in targets {
                    sum += self.joins.get(&(*source, *relationship, *target)).copied().unwrap_or_default();
                }
            }
        }
        sum
    }

    /// How many nodes a value of a property picks out; worked out by `count` when it is first asked.
    pub(super) fn matches(&self, label: Option<Label>, key: Key, count: impl FnOnce() -> f64) -> f64 {
        let find = |held: &FxHashMap<_, f64>| held.get(&(label, key)).copied();
        let known = find(&self.matches.lock().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let counted = count();
            self.matches.lock().unwrap_or_else(PoisonError::into_inner).insert((label, key), counted);
            counted
        })
    }

    fn still_fits(&self, snapshot: &Snapshot) -> bool {
        let near = |then: usize, now: usize| then.abs_diff(now) <= then / 8 + 16;
        near(self.nodes, snapshot.node_count()) && near(self.relationships, snapshot.counts().relationships)
    }
}

/// The numbers of the graph that was asked last.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    held: Mutex<Option<Arc<Shape>>>,
}

impl Shapes {
    /// The numbers of a graph, or of one about as large that was counted before.
    pub(super) fn of(&self, snapshot: &Snapshot) -> Arc<Shape> {
        let fitting = |held: &Option<Arc<Shape>>| held.clone().filter(|shape| shape.still_fits(snapshot));
        if let Some(shape) = fitting(&self.held.lock().unwrap_or_else(PoisonError::into_inner)) {
            return shape;
        }
        // Counted outside the lock: nobody waits for it.
        let shape = Arc::new(Shape::of(snapshot));
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shape));
        shape
    }
}
