//! Truth in three values: yes, no, and not known.

use std::ops::ControlFlow;

use super::{Executor, Halt, Row};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::plan::Plan;
use crate::query::semantics::bound::{Expression, Kind, Labels, Subquery};
use crate::query::source::PropertyGraph;
use crate::query::value::Value;

impl<G: PropertyGraph> Executor<'_, G> {
    /// Whether an expression is true; nothing where that is not known.
    pub(super) fn truth(&self, expression: &Expression, row: &mut Row) -> Result<Option<bool>, QueryError> {
        match &expression.kind {
            Kind::Comparison(operator, left, right) => self.comparison(*operator, left, right, row),
            Kind::Not(part) => Ok(self.truth(part, row)?.map(|truth| !truth)),
            Kind::And(parts) => self.all_of(parts, row),
            Kind::Or(parts) => self.any_of(parts, row),
            Kind::Xor(a, b) => {
                let (a, b) = (self.truth(a, row)?, self.truth(b, row)?);
                Ok(a.zip(b).map(|(a, b)| a != b))
            }
            Kind::IsNull(part, negated) => Ok(Some(self.value(part, row)?.is_null() != *negated)),
            Kind::HasLabels(subject, labels) => self.has_labels(subject, labels, row),
            Kind::Matches(text, pattern) => match self.value(text, row)? {
                Value::String(text) => Ok(Some(pattern.regex.is_match(&text))),
                _ => Ok(None),
            },
            Kind::Quantifier { quantifier, variable, list, predicate } => {
                self.quantifier(*quantifier, *variable, list, predicate, row)
            }
            Kind::Exists(subquery) => self.exists(subquery, row).map(Some),
            _ => match self.value(expression, row)? {
                Value::Boolean(truth) => Ok(Some(truth)),
                Value::Null => Ok(None),
                other => Err(QueryError::type_error(
                    ErrorDetail::InvalidArgumentType,
                    format!("a condition must be true, false or null and is a {}", other.type_name()),
                )
                .at(expression.span)),
            },
        }
    }

    fn all_of(&self, parts: &[Expression], row: &mut Row) -> Result<Option<bool>, QueryError> {
        let mut known = true;
        for part in parts {
            match self.truth(part, row)? {
                Some(false) => return Ok(Some(false)),
                Some(true) => {}
                None => known = false,
            }
        }
        Ok(known.then_some(true))
    }

    fn any_of(&self, parts: &[Expression], row: &mut Row) -> Result<Option<bool>, QueryError> {
        let mut known = true;
        for part in parts {
            match self.truth(part, row)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => known = false,
            }
        }
        Ok(known.then_some(false))
    }

    fn has_labels(&self, subject: &Expression, labels: &Labels, row: &mut Row) -> Result<Option<bool>, QueryError> {
        let value = match &subject.kind {
            Kind::Variable(variable) => row[variable.index()].clone(),
            _ => self.value(subject, row)?,
        };
        match value {
            Value::Null => Ok(None),
            Value::Node(_) | Value::Relationship(_) => Ok(Some(self.fits(&value, labels))),
            other => Err(QueryError::type_error(
                ErrorDetail::InvalidArgumentType,
                format!("only nodes and relationships have labels, not a {}", other.type_name()),
            )
            .at(subject.span)),
        }
    }

    fn fits(&self, value: &Value, labels: &Labels) -> bool {
        match (labels, value) {
            (Labels::And(parts), _) => parts.iter().all(|part| self.fits(value, part)),
            (Labels::Or(parts), _) => parts.iter().any(|part| self.fits(value, part)),
            (Labels::Not(part), _) => !self.fits(value, part),
            (Labels::Any, Value::Node(node)) => !self.graph.labels(*node).is_empty(),
            (Labels::Any, _) => true,
            (Labels::One { label, .. }, Value::Node(node)) => {
                label.is_some_and(|label| self.graph.has_label(*node, label))
            }
            (Labels::One { kinds, .. }, Value::Relationship(edge)) => {
                kinds.contains(&self.graph.relationship_kind(*edge))
            }
            _ => false,
        }
    }

    /// Whether a subquery has a row.
    pub(super) fn exists(&self, subquery: &Subquery, row: &mut Row) -> Result<bool, QueryError> {
        let mut found = false;
        self.subquery(subquery, row, &mut |_| {
            found = true;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// Gives each row of a subquery to `take`, which ends it by breaking.
    pub(super) fn subquery(
        &self,
        subquery: &Subquery,
        row: &mut Row,
        take: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, QueryError>,
    ) -> Result<(), QueryError> {
        let Some(plan) = &subquery.plan else {
            return Err(unplanned(subquery));
        };
        let plan: &Plan = plan;
        let flow = self.plan(plan, row, &mut |row, _| match take(row) {
            Ok(ControlFlow::Continue(())) => ControlFlow::Continue(()),
            Ok(ControlFlow::Break(())) => ControlFlow::Break(Halt::Stopped),
            Err(error) => ControlFlow::Break(Halt::Failed(Box::new(error))),
        });
        match flow {
            ControlFlow::Break(Halt::Failed(error)) => Err(*error),
            _ => Ok(()),
        }
    }
}

/// Cannot happen: the planner plans every subquery. Said rather than panicked.
fn unplanned(subquery: &Subquery) -> QueryError {
    let message = "this subquery has no plan; please report the query";
    QueryError::runtime(super::super::error::ErrorKind::SyntaxError, ErrorDetail::UnexpectedSyntax, message)
        .at(subquery.span)
}
