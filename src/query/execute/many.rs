//! Paths of some length: every walk that uses no relationship twice.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::{Executor, Flow, Row, Sink, attempt};
use crate::graph::{Edge, Node, Step};
use crate::query::error::QueryError;
use crate::query::plan::ExpandMany;
use crate::query::semantics::bound::Variable;
use crate::query::source::PropertyGraph;
use crate::query::value::Value;

/// From so many relationships on, a set tells sooner than a look through the list which are used.
const LONG: usize = 32;

/// The relationships of the walk so far.
#[derive(Default)]
pub(super) struct Trail {
    edges: Vec<Edge>,
    set: FxHashSet<u32>,
}

impl Trail {
    fn contains(&self, edge: Edge) -> bool {
        if self.edges.len() > LONG { self.set.contains(&edge.0) } else { self.edges.contains(&edge) }
    }

    fn push(&mut self, edge: Edge) {
        self.edges.push(edge);
        if self.edges.len() == LONG + 1 {
            self.set = self.edges.iter().map(|edge| edge.0).collect();
        } else if self.edges.len() > LONG {
            self.set.insert(edge.0);
        }
    }

    fn pop(&mut self) {
        if let Some(edge) = self.edges.pop() {
            self.set.remove(&edge.0);
        }
    }
}

/// The steps from one node of the walk that are still to be tried.
struct Level {
    steps: Vec<Step>,
    next: usize,
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// Each path of the wanted length from a node.
    pub(super) fn expand_many(&self, many: &ExpandMany, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let Some(start) = attempt!(self.node_in(row, many.step.from)) else {
            return ControlFlow::Continue(());
        };
        let wanted = if many.step.to_known { attempt!(self.node_in(row, many.step.to)) } else { None };
        if many.step.to_known && wanted.is_none() {
            return ControlFlow::Continue(());
        }
        let mut trail = Trail::default();
        if many.minimum == 0 {
            self.arrive(many, &trail, start, wanted, row, next)?;
        }
        if many.maximum == Some(0) {
            return ControlFlow::Continue(());
        }
        let mut levels = vec![self.level(many, start, &trail, row)?];
        while let Some(level) = levels.last_mut() {
            let Some(step) = level.steps.get(level.next).copied() else {
                levels.pop();
                trail.pop();
                continue;
            };
            level.next += 1;
            trail.push(step.edge);
            let depth = levels.len() as u64;
            if depth >= many.minimum {
                self.arrive(many, &trail, step.to, wanted, row, next)?;
            }
            if many.maximum.is_some_and(|maximum| depth >= maximum) {
                trail.pop();
            } else {
                let deeper = self.level(many, step.to, &trail, row)?;
                levels.push(deeper);
            }
        }
        ControlFlow::Continue(())
    }

    /// The steps that may follow.
    fn level(&self, many: &ExpandMany, from: Node, trail: &Trail, row: &mut Row) -> ControlFlow<super::Halt, Level> {
        let mut steps = Vec::new();
        self.graph.for_each_step(from, many.step.direction, many.step.kinds.as_deref(), |step| {
            self.allowed(self.budget.step("ExpandPaths"))?;
            if trail.contains(step.edge) || self.is_used(row, &many.step.unlike, step.edge) {
                return ControlFlow::Continue(());
            }
            if attempt!(self.passes(many, step.edge, row)) {
                steps.push(step);
            }
            ControlFlow::Continue(())
        })?;
        ControlFlow::Continue(Level { steps, next: 0 })
    }

    /// Whether a relationship is what each step must be.
    pub(super) fn passes(&self, many: &ExpandMany, edge: Edge, row: &mut Row) -> Result<bool, QueryError> {
        if many.predicates.is_empty() {
            return Ok(true);
        }
        row[many.each.index()] = Value::Relationship(edge);
        for predicate in &many.predicates {
            if self.truth(predicate, row)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A path of a wanted length ends here.
    fn arrive(
        &self,
        many: &ExpandMany,
        trail: &Trail,
        end: Node,
        wanted: Option<Node>,
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        if wanted.is_some_and(|wanted| wanted != end) {
            return ControlFlow::Continue(());
        }
        if many.step.to_label.is_some_and(|label| !self.graph.has_label(end, label)) {
            return ControlFlow::Continue(());
        }
        if many.list_wanted {
            self.allowed(self.budget.steps(trail.edges.len() as u64 / 8, "ExpandPaths"))?;
            row[many.step.relationship.index()] = edge_list(&trail.edges, many.backward);
        }
        if !many.step.to_known {
            row[many.step.to.index()] = Value::Node(end);
        }
        next(row)
    }

    /// A list of relationships that is known already: whether it is a path from here, and where to.
    pub(super) fn given_path(&self, many: &ExpandMany, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let Some(start) = attempt!(self.node_in(row, many.step.from)) else {
            return ControlFlow::Continue(());
        };
        let Value::List(list) = row[many.step.relationship.index()].clone() else {
            return ControlFlow::Continue(());
        };
        let fits = many.minimum <= list.len() as u64 && many.maximum.is_none_or(|most| list.len() as u64 <= most);
        let mut at = Some(start).filter(|_| fits);
        let mut edges: Vec<&Value> = list.iter().collect();
        if many.backward {
            edges.reverse();
        }
        for edge in edges {
            let (Some(from), Value::Relationship(edge)) = (at, edge) else {
                return ControlFlow::Continue(());
            };
            at = None;
            self.graph.for_each_step(from, many.step.direction, many.step.kinds.as_deref(), |step| {
                self.allowed(self.budget.step("ExpandPaths"))?;
                if step.edge == *edge {
                    at = Some(step.to);
                }
                ControlFlow::Continue(())
            })?;
        }
        match at {
            Some(end) if bind(row, many.step.to, many.step.to_known, end) => next(row),
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Writes a node into a place, or says whether the place holds it.
fn bind(row: &mut Row, variable: Variable, known: bool, node: Node) -> bool {
    if known {
        return matches!(&row[variable.index()], Value::Node(held) if *held == node);
    }
    row[variable.index()] = Value::Node(node);
    true
}

/// Relationships as a list, in reading order.
pub(super) fn edge_list(edges: &[Edge], backward: bool) -> Value {
    let values = edges.iter().map(|edge| Value::Relationship(*edge));
    if backward { Value::list(values.rev()) } else { Value::list(values) }
}
