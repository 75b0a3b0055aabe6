//! Operators: what they take, what they give.

use super::Binder;
use super::bound::{Expression, Kind};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{self, BinaryOperator, ComparisonOperator, UnaryOperator};
use crate::query::types::Type;
use crate::query::value::Value;

/// An expression and its type.
pub(super) type Typed = (Expression, Type);

impl Binder<'_> {
    /// A truth value; patterns may stand in it.
    pub(super) fn predicate(&mut self, expression: &tree::Expression) -> Result<Expression, QueryError> {
        let outer = std::mem::replace(&mut self.patterns_allowed, true);
        let aggregates = self.aggregates.take();
        let bound = self.expression(expression);
        self.patterns_allowed = outer;
        self.aggregates = aggregates;
        let (bound, value_type) = bound?;
        expect(&value_type, &Type::Boolean, expression.span, "a condition")?;
        Ok(bound)
    }

    pub(super) fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.expression(operand)?;
        let boxed = Box::new(bound);
        match operator {
            UnaryOperator::Not => {
                expect(&value_type, &Type::Boolean, operand.span, "NOT")?;
                Ok((Expression::new(Kind::Not(boxed), span), Type::Boolean))
            }
            UnaryOperator::Minus => {
                expect(&value_type, &SIGNED, operand.span, "the minus sign")?;
                Ok((Expression::new(Kind::Negate(boxed), span), value_type))
            }
            UnaryOperator::Plus => {
                expect(&value_type, &SIGNED, operand.span, "the plus sign")?;
                Ok((Expression::new(Kind::Plus(boxed), span), value_type))
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &tree::Expression,
        right: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        match operator {
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Xor => self.logical(operator, left, right, span),
            BinaryOperator::In => self.membership(left, right, span),
            BinaryOperator::StartsWith | BinaryOperator::EndsWith | BinaryOperator::Contains => {
                let (a, _) = self.value(left)?;
                let (b, _) = self.value(right)?;
                Ok((Expression::new(Kind::Binary(operator, Box::new(a), Box::new(b)), span), Type::Boolean))
            }
            BinaryOperator::Matches => self.regular_expression(left, right, span),
            _ => self.arithmetic(operator, left, right, span),
        }
    }

    /// An operand that is no truth value: a pattern cannot stand there.
    pub(super) fn value(&mut self, expression: &tree::Expression) -> Result<Typed, QueryError> {
        let outer = std::mem::replace(&mut self.patterns_allowed, false);
        let bound = self.expression(expression);
        self.patterns_allowed = outer;
        bound
    }

    fn logical(
        &mut self,
        operator: BinaryOperator,
        left: &tree::Expression,
        right: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (a, left_type) = self.expression(left)?;
        let (b, right_type) = self.expression(right)?;
        expect(&left_type, &Type::Boolean, left.span, "AND, OR, XOR")?;
        expect(&right_type, &Type::Boolean, right.span, "AND, OR, XOR")?;
        let kind = match operator {
            BinaryOperator::And => Kind::And(joined(a, b, true)),
            BinaryOperator::Or => Kind::Or(joined(a, b, false)),
            _ => Kind::Xor(Box::new(a), Box::new(b)),
        };
        Ok((Expression::new(kind, span), Type::Boolean))
    }

    fn membership(
        &mut self,
        left: &tree::Expression,
        right: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (item, _) = self.value(left)?;
        let (list, list_type) = self.value(right)?;
        expect(&list_type, &Type::any_list(), right.span, "IN")?;
        let kind = Kind::Binary(BinaryOperator::In, Box::new(item), Box::new(list));
        Ok((Expression::new(kind, span), Type::Boolean))
    }

    fn regular_expression(
        &mut self,
        left: &tree::Expression,
        right: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (text, _) = self.value(left)?;
        let (pattern, _) = self.value(right)?;
        let kind = match &pattern.kind {
            Kind::Constant(Value::String(pattern)) => {
                let compiled = crate::query::regular::compile(pattern).map_err(|error| error.at(right.span))?;
                Kind::Matches(Box::new(text), compiled)
            }
            _ => Kind::Binary(BinaryOperator::Matches, Box::new(text), Box::new(pattern)),
        };
        Ok((Expression::new(kind, span), Type::Boolean))
    }

    fn arithmetic(
        &mut self,
        operator: BinaryOperator,
        left: &tree::Expression,
        right: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (a, left_type) = self.value(left)?;
        let (b, right_type) = self.value(right)?;
        if operator != BinaryOperator::Add {
            let wanted = operand_type(operator);
            expect(&left_type, wanted, left.span, "a calculation")?;
            expect(&right_type, wanted, right.span, "a calculation")?;
        }
        let result = result_type(operator, &left_type, &right_type);
        Ok((Expression::new(Kind::Binary(operator, Box::new(a), Box::new(b)), span), result))
    }

    pub(super) fn comparison(
        &mut self,
        first: &tree::Expression,
        rest: &[(ComparisonOperator, tree::Expression)],
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (mut left, _) = self.value(first)?;
        let mut parts = Vec::with_capacity(rest.len());
        for (operator, operand) in rest {
            let (right, _) = self.value(operand)?;
            let kind = Kind::Comparison(*operator, Box::new(left), Box::new(right.clone()));
            parts.push(Expression::new(kind, span));
            left = right;
        }
        let whole = if parts.len() == 1 { parts.remove(0) } else { Expression::new(Kind::And(parts), span) };
        Ok((whole, Type::Boolean))
    }
}

