//! The way from a text to an answer.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustc_hash::FxHashMap;

use super::error::{ErrorDetail, ErrorKind, Phase, QueryError};
use super::execute::{self, Limits, Run, Used, bytes_of};
use super::functions::StatementClock;
use super::plan::{self, Node, Plan, Statistics};
use super::semantics::{
    self,
    bound::{BoundPart, Names},
};
use super::source::{Catalog, PropertyGraph};
use super::syntax::{self, SyntaxLimits, tree};
use super::value::Value;

/// The values of parameters, by name without `$`.
pub type Parameters = FxHashMap<Arc<str>, Value>;

/// A query that was read, and not yet bound to a catalogue.
#[derive(Debug, Clone)]
pub struct Parsed {
    tree: tree::Query,
}

impl Parsed {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with its text.
    pub fn read(text: &str, limits: &SyntaxLimits) -> Result<Self, QueryError> {
        Ok(Self { tree: syntax::parse_with(text, limits)? })
    }

    /// Whether to answer, explain or both.
    pub fn mode(&self) -> tree::Mode {
        self.tree.mode
    }

    /// The day and the revision that the text itself asks for, in the words it uses.
    pub fn at(&self) -> &[tree::At] {
        &self.tree.at
    }

    /// Binds the names and makes a plan.
    ///
    /// # Errors
    /// The first thing that cannot mean anything; found before anything runs.
    pub fn prepare(&self, catalog: &dyn Catalog, statistics: &dyn Statistics) -> Result<Prepared, QueryError> {
        let bound = semantics::bind(&self.tree, catalog)?;
        // Before planning, which weighs each step against all others, and after it, when all operations are known.
        check_length(bound.query.parts.iter().map(BoundPart::relationships).max())?;
        let plan = plan::plan(&bound.query, &bound.names, statistics);
        check_length(plan.parts.iter().map(|part| part.operations).max())?;
        let columns = bound.query.columns.into();
        Ok(Prepared { plan, columns, names: bound.names, mode: self.tree.mode })
    }
}

/// The most operations of a part of a query: rows go from one into the next, each on the stack of the one before.
const MOST_OPERATIONS: usize = 256;

fn check_length(operations: Option<usize>) -> Result<(), QueryError> {
    if operations.is_none_or(|operations| operations <= MOST_OPERATIONS) {
        return Ok(());
    }
    let message = format!(
        "the query takes more than {MOST_OPERATIONS} steps one after the other; give long paths a length (*1..5), hand \
         lists over as parameters, or ask several queries"
    );
    let (kind, detail) = (ErrorKind::BudgetExceeded, ErrorDetail::ComplexityLimit);
    Err(QueryError { kind, detail, phase: Phase::CompileTime, message, span: None })
}

/// A query that can be run, again and again, with other parameters and on other revisions of the same graph.
#[derive(Debug, Clone)]
pub struct Prepared {
    plan: Plan,
    columns: Arc<[Arc<str>]>,
    names: Names,
    mode: tree::Mode,
}

/// How to run a query.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What it may use.
    pub limits: Limits,
    /// The time: the same throughout the run.
    pub clock: &'a StatementClock,
    /// Set from another thread to stop the run.
    pub cancelled: Option<&'a AtomicBool>,
    /// Whether to count the rows of each operation, as `PROFILE` does.
    pub counted: bool,
}

/// An answer, all of it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Arc<[Arc<str>]>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// What the run used.
    pub used: Used,
}

/// The rows of an answer that is kept until it is whole, within the memory that a query may hold. What lists share
/// counts each time, since it is written out each time.
#[derive(Debug)]
pub struct KeptRows {
    rows: Vec<Vec<Value>>,
    held: u64,
    most: u64,
}

impl KeptRows {
    /// No rows yet, and at most so many bytes.
    pub fn new(most: u64) -> Self {
        Self { rows: Vec::new(), held: 0, most }
    }

