//! Aggregation: many values become one.

use crate::query::QueryError;
use crate::query::types::Type;
use crate::query::value::Value;

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

impl Aggregate {
    /// The aggregate of this name, however it is capitalised.
    pub fn find(name: &str) -> Option<Self> {
        let _ = name;
        None
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
        let _ = argument;
        Type::Any
    }
}

/// An aggregate on its way.
#[derive(Debug, Clone)]
pub struct Accumulator {
    aggregate: Aggregate,
    distinct: bool,
}

impl Accumulator {
    /// An aggregate of nothing yet.
    pub fn new(aggregate: Aggregate, distinct: bool) -> Self {
        Self { aggregate, distinct }
    }

    /// Stub.
    pub fn add(&mut self, value: &Value, percentile: Option<&Value>) -> Result<(), QueryError> {
        let _ = (value, percentile, self.aggregate, self.distinct);
        Ok(())
    }

    /// Stub.
    pub fn finish(self) -> Result<Value, QueryError> {
        Ok(Value::Null)
    }

    /// Roughly what it holds, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
