//! Expressions: names become places, literals become constants.

use std::sync::Arc;

use super::Binder;
use super::bound::{Expression, Kind};
use super::operators::{Typed, expect};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::functions::aggregate::Aggregate;
use crate::query::functions::{self, Function};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{self, ExpressionKind, Name};
use crate::query::types::Type;
use crate::query::value::Value;

impl Binder<'_> {
    /// Binds an expression.
    pub(super) fn expression(&mut self, expression: &tree::Expression) -> Result<Typed, QueryError> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Null => Ok(constant(Value::Null, Type::Null, span)),
            ExpressionKind::Boolean(value) => Ok(constant(Value::Boolean(*value), Type::Boolean, span)),
            ExpressionKind::Integer(value) => Ok(constant(Value::Integer(*value), Type::Integer, span)),
            ExpressionKind::Float(value) => Ok(constant(Value::Float(*value), Type::Float, span)),
            ExpressionKind::String(value) => Ok(constant(Value::String(Arc::clone(value)), Type::String, span)),
            ExpressionKind::Parameter(name) => {
                let number = self.names.parameter(name);
                Ok((Expression::new(Kind::Parameter(number), span), Type::Any))
            }
            ExpressionKind::Variable(name) => self.variable(name, span),
            ExpressionKind::List(items) => self.list(items, span),
            ExpressionKind::Map(entries) => self.map(entries, span),
            ExpressionKind::Property(subject, name) => self.property(subject, name, span),
            ExpressionKind::Index(subject, index) => self.index(subject, index, span),
            ExpressionKind::Slice(list, from, to) => self.slice(list, from.as_deref(), to.as_deref(), span),
            ExpressionKind::Unary(operator, operand) => self.unary(*operator, operand, span),
            ExpressionKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ExpressionKind::Comparison(first, rest) => self.comparison(first, rest, span),
            ExpressionKind::IsNull { operand, negated } => {
                let (bound, _) = self.value(operand)?;
                Ok((Expression::new(Kind::IsNull(Box::new(bound), *negated), span), Type::Boolean))
            }
            ExpressionKind::HasLabels(subject, labels) => self.has_labels(subject, labels, span),
            ExpressionKind::Function { name, distinct, arguments } => {
                self.call_function(name, *distinct, arguments, span)
            }
            ExpressionKind::CountStar => self.aggregate(None, false, &[], span),
            ExpressionKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), span)
            }
            ExpressionKind::ListComprehension { .. }
            | ExpressionKind::Quantifier { .. }
            | ExpressionKind::Reduce { .. } => self.over_list(expression),
            ExpressionKind::PatternComprehension { .. }
            | ExpressionKind::Pattern(_)
            | ExpressionKind::Exists(_)
            | ExpressionKind::Count(_) => self.subquery(expression),
        }
    }

    fn variable(&self, name: &Arc<str>, span: Span) -> Result<Typed, QueryError> {
        let Some(variable) = self.scope.find(name) else {
            return Err(self.scope.undefined(&Name { text: Arc::clone(name), span }));
        };
        Ok((Expression::variable(variable, span), self.names.type_of(variable).clone()))
    }

    fn list(&mut self, items: &[tree::Expression], span: Span) -> Result<Typed, QueryError> {
        let mut bound = Vec::with_capacity(items.len());
        let mut item_type: Option<Type> = None;
        for item in items {
            let (item, value_type) = self.value(item)?;
            item_type = Some(item_type.map_or(value_type.clone(), |held| held.joined(&value_type)));
            bound.push(item);
        }
        let list_type = Type::list_of(item_type.unwrap_or(Type::Any));
        Ok((folded_list(bound, span), list_type))
    }

    fn map(&mut self, entries: &[(Name, tree::Expression)], span: Span) -> Result<Typed, QueryError> {
        let mut bound = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            bound.push((Arc::clone(&key.text), self.value(value)?.0));
        }
        Ok((Expression::new(Kind::Map(bound), span), Type::Map))
    }

    fn property(&mut self, subject: &tree::Expression, name: &Name, span: Span) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.value(subject)?;
        check_has_properties(&value_type, span)?;
        let key = match value_type {
            Type::Node | Type::Relationship => self.key(name)?,
            _ => self.catalog.key(&name.text).ok().flatten(),
        };
        let result = match value_type {
            Type::Date | Type::LocalTime | Type::LocalDateTime | Type::Duration => Type::Integer,
            _ => Type::Any,
        };
        let kind = Kind::Property(Box::new(bound), key, Arc::clone(&name.text));
        Ok((Expression::new(kind, span), result))
    }

    fn index(&mut self, subject: &tree::Expression, index: &tree::Expression, span: Span) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.value(subject)?;
        let (index, _) = self.value(index)?;
        let result = match value_type {
            Type::List(item) => *item,
            _ => Type::Any,
        };
        Ok((Expression::new(Kind::Index(Box::new(bound), Box::new(index)), span), result))
    }

    fn slice(
        &mut self,
        list: &tree::Expression,
        from: Option<&tree::Expression>,
        to: Option<&tree::Expression>,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.value(list)?;
        let from = from.map(|from| self.value(from)).transpose()?.map(|(from, _)| Box::new(from));
        let to = to.map(|to| self.value(to)).transpose()?.map(|(to, _)| Box::new(to));
        Ok((Expression::new(Kind::Slice(Box::new(bound), from, to), span), value_type))
    }

    fn has_labels(
        &mut self,
        subject: &tree::Expression,
        labels: &tree::LabelExpression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.value(subject)?;
        let wanted = Type::OneOf(&[Type::Node, Type::Relationship]);
        expect(&value_type, &wanted, subject.span, "a label test")?;
        let labels = self.labels(labels, &value_type)?;
        Ok((Expression::new(Kind::HasLabels(Box::new(bound), labels), span), Type::Boolean))
    }

    fn call_function(
        &mut self,
        name: &Name,
        distinct: bool,
        arguments: &[tree::Expression],
        span: Span,
    ) -> Result<Typed, QueryError> {
        if let Some(aggregate) = Aggregate::find(&name.text) {
            check_number(&name.text, arguments.len(), aggregate.arguments(), aggregate.arguments(), span)?;
            return self.aggregate(Some(aggregate), distinct, arguments, span);
        }
        let Some(function) = functions::find(&name.text) else {
            return Err(unknown_function(name));
        };
        if distinct {
            let message = format!("DISTINCT belongs to aggregates; {} is none", name.text);
            return Err(QueryError::syntax(ErrorDetail::UnexpectedSyntax, span, message));
        }
        check_number(&name.text, arguments.len(), function.minimum, function.maximum, span)?;
        self.checked_call(function, arguments, span)
    }

    fn checked_call(
        &mut self,
        function: &'static Function,
        arguments: &[tree::Expression],
        span: Span,
    ) -> Result<Typed, QueryError> {
        let mut bound = Vec::with_capacity(arguments.len());
        for (place, argument) in arguments.iter().enumerate() {
            let (expression, value_type) = self.value(argument)?;
            if let Some(wanted) = function.arguments.get(place) {
                expect(&value_type, wanted, argument.span, function.name)?;
            }
            bound.push(expression);
        }
        Ok((Expression::new(Kind::Function(function, bound), span), function.result.clone()))
    }

    fn case(
        &mut self,
        operand: Option<&tree::Expression>,
        branches: &[(tree::Expression, tree::Expression)],
        otherwise: Option<&tree::Expression>,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let operand = operand.map(|operand| self.value(operand)).transpose()?.map(|(bound, _)| Box::new(bound));
        let mut bound = Vec::with_capacity(branches.len());
        let mut result = Type::Null;
        for (when, then) in branches {
            let when = if operand.is_some() { self.value(when)?.0 } else { self.expression(when)?.0 };
            let (then, value_type) = self.value(then)?;
            result = result.joined(&value_type);
            bound.push((when, then));
        }
        let otherwise = otherwise.map(|otherwise| self.value(otherwise)).transpose()?;
        if let Some((_, value_type)) = &otherwise {
            result = result.joined(value_type);
        }
        let otherwise = otherwise.map(|(bound, _)| Box::new(bound));
        Ok((Expression::new(Kind::Case { operand, branches: bound, otherwise }, span), result))
    }

    /// Comprehensions, quantifiers and `reduce`: each has a variable of its own.
    fn over_list(&mut self, expression: &tree::Expression) -> Result<Typed, QueryError> {
        match &expression.kind {
            ExpressionKind::ListComprehension { variable, list, predicate, projection } => {
                let (list, item) = self.gone_through(list)?;
                self.within(variable, item.clone(), |binder, held| {
                    let predicate = predicate.as_ref().map(|part| binder.predicate(part)).transpose()?.map(Box::new);
                    let projection = projection.as_ref().map(|part| binder.value(part)).transpose()?;
                    let result = projection.as_ref().map_or(item, |(_, value_type)| value_type.clone());
                    let projection = projection.map(|(bound, _)| Box::new(bound));
                    let kind = Kind::ListComprehension { variable: held, list: Box::new(list), predicate, projection };
                    Ok((Expression::new(kind, expression.span), Type::list_of(result)))
                })
            }
            ExpressionKind::Quantifier { quantifier, variable, list, predicate } => {
                let (list, item) = self.gone_through(list)?;
                self.within(variable, item, |binder, held| {
                    let predicate = match predicate {
                        Some(predicate) => binder.predicate(predicate)?,
                        None => Expression::variable(held, variable.span),
                    };
                    let kind = Kind::Quantifier {
                        quantifier: *quantifier,
                        variable: held,
                        list: Box::new(list),
                        predicate: Box::new(predicate),
                    };
                    Ok((Expression::new(kind, expression.span), Type::Boolean))
                })
            }
            ExpressionKind::Reduce { accumulator, initial, variable, list, body } => {
                let (initial, _) = self.value(initial)?;
                let (list, item) = self.gone_through(list)?;
                self.within(accumulator, Type::Any, |binder, sum| {
                    binder.within(variable, item, |binder, held| {
                        let (body, value_type) = binder.value(body)?;
                        let kind = Kind::Reduce {
                            accumulator: sum,
                            initial: Box::new(initial),
                            variable: held,
                            list: Box::new(list),
                            body: Box::new(body),
                        };
                        Ok((Expression::new(kind, expression.span), value_type.joined(&Type::Any)))
                    })
                })
            }
            _ => Err(QueryError::syntax(ErrorDetail::UnexpectedSyntax, expression.span, "this cannot stand here")),
        }
    }

    /// A list that is gone through, and the type of its items.
    fn gone_through(&mut self, list: &tree::Expression) -> Result<Typed, QueryError> {
        let (bound, value_type) = self.value(list)?;
        expect(&value_type, &Type::any_list(), list.span, "IN")?;
        let item = match value_type {
            Type::List(item) => *item,
            _ => Type::Any,
        };
        Ok((bound, item))
    }

    /// Binds with one more name in scope, and without aggregates: they cannot depend on a list's items.
    fn within(
        &mut self,
        name: &Name,
        value_type: Type,
        bind: impl FnOnce(&mut Self, super::bound::Variable) -> Result<Typed, QueryError>,
    ) -> Result<Typed, QueryError> {
        let before = self.scope.len();
        let aggregates = self.aggregates.take();
        let variable = self.names.variable(&name.text, value_type);
        self.scope.add(Arc::clone(&name.text), variable);
        let bound = bind(self, variable);
        self.scope.cut(before);
        self.aggregates = aggregates;
        bound
    }
}

