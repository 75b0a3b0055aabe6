//! A scenario is set up, its query is asked, and what comes is held against what is expected.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use ezu::query::error::{ErrorKind, QueryError};
use ezu::query::syntax::parse;
use ezu::query::syntax::tree::{Clause, SingleQuery};
use ezu::query::value::{Map, Value};

use super::comparing::{compare_error, compare_rows};
use super::notation::read_cell;
use super::scenario::Scenario;
use super::shape::Shape;
use super::steps::{Step, understand};
use crate::engine::{Answer, Engine};
use crate::toy::{Procedure, Toy, execute, read_signature};

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Not as expected, and how.
    Failed(String),
    /// Not looked at, and why.
    Skipped(String),
}

/// A world in which the query of a scenario was asked.
#[derive(Default)]
struct Stage {
    graph: Toy,
    parameters: Map,
    query: String,
    answer: Option<Result<Answer, QueryError>>,
}

/// Runs a scenario. `graphs` is the folder of the graphs that have a name.
pub fn run(scenario: &Scenario, engine: Engine, graphs: &Path) -> Verdict {
    let attempt = catch_unwind(AssertUnwindSafe(|| run_steps(scenario, engine, graphs)));
    attempt.unwrap_or_else(|_| Verdict::Failed("panicked".to_owned()))
}

fn run_steps(scenario: &Scenario, engine: Engine, graphs: &Path) -> Verdict {
    let steps: Result<Vec<Step>, String> = scenario.steps.iter().map(understand).collect();
    let steps = match steps {
        Ok(steps) => steps,
        Err(sentence) => return Verdict::Failed(format!("this step is not understood: {sentence}")),
    };
    if steps.iter().any(|step| matches!(step, Step::SideEffects | Step::ControlQuery)) {
        return Verdict::Skipped("the query changes the graph".to_owned());
    }
    let mut stage = Stage::default();
    for step in &steps {
        if let Err(why) = stage.take(step, engine, graphs) {
            return stage.refused_to_write().unwrap_or(Verdict::Failed(why));
        }
    }
    Verdict::Passed
}

impl Stage {
    fn take(&mut self, step: &Step, engine: Engine, graphs: &Path) -> Result<(), String> {
        match step {
            Step::EmptyGraph => self.graph = Toy::default(),
            Step::NamedGraph(name) => self.load(&graphs.join(format!("{name}.cypher")))?,
            Step::HavingExecuted(statement) => {
                execute(&mut self.graph, statement, &self.parameters).map_err(|why| format!("the set-up: {why}"))?;
            }
            Step::Procedure(signature, table) => self.add_procedure(signature, table)?,
            Step::Parameters(table) => self.parameters = parameters(table)?,
            Step::Query(query) => self.ask(query, engine),
            Step::Result(expected) => {
                let star = ends_with_star(&self.query);
                compare_rows(expected, self.answer()?, &self.graph, star)?;
            }
            Step::EmptyResult => no_rows(self.answer()?)?,
            Step::Error(expected) => compare_error(expected, self.answer.as_ref())?,
            // The engine holds the graph by a shared reference without interior mutability.
            Step::NoSideEffects => {}
            Step::SideEffects | Step::ControlQuery => return Err("not a reading scenario".to_owned()),
        }
        Ok(())
    }

    fn load(&mut self, path: &Path) -> Result<(), String> {
        let statement = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        execute(&mut self.graph, &statement, &Map::new())
    }

    fn add_procedure(&mut self, signature: &str, table: &[Vec<String>]) -> Result<(), String> {
        let (name, signature) = read_signature(signature)?;
        let width = signature.arguments.len() + signature.columns.len();
        let rows = table.iter().skip(1).filter(|row| row.len() == width);
        let rows = rows.map(|row| row.iter().map(|cell| literal(cell)).collect());
        let table = rows.collect::<Result<_, _>>()?;
        self.graph.add_procedure(name, Procedure { signature: Arc::new(signature), table });
        Ok(())
    }

    fn ask(&mut self, query: &str, engine: Engine) {
        query.clone_into(&mut self.query);
        self.answer = Some(engine(&self.graph, query, &self.parameters));
    }

    fn answer(&self) -> Result<&Answer, String> {
        let answer = self.answer.as_ref().ok_or("nothing was asked")?;
        answer
            .as_ref()
            .map_err(|error| format!("{:?} {:?}: {}", error.kind, error.detail, error.with_excerpt(&self.query)))
    }

    /// A query that would change the graph is refused, which is no part of the suite.
    fn refused_to_write(&self) -> Option<Verdict> {
        let refused = matches!(&self.answer, Some(Err(error)) if error.kind == ErrorKind::WriteRefused);
        refused.then(|| Verdict::Skipped("the query has a clause that writes".to_owned()))
    }
}

/// A row without columns, which a procedure without columns gives, shows nothing either.
fn no_rows(answer: &Answer) -> Result<(), String> {
    match answer.rows.len() {
        0 => Ok(()),
        1 if answer.columns.is_empty() => Ok(()),
        rows => Err(format!("no rows expected, {rows} came")),
    }
}

/// `RETURN *` gives its columns no order.
fn ends_with_star(query: &str) -> bool {
    let last = |single: &SingleQuery| {
        matches!(single.clauses.last(), Some(Clause::Return(projection)) if projection.star)
            || matches!(single.clauses.last(), Some(Clause::Call(_)))
    };
    parse(query).is_ok_and(|query| last(&query.first))
}

fn parameters(table: &[Vec<String>]) -> Result<Map, String> {
    let entry = |row: &Vec<String>| match row.as_slice() {
        [name, value] => Ok((name.as_str().into(), literal(value)?)),
        other => Err(format!("a name and a value, not {other:?}")),
    };
    table.iter().map(entry).collect()
}

/// The value that a cell stands for, which is no part of a graph.
fn literal(cell: &str) -> Result<Value, String> {
    value_of(&read_cell(cell)?)
}

fn value_of(shape: &Shape) -> Result<Value, String> {
    Ok(match shape {
        Shape::Null => Value::Null,
        Shape::Boolean(value) => Value::Boolean(*value),
        Shape::Integer(value) => Value::Integer(*value),
        Shape::Float(value) => Value::Float(*value),
        Shape::Text(text) => Value::string(text),
        Shape::List(items) => Value::list(items.iter().map(value_of).collect::<Result<Vec<_>, _>>()?),
        Shape::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| Ok((key.as_str().into(), value_of(value)?)));
            Value::map(entries.collect::<Result<Vec<_>, String>>()?)
        }
        other => return Err(format!("no literal: {other:?}")),
    })
}
