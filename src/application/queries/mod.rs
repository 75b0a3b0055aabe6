//! Queries over the model: which view is asked, within which limits, with plans and indexes that are kept.

mod cache;
mod point;
mod procedures;
mod proposed;
mod room;
mod saved;
mod table;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::civil::Date;

use super::views::{ViewError, ViewRequest};
use super::workspace::Workspace;
use crate::domain::metamodel::Metamodel;
use crate::graph::View;
use crate::query::functions::StatementClock;
use crate::query::over_view::{Indexes, Procedures, ViewCatalog, ViewGraph};
use crate::query::plan::Node;
use crate::query::syntax::SyntaxLimits;
use crate::query::syntax::tree::Mode;
use crate::query::{KeptRows, Limits, Options, Parameters, Prepared, QueryError, Used, Value};
use crate::settings;
use cache::PlanCache;
pub(super) use procedures::Analyses;

pub(super) use proposed::refusals as proposed_refusals;
pub use room::write_within;
pub use saved::{SavedQuery, saved_queries, saved_query};
pub use table::{Graphed, QueryTable, graph_of};

/// The most clauses, nodes and labels of a query: more than anybody writes, and planned in a fraction of a second.
const MOST_PARTS: usize = 2_000;

/// What queries over one model share: names, plans, indexes.
#[derive(Debug)]
pub struct QueryEngine {
    catalog: Arc<ViewCatalog>,
    plans: PlanCache,
    indexes: Indexes,
    /// The longest text of a query, in bytes.
    longest: usize,
}

/// A query, and what it is to be asked of.
#[derive(Debug, Clone, Default)]
pub struct QueryRequest {
    /// The text.
    pub text: String,
    /// The values of its parameters.
    pub parameters: Parameters,
    /// The day and the revision; what the text itself says (`AT DATE …`) comes first.
    pub view: ViewRequest,
    /// Lower limits than the operator's.
    pub limits: RequestedLimits,
    /// Explain or profile, although the text does not say so.
    pub mode: Mode,
}

/// Limits that a request may lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestedLimits {
    /// Milliseconds.
    pub milliseconds: Option<u64>,
    /// Rows of the answer.
    pub rows: Option<u64>,
    /// Bytes held.
    pub memory_bytes: Option<u64>,
    /// Steps taken.
    pub expansions: Option<u64>,
}

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryFailure {
    /// The query itself.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// There is no such view.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// A query that is ready to run.
#[derive(Debug, Clone)]
pub struct ReadyQuery {
    /// The view it is asked of.
    pub view: View,
    /// What is wanted of it.
    pub mode: Mode,
    prepared: Arc<Prepared>,
    engine: Arc<QueryEngine>,
    parameters: Parameters,
    limits: Limits,
    clock: StatementClock,
}

/// An answer, with all that is needed to show its values.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The columns.
    pub columns: Arc<[Arc<str>]>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// What the run used.
    pub used: Used,
    /// The plan, where it was asked for.
    pub plan: Option<Vec<Node>>,
    /// The view that was asked.
    pub view: View,
    /// How many bytes may be held for it.
    pub memory: u64,
    catalog: Arc<ViewCatalog>,
}

/// The names that queries over models of a metamodel can use, the analyses among them.
pub(super) fn names(metamodel: &Metamodel) -> Arc<ViewCatalog> {
    Arc::new(procedures::declare(ViewCatalog::new(metamodel)))
}

impl QueryEngine {
    /// The engine of a metamodel, for texts of at most so many bytes; what queries leave for later ones may take so much
    /// memory, in bytes.
    pub fn new(metamodel: &Metamodel, longest: usize, memory: u64) -> Self {
        let indexes = Indexes::of_bytes(usize::try_from(memory).unwrap_or(usize::MAX));
        Self { catalog: names(metamodel), plans: PlanCache::default(), indexes, longest }
    }

    /// How long and how branched a query may be.
    pub(super) fn syntax_limits(&self) -> SyntaxLimits {
        SyntaxLimits { bytes: self.longest, parts: MOST_PARTS, ..SyntaxLimits::default() }
    }

    /// The names that queries can use.
    pub fn catalog(&self) -> &Arc<ViewCatalog> {
        &self.catalog
    }

    fn graph<'v>(&'v self, view: &'v View, procedures: &'v dyn Procedures) -> ViewGraph<'v> {
        ViewGraph::new(view, &self.catalog).with_indexes(&self.indexes).with_procedures(procedures)
    }
}

