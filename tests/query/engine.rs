//! What answers queries: the engine, and the naive evaluator in its place.

use ezu::query::error::QueryError;
use ezu::query::functions::StatementClock;
use ezu::query::syntax::parse;
use ezu::query::value::{Map, Value};
use ezu::query::{Limits, Options, compile};

use crate::naive::World;
use crate::toy::Toy;

/// Columns and rows.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// Something that answers a query over a graph with parameters.
pub type Engine = fn(&Toy, &str, &Map) -> Result<Answer, QueryError>;

/// The engine.
pub fn ezu(graph: &Toy, query: &str, parameters: &Map) -> Result<Answer, QueryError> {
    let parameters = parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let options = Options { limits: Limits::default(), clock: &clock(), cancelled: None, counted: false };
    let answer = compile(query, graph, graph)?.run(graph, &parameters, &options)?;
    Ok(Answer { columns: answer.columns.iter().map(ToString::to_string).collect(), rows: answer.rows })
}

/// The naive evaluator.
pub fn naive(graph: &Toy, query: &str, parameters: &Map) -> Result<Answer, QueryError> {
    let table = World::new(graph, parameters, clock()).answer(&parse(query)?)?;
    Ok(Answer { columns: table.columns.iter().map(ToString::to_string).collect(), rows: table.cells() })
}

/// The same time for everybody.
pub fn clock() -> StatementClock {
    StatementClock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC, today: None }
}