    /// Keeps one more row; breaks where there is no room for it.
    pub fn keep(&mut self, row: Vec<Value>) -> ControlFlow<()> {
        let bytes: usize = size_of::<Vec<Value>>() + row.iter().map(bytes_of).sum::<usize>();
        self.held = self.held.saturating_add(bytes as u64);
        if self.held > self.most {
            return ControlFlow::Break(());
        }
        self.rows.push(row);
        ControlFlow::Continue(())
    }

    /// All rows.
    ///
    /// # Errors
    /// `BudgetExceeded` where there was no room for one.
    pub fn finish(self) -> Result<Vec<Vec<Value>>, QueryError> {
        if self.held <= self.most {
            return Ok(self.rows);
        }
        let message = format!(
            "the query was stopped in Result: its answer held more than {} bytes; name the values that are needed, or add LIMIT",
            self.most
        );
        Err(QueryError::runtime(ErrorKind::BudgetExceeded, ErrorDetail::MemoryLimit, message))
    }
}

/// Reads a query, binds its names and makes a plan.
///
/// # Errors
/// Everything that can be found before anything runs.
pub fn compile(text: &str, catalog: &dyn Catalog, statistics: &dyn Statistics) -> Result<Prepared, QueryError> {
    Parsed::read(text, &SyntaxLimits::default())?.prepare(catalog, statistics)
}

impl Prepared {
    /// The names of the columns.
    pub fn columns(&self) -> &Arc<[Arc<str>]> {
        &self.columns
    }

    /// The parameters that the query reads.
    pub fn parameters(&self) -> &[Arc<str>] {
        &self.names.parameters
    }

    /// Whether to answer, explain or both.
    pub fn mode(&self) -> tree::Mode {
        self.mode
    }

    /// The plan, line by line; with the rows that came, where a run counted them.
    pub fn explain(&self, used: Option<&Used>) -> Vec<Node> {
        plan::describe(&self.plan, &self.names, used.map(|used| used.rows.as_slice()))
    }

    /// Runs the query and keeps the answer.
    ///
    /// # Errors
    /// A missing parameter, what shows only while it runs, and exceeded limits.
    pub fn run<G: PropertyGraph>(
        &self,
        graph: &G,
        parameters: &Parameters,
        options: &Options<'_>,
    ) -> Result<Answer, QueryError> {
        let mut kept = KeptRows::new(options.limits.memory);
        let used = self.stream(graph, parameters, options, &mut |row| kept.keep(row))?;
        Ok(Answer { columns: Arc::clone(&self.columns), rows: kept.finish()?, used })
    }

    /// Runs the query and gives each row to `take`, which ends the run by breaking.
    ///
    /// # Errors
    /// As [`Prepared::run`]; rows may have been given before.
    pub fn stream<G: PropertyGraph>(
        &self,
        graph: &G,
        parameters: &Parameters,
        options: &Options<'_>,
        take: &mut dyn FnMut(Vec<Value>) -> ControlFlow<()>,
    ) -> Result<Used, QueryError> {
        let counted = options.counted || self.mode == tree::Mode::Profile;
        let run = Run {
            limits: options.limits,
            clock: options.clock,
            cancelled: options.cancelled,
            parameters: self.parameter_values(parameters)?,
            counters: if counted { self.plan.operations } else { 0 },
        };
        execute::run(&self.plan, self.names.variables.len(), graph, run, take)
    }

    fn parameter_values(&self, given: &Parameters) -> Result<Vec<Value>, QueryError> {
        let value = |name: &Arc<str>| {
            given.get(name).cloned().ok_or_else(|| {
                let message = format!("the parameter ${name} is missing");
                let (kind, detail) = (ErrorKind::ParameterMissing, ErrorDetail::MissingParameter);
                // Nothing has run yet.
                QueryError { kind, detail, phase: Phase::CompileTime, message, span: None }
            })
        };
        self.names.parameters.iter().map(value).collect()
    }
}
