//! Running a plan.
//!
//! A row is one array with a place for every variable of the query. Operations write into it and call the next one,
//! so a row is never copied until something gathers rows (groups, order, distinct). Everything that can grow is
//! counted against the budget.

mod budget;
mod chain;
mod evaluate;
mod expand;
mod gather;
mod groups;
mod lists;
mod many;
mod operations;
mod reach;
mod rows;
mod shortest;
mod sorted;
mod step_table;
mod truth;

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::error::QueryError;
use super::functions::{Context, StatementClock};
use super::plan::Plan;
use super::semantics::bound::Variable;
use super::source::PropertyGraph;
use super::value::{Value, extent};
use budget::Budget;

pub use budget::Limits;
pub(super) use gather::bytes_of;

/// Why a row goes no further.
enum Halt {
    /// A limit of the query is reached; no more rows are wanted from this segment.
    Enough,
    /// Whoever takes the rows wants no more.
    Stopped,
    /// A fault.
    Failed(Box<QueryError>),
}

/// Whether to go on.
type Flow = ControlFlow<Halt>;

/// All places of a row.
type Row = [Value];

/// Takes rows: the row, and which places are its columns.
type Sink<'s> = dyn FnMut(&mut Row) -> Flow + 's;

/// How to run a plan.
pub struct Run<'a> {
    /// What it may use.
    pub limits: Limits,
    /// The time.
    pub clock: &'a StatementClock,
    /// Set from outside when nobody waits any more.
    pub cancelled: Option<&'a AtomicBool>,
    /// By number, the values of the parameters.
    pub parameters: Vec<Value>,
    /// How many operations the plan counts rows of; 0 when nobody asks.
    pub counters: usize,
}

/// What a run used.
#[derive(Debug, Clone, Default)]
pub struct Used {
    /// Steps along relationships, nodes looked at, items gone through.
    pub expansions: u64,
    /// Rows by operation number, where asked for.
    pub rows: Vec<u64>,
    /// How long it took.
    pub elapsed: std::time::Duration,
}

/// Runs a plan and gives each row of its answer to `take`, which ends the run by breaking.
///
/// # Errors
/// What the query finds wrong, and exceeded limits.
pub fn run<G: PropertyGraph>(
    plan: &Plan,
    places: usize,
    graph: &G,
    run: Run<'_>,
    take: &mut dyn FnMut(Vec<Value>) -> ControlFlow<()>,
) -> Result<Used, QueryError> {
    let budget = Budget::new(run.limits, run.cancelled);
    let context = Context { facts: graph, clock: run.clock, most: budget.longest() };
    let counters = vec![Cell::new(0); run.counters];
    for parameter in &run.parameters {
        extent::check(parameter, run.limits.longest)?;
    }
    let executor = Executor { graph, context, budget, parameters: run.parameters, counters };
    let mut row = vec![Value::Null; places];
    let mut sink = |row: &mut Row, outputs: &[Variable]| -> Flow {
        executor.allowed(executor.budget.row())?;
        let values: Vec<Value> = outputs.iter().map(|output| row[output.index()].clone()).collect();
        match take(values) {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(Halt::Stopped),
        }
    };
    match executor.plan(plan, &mut row, &mut sink) {
        ControlFlow::Break(Halt::Failed(error)) => Err(*error),
        _ => Ok(executor.used()),
    }
}

/// A plan that runs.
struct Executor<'a, G> {
    graph: &'a G,
    context: Context<'a>,
    budget: Budget<'a>,
    parameters: Vec<Value>,
    counters: Vec<Cell<u64>>,
}

impl<G: PropertyGraph> Executor<'_, G> {
    fn used(&self) -> Used {
        Used {
            expansions: self.budget.expansions(),
            rows: self.counters.iter().map(Cell::get).collect(),
            elapsed: self.budget.elapsed(),
        }
    }

    /// Turns a refusal of the budget into the end of the run.
    fn allowed(&self, result: Result<(), Box<QueryError>>) -> Flow {
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Halt::Failed(error)),
        }
    }

    #[inline]
    fn count(&self, number: usize) {
        if let Some(counter) = self.counters.get(number) {
            counter.set(counter.get() + 1);
        }
    }
}

/// The value, or the end of the run.
macro_rules! attempt {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return ControlFlow::Break($crate::query::execute::Halt::Failed(Box::new(error))),
        }
    };
}
use attempt;