/// What has a sign.
const SIGNED: Type = Type::OneOf(&[Type::Number, Type::Duration]);
const NUMERIC: Type = Type::Number;
/// What can be subtracted.
const SPANNED: Type = Type::OneOf(&[
    Type::Number,
    Type::Duration,
    Type::Date,
    Type::LocalTime,
    Type::Time,
    Type::LocalDateTime,
    Type::DateTime,
]);

fn operand_type(operator: BinaryOperator) -> &'static Type {
    match operator {
        BinaryOperator::Subtract => &SPANNED,
        BinaryOperator::Multiply | BinaryOperator::Divide => &SIGNED,
        _ => &NUMERIC,
    }
}

fn result_type(operator: BinaryOperator, left: &Type, right: &Type) -> Type {
    match (operator, left, right) {
        (BinaryOperator::Power, ..) => Type::Float,
        (_, Type::Integer, Type::Integer) => Type::Integer,
        (_, Type::Float, Type::Integer | Type::Float | Type::Number)
        | (_, Type::Integer | Type::Number, Type::Float) => Type::Float,
        (_, Type::Number | Type::Integer, Type::Number | Type::Integer) => Type::Number,
        (BinaryOperator::Add, Type::String, Type::String | Type::Integer | Type::Float) => Type::String,
        (BinaryOperator::Add, Type::List(a), Type::List(b)) => Type::list_of(a.joined(b)),
        (BinaryOperator::Add, Type::List(_), _) | (BinaryOperator::Add, _, Type::List(_)) => Type::Any,
        _ => Type::Any,
    }
}

/// Refuses a type that certainly is not the wanted one.
pub(super) fn expect(held: &Type, wanted: &Type, span: Span, by: &str) -> Result<(), QueryError> {
    if held.may_be(wanted) {
        return Ok(());
    }
    Err(QueryError::syntax(
        ErrorDetail::InvalidArgumentType,
        span,
        format!("{by} takes {} and not {}", wanted.name(), held.name()),
    ))
}

/// `a AND b AND c` is one list.
fn joined(left: Expression, right: Expression, and: bool) -> Vec<Expression> {
    let mut parts = Vec::with_capacity(2);
    for side in [left, right] {
        match side.kind {
            Kind::And(inner) if and => parts.extend(inner),
            Kind::Or(inner) if !and => parts.extend(inner),
            kind => parts.push(Expression::new(kind, side.span)),
        }
    }
    parts
}

/// Takes a condition apart at `AND`.
pub(super) fn split_conjunction(expression: Expression, parts: &mut Vec<Expression>) {
    match expression.kind {
        Kind::And(inner) => inner.into_iter().for_each(|part| split_conjunction(part, parts)),
        kind => parts.push(Expression::new(kind, expression.span)),
    }
}
