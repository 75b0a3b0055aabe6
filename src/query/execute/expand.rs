//! Single steps along relationships.

use std::ops::ControlFlow;

use super::{Executor, Flow, Row, Sink, attempt};
use crate::graph::{Direction, Edge, Node};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::plan::Expand;
use crate::query::semantics::bound::Variable;
use crate::query::source::PropertyGraph;
use crate::query::value::Value;

impl<G: PropertyGraph> Executor<'_, G> {
    /// The node that a variable holds; none where it is null.
    pub(super) fn node_in(&self, row: &Row, variable: Variable) -> Result<Option<Node>, QueryError> {
        match &row[variable.index()] {
            Value::Node(node) => Ok(Some(*node)),
            Value::Null => Ok(None),
            other => Err(QueryError::type_error(
                ErrorDetail::InvalidArgumentType,
                format!("a pattern needs a node here and found a {}", other.type_name()),
            )),
        }
    }

    /// Each step from a node.
    pub(super) fn expand(&self, expand: &Expand, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let Some(from) = attempt!(self.node_in(row, expand.from)) else {
            return ControlFlow::Continue(());
        };
        let wanted = if expand.to_known { attempt!(self.node_in(row, expand.to)) } else { None };
        if expand.to_known && wanted.is_none() {
            return ControlFlow::Continue(());
        }
        let operation = if expand.to_known { "ExpandInto" } else { "Expand" };
        self.graph.for_each_step(from, expand.direction, expand.kinds.as_deref(), |step| {
            self.allowed(self.budget.step(operation))?;
            if wanted.is_some_and(|wanted| wanted != step.to) || self.is_used(row, &expand.unlike, step.edge) {
                return ControlFlow::Continue(());
            }
            if expand.to_label.is_some_and(|label| !self.graph.has_label(step.to, label)) {
                return ControlFlow::Continue(());
            }
            row[expand.relationship.index()] = Value::Relationship(step.edge);
            if expand.from == expand.to && step.to != from {
                return ControlFlow::Continue(());
            }
            if !expand.to_known {
                row[expand.to.index()] = Value::Node(step.to);
            }
            next(row)
        })
    }

    /// Whether one of the variables holds the relationship.
    pub(super) fn is_used(&self, row: &Row, variables: &[Variable], edge: Edge) -> bool {
        variables.iter().any(|variable| match &row[variable.index()] {
            Value::Relationship(held) => *held == edge,
            Value::List(list) => list.iter().any(|held| matches!(held, Value::Relationship(held) if *held == edge)),
            _ => false,
        })
    }

    /// The ends of a relationship that has a value already.
    pub(super) fn known_relationship(&self, expand: &Expand, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let edge = match &row[expand.relationship.index()] {
            Value::Relationship(edge) => *edge,
            Value::Null => return ControlFlow::Continue(()),
            other => {
                let message = format!("a pattern needs a relationship here and found a {}", other.type_name());
                attempt!(Err(QueryError::type_error(ErrorDetail::InvalidArgumentType, message)))
            }
        };
        let fits = expand.kinds.as_ref().is_none_or(|kinds| kinds.contains(&self.graph.relationship_kind(edge)));
        let Some((source, target)) = self.graph.ends(edge).filter(|_| fits) else {
            return ControlFlow::Continue(());
        };
        if self.is_used(row, &expand.unlike, edge) {
            return ControlFlow::Continue(());
        }
        let along = matches!(expand.direction, Direction::Outgoing | Direction::Both);
        let against = matches!(expand.direction, Direction::Incoming | Direction::Both) && (!along || source != target);
        if along {
            self.bind_ends(expand, (source, target), row, next)?;
        }
        if against {
            self.bind_ends(expand, (target, source), row, next)?;
        }
        ControlFlow::Continue(())
    }

    fn bind_ends(&self, expand: &Expand, (from, to): (Node, Node), row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let fits = |known: bool, variable: Variable, node: Node, row: &Row| {
            !known || matches!(&row[variable.index()], Value::Node(held) if *held == node)
        };
        if !fits(expand.from_known, expand.from, from, row) || !fits(expand.to_known, expand.to, to, row) {
            return ControlFlow::Continue(());
        }
        if expand.from == expand.to && from != to {
            return ControlFlow::Continue(());
        }
        if expand.to_label.is_some_and(|label| !self.graph.has_label(to, label)) {
            return ControlFlow::Continue(());
        }
        row[expand.from.index()] = Value::Node(from);
        row[expand.to.index()] = Value::Node(to);
        next(row)
    }
}
