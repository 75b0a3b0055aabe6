//! Questions in the query language.

mod picture;
mod text;

pub use picture::picture;
pub use text::{for_cell, for_people};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use crate::application::{ViewError, ViewRequest, Workspace};
use crate::domain::metamodel::Metamodel;
use crate::graph::View;
use crate::query::functions::StatementClock;
use crate::query::over_view::{Indexes, ViewCatalog, ViewGraph};
use crate::query::plan::Node;
use crate::query::syntax::SyntaxLimits;
use crate::query::syntax::tree::{At, AtPoint, ExpressionKind, Mode};
use crate::query::{ErrorDetail, ErrorKind, Limits, Options, Parameters, Parsed, QueryError, Used, Value};

/// What is kept from question to question.
#[derive(Debug)]
pub struct Queries {
    catalog: ViewCatalog,
    indexes: Indexes,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The query.
    pub text: &'a str,
    /// The values of its parameters.
    pub parameters: Parameters,
    /// Which view is asked; `AT DATE` and `AT REVISION` in the text come first.
    pub moment: ViewRequest,
    /// What it may use.
    pub limits: Limits,
    /// Set from another thread to stop it.
    pub cancelled: Option<&'a AtomicBool>,
}

/// What a question was answered with.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The view that was asked.
    pub view: View,
    /// Whether the answer, the plan or both were wanted.
    pub mode: Mode,
    /// The names of the columns.
    pub columns: Arc<[Arc<str>]>,
    /// The rows; none where only the plan was wanted.
    pub rows: Vec<Vec<Value>>,
    /// The plan, where it was wanted.
    pub plan: Vec<Node>,
    /// What the run used, where there was one.
    pub used: Option<Used>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Something is wrong with the query, or it ran into a limit.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// There is no such view.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl Queries {
    /// For models of a metamodel.
    pub fn new(metamodel: &Metamodel) -> Self {
        Self { catalog: ViewCatalog::new(metamodel), indexes: Indexes::default() }
    }

    /// The names that queries use.
    pub fn catalog(&self) -> &ViewCatalog {
        &self.catalog
    }

    /// A view as the graph that is asked.
    pub fn graph<'a>(&'a self, view: &'a View) -> ViewGraph<'a> {
        ViewGraph::new(view, &self.catalog).with_indexes(&self.indexes)
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub fn ask(&self, workspace: &Workspace, question: &Question<'_>) -> Result<QueryAnswer, QuestionError> {
        let parsed = Parsed::read(question.text, &SyntaxLimits::default())?;
        let moment = moment(parsed.at(), question)?;
        let view = workspace.view(moment)?;
        let graph = self.graph(&view);
        let prepared = parsed.prepare(&self.catalog, &graph)?;
        let (columns, mode) = (Arc::clone(prepared.columns()), prepared.mode());
        if mode == Mode::Explain {
            let plan = prepared.explain(None);
            drop(graph);
            return Ok(QueryAnswer { view, mode, columns, rows: Vec::new(), plan, used: None });
        }
        let clock = clock(workspace, &view);
        let options = Options { limits: question.limits, clock: &clock, cancelled: question.cancelled };
        let answer = prepared.run(&graph, &question.parameters, &options)?;
        drop(graph);
        let plan = if mode == Mode::Profile { prepared.explain(Some(&answer.used)) } else { Vec::new() };
        Ok(QueryAnswer { view, mode, columns, rows: answer.rows, plan, used: Some(answer.used) })
    }
}

/// One time for the whole question: today is the day of the view.
fn clock(workspace: &Workspace, view: &View) -> StatementClock {
    StatementClock { now: workspace.clock().now(), zone: jiff::tz::TimeZone::system(), today: Some(view.date()) }
}

/// The view that a question is about: what its text says, else what came with it.
fn moment(at: &[At], question: &Question<'_>) -> Result<ViewRequest, QueryError> {
    let mut moment = question.moment;
    for at in at {
        let value = at_value(at, &question.parameters)?;
        let wrong = |message: &str| {
            QueryError::compile(ErrorKind::ArgumentError, ErrorDetail::InvalidArgumentValue, at.value.span, message)
        };
        match (at.point, &value) {
            (AtPoint::Date, Value::String(text)) => {
                let date = text.parse::<Date>();
                moment.at = Some(date.map_err(|_| wrong("AT DATE takes a date such as '2028-04-01'."))?);
            }
            (AtPoint::Revision, Value::Integer(number)) => {
                let number = u64::try_from(*number);
                moment.revision = Some(number.map_err(|_| wrong("A revision is not below zero."))?);
            }
            (AtPoint::Date, _) => return Err(wrong("AT DATE takes a date such as '2028-04-01'.")),
            (AtPoint::Revision, _) => return Err(wrong("AT REVISION takes a whole number.")),
        }
    }
    Ok(moment)
}

/// The parser lets only literals and parameters through.
fn at_value(at: &At, parameters: &Parameters) -> Result<Value, QueryError> {
    Ok(match &at.value.kind {
        ExpressionKind::String(text) => Value::String(Arc::clone(text)),
        ExpressionKind::Integer(number) => Value::Integer(*number),
        ExpressionKind::Parameter(name) => parameters.get(name).cloned().ok_or_else(|| {
            let message = format!("the parameter ${name} is missing");
            QueryError::compile(ErrorKind::ParameterMissing, ErrorDetail::MissingParameter, at.value.span, message)
        })?,
        _ => Value::Null,
    })
}