fn constant(value: Value, value_type: Type, span: Span) -> Typed {
    (Expression::new(Kind::Constant(value), span), value_type)
}

/// A list of constants is a constant.
fn folded_list(items: Vec<Expression>, span: Span) -> Expression {
    let constants: Option<Vec<Value>> = items
        .iter()
        .map(|item| match &item.kind {
            Kind::Constant(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    let kind = match constants {
        Some(values) => Kind::Constant(Value::list(values)),
        None => Kind::List(items),
    };
    Expression::new(kind, span)
}

/// A path has no properties, and neither has a number: two kinds of error in the suite's eyes.
fn check_has_properties(value_type: &Type, span: Span) -> Result<(), QueryError> {
    let message = || format!("a {} has no properties", value_type.name());
    match value_type {
        Type::Path => Err(QueryError::syntax(ErrorDetail::InvalidArgumentType, span, message())),
        Type::Boolean | Type::Integer | Type::Float | Type::Number | Type::String | Type::List(_) => {
            Err(QueryError::compile(ErrorKind::TypeError, ErrorDetail::InvalidArgumentType, span, message()))
        }
        _ => Ok(()),
    }
}

fn check_number(name: &str, given: usize, minimum: usize, maximum: usize, span: Span) -> Result<(), QueryError> {
    if (minimum..=maximum).contains(&given) {
        return Ok(());
    }
    let wanted = if minimum == maximum { minimum.to_string() } else { format!("{minimum} to {maximum}") };
    let message = format!("{name} takes {wanted} arguments and was given {given}");
    Err(QueryError::syntax(ErrorDetail::InvalidNumberOfArguments, span, message))
}

fn unknown_function(name: &Name) -> QueryError {
    let hint = crate::domain::nearest::hint(&name.text, functions::names());
    let message = format!("there is no function {}{hint}", name.text);
    QueryError::syntax(ErrorDetail::UnknownFunction, name.span, message)
}
