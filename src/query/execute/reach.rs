//! The ends of paths of any length, each once: for questions that do not ask for the paths themselves.
//!
//! A walk that uses no relationship twice leads to the same nodes as any walk, and a shortest walk never uses one
//! twice. The one exception is the way back to the start over the same relationship, where the direction does not
//! matter; there the start is looked at apart.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::{Executor, Flow, Row, Sink, attempt};
use crate::graph::{BitSet, Direction, Edge, Node};
use crate::query::plan::ExpandMany;
use crate::query::source::PropertyGraph;
use crate::query::value::Value;

impl<G: PropertyGraph> Executor<'_, G> {
    /// Each node that can be reached from a node, once.
    pub(super) fn reach(&self, many: &ExpandMany, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let Some(start) = attempt!(self.node_in(row, many.step.from)) else {
            return ControlFlow::Continue(());
        };
        let found = self.reached(many, start)?;
        if many.step.to_known {
            let wanted = attempt!(self.node_in(row, many.step.to));
            return match wanted {
                Some(wanted) if found.contains(wanted) => next(row),
                _ => ControlFlow::Continue(()),
            };
        }
        match found {
            Found::Set(set) => self.arrivals(many, set.nodes(), row, next),
            Found::List(list) => self.arrivals(many, list.into_iter(), row, next),
        }
    }

    fn arrivals(
        &self,
        many: &ExpandMany,
        nodes: impl Iterator<Item = Node>,
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        for node in nodes {
            self.allowed(self.budget.step("Reach"))?;
            if many.step.to_label.is_some_and(|label| !self.graph.has_label(node, label)) {
                continue;
            }
            row[many.step.to.index()] = Value::Node(node);
            next(row)?;
        }
        ControlFlow::Continue(())
    }

    fn reached(&self, many: &ExpandMany, start: Node) -> ControlFlow<super::Halt, Found> {
        if many.maximum == Some(0) {
            return ControlFlow::Continue(Found::List(vec![start]));
        }
        if many.step.direction == Direction::Both {
            return self.reached_either_way(many, start).map_continue(Found::Set);
        }
        if let Some(depth) = many.maximum.and_then(|most| usize::try_from(most).ok())
            && let Some(found) = self.nearby(many, start, depth)?
        {
            return ControlFlow::Continue(Found::List(found));
        }
        let kinds = many.step.kinds.as_deref();
        let mut firsts = Vec::new();
        self.graph.for_each_step(start, many.step.direction, kinds, |step| {
            self.allowed(self.budget.step("Reach"))?;
            firsts.push(step.to);
            ControlFlow::Continue(())
        })?;
        let mut found = self.closure(&firsts, many, many.maximum.map(|most| most - 1))?;
        if many.minimum == 0 {
            found.insert(start.0);
        }
        ControlFlow::Continue(Found::Set(found))
    }

    /// What is at most some steps away, by the graph's own search; the start only where a way leads back to it.
    fn nearby(&self, many: &ExpandMany, start: Node, depth: usize) -> ControlFlow<super::Halt, Option<Vec<Node>>> {
        let kinds = many.step.kinds.as_deref();
        let Some(mut found) = self.graph.reach_within(start, many.step.direction, kinds, depth) else {
            return ControlFlow::Continue(None);
        };
        self.allowed(self.budget.steps(found.len() as u64, "Reach"))?;
        if many.minimum == 0 {
            return ControlFlow::Continue(Some(found));
        }
        let mut before = Vec::new();
        self.graph.for_each_step(start, many.step.direction.reversed(), kinds, |step| {
            self.allowed(self.budget.step("Reach"))?;
            before.push(step.to);
            ControlFlow::Continue(())
        })?;
        let returns = before.iter().any(|node| found.contains(node)) && {
            let nearer = self.graph.reach_within(start, many.step.direction, kinds, depth - 1).unwrap_or_default();
            before.iter().any(|node| nearer.contains(node))
        };
        if !returns {
            found.retain(|node| *node != start);
        }
        ControlFlow::Continue(Some(found))
    }

    fn reached_either_way(&self, many: &ExpandMany, start: Node) -> ControlFlow<super::Halt, BitSet> {
        let mut found = self.closure(&[start], many, many.maximum)?;
        if many.minimum > 0 && !self.returns_to(many, start)? {
            found.remove(start.0);
        }
        ControlFlow::Continue(found)
    }

    /// The starts and all within some steps of them.
    fn closure(&self, starts: &[Node], many: &ExpandMany, most: Option<u64>) -> ControlFlow<super::Halt, BitSet> {
        let kinds = many.step.kinds.as_deref();
        if let Some(found) = self.graph.reach(starts, many.step.direction, kinds, most) {
            self.allowed(self.budget.steps(found.count() as u64, "Reach"))?;
            return ControlFlow::Continue(found);
        }
        let mut found = BitSet::default();
        let mut level: Vec<Node> = starts.iter().copied().filter(|start| found.insert(start.0)).collect();
        let mut depth = 0;
        while !level.is_empty() && most.is_none_or(|most| depth < most) {
            let mut deeper = Vec::new();
            for node in level {
                self.graph.for_each_step(node, many.step.direction, kinds, |step| {
                    self.allowed(self.budget.step("Reach"))?;
                    if found.insert(step.to.0) {
                        deeper.push(step.to);
                    }
                    ControlFlow::Continue(())
                })?;
            }
            level = deeper;
            depth += 1;
        }
        ControlFlow::Continue(found)
    }

    /// Whether a walk that uses no relationship twice leads back to the start: two branches of a search from it
    /// meet, or a relationship joins it with itself.
    fn returns_to(&self, many: &ExpandMany, start: Node) -> ControlFlow<super::Halt, bool> {
        let kinds = many.step.kinds.as_deref();
        let most = many.maximum.unwrap_or(u64::MAX);
        // By node: the first relationship of the way to it, the last one, and how far it is.
        let mut ways: FxHashMap<Node, (Edge, Edge, u64)> = FxHashMap::default();
        let mut level: Vec<Node> = Vec::new();
        let mut found = false;
        self.graph.for_each_step(start, Direction::Both, kinds, |step| {
            self.allowed(self.budget.step("Reach"))?;
            if step.to == start {
                found |= most >= 1;
            } else if let Some((other, ..)) = ways.insert(step.to, (step.edge, step.edge, 1)) {
                found |= other != step.edge && most >= 2;
            } else {
                level.push(step.to);
            }
            ControlFlow::Continue(())
        })?;
        while !level.is_empty() && !found {
            let mut deeper = Vec::new();
            for node in level {
                let Some((branch, last, depth)) = ways.get(&node).copied() else { continue };
                self.graph.for_each_step(node, Direction::Both, kinds, |step| {
                    self.allowed(self.budget.step("Reach"))?;
                    if step.edge == last || step.to == start || step.to == node {
                        return ControlFlow::Continue(());
                    }
                    match ways.get(&step.to) {
                        Some((other, _, far)) => found |= *other != branch && depth + far < most,
                        None => {
                            ways.insert(step.to, (branch, step.edge, depth + 1));
                            deeper.push(step.to);
                        }
                    }
                    ControlFlow::Continue(())
                })?;
            }
            level = deeper;
        }
        ControlFlow::Continue(found)
    }
}

/// The nodes that were reached.
enum Found {
    Set(BitSet),
    List(Vec<Node>),
}

impl Found {
    fn contains(&self, node: Node) -> bool {
        match self {
            Self::Set(set) => set.contains(node.0),
            Self::List(list) => list.contains(&node),
        }
    }
}
