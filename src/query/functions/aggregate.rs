//! Aggregation: many values become one. Null is not counted (openCypher 9, "Aggregating functions").

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::query::types::Type;
use crate::query::value::arithmetic::{add, float, overflow};
use crate::query::value::equality::Grouped;
use crate::query::value::ordering::order;
use crate::query::value::temporal::Duration;
use crate::query::{ErrorDetail, QueryError, Value};

/// What can be calculated of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `count`: how many.
    Count,
    /// `sum`.
    Sum,
    /// `avg`.
    Average,
    /// `min`: the first in order.
    Minimum,
    /// `max`: the last in order.
    Maximum,
    /// `collect`: all as a list.
    Collect,
    /// `stDev`: of a sample.
    StandardDeviation,
    /// `stDevP`: of all there are.
    StandardDeviationPopulation,
    /// `percentileDisc`: the nearest value.
    PercentileDiscrete,
    /// `percentileCont`: between two values.
    PercentileContinuous,
}

const NAMES: [(&str, Aggregate); 10] = [
    ("count", Aggregate::Count),
    ("sum", Aggregate::Sum),
    ("avg", Aggregate::Average),
    ("min", Aggregate::Minimum),
    ("max", Aggregate::Maximum),
    ("collect", Aggregate::Collect),
    ("stDev", Aggregate::StandardDeviation),
    ("stDevP", Aggregate::StandardDeviationPopulation),
    ("percentileDisc", Aggregate::PercentileDiscrete),
    ("percentileCont", Aggregate::PercentileContinuous),
];

impl Aggregate {
    /// The aggregate of this name, however it is capitalised.
    pub fn find(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, aggregate)| *aggregate)
    }

    /// The names of all aggregates.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// How many arguments it takes.
    pub fn arguments(self) -> usize {
        match self {
            Self::PercentileDiscrete | Self::PercentileContinuous => 2,
            _ => 1,
        }
    }

    /// What it gives for an argument of this type.
    pub fn result_type(self, argument: &Type) -> Type {
        match (self, argument) {
            (Self::Count, _) => Type::Integer,
            (Self::Collect, item) => Type::list_of(item.clone()),
            (Self::StandardDeviation | Self::StandardDeviationPopulation | Self::PercentileContinuous, _) => {
                Type::Float
            }
            (Self::Average, Type::Integer | Type::Float | Type::Number) => Type::Float,
            (Self::Average, _) => Type::Any,
            (_, same) => same.clone(),
        }
    }
}

/// An aggregate on its way.
#[derive(Debug, Clone)]
pub struct Accumulator {
    aggregate: Aggregate,
    /// What was met, where each value counts once.
    met: Option<FxHashSet<Grouped>>,
    count: i64,
    /// The sum, the smallest or the largest.
    value: Value,
    /// All values, where all are needed.
    values: Vec<Value>,
    /// The sum of whole numbers, exact; absent once another number came.
    whole: Option<i128>,
    /// The running mean and the sum of squared distances from it (Welford).
    mean: f64,
    squares: f64,
    percentile: Option<f64>,
    bytes: usize,
}

impl Accumulator {
    /// An aggregate of nothing yet; `distinct`: each value counts once.
    pub fn new(aggregate: Aggregate, distinct: bool) -> Self {
        Self {
            aggregate,
            met: distinct.then(FxHashSet::default),
            count: 0,
            value: Value::Null,
            values: Vec::new(),
            whole: Some(0),
            mean: 0.0,
            squares: 0.0,
            percentile: None,
            bytes: size_of::<Self>(),
        }
    }

    /// Takes one value more; null is passed over.
    ///
    /// # Errors
    /// `TypeError` for values without a sum, `ArithmeticError` where the sum does not fit, `ArgumentError` for a
    /// percentile outside 0 to 1.
    pub fn add(&mut self, value: &Value, percentile: Option<&Value>) -> Result<(), QueryError> {
        if let (Some(percentile), None) = (percentile, self.percentile) {
            self.percentile = Some(checked_percentile(percentile)?);
        }
        if value.is_null() || self.was_met(value) {
            return Ok(());
        }
        self.count += 1;
        match self.aggregate {
            Aggregate::Count => {}
            Aggregate::Sum => self.sum(value)?,
            Aggregate::Average => self.average(value)?,
            Aggregate::Minimum => self.keep(value, std::cmp::Ordering::Less),
            Aggregate::Maximum => self.keep(value, std::cmp::Ordering::Greater),
            Aggregate::Collect => self.store(value),
            Aggregate::StandardDeviation | Aggregate::StandardDeviationPopulation => self.deviate(number(value)?),
            Aggregate::PercentileDiscrete | Aggregate::PercentileContinuous => {
                number(value)?;
                self.store(value);
            }
        }
        Ok(())
    }

