//! Expressions: a row in, a value out.

use std::sync::Arc;

use ezu::query::error::{ErrorDetail, ErrorKind, QueryError};
use ezu::query::functions::aggregate::Aggregate;
use ezu::query::functions::{Context, evaluate, find};
use ezu::query::source::Facts;
use ezu::query::syntax::tree::{
    BinaryOperator, ComparisonOperator, Expression, ExpressionKind, LabelExpression, Name, Quantifier, Subquery,
    UnaryOperator,
};
use ezu::query::value::equality::equal;
use ezu::query::value::ordering::compare;
use ezu::query::value::{Value, access, arithmetic};

use super::clauses::with;
use super::patterns::labelled;
use super::{Row, Table, World, logic, refused, unsupported, wrong_type};

/// What an expression may see.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The variables.
    pub row: &'a Row,
    /// The rows that aggregates run over, where aggregates are allowed.
    pub group: Option<&'a [Row]>,
}

impl World<'_> {
    /// The value of an expression without aggregates.
    pub fn evaluate(&self, expression: &Expression, row: &Row) -> Result<Value, QueryError> {
        self.value(expression, Scope { row, group: None })
    }

    /// Whether a predicate is true: not false, and not unknown.
    pub(super) fn holds(&self, predicate: &Expression, row: &Row) -> Result<bool, QueryError> {
        Ok(truth(&self.evaluate(predicate, row)?)? == Some(true))
    }

    /// A parameter that was given.
    pub(super) fn parameter(&self, name: &str) -> Result<Value, QueryError> {
        self.parameters.get(name).cloned().ok_or_else(|| {
            let message = format!("no parameter ${name}");
            QueryError::runtime(ErrorKind::ParameterMissing, ErrorDetail::MissingParameter, message)
        })
    }

    pub(super) fn value(&self, expression: &Expression, scope: Scope<'_>) -> Result<Value, QueryError> {
        match &expression.kind {
            ExpressionKind::Null => Ok(Value::Null),
            ExpressionKind::Boolean(value) => Ok(Value::Boolean(*value)),
            ExpressionKind::Integer(value) => Ok(Value::Integer(*value)),
            ExpressionKind::Float(value) => Ok(Value::Float(*value)),
            ExpressionKind::String(value) => Ok(Value::String(Arc::clone(value))),
            ExpressionKind::Parameter(name) => self.parameter(name),
            ExpressionKind::Variable(name) => variable(name, scope.row),
            ExpressionKind::List(items) => Ok(Value::list(self.values(items, scope)?)),
            ExpressionKind::Map(entries) => self.map(entries, scope),
            ExpressionKind::Property(of, name) => access::property(&self.value(of, scope)?, &name.text, self.graph),
            ExpressionKind::Index(of, at) => {
                access::index(&self.value(of, scope)?, &self.value(at, scope)?, self.graph)
            }
            ExpressionKind::Slice(of, from, to) => self.slice(of, from.as_deref(), to.as_deref(), scope),
            ExpressionKind::Unary(operator, operand) => unary(*operator, &self.value(operand, scope)?),
            ExpressionKind::Binary(operator, a, b) => binary(*operator, &self.value(a, scope)?, &self.value(b, scope)?),
            ExpressionKind::Comparison(first, others) => self.comparison(first, others, scope),
            ExpressionKind::IsNull { operand, negated } => {
                Ok(Value::Boolean(self.value(operand, scope)?.is_null() != *negated))
            }
            ExpressionKind::HasLabels(of, labels) => self.has_labels(&self.value(of, scope)?, labels),
            ExpressionKind::Function { name, distinct, arguments } => self.function(name, *distinct, arguments, scope),
            ExpressionKind::CountStar => {
                let group = scope.group.ok_or_else(|| unsupported("count(*) here"))?;
                Ok(Value::Integer(i64::try_from(group.len()).expect("few rows")))
            }
            ExpressionKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), scope)
            }
            other => self.value_with_names_of_its_own(other, scope),
        }
    }

    /// Expressions that bring variables or patterns of their own.
    fn value_with_names_of_its_own(&self, kind: &ExpressionKind, scope: Scope<'_>) -> Result<Value, QueryError> {
        match kind {
            ExpressionKind::ListComprehension { variable, list, predicate, projection } => {
                self.comprehension(variable, list, predicate.as_deref(), projection.as_deref(), scope)
            }
            ExpressionKind::PatternComprehension { pattern, predicate, projection } => {
                let found = self.matches(std::slice::from_ref(pattern.as_ref()), predicate.as_deref(), scope.row)?;
                let values: Result<Vec<Value>, _> =
                    found.iter().map(|row| self.value(projection, Scope { row, ..scope })).collect();
                Ok(Value::list(values?))
            }
            ExpressionKind::Quantifier { quantifier, variable, list, predicate } => {
                self.quantifier(*quantifier, variable, list, predicate.as_deref(), scope)
            }
            ExpressionKind::Reduce { accumulator, initial, variable, list, body } => {
                let list = self.value(list, scope)?;
                let Some(items) = items(&list)? else { return Ok(Value::Null) };
                items.iter().try_fold(self.value(initial, scope)?, |held, item| {
                    let row = with(&with(scope.row, &accumulator.text, held), &variable.text, item.clone());
                    self.value(body, Scope { row: &row, ..scope })
                })
            }
            ExpressionKind::Pattern(pattern) => {
                let found = self.matches(std::slice::from_ref(pattern.as_ref()), None, scope.row)?;
                Ok(Value::Boolean(!found.is_empty()))
            }
            ExpressionKind::Exists(subquery) => Ok(Value::Boolean(self.count(subquery, scope.row)? > 0)),
            ExpressionKind::Count(subquery) => {
                Ok(Value::Integer(i64::try_from(self.count(subquery, scope.row)?).expect("few rows")))
            }
            other => Err(unsupported(&format!("{other:?}"))),
        }
    }

    /// How many rows a subquery has.
    fn count(&self, subquery: &Subquery, row: &Row) -> Result<usize, QueryError> {
        match subquery {
            Subquery::Pattern(clause) => Ok(self.matches(&clause.patterns, clause.predicate.as_ref(), row)?.len()),
            Subquery::Query(query) => {
                let start = Table { columns: row.keys().cloned().collect(), rows: vec![row.clone()] };
                Ok(self.answer_from(query, &start)?.rows.len())
            }
        }
    }

    pub(super) fn values(&self, expressions: &[Expression], scope: Scope<'_>) -> Result<Vec<Value>, QueryError> {
        expressions.iter().map(|one| self.value(one, scope)).collect()
    }

    fn map(&self, entries: &[(Name, Expression)], scope: Scope<'_>) -> Result<Value, QueryError> {
        let entry = |(name, value): &(Name, Expression)| Ok((Arc::clone(&name.text), self.value(value, scope)?));
        Ok(Value::map(entries.iter().map(entry).collect::<Result<Vec<_>, QueryError>>()?))
    }

    fn slice(
        &self,
        of: &Expression,
        from: Option<&Expression>,
        to: Option<&Expression>,
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let from = from.map(|from| self.value(from, scope)).transpose()?;
        let to = to.map(|to| self.value(to, scope)).transpose()?;
        access::slice(&self.value(of, scope)?, from.as_ref(), to.as_ref())
    }

    /// `a < b <= c` is `a < b AND b <= c`.
    fn comparison(
        &self,
        first: &Expression,
        others: &[(ComparisonOperator, Expression)],
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let mut left = self.value(first, scope)?;
        let mut all = Some(true);
        for (operator, right) in others {
            let right = self.value(right, scope)?;
            all = logic::and(all, compared(*operator, &left, &right));
            left = right;
        }
        Ok(all.into())
    }

    fn has_labels(&self, value: &Value, wanted: &LabelExpression) -> Result<Value, QueryError> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::Node(node) => Ok(Value::Boolean(labelled(&self.graph.labels(*node), wanted))),
            Value::Relationship(edge) => Ok(Value::Boolean(labelled(&[self.graph.relationship_type(*edge)], wanted))),
            other => Err(wrong_type("labels have nodes and relationships", other)),
        }
    }

    fn function(
        &self,
        name: &Name,
        distinct: bool,
        arguments: &[Expression],
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        if let Some(aggregate) = Aggregate::find(&name.text) {
            return self.aggregate(aggregate, distinct, arguments, scope);
        }
        if name.text.eq_ignore_ascii_case("exists")
            && let [Expression { kind: ExpressionKind::Pattern(_), .. }] = arguments
        {
            return self.value(&arguments[0], scope);
        }
        let function = find(&name.text).ok_or_else(|| unsupported(&name.text))?;
        let context = Context { facts: self.graph, clock: &self.clock, most: 1 << 20 };
        evaluate(function, &self.values(arguments, scope)?, &context)
    }

    fn case(
        &self,
        operand: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let operand = operand.map(|operand| self.value(operand, scope)).transpose()?;
        for (when, then) in branches {
            let when = self.value(when, scope)?;
            let taken = match &operand {
                Some(operand) => equal(operand, &when),
                None => truth(&when)?,
            };
            if taken == Some(true) {
                return self.value(then, scope);
            }
        }
        otherwise.map_or(Ok(Value::Null), |otherwise| self.value(otherwise, scope))
    }

    fn comprehension(
        &self,
        variable: &Name,
        list: &Expression,
        predicate: Option<&Expression>,
        projection: Option<&Expression>,
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let list = self.value(list, scope)?;
        let Some(items) = items(&list)? else { return Ok(Value::Null) };
        let mut kept = Vec::new();
        for item in items {
            let row = with(scope.row, &variable.text, item.clone());
            let inner = Scope { row: &row, ..scope };
            let wanted = predicate.map_or(Ok(Value::Boolean(true)), |predicate| self.value(predicate, inner))?;
            if truth(&wanted)? == Some(true) {
                kept.push(projection.map_or(Ok(item.clone()), |projection| self.value(projection, inner))?);
            }
        }
        Ok(Value::list(kept))
    }

    fn quantifier(
        &self,
        quantifier: Quantifier,
        variable: &Name,
        list: &Expression,
        predicate: Option<&Expression>,
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let list = self.value(list, scope)?;
        let Some(items) = items(&list)? else { return Ok(Value::Null) };
        let mut truths = Vec::new();
        for item in items {
            let row = with(scope.row, &variable.text, item.clone());
            let value = predicate.map_or(Ok(item.clone()), |one| self.value(one, Scope { row: &row, ..scope }))?;
            truths.push(truth(&value)?);
        }
        Ok(match quantifier {
            Quantifier::All => logic::all(&truths),
            Quantifier::Any => logic::any(&truths),
            Quantifier::None => logic::not(logic::any(&truths)),
            Quantifier::Single => logic::single(&truths),
        }
        .into())
    }
}

