//! What answers queries: the engine, and the naive evaluator in its place.

use ezu::query::error::QueryError;
use ezu::query::syntax::parse;
use ezu::query::value::{Map, Value};

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
    naive(graph, query, parameters)
}

/// The naive evaluator.
pub fn naive(graph: &Toy, query: &str, parameters: &Map) -> Result<Answer, QueryError> {
    let table = World::new(graph, parameters).answer(&parse(query)?)?;
    Ok(Answer { columns: table.columns.iter().map(ToString::to_string).collect(), rows: table.cells() })
}
