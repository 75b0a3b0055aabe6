//! The operations of a segment, through which each row runs at once.

use std::ops::ControlFlow;

use super::chain::Chain;
use super::gather::RowSet;
use super::{Executor, Flow, Halt, Row, Sink, attempt};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::plan::{Call, Operation, OperationKind, Seek};
use crate::query::semantics::bound::{Expression, Variable};
use crate::query::source::{Label, PropertyGraph};
use crate::query::value::{Path, Value};

/// What an operation remembers between rows.
pub(super) enum State {
    /// Nothing.
    None,
    /// The combinations that came through.
    Seen(RowSet),
    /// The operation and those behind it run as one.
    Chain(Box<Chain>),
    /// How many rows are still left out or let through; not known before the first row.
    Left(Option<u64>),
}

impl State {
    pub(super) fn of(kind: &OperationKind) -> Self {
        match kind {
            OperationKind::Distinct(_) => Self::Seen(RowSet::default()),
            OperationKind::Skip(_) | OperationKind::Limit(_) => Self::Left(None),
            _ => Self::None,
        }
    }
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// Sends a row through operations; what comes out goes to `out`.
    pub(super) fn operations(
        &self,
        operations: &[Operation],
        states: &mut [State],
        row: &mut Row,
        out: &mut Sink<'_>,
    ) -> Flow {
        let Some((operation, rest)) = operations.split_first() else {
            return out(row);
        };
        let Some((state, states)) = states.split_first_mut() else {
            return out(row);
        };
        if let State::Chain(chain) = state {
            let length = chain.length.min(operations.len());
            let (rest, states) = (&operations[length..], &mut states[length - 1..]);
            return self.chain(&operations[..length], chain, row, &mut |row| self.operations(rest, states, row, out));
        }
        let counted = !self.counters.is_empty();
        let mut next = |row: &mut Row| {
            if counted {
                self.count(operation.number);
            }
            self.operations(rest, states, row, out)
        };
        self.operation(&operation.kind, state, row, &mut next)
    }

    fn operation(&self, kind: &OperationKind, state: &mut State, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        match kind {
            OperationKind::Nodes { variable, label } => self.nodes(*variable, *label, row, next),
            OperationKind::Seek(seek) => self.seek(seek, row, next),
            OperationKind::Expand(expand) => self.expand(expand, row, next),
            OperationKind::ExpandMany(many) if many.given => self.given_path(many, row, next),
            OperationKind::ExpandMany(many) => self.expand_many(many, row, next),
            OperationKind::Reach(many) => self.reach(many, row, next),
            OperationKind::Shortest(shortest) => self.shortest(shortest, row, next),
            OperationKind::Ends(expand) => self.known_relationship(expand, row, next),
            OperationKind::Path { variable, nodes, relationships } => {
                row[variable.index()] = self.path(nodes, relationships, row);
                next(row)
            }
            OperationKind::Filter(predicate) => {
                if attempt!(self.truth(predicate, row)) == Some(true) {
                    next(row)
                } else {
                    ControlFlow::Continue(())
                }
            }
            OperationKind::Unwind { list, variable } => self.unwind(list, *variable, row, next),
            OperationKind::Optional { operations, nulls } => self.optional(operations, nulls, row, next),
            OperationKind::Call(call) => self.call(call, row, next),
            OperationKind::Compute(items) => {
                for (variable, expression) in items {
                    row[variable.index()] = attempt!(self.value(expression, row));
                }
                next(row)
            }
            OperationKind::Distinct(variables) => self.distinct(variables, state, row, next),
            OperationKind::Skip(count) => self.skip(count, state, row, next),
            OperationKind::Limit(count) => self.limit(count, state, row, next),
        }
    }

    fn nodes(&self, variable: Variable, label: Option<Label>, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let operation = if label.is_some() { "NodesByLabel" } else { "AllNodes" };
        self.graph.for_each_node(label, |node| {
            self.allowed(self.budget.step(operation))?;
            row[variable.index()] = Value::Node(node);
            next(row)
        })
    }

    fn seek(&self, seek: &Seek, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let value = attempt!(self.value(&seek.value, row));
        let found = match (&value, seek.any) {
            (Value::Null, _) => return ControlFlow::Continue(()),
            (Value::List(values), true) => self.seek_any(seek, values),
            (_, true) => None,
            (value, false) => self.graph.seek(seek.label, seek.key, value),
        };
        let Some(nodes) = found else {
            return self.scan_for(seek, row, next);
        };
        for node in nodes {
            self.allowed(self.budget.step("NodeSeek"))?;
            row[seek.variable.index()] = Value::Node(node);
            next(row)?;
        }
        ControlFlow::Continue(())
    }

    /// Each node once, however often its value is in the list.
    fn seek_any(&self, seek: &Seek, values: &[Value]) -> Option<Vec<crate::graph::Node>> {
        let mut nodes = Vec::new();
        for value in values.iter().filter(|value| !value.is_null()) {
            nodes.extend(self.graph.seek(seek.label, seek.key, value)?);
        }
        nodes.sort_unstable();
        nodes.dedup();
        Some(nodes)
    }

