//! Aggregates: where they may stand, and what may stand beside them.

use super::Binder;
use super::bound::{AggregateCall, Expression, Kind, Variable};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::functions::aggregate::Aggregate;
use crate::query::syntax::Span;
use crate::query::syntax::tree;
use crate::query::types::Type;
use crate::query::value::Value;

impl Binder<'_> {
    /// Binds an expression in which aggregates may stand; each becomes a variable.
    pub(super) fn aggregating(
        &mut self,
        expression: &tree::Expression,
        aggregates: &mut Vec<(Variable, AggregateCall)>,
    ) -> Result<(Expression, Type), QueryError> {
        let outer = self.aggregates.replace(std::mem::take(aggregates));
        let bound = self.expression(expression);
        *aggregates = std::mem::replace(&mut self.aggregates, outer).unwrap_or_default();
        bound
    }

    /// A call of an aggregate; absent as `aggregate`: `count(*)`.
    pub(super) fn aggregate(
        &mut self,
        aggregate: Option<Aggregate>,
        distinct: bool,
        arguments: &[tree::Expression],
        span: Span,
    ) -> Result<(Expression, Type), QueryError> {
        if self.inside_aggregate {
            return Err(QueryError::syntax(
                ErrorDetail::NestedAggregation,
                span,
                "an aggregate cannot stand inside another; compute the inner one in a WITH before",
            ));
        }
        let Some(held) = self.aggregates.take() else {
            return Err(QueryError::syntax(
                ErrorDetail::InvalidAggregation,
                span,
                "an aggregate can only be a column of WITH or RETURN; compute it there and use its name",
            ));
        };
        self.inside_aggregate = true;
        let bound = arguments.iter().map(|argument| self.expression(argument)).collect::<Result<Vec<_>, _>>();
        self.inside_aggregate = false;
        self.aggregates = Some(held);
        let bound = bound?;
        if bound.iter().any(|(argument, _)| changes(argument)) {
            return Err(QueryError::syntax(
                ErrorDetail::NonConstantExpression,
                span,
                "an aggregate cannot be taken of what differs at each call, such as rand()",
            ));
        }
        let value_type = aggregate.map_or(Type::Integer, |aggregate| {
            aggregate.result_type(bound.first().map_or(&Type::Any, |(_, value_type)| value_type))
        });
        let arguments = bound.into_iter().map(|(argument, _)| argument).collect();
        let variable = self.keep_aggregate(AggregateCall { aggregate, distinct, arguments }, &value_type);
        Ok((Expression::variable(variable, span), value_type))
    }

    /// The variable of an aggregate; an equal one serves again.
    fn keep_aggregate(&mut self, call: AggregateCall, value_type: &Type) -> Variable {
        let held = self.aggregates.as_ref().and_then(|held| held.iter().find(|(_, known)| *known == call));
        if let Some((variable, _)) = held {
            return *variable;
        }
        let variable = self.names.variable("", value_type.clone());
        self.aggregates.get_or_insert_default().push((variable, call));
        variable
    }
}

/// Whether a function that differs at each call stands anywhere in an expression.
fn changes(expression: &Expression) -> bool {
    let mut found = matches!(expression.kind, Kind::Function(function, _) if !function.stable);
    expression.for_each_part(&mut |part| found |= changes(part));
    found
}

/// Whether any of the aggregates is read.
pub(super) fn mentions_aggregate(expression: &Expression, aggregates: &[(Variable, AggregateCall)]) -> bool {
    let mut found = false;
    expression.for_each_variable(&mut |read| found |= aggregates.iter().any(|(held, _)| *held == read));
    found
}

/// Replaces what is the same as a column by the column.
pub(super) fn repeated(expression: Expression, columns: &[(Variable, Expression)]) -> Expression {
    if let Some((variable, _)) = columns.iter().find(|(_, made_of)| *made_of == expression) {
        return Expression::variable(*variable, expression.span);
    }
    expression.map_parts(&mut |part| repeated(part, columns))
}

/// Beside an aggregate: grouping keys by their variables, and nothing else of the rows but what is allowed.
pub(super) fn over_keys(
    expression: Expression,
    keys: &[(Variable, Expression)],
    allowed: &dyn Fn(Variable) -> bool,
) -> Result<Expression, QueryError> {
    replace(expression, keys, allowed)
}

fn replace(
    expression: Expression,
    keys: &[(Variable, Expression)],
    allowed: &dyn Fn(Variable) -> bool,
) -> Result<Expression, QueryError> {
    if is_simple(&expression)
        && let Some((variable, _)) = keys.iter().find(|(_, key)| *key == expression)
    {
        return Ok(Expression::variable(*variable, expression.span));
    }
    if let Kind::Variable(variable) = expression.kind {
        let known = allowed(variable) || keys.iter().any(|(key, _)| *key == variable);
        return if known { Ok(expression) } else { Err(ambiguous(expression.span)) };
    }
    let span = expression.span;
    let mut fault = None;
    let replaced = expression.map_parts(&mut |part| {
        replace(part, keys, allowed).unwrap_or_else(|error| {
            fault.get_or_insert(error);
            Expression::new(Kind::Constant(Value::Null), span)
        })
    });
    fault.map_or(Ok(replaced), Err)
}

/// A variable, or a property of one: what may be repeated beside an aggregate.
fn is_simple(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Variable(_) => true,
        Kind::Property(subject, ..) => matches!(subject.kind, Kind::Variable(_)),
        _ => false,
    }
}

/// Grouping keys are mixed with an aggregate.
pub(super) fn ambiguous(span: Span) -> QueryError {
    QueryError::syntax(
        ErrorDetail::AmbiguousAggregationExpression,
        span,
        "beside an aggregate only columns can be used: make this a column of its own, or compute it in a WITH before",
    )
}
