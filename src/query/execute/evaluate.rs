//! The value of an expression for a row.

use std::sync::Arc;

use super::{Executor, Row};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::functions;
use crate::query::semantics::bound::{Expression, Kind};
use crate::query::source::PropertyGraph;
use crate::query::syntax::tree::{BinaryOperator, ComparisonOperator};
use crate::query::value::{Map, Value, access, arithmetic, equality, extent, ordering};

impl<G: PropertyGraph> Executor<'_, G> {
    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression, row: &mut Row) -> Result<Value, QueryError> {
        match &expression.kind {
            Kind::Constant(value) => Ok(value.clone()),
            Kind::Variable(variable) => Ok(row[variable.index()].clone()),
            Kind::Parameter(number) => Ok(self.parameters.get(*number).cloned().unwrap_or_default()),
            Kind::Property(subject, key, name) => {
                self.property(subject, *key, name, row).map_err(|error| error.at(expression.span))
            }
            Kind::List(items) => self.list(items, row),
            Kind::Map(entries) => self.map(entries, row),
            Kind::Not(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Xor(..)
            | Kind::Comparison(..)
            | Kind::IsNull(..)
            | Kind::HasLabels(..)
            | Kind::Matches(..)
            | Kind::Quantifier { .. }
            | Kind::Exists(_) => self.truth(expression, row).map(Value::from),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, expression, row),
            Kind::Negate(part) => {
                let value = self.value(part, row)?;
                arithmetic::negate(&value).map_err(|error| error.at(expression.span))
            }
            Kind::Plus(part) => self.value(part, row),
            Kind::Index(subject, index) => {
                let (subject, index) = (self.value(subject, row)?, self.value(index, row)?);
                access::index(&subject, &index, self.context.facts).map_err(|error| error.at(expression.span))
            }
            Kind::Slice(list, from, to) => self.slice(list, from.as_deref(), to.as_deref(), row),
            Kind::Function(function, arguments) => self.function(function, arguments, expression, row),
            Kind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), row)
            }
            Kind::ListComprehension { .. } | Kind::Reduce { .. } | Kind::Count(_) | Kind::Collect(..) => {
                self.over_many(expression, row)
            }
        }
    }

    fn property(
        &self,
        subject: &Expression,
        key: Option<crate::query::source::Key>,
        name: &str,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let held;
        let value = match &subject.kind {
            Kind::Variable(variable) => &row[variable.index()],
            _ => {
                held = self.value(subject, row)?;
                &held
            }
        };
        match (value, key) {
            (Value::Node(node), Some(key)) => Ok(self.graph.node_property(*node, key)),
            (Value::Relationship(edge), Some(key)) => Ok(self.graph.relationship_property(*edge, key)),
            (value, _) => access::property(value, name, self.context.facts),
        }
    }

    fn list(&self, items: &[Expression], row: &mut Row) -> Result<Value, QueryError> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(self.value(item, row)?);
        }
        self.bounded(Value::list(values))
    }

    /// A list or map that was put together, unless its items make it too large or too deep to be written out.
    pub(super) fn bounded(&self, value: Value) -> Result<Value, QueryError> {
        let nested = match &value {
            Value::List(items) => items.iter().any(extent::is_container),
            Value::Map(map) => map.values().any(extent::is_container),
            _ => false,
        };
        if nested {
            extent::check(&value, self.context.most)?;
        }
        Ok(value)
    }

    fn map(&self, entries: &[(Arc<str>, Expression)], row: &mut Row) -> Result<Value, QueryError> {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(Arc::clone(key), self.value(value, row)?);
        }
        self.bounded(Value::Map(Arc::new(map)))
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        whole: &Expression,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let (a, b) = (self.value(left, row)?, self.value(right, row)?);
        let result = match operator {
            BinaryOperator::Add => arithmetic::add_within(&a, &b, self.context.most),
            BinaryOperator::Subtract => arithmetic::subtract(&a, &b),
            BinaryOperator::Multiply => arithmetic::multiply(&a, &b),
            BinaryOperator::Divide => arithmetic::divide(&a, &b),
            BinaryOperator::Modulo => arithmetic::modulo(&a, &b),
            BinaryOperator::Power => arithmetic::power(&a, &b),
            BinaryOperator::In => access::is_in(&a, &b).map(Value::from),
            BinaryOperator::StartsWith => Ok(access::starts_with(&a, &b).into()),
            BinaryOperator::EndsWith => Ok(access::ends_with(&a, &b).into()),
            BinaryOperator::Contains => Ok(access::contains(&a, &b).into()),
            BinaryOperator::Matches => matches(&a, &b).map(Value::from),
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Xor => Ok(Value::Null),
        };
        result.map_err(|error| error.at(whole.span))
    }

    fn slice(
        &self,
        list: &Expression,
        from: Option<&Expression>,
        to: Option<&Expression>,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let value = self.value(list, row)?;
        let from = from.map(|from| self.value(from, row)).transpose()?;
        let to = to.map(|to| self.value(to, row)).transpose()?;
        access::slice(&value, from.as_ref(), to.as_ref()).map_err(|error| error.at(list.span))
    }

    fn function(
        &self,
        function: &'static functions::Function,
        arguments: &[Expression],
        whole: &Expression,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let result = match arguments {
            [] => functions::evaluate(function, &[], &self.context),
            [one] => functions::evaluate(function, &[self.value(one, row)?], &self.context),
            many => {
                let mut values = Vec::with_capacity(many.len());
                for argument in many {
                    values.push(self.value(argument, row)?);
                }
                functions::evaluate(function, &values, &self.context)
            }
        };
        result.map_err(|error| error.at(whole.span))
    }

    fn case(
        &self,
        operand: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        row: &mut Row,
    ) -> Result<Value, QueryError> {
        let operand = operand.map(|operand| self.value(operand, row)).transpose()?;
        for (when, then) in branches {
            let chosen = match &operand {
                Some(operand) => equality::equal(operand, &self.value(when, row)?) == Some(true),
                None => self.truth(when, row)? == Some(true),
            };
            if chosen {
                return self.value(then, row);
            }
        }
        otherwise.map_or(Ok(Value::Null), |otherwise| self.value(otherwise, row))
    }

    /// A comparison; what a property is compared with is looked at before anything is copied.
    pub(super) fn comparison(
        &self,
        operator: ComparisonOperator,
        left: &Expression,
        right: &Expression,
        row: &mut Row,
    ) -> Result<Option<bool>, QueryError> {
        if let (Kind::Variable(a), Kind::Variable(b)) = (&left.kind, &right.kind) {
            return Ok(ordering::compare(operator, &row[a.index()], &row[b.index()]));
        }
        let a = self.value(left, row)?;
        match &right.kind {
            Kind::Constant(b) => Ok(ordering::compare(operator, &a, b)),
            _ => Ok(ordering::compare(operator, &a, &self.value(right, row)?)),
        }
    }
}

/// `=~` with a regular expression that is known only now.
fn matches(text: &Value, pattern: &Value) -> Result<Option<bool>, QueryError> {
    match (text, pattern) {
        (Value::String(text), Value::String(pattern)) => {
            Ok(Some(crate::query::regular::compile(pattern)?.regex.is_match(text)))
        }
        (_, Value::String(_) | Value::Null) => Ok(None),
        (_, other) => Err(QueryError::runtime(
            ErrorKind::TypeError,
            ErrorDetail::InvalidArgumentType,
            format!("=~ needs a regular expression as text, not a {}", other.type_name()),
        )),
    }
}