    /// The result.
    ///
    /// # Errors
    /// `ArithmeticError` where it does not fit.
    pub fn finish(self) -> Result<Value, QueryError> {
        match self.aggregate {
            Aggregate::Count => Ok(Value::Integer(self.count)),
            Aggregate::Sum if self.count == 0 => Ok(Value::Integer(0)),
            Aggregate::Sum | Aggregate::Minimum | Aggregate::Maximum => Ok(self.value),
            Aggregate::Average => self.mean_value(),
            Aggregate::Collect => Ok(Value::List(self.values.into())),
            Aggregate::StandardDeviation => Ok(Value::Float(self.deviation(self.count - 1))),
            Aggregate::StandardDeviationPopulation => Ok(Value::Float(self.deviation(self.count))),
            Aggregate::PercentileDiscrete => Ok(self.discrete()),
            Aggregate::PercentileContinuous => Ok(self.continuous()),
        }
    }

    /// Roughly what it holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn was_met(&mut self, value: &Value) -> bool {
        let Some(met) = &mut self.met else {
            return false;
        };
        let new = met.insert(Grouped(value.clone()));
        if new {
            self.bytes += held(value);
        }
        !new
    }

    fn store(&mut self, value: &Value) {
        self.bytes += held(value);
        self.values.push(value.clone());
    }

    fn sum(&mut self, value: &Value) -> Result<(), QueryError> {
        if !matches!(value, Value::Integer(_) | Value::Float(_) | Value::Duration(_)) {
            return Err(no_number(value));
        }
        self.value = if self.value.is_null() { value.clone() } else { add(&self.value, value)? };
        Ok(())
    }

    /// Durations and whole numbers are added up; of other numbers the mean is kept, which cannot overflow.
    fn average(&mut self, value: &Value) -> Result<(), QueryError> {
        if matches!(value, Value::Duration(_)) {
            return self.sum(value);
        }
        if !self.value.is_null() {
            return Err(no_number(value));
        }
        self.whole = match (self.whole, value) {
            (Some(sum), Value::Integer(number)) => sum.checked_add(i128::from(*number)),
            _ => None,
        };
        self.deviate(number(value)?);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean is as precise as a float")]
    fn mean_value(self) -> Result<Value, QueryError> {
        match (&self.value, self.count) {
            (_, 0) => Ok(Value::Null),
            (Value::Duration(sum), _) => {
                let mean: Option<Duration> = sum.divided(counted(self.count));
                mean.map(|mean| Value::Duration(Arc::new(mean))).ok_or_else(overflow)
            }
            _ => Ok(Value::Float(self.whole.map_or(self.mean, |sum| sum as f64 / counted(self.count)))),
        }
    }

    fn keep(&mut self, value: &Value, better: std::cmp::Ordering) {
        if self.value.is_null() || order(value, &self.value) == better {
            self.value = value.clone();
        }
    }

    fn deviate(&mut self, number: f64) {
        let distance = number - self.mean;
        // An infinite distance would make the mean undefined where it is infinite.
        self.mean = if distance.is_finite() { self.mean + distance / counted(self.count) } else { self.mean + number };
        self.squares += distance * (number - self.mean);
    }

    fn deviation(&self, divisor: i64) -> f64 {
        if divisor < 1 { 0.0 } else { (self.squares / counted(divisor)).sqrt() }
    }

    fn sorted(mut self) -> (Vec<Value>, f64) {
        self.values.sort_by(order);
        (self.values, self.percentile.unwrap_or(0.0))
    }

    /// The smallest value that at least this part of all is not above.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of values")]
    fn discrete(self) -> Value {
        let (values, percentile) = self.sorted();
        let place = (percentile * length(&values)).ceil() as usize;
        values.get(place.saturating_sub(1)).cloned().unwrap_or_default()
    }

    /// Between the two values nearest to the place, in proportion.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of values")]
    fn continuous(self) -> Value {
        let (values, percentile) = self.sorted();
        let place = percentile * (length(&values) - 1.0).max(0.0);
        let at = |place: f64| values.get(place as usize).and_then(float);
        let (Some(lower), Some(upper)) = (at(place.floor()), at(place.ceil())) else {
            return Value::Null;
        };
        let part = place.fract();
        Value::Float(if part == 0.0 { lower } else { lower * (1.0 - part) + upper * part })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a mean is as precise as a float")]
fn counted(count: i64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "no list in memory is that long")]
fn length(values: &[Value]) -> f64 {
    values.len() as f64
}

fn number(value: &Value) -> Result<f64, QueryError> {
    float(value).ok_or_else(|| no_number(value))
}

fn no_number(value: &Value) -> QueryError {
    let message = format!("a number is needed to aggregate, not a {}", value.type_name());
    QueryError::type_error(ErrorDetail::InvalidArgumentType, message)
}

fn checked_percentile(value: &Value) -> Result<f64, QueryError> {
    let wrong = |detail| QueryError::argument(detail, "a percentile is a number from 0.0 to 1.0");
    let percentile = float(value).ok_or_else(|| wrong(ErrorDetail::InvalidArgumentType))?;
    if (0.0..=1.0).contains(&percentile) { Ok(percentile) } else { Err(wrong(ErrorDetail::NumberOutOfRange)) }
}

/// What a value holds in memory, roughly and shallowly: the items of a list are shared with whoever made it.
fn held(value: &Value) -> usize {
    let own = size_of::<Value>();
    match value {
        Value::String(text) => own + text.len(),
        Value::List(items) => own * (1 + items.len()),
        Value::Map(map) => own * (1 + 3 * map.len()),
        Value::Path(path) => own + 8 * path.nodes.len(),
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::value::equality::same;

    fn run(name: &str, distinct: bool, values: &[Value], percentile: Option<f64>) -> Result<Value, QueryError> {
        let mut accumulator = Accumulator::new(Aggregate::find(name).expect("is an aggregate"), distinct);
        let percentile = percentile.map(Value::Float);
        for value in values {
            accumulator.add(value, percentile.as_ref())?;
        }
        accumulator.finish()
    }

    fn shows(name: &str, values: &[Value], percentile: Option<f64>, expected: Value) {
        let result = run(name, false, values, percentile).expect("has a result");
        assert!(same(&result, &expected), "{name}: {result:?} instead of {expected:?}");
    }

    fn floats(numbers: &[f64]) -> Vec<Value> {
        numbers.iter().copied().map(Value::Float).collect()
    }

    #[test]
    fn of_nothing_there_is_a_count_and_a_sum() {
        shows("COUNT", &[Value::Null], None, Value::Integer(0));
        shows("sum", &[], None, Value::Integer(0));
        shows("collect", &[Value::Null], None, Value::list([]));
        for name in ["avg", "min", "max", "percentileDisc", "percentileCont"] {
            shows(name, &[Value::Null], None, Value::Null);
        }
        shows("stdev", &floats(&[3.0]), None, Value::Float(0.0));
    }

    #[test]
    fn numbers_are_summed_and_averaged() {
        shows("sum", &[Value::Integer(1), Value::Null, Value::Integer(2)], None, Value::Integer(3));
        shows("avg", &[Value::Integer(1), Value::Integer(2)], None, Value::Float(1.5));
        // A running mean would end at 1.9999999999999998.
        shows("avg", &[1, 1, 5, 1].map(Value::Integer), None, Value::Float(2.0));
        shows(
            "avg",
            &[Value::Integer(i64::MAX), Value::Integer(i64::MAX)],
            None,
            Value::Float(9_223_372_036_854_775_807.0),
        );
        shows("avg", &[Value::Integer(1), Value::Float(2.0)], None, Value::Float(1.5));
        // 2, 4, 4, 4, 5, 5, 7, 9 have the mean 5 and the variance 4 over all.
        let numbers = floats(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        shows("stDevP", &numbers, None, Value::Float(2.0));
        shows("stDev", &numbers, None, Value::Float((32.0_f64 / 7.0).sqrt()));
        let detail = run("sum", false, &[Value::Boolean(true)], None).expect_err("has no sum").detail;
        assert_eq!(detail, ErrorDetail::InvalidArgumentType);
        let most = [Value::Integer(i64::MAX), Value::Integer(1)];
        assert_eq!(run("sum", false, &most, None).expect_err("overflows").detail, ErrorDetail::NumberOverflow);
    }

    #[test]
    fn the_smallest_and_the_largest_follow_the_order_of_all_types() {
        let mixed = [Value::Integer(1), Value::string("a"), Value::Null, Value::list([]), Value::Float(0.2)];
        shows("max", &mixed, None, Value::Integer(1));
        shows("min", &mixed, None, Value::list([]));
    }

    #[test]
    fn distinct_values_count_once() {
        let values = [Value::Integer(1), Value::Float(1.0), Value::Null, Value::Integer(2)];
        let count = run("count", true, &values, None).expect("has a result");
        assert!(same(&count, &Value::Integer(2)));
    }

    #[test]
    fn percentiles_lie_on_or_between_values() {
        let prices = floats(&[30.0, 10.0, 20.0]);
        for (part, expected) in [(0.0, 10.0), (0.5, 20.0), (1.0, 30.0)] {
            shows("percentileDisc", &prices, Some(part), Value::Float(expected));
            shows("percentileCont", &prices, Some(part), Value::Float(expected));
        }
        shows("percentileCont", &prices, Some(0.75), Value::Float(25.0));
        shows("percentileDisc", &prices, Some(0.34), Value::Float(20.0));
        for outside in [-1.0, 1.1, f64::NAN] {
            let detail = run("percentileDisc", false, &prices, Some(outside)).expect_err("is outside").detail;
            assert_eq!(detail, ErrorDetail::NumberOutOfRange);
        }
    }
}
