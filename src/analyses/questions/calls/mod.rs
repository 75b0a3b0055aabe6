//! The calls that answer questions, each brought to one shape.

mod findings;
mod impact;
mod paths;
mod query;
mod structure;
mod upstream;

use super::answer::Unjudged;
use super::answering::Asking;
use super::arguments::Arguments;
use super::error::QuestionError;
use super::question::{Call, Question};
use crate::analyses::error::AnalysisError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::domain::Localized;

pub(super) use query::ids;

/// What a call found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The columns.
    pub(super) columns: Vec<SheetColumn>,
    /// The rows.
    pub(super) rows: Vec<Vec<SheetCell>>,
    /// The call's own sentence.
    pub(super) sentence: Option<Localized>,
    /// Whether the call itself says that nothing found means nothing known.
    pub(super) is_unknown: bool,
    /// How many items the call judged, where it says so itself.
    pub(super) judged: usize,
    /// What it could not judge.
    pub(super) unjudged: Vec<Unjudged>,
    /// What else it could not judge, in words.
    pub(super) remarks: Vec<Localized>,
}

/// Runs the call of a question.
pub(super) fn run(asking: &Asking<'_>, question: &Question, chosen: &Arguments) -> Result<Gathered, QuestionError> {
    match &question.call {
        Call::Query(query) => query::run(asking, question, query, chosen),
        Call::Impact(request) => impact::run(asking, &chosen.fill(request)),
        Call::Findings(request) => findings::run(asking, &chosen.fill(request)),
        Call::Paths(request) => paths::run(asking, &chosen.fill(request)),
        Call::Upstream(request) => upstream::run(asking, &chosen.fill(request)),
        Call::Structure(request) => structure::run(asking, &chosen.fill(request)),
    }
}

/// The columns that a call other than a query has, for the placeholders of sentences.
pub(super) fn own_columns(call: &Call) -> Vec<SheetColumn> {
    match call {
        Call::Query(_) | Call::Structure(_) => Vec::new(),
        Call::Impact(_) => impact::columns(),
        Call::Findings(_) => findings::columns(),
        Call::Paths(_) => paths::columns(),
        Call::Upstream(_) => upstream::columns(),
    }
}

/// A request as an analysis takes it.
fn request<T: serde::de::DeserializeOwned>(json: &serde_json::Value) -> Result<T, QuestionError> {
    serde_json::from_value(json.clone()).map_err(|error| {
        QuestionError::Analysis(AnalysisError::UnknownWord {
            field: "call",
            what: "request",
            word: error.to_string(),
            suggestion: None,
            known: Vec::new(),
        })
    })
}