fn variable(name: &Arc<str>, row: &Row) -> Result<Value, QueryError> {
    row.get(name).cloned().ok_or_else(|| refused(ErrorDetail::UndefinedVariable, &format!("no variable {name}")))
}

fn unary(operator: UnaryOperator, value: &Value) -> Result<Value, QueryError> {
    match operator {
        UnaryOperator::Not => Ok(logic::not(truth(value)?).into()),
        UnaryOperator::Minus => arithmetic::negate(value),
        UnaryOperator::Plus => Ok(value.clone()),
    }
}

fn binary(operator: BinaryOperator, a: &Value, b: &Value) -> Result<Value, QueryError> {
    match operator {
        BinaryOperator::Or => Ok(logic::or(truth(a)?, truth(b)?).into()),
        BinaryOperator::Xor => Ok(logic::xor(truth(a)?, truth(b)?).into()),
        BinaryOperator::And => Ok(logic::and(truth(a)?, truth(b)?).into()),
        BinaryOperator::Add => arithmetic::add(a, b),
        BinaryOperator::Subtract => arithmetic::subtract(a, b),
        BinaryOperator::Multiply => arithmetic::multiply(a, b),
        BinaryOperator::Divide => arithmetic::divide(a, b),
        BinaryOperator::Modulo => arithmetic::modulo(a, b),
        BinaryOperator::Power => arithmetic::power(a, b),
        BinaryOperator::In => Ok(access::is_in(a, b)?.into()),
        BinaryOperator::StartsWith => Ok(access::starts_with(a, b).into()),
        BinaryOperator::EndsWith => Ok(access::ends_with(a, b).into()),
        BinaryOperator::Contains => Ok(access::contains(a, b).into()),
        BinaryOperator::Matches => Err(unsupported("=~")),
    }
}

fn compared(operator: ComparisonOperator, a: &Value, b: &Value) -> Option<bool> {
    match operator {
        ComparisonOperator::Equal => equal(a, b),
        ComparisonOperator::NotEqual => logic::not(equal(a, b)),
        other => compare(other, a, b),
    }
}

/// A truth value, or nothing where it is not known.
fn truth(value: &Value) -> Result<Option<bool>, QueryError> {
    match value {
        Value::Boolean(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => Err(wrong_type("a truth value is wanted", other)),
    }
}

/// The items of a list; nothing of null.
fn items(value: &Value) -> Result<Option<&[Value]>, QueryError> {
    match value {
        Value::List(items) => Ok(Some(items)),
        Value::Null => Ok(None),
        other => Err(wrong_type("a list is wanted", other)),
    }
}