impl Workspace {
    /// Reads a query, chooses its view and makes its plan.
    ///
    /// # Errors
    /// Everything that can be found before anything runs.
    pub fn ready_query(
        self: &Arc<Self>,
        request: QueryRequest,
        limits: &settings::Limits,
    ) -> Result<ReadyQuery, QueryFailure> {
        let engine = Arc::clone(self.queries());
        let syntax = engine.syntax_limits();
        let parsed = engine.plans.parsed(&request.text, &syntax)?;
        let asked = point::asked(&parsed, &request.parameters, request.view)?;
        let view = self.view(asked)?;
        let prepared = {
            let procedures = Analyses::new(limits);
            let graph = engine.graph(&view, &procedures);
            engine.plans.prepared(&request.text, &parsed, &engine.catalog, &graph)?
        };
        let mode = if request.mode == Mode::Answer { parsed.mode() } else { request.mode };
        let clock = self.statement_clock(view.date());
        let limits = limits_of(limits, &request.limits);
        Ok(ReadyQuery { view, mode, prepared, engine, parameters: request.parameters, limits, clock })
    }

    fn statement_clock(&self, date: Date) -> StatementClock {
        StatementClock { now: self.clock().now(), zone: jiff::tz::TimeZone::system(), today: Some(date) }
    }
}

/// The operator's limits, and what the request lowers.
fn limits_of(settings: &settings::Limits, requested: &RequestedLimits) -> Limits {
    let operator = Limits {
        time: Duration::from_millis(settings.query_milliseconds),
        rows: settings.query_rows,
        memory: settings.query_memory_bytes,
        expansions: settings.query_expansions,
        longest: settings.query_longest,
    };
    operator.within(Limits {
        time: requested.milliseconds.map_or(operator.time, Duration::from_millis),
        rows: requested.rows.unwrap_or(operator.rows),
        memory: requested.memory_bytes.unwrap_or(operator.memory),
        expansions: requested.expansions.unwrap_or(operator.expansions),
        longest: operator.longest,
    })
}

impl ReadyQuery {
    /// The columns of the answer.
    pub fn columns(&self) -> &Arc<[Arc<str>]> {
        self.prepared.columns()
    }

    /// How many bytes may be held for its answer.
    pub fn memory(&self) -> u64 {
        self.limits.memory
    }

    /// Shows a value of its answers.
    pub fn graph(&self) -> ViewGraph<'_> {
        ViewGraph::new(&self.view, &self.engine.catalog)
    }

    /// Runs the query and keeps the answer; explains it where that is wanted. `cancelled` stops it from outside.
    ///
    /// # Errors
    /// What shows only while it runs, and exceeded limits.
    pub fn run(&self, settings: &settings::Limits, cancelled: Option<&AtomicBool>) -> Result<QueryAnswer, QueryError> {
        let mut kept = KeptRows::new(self.limits.memory);
        let used = match self.mode {
            Mode::Explain => Used::default(),
            _ => self.stream(settings, cancelled, &mut |row| kept.keep(row))?,
        };
        let rows = kept.finish()?;
        let plan = match self.mode {
            Mode::Answer => None,
            Mode::Explain => Some(self.prepared.explain(None)),
            Mode::Profile => Some(self.prepared.explain(Some(&used))),
        };
        let (columns, catalog) = (Arc::clone(self.columns()), Arc::clone(&self.engine.catalog));
        let memory = self.limits.memory;
        Ok(QueryAnswer { columns, rows, used, plan, view: self.view.clone(), memory, catalog })
    }

    /// Runs the query and gives each row to `take`, which ends the run by breaking.
    ///
    /// # Errors
    /// As [`ReadyQuery::run`]; rows may have been given before.
    pub fn stream(
        &self,
        settings: &settings::Limits,
        cancelled: Option<&AtomicBool>,
        take: &mut dyn FnMut(Vec<Value>) -> ControlFlow<()>,
    ) -> Result<Used, QueryError> {
        let procedures = Analyses::new(settings);
        let graph = self.engine.graph(&self.view, &procedures);
        let counted = self.mode == Mode::Profile;
        let options = Options { limits: self.limits, clock: &self.clock, cancelled, counted };
        self.prepared.stream(&graph, &self.parameters, &options, take)
    }
}

impl QueryAnswer {
    /// Shows its values.
    pub fn graph(&self) -> ViewGraph<'_> {
        ViewGraph::new(&self.view, &self.catalog)
    }
}
