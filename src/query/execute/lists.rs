//! Values made of many: comprehensions, quantifiers, `reduce`, subqueries.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::gather::bytes_of;
use super::{Executor, Row};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::semantics::bound::{Expression, Kind, Subquery, Variable};
use crate::query::source::PropertyGraph;
use crate::query::syntax::tree::Quantifier;
use crate::query::value::Value;

impl<G: PropertyGraph> Executor<'_, G> {
    /// Comprehensions, `reduce`, and what collects or counts the rows of a subquery.
    pub(super) fn over_many(&self, expression: &Expression, row: &mut Row) -> Result<Value, QueryError> {
        match &expression.kind {
            Kind::ListComprehension { variable, list, predicate, projection } => {
                self.list_comprehension(*variable, list, predicate.as_deref(), projection.as_deref(), row)
            }
            Kind::Reduce { accumulator, initial, variable, list, body } => {
                let Some(items) = self.items(list, row)? else { return Ok(Value::Null) };
                row[accumulator.index()] = self.value(initial, row)?;
                for item in items.iter() {
                    self.tick()?;
                    row[variable.index()] = item.clone();
                    let next = self.value(body, row)?;
                    // A list that grows is copied each time: that is work too.
                    let grown = if let Value::List(items) = &next { items.len() as u64 / 16 } else { 0 };
                    self.budget.steps(grown, "List").map_err(|error| *error)?;
                    row[accumulator.index()] = next;
                }
                Ok(std::mem::take(&mut row[accumulator.index()]))
            }
            Kind::Count(subquery) => {
                let mut count = 0;
                self.subquery(subquery, row, &mut |_| {
                    count += 1;
                    Ok(ControlFlow::Continue(()))
                })?;
                Ok(Value::Integer(count))
            }
            Kind::Collect(subquery, projection) => self.collect(subquery, projection, row),
            _ => Ok(Value::Null),
        }
    }

    fn tick(&self) -> Result<(), QueryError> {
        self.budget.step("List").map_err(|error| *error)
    }

    /// The items of a list that is gone through; nothing where it is null.
    fn items(&self, list: &Expression, row: &mut Row) -> Result<Option<Arc<[Value]>>, QueryError> {
        match self.value(list, row)? {
            Value::Null => Ok(None),
            Value::List(items) => Ok(Some(items)),
            other => Err(QueryError::type_error(
                ErrorDetail::InvalidArgumentType,
                format!("a list is needed here and this is a {}", other.type_name()),
            )
            .at(list.span)),
        }
    }

    fn list_comprehension(
        &self,
        variable: Variable,
        list: &Expression,
        predicate: Option<&Expression>,
        projection: Option<&Expression>,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let Some(items) = self.items(list, row)? else { return Ok(Value::Null) };
        let mut values = Vec::new();
        for item in items.iter() {
            self.tick()?;
            row[variable.index()] = item.clone();
            if let Some(predicate) = predicate
                && self.truth(predicate, row)? != Some(true)
            {
                continue;
            }
            values.push(match projection {
                Some(projection) => self.value(projection, row)?,
                None => item.clone(),
            });
        }
        self.bounded(Value::list(values))
    }

    fn collect(&self, subquery: &Subquery, projection: &Expression, row: &mut Row) -> Result<Value, QueryError> {
        let mut values = Vec::new();
        let mut bytes = 0;
        self.subquery(subquery, row, &mut |row| {
            let value = self.value(projection, row)?;
            bytes += bytes_of(&value);
            self.budget.hold(bytes_of(&value), "PatternComprehension").map_err(|error| *error)?;
            values.push(value);
            Ok(ControlFlow::Continue(()))
        })?;
        self.budget.release(bytes);
        self.bounded(Value::list(values))
    }

    /// `all`, `any`, `none`, `single`, with what is not known as the logic of three values has it.
    pub(super) fn quantifier(
        &self,
        quantifier: Quantifier,
        variable: Variable,
        list: &Expression,
        predicate: &Expression,
        row: &mut Row,
    ) -> Result<Option<bool>, QueryError> {
        let Some(items) = self.items(list, row)? else { return Ok(None) };
        let (mut yes, mut no, mut unknown) = (0_usize, 0_usize, 0_usize);
        for item in items.iter() {
            self.tick()?;
            row[variable.index()] = item.clone();
            match self.truth(predicate, row)? {
                Some(true) => yes += 1,
                Some(false) => no += 1,
                None => unknown += 1,
            }
        }
        Ok(match quantifier {
            Quantifier::All if no > 0 => Some(false),
            Quantifier::All => (unknown == 0).then_some(true),
            Quantifier::Any if yes > 0 => Some(true),
            Quantifier::Any => (unknown == 0).then_some(false),
            Quantifier::None if yes > 0 => Some(false),
            Quantifier::None => (unknown == 0).then_some(true),
            Quantifier::Single if yes > 1 => Some(false),
            Quantifier::Single => (unknown == 0).then_some(yes == 1),
        })
    }
}
