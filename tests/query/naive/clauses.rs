//! Clauses: a table in, a table out.

use std::sync::Arc;

use ezu::query::error::{ErrorDetail, ErrorKind, QueryError};
use ezu::query::source::{Catalog, Signature};
use ezu::query::syntax::tree::{Call, Clause, Expression, Let, Match, SingleQuery, Unwind, YieldItem, Yields};
use ezu::query::value::Value;

use super::patterns::pattern_variables;
use super::{Row, Table, World, unsupported};

impl World<'_> {
    /// All clauses of a single query, one after the other.
    pub(super) fn single_query(&self, query: &SingleQuery, start: Table) -> Result<Table, QueryError> {
        query.clauses.iter().try_fold(start, |table, clause| self.clause(clause, table))
    }

    /// What a clause makes of a table.
    pub fn clause(&self, clause: &Clause, table: Table) -> Result<Table, QueryError> {
        match clause {
            Clause::Match(clause) => self.match_clause(clause, table),
            Clause::Unwind(clause) => self.unwind(clause, table),
            Clause::With(with) => self.project(&with.projection, with.predicate.as_ref(), &table),
            Clause::Return(projection) => self.project(projection, None, &table),
            Clause::Call(call) => self.call(call, table),
            Clause::Filter(filter) => self.filter(&filter.predicate, table),
            Clause::Let(clause) => self.let_clause(clause, table),
            Clause::Page(page) => self.page(page, table),
            Clause::Write(write) => Err(unsupported(write.keyword)),
        }
    }

    fn match_clause(&self, clause: &Match, mut table: Table) -> Result<Table, QueryError> {
        let variables = pattern_variables(&clause.patterns);
        let mut rows = Vec::new();
        for row in &table.rows {
            let mut found = self.matches(&clause.patterns, clause.predicate.as_ref(), row)?;
            if found.is_empty() && clause.optional {
                found.push(with_nulls(row, &variables));
            }
            rows.extend(found);
        }
        table.add_columns(variables);
        Ok(Table { rows, ..table })
    }

    fn unwind(&self, clause: &Unwind, mut table: Table) -> Result<Table, QueryError> {
        let mut rows = Vec::new();
        for row in &table.rows {
            for item in pieces(&self.evaluate(&clause.list, row)?) {
                rows.push(with(row, &clause.variable.text, item));
            }
        }
        table.add_columns([Arc::clone(&clause.variable.text)]);
        Ok(Table { rows, ..table })
    }

    /// The rows for which something is true.
    pub(super) fn filter(&self, predicate: &Expression, table: Table) -> Result<Table, QueryError> {
        let mut rows = Vec::new();
        for row in table.rows {
            if self.holds(predicate, &row)? {
                rows.push(row);
            }
        }
        Ok(Table { rows, ..table })
    }

    fn let_clause(&self, clause: &Let, mut table: Table) -> Result<Table, QueryError> {
        for (name, expression) in &clause.items {
            for row in &mut table.rows {
                let value = self.evaluate(expression, row)?;
                row.insert(Arc::clone(&name.text), value);
            }
            table.add_columns([Arc::clone(&name.text)]);
        }
        Ok(table)
    }

    fn call(&self, call: &Call, mut table: Table) -> Result<Table, QueryError> {
        let signature = self.graph.procedure(&call.name.text).ok_or_else(|| no_procedure(&call.name.text))?;
        let taken = taken(call, &signature);
        let mut rows = Vec::new();
        for row in &table.rows {
            let given = self.procedure_rows(call, &signature, row)?;
            rows.extend(given.iter().map(|cells| with_cells(row, &taken, cells)));
        }
        table.add_columns(taken.into_iter().map(|(_, variable)| variable));
        let table = Table { rows, ..table };
        match &call.predicate {
            Some(predicate) => self.filter(predicate, table),
            None => Ok(table),
        }
    }

    fn procedure_rows(&self, call: &Call, signature: &Signature, row: &Row) -> Result<Vec<Vec<Value>>, QueryError> {
        use ezu::query::source::PropertyGraph;
        let arguments: Vec<Value> = match &call.arguments {
            Some(given) => given.iter().map(|one| self.evaluate(one, row)).collect::<Result<_, _>>()?,
            None => signature.arguments.iter().map(|field| self.parameter(&field.name)).collect::<Result<_, _>>()?,
        };
        self.graph.call(&call.name.text, &arguments)
    }
}

/// Which columns of a procedure are taken, and what they are called.
fn taken(call: &Call, signature: &Signature) -> Vec<(usize, Arc<str>)> {
    let named = |item: &YieldItem| {
        let place = signature.columns.iter().position(|column| column.name == item.field.text);
        (place.expect("the column is there"), Arc::clone(&item.variable.text))
    };
    match &call.yields {
        Yields::Items(items) => items.iter().map(named).collect(),
        Yields::Unsaid | Yields::Star => {
            signature.columns.iter().enumerate().map(|(place, column)| (place, Arc::clone(&column.name))).collect()
        }
    }
}

fn with_cells(row: &Row, taken: &[(usize, Arc<str>)], cells: &[Value]) -> Row {
    taken.iter().fold(row.clone(), |row, (place, name)| with(&row, name, cells[*place].clone()))
}

/// A row with one more variable.
pub(super) fn with(row: &Row, name: &Arc<str>, value: Value) -> Row {
    let mut row = row.clone();
    row.insert(Arc::clone(name), value);
    row
}

fn with_nulls(row: &Row, variables: &[Arc<str>]) -> Row {
    let mut row = row.clone();
    for variable in variables {
        row.entry(Arc::clone(variable)).or_default();
    }
    row
}

/// What `UNWIND` takes a value apart into: a list's items, nothing of null, else the value itself.
fn pieces(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        Value::Null => Vec::new(),
        other => vec![other.clone()],
    }
}

fn no_procedure(name: &str) -> QueryError {
    QueryError::runtime(ErrorKind::ProcedureError, ErrorDetail::ProcedureNotFound, format!("no procedure {name}"))
}
