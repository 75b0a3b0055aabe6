//! Aggregates over the rows of a group.

use ezu::query::error::QueryError;
use ezu::query::functions::aggregate::{Accumulator, Aggregate};
use ezu::query::syntax::tree::Expression;
use ezu::query::value::equality::same;
use ezu::query::value::ordering::order;
use ezu::query::value::{Value, arithmetic};

use super::expressions::Scope;
use super::{World, unsupported};

impl World<'_> {
    /// The value of an aggregate in a group.
    pub(super) fn aggregate(
        &self,
        aggregate: Aggregate,
        distinct: bool,
        arguments: &[Expression],
        scope: Scope<'_>,
    ) -> Result<Value, QueryError> {
        let group = scope.group.ok_or_else(|| unsupported("an aggregate here"))?;
        let (argument, others) = arguments.split_first().ok_or_else(|| unsupported("no argument"))?;
        let mut values = Vec::new();
        for row in group {
            values.push(self.evaluate(argument, row)?);
        }
        values.retain(|value| !value.is_null());
        if distinct {
            values = each_once(values);
        }
        let second = others.first().map(|one| self.value(one, scope)).transpose()?;
        reduce(aggregate, values, second.as_ref())
    }
}

fn reduce(aggregate: Aggregate, values: Vec<Value>, second: Option<&Value>) -> Result<Value, QueryError> {
    let count = i64::try_from(values.len()).expect("few rows");
    match aggregate {
        Aggregate::Count => Ok(Value::Integer(count)),
        Aggregate::Sum => sum(&values),
        Aggregate::Average if count == 0 => Ok(Value::Null),
        #[expect(clippy::cast_precision_loss, reason = "few rows")]
        Aggregate::Average => arithmetic::divide(&sum(&values)?, &Value::Float(count as f64)),
        Aggregate::Minimum => Ok(values.into_iter().min_by(order).unwrap_or_default()),
        Aggregate::Maximum => Ok(values.into_iter().max_by(order).unwrap_or_default()),
        Aggregate::Collect => Ok(Value::list(values)),
        other => by_the_engine(other, &values, second),
    }
}

fn sum(values: &[Value]) -> Result<Value, QueryError> {
    match values.split_first() {
        None => Ok(Value::Integer(0)),
        Some((first, others)) => others.iter().try_fold(first.clone(), |held, next| arithmetic::add(&held, next)),
    }
}

/// Deviations and percentiles are not computed a second time: their formulas are tested by hand elsewhere.
fn by_the_engine(aggregate: Aggregate, values: &[Value], second: Option<&Value>) -> Result<Value, QueryError> {
    let mut accumulator = Accumulator::new(aggregate, false);
    for value in values {
        accumulator.add(value, second)?;
    }
    accumulator.finish()
}

fn each_once(values: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.iter().any(|other| same(other, &value)) {
            kept.push(value);
        }
    }
    kept
}
