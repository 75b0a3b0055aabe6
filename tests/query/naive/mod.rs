//! The language evaluated in the plainest way: every clause makes a whole table out of the one before, and a
//! pattern is matched by trying everything. Nothing is planned, indexed, pushed down or stopped early.
//!
//! Values (equality, order, arithmetic, functions) are those of the engine; what is computed a second time
//! is everything above them: patterns, scopes, three-valued logic, grouping, aggregation, order, pages, unions.

mod aggregates;
mod clauses;
mod expressions;
mod logic;
mod patterns;
mod projection;

use std::collections::BTreeMap;
use std::sync::Arc;

use ezu::query::error::{ErrorDetail, ErrorKind, QueryError};
use ezu::query::functions::StatementClock;
use ezu::query::syntax::tree::{Query, UnionKind};
use ezu::query::value::equality::same;
use ezu::query::value::{Map, Value};

use crate::toy::Toy;

/// What each variable is worth.
pub type Row = BTreeMap<Arc<str>, Value>;

/// Rows, and the variables that all of them have, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The variables.
    pub columns: Vec<Arc<str>>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// What every query starts with: one row without variables.
    pub fn unit() -> Self {
        Self { columns: Vec::new(), rows: vec![Row::new()] }
    }

    /// The values in the order of the columns.
    pub fn cells(&self) -> Vec<Vec<Value>> {
        self.rows.iter().map(|row| self.columns.iter().map(|column| row[column].clone()).collect()).collect()
    }

    fn add_columns(&mut self, names: impl IntoIterator<Item = Arc<str>>) {
        for name in names {
            if !self.columns.contains(&name) {
                self.columns.push(name);
            }
        }
    }
}

/// What a query is asked of.
pub struct World<'a> {
    /// The graph.
    pub graph: &'a Toy,
    /// The parameters.
    pub parameters: &'a Map,
    /// The one clock of the statement.
    pub clock: StatementClock,
}

impl<'a> World<'a> {
    /// A graph and parameters at a time.
    pub fn new(graph: &'a Toy, parameters: &'a Map, clock: StatementClock) -> Self {
        Self { graph, parameters, clock }
    }

    /// The answer to a query.
    ///
    /// # Errors
    /// What a value cannot do, and clauses that are not read here.
    pub fn answer(&self, query: &Query) -> Result<Table, QueryError> {
        self.answer_from(query, &Table::unit())
    }

    /// The answer to a query that sees the variables of a table.
    pub(super) fn answer_from(&self, query: &Query, start: &Table) -> Result<Table, QueryError> {
        let mut answer = self.single_query(&query.first, start.clone())?;
        for (kind, single) in &query.unions {
            let more = self.single_query(single, start.clone())?;
            if more.columns != answer.columns {
                return Err(refused(ErrorDetail::DifferentColumnsInUnion, "the columns differ"));
            }
            answer.rows.extend(more.rows);
            if *kind == UnionKind::Distinct {
                answer.rows = distinct(answer.rows);
            }
        }
        Ok(answer)
    }
}

/// Each row once, where it first stood.
fn distinct(rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    for row in rows {
        if !kept.iter().any(|other| same_rows(other, &row)) {
            kept.push(row);
        }
    }
    kept
}

fn same_rows(a: &Row, b: &Row) -> bool {
    a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
}

fn unsupported(what: &str) -> QueryError {
    refused(ErrorDetail::UnexpectedSyntax, &format!("not read here: {what}"))
}

fn refused(detail: ErrorDetail, message: &str) -> QueryError {
    QueryError::runtime(ErrorKind::SyntaxError, detail, message)
}

fn wrong_type(what: &str, value: &Value) -> QueryError {
    QueryError::type_error(ErrorDetail::InvalidArgumentType, format!("{what}, not a {}", value.type_name()))
}