    fn scan_for(&self, seek: &Seek, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        self.nodes(seek.variable, seek.label, row, &mut |row| {
            if attempt!(self.truth(&seek.condition, row)) == Some(true) { next(row) } else { ControlFlow::Continue(()) }
        })
    }

    fn unwind(&self, list: &Expression, variable: Variable, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        match attempt!(self.value(list, row)) {
            Value::Null => ControlFlow::Continue(()),
            Value::List(items) => {
                for item in items.iter() {
                    self.allowed(self.budget.step("Unwind"))?;
                    row[variable.index()] = item.clone();
                    next(row)?;
                }
                ControlFlow::Continue(())
            }
            single => {
                row[variable.index()] = single;
                next(row)
            }
        }
    }

    fn optional(&self, operations: &[Operation], nulls: &[Variable], row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let mut states: Vec<State> = operations.iter().map(|operation| State::of(&operation.kind)).collect();
        let mut found = false;
        self.operations(operations, &mut states, row, &mut |row| {
            found = true;
            next(row)
        })?;
        if found {
            return ControlFlow::Continue(());
        }
        for variable in nulls {
            row[variable.index()] = Value::Null;
        }
        next(row)
    }

    fn call(&self, call: &Call, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(attempt!(self.value(argument, row)));
        }
        let rows = attempt!(self.graph.call(&call.name, &arguments));
        if call.passes {
            return next(row);
        }
        for values in rows {
            self.allowed(self.budget.step("Call"))?;
            for (place, variable) in &call.yields {
                row[variable.index()] = values.get(*place).cloned().unwrap_or_default();
            }
            next(row)?;
        }
        ControlFlow::Continue(())
    }

    fn distinct(&self, variables: &[Variable], state: &mut State, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let State::Seen(seen) = state else { return next(row) };
        match seen.insert(row, variables) {
            None => ControlFlow::Continue(()),
            Some(bytes) => {
                self.allowed(self.budget.hold(bytes, "Distinct"))?;
                next(row)
            }
        }
    }

    fn skip(&self, count: &Expression, state: &mut State, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let left = attempt!(self.left(count, state, row));
        if left == 0 {
            return next(row);
        }
        *state = State::Left(Some(left - 1));
        ControlFlow::Continue(())
    }

    fn limit(&self, count: &Expression, state: &mut State, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let left = attempt!(self.left(count, state, row));
        if left == 0 {
            return ControlFlow::Break(Halt::Enough);
        }
        *state = State::Left(Some(left - 1));
        next(row)?;
        if left == 1 { ControlFlow::Break(Halt::Enough) } else { ControlFlow::Continue(()) }
    }

    fn left(&self, count: &Expression, state: &State, row: &mut Row) -> Result<u64, QueryError> {
        match state {
            State::Left(Some(left)) => Ok(*left),
            _ => self.row_count(count, row),
        }
    }

    /// The number of `SKIP` or `LIMIT`.
    pub(super) fn row_count(&self, count: &Expression, row: &mut Row) -> Result<u64, QueryError> {
        let wrong =
            |detail, message: String| Err(QueryError::runtime(ErrorKind::SyntaxError, detail, message).at(count.span));
        match self.value(count, row)? {
            Value::Integer(count) => match u64::try_from(count) {
                Ok(count) => Ok(count),
                Err(_) => wrong(ErrorDetail::NegativeIntegerArgument, format!("SKIP and LIMIT cannot be {count}")),
            },
            other => wrong(
                ErrorDetail::InvalidArgumentType,
                format!("SKIP and LIMIT need a whole number, not a {}", other.type_name()),
            ),
        }
    }

    /// Puts a path together; null where a part of it is missing.
    fn path(&self, nodes: &[Variable], relationships: &[Variable], row: &Row) -> Value {
        let Some(Value::Node(start)) = nodes.first().map(|node| &row[node.index()]) else {
            return Value::Null;
        };
        let mut path = Path { nodes: vec![*start], relationships: Vec::new() };
        for relationship in relationships {
            if let Value::List(edges) = &row[relationship.index()] {
                path.nodes.reserve(edges.len());
                path.relationships.reserve(edges.len());
            }
            let complete = match &row[relationship.index()] {
                Value::Relationship(edge) => self.lengthen(&mut path, *edge),
                Value::List(edges) => edges.iter().all(|edge| match edge {
                    Value::Relationship(edge) => self.lengthen(&mut path, *edge),
                    _ => false,
                }),
                _ => false,
            };
            if !complete {
                return Value::Null;
            }
        }
        Value::Path(std::sync::Arc::new(path))
    }

    fn lengthen(&self, path: &mut Path, edge: crate::graph::Edge) -> bool {
        let (Some((source, target)), Some(last)) = (self.context.facts.ends(edge), path.nodes.last()) else {
            return false;
        };
        let other = if source == *last { target } else { source };
        path.nodes.push(other);
        path.relationships.push(edge);
        true
    }
}
